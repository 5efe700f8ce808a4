"""动态调整正面清单: who should leave it, by the thresholds of the policy (七(三)-d, -e)."""

from datetime import date, datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from registry.facilities.rules import why_not_edit_facility
from registry.models import ComplianceEvent, EventKind, ExitState, PositiveExit, PositiveListEntry


def window_start(today: date) -> date:
    """The first day of the months that count."""
    months = policy.on(today).recommended.positive_exit_window_months
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, 28))


def reasons(events: list[ComplianceEvent], today: date) -> str:
    """Why these events ask for an exit, in words; "" when they do not."""
    law = policy.on(today).recommended
    least = {
        EventKind.MONITORING: law.positive_exit_monitoring_count,
        EventKind.PENALTY: law.positive_exit_penalty_count,
        EventKind.CREDIT: law.positive_exit_credit_count,
    }
    counts = {kind: sum(e.kind == kind for e in events) for kind in EventKind}
    found = [f"{kind.label} {n} 次" for kind, n in counts.items() if n >= least[kind]]
    return f"{law.positive_exit_window_months} 个月内" + "、".join(found) if found else ""


def propose_exits(at: datetime) -> int:
    """Propose every listed facility over a threshold, once for the same events; return how many are new."""
    today = localtime(at).date()
    listed = PositiveListEntry.objects.filter(valid_to__isnull=True).values("facility")
    by_facility: dict[int, list[ComplianceEvent]] = {}
    for event in ComplianceEvent.objects.filter(facility__in=listed, day__gt=window_start(today)).order_by("day", "pk"):
        by_facility.setdefault(event.facility_id, []).append(event)
    earlier: dict[int, list[PositiveExit]] = {}
    for old in PositiveExit.objects.filter(facility__in=by_facility):
        earlier.setdefault(old.facility_id, []).append(old)
    new = []
    for facility, events in by_facility.items():
        past = earlier.get(facility, [])
        known = {pk for old in past for pk in old.events}
        # What was turned down is not asked again until something new happens.
        if any(old.waits for old in past) or {e.pk for e in events} <= known:
            continue
        if words := reasons(events, today):
            new.append(PositiveExit(facility_id=facility, events=[e.pk for e in events], words=words, asked_at=at))
    PositiveExit.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def why_not_enter(facility, user, *, number: str, source: str, day: date, today: date) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if day > today:
        return f"发生日期不能晚于今天（{full_date(today)}）。"
    return why_not_reason(number, "文号或编号") or ("" if source.strip() else "写明来源。")


def why_not_decide(proposal: PositiveExit, user) -> str:
    """The job proposes; who entered what it rests on counts as who asked."""
    own = "录入依据的人不能自己决定，由另一位负责人办理。"
    obstacle = decision.why_not_decide(
        proposal,
        user,
        may=user.may(Permission.APPROVE_REGISTRY, proposal.facility.unit_id),
        role="由本单位的分管负责人决定。",
        own=own,
        over={state: f"这条建议{state.label}，不用再办。" for state in ExitState},
    )
    if not obstacle and ComplianceEvent.objects.filter(pk__in=proposal.events, entered_by=user).exists():
        return own
    return obstacle
