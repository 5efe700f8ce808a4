"""Forms of the 检查人员 registry. They read what was typed; whether it may be done is asked by `rules`."""

from django import forms
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.forms import fields
from registry import book
from registry.models import (
    AbsenceKind,
    CertificateKind,
    CertificateStatus,
    Employment,
    Expertise,
    Inspector,
    Scope,
)
from registry.sheets import DIVISIONS

from . import person_names, rules


class InspectorFilter(forms.Form):
    q = forms.CharField(
        label="姓名、证号或拼音", required=False, max_length=40, widget=forms.TextInput(attrs={"class": "in"})
    )
    scope = fields.choice("专业资格", fields.or_all(Scope.choices), required=False)
    employment = fields.choice("在编在岗", fields.or_all(Employment.choices), required=False)

    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}


class InspectorForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = fields.text("姓名", max_length=40)
    gender = fields.choice("性别", [("", "—"), ("M", "男"), ("F", "女")], required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="科室（单位）",
        empty_label=None,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择科室", "invalid_choice": "科室从列表里选"},
    )
    division_code = fields.choice("行政区域", lambda: [("", "随所在单位"), *DIVISIONS.items()], required=False)
    position = fields.text("职务", max_length=40, required=False)
    post = fields.text("部门岗位", max_length=40, required=False, help_text="如“现场执法”“法制审核”。")
    employment = fields.choice("在编在岗", Employment.choices)
    entered_service_on = fields.day("参加执法工作日期", required=False)
    expertise = fields.several("业务专长", Expertise.choices)
    field_of_study = fields.text("专业类别", max_length=60, required=False, help_text="学历专业，如“环境工程”。")
    enforcement_kinds = fields.text(
        "监管执法类型（范围）",
        required=False,
        help_text="照执法证填：“生态环境”是全部；只限几类的用顿号隔开，如“大气、水”，抽取时只派范围够的人。",
    )
    scopes = fields.several("专业资格", Scope.choices)
    scope_basis = fields.text("专业资格依据", required=False, help_text="培训证书编号或文号。选了专业资格的必填。")
    can_lead = forms.BooleanField(label="可任组长", required=False)
    certificate_no = fields.text("执法证号", max_length=24, required=False, help_text="没有执法证的留空，不参加抽取。")
    certificate_kind = fields.choice("证件类型", [("", "—"), *CertificateKind.choices], required=False)
    certificate_from = fields.day("执法证有效期起", required=False)
    certificate_to = fields.day("执法证有效期止", required=False)
    transferred = forms.BooleanField(label="从外单位调入", required=False)
    on = fields.day("生效日期", required=False, help_text="留空是今天。")
    reason = fields.reason("变更原因")

    def __init__(self, *args, drawing_unit: Unit, new=False, **kwargs):
        super().__init__(*args, **kwargs)
        ids = [u.pk for u in book.sections_of(drawing_unit)]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=ids)
        if new:
            self.fields["reason"].label, self.fields["reason"].required = "纳入原因", False
            del self.fields["version"]
        else:
            # A card is changed by a statement of its own, with its reason and scan (`CertificateForm`).
            for name in ("certificate_no", "certificate_kind", "certificate_from", "certificate_to", "transferred"):
                del self.fields[name]

    @classmethod
    def of(cls, inspector: Inspector, data=None):
        names = [n for n in cls.base_fields if n not in ("reason", "on", "transferred")]
        initial = {n: getattr(inspector, n) for n in names}
        return cls(data, initial=initial, drawing_unit=inspector.unit.drawing_unit)

    def clean_name(self):
        name = person_names.tidy(self.cleaned_data["name"])
        if name != self.initial.get("name") and (problem := rules.why_not_name(name)):
            raise forms.ValidationError(problem)
        return name

    def clean_certificate_no(self):
        return clean_number(self.cleaned_data["certificate_no"])

    def values(self) -> dict:
        return {n: v for n, v in self.cleaned_data.items() if n not in ("version", "reason", "on", "transferred")}


def clean_number(typed: str) -> str:
    number = "".join(typed.split()).upper()
    allowed = all(c.isascii() and (c.isalnum() or c == "-") for c in number)
    if number and not (6 <= len(number) <= 24 and allowed):
        raise forms.ValidationError("执法证号是 6 到 24 位数字、大写字母或短横")
    return number


