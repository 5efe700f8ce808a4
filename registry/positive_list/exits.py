"""动态调整正面清单: who should leave it, by the thresholds of the policy (七(三)-d, -e)."""

from calendar import monthrange
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_paper_number
from benxi_shuangsuiji.workdays.days import full_date
from registry import questions
from registry.facilities.rules import why_not_edit_facility
from registry.models import (
    ComplianceEvent,
    EventKind,
    ExitState,
    FacilityRating,
    ImportBatch,
    MonitoringMonth,
    PositiveExit,
    PositiveListEntry,
    Rating,
    VocabularyTerm,
)

from . import months

MONTH = "month:"  # what the key of a month's count begins with
OWN = "录入依据的人不能自己决定，由牵头部门的另一人办理。"


def window_start(today: date) -> date:
    """The day after which it counts."""
    months = policy.on(today).recommended.positive_exit_window_months
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Sign:
    """One thing that speaks against staying; `key` names it for good."""

    facility: int
    kind: str
    key: int | str
    times: int = 1  # of a month that was counted as a whole


def signs(facilities: Collection[int], today: date) -> list[Sign]:
    """What was entered, what the ratings and the public results of checks say, of the months that count (七(三)-d)."""
    since = window_start(today)
    # A month was counted as a whole and says no days: it counts until its last day is out of the window (decision 0103).
    oldest = (since + timedelta(days=1)).replace(day=1)
    events = ComplianceEvent.objects.filter(facility__in=facilities, day__gt=since).order_by("day", "pk")
    counted = {(m.facility_id, m.month): m for m in months.standing(facilities) if m.month >= oldest}
    single = Counter((e.facility_id, e.day.replace(day=1)) for e in events if e.kind == EventKind.MONITORING)
    # A month's count has its single ones in it: whichever says more is taken, never both.
    whole = {key: m for key, m in counted.items() if m.times and m.times >= single[key]}
    found = [
        Sign(event.facility_id, event.kind, event.pk)
        for event in events
        if event.kind != EventKind.MONITORING or (event.facility_id, event.day.replace(day=1)) not in whole
    ]
    found += [Sign(m.facility_id, EventKind.MONITORING, f"{MONTH}{m.pk}", m.times) for m in whole.values()]
    found += _downgrades(facilities, since)
    results = questions.ask.adverse_results(facilities, since)
    return found + [Sign(facility, kind, f"check:{number}") for facility, kind, number in results]


def by_place(facilities: Collection[int], today: date) -> dict[int, list[Sign]]:
    found: dict[int, list[Sign]] = {}
    for sign in signs(facilities, today):
        found.setdefault(sign.facility, []).append(sign)
    return found


def _downgrades(facilities: Collection[int], since: date) -> list[Sign]:
    """环境信用评价 that fell below the one of the period before."""
    ranks = dict(VocabularyTerm.objects.filter(kind=Rating.CREDIT).values_list("code", "rank"))
    rows = FacilityRating.objects.filter(facility__in=facilities, kind=Rating.CREDIT)
    newest: dict[int, dict[int, FacilityRating]] = {}  # facility → year → the row that holds, an emptied level too
    for row in rows.order_by("year", "pk"):
        newest.setdefault(row.facility_id, {})[row.year] = row
    return [
        Sign(facility, EventKind.CREDIT, f"rating:{after.pk}")
        for facility, years in newest.items()
        for before, after in pairwise(row for row in years.values() if row.code in ranks)
        if ranks[after.code] > ranks[before.code] and localtime(after.entered_at).date() > since
    ]


def reasons(found: Collection[Sign], today: date) -> str:
    """Why these ask for an exit, in words; "" when they do not."""
    law = policy.on(today).recommended
    least = {
        EventKind.MONITORING: law.positive_exit_monitoring_count,
        EventKind.PENALTY: law.positive_exit_penalty_count,
        EventKind.CREDIT: law.positive_exit_credit_count,
        EventKind.CASE: law.positive_exit_case_count,
        EventKind.ORDER: law.positive_exit_order_count,
    }
    counts = {kind: sum(sign.times for sign in found if sign.kind == kind) for kind in EventKind}
    words = [f"{kind.label} {n} 次" for kind, n in counts.items() if n >= least[kind]]
    return f"{law.positive_exit_window_months} 个月内" + "、".join(words) if words else ""


def propose_exits(at: datetime, among: Collection[int] | None = None) -> int:
    """Propose every listed facility over a threshold, once for the same signs; return how many are new.

    The month's round asks of all, an import of those whom it counted: one rule.
    """
    today = localtime(at).date()
    entries = PositiveListEntry.objects.filter(valid_to__isnull=True)
    if among is not None:
        entries = entries.filter(facility__in=among)
    by_facility = by_place(list(entries.values_list("facility", flat=True)), today)
    earlier: dict[int, list[PositiveExit]] = {}
    for old in PositiveExit.objects.filter(facility__in=by_facility):
        earlier.setdefault(old.facility_id, []).append(old)
    new = []
    for facility, found in by_facility.items():
        past = earlier.get(facility, [])
        # What was turned down is not asked again until something new happens; what ended by itself nobody turned down.
        known = {key for old in past if old.state != ExitState.ENDED for key in old.events}
        if any(old.waits for old in past) or {sign.key for sign in found} <= known:
            continue
        if words := reasons(found, today):
            events = [sign.key for sign in found]
            new.append(PositiveExit(facility_id=facility, events=events, words=words[:200], asked_at=at))
    PositiveExit.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def enter_months(batch: ImportBatch, by: User, now: datetime, progress) -> None:
    """Counts of a month, and at once what they ask for: the next round may be four weeks away (七(三)-d)."""
    months.enter(batch, by, now, progress)
    propose_exits(now, set(MonitoringMonth.objects.filter(batch=batch).values_list("facility", flat=True)))


def why_not_enter(facility, user, *, number: str, source: str, day: date, today: date) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if day > today:
        return f"发生日期不能晚于今天（{full_date(today)}）。"
    return why_not_paper_number(number, "文号或编号") or ("" if source.strip() else "写明来源。")


def why_not_decide(proposal: PositiveExit, user) -> str:
    """The job proposes; who entered what it rests on counts as who asked."""
    obstacle = decision.why_not_decide(
        proposal,
        user,
        may=user.may(Permission.DECIDE_POSITIVE_LIST, proposal.facility.unit_id),
        role="正面清单由牵头部门决定。",
        own=OWN,
        over={state: f"这条建议{state.label}，不用再办。" for state in ExitState},
    )
    return obstacle or (OWN if _entered(proposal.events, user) else "")


def why_not_approve(proposal: PositiveExit, user, found: Collection[Sign], today: date) -> str:
    """An exit needs its ground on the day it is decided: `found` are the signs of today, after corrections and withdrawals."""
    if obstacle := why_not_decide(proposal, user):
        return obstacle
    if not reasons(found, today):
        return (
            "提出以后登记的次数有更正、撤回或者过了期限，现在达不到移出的条件，不能批准移出。写明意见，按【不移出】。"
        )
    return OWN if _entered([sign.key for sign in found], user) else ""


def _entered(keys: Collection[int | str], user) -> bool:
    """Whether one of the events or monthly counts is his."""
    entered = [key for key in keys if isinstance(key, int)]
    imported = [key.removeprefix(MONTH) for key in keys if isinstance(key, str) and key.startswith(MONTH)]
    return (
        ComplianceEvent.objects.filter(pk__in=entered, entered_by=user).exists()
        or MonitoringMonth.objects.filter(pk__in=imported, entered_by=user).exists()
    )
