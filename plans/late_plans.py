"""Plans that were late, with their reasons: what the quarter's 通报 says of them (五-2c, ui.md 6.3)."""

from dataclasses import asdict, dataclass
from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter

from .models import Filing, FilingKind, QuarterlyPlan


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
        .order_by("-sent_at")
        .values_list("unit_id", "sent_at")
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
