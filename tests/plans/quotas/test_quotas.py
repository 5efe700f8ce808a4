"""The arithmetic of SSJ1 4 on the registry, and what earlier draws count for (SSJ1 3.3–3.7)."""

from datetime import date

import pytest

from benxi_shuangsuiji.workdays.days import Quarter
from plans.quotas import history, kinds, quotas
from registry.models import Category, OperatingStatus
from tests.factories import make_facility, make_listed, make_unit
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import Q3

TODAY = date(2026, 7, 6)
db = pytest.mark.django_db


@db
@pytest.mark.clause("七(一)1-a")
def test_counts_leave_out_what_is_off_the_books_and_what_cannot_be_drawn():
    unit, S = make_unit(), OperatingStatus
    for status in (
        S.OPERATING,
        S.BUILDING,
        S.SUSPENDED,
        S.SEASONAL,
        S.LONG_SUSPENDED,
        S.CLOSED,
        S.CANCELLED,
        S.MOVED_OUT,
    ):
        make_facility(unit, category=Category.KEY, status=status)
    make_facility(make_unit("210503"), category=Category.KEY)

    pool = quotas.pools(unit, Q3, ["A01"], positive_out=False, today=TODAY)["key"]

    assert (pool.N, pool.A, pool.U, pool.halted) == (5, 2, 2, 3)


@db
def test_positive_list_facilities_stay_in_off_site_unless_the_plan_takes_them_out():
    unit = make_unit()
    listed, left, plain = (make_facility(unit) for _ in range(3))
    make_listed(listed, valid_from=date(2026, 1, 1))
    make_listed(left, valid_from=date(2025, 1, 1), valid_to=TODAY)

    kept = quotas.pools(unit, Q3, [], positive_out=False, today=TODAY)["general"]
    taken_out = quotas.pools(unit, Q3, [], positive_out=True, today=TODAY)["general"]

    assert (kept.N, kept.A, kept.offsite, kept.left_out) == (3, 3, 1, 0)
    assert (taken_out.N, taken_out.A, taken_out.offsite, taken_out.left_out) == (3, 2, 0, 1)
    rows = kinds.pool_rows(unit, past_of(), positive_out=False, cap=2, today=TODAY)
    assert {row.facility: row.kind.mode for row in rows} == {
        listed.pk: "offsite",
        left.pk: "onsite",
        plain.pk: "onsite",
    }


