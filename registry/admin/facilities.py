"""检查对象 in 名录后台: basic data, state and unit by one form, tags and export for the rows chosen."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.db.models import OuterRef, Subquery
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.facilities import pages as list_views
from registry.facilities import selection as facility_list
from registry.facilities import wording
from registry.facilities.actions import EDITABLE
from registry.facilities.forms import FacilityForm, StatusForm, TransferForm
from registry.facilities.views import their_changes
from registry.proposals import actions as proposals_actions
from registry.proposals.views import SENT
from registry.tags import actions as tags_actions

from ..models import Category, Facility, FacilityChange, OperatingStatus, Tag
from ..sheets import DIVISIONS
from .site import site
from .upkeep import Upkeep, offered

MOST_CHOSEN = 100  # a page of the list


class ChosenForm(ActionForm):
    """What to do with the rows ticked."""

    action = forms.ChoiceField(label="动作", widget=forms.Select(attrs={"class": "in in-s", "aria-label": "动作"}))


class NewFacilityForm(FacilityForm):
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="监管单位",
        empty_label=None,
        widget=forms.Select(attrs={"class": "in"}),
        error_messages={"required": "选择监管单位", "invalid_choice": "监管单位从列表里选"},
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, new=True, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])


class FacilityUpkeepForm(FacilityForm):
    """The basic data, and beside them what a second person must approve: state and drawing unit (六(二)-d, -h)."""

    status = StatusForm.base_fields["status"]
    on = StatusForm.base_fields["on"]
    unit = TransferForm.base_fields["unit"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].label = "监管单位"
        self.fields["unit"].queryset = Unit.objects.drawing()

    @classmethod
    def of(cls, facility, data=None):
        names = [n for n in cls.base_fields if n not in ("reason", "evidence", "on")]
        return cls(data, initial={"on": clock.today()} | {n: getattr(facility, n) for n in names})


@admin.register(Facility, site=site)
class FacilityUpkeep(Upkeep):
    permission = P.EDIT_FACILITIES
    position = 1
    text = "基本数据、生产状态、监管单位、标签"
    heading, add_words = "选择要修改的检查对象", "增加检查对象"
    search_words = "名称、信用代码、编号、拼音"
    may_add = may_change = has_history = True
    action_form = ChosenForm
    list_display = ("number", "company", "credit_code", "kind", "state", "changed")
    list_filter = (
        offered("单位", "unit__code", lambda request, upkeep: _units_of(request, upkeep)),
        offered("类别", "category", Category.choices),
        offered("生产状态", "status", OperatingStatus.choices),
        offered("县区", "division_code", list(DIVISIONS.items())),
    )

    def get_queryset(self, request):
        return Facility.objects.visible_to(request.user).filter(unit__in=request.user.units_with(self.permission))

    def key_of(self, record):
        return record.code

    def found(self, rows, key):
        return rows.select_related("unit").filter(code=key).first()

    # The list

    def with_figures(self, rows):
        last = FacilityChange.objects.filter(facility=OuterRef("pk")).order_by("-at").values("at")[:1]
        return rows.annotate(changed_at=Subquery(last))

    @admin.display(description="编号", ordering="code")
    def number(self, facility):
        return facility.code

    @admin.display(description="企业", ordering="name")
    def company(self, facility):
        return facility.name

    @admin.display(description="统一社会信用代码", ordering="uscc")
    def credit_code(self, facility):
        return format_html('<span class="mono">{}</span>', facility.uscc)

    @admin.display(description="类别", ordering="category")
    def kind(self, facility):
        return facility.get_category_display()

    @admin.display(description="状态", ordering="status")
    def state(self, facility):
        context = {"state": wording.status_tone(facility), "text": facility.get_status_display()}
        return render_to_string("components/status.html", context)

    @admin.display(description="最近修改", empty_value="—")
    def changed(self, facility):
        at = facility.changed_at
        return at and format_html('<span class="mut nw">{}</span>', f"{localtime(at):%Y-%m-%d %H:%M}")

    @admin.display(description="选择")
    def action_checkbox(self, facility):
        attributes = {"class": "ck", "aria-label": f"选择 {facility.name}"}
        return forms.CheckboxInput(attributes, lambda value: False).render(ACTION_CHECKBOX_NAME, facility.code)

    def links(self, request):
        units = self.units(request)
        of = f"?unit={units[0].code}" if units else ""
        return [
            {"url": reverse("registry:facility-import") + of, "icon": "upload", "label": "导入"},
            {"url": reverse("registry:facility-export") + of, "icon": "download", "label": "导出"},
        ]

    # What is done with the rows chosen

    def get_actions(self, request):
        """加标签, 去标签 of each tag in use, and the export; as the bar above the list of the workbench."""
        if not hasattr(request, "_facility_actions"):
            tags = Tag.objects.in_use().filter(unit__in=self.units(request)).select_related("unit")
            found = {"export": (_export, "export", "导出所选")}
            for tag in tags:
                of = f"（{tag.unit.short_name}）" if len(self.units(request)) > 1 else ""
                found[f"put-{tag.pk}"] = (_put(tag), f"put-{tag.pk}", f"加标签：{tag.name}{of}")
                found[f"take-{tag.pk}"] = (_take(tag), f"take-{tag.pk}", f"去标签：{tag.name}{of}")
            request._facility_actions = found
        return request._facility_actions

    def get_action_choices(self, request, default_choices=None):
        return [("", "动作：————"), *((n, words) for n, (_, _, words) in self.get_actions(request).items())]

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST":
            return self.carry_out(request)
        return super().changelist_view(request, extra_context)

    def carry_out(self, request):
        """One action for the rows ticked; the same list opens again, with what was done."""
        act, _, _ = self.get_actions(request).get(request.POST.get("action", ""), (None, "", ""))
        codes = request.POST.getlist(ACTION_CHECKBOX_NAME)[:MOST_CHOSEN]
        try:
            if act is None:
                raise Refused("先选一个动作，再按“执行”。")
            if not codes:
                raise Refused("还没有勾选检查对象。勾选以后再按。")
            answer = act(self, request, self.get_queryset(request).filter(code__in=codes))
        except Refused as refusal:
            messages.error(request, str(refusal))
            answer = None
        return answer or HttpResponseRedirect(request.get_full_path())

    # The form

    def get_fieldsets(self, request, obj=None):
        of_unit = ("unit",) if obj is None else ()
        sets = [
            ("名称和代码", ("name", "operator_name", "uscc", "permit_no", "permit_category", "permit_valid_to", "is_natural_person")),
            ("地点和联系人", ("division_code", "address", "longitude", "latitude", "legal_person", "contact_name", "contact_phone")),
            ("标识", (*of_unit, "industry_code", "industry_name", "hazwaste", "hazwaste_licence", "air_grade", "credit_level", "credit_risk", "pollution_types", "scopes")),
            ("为什么修改" if obj else "为什么纳入", ("reason", "evidence")),
        ]  # fmt: skip
        if obj:
            words = "这几项改动由分管负责人批准以后才生效，移交由接收单位的分管负责人批准。"
            sets.insert(3, ("生产状态和监管单位", ("status", "on", "unit"), words))
        return [(name, {"fields": fields, "description": "".join(rest)}) for name, fields, *rest in sets]

    def form_of(self, request, data, record):
        if record is None:
            units = self.units(request)
            initial = {"division_code": units[0].division_code, "unit": units[0].pk} if units else {}
            return NewFacilityForm(data, units=units, initial=initial)
        return FacilityUpkeepForm.of(record, data)

    def save_new(self, request, form):
        data = form.cleaned_data
        facility = facilities_actions.add_facility(
            unit=data["unit"], values=form.values(), reason=data["reason"], by=request.user
        )
        return f"已新增 {facility.name}，编号 {facility.code}"

    def save_change(self, request, facility, form):
        """What one person may change, at once; what moves it between pool and units, as a proposal."""
        data, values = form.cleaned_data, form.values()
        why = {"reason": data["reason"], "evidence": data["evidence"], "by": request.user}
        new_status, new_unit = data["status"] != facility.status, data["unit"].pk != facility.unit_id
        done = ""
        if any(getattr(facility, n) != values[n] for n in EDITABLE) or not (new_status or new_unit):
            facilities_actions.change_facility(facility=facility, values=values, version=data["version"] or 0, **why)
            done = "变更已登记"
        if new_status:
            proposals_actions.propose_status(facility=facility, status=data["status"], on=data["on"], **why)
        if new_unit:
            proposals_actions.propose_transfer(facility=facility, unit=data["unit"], **why)
        return "。".join(filter(None, [done, SENT if new_status or new_unit else ""]))

    def beside(self, request, facility):
        units = dict(Unit.objects.values_list("code", "short_name"))
        waiting = list(facility.proposals.pending().select_related("proposed_by"))
        for proposal in waiting:
            proposal.facility = facility
        return {
            "waiting": [f"{wording.proposal_text(p, units)}　{p.proposed_by.full_name}提出" for p in waiting],
            "theirs": their_changes(facility, request.POST.get("version", "")) if request.method == "POST" else [],
            "facts": [
                ("编号", facility.code),
                ("类别", facility.get_category_display()),
                ("生产状态", facility.get_status_display()),
                ("监管单位", facility.unit.short_name),
                ("曾用名", "、".join(facility.former_names)),
                ("纳入名录", f"{facility.entered_on:%Y-%m-%d}"),
            ],
            "elsewhere": "类别依据、评价、正面清单在检查对象的页面办理。",
        }

    def entries(self, facility):
        return wording.facility_history(facility.changes.select_related("entered_by", "approved_by"))


def _units_of(request, upkeep):
    units = upkeep.units(request)
    return [(unit.code, unit.short_name) for unit in units] if len(units) > 1 else []


def _put(tag):
    def act(upkeep, request, rows):
        run = tags_actions.put_tag(tag=tag, facilities=rows, by=request.user)
        messages.success(request, f"已给 {run.count:,} 家加上标签“{tag.name}”")

    return act


def _take(tag):
    def act(upkeep, request, rows):
        run = tags_actions.take_tag(tag=tag, facilities=rows, by=request.user)
        messages.success(request, f"已给 {run.count:,} 家去掉标签“{tag.name}”")

    return act


def _export(upkeep, request, rows):
    rows = facility_list.with_figures(rows.order_by("code"), clock.today().year)
    units = upkeep.units(request)
    return list_views.workbook_of(request, units[0] if len(units) == 1 else None, rows)