class CertificateForm(forms.Form):
    number = fields.text("执法证号", max_length=24)
    kind = fields.choice("证件类型", CertificateKind.choices)
    issuer = fields.text("发证机关", max_length=80, required=False)
    valid_from = fields.day("有效期起")
    valid_to = fields.day("有效期止")
    scan = forms.FileField(
        label="扫描件",
        required=False,
        allow_empty_file=True,
        max_length=300,
        help_text="PDF、JPG 或 PNG，最大 10 MB。只有本人、名录管理员和分管负责人能看，每次查看有记录。",
        widget=forms.FileInput(attrs={"class": "in", "accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={"max_length": "文件名太长，改短后重新上传"},
    )
    reason = fields.reason()

    def clean_number(self):
        return clean_number(self.cleaned_data["number"])

    def clean_scan(self):
        file = self.cleaned_data["scan"]
        if file is None:
            return None
        if file.size > rules.MOST_SCAN_BYTES:
            raise forms.ValidationError("扫描件超过 10 MB。降低分辨率后重新上传。")
        scan = (file.name, file.read())
        if obstacle := rules.why_not_scan(scan):
            raise forms.ValidationError(obstacle)
        return scan


class CertificateStatusForm(forms.Form):
    status = fields.choice("执法证状态", CertificateStatus.choices)
    on = fields.day("生效日期")
    reason = fields.reason()

    def __init__(self, *args, now: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["status"].choices = [c for c in CertificateStatus.choices if c[0] != now]


class LeavingForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    on = fields.day("调离日期")
    reason = fields.reason("调离原因")


class TakeOverForm(forms.Form):
    """Somebody who left another unit: named exactly, so that the form shows nothing of other units."""

    name = fields.text("姓名", max_length=40)
    number = fields.text("人员编号或执法证号", max_length=24)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="调入科室（单位）",
        empty_label=None,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择科室", "invalid_choice": "科室从列表里选"},
    )
    position = fields.text("职务", max_length=40, required=False)
    post = fields.text("部门岗位", max_length=40, required=False)
    on = fields.day("调入日期")
    reason = fields.reason("调入原因")

    def __init__(self, *args, drawing_unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        ids = [u.pk for u in book.sections_of(drawing_unit)]
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=ids)

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        typed = "".join(data["number"].split())
        found = Inspector.objects.filter(
            Q(code=typed) | Q(certificate_no=typed.upper()), name=person_names.tidy(data["name"])
        )
        data["inspector"] = found.select_related("unit").first()
        if data["inspector"] is None:
            raise forms.ValidationError("全市名录里没有这个姓名和编号的人。核对后再填，或直接新增人员。")
        return data


class AccountLinkForm(forms.Form):
    account = forms.ModelChoiceField(
        User.objects.none(),
        label="账号",
        required=False,
        empty_label="不关联",
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"invalid_choice": "账号从列表里选"},
    )

    def __init__(self, *args, accounts, inspector: Inspector, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["account"]
        field.queryset = accounts
        field.label_from_instance = lambda user: f"{user.full_name}（{user.username}）"
        # His own account first of all; else the only one that bears his name.
        same = [user for user in accounts if user.full_name == inspector.name]
        field.initial = inspector.user_id or (same[0].pk if len(same) == 1 else None)


class AbsenceForm(forms.Form):
    kind = fields.choice("原因", AbsenceKind.choices)
    starts_on = fields.day("起始日")
    ends_on = fields.day("截止日", required=False)
    note = fields.text("说明", required=False, help_text="如“产假”“借调市局专班”。")

    def __init__(self, *args, own=False, **kwargs):
        super().__init__(*args, **kwargs)
        if own:
            self.fields["kind"].choices = [c for c in AbsenceKind.choices if c[0] != AbsenceKind.POST]
            self.fields["ends_on"].required = True


class BackForm(forms.Form):
    """The last day of an absence; the button of the person's page sends none, and it ended yesterday."""

    on = fields.day("截止日", required=False, help_text="离岗的最后一天。留空是昨天，今天返岗。")


class SignForm(forms.Form):
    remark = fields.text("处理意见", help_text="如“两人已补录，一人已调离，下周改正”。")
