"""What a deadline is made of: for whom, over which period, how binding, and in which words (domain.md 8.1)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import models

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.policy.parameters import share
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter


class Binding(models.TextChoices):
    """By what a deadline binds."""

    PLAN = "PLAN", "方案规定"
    LAW = "LAW", "法规规定"
    OWN = "OWN", "建议"


class Span(models.TextChoices):
    """What a deadline belongs to."""

    YEAR = "YEAR", "每年"
    QUARTER = "QUARTER", "每季度"
    MONTH = "MONTH", "每月"
    EVENT = "EVENT", "每件"


class Opens(models.TextChoices):
    """How its duty comes up."""

    UNITS = "UNITS", "每个单位到时自动列出"
    CITY = "CITY", "市执法队到时自动列出"
    BY_ACT = "BY_ACT", "由前一步办理引出"
    BY_RULE = "BY_RULE", "由规则把关，不列待办"

    @property
    def by_itself(self) -> bool:
        return self in (Opens.UNITS, Opens.CITY)


class Month(NamedTuple):
    """A month, written 2026-03."""

    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        first = date.fromisoformat(f"{text}-01")
        return cls(first.year, first.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        return f"{self.year} 年 {self.number} 月"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One deadline.

    `due` takes the period (a year, a `Quarter`, a `Month`; of an event the day on which it happened) and the calendar.
    `city_only`: the city team's alone; `branches_only`: everybody's but its. `event` says from what an event's days are
    counted. `from_month`: the month of its year in which a yearly duty comes up, 0: in the last of the year before.
    `of_cycle`: only the last year of a cycle of coverage has it (七(一)2-b). A number of the plan stands only in `title`, in
    braces, and is that of the period (附-b): other words outlive a change.
    """

    id: str
    clause: str
    name: str
    role: str
    span: Span
    due: Callable[..., Due]
    binding: Binding
    closed_by: str
    title: str = ""
    opens: Opens = Opens.BY_ACT
    city_only: bool = False
    branches_only: bool = False
    from_month: int = 0
    of_cycle: bool = False
    event: str = ""
    url: str = ""
    consequence: str = ""
    reminders: str = "reminder_workdays"  # the field of `policy.Recommended` with the steps before the target

    def concerns(self, *, is_city: bool) -> bool:
        """Whether the city team, or else a branch, has this deadline."""
        return not self.branches_only if is_city else not self.city_only

    def period_of(self, text: str):
        """Read a period as duties write it; ValueError when it is none of this rule's."""
        if self.span == Span.QUARTER:
            return Quarter.parse(text)
        if self.span == Span.MONTH:
            return Month.parse(text)
        if self.span == Span.YEAR and text.isdecimal() and len(text) == 4:
            return int(text)
        raise ValueError(f"{self.id} 没有期间“{text}”。")

    def title_for(self, period: str) -> str:
        found = self.period_of(period)
        if isinstance(found, int):
            return self.title.format(period=f"{found} 年", **_numbers(_law(found)))
        return self.title.format(period=found.label, **_numbers(policy.on(date(*_first_month(found), 1))))

    def due_for(self, period: str, calendar: Calendar) -> Due:
        return self.due(self.period_of(period), calendar)

    def counts(self, period: str, due: Due) -> bool:
        """Whether it is asked of anybody: what belongs to time before the day of first use is not (二-a)."""
        found = self.period_of(period)
        begins = date(found, 12, 31) if isinstance(found, int) else date(*_first_month(found), 1)
        return first_use.counts(begins) and first_use.counts(due.date)

    def periods_in(self, year: int) -> list[str]:
        """The periods of one year; none when the rule does not apply in it."""
        if self.span == Span.QUARTER:
            return [str(Quarter(year, n)) for n in range(1, 5)]
        if self.span == Span.MONTH:
            return [str(Month(year, n)) for n in range(1, 13)]
        if self.of_cycle and _law(year).coverage_cycle(year)[1] != year:
            return []
        return [str(year)] if self.span == Span.YEAR else []

    def steps(self, day: date) -> tuple[int, ...]:
        """Working days before the target on which a reminder goes out."""
        return getattr(policy.on(day).recommended, self.reminders)


def _law(year: int) -> policy.Policy:
    return policy.on(date(year, 12, 31))


def _first_month(period: Quarter | Month) -> tuple[int, int]:
    return (period.year, period.months[0]) if isinstance(period, Quarter) else period


def _numbers(law: policy.Policy) -> dict[str, str | int]:
    """The numbers of a version by the names that titles have for them."""
    return {"least": share(law.key_basis_points), "cycle": law.general_coverage_years, "cap": law.cap_per_item}
