"""What an address asks of the indicators, and how they stand in a table."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404

from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter

from . import figures
from .facts import Scope
from .figures import Figure, Indicator


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
    units = list(Unit.objects.drawing().filter(pk__in=user.units_with(P.SEE_PROGRESS)))
    if not city:
        units = [one for one in units if one == unit]
    if not (units or city):
        raise Http404
    year = request.GET.get("period") == "year"
    return Asked(user, unit, units, shell.current_quarter(request), city=city, whole_year=year)


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
