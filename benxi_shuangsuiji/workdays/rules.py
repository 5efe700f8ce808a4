"""Why the calendar may not be changed so; "" when nothing stands in the way (附-b, decisions.md 5)."""

from datetime import date

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason

from .arrangements import ARRANGEMENTS
from .days import FIRST_YEAR, Calendar, short_date, weekday
from .models import CalendarException

YEARS_AHEAD = 2


def why_not_keep_calendar(by: User) -> str:
    return "" if by.units_with(Permission.MANAGE_SYSTEM) else "放假安排由系统管理员按文件登记。"


def why_not_year(year: int, calendar: Calendar, today: date) -> str:
    """A year is published once; what its notice changes later is corrected day by day."""
    if not FIRST_YEAR <= year <= today.year + YEARS_AHEAD:
        return f"年度在 {FIRST_YEAR} 到 {today.year + YEARS_AHEAD} 之间。"
    if year in calendar.published:
        return f"{year} 年的放假安排已经公布。国务院另有通知的，用“更正一天”逐日更正。"
    return ""


def why_not_arrangement(year: int, days: dict[date, tuple[bool, str]]) -> str:
    """Every notice keeps the days that are holidays by law; one that leaves some out was not copied whole."""
    known = next((a for a in ARRANGEMENTS if a.year == year), None)
    if known is None:
        return ""
    missing = [h for h in known.holidays if any(days.get(d, (True,))[0] for d in _days_of(h))]
    if not missing:
        return ""
    words = "、".join(f"{h.name}（{short_date(h.first)}）" for h in missing)
    return f"法定节日{words}没有全部写成放假。对照通知补齐。"


def _days_of(holiday) -> list[date]:
    span = (holiday.last - holiday.first).days + 1
    return [date.fromordinal(holiday.first.toordinal() + n) for n in range(span)]


def why_not_published_on(published_on: date, today: date) -> str:
    return "公布日期还没有到。按通知上的日期填写。" if published_on > today else ""


def why_not_correct(day: date, is_workday: bool, calendar: Calendar, today: date) -> str:
    if not FIRST_YEAR <= day.year <= today.year + YEARS_AHEAD:
        return f"日期在 {FIRST_YEAR} 年到 {today.year + YEARS_AHEAD} 年之间。"
    if CalendarException.objects.filter(day=day).exists():
        return f"{short_date(day)}已经登记过，先撤销那一条再登记。"
    if calendar.is_workday(day) == is_workday:
        return f"{day.year} 年 {short_date(day)}（{weekday(day)}）本来就{'上班' if is_workday else '休息'}。"
    return ""


def why_not_document(text: str) -> str:
    return why_not_reason(text, "依据文件")
