"""Who was drawn before, as a draw counts it: `times` and `seen` (SSJ1 3.3, 七(一)4).

Read by the plan's arithmetic and by the freeze. What it returns says who was drawn, so a page may show of it only
what the reader's circle allows (decisions.md 3); for everybody else ask with `released_only=True`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q, QuerySet

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from plans.carry.models import carried
from plans.models import DrawStatus, Pick, PlanItem
from registry.models import Category


@dataclass(frozen=True)
class Past:
    """Facilities (primary keys) by what earlier draws did with them."""

    times: dict[int, int]  # in the calendar year, the most over the items asked for
    this_year: frozenset[int]  # drawn in the calendar year, for whatever items
    this_cycle: frozenset[int]  # drawn in the coverage cycle of general facilities
    this_quarter: dict[int, str]  # standing in this quarter already → category when drawn
    carried_now: frozenset[int] = (
        frozenset()
    )  # checked in this quarter before first use: in no list, and not drawn again

    @property
    def met(self) -> frozenset[int]:
        """Whoever any of it is about."""
        return self.this_cycle.union(self.this_year, self.times, self.this_quarter, self.carried_now)

    def times_of(self, facility: int) -> int:
        return self.times.get(facility, 0)

    def has_seen(self, facility: int, category: str) -> bool:
        """SSJ1 `seen`: 重点 by the year, 一般 by the cycle, 特殊 never."""
        if category == Category.KEY:
            return facility in self.this_year
        return category == Category.GENERAL and facility in self.this_cycle

    def standing(self, category: str) -> int:
        """SSJ1 `P`: objects of this category already standing in this quarter."""
        return sum(drawn_as == category for drawn_as in self.this_quarter.values())


def seen_and_times(
    unit: Unit,
    quarter: Quarter,
    items: Iterable[str],
    *,
    released_only: bool = False,
    before: Quarter | None = None,
) -> Past:
    """Count the standing picks of the unit's facilities in earlier draws of any unit; two queries.

    `items` are the codes of the draw in hand: `times` counts, item by item, the draws that contained it. `before`
    leaves out draws of that quarter and later ones, for looking back at a plan whose draw is over.
    """
    cycle_from, _ = policy.on(quarter.first_day).coverage_cycle(quarter.year)
    picks = Pick.objects.standing().filter(
        facility__unit=unit,
        draw__status__in=[DrawStatus.RELEASED] if released_only else [DrawStatus.DRAWN, DrawStatus.RELEASED],
        draw__year__gte=cycle_from,
        draw__year__lte=quarter.year,
    )
    rows = (
        _earlier(picks, before)
        .values_list("facility_id", "category", "draw__year", "draw__number", "draw__plan_id")
        .order_by()
    )
    found = [PastPick(*row) for row in rows]
    codes_of_plan: dict[int, set[str]] = {}
    contained = PlanItem.objects.filter(
        Q(key=True) | Q(general=True) | Q(special=True),
        plan__in={pick.plan for pick in found if pick.year == quarter.year},
        item__code__in=set(items),
    )
    for plan, code in contained.values_list("plan_id", "item__code"):
        codes_of_plan.setdefault(plan, set()).add(code)

    return reckon(found, codes_of_plan, quarter, _carried(unit, quarter, cycle_from, before), set(items))


class CarriedPick(NamedTuple):
    """One line of the CARRY about a facility of the unit (SSJ1 10)."""

    facility: int
    year: int
    number: int
    items: tuple[str, ...]


def _carried(unit: Unit, quarter: Quarter, first_year: int, before: Quarter | None) -> list[CarriedPick]:
    """The chain's CARRY for the unit's facilities, as far as the cycle reaches back; public, so nobody is kept from it."""
    until = before.previous() if before is not None else quarter
    lines = [old for old in carried() if (first_year, 1) <= (old.year, old.quarter) <= (until.year, until.number)]
    if not lines:
        return []
    of_code = dict(unit.facilities.filter(code__in={old.id for old in lines}).values_list("code", "pk"))
    return [CarriedPick(of_code[old.id], *old[1:]) for old in lines if old.id in of_code]


def reserved_in_secret(unit: Unit, quarter: Quarter, *, before: Quarter | None = None) -> dict[str, int]:
    """By category, the reserved places of draws whose names are not public yet; one query.

    How many there are stands in the public manifest, and each of them reached somebody not seen before (SSJ1 4, 6.2);
    so this many are seen, whoever they are. What the free places met besides is known with the names.
    """
    cycle_from, _ = policy.on(quarter.first_day).coverage_cycle(quarter.year)
    places = Pick.objects.standing().filter(
        slot="R",
        draw__unit=unit,
        draw__status=DrawStatus.DRAWN,
        draw__year__gte=cycle_from,
        draw__year__lte=quarter.year,
    )
    rows = _earlier(places, before).order_by().values_list("category", "draw__year")
    return Counter(category for category, year in rows if category != Category.KEY or year == quarter.year)


def _earlier(picks: QuerySet, before: Quarter | None) -> QuerySet:
    if before is None:
        return picks
    return picks.filter(Q(draw__year__lt=before.year) | Q(draw__year=before.year, draw__number__lt=before.number))


class PastPick(NamedTuple):
    """One standing pick of an earlier draw, which had the items of its plan."""

    facility: int
    category: str
    year: int
    number: int
    plan: int


def reckon(
    picks: Iterable[PastPick],
    codes_of_plan: Mapping[int, set[str]],
    quarter: Quarter,
    carried: Iterable[CarriedPick] = (),
    asked: Iterable[str] = (),
) -> Past:
    """SSJ1 3.3 on picks of the coverage cycle; `codes_of_plan` holds only the items that are `asked` for.

    A line of the CARRY counts for `times` and `seen` like a pick, and never for `P`.
    """
    picks, carried, asked = list(picks), list(carried), set(asked)
    carried_this_year = [old for old in carried if old.year == quarter.year]
    this_year = [pick for pick in picks if pick.year == quarter.year]
    per_item: Counter[tuple[int, str]] = Counter()
    for pick in this_year:
        per_item.update((pick.facility, code) for code in codes_of_plan.get(pick.plan, ()))
    for old in carried_this_year:
        per_item.update((old.facility, code) for code in asked.intersection(old.items))
    times: dict[int, int] = {}
    for (facility, _), count in per_item.items():
        times[facility] = max(count, times.get(facility, 0))
    return Past(
        times=times,
        this_year=frozenset(pick.facility for pick in (*this_year, *carried_this_year)),
        this_cycle=frozenset(pick.facility for pick in (*picks, *carried)),
        this_quarter={pick.facility: pick.category for pick in this_year if pick.number == quarter.number},
        carried_now=frozenset(old.facility for old in carried_this_year if old.number == quarter.number),
    )
