"""How many are drawn: the consequences (a) to (g) that SSJ1 §4 states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.draw.ssj1 import Ssj1Error, quota


@st.composite
def strata(draw, categories=("key", "general", "special")):
    """Arguments of `quota` that a checked manifest can have."""
    category = draw(st.sampled_from(categories))
    on_books = draw(st.integers(0, 400))
    drawable = draw(st.integers(0, on_books))
    return {
        "year": 2026,
        "quarter": draw(st.integers(1, 4)),
        "category": category,
        "bp": draw(st.integers(2500 if category == "key" else 0, 10000)),
        "v": draw(st.integers(0, 100)),
        "E": {"key": 2026, "general": draw(st.integers(2026, 2028)), "special": None}[category],
        "P": draw(st.integers(0, 30)),
        "plan": draw(st.integers(0, 30)),
        "N": on_books,
        "A": drawable,
        "U": 0 if category == "special" else draw(st.integers(0, drawable)),
    }


@pytest.mark.clause("七(一)1-b")
@given(strata(categories=("key", "general")))
def test_a_in_the_last_quarter_every_drawable_unseen_object_is_drawn(stratum):
    stratum |= {"quarter": 4, "E": 2026}
    due = quota(**stratum)

    assert due.r == 1
    assert stratum["U"] + stratum["P"] <= due.Q
    assert stratum["U"] <= due.K
    assert due.u == stratum["U"]


@given(strata())
def test_b_no_more_places_than_drawable_objects_and_no_more_reserved_than_unseen(stratum):
    due = quota(**stratum)

    assert 0 <= due.u <= due.K <= stratum["A"]
    assert due.u <= stratum["U"]


@pytest.mark.clause("七(一)1-a")
@given(strata())
def test_c_the_ratio_is_kept_wherever_enough_objects_are_drawable(stratum):
    due = quota(**stratum)

    assert due.m1 * 10000 >= stratum["N"] * stratum["bp"]
    assert min(stratum["A"], due.m1 - stratum["P"]) <= due.K


@pytest.mark.clause("七(一)1-a")
@given(st.integers(0, 400))
def test_c_a_quarter_of_the_key_objects_is_the_least(on_books):
    due = quota(2026, 1, "key", 2500, 0, 2026, 0, 0, on_books, on_books, on_books)

    assert -(-on_books // 4) == due.K


@pytest.mark.clause("七(一)1-b")
@given(st.integers(1, 300), st.integers(2500, 4000), st.integers(0, 100), st.randoms(use_true_random=False))
def test_d_an_unchanged_key_stratum_has_the_same_quota_all_year_and_never_a_shortfall(on_books, bp, v, random):
    if 5 * (-(-on_books * bp // 10000)) > 2 * on_books:
        return
    times = [0] * on_books
    places = []
    for quarter in range(1, 5):
        drawable = [place for place in range(on_books) if times[place] < 2]
        unseen = [place for place in drawable if not times[place]]
        due = quota(2026, quarter, "key", bp, v, 2026, 0, 0, on_books, len(drawable), len(unseen))
        places.append(due.K)
        assert due.short == 0
        reserved = random.sample(unseen, due.u)
        free = random.sample([place for place in drawable if place not in reserved], due.K - due.u)
        for place in reserved + free:
            times[place] += 1

    assert len(set(places)) == 1
    assert min(times) >= 1 and max(times) <= 2


def test_e_the_quota_follows_from_what_is_frozen_alone():
    assert quota(2026, 2, "key", 2500, 50, 2026, 0, 0, 41, 38, 20) == (3, 11, 7, 11, 11, 5, 0)


@pytest.mark.clause("七(一)4-c")
def test_f_for_a_single_object_the_cap_wins_and_the_shortfall_shows():
    first = quota(2026, 1, "key", 2500, 50, 2026, 0, 0, 1, 1, 1)
    second = quota(2026, 2, "key", 2500, 50, 2026, 0, 0, 1, 1, 0)
    third = quota(2026, 3, "key", 2500, 50, 2026, 0, 0, 1, 0, 0)

    assert (first.K, second.K) == (1, 1)
    assert (third.K, third.short) == (0, 1)


@given(strata(categories=("key", "general")))
def test_g_places_remain_for_seen_and_unseen_alike_where_coverage_does_not_need_them(stratum):
    stratum |= {"v": 0}
    due = quota(**stratum)
    forced = max(0, stratum["U"] - (due.r - 1) * due.Q)

    assert due.u == min(stratum["U"], due.K, forced)


@given(strata())
def test_a_plan_raises_the_quota_and_never_lowers_it(stratum):
    without, planned = quota(**(stratum | {"plan": 0})), quota(**stratum)

    assert max(without.K, min(stratum["A"], stratum["plan"])) == planned.K


@pytest.mark.clause("七(一)3-a")
@given(strata(categories=("special",)))
def test_a_special_stratum_has_neither_pace_nor_reserved_places(stratum):
    due = quota(**stratum)

    assert (due.r, due.m2, due.u) == (0, 0, 0)
    assert due.m1 == due.Q
    free = quota(**stratum | {"bp": 0, "plan": 0})
    assert (free.Q, free.K, free.short) == (0, 0, 0)  # nothing is asked for, so nothing is missing


@given(strata())
def test_the_shortfall_is_what_is_missing_from_the_target(stratum):
    due = quota(**stratum)

    assert due.short == max(0, due.Q - stratum["P"] - due.K)
    assert not due.short or stratum["A"] == due.K


def test_a_cycle_that_has_ended_is_refused():
    with pytest.raises(Ssj1Error, match="周期末年") as refused:
        quota(2026, 1, "general", 1000, 0, 2025, 0, 0, 5, 5, 5)

    assert refused.value.code == "E_PARAM"
