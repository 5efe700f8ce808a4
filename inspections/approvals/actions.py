"""Checks are asked for and approved, a whole list at once (国办发〔2024〕54号 凡检查必审批; 七(五)-d, N-6)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks import rules as checks_rules
from inspections.coverage import duties as coverage
from inspections.models import ApprovalChain, ApprovalState, CheckApproval, Inspection, Source

from . import days, duties, issuing, rules, sheet
from .models import offices_of


@transaction.atomic
def ask_for_list(*, inspections: Iterable[Inspection], by: User) -> list[CheckApproval]:
    """Ask for several checks of one unit at once, each for the days that are left, with a day and hour (七(五)-q)."""
    held = _held(inspections)
    for inspection in held:
        refuse_if(rules.why_not_ask(inspection, by))
    now = clock.now()
    _refuse_without_items(held, now)
    for inspection in held:
        inspection.planned_minutes = days.minutes_for(len(inspection.answers.all()))
    suggested = days.suggest(held, now.date(), workdays.calendar())
    for inspection in held:
        inspection.planned_on, inspection.planned_from = suggested[inspection.pk]
    Inspection.objects.bulk_update(held, ["planned_on", "planned_from", "planned_minutes"])
    facts = sheet.facts_of(held)
    asked = [
        _asked(
            inspection,
            facts[inspection.pk],
            by,
            now,
            first_day=now.date(),
            last_day=max(days.last_day_of(inspection, now.date()), inspection.planned_on),
            minutes=inspection.planned_minutes,
        )
        for inspection in held
    ]
    return _ask(asked, by, now)


@transaction.atomic
def ask(
    *,
    inspection: Inspection,
    first_day: date,
    last_day: date,
    planned_on: date,
    minutes: int,
    notice_beforehand: bool = False,
    notice_reason: str = "",
    assistants: str = "",
    by: User,
) -> CheckApproval:
    """Ask for one check: for the first time, again after it was returned, or for other days; what waited is replaced."""
    (inspection,) = _held([inspection])
    now = clock.now()
    plan = {
        "first_day": first_day,
        "last_day": last_day,
        "minutes": minutes,
        "notice_beforehand": notice_beforehand,
        "notice_reason": notice_reason.strip(),
    }
    refuse_if(
        rules.why_not_ask(inspection, by)
        or rules.why_not_plan(inspection, **plan, planned_on=planned_on, today=now.date())
    )
    _refuse_without_items([inspection], now)
    no_longer_waits(inspection, now)
    inspection.planned_on, inspection.planned_minutes = planned_on, minutes
    inspection.planned_from = days.hour_on(inspection, planned_on)
    inspection.save_anew()
    facts = sheet.facts_of([inspection])[inspection.pk] | {"assistants": assistants.strip()}
    return _ask([_asked(inspection, facts, by, now, **plan)], by, now)[0]


def no_longer_waits(inspection: Inspection, now: datetime) -> None:
    """Asked for anew, begun under an earlier approval, or called off: nobody need decide; an emergency's word is still owed."""
    for row in inspection.approvals.pending().filter(made_up=False).select_related("decided_in"):
        CheckApproval.objects.filter(pk=row.pk).update(state=ApprovalState.TAKEN_BACK)
        duties.settle(row.no, row.decided_in, now)


@transaction.atomic
def decide(*, asked: Iterable[CheckApproval], approve: bool, opinion: str = "", by: User) -> list[CheckApproval]:
    """Approve or return several requests at once, all or none; the bureau has them next where the chain says so."""
    keys = [row.pk for row in asked]
    list(Inspection.objects.select_for_update().filter(approvals__in=keys).order_by("pk"))
    people = ("inspection__unit", "inspection__draw", "decided_in", "then_in", "asked_by")
    rows = list(
        CheckApproval.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related(*people).order_by("pk")
    )
    for row in rows:
        refuse_if(rules.why_not_decide(row, by) if approve else rules.why_not_return(row, by, opinion))
    now = clock.now()
    if approve:
        _refuse_without_items([row.inspection for row in rows], now)
    for row in rows:
        row.decide(ApprovalState.APPROVED if approve else ApprovalState.RETURNED, by=by, at=now, opinion=opinion)
    for no, about, checks in _lists(rows):
        if approve:
            trail.record("inspections.approval.approved", by=by, about=about, no=no, checks=checks)
        else:
            trail.record("inspections.approval.returned", by=by, about=about, no=no, checks=checks)
    for no, decided_in in {(row.no, row.decided_in) for row in rows}:
        duties.settle(no, decided_in, now)
    _pass_on([row for row in rows if approve and row.then_in_id], by, now)
    issuing.issue((row.inspection for row in rows if approve and not row.then_in_id), now)
    _tell(rows, by, approve=approve)
    return rows


