"""Why a targeted check cannot be raised, approved or joined to another visit, as a sentence (三-b … 三-n, 七(一)3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks import rules
from inspections.checks.states import ENDED
from inspections.dispatch.rules import section_of
from inspections.frequency import counts as frequency
from inspections.frequency.caps import caps_of
from inspections.models import (
    REFERENCES,
    CapExemption,
    Consent,
    Inspection,
    Mode,
    Source,
    TargetedCheck,
    TargetedKind,
    TargetedState,
)
from plans.bases import rules as basis_rules
from plans.lists import rules as plan_rules
from plans.models import InspectionItem
from registry import book
from registry.inspectors import card_scope
from registry.models import OFF_BOOKS, Category, Facility, Inspector, InspectorAbsence

from .going import why_not_go

# What each source calls its reference on the form, in the order of the form (三-b … 三-m).
ASKED: dict[str, dict[str, str]] = {
    Source.COMPLAINT: {"complaint": "投诉举报编号"},
    Source.MEDIA: {"reference_link": "报道链接或版面", "reference_on": "报道日期"},
    Source.ASSIGNED: {"reference_no": "转办交办文号"},
    Source.REFERRED_IN: {"reference_body": "移送部门", "reference_no": "移送函号"},
    Source.APPROVAL_RELATED: {"reference_no": "许可或环评受理号"},
    Source.REVIEW: {"original": "原检查编号", "reference_no": "原案号"},
    Source.EMERGENCY: {"reference_no": "事件编号"},
    Source.NUCLEAR_SAFETY: {"reference_no": "核安全检查的任务或计划文号"},
    Source.CAMPAIGN: {"campaign": "专项检查"},
    Source.JOINT: {"reference_body": "参加部门"},
    Source.DATA_CLUE: {"reference_body": "来源系统", "reference_text": "线索数值", "reference_at": "线索时间"},
    Source.OTHER_TARGETED: {"kind": "种类", "reference_text": "说明"},
    Source.SPECIAL_FACILITY: {},
}


# What an exemption from the yearly cap can rest on; the others go with any source (domain.md 1.4).
EXEMPTIONS_OF: dict[str, tuple[str, ...]] = {
    CapExemption.COMPLAINT: (Source.COMPLAINT,),
    CapExemption.TRANSFERRED: (Source.ASSIGNED, Source.REFERRED_IN),
    CapExemption.MONITORING: (Source.DATA_CLUE,),
    CapExemption.URGENT: (Source.EMERGENCY, Source.NUCLEAR_SAFETY),
    CapExemption.SUPERIOR_CAMPAIGN: (Source.CAMPAIGN,),
    CapExemption.RECHECK: (Source.REVIEW,),
}


@dataclass(frozen=True)
class Request:
    """What the form asks for; the same facts are looked at again when it is approved."""

    unit: Unit
    facility: Facility
    source: str
    mode: str
    reason: str
    items: list[InspectionItem]
    leader: Inspector | None
    members: list[Inspector]
    finish_by: date
    cap_exemption: str = ""
    exemption_document: str = ""
    reference: Mapping[str, object] | None = None
    onsite_reason: str = ""
    onsite_reference: str = ""
    onsite_words: str = ""

    @property
    def people(self) -> list[Inspector]:
        return [*([self.leader] if self.leader else []), *self.members]

    @classmethod
    def of(cls, asked: TargetedCheck) -> "Request":
        people = list(asked.members.select_related("inspector__unit"))
        return cls(
            unit=asked.unit,
            facility=asked.facility,
            source=asked.source,
            mode=asked.mode,
            reason=asked.reason,
            items=list(asked.items.all()),
            leader=next((m.inspector for m in people if m.is_leader), None),
            members=[m.inspector for m in people if not m.is_leader],
            finish_by=asked.finish_by,
            cap_exemption=asked.cap_exemption,
            exemption_document=asked.exemption_document,
            reference={name: getattr(asked, name) for name in ASKED[asked.source]},
            onsite_reason=asked.onsite_reason,
            onsite_reference=asked.onsite_reference,
            onsite_words=asked.onsite_words,
        )


# Who and whom
def units_raising(user):
    """The drawing units for which the user raises checks: the city team's and each branch's own (七(一)3-b, A-11).

    The lead office reaches every unit, but what it raises is the city team's.
    """
    units = Unit.objects.drawing().filter(pk__in=user.units_with(Permission.RAISE_CHECK))
    planning = user.units_with(Permission.DISPATCH)
    return units.filter(Q(kind=UnitKind.CITY_TEAM) | Q(pk__in=planning))


def facilities_for(unit: Unit):
    """A branch checks its own facilities; the city team may go anywhere in the city (五, 七(一)3-b)."""
    return Facility.objects.all() if unit.kind == UnitKind.CITY_TEAM else book.facilities_of(unit)


def items_for(unit: Unit, day: date):
    """Published items in force: what is not on a list is not checked (四(1)-c, N-3)."""
    lists = [plan_rules.list_in_force(day.year), plan_rules.local_list_in_force(unit, day.year)]
    return InspectionItem.objects.filter(list__in=[found for found in lists if found], valid_from__lte=day)


def items_offered(unit: Unit, day: date):
    """Those of `items_for` that still have a basis: the form offers nothing that would be refused (N-3)."""
    listed = items_for(unit, day)
    return listed.exclude(pk__in=basis_rules.obstacles(listed, day))


def kinds_in_use():
    return TargetedKind.objects.filter(retired_on__isnull=True)


def executing_unit(unit: Unit, leader: Inspector | None = None) -> Unit:
    """The county section that serves a branch, the HQ section whose officer leads, or the unit itself (五-2e, 五-4i)."""
    return section_of(leader, unit, getattr(unit, "section", None) or unit)


# Raising
def checks_again(original: Inspection | int):
    """The re-inspections of a check that were asked for (整改, 八(二)-e)."""
    return TargetedCheck.objects.filter(original=original).select_related("inspection", "unit")


def under_way(original: Inspection | int) -> TargetedCheck | None:
    """The re-inspection of it that is asked for or approved and not over."""
    standing = checks_again(original).standing().order_by("-asked_at")
    return next((a for a in standing if a.inspection is None or a.inspection.status not in ENDED), None)


def why_not_again(original: Inspection | int | None) -> str:
    """One re-inspection at a time, from whichever page it is asked for: it counts against no cap (domain.md 7.6)."""
    asked = under_way(original) if original else None
    return f"复查 {asked.no} {asked.get_state_display()}，办完以后再安排。" if asked else ""


def why_not_raise(request: Request, by, day: date) -> str:
    """Everything that stands in the way of a new check; the sentence about numbers counts what `by` may know."""
    if request.unit not in units_raising(by):
        return "只有本单位的计划员和市执法队牵头部门可以发起针对性检查。"
    if request.source not in ASKED:
        return "日常检查只能从抽取结果派发，不能指定检查对象。选择针对性检查的来源。"  # 三-n
    if not facilities_for(request.unit).filter(pk=request.facility.pk).exists():
        return f"这家企业不由{request.unit.short_name}监管，由监管单位或市执法队发起。"
    if request.facility.status in OFF_BOOKS:
        return f"这家企业{request.facility.get_status_display()}，不在名录内，不能发起检查。"
    reference = request.reference or {}
    if reason := why_not_reference(request.source, reference, day) or why_not_complaint(request):
        return reason
    if reason := why_not_again(reference.get("original")):
        return reason
    if request.source == Source.SPECIAL_FACILITY and request.facility.category != Category.SPECIAL:
        return "只有特殊监管对象可以随时发起检查。这家企业是" + request.facility.get_category_display() + "监管对象。"
    if reason := why_not_reason(request.reason, "检查事由"):
        return reason
    return why_not_go(request, day) or why_not_this_check(request, by, day)


def why_not_reference(source: str, reference: Mapping[str, object], day: date) -> str:
    """The reference of the source is there, whole, and not of the future (三-b … 三-m)."""
    named = {name: value.strip() if isinstance(value, str) else value for name, value in reference.items()}
    if source == Source.REVIEW and not (named.get("original") or named.get("reference_no")):
        return "执法复核要写明原检查编号，或者原案号。"
    missing = [ASKED[source][name] for name in REFERENCES[source] if name in ASKED[source] and not named.get(name)]
    if missing:
        return f"{Source(source).label}要写明{'、'.join(missing)}。"
    if named.get("reference_on") and named["reference_on"] > day:
        return f"{ASKED[source]['reference_on']}晚于今天。核对日期。"
    kind = named.get("kind")
    if kind and kind.retired_on:
        return f"“{kind.label}”已经停用，换一个种类。"
    return ""


def why_not_take_in(request: Request, by) -> str:
    """Who may raise the check may enter what it is about, into the register of the same facility (三-b)."""
    if request.unit not in units_raising(by):
        return "只有本单位的计划员和市执法队牵头部门可以发起针对性检查。"
    if request.source != Source.COMPLAINT:
        return "投诉只随“投诉举报”的检查登记。"
    return ""


def why_not_complaint(request: Request) -> str:
    """A complaint of the register about this very facility, and one check of each (三-b)."""
    complaint = (request.reference or {}).get("complaint")
    if complaint is None:
        return ""
    if complaint.facility_id != request.facility.pk:
        return f"投诉 {complaint.number} 说的不是这家企业。"
    if complaint.checks.standing().exists():
        return f"投诉 {complaint.number} 已经有一次检查。再查用“执法复核”，写明原检查。"
    return ""


def why_not_this_check(request: Request, by, day: date) -> str:
    """What can change until the approval: campaign, items, days, people, numbers. Asked both times."""
    if request.finish_by < day:
        return "完成日期早于今天。改为今天或以后。"
    return (
        why_not_campaign(request, day)
        or why_not_items(request, day)
        or why_not_these_people(request, day)
        or why_not_exempt(request)
        or why_not_so_often(request, by, day)
    )


def why_not_campaign(request: Request, day: date) -> str:
    """Within period, scope and number of what was approved (N-13)."""
    campaign = (request.reference or {}).get("campaign")
    if campaign is None:
        return ""
    if campaign.state != Consent.APPROVED:
        return f"“{campaign.title}”还没有批准，不能按它发起。"
    if not campaign.is_open_on(day):
        return f"“{campaign.title}”{full_date(campaign.ends_on)}结束，现在不能发起。"
    if campaign.unit_id != request.unit.pk and campaign.unit.kind != UnitKind.CITY_TEAM:
        return f"“{campaign.title}”由{campaign.unit.short_name}组织，只有它能发起。"
    if request.finish_by > campaign.ends_on:
        return f"“{campaign.title}”{full_date(campaign.ends_on)}结束，完成日期不能更晚。"
    if campaign.categories and request.facility.category not in campaign.categories:
        words = "、".join(Category(c).label for c in campaign.categories)
        return f"“{campaign.title}”只检查{words}监管对象。"
    if campaign.checks.standing().exclude(facility=request.facility).count() >= campaign.most_checks:
        return f"“{campaign.title}”最多检查 {campaign.most_checks} 家，已经满了。"
    return ""


def why_not_items(request: Request, day: date) -> str:
    if not request.items:
        return "至少选一个检查事项。"
    listed = set(items_for(request.unit, day).values_list("pk", flat=True))
    if names := [item.name for item in request.items if item.pk not in listed]:
        return f"{'、'.join(names)}不在已公开、有效的事项清单里，不能检查。"
    unfit = basis_rules.obstacles(request.items, day)
    return f"{next(iter(unfit.values()))}。" if unfit else ""


def why_not_these_people(request: Request, day: date) -> str:
    """The rules of a drawn team: two certificates, one leader, no interest, the scope of the facility (七(五)-a, -b, -c)."""
    people = request.people
    if request.leader is None:
        return "选择组长。"
    if len({p.pk for p in people}) != len(people):
        return "组长不用再选为组员。"
    home = set(book.inspectors_of(request.unit).filter(pk__in=[p.pk for p in people]).values_list("pk", flat=True))
    if names := [p.name for p in people if p.pk not in home]:
        return f"{'、'.join(names)}不是{request.unit.short_name}的检查人员。"
    if not request.leader.can_lead:
        return f"{request.leader.name}没有登记为可任组长。换一名组长。"
    for on in (day, request.finish_by):
        if reason := rules.why_not_certified(people, on, "才能派发"):
            return reason
    barred = rules.conflicts_in_force([request.facility.pk], day)
    if names := [p.name for p in people if (p.pk, request.facility.pk) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。换一名检查人员。"
    if names := away(people, day, request.finish_by):
        return f"{'、'.join(names)}在这段时间都不在岗。换一名检查人员，或改完成日期。"
    needed = set(request.facility.scopes) | {item.needs_scope for item in request.items if item.needs_scope}
    if names := [p.name for p in people if not needed.issubset(p.scopes)]:
        return f"{'、'.join(names)}没有这次检查要求的专业资格。换一名检查人员。"
    if reason := card_scope.why_out_of_scope(people, request.facility):
        return f"{reason}换一名检查人员。"
    return ""


def away(people: Iterable[Inspector], first: date, last: date) -> list[str]:
    """Those on leave from before the first day until after the last."""
    out = InspectorAbsence.objects.filter(inspector__in=[p.pk for p in people], starts_on__lte=first).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=last)
    )
    gone = set(out.values_list("inspector_id", flat=True))
    return [p.name for p in people if p.pk in gone]


def why_not_exempt(request: Request) -> str:
    """An exemption is one of the list, goes with the source, and has its document (domain.md 1.4)."""
    code, document = request.cap_exemption, request.exemption_document.strip()
    if not code:
        return "没有选不计入上限的情形，却写了文号。选择情形，或删去文号。" if document else ""
    if code not in CapExemption.values:
        return "不计入上限的情形只能从列出的情形中选择。"
    label = CapExemption(code).label
    if not document:
        return f"按“{label}”不计入上限，要写明文号。"
    if request.source not in EXEMPTIONS_OF.get(code, (request.source,)):
        return f"{Source(request.source).label}不属于“{label}”。换一种情形。"
    complaint = (request.reference or {}).get("complaint")
    if code == CapExemption.COMPLAINT and complaint and document != complaint.number:
        return f"按“{label}”不计入上限，文号就是投诉编号 {complaint.number}。"
    campaign = (request.reference or {}).get("campaign")
    if code == CapExemption.SUPERIOR_CAMPAIGN and campaign and not campaign.from_superior:
        return f"“{campaign.title}”不是上级部署的，计入上限。"
    return ""


def why_not_so_often(request: Request, by, day: date, *, without: TargetedCheck | None = None) -> str:
    """The yearly cap over all sources (一-e, N-4, K11); off-site nobody enters, so nothing is counted."""
    if request.mode != Mode.ONSITE or request.cap_exemption:
        return ""
    cap = caps_of(day.year).of(request.facility)
    if cap is None:
        return ""
    n = frequency.visits_of(request.facility, day.year, by, without=without)
    if n < cap.max_visits:
        return ""
    return (
        f"这家企业本年已有 {n} 次入企检查，上限 {cap.max_visits} 次（{cap.document}）。"
        "改为非现场检查，或选择不计入上限的情形并写明文号。"
    )


# Deciding
def why_not_decide(asked: TargetedCheck, by) -> str:
    """The unit's leader decides, never who asked (七(一)3-b, N-6)."""
    return decision.why_not_decide(
        asked,
        by,
        may=by.may(Permission.APPROVE_CHECK, asked.unit_id),
        role="由本单位分管负责人批准。",
        own="发起检查的人不能自己批准，由另一名分管负责人批准。",
        over={state: f"这次检查{state.label}，不能再办。" for state in TargetedState},
    )


