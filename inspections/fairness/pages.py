"""What the page of 公平性监测 shows: its parts, each with what it shows and what it does not prove (八(一)-a)."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.shares import interval
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.indicators.pages import Asked
from inspections.oversight import analysis
from plans.models import Draw, DrawStatus

from . import inclusion, people, replacing, visits, words

FIRST_YEAR = 2025


@dataclass(frozen=True)
class Rate:
    """How often checks of one sort found a problem; `low` and `high`: where the true share may lie."""

    line: analysis.Line

    @cached_property
    def range(self) -> str:
        low, high = interval(self.line.found, self.line.checks)
        return f"{low}%—{high}%"


@dataclass(frozen=True)
class Rates:
    total: Rate
    groups: list[tuple[str, list[Rate], int]]  # title, lines, how many more have too few checks


@dataclass(frozen=True)
class Page:
    asked: Asked
    by: str
    today: date

    @property
    def year(self) -> int:
        return self.asked.quarter.year

    @property
    def last_day(self) -> date:
        """On which the year's numbers of the plan are read."""
        return min(self.today, date(self.year, 12, 31))

    @cached_property
    def inclusion(self) -> inclusion.Inclusion:
        return inclusion.of(self.asked.units, self.year, self.by)

    @cached_property
    def replacements(self) -> replacing.Replacements:
        return replacing.of(self.asked.units, self.year, self.last_day, named=self.told)

    @cached_property
    def rates(self) -> Rates:
        found = analysis.of(self.asked.units, self.year)
        groups = []
        for group in found.groups:
            enough = [Rate(line) for line in group.lines if not line.few]
            groups.append((group.title, enough, len(group.lines) - len(enough)))
        return Rates(Rate(found.total), groups)

    @cached_property
    def visits(self) -> visits.Lengths:
        return visits.of(self.asked.units, self.year, self.last_day)

    @cached_property
    def told(self) -> bool:
        """Whether the reader is told of single people in every unit that he looks at."""
        return {unit.pk for unit in self.asked.units} <= self.asked.user.units_with(P.SEE_PATTERNS)

    @cached_property
    def people(self) -> people.People | None:
        return people.of(self.asked.units, self.year) if self.told else None

    @cached_property
    def sealed(self) -> int:
        """Draws of the year that do not count yet."""
        return Draw.objects.filter(status=DrawStatus.DRAWN, unit__in=self.asked.units, year=self.year).count()

    @property
    def words(self):
        return words

    @property
    def few(self) -> int:
        return analysis.FEW

    @property
    def query(self) -> str:
        return f"{self.asked.query}&by={self.by}"

    @property
    def years(self) -> list[chips.Chip]:
        now = Quarter.of(self.today)
        return [
            chips.Chip(f"{quarter.year} 年", self._of(quarter), quarter.year == self.year)
            for quarter in (now, *(Quarter(year, 4) for year in range(now.year - 1, FIRST_YEAR - 1, -1)))
        ]

    def _of(self, quarter: Quarter) -> str:
        return f"?{replace(self.asked, quarter=quarter).query}&by={self.by}"

    @property
    def groups(self) -> list[chips.Chip]:
        rows = [(by, name, None) for by, (name, *_) in inclusion.GROUPS.items()]
        return chips.choices(rows, self.by, lambda by: f"?{self.asked.query}&by={by}#inclusion")