@transaction.atomic
def mark_raised(
    *, inspection: Inspection, asked_by: User, asked_at: datetime, decided_by: User, opinion: str
) -> CheckApproval:
    """A targeted check was approved by the same leader as it was raised: that is its approval (N-6, docs/decisions/0026)."""
    now = clock.now()
    today = now.date()
    emergency = inspection.source == Source.EMERGENCY
    inspection.planned_minutes = days.minutes_for(inspection.answers.count())
    suggested = days.suggest([inspection], today, workdays.calendar())
    inspection.planned_on, inspection.planned_from = suggested[inspection.pk]
    inspection.save(update_fields=["planned_on", "planned_from", "planned_minutes"])
    row = _asked(
        inspection,
        sheet.facts_of([inspection])[inspection.pk],
        asked_by,
        asked_at,
        first_day=asked_at.date() if emergency else today,
        last_day=max(days.last_day_of(inspection, today), inspection.planned_on),
        minutes=inspection.planned_minutes,
        made_up=emergency,
    )
    row.then_in = rules.bureau_after(inspection.unit, today)
    row.no = _next_no(inspection.unit, now)
    row.save()
    row.decide(ApprovalState.APPROVED, by=decided_by, at=now, opinion=opinion)
    _pass_on([row] if row.then_in_id else [], decided_by, now)
    if emergency or not row.then_in_id:
        issuing.issue([inspection], now)
    return row


@transaction.atomic
def plan_day(*, inspection: Inspection, planned_on: date, planned_from: time | None = None, by: User) -> Inspection:
    """The leader goes on another of the approved days, or at another hour: that needs nobody's word (七(五)-q)."""
    (inspection,) = _held([inspection])
    refuse_if(rules.why_not_plan_day(inspection, planned_on, by, clock.today()))
    inspection.planned_on, inspection.planned_from = planned_on, planned_from or days.hour_on(inspection, planned_on)
    inspection.save_anew()
    trail.record("inspections.day.planned", by=by, about=inspection)
    return inspection


@transaction.atomic
def set_chain(
    *, unit: Unit, with_bureau: bool, document: str, valid_from: date, by: User, with_section: bool = False
) -> ApprovalChain:
    """Who approves the checks of a unit from a day on (N-6)."""
    now = clock.now()
    refuse_if(rules.why_not_set_chain(unit, by, document=document, valid_from=valid_from, today=now.date()))
    chain = ApprovalChain.objects.create(
        unit=unit,
        with_section=with_section,
        with_bureau=with_bureau,
        document=document.strip(),
        valid_from=valid_from,
        entered_by=by,
        entered_at=now,
    )
    steps = {"section": with_section, "bureau": with_bureau}
    trail.record("inspections.chain.set", by=by, about=chain, unit=unit, document=chain.document, **steps)
    return chain


# Inside


def _held(inspections: Iterable[Inspection]) -> list[Inspection]:
    """Locked, in the order of their keys, with what the paper says of them."""
    keys = [i.pk for i in inspections]
    people = ("unit", "executing_unit", "draw", "facility__unit")
    rows = list(
        Inspection.objects.select_for_update(of=("self",)).filter(pk__in=keys).select_related(*people).order_by("pk")
    )
    prefetch_related_objects(rows, "answers")
    return rows


def _refuse_without_items(inspections: list[Inspection], now: datetime) -> None:
    """Nobody is sent to a place where nothing may be checked (N-3, 七(一)4)."""
    unfit = checks_rules.unfit_of_each(inspections, now.date())
    for inspection in inspections:
        refuse_if(checks_rules.why_nothing_to_check(inspection, unfit[inspection.pk]))


def _asked(inspection: Inspection, facts: dict, by: User, at: datetime, **plan) -> CheckApproval:
    return CheckApproval(
        inspection=inspection, decided_in=inspection.unit, facts=facts, asked_by=by, asked_at=at, **plan
    )


