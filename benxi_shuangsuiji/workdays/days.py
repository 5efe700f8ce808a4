"""Working days, quarters and due dates. Pure: the calendar is an argument, and no clock is read.

Two kinds of limit, two rules:

* A fixed date of the plan (5日前, 10日前, 25日前, 年底前) is due at the end **of** that day and never
  moves later for a holiday; its `target`, where reminders aim, is the last working day on or before it
  (readings A-1, A-2). So the plan due on 5 October is aimed at 30 September.
* A period (20个工作日) does not count its first day and ends on the last working day counted (八(二)).

A year whose State Council notice has not appeared is provisional, and so is every date that rests on it.
"""

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.policy.versions import VERSIONS

SHANGHAI = ZoneInfo("Asia/Shanghai")
Day = date  # the type, also where a field is called `date`
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


def D(year: int, month: int, day: int) -> datetime:
    """Return the last second of a day in Asia/Shanghai, where a limit of that day ends (D of domain.md 8.1).

    For showing and sorting. Whether something came in time is asked of days (`is_over`), so that
    the last second's fractions are never late.
    """
    return end_of(date(year, month, day))


def end_of(day: date) -> datetime:
    """Return 23:59:59 Asia/Shanghai of `day`."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: Monday to Friday, except the days named in `exceptions`.

    `exceptions` says True for a rest day that is worked (调休) and False for a working day that is off;
    `published` are the years whose State Council notice is known. Every other year is provisional.
    """

    exceptions: Mapping[date, bool] = field(default_factory=dict)
    published: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))

    def is_workday(self, day: date) -> bool:
        return self.exceptions.get(day, day.weekday() < _SATURDAY)

    def unpublished_years(self, first: date, last: date) -> list[int]:
        """Return the years from `first` to `last` that have no notice yet."""
        return [year for year in range(first.year, last.year + 1) if year not in self.published]

    def is_provisional(self, first: date, last: date | None = None) -> bool:
        """Say whether a year from `first` to `last` has no notice yet."""
        return bool(self.unpublished_years(first, last or first))

    def add_workdays(self, start: date, n: int) -> date:
        """Return the n-th working day after `start`; `start` itself is not counted (八(二))."""
        return self._walk(start, n, _ONE_DAY)

    def subtract_workdays(self, start: date, n: int) -> date:
        """Return the n-th working day before `start`; `start` itself is not counted."""
        return self._walk(start, n, -_ONE_DAY)

    def _walk(self, day: date, n: int, step: timedelta) -> date:
        if n < 1:
            raise ValueError("工作日数应当是不小于 1 的整数。")
        while n:
            day += step
            n -= self.is_workday(day)
        return day

    def last_workday_on_or_before(self, day: date) -> date:
        """Return LWD(day) of domain.md 8.1."""
        while not self.is_workday(day):
            day -= _ONE_DAY
        return day

    def workdays_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`; 0 if `end` is not later.

        The inverse of `add_workdays`: between a day and the n-th working day after it lie n.
        """
        days = (end - start).days
        return sum(self.is_workday(start + timedelta(days=offset)) for offset in range(1, days + 1))

    def fixed(self, day: date) -> "Due":
        """Return the limit that a fixed date of the plan sets: never later than `day` (A-1, A-2)."""
        target = self.last_workday_on_or_before(day)
        return Due(date=day, target=target, provisional=self.is_provisional(target, day))

    def within_workdays(self, start: date, n: int) -> "Due":
        """Return the limit of a period of n working days that begins with the end of `start`."""
        day = self.add_workdays(start, n)
        provisional = self.is_provisional(start + _ONE_DAY, day)
        return Due(date=day, target=day, provisional=provisional, counted_from=start, workdays=n)


@dataclass(frozen=True, order=True)
class Due:
    """A limit: its day (to 24:00), the working day to aim at, and whether a notice may still move it.

    A period keeps how it was counted, so that it can be counted again when the calendar changes.
    """

    date: Day
    target: Day
    provisional: bool = False
    counted_from: Day | None = field(default=None, compare=False)
    workdays: int = field(default=0, compare=False)

    @property
    def ends_at(self) -> datetime:
        return end_of(self.date)

    def is_over(self, today: Day) -> bool:
        """Whether it was not kept: see `is_over`."""
        return is_over(self.date, today)

    @property
    def mark(self) -> str:
        """What stands beside the day wherever it is shown, while a notice may still change it (decisions.md 5)."""
        return "（暂定）" if self.provisional else ""

    def remaining(self, today: Day) -> str:
        return remaining(self.date, today) + self.mark


def publication_due(ended_on: date, calendar: Calendar) -> Due:
    """Return D-8, by when the result of a check that ended on `ended_on` must be public (八(二))."""
    return calendar.within_workdays(ended_on, policy.on(ended_on).publish_within_workdays)


def result_limit(publish_by: date, close: date) -> date:
    """Of a drawn check the earlier of both days: 20 working days after its end, the 25th of the quarter's last month (K2, A-4)."""
    return min(publish_by, close)


def item_list_due(year: int, calendar: Calendar) -> Due:
    """Return D-1, by when the item list of `year` must be complete (六(一)1)."""
    month, day = policy.on(date(year, 1, 1)).item_list_due
    return calendar.fixed(date(year, month, day))


def year_report_due(year: int, calendar: Calendar) -> Due:
    """Return D-11, by when the work of `year` must be reported to the bureau (八(一))."""
    month, day = policy.on(date(year, 12, 31)).year_report_due
    return calendar.fixed(date(year, month, day))


FIRST_YEAR = VERSIONS[0].effective_from.year  # nothing is planned, drawn or counted before the plan (附-a)
LAST_YEAR = 2100  # nor so far ahead: what an address or a form names beyond it is a slip of the keyboard
_ORDINALS = "一二三四"
_QUARTER_FORM = re.compile(r"([0-9]{4})[Qq]([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a year, written 2026Q3."""

    year: int
    number: int

    def __post_init__(self) -> None:
        if self.number not in range(1, 5) or not date.min.year <= self.year <= date.max.year:
            raise ValueError(f"没有“{self.year} 年第 {self.number} 季度”，季度应当是 1 到 4。")

    @classmethod
    def of(cls, day: date) -> "Quarter":
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read 2026Q3 or 2026q3; before the plan was in force, and past `LAST_YEAR`, there is none to speak of (附-a)."""
        form = _QUARTER_FORM.fullmatch(text.strip())
        if form is None:
            raise ValueError(f"“{text}”不是季度，应当写成 2026Q3 这样。")
        quarter = cls(int(form[1]), int(form[2]))
        if quarter.year > LAST_YEAR:
            raise ValueError(f"{quarter.year} 年太远，季度最多写到 {LAST_YEAR} 年。")
        try:
            policy.on(quarter.first_day)
        except LookupError as none_in_force:
            raise ValueError(str(none_in_force)) from none_in_force
        return quarter

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        return f"{self.year} 年第{_ORDINALS[self.number - 1]}季度"

    @property
    def months(self) -> tuple[int, int, int]:
        first = 3 * self.number - 2
        return first, first + 1, first + 2

    @property
    def first_day(self) -> date:
        return date(self.year, self.months[0], 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.months[2], 30 if self.number in (2, 3) else 31)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day

    def next(self) -> "Quarter":
        return Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)

    def previous(self) -> "Quarter":
        return Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)

    def plan_due(self, calendar: Calendar) -> Due:
        """Return D-2 and D-3: the plan made and handed to the lead office (六(一)2, 七(六))."""
        return calendar.fixed(self._day(0, policy.on(self.first_day).plan_due_day))

    def draw_due(self, calendar: Calendar) -> Due:
        """Return D-4: objects and inspectors drawn (七(二))."""
        return calendar.fixed(self._day(0, policy.on(self.first_day).draw_due_day))

    @property
    def draw_by(self) -> str:
        """季度首月 10 日前, by the number in force for this quarter (七(二), 附-b)."""
        return f"季度首月 {policy.on(self.first_day).draw_due_day} 日前"

    def close_due(self, calendar: Calendar) -> Due:
        """Return D-5 to D-7: checks done, results public and reported (六(一)2, 七(六))."""
        return calendar.fixed(self._day(2, policy.on(self.first_day).close_day))

    def progress_due(self, calendar: Calendar) -> list[tuple[int, Due]]:
        """Return how many per cent of the checks should be done by when, our own pace for D-5 (domain.md 8.1).

        Week n of the quarter ends 7n days after it began.
        """
        weeks = policy.on(self.first_day).recommended.progress_by_week
        return [(done, calendar.fixed(self.first_day + timedelta(days=7 * n - 1))) for n, done in weeks]

    def _day(self, month: int, day: int) -> date:
        return date(self.year, self.months[month], day)


def is_over(due: date, on: date) -> bool:
    """Return whether what was due is late on that day; nothing is that was due before the day of first use (二-a)."""
    return on > due and first_use.counts(due)


def remaining(due: date, today: date) -> str:
    """Return the words of a deadline badge, in calendar days."""
    days = (due - today).days
    if days < 0 and not is_over(due, today):
        return "启用以前"
    if days > 0:
        return f"还剩 {days} 天"
    if days == 0:
        return "今天"
    return f"逾期 {-days} 天"


MOMENT_GRACE_MINUTES = 10  # until a promise to the minute counts as broken


def overdue(promised: datetime, now: datetime) -> str:
    """Return by how much a promised hour is past, or nothing: the worker that keeps it comes by every minute."""
    minutes = (now - promised) // timedelta(minutes=1)
    if minutes < MOMENT_GRACE_MINUTES:
        return ""
    days, hours = minutes // (24 * 60), minutes // 60
    if days:
        return f"逾期 {days} 天"
    return f"逾期 {hours} 小时" if hours else f"逾期 {minutes} 分钟"


def months_after(day: date, months: int) -> date:
    """The same day so many months later or earlier; in a shorter month its last one."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def full_date(day: date) -> str:
    """Return 2026 年 4 月 10 日, for prose."""
    return f"{day.year} 年 {short_date(day)}"


def short_date(day: date) -> str:
    """Return 4 月 10 日, where the page makes the year plain."""
    return f"{day.month} 月 {day.day} 日"


def weekday(day: date) -> str:
    """Return 周五."""
    return "周" + "一二三四五六日"[day.weekday()]


def shown_moment(moment: datetime) -> str:
    """Return 4 月 9 日 21:30, where the page makes the year plain."""
    at = moment.astimezone(SHANGHAI)
    return f"{short_date(at.date())} {at:%H:%M}"


def full_moment(moment: datetime) -> str:
    """Return 2026 年 7 月 10 日 09:30, for prose."""
    at = moment.astimezone(SHANGHAI)
    return f"{full_date(at.date())} {at:%H:%M}"


def paper_moment(moment: datetime) -> str:
    """Return 2026 年 7 月 10 日 9:30, as papers write the hour."""
    at = moment.astimezone(SHANGHAI)
    return f"{full_date(at.date())} {at.hour}:{at.minute:02d}"


def moment_words(moment: datetime) -> str:
    """Return 2026 年 7 月 10 日（周五）9:30, for announcements."""
    at = moment.astimezone(SHANGHAI)
    return f"{full_date(at.date())}（{weekday(at.date())}）{at.hour}:{at.minute:02d}"


def table_moment(moment: datetime | None) -> str:
    """Return 2026-07-10 09:30, for cells and columns; nothing of what has not happened."""
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if moment else ""


_WEEKDAY_WITHIN_DAYS = 14


def due_date(day: date, today: date) -> str:
    """Return the day of a deadline: with the weekday within 14 days, with the year if it is another year."""
    words = short_date(day) if day.year == today.year else full_date(day)
    near = abs((day - today).days) <= _WEEKDAY_WITHIN_DAYS
    return f"{words}（{weekday(day)}）" if near else words
