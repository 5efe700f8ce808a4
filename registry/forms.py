"""Forms of the registries. They read what was typed; whether it may be done is asked by `rules`."""

from django import forms

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.documents.workbooks_in import MAX_BYTES

from . import categories, codes, vocabularies
from .cells import LATITUDES, LONGITUDES
from .models import (
    AirGrade,
    Category,
    Facility,
    Ground,
    HazwasteKind,
    OperatingStatus,
    PermitCategory,
    PollutionType,
    Rating,
    Scope,
)
from .sheets import DIVISIONS

DAY = "%Y-%m-%d"


def _text(**attrs):
    return forms.TextInput(attrs={"class": "in", "autocomplete": "off", **attrs})


def _char(label, *, max_length=200, required=True, **kwargs):
    return forms.CharField(
        label=label,
        max_length=max_length,
        required=required,
        widget=kwargs.pop("widget", None) or _text(),
        error_messages={"required": f"填写{label}", "max_length": f"{label}最多 {max_length} 字"},
        **kwargs,
    )


def _day(label, **kwargs):
    return forms.DateField(
        label=label,
        input_formats=[DAY],
        widget=forms.DateInput(format=DAY, attrs={"class": "in", "autocomplete": "off", "placeholder": "2026-07-10"}),
        error_messages={"required": f"填写{label}", "invalid": f"{label}按 2026-07-10 的格式填写"},
        **kwargs,
    )


def _choice(label, choices, **kwargs):
    return forms.ChoiceField(
        label=label,
        choices=choices,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": f"选择{label}", "invalid_choice": f"{label}从列表里选"},
        **kwargs,
    )


def _several(label, choices):
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": f"{label}从列表里选"},
    )


def _reason(label="原因"):
    return _char(label, help_text="写给以后看历史的人，至少 4 个字。")


def _all(choices):
    return [("", "全部"), *choices]


class FacilityFilter(forms.Form):
    """The filters of the list; whatever is not on offer is as if it were not there (reliability.md F05)."""

    q = forms.CharField(
        label="名称、代码、拼音或县区", required=False, max_length=60, widget=forms.TextInput(attrs={"class": "in"})
    )
    industry = _choice("行业", [], required=False)
    permit = _choice("许可管理类别", _all(PermitCategory.choices), required=False)
    tag = _choice("标签", [], required=False)
    status = _choice("生产状态", _all(OperatingStatus.choices), required=False)
    # Not a field to fill in: the chips and the links of the coverage table lead here.
    district = forms.ChoiceField(
        label="县区", choices=_all(DIVISIONS.items()), required=False, widget=forms.HiddenInput
    )

    def __init__(self, data=None, *, offered, **kwargs):
        super().__init__(data, **kwargs)
        self.offered = offered
        self.fields["industry"].choices = _all((name, name) for name in offered.industries)
        self.fields["tag"].choices = _all(offered.tag_choices())

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    def words_of(self, name: str) -> str:
        """What stands on the chip of an active filter."""
        value = self.cleaned_data[name]
        flat = {}
        for key, label in getattr(self.fields[name], "choices", ()):
            flat.update(label if isinstance(label, list) else [(key, label)])
        return f"{self.fields[name].label}：{flat.get(value, value)}"


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Excel 工作簿（.xlsx）",
        allow_empty_file=True,
        max_length=300,
        help_text="最大 30 MB、100,000 行。先核对，确认以后才写入名录。",
        widget=forms.FileInput(attrs={"accept": ".xlsx", "class": "in"}),
        error_messages={"required": "选择要导入的 .xlsx 文件", "max_length": "文件名太长，改短后重新上传"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"文件有 {file.size // 1024 // 1024} MB，最多 30 MB。拆成几份分别导入。")
        return file


