"""The figures of reports, counted by the system (五-4j): never more than is public at that moment.

A check counts once its result is public or its draw is released (`known`), a result only when it is itself public; so a
report tells its reader nothing that the sealed list hides (decisions.md 3). Targeted checks stand apart and are never
counted as random ones (三-n).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from inspections.checks import known
from inspections.checks.states import NOT_CARRIED_OUT
from inspections.coverage.tally import UNFINISHED, Fate, Tally, picks_of, tallies, with_fate
from inspections.models import (
    Answer,
    CheckAnswer,
    InspectionStatus,
    Mode,
    Outcome,
    ReasonState,
    Source,
    UnfinishedReason,
)
from plans.models import HELD, Draw, DrawStatus, Pick, QuarterlyPlan
from plans.quarterly.late import late_words
from registry.frames import public_name
from registry.models import Category

from .periods import Period

# What follows from a result, in the words of the reports.
FOLLOWED = {
    "rectify": [Outcome.RECTIFY_ORDERED],
    "case": [Outcome.CASE_FILED],
    "transferred": [Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL],
    "pending": [Outcome.PENDING],
}


@dataclass(frozen=True)
class Check:
    """What of one known check is counted; of one whose result is not public only that it was carried out."""

    unit: int
    quarter: int
    category: str
    facility: int
    source: str
    mode: str
    public: bool
    carried_out: bool  # not 未能检查
    outcome: str
    found: bool
    in_time: bool
    workdays: int
    recorded: bool


def checks_of(units: Iterable[Unit], year: int, calendar: Calendar, number: int | None = None) -> list[Check]:
    """Every known check of these units in a quarter or a year, in one query."""
    found = CheckAnswer.objects.filter(inspection=OuterRef("pk"), answer=Answer.FOUND)
    rows = known.checks().filter(unit__in=list(units), year=year)
    if number:
        rows = rows.filter(number=number)
    return [_check(row, calendar) for row in rows.annotate(bad=Exists(found)).order_by("pk")]


def _check(row, calendar: Calendar) -> Check:
    public = row.status == InspectionStatus.PUBLISHED
    day = localtime(row.published_at).date() if public else None
    last = Quarter(row.year, row.number).close_due(calendar).date
    return Check(
        unit=row.unit_id,
        quarter=row.number,
        category=row.category,
        facility=row.facility_id,
        source=row.source,
        mode=row.mode,
        public=public,
        carried_out=row.outcome not in NOT_CARRIED_OUT,
        outcome=row.outcome if public else "",
        found=public and row.bad,
        in_time=public and day <= (min(row.publish_by, last) if row.source == Source.DRAW else row.publish_by),
        workdays=calendar.workdays_between(localtime(row.ended_at).date(), day) if public else 0,
        recorded=bool(row.recorder_no),
    )


def drawn_of(units: Iterable[Unit], year: int, number: int | None = None) -> dict[tuple[int, int, str], Tally]:
    """What became of the drawn, by unit, quarter and category; of a sealed list as far as results are public."""
    picks = Pick.objects.filter(draw__unit__in=list(units), draw__year=year)
    if number:
        picks = picks.filter(draw__number=number)
    return tallies(picks, "draw__unit", "draw__number", "category", circle=())


def of_quarter(unit: Unit, quarter: Quarter, calendar: Calendar) -> dict:
    """The figures of one unit's quarter as its report freezes them; a fixed number of queries."""
    checks = checks_of([unit], quarter.year, calendar, quarter.number)
    drawn = drawn_of([unit], quarter.year, quarter.number)
    draws = Draw.objects.filter(unit=unit, year=quarter.year, number=quarter.number, status__in=HELD)
    return {
        "draws": list(draws.order_by("serial").values_list("draw_id", flat=True)),
        **summed(checks, {key[2]: tally for key, tally in drawn.items()}),
        "reasons": reasons_of(unit, quarter),
        "late": late_words(unit, quarter, clock.today(), calendar),
        "sealed": not_public(unit, Period.of(quarter)),
    }


def counts_of(tally: Tally) -> dict[str, int]:
    """As a report freezes them."""
    return {
        "drawn": tally.drawn,
        "finished": tally.done,
        "not_possible": tally.not_possible,
        "replaced": tally.replaced,
        "unfinished": tally.not_done,
    }


def summed(checks: list[Check], drawn: dict[str, Tally]) -> dict:
    """Checks put together: the random ones by category and result, the targeted ones apart."""
    random = [c for c in checks if c.source == Source.DRAW]
    targeted = [c for c in checks if c.source != Source.DRAW and c.public]
    public = [c for c in random if c.public]
    outcomes = Counter(c.outcome for c in public)
    by_source = Counter(c.source for c in targeted)
    strata = [
        {
            "category": str(category),
            "name": category.label,
            **counts_of(drawn.get(category, Tally())),
            "public": sum(c.category == category for c in public),
        }
        for category in (Category.KEY, Category.GENERAL, Category.SPECIAL)
    ]
    carried_out = [c for c in random if c.carried_out]
    return {
        "strata": strata,
        **counts_of(sum(drawn.values(), Tally())),
        "public": len(public),
        "in_time": sum(c.in_time for c in public),
        "workdays": sum(c.workdays for c in public),
        "outcomes": [[str(o), o.label, outcomes[o]] for o in Outcome if outcomes[o]],
        "problems": sum(c.found for c in public),
        **{name: sum(outcomes[o] for o in which) for name, which in FOLLOWED.items()},
        "onsite": sum(c.mode == Mode.ONSITE for c in carried_out),
        "offsite": sum(c.mode == Mode.OFFSITE for c in carried_out),
        "document": sum(c.mode == Mode.DOCUMENT for c in carried_out),
        "recorded": sum(c.recorded for c in carried_out if c.mode == Mode.ONSITE),
        "targeted": len(targeted),
        "targeted_problems": sum(c.found for c in targeted),
        "targeted_sources": [[str(s), s.label, by_source[s]] for s in Source if by_source[s]],
    }


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
