"""检查人员, their leave and their interests in 名录后台."""

from django import forms
from django.contrib import admin
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from registry import book
from registry.facilities import wording
from registry.inspectors import absences
from registry.inspectors import actions as inspectors_actions
from registry.inspectors.forms import AbsenceForm, InspectorForm

from ..models import AbsenceKind, ConflictOfInterest, Employment, Inspector, InspectorAbsence, InterestState
from .site import site
from .upkeep import Upkeep, offered


class OfInspectors(Upkeep):
    """What hangs on the people of the units whose registry the reader keeps (A-17)."""

    permission = P.EDIT_INSPECTORS

    def people(self, request):
        return Inspector.objects.visible_to(request.user).of_units(request.user.units_with(self.permission))


@admin.register(Inspector, site=site)
class InspectorUpkeep(OfInspectors):
    position = 2
    text = "科室岗位、在编在岗、专业资格、业务专长"
    heading, add_words = "选择要修改的检查人员", "增加检查人员"
    search_words = "姓名、人员编号、执法证号、拼音"
    may_add = may_change = has_history = True
    list_display = ("code", "name", "section", "position", "certificate_no", "employment", "duty")
    list_select_related = ("unit",)
    list_filter = (
        offered("科室（单位）", "unit__code", lambda request, upkeep: upkeep.sections(request)),
        offered("在编在岗", "employment", Employment.choices),
    )

    def get_queryset(self, request):
        return self.people(request)

    def sections(self, request):
        units = Unit.objects.filter(inspectors__in=self.people(request)).distinct()
        return list(units.values_list("code", "short_name"))

    def key_of(self, record):
        return record.code

    def found(self, rows, key):
        return rows.select_related("unit__serves", "unit__parent").filter(code=key).first()

    @admin.display(description="科室（单位）")
    def section(self, inspector):
        return inspector.unit.short_name

    @admin.display(description="调离日期", empty_value="—")
    def duty(self, inspector):
        return inspector.left_on and f"{inspector.left_on:%Y-%m-%d}"

    def links(self, request):
        units = self.units(request)
        of = f"?unit={units[0].code}" if units else ""
        return [
            {"url": reverse("registry:inspector-import") + of, "icon": "upload", "label": "导入"},
            {"url": reverse("registry:inspector-export") + of, "icon": "download", "label": "导出"},
        ]

    def get_fieldsets(self, request, obj=None):
        sets = [
            ("基本信息", ("name", "unit", "position", "post", "division_code", "employment", "gender", "entered_service_on", "field_of_study", "expertise")),
            ("执法范围和资格", ("enforcement_kinds", "scope_basis", "scopes", "can_lead")),
            ("为什么修改" if obj else "为什么纳入", ("on", "reason") if obj else ("on", "reason", "transferred")),
        ]  # fmt: skip
        if obj is None:
            card = ("certificate_no", "certificate_kind", "certificate_from", "certificate_to")
            sets.insert(2, ("执法证", card))
        return [(name, {"fields": fields}) for name, fields in sets]

    def form_of(self, request, data, record):
        if record is not None:
            return InspectorForm.of(record, data)
        units = self.units(request)
        sections = [section for unit in units for section in book.sections_of(unit)]
        initial = {"unit": sections[-1] if sections else None, "employment": Employment.IN_POST}
        form = InspectorForm(data, drawing_unit=units[0], new=True, initial=initial)
        form.fields["unit"].queryset = Unit.objects.filter(pk__in=[s.pk for s in sections])
        form.fields["reason"].required = True  # nothing is saved here without one
        return form

    def save_new(self, request, form):
        data = form.cleaned_data
        inspector = inspectors_actions.add_inspector(
            unit=data["unit"].drawing_unit,
            values=form.values(),
            by=request.user,
            on=data["on"],
            reason=data["reason"],
            transferred=data["transferred"],
        )
        return f"已新增 {inspector.name}，编号 {inspector.code}"

    def save_change(self, request, inspector, form):
        data = form.cleaned_data
        inspectors_actions.change_inspector(
            inspector=inspector,
            values=form.values(),
            version=data["version"] or 0,
            reason=data["reason"],
            on=data["on"],
            by=request.user,
        )
        return "变更已登记"

    def beside(self, request, inspector):
        return {
            "facts": [
                ("编号", inspector.code),
                ("执法证号", inspector.certificate_no),
                ("有效期至", inspector.certificate_to and f"{inspector.certificate_to:%Y-%m-%d}"),
                ("执法证状态", inspector.certificate_no and inspector.get_certificate_status_display()),
                ("调离日期", inspector.left_on and f"{inspector.left_on:%Y-%m-%d}"),
            ],
            "elsewhere": "执法证、调动、回避和账号在检查人员的页面办理。",
        }

    def entries(self, inspector):
        changes = inspector.changes.select_related("entered_by")
        return wording.inspector_history(changes, wording.section_names())


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, inspector):
        return f"{inspector.name}（{inspector.code}）"


