"""The clocks that an entry's time rests on: database and web server agree, and the log does not run ahead (PUB1 §2)."""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji import clock
from disclosure.models import RegisterEntry

from . import alarms

APART = timedelta(minutes=2)
REPEATING = timedelta(hours=1)


def machine_now() -> datetime:
    """What the clock of this machine says, on which the web server runs."""
    return datetime.now(UTC)


def why_not_enter() -> str:
    """Why nothing is entered now: two clocks that differ leave open when something became public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")  # the real one, in a demo too
        apart = abs(cursor.fetchone()[0] - machine_now())
    if apart <= APART:
        return ""
    minutes = int(apart.total_seconds() // 60)
    return f"数据库和网站服务器的时钟相差 {minutes} 分钟，超过 2 分钟不登记公示。联系系统管理员校准时钟以后再公开。"


def watch() -> str:
    """Raise the alarm where the log's last time lies so far ahead that for an hour entries would only repeat it."""
    last = RegisterEntry.objects.order_by("-index").values_list("at", flat=True).first()
    if last is None or (ahead := parse_datetime(last) - clock.now()) < REPEATING:
        return ""
    problem = f"公示日志最后一条的登记时间比现在晚 {int(ahead.total_seconds() // 60)} 分钟，新的登记只能重复它。检查数据库服务器的时钟。"
    alarms.raise_alarm(problem)
    return problem