def why_not_approve(asked: TargetedCheck, by, day: date, document_no: str) -> str:
    """What was looked at when it was raised, looked at again; an emergency that has begun is not stopped by it."""
    if reason := why_not_decide(asked, by):
        return reason
    if not document_no.strip():
        return "批准时填写批准文号。"
    if asked.inspection_id:
        return ""
    request = Request.of(asked)
    return (
        ("完成日期已过，不能批准。重新发起。" if request.finish_by < day else "")
        or why_not_go(request, day)
        or why_not_campaign(request, day)
        or why_not_items(request, day)
        or why_not_these_people(request, day)
        or why_not_so_often(request, by, day, without=asked)
    )


def why_not_refuse(asked: TargetedCheck, by, opinion: str) -> str:
    return why_not_decide(asked, by) or why_not_reason(opinion, "理由")


# Kinds
def why_not_make_kind(code: str, by) -> str:
    if not by.units_with(Permission.KEEP_VOCABULARIES):
        return "由市执法队牵头部门登记种类。"
    if TargetedKind.objects.filter(code=code).exists():
        return f"编号 {code} 已经有了，换一个。"
    return ""


def why_not_retire_kind(kind: TargetedKind, by) -> str:
    if not by.units_with(Permission.KEEP_VOCABULARIES):
        return "由市执法队牵头部门停用种类。"
    return f"“{kind.label}”已经停用。" if kind.retired_on else ""
