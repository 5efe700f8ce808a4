"""Was the draw even: the exact distribution, against every ranking there is (SSJ1 6.2)."""

from collections import Counter
from itertools import permutations
from math import comb, factorial

import pytest

from plans.draw import evenness


def every_ranking(A, U, K, u, *, unseen, seen) -> list[float]:
    """How often so many of a group are drawn, over all rankings: the first u unseen, then the first of all others."""
    group = {*range(unseen), *range(U, U + seen)}
    found = Counter()
    for ranking in permutations(range(A)):
        reserved = [n for n in ranking if n < U][:u]
        others = [n for n in ranking if n not in reserved][: K - len(reserved)]
        found[len(group & {*reserved, *others})] += 1
    return [found[k] / factorial(A) for k in range(min(K, unseen + seen) + 1)]


@pytest.mark.clause("七(一)1-a", "七(一)2-a")
@pytest.mark.parametrize(
    "A, U, K, u, unseen, seen",
    [
        (6, 4, 3, 1, 2, 1),
        (6, 2, 3, 2, 1, 2),
        (6, 6, 2, 2, 3, 0),
        (6, 0, 4, 0, 0, 2),
        (5, 3, 5, 1, 1, 1),
        (6, 5, 4, 4, 2, 1),
    ],
)
def test_the_distribution_is_that_of_all_rankings(A, U, K, u, unseen, seen):
    found = evenness.of_group(A, U, K, u, unseen=unseen, seen=seen)
    assert found == pytest.approx(every_ranking(A, U, K, u, unseen=unseen, seen=seen))
    assert sum(found) == pytest.approx(1)


def test_strata_add_up_and_the_band_leaves_out_a_fortieth_on_each_side():
    one = evenness.of_group(40, 40, 10, 8, unseen=10, seen=0)
    both = evenness.together([one, one])
    assert evenness.expected(both) == pytest.approx(5)
    low, high = evenness.band(both)
    assert sum(both[:low]) <= 0.025 < sum(both[: low + 1]) and sum(both[high + 1 :]) <= 0.025 < sum(both[high:])
    assert evenness.band([0.0, 0.0, 1.0]) == (2, 2)


def test_mean_and_variance_are_those_of_the_distribution_and_the_wide_range_is_nearly_the_exact_one():
    for A, U, K, u, unseen, seen in [(6, 4, 3, 1, 2, 1), (6, 0, 4, 0, 0, 2), (40, 25, 12, 6, 9, 4), (5, 3, 5, 1, 1, 1)]:
        part = evenness.Part(A, U, K, u, unseen, seen)
        shares = part.distribution
        mean = evenness.expected(shares)
        spread = sum((k - mean) ** 2 * share for k, share in enumerate(shares))
        assert part.moments == (pytest.approx(mean), pytest.approx(spread, abs=1e-9))
    parts = [evenness.Part(300, 200, 60, 30, 70, 30), evenness.Part(250, 100, 40, 20, 30, 60)]
    exact, wide = (evenness.Band.of_parts("", 0, parts, exact=one) for one in (True, False))
    assert exact.expected == pytest.approx(wide.expected) and exact.took == wide.took == 190
    assert abs(exact.low - wide.low) <= 1 and abs(exact.high - wide.high) <= 1
    assert evenness.is_exact([parts]) and not evenness.is_exact([parts] * 40)


@pytest.mark.clause("七(一)1-a", "四(3)-f")
def test_so_many_lie_outside_by_chance_as_rankings_do():
    """Of small groups the range leaves out less than one in twenty: each line counts with what it leaves out, no more."""
    groups = [(6, 4, 3, 1, 2, 1), (6, 2, 3, 2, 1, 2), (6, 6, 2, 2, 3, 0), (6, 0, 3, 0, 0, 3), (6, 5, 4, 4, 2, 1)]
    lines, told = [], 0.0
    for group in groups:
        A, U, K, u, unseen, seen = group
        line = evenness.Band.of_parts("", 0, [evenness.Part(*group)], exact=True)
        shares = every_ranking(A, U, K, u, unseen=unseen, seen=seen)
        outside = sum(share for k, share in enumerate(shares) if not line.low <= k <= line.high)
        assert line.by_chance == pytest.approx(outside, abs=1e-12)
        lines.append(line)
    assert evenness.by_chance(line.by_chance for line in lines * 100) == "" != f"{0.05 * len(lines * 100):.1f}"

    # Ninety places, thirty of one trade, nine drawn: by binomial coefficients alone.
    line = evenness.Band.of_parts("", 0, [evenness.Part(90, 90, 9, 0, 30, 0)], exact=True)
    for k in range(10):
        if not line.low <= k <= line.high:
            told += comb(30, k) * comb(60, 9 - k) / comb(90, 9)
    assert line.by_chance == pytest.approx(told) and 0 < told < 0.05
    assert evenness.by_chance([line.by_chance] * 40) == f"{40 * told:.1f}" != f"{40 * 0.05:.1f}"

    parts = [evenness.Part(300, 200, 60, 30, 70, 30), evenness.Part(250, 100, 40, 20, 30, 60)]
    wide = evenness.Band.of_parts("", 0, parts, exact=False)
    shares = evenness.together(part.distribution for part in parts)
    exact = sum(share for k, share in enumerate(shares) if not wide.low <= k <= wide.high)
    assert wide.by_chance == pytest.approx(exact, abs=0.005)
    assert evenness.Band.of_parts("", 0, [evenness.Part(5, 5, 5, 0, 3, 0)], exact=False).by_chance == 0
