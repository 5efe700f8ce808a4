"""Working days of 2026 by the notice of the State Council (2025-11-04), written down once more."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def _run(first: tuple[int, int, int], last: tuple[int, int, int]) -> set[date]:
    a, b = date(*first), date(*last)
    return {a + timedelta(n) for n in range((b - a).days + 1)}


OFF = (
    _run((2025, 10, 1), (2025, 10, 8))
    | _run((2026, 1, 1), (2026, 1, 3))
    | _run((2026, 2, 15), (2026, 2, 23))
    | _run((2026, 4, 4), (2026, 4, 6))
    | _run((2026, 5, 1), (2026, 5, 5))
    | _run((2026, 6, 19), (2026, 6, 21))
    | _run((2026, 9, 25), (2026, 9, 27))
    | _run((2026, 10, 1), (2026, 10, 7))
    | _run((2027, 1, 1), (2027, 1, 1))
)
WORKED = {
    date(2026, 1, 4),
    date(2026, 2, 14),
    date(2026, 2, 28),
    date(2026, 5, 9),
    date(2026, 9, 20),
    date(2026, 10, 10),
}


def is_worked(day: date) -> bool:
    return day in WORKED or (day not in OFF and day.weekday() < 5)


def between(first: date, last: date) -> int:
    """Working days after the first day, up to and with the last."""
    return sum(is_worked(first + timedelta(n)) for n in range(1, (last - first).days + 1))


def after(day: date, count: int) -> date:
    """The count-th working day after a day."""
    while count:
        day += timedelta(1)
        count -= is_worked(day)
    return day


def day_of(moment: datetime) -> date:
    return moment.astimezone(CHINA).date()