class FacilityForm(forms.Form):
    """The basic data of a facility, with the reason of the change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = _char("名称")
    operator_name = _char("经营者", required=False)
    is_natural_person = forms.BooleanField(label="自然人", required=False, help_text="对外公开时遮盖姓名。")
    uscc = _char("统一社会信用代码", max_length=18, required=False, widget=_text(**{"class": "in mono"}))
    permit_no = _char("排污许可证／登记编号", max_length=22, required=False, widget=_text(**{"class": "in mono"}))
    permit_category = _choice("排污许可管理类别", PermitCategory.choices)
    permit_valid_to = _day("排污许可有效期至", required=False)
    division_code = _choice("行政区划", DIVISIONS.items())
    address = _char("地址", required=False)
    longitude = forms.DecimalField(
        label="经度",
        required=False,
        max_digits=9,
        decimal_places=6,
        widget=_text(inputmode="decimal"),
        error_messages={"invalid": "经度应为数字，如 123.765432"},
    )
    latitude = forms.DecimalField(
        label="纬度",
        required=False,
        max_digits=8,
        decimal_places=6,
        widget=_text(inputmode="decimal"),
        error_messages={"invalid": "纬度应为数字，如 41.298765"},
    )
    industry_code = _char("行业代码", max_length=5, required=False)
    industry_name = _char("行业类型", max_length=60, required=False)
    legal_person = _char("法定代表人（负责人）", max_length=40, required=False)
    contact_name = _char("环保负责人", max_length=40, required=False)
    contact_phone = _char("联系电话", max_length=20, required=False, widget=_text(inputmode="tel"))
    pollution_types = _several("污染类型", PollutionType.choices)
    hazwaste = _choice("危险废物管理", HazwasteKind.choices)
    hazwaste_licence = _char(
        "危险废物经营许可证编号", max_length=40, required=False, help_text="经营单位必填，其他单位留空。"
    )
    air_grade = _choice("重污染天气绩效分级", AirGrade.choices)
    credit_level = _char("环境信用评价", max_length=10, required=False)
    credit_risk = _choice("信用风险分类", [("", "—"), *((c, c) for c in "ABCD")], required=False)
    scopes = _several("专业要求", Scope.choices)
    reason = _reason("变更原因")
    evidence = _char("依据", required=False, help_text="如“营业执照变更”“排污许可证副本”。")

    def __init__(self, *args, new=False, **kwargs):
        super().__init__(*args, **kwargs)
        if new:
            self.fields["reason"].label = "纳入原因"
            del self.fields["version"]

    @classmethod
    def of(cls, facility: Facility, data=None):
        names = [n for n in cls.base_fields if n not in ("reason", "evidence")]
        return cls(data, initial={n: getattr(facility, n) for n in names})

    def clean_uscc(self):
        return self._code("uscc", codes.why_not_uscc)

    def clean_permit_no(self):
        return self._code("permit_no", codes.why_not_permit)

    def clean_credit_level(self):
        text, today = self.cleaned_data["credit_level"].strip(), clock.today()
        code = vocabularies.code_of(Rating.CREDIT, text, today) if text else ""
        if code is None and text != self.initial.get("credit_level"):
            levels = "、".join(vocabularies.labels(Rating.CREDIT, today))
            raise forms.ValidationError(f"环境信用评价没有“{text}”这一级。可以填：{levels}。")
        return text if code is None else code

    def clean_longitude(self):
        return self._within("longitude", "经度", LONGITUDES)

    def clean_latitude(self):
        return self._within("latitude", "纬度", LATITUDES)

    def _code(self, name, check):
        value = "".join(self.cleaned_data[name].split()).upper()
        problem, remedy = check(value) if value else ("", "")
        if problem:
            raise forms.ValidationError(f"{problem}。{remedy}。")
        return value

    def _within(self, name, label, bounds):
        value = self.cleaned_data[name]
        if value is not None and not bounds[0] <= value <= bounds[1]:
            raise forms.ValidationError(f"{label}应在 {bounds[0]} 到 {bounds[1]} 之间")
        return value

    def values(self) -> dict:
        return {n: v for n, v in self.cleaned_data.items() if n not in ("version", "reason", "evidence")}


class StatusForm(forms.Form):
    status = _choice("生产状态", OperatingStatus.choices)
    on = _day("生效日期")
    reason = _reason()
    evidence = _char("依据", help_text="如“现场核查记录”“停产报告”“注销通知书”。")


class TransferForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="移交给",
        empty_label=None,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择接收单位", "invalid_choice": "接收单位从列表里选"},
    )
    reason = _reason()
    evidence = _char("依据", help_text="如“市局关于调整监管层级的通知”。")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class GroundForm(forms.Form):
    kind = _choice("依据", [])
    evidence = _char("证据", help_text="名单、文号、日期或链接，如“2026 年重点排污单位名录”。")
    document = _char("文件", max_length=100, required=False)
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2000,
        max_value=2099,
        widget=_text(inputmode="numeric"),
        help_text="重点排污单位名录填名录的年度，挂牌督办填督办的年度；到期由系统自动取消。",
        error_messages={
            "invalid": "年度填四位数字，如 2026",
            "min_value": "年度填四位数字，如 2026",
            "max_value": "年度填四位数字，如 2026",
        },
    )
    on = _day("生效日期")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        rest = [g for g in Ground if g not in categories.DERIVED]
        self.fields["kind"].choices = [
            (Category(makes).label, [(g.value, g.label) for g in rest if g.makes == makes])
            for makes in (Category.KEY, Category.SPECIAL)
        ]


class GroundEndForm(forms.Form):
    on = _day("生效日期")
    reason = _reason()
    evidence = _char("依据", required=False, help_text="如“移出 2026 年重点排污单位名录的通知”。")


class OpinionForm(forms.Form):
    opinion = _reason("退回意见")


class ReasonForm(forms.Form):
    reason = _reason()


class PositiveEntryForm(forms.Form):
    batch = _char("批次或文号", max_length=60)
    on = _day("纳入日期")


class PositiveExitForm(forms.Form):
    reason = _reason("移出原因")
    on = _day("移出日期")


class SavedViewForm(forms.Form):
    name = _char("视图名称", max_length=12, help_text="如“危废重点”“今年没查过的”。")
    shared = forms.BooleanField(label="本单位都能用", required=False)


class TagForm(forms.Form):
    name = _char("标签", max_length=12, help_text="最多 12 个字，如“秋冬季攻坚”。只在工作台显示，不对外公开。")
    note = _char("说明", max_length=100, required=False)


def _number(label, **kwargs):
    words = f"{label}填数字"
    return forms.IntegerField(
        label=label,
        widget=_text(inputmode="numeric"),
        error_messages={"required": f"填写{label}", "invalid": words, "min_value": words, "max_value": words},
        **kwargs,
    )


class RatingForm(forms.Form):
    kind = _choice("评价", Rating.choices)
    level = _char("等级", max_length=12, help_text="填等级的名称，如“蓝”“B”“引领性”。")
    year = _number("年度", min_value=2000, max_value=2099)
    month = _number("月份", min_value=1, max_value=12, required=False, help_text="只有信用风险分类填。")
    source = _char("来源", help_text="如“2026 年环境信用评价结果通报”。")


class TermForm(forms.Form):
    kind = _choice("评价", Rating.choices)
    code = _char("代码", max_length=12, help_text="名录里存的字，以后不改。代码相同就是修改那一级。")
    label = _char("名称", max_length=12)
    also = _char("别名", required=False, help_text="导入表格里可能写的其他叫法，用顿号隔开。")
    rank = _number("次序", min_value=1, max_value=99, help_text="1 最好。")
    is_serious = forms.BooleanField(
        label="算严重失信", required=False, help_text="只用于环境信用评价；评为这一级的自动列为特殊。"
    )
    valid_from = _day("启用日期")
    valid_to = _day("停用日期", required=False)
    reason = _reason("理由")

    def clean_also(self):
        return [word.strip()[:12] for word in self.cleaned_data["also"].replace("，", "、").split("、") if word.strip()]
