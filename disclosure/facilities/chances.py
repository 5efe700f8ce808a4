"""How likely one facility was to be drawn, from the sealed list alone; exact fractions (SSJ1 6.2, ui-2.md 18)."""

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from math import comb, prod

from benxi_shuangsuiji.shares import tenths


@lru_cache(maxsize=1024)
def chance(A: int, U: int, K: int, u: int, seen: bool) -> Fraction:
    """Of A that take part, U of them unseen in the cycle, K are drawn, u of those places only for the unseen.

    The free places f = K − u go by ticket alone, the unseen that are drawn by reserve come before. Somebody seen is drawn
    when fewer than f of those who count stand before him: of a unseen before him the first u took the reserve, and b seen.
    """
    if not A or not K:
        return Fraction(0)
    f, S = K - u, A - U
    if (seen and not S) or (not seen and not U):
        raise ValueError("nobody of this kind takes part")
    if not seen:
        return (K - (S * chance(A, U, K, u, True) if S else 0)) / Fraction(U)
    found = Fraction(0)
    for a in range(min(U, u + f) + 1):
        ways = comb(U, a)
        for b in range(min(S - 1, f - 1 - max(0, a - u)) + 1):
            found += Fraction(ways * comb(S - 1, b), comb(A - 1, a + b) * A)
    return found


def left_out(chances: Iterable[Fraction]) -> Fraction:
    """How likely a fair draw leaves one out in all of these."""
    return prod((1 - each for each in chances), start=Fraction(1))


def shown(share: Fraction) -> str:
    """13.2%; 100% only of what is certain, and 0% only of what cannot be."""
    return f"{tenths(share.numerator, share.denominator) / 10:.1f}%" if 0 < share < 1 else f"{int(share) * 100}%"