def _ask(asked: list[CheckApproval], by: User, now: datetime) -> list[CheckApproval]:
    """Keep them under one number, and tell whoever decides first."""
    if not asked:
        return []
    unit = asked[0].inspection.unit
    no, bureau = _next_no(unit, now), rules.bureau_after(unit, now.date())
    firsts = rules.starts_in([row.inspection for row in asked], by, now.date())
    for row, first in zip(asked, firsts, strict=True):
        row.no, row.decided_in, row.then_in = no, first, bureau if first == unit else unit
    CheckApproval.objects.bulk_create(asked)
    _hand_on(asked, by, now)
    for number, about, checks in _lists(asked):
        trail.record("inspections.approval.asked", by=by, about=about, no=number, checks=checks)
    return asked


def _lists(rows: list[CheckApproval]) -> list[tuple[str, Inspection, int]]:
    """(number, one of its checks, how many) of each list, for one entry each: the trail names what is drawn by its draw only
    (decisions.md 6)."""
    lists: dict[str, list[CheckApproval]] = {}
    for row in rows:
        lists.setdefault(row.no, []).append(row)
    return [(no, mine[0].inspection, len(mine)) for no, mine in lists.items()]


def _next_no(unit: Unit, now: datetime) -> str:
    """210504-2026-P007; the unit's row orders two who ask at once."""
    numbers.lock_of(unit)
    return Numbering(f"{unit.code}-{now.year}-P", 3).next(CheckApproval.objects.all())


def _pass_on(rows: list[CheckApproval], by: User, now: datetime) -> None:
    """What one office approved goes on to the next, under the same number and the chain of the day it was asked for."""
    bureaus: dict[tuple, Unit | None] = {}

    def after(row: CheckApproval) -> Unit | None:
        """After the unit's leader the bureau, where the chain says so; after the bureau nobody."""
        unit, day = row.inspection.unit, localtime(row.asked_at).date()
        if row.then_in_id != unit.pk:
            return None
        if (unit.pk, day) not in bureaus:
            bureaus[unit.pk, day] = rules.bureau_after(unit, day)
        return bureaus[unit.pk, day]

    following = [
        CheckApproval(
            no=row.no,
            inspection=row.inspection,
            decided_in=row.then_in,
            then_in=after(row),
            facts=row.facts,
            asked_by=by,
            asked_at=now,
            first_day=row.first_day,
            last_day=row.last_day,
            minutes=row.minutes,
            notice_beforehand=row.notice_beforehand,
            notice_reason=row.notice_reason,
            made_up=row.made_up,
        )
        for row in rows
    ]
    CheckApproval.objects.bulk_create(following)
    _hand_on(following, by, now)


def _hand_on(rows: list[CheckApproval], by: User, now: datetime) -> None:
    """A duty of each office for each list."""
    for (no, decided_in), many in Counter((row.no, row.decided_in) for row in rows).items():
        duties.asked(no, decided_in, many, by, now)


def _tell(rows: list[CheckApproval], by: User, *, approve: bool) -> None:
    """Everybody who asked for it, at whatever step, is told once for the list how it ended; what goes on has not ended."""
    ended = {(row.no, row.inspection_id): row for row in rows if not (approve and row.then_in_id)}
    steps = CheckApproval.objects.filter(no__in={no for no, _ in ended}, inspection__in={pk for _, pk in ended})
    by_asker: dict[User, list[CheckApproval]] = {}
    for step in steps.exclude(asked_by=by).select_related("asked_by").order_by("pk"):
        if (row := ended.get((step.no, step.inspection_id))) and row not in by_asker.setdefault(step.asked_by, []):
            by_asker[step.asked_by].append(row)
    words = "已审批" if approve else "审批退回"
    for user, mine in by_asker.items():
        about, body = mine[0], "" if approve else f"改后重报。意见：{mine[0].opinion}"
        desk = user.units_with(Permission.SEE_SEALED) or offices_of(user)
        url = f"{reverse('inspections:approval-list')}?no={about.no}" if desk else about.inspection.field_url
        matter = coverage.goes_on_until(about.inspection)  # approved, it is to be done; given back, asked for anew
        tell_people([user.pk], f"{len(mine)} 件检查{words}（{about.no}）", body, url, matter, asks=False)
