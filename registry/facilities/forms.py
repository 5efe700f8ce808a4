"""Forms of the registries. They read what was typed; whether it may be done is asked by `rules`."""

from django import forms

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.forms import fields
from registry import codes, industries
from registry.imports.coordinates import LATITUDES, LONGITUDES
from registry.models import (
    AirGrade,
    Facility,
    HazwasteKind,
    OperatingStatus,
    PermitCategory,
    PollutionType,
    Rating,
    Scope,
)
from registry.sheets import DIVISIONS

from . import levels as vocabularies


class FacilityFilter(forms.Form):
    """The filters of the list; whatever is not on offer is as if it were not there (reliability.md F05)."""

    q = forms.CharField(
        label="名称、代码、拼音或县区", required=False, max_length=60, widget=forms.TextInput(attrs={"class": "in"})
    )
    industry = fields.choice("行业", [], required=False)
    permit = fields.choice("许可管理类别", fields.or_all(PermitCategory.choices), required=False)
    tag = fields.choice("标签", [], required=False)
    status = fields.choice("生产状态", fields.or_all(OperatingStatus.choices), required=False)
    # Not a field to fill in: the chips and the links of the coverage table lead here.
    district = forms.ChoiceField(
        label="县区", choices=lambda: fields.or_all(DIVISIONS.items()), required=False, widget=forms.HiddenInput
    )
    # Nor this one: the notice of the home leads here.
    compared = forms.ChoiceField(
        label="最近的许可信息",
        choices=fields.or_all([("category", "管理类别不一致")]),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data=None, *, offered, **kwargs):
        super().__init__(data, **kwargs)
        self.offered = offered
        self.fields["industry"].choices = fields.or_all((name, name) for name in offered.industries)
        self.fields["tag"].choices = fields.or_all(offered.tag_choices())

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


class FacilityForm(forms.Form):
    """The basic data of a facility, with the reason of the change."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = fields.text("名称")
    operator_name = fields.text("经营者", required=False)
    is_natural_person = forms.BooleanField(label="自然人", required=False, help_text="对外公开时遮盖姓名。")
    uscc = fields.text("统一社会信用代码", max_length=18, required=False, widget=fields.box(**{"class": "in mono"}))
    permit_no = fields.text(
        "排污许可证／登记编号", max_length=22, required=False, widget=fields.box(**{"class": "in mono"})
    )
    permit_category = fields.choice("排污许可管理类别", PermitCategory.choices)
    permit_valid_to = fields.day("排污许可有效期至", required=False)
    division_code = fields.choice("行政区划", lambda: list(DIVISIONS.items()))
    address = fields.text("地址", required=False)
    longitude = forms.DecimalField(
        label="经度",
        required=False,
        max_digits=9,
        decimal_places=6,
        widget=fields.box(inputmode="decimal"),
        error_messages={"invalid": "经度应为数字，如 123.765432"},
    )
    latitude = forms.DecimalField(
        label="纬度",
        required=False,
        max_digits=8,
        decimal_places=6,
        widget=fields.box(inputmode="decimal"),
        error_messages={"invalid": "纬度应为数字，如 41.298765"},
    )
    industry_code = fields.text("行业代码", max_length=60, required=False, help_text="代码或名称，如“C2521”或“炼焦”。")
    industry_name = fields.text("行业类型", max_length=60, required=False)
    legal_person = fields.text("法定代表人（负责人）", max_length=40, required=False)
    contact_name = fields.text("环保负责人", max_length=40, required=False)
    contact_phone = fields.text("联系电话", max_length=20, required=False, widget=fields.box(inputmode="tel"))
    pollution_types = fields.several("污染类型", PollutionType.choices)
    hazwaste = fields.choice("危险废物管理", HazwasteKind.choices)
    hazwaste_licence = fields.text(
        "危险废物经营许可证编号", max_length=40, required=False, help_text="经营单位必填，其他单位留空。"
    )
    air_grade = fields.choice("重污染天气绩效分级", AirGrade.choices)
    credit_level = fields.text("环境信用评价", max_length=20, required=False)
    credit_risk = fields.choice("信用风险分类", [("", "—"), *((c, c) for c in "ABCD")], required=False)
    scopes = fields.several("专业要求", Scope.choices)
    reason = fields.reason("变更原因")
    evidence = fields.text("依据", required=False, help_text="如“营业执照变更”“排污许可证副本”。")

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

    def clean_industry_code(self):
        text = self.cleaned_data["industry_code"]
        if not text or text == self.initial.get("industry_code"):
            return text
        code, _, (problem, remedy) = industries.read(text)
        if problem:
            raise forms.ValidationError(f"{problem}。{remedy}。")
        return code

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
    status = fields.choice("生产状态", OperatingStatus.choices)
    on = fields.day("生效日期")
    reason = fields.reason()
    evidence = fields.text("依据", help_text="如“现场核查记录”“停产报告”“注销通知书”。")


class TransferForm(forms.Form):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="移交给",
        empty_label=None,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择接收单位", "invalid_choice": "接收单位从列表里选"},
    )
    reason = fields.reason()
    evidence = fields.text("依据", help_text="如“市局关于调整监管层级的通知”。")

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units


class ReasonForm(forms.Form):
    reason = fields.reason()
