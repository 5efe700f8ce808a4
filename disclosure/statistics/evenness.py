"""How often a fair draw takes a group of facilities, from the sealed lists alone; the exact distribution (SSJ1 6.2).

Of A that take part, U unseen in the cycle, K are drawn: the first u unseen of the ranking, then the first K − u of all the
others. Given how many of the drawn are seen, the unseen among them are any of the unseen with equal chance, and the seen
any of the seen: two hypergeometric distributions. Strata are drawn independently, so their sums add up.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import comb

OUTSIDE_PERCENT = 5  # so many of a hundred fair draws lie outside the range


@lru_cache(maxsize=1024)
def of_seen(A: int, U: int, K: int, u: int) -> tuple[float, ...]:
    """How likely it is that s of the drawn are seen, s = 0, 1, …

    At least s are when the s-th of the seen comes before the free places are full, with at most K − s unseen before it.
    """
    S, free = A - U, K - u
    most = min(S, free)

    def least(s: int) -> float:
        if s == 0:
            return 1.0
        if s > most:
            return 0.0
        ways = sum(comb(a + s - 1, a) * comb(A - a - s, U - a) for a in range(min(U, K - s) + 1))
        return ways / comb(A, U)

    return tuple(least(s) - least(s + 1) for s in range(most + 1))


def of_group(A: int, U: int, K: int, u: int, *, unseen: int, seen: int) -> list[float]:
    """How likely it is that k = 0, 1, … of a group are drawn, with so many unseen and seen members that take part."""
    found = [0.0] * (min(K, unseen + seen) + 1)
    for s, share in enumerate(of_seen(A, U, K, u)):
        if share > 0 and K - s <= U:
            for k, part in enumerate(together([_taken(U, unseen, K - s), _taken(A - U, seen, s)])):
                if part:
                    found[k] += share * part
    return found


def _taken(of: int, group: int, drawn: int) -> list[float]:
    """Hypergeometric: so many of the group among the drawn."""
    whole = comb(of, drawn)
    return [comb(group, k) * comb(of - group, drawn - k) / whole for k in range(min(group, drawn) + 1)]


def together(distributions: Iterable[Sequence[float]]) -> list[float]:
    """Of the sum of independent numbers."""
    total = [1.0]
    for one in distributions:
        summed = [0.0] * (len(total) + len(one) - 1)
        for i, a in enumerate(total):
            for j, b in enumerate(one):
                summed[i + j] += a * b
        total = summed
    return total


def expected(distribution: Sequence[float]) -> float:
    return sum(k * share for k, share in enumerate(distribution))


def band(distribution: Sequence[float]) -> tuple[int, int]:
    """The range that leaves out at most half of `OUTSIDE_PERCENT` on each side."""
    side, reached = OUTSIDE_PERCENT / 200, 0.0
    low = high = None
    for k, share in enumerate(distribution):
        reached += share
        if low is None and reached > side:
            low = k
        if high is None and reached >= 1 - side:
            high = k
    last = len(distribution) - 1
    return (last if low is None else low), (last if high is None else high)
