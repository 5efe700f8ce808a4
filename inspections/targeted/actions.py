"""What people do with targeted checks: raise, decide, join to another visit; campaigns, kinds and caps (三, 七(一)3)."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.acceptance import actions as acceptance
from inspections.acceptance import duties as acceptance_duties
from inspections.approvals import actions as approvals
from inspections.checks import told
from inspections.checks.states import move_to
from inspections.coverage import duties as coverage
from inspections.dispatch.actions import points_for
from inspections.exchange import duties as exchange
from inspections.models import (
    CheckAnswer,
    Inspection,
    InspectionStatus,
    Source,
    TargetedCheck,
    TargetedKind,
    TargetedMember,
    TargetedState,
    VisitMember,
)
from registry.complaints import actions as complaints
from registry.models import Facility

from . import duties, joining, rules
from .rules import Request

# What the rules and the messages read beside a request.
ALONG = ("unit", "facility", "asked_by", "campaign__unit", "inspection")


@transaction.atomic
def raise_check(*, request: Request, by: User) -> TargetedCheck:
    """Ask for a check of one facility from one of the sources of 三, with its reference (三-b … 三-m, 七(一)3-b).

    An emergency is handed to its team at once; its approval is made up and counted as late (N-6).
    """
    # Whoever raises a second one of the same facility waits, so that the cap is counted after the first.
    request = replace(request, facility=Facility.objects.locked(request.facility.pk))
    now = clock.now()
    if new := (request.reference or {}).get("new"):
        refuse_if(rules.why_not_take_in(request, by))
        request = replace(
            request, reference={"complaint": complaints.take_in(facility=request.facility, new=new, by=by)}
        )
    refuse_if(rules.why_not_raise(request, by, now.date()))
    asked = _asked(request, by, now)
    if asked.source == Source.EMERGENCY:
        _send(asked, by, now)
        asked.save(update_fields=["inspection"])
    duties.approval_asked(asked)
    url = asked.get_absolute_url()
    told.tell_leaders(asked.unit, "有 1 件针对性检查等批准", f"{asked.no}，写明文号后批准。", url, by=by)
    coverage.settle(asked.unit, now)
    trail.record("inspections.targeted.raised", by=by, about=asked, source=asked.source, exempt=asked.cap_exemption)
    return asked


def _asked(request: Request, by: User, now: datetime) -> TargetedCheck:
    """The request with its items and the people it names, as a row of its own."""
    reference = request.reference or {}
    asked = TargetedCheck.objects.create(
        no=_next_no(request.unit, Quarter.of(now.date())),
        unit=request.unit,
        facility=request.facility,
        source=request.source,
        mode=request.mode,
        reason=request.reason.strip(),
        onsite_reason=request.onsite_reason,
        onsite_reference=request.onsite_reference.strip(),
        onsite_words=request.onsite_words.strip(),
        finish_by=request.finish_by,
        cap_exemption=request.cap_exemption,
        exemption_document=request.exemption_document.strip(),
        year=now.year,
        asked_by=by,
        asked_at=now,
        **{name: reference.get(name) or _nothing(name) for name in rules.ASKED[request.source]},
        **({"reference_no": reference["complaint"].number} if reference.get("complaint") else {}),
    )
    asked.items.add(*request.items)
    TargetedMember.objects.bulk_create(
        TargetedMember(targeted=asked, inspector=person, is_leader=person == request.leader)
        for person in request.people
    )
    return asked


@transaction.atomic
def approve_check(*, asked: TargetedCheck, by: User, document_no: str, opinion: str = "") -> TargetedCheck:
    """The leader approves with a document number; only then the check is handed to its team (七(一)3-b, N-6)."""
    asked = TargetedCheck.objects.locked(asked.pk, *ALONG)
    now = clock.now()
    refuse_if(rules.why_not_approve(asked, by, now.date(), document_no))
    if asked.inspection_id is None:
        _send(asked, by, now)
    sent = {"document_no": document_no.strip(), "inspection": asked.inspection}
    asked.decide(TargetedState.APPROVED, by=by, at=now, opinion=opinion, **sent)
    people = {"asked_by": asked.asked_by, "asked_at": asked.asked_at, "decided_by": by}
    approvals.mark_raised(inspection=asked.inspection, opinion=opinion, **people)
    _decided(asked, "已批准", now)
    trail.record("inspections.targeted.approved", by=by, about=asked, document=asked.document_no, late=asked.is_late)
    return asked


@transaction.atomic
def refuse_check(*, asked: TargetedCheck, by: User, opinion: str) -> TargetedCheck:
    """Not approved, with the reason; an emergency that nobody has begun is called off."""
    asked = TargetedCheck.objects.locked(asked.pk, *ALONG)
    now = clock.now()
    refuse_if(rules.why_not_refuse(asked, by, opinion))
    asked.decide(TargetedState.RETURNED, by=by, at=now, opinion=opinion)
    if asked.inspection_id:
        visit = Inspection.objects.locked(asked.inspection_id)
        if visit.status == InspectionStatus.DISPATCHED:
            call_off(visit, now)
    _decided(asked, "没有批准", now)
    coverage.settle(asked.unit, now)
    trail.record("inspections.targeted.refused", by=by, about=asked)
    return asked


@transaction.atomic
def join(*, asked: TargetedCheck, into: Inspection | None, by: User) -> TargetedCheck:
    """综合查一次: one visit instead of two, with the items and the references of both (一-d, N-5).

    The check's own visit is called off; the other keeps its team, takes on the items it did not have, and ends no later
    than the earlier of the two days.
    """
    # Visits in the order of their keys, as everything that locks several of them.
    keys = [pk for pk in (asked.inspection_id, into and into.pk) if pk]
    visits = {v.pk: v for v in Inspection.objects.select_for_update().filter(pk__in=keys).order_by("pk")}
    asked = TargetedCheck.objects.locked(asked.pk, *ALONG)
    into = visits.get(into.pk) if into else None
    now = clock.now()
    refuse_if(joining.why_not_join(asked, into, by, now.date()))

    call_off(visits[asked.inspection_id], now)
    have = set(into.answers.values_list("item_code", flat=True))
    added = [point for point in _sheet(asked) if point["item_code"] not in have]
    CheckAnswer.objects.bulk_create(CheckAnswer(inspection=into, **point) for point in added)
    into.finish_by = min(into.finish_by, asked.finish_by)
    into.save_anew()
    asked.inspection, asked.merged_by, asked.merged_at = into, by, now
    asked.save()
    tell_people(
        into.members.values_list("inspector__user_id", flat=True),
        "1 件检查任务增加了检查事项",
        "综合查一次：两次检查合成一次。打开任务看增加的事项和完成日期。",
        reverse("inspections:field-tasks"),
    )
    if asked.unit_id != into.unit_id:
        words = f"{asked.no}，综合查一次：由{into.unit}在它的检查里一并检查，本单位不再另去。"
        tell_people([asked.asked_by_id], "1 件针对性检查由其他单位一并检查", words, asked.get_absolute_url())
    # By its own number only: the trail must not say which drawn check it joined; the log shows it inside (decisions.md 3, 6).
    trail.record("inspections.targeted.joined", by=by, about=asked)
    return asked


# Kinds of other targeted checks


@transaction.atomic
def make_kind(*, code: str, label: str, basis: str, by: User) -> TargetedKind:
    """One more kind behind 其他针对性检查 (三-m)."""
    refuse_if(rules.why_not_make_kind(code.strip(), by))
    kind = TargetedKind.objects.create(
        code=code.strip(), label=label.strip(), basis=basis.strip(), made_by=by, made_at=clock.now()
    )
    trail.record("inspections.kind.made", by=by, about=kind, label=kind.label)
    return kind


@transaction.atomic
def retire_kind(*, kind: TargetedKind, by: User) -> TargetedKind:
    """Out of use for new checks; the old ones keep it."""
    kind = TargetedKind.objects.locked(kind.pk)
    refuse_if(rules.why_not_retire_kind(kind, by))
    kind.retired_on = clock.today()
    kind.save(update_fields=["retired_on"])
    trail.record("inspections.kind.retired", by=by, about=kind)
    return kind


# Inside


def _nothing(name: str):
    return "" if name in ("reference_no", "reference_body", "reference_link", "reference_text") else None


def _next_no(unit: Unit, quarter: Quarter) -> str:
    """210504-2026Q3-T007; the unit's row orders two who ask at once."""
    numbers.lock_of(unit)
    return Numbering(f"{unit.code}-{quarter}-T", 3).next(TargetedCheck.objects.all())