def past_of(*picks, items=None, quarter=Q3):
    """Past from (facility, category, quarter) triples; each quarter is one plan with these items."""
    items = items or {}
    found = [
        history.PastPick(facility, category, when.year, when.number, plan=when.year * 10 + when.number)
        for facility, category, when in picks
    ]
    codes = {plan: items.get(Quarter(plan // 10, plan % 10), {"A01"}) for plan in {pick.plan for pick in found}}
    return history.reckon(found, codes, quarter)


Q1, Q2 = Quarter(2026, 1), Quarter(2026, 2)


@db
@pytest.mark.clause("七(一)4-c")
@pytest.mark.clause("七(一)4-d")
def test_twice_drawn_in_the_year_is_out_except_for_special_facilities():
    unit = make_unit()
    key, general, special = (make_facility(unit, category=c) for c in ("key", "general", "special"))
    past = past_of(
        *((f.pk, f.category, Q1) for f in (key, general, special)), *((f.pk, f.category, Q2) for f in (key, special))
    )

    rows = {
        row.facility: (row.times, row.kind.seen, row.kind.state)
        for row in kinds.pool_rows(unit, past, positive_out=False, cap=2, today=TODAY)
    }

    assert rows == {key.pk: (2, True, "out:CAP"), general.pk: (1, True, "in"), special.pk: (2, False, "in")}


@db
def test_what_stands_in_this_quarter_already_is_not_drawn_again_except_special():
    unit = make_unit()
    key, special = (make_facility(unit, category=c) for c in ("key", "special"))
    past = past_of((key.pk, "key", Q3), (special.pk, "special", Q3))

    rows = kinds.pool_rows(unit, past, positive_out=False, cap=2, today=TODAY)

    assert {row.facility: row.kind.state for row in rows} == {key.pk: "out:NOW", special.pk: "in"}
    assert (past.standing("key"), past.standing("special"), past.standing("general")) == (1, 1, 0)


@pytest.mark.clause("七(一)4-c")
def test_times_count_item_by_item_and_the_most_stands():
    once_each = past_of((1, "key", Q1), (1, "key", Q2), items={Q1: {"A01"}, Q2: {"C01"}})
    one_twice = past_of((1, "key", Q1), (1, "key", Q2), items={Q1: {"A01", "B01"}, Q2: {"B01"}})
    other_items = past_of((1, "key", Q1), items={Q1: set()})

    assert (once_each.times_of(1), one_twice.times_of(1), other_items.times_of(1)) == (1, 2, 0)
    assert other_items.has_seen(1, "key")  # seen, for whatever items
    assert one_twice.times_of(2) == 0


@pytest.mark.clause("七(一)1-b")
@pytest.mark.clause("七(一)2-b")
def test_key_is_seen_by_the_year_general_by_the_cycle_special_never():
    past = past_of(*((f, c, Quarter(2025, 4)) for f, c in ((1, "key"), (2, "general"), (3, "special"))))

    assert [past.has_seen(f, c) for f, c in ((1, "key"), (2, "general"), (3, "special"))] == [False, True, False]
    assert past.times == {}


@db
def test_real_draws_are_counted_by_circle_quarter_unit_and_cycle(at):
    at("2026-07-06 10:00")
    held = make_held_draw(make_unit())
    picked = set(held.picks.values_list("facility_id", flat=True))

    def past(codes=("A01",), unit=held.unit, quarter=Q3.next(), **kwargs):
        return history.seen_and_times(unit, quarter, codes, **kwargs)

    assert past().times == dict.fromkeys(picked, 1)
    assert past(quarter=Q3).this_quarter.keys() == past().this_year == picked
    assert past(["D01"]).times == {}
    assert past(released_only=True).this_cycle == frozenset()  # a sealed draw, for everybody outside the circle
    assert past(before=Q3).this_cycle == frozenset()
    assert past(unit=make_unit("210503")).this_cycle == frozenset()
    assert past(quarter=Quarter(2028, 1)).this_cycle == frozenset()  # a new cycle

    moved = held.picks.first().facility
    moved.unit = make_unit("210503")
    moved.save()
    assert past(unit=moved.unit).times == {moved.pk: 1}  # its past goes with the facility


@db
@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow(django_assert_num_queries, at, number):
    at("2026-07-06 10:00")
    unit = make_unit()
    make_held_draw(unit, key=number, released=True)

    with django_assert_num_queries(5):
        quotas.pools(unit, Q3.next(), ["A01", "B01"], positive_out=False, today=TODAY)


def reckon(category, N, *, A=None, U=None, bp=2500, planned=0, quarter=Q3, v=80):
    pool = quotas.Pool(N=N, A=N if A is None else A, U=N if U is None else U)
    return quotas.figures(quarter, category, pool, basis_points=bp, planned=planned, reserved_percent=v)


@pytest.mark.clause("七(一)1-a")
def test_the_figures_of_the_picture_in_words():
    f = reckon("key", 42, A=42, U=20, planned=10)

    assert (f.minimum, f.required, f.signed_difference, f.meets_minimum) == (11, 11, "−1", False)
    assert f.minimum_sentence() == "42 × 25% = 10.5，不足 1 家的进 1"
    assert reckon("key", 40).minimum_sentence() == "40 × 25% = 10"


@pytest.mark.clause("七(一)2-b")
def test_the_pace_of_general_facilities_in_words():
    f = reckon("general", 186, A=182, U=89, bp=860, planned=12)

    assert (f.quota.r, f.quota.m2, f.keeps_pace) == (6, 15, False)
    assert f.pace_sentence() == "还有 89 家没抽到，余 6 个季度：89 ÷ 6 = 14.83…，不足 1 家的进 1，每季至少 15 家"
    assert f.coverage_short_sentence() == "按每季 12 家，到 2027 年底只能抽到 165 家；每季至少 15 家才能抽完"


@pytest.mark.clause("七(一)-a")
@pytest.mark.parametrize(
    ("category", "N", "asked", "said"),
    [
        ("general", 96, {"U": 63, "bp": 1250, "planned": 13, "quarter": Q3.next()}, "取大的，抽 13 家"),
        ("key", 40, {"U": 10, "planned": 10}, "取大的，抽 10 家"),
        ("key", 8, {"U": 2, "planned": 2, "quarter": Q3.next()}, "抽 2 家"),
        ("key", 8, {"U": 2, "planned": 3, "quarter": Q3.next()}, "计划多抽 1 家：2 + 1 = 3 家"),
        ("general", 186, {"U": 89, "bp": 860, "planned": 12}, "计划 12 家，比应抽的 16 家少 4 家，封存时按 16 家抽取"),
        ("general", 20, {"A": 3, "U": 3, "bp": 2500, "planned": 3}, "参加抽取的只有 3 家，抽 3 家"),
        ("special", 5, {"bp": 4000, "planned": 4}, "计划多抽 2 家：2 + 2 = 4 家"),
    ],
)
def test_the_last_sum_gives_exactly_the_number_of_the_plan(category, N, asked, said):
    assert reckon(category, N, **asked).sum_sentence() == said


@db
@pytest.mark.clause("七(一)1-b", "七(一)2-b")
def test_who_is_not_drawn_yet_is_one_figure_with_its_day_and_what_it_leaves_out(at):
    """By the released lists, less the reserved places of the sealed: it depends on no name (decisions.md 3)."""
    at("2026-07-06 10:00")
    unit = make_unit()
    for _ in range(2):
        make_facility(unit, category=Category.KEY, status=OperatingStatus.SUSPENDED)
    draw = make_held_draw(unit, key=8, general=8)
    pool = quotas.pools(unit, Q3.next(), [], positive_out=False, today=TODAY)["key"]
    reserved = draw.picks.filter(category="key", slot="R").count()
    assert (pool.U, pool.reserved, pool.unseen_out) == (8 - reserved, reserved, 2)
    words = f"（到 7 月 6 日，没有公开的名单里按优先名额扣除 {reserved} 家，不含停产等不参加抽取的 2 家）"
    assert quotas.unseen_words(pool) == words
    assert quotas.pools(unit, Q3.next(), [], positive_out=False, today=TODAY, before=Q3)["key"].U == 8


@pytest.mark.clause("七(一)3-a")
def test_special_facilities_have_no_required_number():
    f = reckon("special", 5, bp=4000, planned=2)
    assert (f.required, f.difference, f.signed_difference, f.meets_minimum, f.keeps_pace) == (
        None,
        None,
        "",
        True,
        True,
    )


@pytest.mark.parametrize("of", [1, 4, 7, 42, 186, 999, 9999])
def test_a_count_becomes_a_ratio_that_gives_it_back(of):
    for count in {1, of // 3 or 1, of // 2 or 1, of - 1 or 1, of}:
        points = quotas.points_for(count, of)
        assert quotas.share(of, points) == count
    assert quotas.points_for(11, 42, 2500) == 2500


def test_numbers_are_written_out_exactly():
    assert [quotas.percent(p) for p in (2500, 860, 1234, 10000, 0)] == ["25%", "8.6%", "12.34%", "100%", "0%"]
    assert [quotas.product(n, p) for n, p in ((42, 2500), (186, 860), (3, 3333))] == ["10.5", "15.996", "0.9999"]


@db
@pytest.mark.clause("七(一)4-a", "七(一)4-b")
def test_no_object_belongs_to_two_pools_and_a_city_object_is_drawn_by_the_city_team_only():
    city, branch, other = make_unit("210500", kind="CITY_TEAM"), make_unit(), make_unit("210503")
    make_facility(city, category=Category.KEY, managed_by_city=True)
    for unit in (branch, other):
        make_facility(unit, category=Category.KEY)
        make_facility(unit)

    pools = {u: quotas.pools(u, Q3, ["A01"], positive_out=False, today=TODAY) for u in (city, branch, other)}

    assert {u: pools[u]["key"].N for u in pools} == {city: 1, branch: 1, other: 1}
    assert sum(pool.N for found in pools.values() for pool in found.values()) == 5
