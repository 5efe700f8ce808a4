"""The one clock. It is the database's, so that no web server's wrong time enters a record (decisions.md 8)."""

from datetime import date, datetime
from functools import cache

from django.db import connection
from django.utils import timezone


def now() -> datetime:
    """Return the present moment, aware, in Asia/Shanghai.

    `sj_now()` is the real clock everywhere except in a database created as a demo, where it can be shifted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sj_now()")
        return timezone.localtime(cursor.fetchone()[0])


def today() -> date:
    """Return the present day in Asia/Shanghai."""
    return now().date()


def is_demo() -> bool:
    """Say whether this database was created as a demo (only there can the clock be shifted)."""
    return _created_as_demo(connection.settings_dict["NAME"])


@cache
def _created_as_demo(database: str) -> bool:
    """Asked once of each database, for every page says it: none becomes a demo later."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('demo_clock') IS NOT NULL")
        return bool(cursor.fetchone()[0])
