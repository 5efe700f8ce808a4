"""What an address asks of the indicators, and how they stand in a table."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.http import Http404

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import official
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter

from . import figures
from .facts import Scope
from .figures import Figure, Indicator

NOTHING = "这一期间还没有可以计入这项指标的。"
NOTHING_PUBLIC = "这里只计入已经公开的名单和结果，这一期间还没有可以计入这项指标的；以后公开的，公开当天计入。"


@dataclass(frozen=True)
class Asked:
    user: User
    unit: Unit
    units: list[Unit]
    quarter: Quarter
    city: bool
    whole_year: bool

    @cached_property
    def scope(self) -> Scope:
        return Scope.known_to(self.user, self.units, self.quarter, whole_year=self.whole_year)

    @property
    def public(self) -> Scope:
        """As everybody may know it."""
        return Scope.of(self.units, self.quarter.year, None if self.whole_year else self.quarter.number)

    @property
    def is_inside(self) -> bool:
        """Whether the reader is told of what is not public yet, of each of the units."""
        return {unit.pk for unit in self.units} <= self.scope.circle

    @property
    def label(self) -> str:
        return f"{self.quarter.year} 年" if self.whole_year else self.quarter.label

    @property
    def place(self) -> str:
        return "全市" if self.city else self.units[0].short_name

    @property
    def columns(self) -> list[str]:
        return ["全市", *(unit.short_name for unit in self.units)] if self.city else [self.place]

    @property
    def query(self) -> str:
        return self._query(city=self.city, whole_year=self.whole_year)

    @property
    def chips(self) -> list[dict]:
        return [
            {
                "label": label,
                "url": f"?{self._query(city=self.city, whole_year=year)}",
                "current": year == self.whole_year,
            }
            for label, year in ((self.quarter.label, False), (f"{self.quarter.year} 年", True))
        ]

    @property
    def other(self) -> str:
        """The address of the city for who looks at one unit, and the reverse; "" for who may not see the city."""
        if not self.user.units_with(P.SEE_CITY):
            return ""
        return self._query(city=not self.city, whole_year=self.whole_year)

    def _query(self, *, city: bool, whole_year: bool) -> str:
        asked = f"unit={self.unit.code}&quarter={self.quarter}" if self.unit else f"quarter={self.quarter}"
        return asked + ("&scope=city" if city else "") + ("&period=year" if whole_year else "")

    def name_of(self, unit: int) -> str:
        return next(one.short_name for one in self.units if one.pk == unit)


def of(request, *, city: bool | None = None) -> Asked:
    """One unit, or with `?scope=city` all of them; the quarter of the address, or with `?period=year` its year."""
    user, unit = request.user, shell.current_unit(request)
    if city is None:
        city = request.GET.get("scope") == "city" and bool(user.units_with(P.SEE_CITY))
    quarter, year = shell.current_quarter(request), chips.asked(request, "period", ("quarter", "year")) == "year"
    if city:
        shell.show_whole_city(request)
        asked = Unit.objects.of_year(quarter.year) if year else Unit.objects.working(quarter)
        units = list(asked.visible_to(user, P.SEE_PROGRESS))
    else:
        units = list(Unit.objects.drawing().visible_to(user, P.SEE_PROGRESS).filter(pk=unit and unit.pk))
    if not (units or city):
        raise Http404
    return Asked(user, unit, units, quarter, city=city, whole_year=year)


@dataclass(frozen=True)
class Line:
    indicator: Indicator
    figures: list[Figure]  # of all together, and of more than one each

    @property
    def rule(self) -> str:
        return self.figures[0].rule

    @property
    def goal(self) -> str:
        return self.figures[0].asked


def matrix(scope: Scope) -> list[Line]:
    found = figures.of_units(scope)
    columns = [found[None]] + ([found[unit.pk] for unit in scope.units] if len(scope.units) > 1 else [])
    return [Line(one, [column[n] for column in columns]) for n, one in enumerate(figures.ALL)]


@dataclass(frozen=True)
class Period:
    """One line of a trend: the figure of a quarter or of a year, of all together and of more than one unit each."""

    label: str
    name: str  # the same beside a bar: 2026Q3
    query: str
    own: str  # the same of one unit, whose code goes before it
    figures: list[Figure]
    is_year: bool


def periods(asked: Asked, k: int, today: date) -> list[Period]:
    """One indicator of every quarter of the cycle that has begun and counts, then of its years; each as of its own end."""
    now = Quarter.of(today)
    first, _ = asked.scope.law.coverage_cycle(now.year)
    begun = [Quarter(year, n) for year in range(first, now.year + 1) for n in (1, 2, 3, 4)]
    begun = [quarter for quarter in begun if quarter <= now and first_use.counts(quarter.last_day)]
    found = [_period(asked, k, quarter, whole_year=False) for quarter in begun]
    return found + [_period(asked, k, last, whole_year=True) for last in {q.year: q for q in begun}.values()]


def _period(asked: Asked, k: int, quarter: Quarter, *, whole_year: bool) -> Period:
    one = replace(asked, quarter=quarter, whole_year=whole_year)
    found = figures.of_each(one.scope, k)
    columns = [found[None]] + ([found[unit.pk] for unit in one.units] if asked.city else [])
    own = f"quarter={quarter}" + ("&period=year" if whole_year else "")
    return Period(one.label, str(quarter), one.query, own, columns, whole_year)


def drawn(indicator: Indicator, found: list[Period]) -> official.Chart | None:
    """The shares as bars; a number that is no share has none."""
    if indicator.only_count:
        return None
    bars = [
        official.Bar(one.name, one.figures[0].shown, _percent(one.figures[0]), not one.figures[0].is_met)
        for one in found
        if one.figures[0].n
    ]
    return official.Chart(f"{indicator.no} {indicator.name}", tuple(bars)) if bars else None


def _percent(figure: Figure) -> float:
    return 100 * figure.counted / figure.n
