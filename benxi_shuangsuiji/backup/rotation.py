"""The data key is turned over: everything that nameplates declare as sealed under it is sealed anew (decision 0065)."""

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.db import connection, transaction

from benxi_shuangsuiji import sealing, subjects
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.database.logins import WEB, WORKER
from benxi_shuangsuiji.database.rights import TABLES
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.subject import Sealed

ROWS = 'SELECT t.ctid::text, t."{column}", {subject} FROM {table} t'
# What keeps a row from being deleted before its time, and how it was switched on.
GUARDS = """
SELECT quote_ident(tgname), CASE tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END FROM pg_trigger
WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 10 = 10
"""
CONNECTED = "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND usename = ANY(%s)"


def columns() -> list[Sealed]:
    return [one for room in subjects.house().subjects for one in room.sealed]


@transaction.atomic
def turn(*, leave_lost: bool = False) -> tuple[int, int]:
    """From `DATA_KEY_OLD` to `DATA_KEY`, all or nothing: how many values, and how many of them neither key opens."""
    old = settings.DATA_KEY_OLD
    if not old:
        raise Refused("没有写原来的密钥。把它写进 .env 的 DJANGO_DATA_KEY_OLD，新的写进 DJANGO_DATA_KEY，再运行一次。")
    if old == settings.DATA_KEY:
        raise Refused("DJANGO_DATA_KEY_OLD 与 DJANGO_DATA_KEY 相同，没有新的密钥可换。")
    with connection.cursor() as cursor:
        cursor.execute(CONNECTED, [[WEB, WORKER]])
        if there := sorted(name for (name,) in cursor.fetchall()):
            raise Refused(f"{'、'.join(there)} 还连着数据库。先停网站和后台任务，不然它们还会用原来的密钥写。")
        turned, lost = 0, []
        for one in columns():
            done, failed = _turn(cursor, one, old)
            turned += done
            lost += [f"{one.table}（{subject}）" for subject in failed]
    if lost and not leave_lost:
        raise Refused(
            f"{len(lost)} 处两把密钥都打不开：{'、'.join(lost[:5])}。什么也没有换。核对两把密钥有没有写错；"
            "确实早就打不开的，加 --leave-lost 留在原处。"
        )
    trail.record("backup.data_key", by=None, values=turned, lost=len(lost), key=sealing.fingerprint())
    return turned, len(lost)


def forget_lost() -> tuple[int, int]:
    """Of what the data key of now does not open, delete what can be made anew: how many, and how many others stay."""
    forgotten = left = 0
    with connection.cursor() as cursor:
        for one in columns():
            cursor.execute(ROWS.format(table=one.table, column=one.column, subject=one.subject))
            lost = [place for place, kept, subject in cursor.fetchall() if not _opens(bytes(kept), subject, one)]
            if not one.made_anew:
                left += len(lost)
                continue
            forgotten += len(lost)
            cursor.execute(GUARDS, [one.table])
            guards = cursor.fetchall()
            for name, _ in guards:
                cursor.execute(f"ALTER TABLE {one.table} DISABLE TRIGGER {name}")
            cursor.execute(f"DELETE FROM {one.table} WHERE ctid = ANY(%s::tid[])", [lost])
            for name, enabled in guards:
                cursor.execute(f"ALTER TABLE {one.table} {enabled} TRIGGER {name}")
    return forgotten, left


def _opens(kept: bytes, subject: str, one: Sealed) -> bool:
    try:
        sealing.unlocked(kept, subject, one.use)
    except InvalidTag:
        return False
    return True


def _turn(cursor, one: Sealed, old: str) -> tuple[int, list[str]]:
    """All values of a column; the subjects of those that neither key opens."""
    failed: list[str] = []
    cursor.execute(f"LOCK TABLE {one.table} IN SHARE ROW EXCLUSIVE MODE")
    cursor.execute(ROWS.format(table=one.table, column=one.column, subject=one.subject))
    rows = cursor.fetchall()
    if TABLES[one.table].sealed:
        cursor.execute(f"ALTER TABLE {one.table} DISABLE TRIGGER sealed_rows")
    for place, kept, subject in rows:
        try:
            value = sealing.relocked(bytes(kept), subject, one.use, old=old)
        except InvalidTag:
            failed.append(subject)
            continue
        cursor.execute(f'UPDATE {one.table} SET "{one.column}" = %s WHERE ctid = %s::tid', [value, place])
    if TABLES[one.table].sealed:
        cursor.execute(f"ALTER TABLE {one.table} ENABLE ALWAYS TRIGGER sealed_rows")
    return len(rows) - len(failed), failed
