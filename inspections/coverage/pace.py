"""Whether the places that are left will do for the coverage that is left (七(一)1-a, 1-b, 2-b; D-16, D-17, D-18).

For the circle of the unit alone: how many are left tells who was drawn (decisions.md 3).
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.shares import KeyShare, percent
from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw.sealed import on_books
from plans.models import HELD, Draw, Pick, QuarterlyPlan
from plans.quotas.quotas import Pool, pools, unseen_words
from registry.models import Category

from .gaps import CoverageList, DrawnList, Gaps
from .tally import Tally, tallies

WARN_FROM_QUARTER = 3  # D-17


def key_shares(
    draws: Iterable[Draw], circle: Collection | None = None, found: Mapping[tuple, Tally] | None = None
) -> dict[int, KeyShare]:
    """Of the draws that were held from a list with 重点, by unit; two queries. `circle` as `tally.with_fate` takes it; `found`:
    their tallies by draw, category and whether they stand, where the page has them already.
    """
    held = {draw.pk: draw for draw in draws if draw.status in HELD}
    totals = on_books(held.values(), Category.KEY)
    if found is None:
        picks = Pick.objects.filter(draw__in=held, category=Category.KEY)
        found = tallies(picks, "draw", "category", "stands", circle=circle)
    shares = {}
    for pk, total in totals.items():
        if total:
            stands = found.get((pk, Category.KEY, True), Tally())
            quarter = Quarter(held[pk].year, held[pk].number)
            shares[held[pk].unit_id] = KeyShare.of(stands.drawn, stands.done, total, quarter.first_day)
    return shares


def key_share(listing: DrawnList) -> KeyShare | None:
    """None before a draw with 重点 has been held; three queries."""
    draws = Draw.objects.filter(unit=listing.unit, year=listing.quarter.year, number=listing.quarter.number)
    return key_shares(draws.filter(status__in=HELD)).get(listing.unit.pk)


def why_replaced_often(whole: Tally, quarter: Quarter) -> str:
    """K12, where it is over what is ordinary ("" = it is not)."""
    if not whole.replaced_too_often(quarter):
        return ""
    alert = policy.on(quarter.first_day).recommended.amendment_alert_percent
    share = percent(whole.replaced, whole.drawn)
    return f"抽取 {whole.drawn} 家，更换 {whole.replaced} 家，占 {share}，超过 {alert}%。逐次核对更换的依据。"


def why_key_behind(listing: CoverageList, today: date) -> str:
    """From the third quarter on: more 重点 left than the draws of the year have places (D-17)."""
    quarter = Quarter.of(today)
    if quarter.year != listing.last or quarter.number < WARN_FROM_QUARTER:
        return ""
    places, quarters = places_left(listing, quarter)
    pool = key_pool(listing.unit, quarter, today)
    if places >= pool.U:
        return ""
    left = f"还有 {pool.U} 家重点对象本年没有抽到{unseen_words(pool)}"
    if not quarters:
        return f"{left}，本年的抽取都已完成。年底前查不到的，逐家写明原因。"
    return (
        f"{left}，按现在的家数到年底只抽 {places} 家。"
        f"余下 {quarters} 次抽取每次至少 {-(-pool.U // quarters)} 家，检查力量提前安排。"
    )


def key_pool(unit: Unit, quarter: Quarter, today: date) -> Pool:
    """The 重点 of the next draw of the year, counted as its plan counts them; of the last one when all are held."""
    held = set(Draw.objects.filter(unit=unit, year=quarter.year, status__in=HELD).values_list("number", flat=True))
    coming = next((n for n in range(quarter.number, 5) if n not in held), quarter.number)
    plan = QuarterlyPlan.objects.filter(unit=unit, year=quarter.year, number=coming).first()
    out = plan.positive_out if plan else False
    return pools(unit, Quarter(quarter.year, coming), [], positive_out=out, today=today)[Category.KEY]


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
