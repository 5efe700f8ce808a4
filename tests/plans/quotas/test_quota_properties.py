"""What the quotas of SSJ1 4 promise whatever happens to the registry in between (七(一)): pure, no database."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw import ssj1
from plans.quotas import quotas
from plans.quotas.quotas import Pool
from registry.models import Category

few = st.integers(0, 60)
share = st.integers(0, 100)
# What happens between two draws: so many come, so many of the unseen and of the seen close.
change = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))


def quota_of(quarter, category, *, N, A, U, points, reserved, planned=0):
    pool = Pool(N=N, A=A, U=U)
    return quotas.figures(quarter, category, pool, basis_points=points, planned=planned, reserved_percent=reserved)


def drawn(unseen: int, seen: int, quota: ssj1.Quota, unlucky: bool) -> tuple[int, int]:
    """(unseen, seen) after one draw; `unlucky`: the free places all fall on objects that were seen before."""
    reserved = min(quota.u, unseen)
    free = quota.K - reserved
    to_seen = min(free, seen) if unlucky else max(0, free - (unseen - reserved))
    reached = reserved + free - to_seen
    return unseen - reached, seen + reached


@pytest.mark.clause("七(一)1-a")
@settings(max_examples=300, deadline=None)
@given(on_books=few, halted=few, seen=few, points=st.integers(2500, 10000), reserved=share, quarter=st.integers(1, 4))
def test_never_below_25_percent_of_key_unless_too_few_can_be_drawn_which_is_shown(
    on_books, halted, seen, points, reserved, quarter
):
    drawable = max(0, on_books - halted)
    unseen = max(0, drawable - seen)
    figures = quota_of(
        Quarter(2026, quarter), Category.KEY, N=on_books, A=drawable, U=unseen, points=points, reserved=reserved
    )
    quota = figures.quota
    least = -(-on_books // 4)

    assert figures.minimum == least
    assert min(least, drawable) <= quota.K
    if least > quota.K:
        assert quota.short >= least - quota.K > 0


@pytest.mark.clause("七(一)1-b")
@settings(max_examples=300, deadline=None)
@given(start=few, changes=st.lists(change, min_size=3, max_size=3), reserved=share, unlucky=st.booleans())
def test_four_quarters_reach_every_key_facility_whoever_comes_or_closes(start, changes, reserved, unlucky):
    unseen, seen = start, 0
    for number in (1, 2, 3, 4):
        if number > 1:
            come, unseen_close, seen_close = changes[number - 2]
            unseen, seen = max(0, unseen - unseen_close) + come, max(0, seen - seen_close)
        figures = quota_of(
            Quarter(2026, number),
            Category.KEY,
            N=unseen + seen,
            A=unseen + seen,
            U=unseen,
            points=2500,
            reserved=reserved,
        )
        unseen, seen = drawn(unseen, seen, figures.quota, unlucky)

    assert unseen == 0


@pytest.mark.clause("七(一)2-b")
@settings(max_examples=300, deadline=None)
@given(
    start=st.integers(0, 200),
    changes=st.lists(change, min_size=11, max_size=11),
    points=st.integers(0, 2000),
    reserved=share,
    unlucky=st.booleans(),
)
def test_three_years_reach_every_general_facility_whoever_comes_or_closes(start, changes, points, reserved, unlucky):
    unseen, seen = start, 0
    quarter = Quarter(2025, 1)
    for turn in range(12):
        if turn:
            come, unseen_close, seen_close = changes[turn - 1]
            unseen, seen = max(0, unseen - unseen_close) + come, max(0, seen - seen_close)
        figures = quota_of(
            quarter, Category.GENERAL, N=unseen + seen, A=unseen + seen, U=unseen, points=points, reserved=reserved
        )
        unseen, seen = drawn(unseen, seen, figures.quota, unlucky)
        quarter = quarter.next()

    assert unseen == 0


@pytest.mark.clause("七(一)3-a")
@settings(max_examples=50, deadline=None)
@given(on_books=few, points=st.integers(0, 10000))
def test_nothing_is_asked_of_special_facilities(on_books, points):
    figures = quota_of(
        Quarter(2026, 2), Category.SPECIAL, N=on_books, A=on_books, U=on_books, points=points, reserved=0
    )

    assert (figures.required, figures.minimum, figures.quota.u) == (None, 0, 0)
