"""The one clock. It is the database's, so that no web server's wrong time enters a record (decisions.md 8)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in Asia/Shanghai.

    `sj_now()` is the real clock everywhere except in a database created as a demo, where it can be shifted.
    """
    if (asked := _asked.get()) is not None:
        asked.append("now")
    return _now()


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sj_now()")
        return timezone.localtime(cursor.fetchone()[0])


# Whether the moment was asked for while a page was made; None outside `watched`.
_asked: ContextVar[list[str] | None] = ContextVar("asked", default=None)
# The day on which a page is being read, once it was asked for; None outside a page.
_read_on: ContextVar[list[date] | None] = ContextVar("read_on", default=None)


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    if (days := _read_on.get()) is None:
        return now().date()
    if not days:
        days.append(_now().date())
    return days[0]


@contextmanager
def watched(day: date | None) -> Iterator[list[str]]:
    """Inside, it is this day, if one is said; the list holds something once the moment was asked for: such a page is of its minute."""
    with on_one_day() as days:
        days += [day] if day else []
        before = _asked.set(asked := [])
        try:
            yield asked
        finally:
            _asked.reset(before)


@contextmanager
def on_one_day() -> Iterator[list[date]]:
    """Inside, the day is asked of the database once: every part of a page is of the same day."""
    before = _read_on.set(days := [])
    try:
        yield days
    finally:
        _read_on.reset(before)


def is_demo() -> bool:
    """Say whether this database was created as a demo (only there can the clock be shifted)."""
    return _created_as_demo(connection.settings_dict["NAME"])


@cache
def _created_as_demo(database: str) -> bool:
    """Asked once of each database, for every page says it: none becomes a demo later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('demo_clock') IS NOT NULL")
        return bool(cursor.fetchone()[0])
