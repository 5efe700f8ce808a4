"""Plans that were late and draws after the 10th, with their reasons: what the quarter's 通报 says of them (五-2c, ui.md 6.3)."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, is_over
from plans.models import Draw, DrawStatus, Filing, FilingKind, QuarterlyPlan


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

    @property
    def words(self) -> str:
        return f"计划晚 {self.days} 天报送" if self.sent else f"计划已逾期 {self.days} 天"


def first_sent(quarter: Quarter) -> dict[int, datetime]:
    """Unit → when the first version of its plan was public and sent: by that day it is in time, whatever is changed later (D-3)."""
    filed = Filing.objects.of(quarter).filter(kind=FilingKind.PLAN, revision=1).order_by("-asked_at")
    return dict(filed.values_list("unit_id", "asked_at"))


def late_plans(quarter: Quarter, today: date, calendar: Calendar) -> list[LatePlan]:
    """Every unit whose plan was not public and sent by the 5th; three queries."""
    due = quarter.plan_due(calendar).date
    sent = {unit: localtime(at).date() for unit, at in first_sent(quarter).items()}
    reasons = dict(QuarterlyPlan.objects.of(quarter).values_list("unit_id", "late_reason"))
    found = []
    for unit in Unit.objects.working(quarter):
        on = sent.get(unit.pk, today)
        if is_over(due, on):
            reason = reasons.get(unit.pk) or ""
            found.append(LatePlan(unit.code, unit.short_name, (on - due).days, reason, unit.pk in sent))
    return found


@dataclass(frozen=True)
class LateDraw:
    """`days` after the last day for drawing on which a draw was held, on which its public plan sets it, or that it is late
    today: `how` is held, planned or waiting. The reason is the draw's own, or the plan's that set it so late.
    """

    code: str
    unit: str
    draw_on: str
    days: int
    how: str
    reason: str

    def as_data(self) -> dict:
        return asdict(self)

    @property
    def words(self) -> str:
        said = {"held": "抽取晚 {} 天", "planned": "抽取定在期限以后 {} 天", "waiting": "抽取已逾期 {} 天"}
        return said[self.how].format(self.days)


def late_draws(quarter: Quarter, today: date, calendar: Calendar) -> list[LateDraw]:
    """Every unit with a public plan that draws, or has drawn, later than the plan of the city allows (七(二)-a); two queries."""
    due = quarter.draw_due(calendar).date
    plans = QuarterlyPlan.objects.of(quarter).filter(published_at__isnull=False).select_related("unit")
    draws = Draw.objects.filter(year=quarter.year, number=quarter.number).exclude(status=DrawStatus.ABORTED)
    of_plan = {draw.plan_id: draw for draw in draws}
    found = []
    for plan in plans.order_by("unit__code"):
        draw, planned = of_plan.get(plan.pk), localtime(plan.draw_at).date()
        if draw and draw.drawn_at:
            on, how, reason = localtime(draw.drawn_at).date(), "held", draw.late_reason
        else:
            on, how, reason = max(planned, today), "waiting" if today > planned else "planned", ""
        if is_over(due, on):
            reason = reason or (plan.late_reason if planned > due else "")
            found.append(LateDraw(plan.unit.code, plan.unit.short_name, on.isoformat(), (on - due).days, how, reason))
    return found


def late_words(unit: Unit, quarter: Quarter, today: date, calendar: Calendar) -> list[str]:
    """What of one unit was late, each with its reason, as its report says it."""
    found = [*late_plans(quarter, today, calendar), *late_draws(quarter, today, calendar)]
    return [f"{one.words}，{one.reason or '没有写明原因'}" for one in found if one.code == unit.code]
