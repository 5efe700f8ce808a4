"""A part of a whole in per cent, alike on every page and paper; the share of 重点 that the law wants drawn (K5)."""

from dataclasses import dataclass
from datetime import date
from math import sqrt

from benxi_shuangsuiji import policy


def tenths(part: int, whole: int) -> int:
    """In tenths of a per cent, half rounded up; 1000 only of the whole and 0 only of nothing."""
    if part >= whole:
        return 1000
    if part <= 0:
        return 0
    return min(max((2000 * part + whole) // (2 * whole), 1), 999)


def percent(part: int, whole: int) -> str:
    return f"{tenths(part, whole) / 10:g}%" if whole else "—"


def interval(part: int, whole: int) -> tuple[int, int]:
    """Between which two whole per cents the share lies that such a count may come from, 95 times of 100 (Wilson's interval).

    For shares of what one has looked at, taken as a sample of what could have been looked at.
    """
    if not whole:
        return 0, 100
    z = 1.959964
    share, middle = part / whole, part / whole + z * z / (2 * whole)
    room = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 100 / (1 + z * z / whole)
    return max(round((middle - room) * scale), 0), min(round((middle + room) * scale), 100)


@dataclass(frozen=True)
class KeyShare:
    """K5: the 重点 drawn in a quarter, and of them those that were checked, of all in the sealed list (七(一)1-a)."""

    drawn: int  # and not taken off since
    done: int
    total: int
    least: int

    @classmethod
    def of(cls, drawn: int, done: int, total: int, first_day: date) -> "KeyShare":
        """Of a quarter that began on `first_day`: at least ⌈25 %⌉ of those on the books."""
        return cls(drawn, done, total, -(-policy.on(first_day).key_basis_points * total // 10_000))

    @property
    def percent(self) -> float:
        return tenths(self.drawn, self.total) / 10 if self.total else 0.0

    @property
    def shown(self) -> str:
        return percent(self.drawn, self.total)

    @property
    def problem(self) -> str:
        """What stands below the least, for a red line ("" = enough)."""
        if self.drawn >= self.least:
            return ""
        return f"重点对象名录 {self.total} 家，应抽取 {self.least} 家，名单上现有 {self.drawn} 家，不足。"
