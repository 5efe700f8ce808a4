"""Working days, 调休, quarters and due dates.

`days` is pure and takes the calendar as an argument; `calendar()` is the one in force here and now.
"""

from datetime import date
from functools import cache

from django.db import connection

from benxi_shuangsuiji.workdays.arrangements import ARRANGEMENTS
from benxi_shuangsuiji.workdays.days import Calendar


@cache
def built_in_calendar() -> Calendar:
    """Return the calendar of the State Council notices that came with the program."""
    exceptions: dict[date, bool] = {}
    for arrangement in ARRANGEMENTS:
        exceptions |= arrangement.exceptions()
    return Calendar(exceptions, frozenset(known.year for known in ARRANGEMENTS if known.published))


def calendar() -> Calendar:
    """Return the built-in calendar as corrected by the rows of `CalendarException` and `PublishedYear`.

    A row wins over the built-in day. The statutory days of a provisional year stay rest days when its
    notice is entered, since every notice keeps them. One query, written out because most actions begin with it.
    """
    known = built_in_calendar()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT day, is_workday, NULL FROM workdays_calendarexception"
            " UNION ALL SELECT NULL, NULL, year FROM workdays_publishedyear"
        )
        rows = cursor.fetchall()
    if not rows:
        return known
    entered = {day: is_workday for day, is_workday, _ in rows if day}
    return Calendar({**known.exceptions, **entered}, known.published.union(year for _, _, year in rows if year))


def calendar_if_there() -> tuple[Calendar, str]:
    """For the operator's commands: the calendar in force and "", or without a database the built-in one and a sentence."""
    from django.db import OperationalError, ProgrammingError

    try:
        return calendar(), ""
    except (OperationalError, ProgrammingError):
        return built_in_calendar(), "没有可用的数据库，只按随程序的放假安排计算，不含登记的更正。"
