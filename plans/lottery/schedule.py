"""开奖日程, reckoned: which issue is drawn when, and which one a plan may name (六(一)2-f, SSJ1 14.3).

The arithmetic is pure; `schedules_on` and `breaks` read the rows that the lead office keeps.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays.days import SHANGHAI, short_date, weekday
from plans.models import LotteryBreak, LotteryGame, LotterySchedule, SourceKind

# SSJ1 14.3: about 61 bits first, about 24 bits after it.
PREFERRED = (LotteryGame.K8, LotteryGame.SSQ, LotteryGame.DLT, LotteryGame.QLC)
ONE_DAY = timedelta(days=1)
LOOK_BACK = 7  # days before the draw in which its issue is looked for
LONGEST_BREAK = 60  # days; nobody has closed longer, and a slip in the year would close every plan
LOOK_AHEAD = LONGEST_BREAK + 7  # days after the first issue in which a fallback is looked for
# 快乐8第2026266期, 快乐8 2026266, 大乐透 26116 期: the welfare lottery writes the whole year, the sports lottery two digits.
NUMBER = re.compile(r"(\d+)期|(?<!\d)(\d{5}|\d{7})(?!\d)")


@dataclass(frozen=True)
class Schedule:
    """One game: its weekdays (Monday 1), the time of day, and a known issue."""

    game: str
    weekdays: tuple[int, ...]
    drawn_at: time
    base_day: date | None = None
    base_issue: int | None = None

    @property
    def name(self) -> str:
        return LotteryGame(self.game).label


@dataclass(frozen=True)
class Break:
    game: str  # "" all games
    starts_on: date
    ends_on: date

    def covers(self, game: str, day: date) -> bool:
        return self.game in ("", game) and self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class Issue:
    """One issue of one game."""

    game: str
    day: date
    at: datetime
    number: int | None

    @property
    def kind(self) -> str:
        return SourceKind.LOTTERY

    @property
    def label(self) -> str:
        """快乐8 第 2026183 期, or by its day while the operator's count is not entered."""
        name = LotteryGame(self.game).label
        if self.number is None:
            return f"{name} {short_date(self.day)}开奖的一期"
        return f"{name} 第 {self.number} 期"


def draws_on(schedule: Schedule, breaks: Iterable[Break], day: date) -> bool:
    return day.isoweekday() in schedule.weekdays and not any(b.covers(schedule.game, day) for b in breaks)


def issue_number(schedule: Schedule, breaks: Sequence[Break], day: date) -> int | None:
    """The number of the issue drawn on `day`; issues count on from 001 within a year, so only in the base's year."""
    if schedule.base_day is None or schedule.base_issue is None or schedule.base_day.year != day.year:
        return None
    if day >= schedule.base_day:
        span = range(1, (day - schedule.base_day).days + 1)
        return schedule.base_issue + sum(
            draws_on(schedule, breaks, schedule.base_day + timedelta(days=n)) for n in span
        )
    span = range((schedule.base_day - day).days)
    return schedule.base_issue - sum(draws_on(schedule, breaks, day + timedelta(days=n)) for n in span)


def issues(schedule: Schedule, breaks: Sequence[Break], first: date, last: date) -> Iterator[Issue]:
    """The game's issues from day to day, in order."""
    day = first
    while day <= last:
        if draws_on(schedule, breaks, day):
            at = datetime.combine(day, schedule.drawn_at, SHANGHAI)
            yield Issue(schedule.game, day, at, issue_number(schedule, breaks, day))
        day += ONE_DAY


@dataclass(frozen=True)
class Proposal:
    """The issue that the plan names, and the one that is used when it does not take place."""

    first: Issue
    fallback: Issue | None


def propose(
    schedules: Iterable[Schedule],
    breaks: Sequence[Break],
    *,
    after: datetime,
    before: datetime,
    game: str = LotteryGame.K8,
) -> Proposal | None:
    """The last suitable issue before the draw, so that the list can be sealed as late as may be; then a fallback.

    The fallback is the next issue of another game after the first one.
    """
    of_game = {schedule.game: schedule for schedule in schedules}
    order = [game, *(other for other in PREFERRED if other != game)]
    before_draw = localtime(before).date()
    for name in order:
        if name not in of_game:
            continue
        since = max(localtime(after).date(), before_draw - timedelta(days=LOOK_BACK))
        suitable = [i for i in issues(of_game[name], breaks, since, before_draw) if after < i.at < before]
        if suitable:
            first = suitable[-1]
            return Proposal(first, _fallback(of_game, breaks, order, first))
    return None


