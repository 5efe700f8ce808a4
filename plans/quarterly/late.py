"""Plans that were late and draws set after the 10th, with their reasons: what the quarter's 通报 says of them (五-2c, ui.md 6.3)."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from plans.models import Filing, FilingKind, PlanStatus, QuarterlyPlan


@dataclass(frozen=True)
class LatePlan:
    """`days` after the 5th on which the first version was sent to the lead office, or how many it is late today."""

    code: str
    unit: str
    days: int
    reason: str
    sent: bool

    def as_data(self) -> dict:
        return asdict(self)


def late_plans(quarter: Quarter, today: date, calendar: Calendar) -> list[LatePlan]:
    """Every unit whose plan was not public and sent by the 5th; three queries."""
    due = quarter.plan_due(calendar).date
    first_sent: dict[int, date] = {}
    for unit, at in (
        Filing.objects.of(quarter)
        .filter(kind=FilingKind.PLAN, revision=1)
        .order_by("-asked_at")
        .values_list("unit_id", "asked_at")
    ):
        first_sent[unit] = localtime(at).date()
    reasons = dict(QuarterlyPlan.objects.of(quarter).values_list("unit_id", "late_reason"))
    found = []
    for unit in Unit.objects.drawing():
        on = first_sent.get(unit.pk, today)
        if on > due:
            reason = reasons.get(unit.pk) or ""
            found.append(LatePlan(unit.code, unit.short_name, (on - due).days, reason, unit.pk in first_sent))
    return found


@dataclass(frozen=True)
class LateDraw:
    """`days` after the last day for drawing on which a public plan sets its draw, with the reason that the plan gives."""

    code: str
    unit: str
    draw_on: str
    days: int
    reason: str

    def as_data(self) -> dict:
        return asdict(self)


def late_draws(quarter: Quarter, calendar: Calendar) -> list[LateDraw]:
    """Every unit whose public plan sets the draw later than the plan of the city allows (七(二)-a); one query."""
    due = quarter.draw_due(calendar).date
    plans = QuarterlyPlan.objects.of(quarter).filter(status=PlanStatus.PUBLISHED).select_related("unit")
    found = []
    for plan in plans.order_by("unit__code"):
        on = localtime(plan.draw_at).date()
        if on > due:
            found.append(
                LateDraw(plan.unit.code, plan.unit.short_name, on.isoformat(), (on - due).days, plan.late_reason)
            )
    return found
