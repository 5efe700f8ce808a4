"""Whether there is a backup that is young enough, and whether each minute's changes are kept elsewhere (P25, P27).

A backup that stops being made is noticed by nobody until it is needed: so the last one leaves its name beside the files.
"""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.subject import Answer

from . import checks

NAME = "benxi-%Y-%m-%d-%H%M%S"
OLDEST = timedelta(hours=50)  # two nights and the time that one takes
FIRST_DAY = timedelta(days=1)
FIRST = (
    "用 manage.py backup_key 生成一对密钥，公钥写进 BACKUP_RECIPIENTS，运行一次 manage.py backup，再打开每夜的定时任务，"
    "见 docs/deploy/备份与恢复.md。"
)
HOW = "看备份的定时任务和它的日志，手工运行一次 manage.py backup，见 docs/deploy/备份与恢复.md。"


def last_file() -> Path:
    return Path(settings.VAR_DIR) / "last-backup"


def note(name: str) -> None:
    """The name of a backup that is whole; a reader finds the one of before or this one."""
    new = last_file().with_name(".last-backup.new")
    try:
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(name, encoding="ascii")
        new.replace(last_file())
    except OSError as fault:
        raise Refused(f"备份 {name} 已经做成，但是它的时间写不进 {last_file()}：{fault.strerror or fault}。") from fault


def backed_up() -> Answer:
    """When the last backup was made, in the machine's time."""
    try:
        made = timezone.make_aware(datetime.strptime(last_file().read_text(encoding="ascii").strip(), NAME))
    except FileNotFoundError:
        return _never()
    except (OSError, ValueError):
        return Answer(False, f"{last_file()} 读不出上次备份的时间。", HOW)
    said = f"上次备份在 {timezone.localtime(made):%Y-%m-%d %H:%M}"
    if timezone.now() - made > OLDEST:
        return Answer(False, f"{said}，超过 {OLDEST // timedelta(hours=1)} 小时没有备份。", HOW)
    return Answer(True, f"{said}。")


def _never() -> Answer:
    """On the first day the first night is still to come; after it nobody may think that there is a backup."""
    if clock.is_demo():
        return Answer(None, "演示不备份。")
    if (days := (timezone.now() - _laid_down()) // FIRST_DAY) < 1:
        return Answer(None, "还没有备份过，第一天夜里备份。", FIRST)
    return Answer(False, f"装好 {days} 天，还没有备份过。", FIRST)


def _laid_down() -> datetime:
    """When the first tables of this database were made."""
    return MigrationRecorder(connection).migration_qs.aggregate(at=Min("applied"))["at"]


def archived() -> Answer:
    """Whether PostgreSQL's log of changes reaches its second place. Where it was never meant to, nothing is asked."""
    found = checks.archiving(None, databases=["default"])
    if not found:
        return Answer(True, "WAL 归档正常。")
    return Answer(False if checks.fails() else None, found[0].msg, found[0].hint)
