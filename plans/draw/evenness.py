"""How often a fair draw takes a group of facilities, from the sealed lists alone; the exact distribution (SSJ1 6.2).

Of A that take part, U unseen in the cycle, K are drawn: the first u unseen of the ranking, then the first K − u of all the
others. Given how many of the drawn are seen, the unseen among them are any of the unseen with equal chance, and the seen
any of the seen: two hypergeometric distributions. Strata are drawn independently, so their sums add up.

The public statistics and the supervisors' page both reckon here (四(3)-f, 八(一)-a).
"""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, erfc, exp, floor, lgamma, sqrt

OUTSIDE_PERCENT = 5  # of a hundred fair draws at most so many lie outside the range: whole numbers leave out less
SPREAD = 1.959964  # so many standard deviations leave out half of it on each side
MOST_EXACT = (
    400_000  # products of an exact range for which a page does not wait; above it the range is the normal curve's
)


def _ways(n: int, k: int) -> float:
    """The logarithm of n over k."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


@lru_cache(maxsize=16384)
def hypergeometric(total: int, marked: int, drawn: int) -> tuple[float, ...]:
    """How likely it is that k = 0, 1, … of the marked are among the drawn."""
    least, most = max(0, drawn - (total - marked)), min(marked, drawn)
    whole = _ways(total, drawn)
    ways = (exp(_ways(marked, k) + _ways(total - marked, drawn - k) - whole) for k in range(least, most + 1))
    return (0.0,) * least + tuple(ways)


@lru_cache(maxsize=1024)
def of_seen(A: int, U: int, K: int, u: int) -> tuple[float, ...]:
    """How likely it is that s of the drawn are seen, s = 0, 1, …

    They are those among the first K of the ranking; where these hold fewer than u unseen, the K − u free places are all theirs.
    """
    found = hypergeometric(A, A - U, K)
    most = min(A - U, K - u)
    return (*found[:most], sum(found[most:]))


def of_group(A: int, U: int, K: int, u: int, *, unseen: int, seen: int) -> list[float]:
    """How likely it is that k = 0, 1, … of a group are drawn, with so many unseen and seen members that take part."""
    found = [0.0] * (min(K, unseen + seen) + 1)
    for s, share in enumerate(of_seen(A, U, K, u)):
        if share > 0 and K - s <= U:
            parts = hypergeometric(U, unseen, K - s), hypergeometric(A - U, seen, s)
            for k, part in enumerate(together(parts)):
                if part:
                    found[k] += share * part
    return found


@lru_cache(maxsize=4096)
def _moments_of_seen(A: int, U: int, K: int, u: int) -> tuple[float, float]:
    """Of s: its mean, and that of its square."""
    shares = of_seen(A, U, K, u)
    return sum(s * p for s, p in enumerate(shares)), sum(s * s * p for s, p in enumerate(shares))


@dataclass(frozen=True)
class Part:
    """A group in one stratum of one draw: `unseen` and `seen` of it take part."""

    A: int
    U: int
    K: int
    u: int
    unseen: int
    seen: int

    @property
    def took(self) -> int:
        return self.unseen + self.seen

    @property
    def cost(self) -> int:
        """How many products its exact distribution takes."""
        return len(of_seen(self.A, self.U, self.K, self.u)) * (self.unseen + 1) * (self.seen + 1)

    @property
    def distribution(self) -> list[float]:
        return of_group(self.A, self.U, self.K, self.u, unseen=self.unseen, seen=self.seen)

    @property
    def moments(self) -> tuple[float, float]:
        """The exact mean and variance, without the distribution: of two hypergeometric numbers whose sizes vary together."""
        one, two = _moments_of_seen(self.A, self.U, self.K, self.u)
        S, (a, b) = self.A - self.U, (self.unseen / (self.U or 1), self.seen / ((self.A - self.U) or 1))
        mean = a * (self.K - one) + b * one
        # Within a given s: n (1 − n / N) × share × (1 − share) × N / (N − 1), for n = K − s of the unseen and s of the seen.
        left, right = _scaled(a, self.U), _scaled(b, S)
        of_unseen = left * ((self.K - one) * self.U - (self.K**2 - 2 * self.K * one + two))
        of_seen_ = right * (one * S - two)
        return mean, max(of_unseen + of_seen_ + (b - a) ** 2 * (two - one**2), 0.0)


def _scaled(share: float, of: int) -> float:
    return share * (1 - share) / (of - 1) if of > 1 else 0.0


def together(distributions: Iterable[Sequence[float]]) -> list[float]:
    """Of the sum of independent numbers."""
    total = [1.0]
    for one in distributions:
        summed = [0.0] * (len(total) + len(one) - 1)
        for i, a in enumerate(total):
            if a:
                for j, b in enumerate(one):
                    summed[i + j] += a * b
        total = summed
    return total


def expected(distribution: Sequence[float]) -> float:
    return sum(k * share for k, share in enumerate(distribution))


def at_least(distribution: Sequence[float], k: int) -> float:
    """How likely it is that the number is k or more."""
    return min(sum(distribution[k:]), 1.0)


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


def band_of(mean: float, variance: float, most: int) -> tuple[int, int]:
    """The same of a number so large that the normal curve tells it: half a place is what a whole number needs more room."""
    room = SPREAD * sqrt(variance)
    return max(floor(mean - room - 0.5) + 1, 0), min(ceil(mean + room - 0.5), most)


def outside_of(distribution: Sequence[float], low: int, high: int) -> float:
    """How likely it is that the number lies outside this range."""
    return sum(distribution[:low]) + sum(distribution[high + 1 :])


def outside_of_normal(mean: float, variance: float, most: int, low: int, high: int) -> float:
    """The same of the normal curve; below 0 and above the largest number there is nothing."""
    if not variance:
        return 0.0
    below, above = (erfc(gap / sqrt(2 * variance)) / 2 for gap in (mean - low + 0.5, high + 0.5 - mean))
    return (below if low > 0 else 0.0) + (above if high < most else 0.0)


def seldom_of(tail: Callable[[int], float], most: int, bound: float) -> float:
    """How likely a number up to `most` is that comes, with all larger ones, less often than the bound; `tail(k)`: of k or more."""
    return tail(first) if (first := bisect_left(range(most + 1), True, key=lambda k: tail(k) < bound)) <= most else 0.0


def by_chance(chances: Iterable[float]) -> str:
    """So many lines are marked on average although nothing but chance was at work: each by its own chance, not by the bound.

    Of small groups the range leaves out far less than its bound allows, so a bound times the lines would promise too many.
    """
    mean = sum(chances)
    return f"{mean:.1f}" if mean >= 0.05 else ""


def is_exact(groups: Iterable[Collection[Part]]) -> bool:
    """Whether the ranges of all these groups are reckoned exactly: one answer for a table, so that its lines compare."""
    left = MOST_EXACT
    for parts in groups:
        reached = 0
        for part in parts:
            left -= part.cost + reached * (part.took + 1)
            reached += part.took
            if left < 0:
                return False
    return True


@dataclass(frozen=True)
class Band:
    """One group: how often it took part, was to be drawn, and was drawn."""

    label: str
    took: int
    expected: float
    low: int
    high: int
    drawn: int
    by_chance: float  # how likely a fair draw lies outside the range
    most: int = 1  # where the drawing ends

    @classmethod
    def of(cls, label: str, took: int, drawn: int, distribution: Sequence[float]) -> "Band":
        low, high = band(distribution)
        return cls(label, took, expected(distribution), low, high, drawn, outside_of(distribution, low, high))

    @classmethod
    def of_parts(cls, label: str, drawn: int, parts: Collection[Part], *, exact: bool) -> "Band":
        took = sum(part.took for part in parts)
        if exact:
            return cls.of(label, took, drawn, together(part.distribution for part in parts))
        found = [part.moments for part in parts]
        mean, variance = sum(one for one, _ in found), sum(spread for _, spread in found)
        low, high = band_of(mean, variance, took)
        return cls(label, took, mean, low, high, drawn, outside_of_normal(mean, variance, took, low, high))

    @property
    def x(self) -> dict[str, str]:
        """Where its parts are drawn, in per cent of the width."""
        places = {"low": self.low, "expected": self.expected, "drawn": self.drawn, "width": self.high - self.low}
        return {name: f"{100 * place / self.most:.1f}" for name, place in places.items()}

    @property
    def verdict(self) -> str:
        return "低于范围" if self.drawn < self.low else "高于范围" if self.drawn > self.high else "在范围内"

    @property
    def outside(self) -> bool:
        return not self.low <= self.drawn <= self.high
