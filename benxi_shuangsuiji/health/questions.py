"""Whether the system is well: one list of questions, asked by `/healthz/`, by `manage.py doctor` and by 系统状况 (P25).

Each room's nameplate says what it asks; here stand those about the machine itself.
"""

import logging
import shutil
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.utils import timezone
from django.utils.module_loading import import_string

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.database import reading
from benxi_shuangsuiji.subject import Answer, Question
from benxi_shuangsuiji.web import start

log = logging.getLogger(__name__)
GIB = 1024**3
LEAST_FREE, LEAST_SHARE = GIB, 5  # bytes, and of a hundred
CERTIFICATE_DAYS = 14
AWAY = Answer(False, "连不上。", "核对数据库是否在运行、DATABASE_URL 是否对，看数据库的日志。")
NOT_ASKED = Answer(False, "数据库连不上，问不到。", "先让数据库恢复。")


@dataclass(frozen=True)
class Asked:
    question: Question
    answer: Answer


def ask(*, slow: bool = True, only: Collection[str] = ()) -> list[Asked]:
    """Ask everything, or what is quick, or what is named. A question that breaks is answered by no.

    A database that says nothing is asked once: each further question would wait for it as long again.
    """
    asked: list[Asked] = []
    away = False
    for question in subjects.house().questions:
        if (slow or not question.slow) and (not only or question.key in only):
            answer = NOT_ASKED if away and question.of_database else _answer(question)
            away = away or answer in (AWAY, NOT_ASKED)
            asked.append(Asked(question, answer))
    return asked


KEPT_S = 2
_kept: dict[str, tuple[float, Answer]] = {}  # question → until when, and what was answered
_one_at_a_time = threading.Lock()


def ask_seldom(*, only: Collection[str] = ()) -> list[Asked]:
    """What is quick, for strangers: each question at most once in two seconds a process, however many ask, and whatever they name.

    Whoever comes meanwhile waits for the answer of the first, so that nobody makes the database work at will.
    """
    with _one_at_a_time:
        now = time.monotonic()
        wanted = {q.key for q in subjects.house().questions if not q.slow and (not only or q.key in only)}
        old = {key for key in wanted if _kept.get(key, (0.0, None))[0] <= now}
        fresh = ask(slow=False, only=old) if old else []
        until = time.monotonic() + KEPT_S
        _kept.update({a.question.key: (until, a.answer) for a in fresh})
        return [Asked(q, _kept[q.key][1]) for q in subjects.house().questions if q.key in wanted]


def is_well(asked: list[Asked]) -> bool:
    return all(a.answer.ok is not False for a in asked)


def _answer(question: Question) -> Answer:
    try:
        return import_string(question.asks)()
    except Exception as trouble:
        if _is_away(trouble):
            log.warning("health: %s: %s", question.key, type(trouble).__name__)
            return NOT_ASKED
        log.exception("health: %s", question.key)
        return Answer(False, "这一项没有问成。", "原因见日志。")


def _is_away(trouble: Exception) -> bool:
    """Whether nobody answers: a database that refuses (a right, a lock) gives its refusal a number."""
    gone = isinstance(trouble, (OperationalError, InterfaceError))
    return gone and getattr(trouble.__cause__, "sqlstate", None) is None


def database() -> Answer:
    """Whether the database answers, and which it is."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SHOW server_version")
            version = cursor.fetchone()[0].split()[0]
    except Error as trouble:
        if not _is_away(trouble):
            raise
        return AWAY
    return Answer(True, f"PostgreSQL {version}。")


def replica() -> Answer:
    """Whether public pages are read where they are meant to be (`database.reading`)."""
    if not reading.is_replicated():
        return Answer(None, "没有设置 DATABASE_REPLICA_URL，公示页读主库。")
    if reading.SOURCE.alias() == reading.REPLICA_ALIAS:
        return Answer(True, "公示页读副本，副本跟得上。")
    return Answer(
        False, "公示页改读主库：副本连不上、没有跟上，或者已经不是副本。", "看副本的日志，照 docs/deploy/副本.md 重做。"
    )


def disk() -> Answer:
    """Room where files are kept: uploads, papers, logs, and the demo's database."""
    words, short = [], False
    for folder in dict.fromkeys(Path(f) for f in (settings.VAR_DIR, settings.EVIDENCE_ROOT) if f):
        if not folder.exists():
            return Answer(False, f"{folder} 不在。", "核对存储有没有挂上，BENXI_VAR、EVIDENCE_ROOT 写得对不对。")
        use = shutil.disk_usage(folder)
        share = 100 * use.free / use.total
        short |= use.free < LEAST_FREE or share < LEAST_SHARE
        words.append(f"{folder} 还有 {use.free / GIB:.1f} GiB（{share:.0f}%）")
    return Answer(not short, "，".join(words) + "。", "清理或者扩大磁盘。满了以后，上传和生成文件会被拒绝。")


def certificates() -> Answer:
    """How long the TLS certificates hold that are named in TLS_CERTIFICATES, in the machine's time."""
    if not settings.TLS_CERTIFICATES:
        return Answer(None, "没有设置 TLS_CERTIFICATES，证书由前面的网关管，这里看不到期限。")
    now, words, short = timezone.now(), [], False
    for file in map(Path, settings.TLS_CERTIFICATES):
        try:
            ends = min(c.not_valid_after_utc for c in x509.load_pem_x509_certificates(file.read_bytes()))
        except (OSError, ValueError):
            return Answer(False, f"{file} 读不出证书。", "核对 TLS_CERTIFICATES，文件要让网站的账号读得到。")
        short |= (ends - now).days < CERTIFICATE_DAYS
        words.append(f"{file.name} 到 {timezone.localtime(ends):%Y-%m-%d} 为止")
    return Answer(not short, "，".join(words) + "。", "换新证书，重新加载反向代理。过期以后，网站打不开。")


def safe_start() -> Answer:
    """Whether web and worker would start now (`web.start`)."""
    if reasons := start.why_not_start():
        return Answer(False, "；".join(reasons), "照每一句改设置。网站和后台任务下次启动时会拒绝启动。")
    return Answer(True, "网站和后台任务可以启动。")