class NewAbsenceForm(AbsenceForm):
    inspector = PersonField(
        Inspector.objects.none(),
        label="检查人员",
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择检查人员", "invalid_choice": "检查人员从列表里选"},
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = people


class BackForm(forms.Form):
    """The last day of an absence."""

    on = AbsenceForm.base_fields["ends_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].required = True


@admin.register(InspectorAbsence, site=site)
class AbsenceUpkeep(OfInspectors):
    position = 3
    text = "请假、公务、调离执法岗位的起止日"
    heading, add_words = "选择要登记返岗的离岗", "增加离岗"
    may_add = may_change = True
    list_display = ("person", "kind", "starts", "ends", "note")
    list_select_related = ("inspector__unit",)
    list_filter = (offered("原因", "kind", AbsenceKind.choices),)
    ordering = ("-starts_on", "-pk")

    def get_queryset(self, request):
        return InspectorAbsence.objects.filter(inspector__in=self.people(request))

    def found(self, rows, key):
        record = super().found(rows, key)
        return record and rows.select_related("inspector__unit__serves", "inspector__unit__parent").get(pk=record.pk)

    @admin.display(description="检查人员", ordering="inspector__code")
    def person(self, absence):
        return f"{absence.inspector.name}（{absence.inspector.code}）"

    @admin.display(description="起始日", ordering="starts_on")
    def starts(self, absence):
        return f"{absence.starts_on:%Y-%m-%d}"

    @admin.display(description="截止日", ordering="ends_on", empty_value="未定")
    def ends(self, absence):
        return absence.ends_on and f"{absence.ends_on:%Y-%m-%d}"

    def get_fieldsets(self, request, obj=None):
        if obj is not None:
            return [("登记返岗", {"fields": ("on",)})]
        return [("离岗", {"fields": ("inspector", "kind", "starts_on", "ends_on", "note")})]

    def form_of(self, request, data, record):
        if record is not None:
            return BackForm(data, initial={"on": record.ends_on})
        return NewAbsenceForm(data, people=self.people(request).filter(left_on__isnull=True))

    def save_new(self, request, form):
        absences.record_absence(by=request.user, **form.cleaned_data)
        return "离岗已登记"

    def save_change(self, request, absence, form):
        absences.end_absence(absence=absence, on=form.cleaned_data["on"], by=request.user)
        return f"{absence.inspector.name}的截止日已登记"

    def beside(self, request, absence):
        return {
            "facts": [
                ("检查人员", self.person(absence)),
                ("原因", absence.get_kind_display()),
                ("起始日", self.starts(absence)),
                ("截止日", self.ends(absence) or "未定"),
                ("说明", absence.note),
            ],
            "elsewhere": "没有开始的离岗在检查人员的页面取消。",
        }


@admin.register(ConflictOfInterest, site=site)
class ConflictUpkeep(OfInspectors):
    """To be read: declared and decided on the pages (七(五)-c)."""

    position = 4
    text = "谁对哪家企业回避，到哪一天；只查看"
    heading = "查看回避登记"
    list_display = ("person", "company", "kind", "starts", "ends", "state")
    list_display_links = None
    list_select_related = ("inspector", "facility")
    list_filter = (offered("状态", "state", InterestState.choices),)
    ordering = ("-declared_at", "-pk")

    def get_queryset(self, request):
        return ConflictOfInterest.objects.filter(inspector__in=self.people(request))

    @admin.display(description="检查人员")
    def person(self, conflict):
        return f"{conflict.inspector.name}（{conflict.inspector.code}）"

    @admin.display(description="企业")
    def company(self, conflict):
        return conflict.facility.name

    @admin.display(description="起始日", ordering="valid_from")
    def starts(self, conflict):
        return f"{conflict.valid_from:%Y-%m-%d}"

    @admin.display(description="截止日", ordering="valid_to", empty_value="—")
    def ends(self, conflict):
        return conflict.valid_to and f"{conflict.valid_to:%Y-%m-%d}"

    def links(self, request):
        return [{"url": reverse("registry:recusal-list"), "icon": "minus", "label": "回避申报"}]
