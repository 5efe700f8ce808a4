"""What must be right of keys and of the copies that PostgreSQL keeps, before the system starts."""

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.core.checks import Error, Tags, Warning, register

from benxi_shuangsuiji import sealing

LONGEST = 300  # seconds of work that may be lost between the seal of a draw and its release
ARCHIVING = """
SELECT current_setting('archive_mode') <> 'off', (SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'),
    coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) FROM pg_stat_archiver
"""
# What no key opens any more was counted when this key took over: nothing else is wrong with it.
LOSS_KNOWN = """
SELECT EXISTS (SELECT FROM audit_auditentry WHERE verb IN ('backup.data_key', 'backup.data_key_lost')
    AND details->>'key' = %s AND (details->>'lost')::int > 0)
"""
SAMPLE = 'SELECT t."{column}", {subject} FROM {table} t ORDER BY t.ctid DESC LIMIT 1'


@register(Tags.database, deploy=True)
def data_key(app_configs, databases=None, **kwargs):
    """A key that opens nothing here is found before somebody's draw needs it."""
    if not databases:
        return []
    from django.db import connection

    from . import rotation

    with connection.cursor() as cursor:
        for one in rotation.columns():
            cursor.execute("SELECT has_column_privilege(%s, %s, 'SELECT')", [one.table, one.column])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(SAMPLE.format(table=one.table, column=one.column, subject=one.subject))
            if not (found := cursor.fetchone()):
                continue
            try:
                sealing.unlocked(bytes(found[0]), found[1], one.use)
            except InvalidTag:
                cursor.execute(LOSS_KNOWN, [sealing.fingerprint()])
                if cursor.fetchone()[0]:
                    continue
                said = "DJANGO_DATA_KEY 打不开数据库里已密封的内容：换过密钥，没有运行 manage.py data_key；或者不是这个库的密钥。"
                return [Error(said, id="benxi.E015")]
    return []


@register(deploy=True)
def backup_recipients(app_configs, **kwargs):
    if settings.BACKUP_RECIPIENTS:
        return []
    return [Warning("没有写备份的公钥 BACKUP_RECIPIENTS，manage.py backup 不能用。", id="benxi.W004")]


@register(Tags.database, deploy=True)
def archiving(app_configs, databases=None, **kwargs):
    """Between the seal of a draw and its release a backup of last night is not enough: the secret was made today."""
    if not databases:
        return []
    on, longest, failed = _archiving()
    hint = "照 docs/deploy/备份与恢复.md 打开 WAL 归档。"
    said = "封存以后、备份以前丢了数据库，那次抽取再也揭不开。"
    if not on:
        return [Warning(f"PostgreSQL 没有打开 WAL 归档：{said}", hint=hint, id="benxi.W005")]
    if not 0 < longest <= LONGEST:
        words = f"archive_timeout 是 {longest} 秒，应在 1 到 {LONGEST} 秒之间：{said}"
        return [Warning(words, hint=hint, id="benxi.W005")]
    if failed:
        return [Warning(f"最近一次 WAL 归档失败：{said}", hint="看数据库的日志，清出归档目录的空间。", id="benxi.W005")]
    return []


def fails() -> bool:
    """Archiving is wanted, and the last attempt went wrong."""
    on, _, failed = _archiving()
    return on and failed


def _archiving() -> tuple[bool, int, bool]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(ARCHIVING)
        return cursor.fetchone()
