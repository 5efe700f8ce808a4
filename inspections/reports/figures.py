"""The figures of reports, counted by the system (五-4j): never more than is public at that moment.

The counts are those of `inspections.indicators`, asked for as everybody may know them; so a report tells its reader nothing
that the sealed list hides (decisions.md 3).
"""

from datetime import date

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from inspections.coverage.tally import UNFINISHED, Fate, picks_of, with_fate
from inspections.indicators import counts, figures
from inspections.indicators.facts import Scope
from inspections.models import InspectionStatus, ReasonState, UnfinishedReason
from plans.models import HELD, Draw, DrawStatus, Pick, QuarterlyPlan
from plans.quarterly.late import late_words
from registry.frames import public_name

from .periods import Period


def of_quarter(unit: Unit, quarter: Quarter, calendar: Calendar) -> dict:
    """The figures of one unit's quarter as its report freezes them; a fixed number of queries."""
    scope = Scope.of([unit], quarter.year, quarter.number)
    held = Draw.objects.filter(unit=unit, year=quarter.year, number=quarter.number, status__in=HELD)
    return {
        "draws": list(held.order_by("serial").values_list("draw_id", flat=True)),
        **counts.of_unit(scope, unit.pk),
        "indicators": indicators_of(scope, unit),
        "reasons": reasons_of(unit, quarter),
        "late": late_words(unit, quarter, clock.today(), calendar),
        "sealed": not_public(unit, Period.of(quarter)),
    }


def indicators_of(scope: Scope, unit: Unit) -> list[dict]:
    """K1 to K23 of one unit, as the report locks them."""
    return [figure.as_data() for figure in figures.of_units(scope)[unit.pk]]


def reasons_of(unit: Unit, quarter: Quarter) -> list[dict]:
    """Whom a released draw names and nobody has checked, with the reason and whether the leader has approved it.

    Who was taken off as 季末没有查完 is one of them, and so is a place that somebody went to in vain.
    """
    left = (
        with_fate(picks_of(unit, quarter))
        .filter(draw__status=DrawStatus.RELEASED, fate__in=UNFINISHED)
        .select_related("facility")
        .order_by("facility__code")
    )
    reasons = {r.pick_id: r for r in UnfinishedReason.objects.filter(pick__in=left.values("pk"))}
    return [
        {
            "code": pick.facility.code,
            "name": public_name(pick.facility),
            "standing": Fate(pick.fate).label,
            "words": reasons[pick.pk].words if pick.pk in reasons else "",
            "approved": pick.pk in reasons and reasons[pick.pk].state == ReasonState.APPROVED,
        }
        for pick in left
    ]


def not_public(unit: Unit, period: Period) -> int:
    """How many of the drawn have no public result while their draw is sealed: everybody can count them."""
    sealed = Pick.objects.standing().filter(draw__unit=unit, draw__year=period.year, draw__status=DrawStatus.DRAWN)
    if period.number:
        sealed = sealed.filter(draw__number=period.number)
    return sealed.exclude(inspection__status=InspectionStatus.PUBLISHED).count()


def draws_not_held(unit: Unit, period: Period) -> bool:
    """Whether a list is being checked or sealed whose draw is still to come."""
    coming = Draw.objects.filter(unit=unit, year=period.year, status__in=[DrawStatus.PREPARED, DrawStatus.FROZEN])
    return (coming.filter(number=period.number) if period.number else coming).exists()


def had_begun(year: int, today: date) -> bool:
    """Whether the city had a plan in this system by that year; before, nothing here could be late."""
    first = QuarterlyPlan.objects.order_by("year").values_list("year", flat=True).first()
    return year >= (first or today.year)


def has_drawn(unit: Unit, period: Period) -> bool:
    held = Draw.objects.filter(unit=unit, year=period.year, status__in=HELD)
    return (held.filter(number=period.number) if period.number else held).exists()


def average_workdays(figures: dict) -> str:
    return f"{figures['workdays'] / figures['public']:.1f}" if figures["public"] else "—"
