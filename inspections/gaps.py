"""What is left: the drawn checks of a quarter, the key facilities of a year (六(一)2-g, 七(一)1-b, K6).

Only for the circle of decisions.md 3 of the unit itself: what is missing tells who was drawn.
"""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Quarter
from plans.models import Pick
from registry.models import Category, Facility

from .frequency import inspections_known_to, picks_known_to
from .models import CoverageReason, Source, UnfinishedReason
from .rules import NOT_CARRIED_OUT
from .states import ENDED


@dataclass(frozen=True)
class Line:
    """One facility without its check, with the reason if one is written."""

    key: int
    facility: Facility
    about: str
    reason: UnfinishedReason | CoverageReason | None
    targeted: bool = False


@dataclass
class Gaps:
    done: int = 0
    total: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def share(self) -> float:
        return round(100 * self.done / self.total, 1) if self.total else 0.0

    @property
    def without_reason(self) -> int:
        return sum(line.reason is None for line in self.lines)


def gaps_of_quarter(user, unit: Unit | None, quarter: Quarter) -> Gaps:
    """Finished of the drawn; a pick that an amendment took off is not one of them."""
    if not in_circle(user, unit):
        return Gaps()
    picks = picks_known_to(user).filter(draw__unit=unit, draw__year=quarter.year, draw__number=quarter.number)
    left = (
        picks.exclude(inspection__status__in=ENDED)
        .select_related("facility", "inspection")
        .order_by("facility__code", "pk")
    )
    reasons = _by_key(UnfinishedReason.objects.visible_to(user).filter(pick__in=left.values("pk")), "pick_id")
    lines = [Line(p.pk, p.facility, _standing_of(p), reasons.get(p.pk)) for p in left]
    total = picks.count()
    return Gaps(total - len(lines), total, lines)


def _standing_of(pick: Pick) -> str:
    inspection = getattr(pick, "inspection", None)
    return inspection.get_status_display() if inspection else "待派发"


def gaps_of_year(user, unit: Unit | None, year: int, today: date) -> Gaps:
    """K6: with a key ground, checked by a drawn check or one of 七(一)3; who was not is listed from October on."""
    if not in_circle(user, unit):
        return Gaps()
    checks = (
        inspections_known_to(user)
        .filter(facility=OuterRef("pk"), source__in=[Source.DRAW, Source.SPECIAL_FACILITY])
        .filter(ended_at__year=year, status__in=ENDED)
        .exclude(outcome__in=NOT_CARRIED_OUT)
    )
    key = (
        Facility.objects.visible_to(user)
        .filter(unit=unit)
        .on_books()
        .filter(Q(category=Category.KEY) | Q(has_key_ground=True), entered_on__year__lte=year)
        .annotate(checked=Exists(checks))
    )
    found = Gaps(key.filter(checked=True).count(), key.count())
    if gaps_are_listed(year, today):
        left = key.filter(checked=False).order_by("code")
        reasons = _by_key(CoverageReason.objects.visible_to(user).filter(facility__unit=unit, year=year), "facility_id")
        found.lines = [
            Line(f.pk, f, f.get_status_display(), reasons.get(f.pk), f.category == Category.SPECIAL) for f in left
        ]
    return found


def gaps_are_listed(year: int, today: date) -> bool:
    return today >= listed_from(year)


def listed_from(year: int) -> date:
    """The day from which who was not checked in the year is listed (decisions.md 1)."""
    return date(year, policy.on(date(year, 12, 31)).recommended.coverage_gaps_from_month, 1)


def in_circle(user, unit: Unit | None) -> bool:
    return unit is not None and user.may(Permission.SEE_SEALED, unit)


def _by_key(reasons, name: str) -> dict:
    return {getattr(r, name): r for r in reasons.select_related("entered_by", "approved_by")}
