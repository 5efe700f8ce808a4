"""一般对象三年覆盖: how many of the 一般 were reached, quarter by quarter, beside even progress (七(一)2-b, K7, PNG 06).

The figure is K7 of `inspections.indicators`, of the registry as it stands and as the reader may know it; drawn here as a
line on a field of fixed size, so that no page reckons with points.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.shares import percent, tenths
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.indicators import figures
from inspections.indicators.facts import Scope
from inspections.indicators.of_coverage import general_by_quarter

NEAR = 5  # percentage points behind even progress that are still only pale (PNG 06)
LEFT, RIGHT, TOP, FLOOR = 44, 344, 20, 176  # of the field, in the units of its viewBox


@dataclass(frozen=True)
class Covered:
    """One unit, or all of them: reached of those to reach."""

    name: str
    seen: int
    total: int
    goal: float  # per cent by even progress
    url: str = ""

    @property
    def tenths(self) -> int:
        return tenths(self.seen, self.total) if self.total else 0

    @property
    def shown(self) -> str:
        return percent(self.seen, self.total)

    @property
    def asked(self) -> str:
        return f"{self.goal:g}%"

    @property
    def behind(self) -> float:
        """Percentage points behind even progress, 0 where nobody is to be reached."""
        return max(round(self.goal - self.tenths / 10, 1), 0.0) if self.total else 0.0

    @property
    def is_low(self) -> bool:
        return self.behind > NEAR

    @property
    def is_near(self) -> bool:
        """Behind, by no more than is told and not counted: a pale bar (PNG 06)."""
        return 0 < self.behind <= NEAR

    @property
    def width(self) -> str:
        return f"{self.tenths / 10:.1f}"

    @property
    def bar(self) -> dict[str, str]:
        """Its one tone: dark or red, or pale."""
        return {"percent": "0", "drawn": self.width} if self.is_near else {"percent": self.width, "drawn": ""}


@dataclass(frozen=True)
class Point:
    quarter: Quarter
    seen: int
    total: int
    x: int
    y: int

    @property
    def shown(self) -> str:
        return percent(self.seen, self.total)


@dataclass(frozen=True)
class Cycle:
    """The cycle so far; `units` one by one, `whole` together, `points` at the end of each quarter that is over, and of today
    where even progress is reckoned, so that the line and the words say the same."""

    first: int
    last: int
    today: date
    whole: Covered
    units: dict[int, Covered]
    points: tuple[Point, ...]
    at: str = "到今天"

    @property
    def years(self) -> list[tuple[int, int]]:
        """Year → where its name stands."""
        width = (RIGHT - LEFT) // (self.last - self.first + 1)
        return [(year, LEFT + width * (n + 1) - width // 2) for n, year in enumerate(range(self.first, self.last + 1))]

    @property
    def lines(self) -> list[tuple[str, int]]:
        return [(f"{share}%", FLOOR - (FLOOR - TOP) * share // 100) for share in (0, 25, 50, 75, 100)]

    @property
    def name(self) -> str:
        """三年覆盖, by the number of years in force."""
        return f"{'〇一二三四五六七八九'[self.last - self.first + 1]}年覆盖"

    @property
    def tick(self) -> str:
        return f"{self.whole.goal:.1f}"

    @property
    def path(self) -> str:
        return " ".join([f"{LEFT},{FLOOR}", *(f"{p.x},{p.y}" for p in self.points)])

    @cached_property
    def lacking(self) -> int:
        """How many more would have to be reached for even progress."""
        return max(-(-round(self.whole.goal * 10) * self.whole.total // 1000) - self.whole.seen, 0)

    @property
    def words(self) -> str:
        behind = f"，差 {self.lacking} 家" if self.lacking else "，已达到"
        return f"一般对象{self.name}：{self.at} {self.whole.shown}，均匀进度应达 {self.whole.asked}{behind}"


def of(scope: Scope, quarter: Quarter | None = None) -> Cycle:
    """Of a year that runs, so far; of a quarter that is over as far as its end, for its figures move no more (ui-2.md 22)."""
    first, last = scope.law.coverage_cycle(scope.year)
    now, quarters = Quarter.of(scope.day), 4 * (last - first + 1)
    ended = quarter if quarter and quarter < now and first <= quarter.year else None
    upto = ended or now
    over = (upto.year - first) * 4 + upto.number - (0 if ended else 1)  # quarters that have ended
    goal = round(100 * over / quarters, 1)
    sums, by_quarter = figures.sums(scope, 7), general_by_quarter(scope)

    def covered(name: str, key: int | None, url: str = "") -> Covered:
        of_these = by_quarter.values() if key is None else [by_quarter[key]] if key in by_quarter else []
        seen = sum(n for _, reached in of_these for at, n in reached.items() if at <= upto)
        return Covered(name, seen if ended else sums[key].counted, sums[key].n, goal, url)

    whole = covered("全市", None)
    points, seen = [], 0
    for n in range(over if ended else over + 1):
        at = Quarter(first + n // 4, n % 4 + 1)
        seen += sum(reached[at] for _, reached in by_quarter.values())
        x = LEFT + (RIGHT - LEFT) * min(n + 1, over) // quarters  # the goal grows when a quarter ends
        share = tenths(seen, whole.total) if whole.total else 0
        points.append(Point(at, seen, whole.total, x, FLOOR - (FLOOR - TOP) * share // 1000))
    units = {unit.pk: covered(unit.short_name, unit.pk, address(unit)) for unit in scope.units}
    said = f"到 {ended.label}末（按现在的名录）" if ended else "到今天"  # the registry is not kept for each quarter
    return Cycle(first, last, scope.day, whole, units, tuple(points), said)


def address(unit: Unit) -> str:
    return reverse("inspections:city-unit", args=[unit.code])
