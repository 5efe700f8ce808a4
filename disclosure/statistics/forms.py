"""What somebody asks the statistics for, read from the address; pages leave out what they do not know, files refuse it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import words
from disclosure.results.forms import Unknown, asked

from .counting import Public
from .figures import GROUPS

NAMES = ("period", "category", "by")


@dataclass(frozen=True)
class StatisticsQuery:
    periods: tuple[str, ...]
    period: str = ""
    category: str = ""
    by: str = "unit"
    unknown: tuple[Unknown, ...] = ()

    @classmethod
    def of(cls, data, public: Public) -> "StatisticsQuery":
        quarters = [str(quarter) for quarter in public.quarters]
        periods = (*quarters, *dict.fromkeys(quarter[:4] for quarter in quarters))
        allowed = {"period": periods, "category": (*words.CATEGORIES,), "by": (*GROUPS,)}
        given, unknown = asked(data, NAMES)
        known = {name: value for name, value in given.items() if value in allowed[name]}
        unknown += [Unknown(n, v[:40], allowed[n]) for n, v in given.items() if v and n not in known]
        return cls(periods, unknown=tuple(unknown), **{"period": periods[0] if periods else ""} | known)

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        return tuple(Quarter.parse(p) for p in self.periods if "Q" in p and p.startswith(self.period))

    @property
    def label(self) -> str:
        return self.name_of(self.period)

    def name_of(self, period: str) -> str:
        if "Q" in period:
            return Quarter.parse(period).label
        counted = sorted(Quarter.parse(p).number for p in self.periods if "Q" in p and p.startswith(period))
        return f"{period} 年（第 {'、'.join(map(str, counted))} 季度）"

    def address(self, **changes: str) -> str:
        said = {"period": self.period, "category": self.category, "by": self.by} | changes
        if said["by"] == "unit":
            said["by"] = ""
        return "?" + urlencode({name: value for name, value in said.items() if value})

    def choices(self, name: str, choices: dict[str, str]) -> list[chips.Chip]:
        rows = [(value, label, None) for value, label in choices.items()]
        return chips.choices(rows, getattr(self, name), lambda value: self.address(**{name: value}))
