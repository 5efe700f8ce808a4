"""Whether the places that are left will do for the coverage that is left (七(一)1-a, 1-b, 2-b; D-16, D-17, D-18).

For the circle of the unit alone: how many are left tells who was drawn (decisions.md 3).
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.shares import tenths
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.states import ENDED
from plans.draw.sealed import manifest_lines
from plans.models import Draw, Pick, QuarterlyPlan
from registry.models import Category

from .gaps import HELD, CoverageList, DrawnList, Gaps

WARN_FROM_QUARTER = 3  # D-17


@dataclass(frozen=True)
class KeyShare:
    """K5: the 重点 drawn in a quarter, and of them those that were checked, of all in the sealed list."""

    drawn: int
    done: int
    total: int

    @property
    def percent(self) -> float:
        return tenths(self.drawn, self.total) / 10 if self.total else 0.0


def key_share(listing: DrawnList) -> KeyShare | None:
    """None before a draw with 重点 has been held; three queries."""
    draw = Draw.objects.filter(
        unit=listing.unit, year=listing.quarter.year, number=listing.quarter.number, status__in=HELD
    ).first()
    total = sum(line.on_books for line in manifest_lines(draw) if line.category == Category.KEY) if draw else 0
    if not total:
        return None
    picks = Pick.objects.standing().filter(draw=draw, category=Category.KEY)
    states = list(picks.order_by("pk").values_list("inspection__status", flat=True))
    return KeyShare(len(states), sum(state in ENDED for state in states), total)


def why_key_behind(listing: CoverageList, today: date) -> str:
    """From the third quarter on: more 重点 left than the draws of the year have places (D-17)."""
    quarter = Quarter.of(today)
    if quarter.year != listing.last or quarter.number < WARN_FROM_QUARTER:
        return ""
    drawn = Pick.objects.standing().filter(draw__unit=listing.unit, draw__year=listing.last, draw__status__in=HELD)
    unseen = (
        listing.unsettled()
        .filter(category=Category.KEY)
        .exclude(pk__in=drawn.exclude(inspection__status__in=ENDED).values("facility"))
        .count()
    )
    places, quarters = places_left(listing, quarter)
    if unseen <= places:
        return ""
    if not quarters:
        return f"还有 {unseen} 家重点对象本年没有抽到，本年的抽取都已完成。年底前查不到的，逐家写明原因。"
    return (
        f"还有 {unseen} 家重点对象本年没有抽到，按现在的家数到年底只抽 {places} 家。"
        f"余下 {quarters} 次抽取每次至少 {-(-unseen // quarters)} 家，检查力量提前安排。"
    )


def places_left(listing: CoverageList, quarter: Quarter) -> tuple[int, int]:
    """Places for 重点 in the draws still to be held, and how many draws; without a plan, as many as in the draw before."""
    picks = Pick.objects.standing().filter(
        draw__unit=listing.unit, draw__year=quarter.year, draw__status__in=HELD, category=Category.KEY
    )
    drawn = Counter(picks.order_by().values_list("draw__number", flat=True))
    draws = Draw.objects.filter(unit=listing.unit, year=quarter.year, status__in=HELD)
    held = set(draws.values_list("number", flat=True))
    planned = dict(
        QuarterlyPlan.objects.filter(unit=listing.unit, year=quarter.year, strata__category=Category.KEY)
        .order_by("number")
        .values_list("number", "strata__planned")
    )
    places, quarters, usual = 0, 0, 0
    for number in range(1, 5):
        usual = drawn[number] if number in held else planned.get(number, usual)
        if number >= quarter.number and number not in held:
            places, quarters = places + usual, quarters + 1
    return places, quarters


def asked_by_year_end(listing: CoverageList, found: Gaps, today: date) -> int:
    """K7: a third of the cycle's roster in the first year, two in the second, all in the last."""
    years = listing.last - listing.first + 1
    passed = min(max(today.year, listing.first), listing.last) - listing.first + 1
    return -(-found.total * passed // years)