def _fallback(of_game, breaks, order, first: Issue) -> Issue | None:
    """After the first one: a draw that lost its source is sealed anew, and then nothing may be known (SSJ1 14.4)."""
    last = first.day + timedelta(days=LOOK_AHEAD)
    later = [
        next((issue for issue in issues(of_game[name], breaks, first.day, last) if issue.at > first.at), None)
        for name in order
        if name in of_game and name != first.game
    ]
    return min((issue for issue in later if issue), key=lambda issue: issue.at, default=None)


@dataclass(frozen=True)
class Kept:
    """The schedule as the lead office keeps it, read once; of two versions from one day the later entered holds."""

    rows: tuple[tuple[date, Schedule], ...]
    breaks: tuple[Break, ...]

    def on(self, day: date) -> dict[str, Schedule]:
        return {schedule.game: schedule for since, schedule in self.rows if since <= day}

    def why_not_drawn(self, label: str, due: datetime) -> str:
        """Why the issue that the label names is not drawn at `due`; of a game that is not kept nothing is said."""
        day, written = localtime(due).date(), _compact(label)
        schedule = next((s for s in self.on(day).values() if s.name in written), None)
        if schedule is None:
            return ""
        if any(b.covers(schedule.game, day) for b in self.breaks):
            return f"{schedule.name} {short_date(day)}休市，没有开奖；换一期，或者换一种彩票"
        if day.isoweekday() not in schedule.weekdays:
            return f"{schedule.name}{weekday(day)}不开奖（{short_date(day)}），换一期，或者换一种彩票"
        if localtime(due).time() > schedule.drawn_at:
            return f"{schedule.name} {short_date(day)} {schedule.drawn_at:%H:%M} 就开出，开出时间不能写得更晚"
        if localtime(due).time() < schedule.drawn_at:
            return f"{schedule.name} {short_date(day)} {schedule.drawn_at:%H:%M} 才开出，开出时间不能写得更早"
        return self._why_another_issue(schedule, day, written.replace(schedule.name, " ", 1))

    def _why_another_issue(self, schedule: Schedule, day: date, written: str) -> str:
        """An issue drawn long ago, or one still to come, must not stand for the one of the day."""
        found, number = NUMBER.search(written), issue_number(schedule, self.breaks, day)
        if not found or number is None or _same_issue(read := found[1] or found[2], number):
            return ""
        return f"按开奖日程，{short_date(day)}开奖的是{schedule.name}第 {number} 期，现在写的是第 {read} 期"


def _compact(label: str) -> str:
    """Without spaces, and the wide digits of a Chinese keyboard as others."""
    return "".join(unicodedata.normalize("NFKC", label).split())


def _same_issue(read: str, number: int) -> bool:
    """Written in full, without the century, or without the year."""
    return str(number) in (read, f"20{read}", f"{number // 1000}{read.zfill(3)}")


def kept() -> Kept:
    rows = LotterySchedule.objects.order_by("valid_from", "pk")
    return Kept(
        tuple((r.valid_from, Schedule(r.game, tuple(r.weekdays), r.drawn_at, r.base_day, r.base_issue)) for r in rows),
        tuple(breaks()),
    )


def schedules_on(day: date) -> list[Schedule]:
    """What is in force, the preferred game first."""
    newest = kept().on(day)
    return [newest[game] for game in PREFERRED if game in newest]


def breaks() -> list[Break]:
    return [Break(*row) for row in LotteryBreak.objects.values_list("game", "starts_on", "ends_on")]


def proposal_for(draw_at: datetime, *, now: datetime, game: str = LotteryGame.K8) -> Proposal | None:
    """What a plan with this draw would name, from the schedule as it is kept."""
    return propose(schedules_on(localtime(draw_at).date()), breaks(), after=now, before=draw_at, game=game)
