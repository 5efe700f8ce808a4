"""Keeping the schedule of the lotteries that plans may name (六(一)2-f, SSJ1 14.3)."""

from datetime import date, time

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import full_date
from plans.models import LotteryBreak, LotteryGame, LotterySchedule

from . import schedule


def why_not_keep(by: User) -> str:
    return "" if by.units_with(Permission.KEEP_LOTTERY) else "开奖日程由牵头部门维护。"


def why_not_schedule(
    game: str,
    weekdays: list[int],
    base_day: date | None,
    base_issue: int | None,
    source_document: str,
    *,
    valid_from: date,
    today: date,
) -> str:
    """A game with enough numbers, days of the week, a count whose day is a day of drawing, and no day that is over."""
    if game not in LotteryGame.values:
        return "3D、排列三、排列五的号码太少，不能作公开随机数。"
    if not weekdays or not all(1 <= day <= 7 for day in weekdays):
        return "选出每周的开奖日。"
    if (base_day is None) != (base_issue is None):
        return "起算日和起算期号一起填写。"
    if base_day and base_day.isoweekday() not in weekdays:
        return "起算日不是开奖日。核对星期。"
    if base_issue is not None and str(base_issue)[:4] != str(base_day.year if base_day else ""):
        return "期号以年份开头，例如 2026087，年份与起算日一致。"
    if valid_from < today:
        return f"起始日不能早于今天（{full_date(today)}）。起算日可以是以前的一期，期号照样数得出来。"
    if valid_from.year > today.year + 1:
        return f"起始日不能晚于 {today.year + 1} 年底。"
    if base_day and abs(base_day.year - today.year) > 1:
        return f"期号只在一年之内数，起算日在 {today.year - 1} 到 {today.year + 1} 年之内。"
    return "" if len(source_document.strip()) >= 4 else "写明依据，如开奖公告的名称和日期。"


def why_not_break(starts_on: date, ends_on: date, source_document: str, today: date) -> str:
    """Days in their order, no more than a break has ever had, and near: a slip in the year would close every plan."""
    if ends_on < starts_on:
        return "休市结束早于开始。核对两个日期。"
    if (days := (ends_on - starts_on).days + 1) > schedule.LONGEST_BREAK:
        return f"休市从 {full_date(starts_on)}到 {full_date(ends_on)}，共 {days} 天；一次最多登记 {schedule.LONGEST_BREAK} 天。核对两个日期。"
    if not today.year - 1 <= starts_on.year <= today.year + 1:
        return f"休市的日期在 {today.year - 1} 到 {today.year + 1} 年之内。"
    return "" if len(source_document.strip()) >= 4 else "写明依据，如休市公告的名称和日期。"


@transaction.atomic
def save_schedule(
    *,
    game: str,
    weekdays: list[int],
    drawn_at: time,
    valid_from: date,
    source_document: str,
    by: User,
    base_day: date | None = None,
    base_issue: int | None = None,
) -> LotterySchedule:
    """Enter a game's days from a day on, as a version of its own; the earlier ones stay to be read, and plans keep
    what they say.
    """
    refuse_if(
        why_not_keep(by)
        or why_not_schedule(
            game, weekdays, base_day, base_issue, source_document, valid_from=valid_from, today=clock.today()
        )
    )
    row = LotterySchedule.objects.create(
        game=game,
        valid_from=valid_from,
        weekdays=sorted(set(weekdays)),
        drawn_at=drawn_at,
        base_day=base_day,
        base_issue=base_issue,
        source_document=source_document.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )
    trail.record("plans.lottery.schedule_saved", by=by, about=row, game=game, source=row.source_document)
    return row


@transaction.atomic
def add_break(*, game: str, starts_on: date, ends_on: date, source_document: str, by: User) -> LotteryBreak:
    """Enter days without draws."""
    refuse_if(why_not_keep(by) or why_not_break(starts_on, ends_on, source_document, clock.today()))
    row = LotteryBreak.objects.create(
        game=game,
        starts_on=starts_on,
        ends_on=ends_on,
        source_document=source_document.strip(),
        entered_by=by,
        entered_at=clock.now(),
    )
    trail.record("plans.lottery.break_saved", by=by, about=row, source=row.source_document)
    return row


@transaction.atomic
def remove_break(*, row: LotteryBreak, by: User) -> None:
    """Take a mistaken break out again; the trail keeps it."""
    refuse_if(why_not_keep(by))
    trail.record("plans.lottery.break_removed", by=by, about=row, said=str(row), source=row.source_document)
    row.delete()