def _sheet(asked: TargetedCheck) -> list[dict]:
    """The points of its items for this facility, as the lists in force have them (七(五)-l, 三-o3)."""
    items = [("", item) for item in asked.items.prefetch_related("points")]
    return points_for(items, asked.facility, clock.today())


def _send(asked: TargetedCheck, by: User, now: datetime) -> None:
    """Make the visit and hand it to the team, naming nobody in the message; the caller saves the request."""
    quarter = Quarter.of(now.date())
    people = list(asked.members.select_related("inspector__unit"))
    leader = next((m.inspector for m in people if m.is_leader), None)
    visit = Inspection.objects.create(
        no=asked.no,
        source=asked.source,
        mode=asked.mode,
        unit=asked.unit,
        executing_unit=rules.executing_unit(asked.unit, leader),
        facility=asked.facility,
        category=asked.facility.category,
        year=quarter.year,
        number=quarter.number,
        dispatched_by=by,
        dispatched_at=now,
        finish_by=asked.finish_by,
    )
    VisitMember.objects.bulk_create(VisitMember.of(visit, m.inspector, m.is_leader) for m in people)
    CheckAnswer.objects.bulk_create(CheckAnswer(inspection=visit, **point) for point in _sheet(asked))
    asked.inspection = visit
    acceptance_duties.handed_out(visit, now)
    told.tasks_came(Counter(m.inspector.user_id for m in people), visit.no)
    exchange.look_again(visit.unit, now, by)


def call_off(visit: Inspection, now: datetime) -> None:
    move_to(visit, InspectionStatus.CANCELLED)
    visit.cancelled_at = now
    visit.save_anew()
    acceptance.no_longer_waits(visit, now)
    exchange.look_again(visit.unit, now)
    left = Counter(visit.members.values_list("inspector__user_id", flat=True))
    visit.members.update(left_at=now)
    told.tasks_left(left, "已取消")


def _decided(asked: TargetedCheck, words: str, now: datetime) -> None:
    duties.approval_settled(asked, words, now)
    tell_people([asked.asked_by_id], f"1 件针对性检查{words}", f"{asked.no}，见详情。", asked.get_absolute_url())
