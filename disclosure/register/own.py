"""What the register says of itself: each day the heads of chain and trail, a new key, a log after another (PUB1 §2, §3).

No account stands behind it. The heads are written by the worker, and the database looks whether they are the newest; a key
and a new log are announced at the server by the owner of the database.
"""

import re
from datetime import time

from django.db import connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditLink
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import full_date
from disclosure.draws.documents import PublicChainEntry
from disclosure.models import Publication, PublicationKind, RegisterEntry
from disclosure.publications import publish

from . import log, pub1

AFTER = time(3, 0)  # when the site is quiet
NOTHING = "0" * 64  # of a chain without links, as its first link names it
# Nobody adds a link while the heads are read and written.
LOCKS = "SELECT pg_advisory_xact_lock(715150001), pg_advisory_xact_lock(715150002)"


def city_team() -> Unit | None:
    return Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()


@transaction.atomic
def publish_heads() -> Publication | None:
    """Once a day the newest link of the draws' chain and of the trail: hashes, no counts."""
    now, unit = clock.now(), city_team()
    no = f"HEADS-{now:%Y%m%d}"
    if unit is None or now.time() < AFTER or Publication.everything.filter(kind=PublicationKind.HEADS, no=no).exists():
        return None
    with connection.cursor() as cursor:
        cursor.execute(LOCKS)
    heads = {
        "on": now.date().isoformat(),
        "chain": PublicChainEntry.objects.order_by("-seq").values_list("link", flat=True).first() or NOTHING,
        "trail": AuditLink.objects.order_by("-seq").values_list("link", flat=True).first() or NOTHING,
    }
    title = f"{full_date(now.date())}链头"
    return publish(PublicationKind.HEADS, no, by=None, unit=unit, title=title, year=now.year, snapshot=heads)


def why_not_key(key: str) -> str:
    """Why this key cannot be announced as the next one."""
    if (last := log.newest()) is None:
        return "日志还没有签署过检查点，不用公告新公钥。"
    try:
        name = pub1.read_key(key).name
    except pub1.Pub1Error:
        return "公钥的写法不对。照 manage.py register_key 印出的一行抄。"
    if name != last.origin:
        return f"公钥的名称是 {name}，日志的名称是 {last.origin}。用日志的名称另生成一把。"
    if key == last.key or is_announced(key):
        return "这把公钥已经公告过或者正在使用。"
    return ""


@transaction.atomic
def announce_key(*, key: str, document: str) -> Publication:
    """A new key takes the place of the one that signs now, from the first head signed with it."""
    refuse_if(why_not_key(key) or ("" if document.strip() else "写明依据文件。"))
    now, old = clock.now(), log.newest().key
    said = {"old_key": old, "new_key": key, "document_no": document, "on": now.date().isoformat()}
    publication = publish(
        PublicationKind.KEY,
        f"KEY-{now:%Y%m%d}-{pub1.read_key(key).id.hex().upper()}",
        by=None,
        unit=city_team(),
        title="公示日志换用新公钥",
        year=now.year,
        snapshot=said,
    )
    trail.record("disclosure.register.key_announced", by=None, about=publication, key=key, document=document)
    return publication


def is_announced(key: str) -> bool:
    return Publication.objects.filter(kind=PublicationKind.KEY, snapshot__new_key=key).exists()


def log_before() -> Publication | None:
    """The entry 0 of a log that goes on from another."""
    first = RegisterEntry.objects.select_related("publication").filter(pk=0, publication__kind=PublicationKind.LOG)
    return first[0].publication if first else None


CLEAR = ["SET CONSTRAINTS ALL IMMEDIATE"] + [
    statement.format(table=f"disclosure_{table}")
    for table in ("registerentry", "registernode", "cosignature", "checkpoint")
    for statement in (
        "ALTER TABLE {table} DISABLE TRIGGER sealed_rows",
        "DELETE FROM {table}",
        "ALTER TABLE {table} ENABLE ALWAYS TRIGGER sealed_rows",
    )
]
# What was public before is entered once more, in its old order, at the hour at which the new log begins.
ENTER = """
INSERT INTO disclosure_registerentry (index, publication_id, at, leaf)
SELECT o.n, p.id, e.at, register_leaf(p.kind, p.no, p.version, p.state, p.digest, e.at)
FROM unnest(%s::bigint[]) WITH ORDINALITY o(id, n) JOIN disclosure_publication p ON p.id = o.id
JOIN disclosure_registerentry e ON e.index = 0 ORDER BY o.n
"""


@transaction.atomic
def begin_log(*, origin: str, reason: str, document: str) -> Publication:
    """End this log and begin another, whose entry 0 names the old one: what was signed cannot be brought back (§3)."""
    refuse_if(why_not_begin(origin, reason, document))
    last, now = log.newest(), clock.now()
    known = list(Publication.everything.order_by("entry__index", "pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        for statement in CLEAR:
            cursor.execute(statement)
        publication = publish(
            PublicationKind.LOG,
            f"LOG-{now:%Y%m%d}-{last.root[:8].upper()}",
            by=None,
            unit=city_team(),
            title="公示日志另起一本",
            year=now.year,
            snapshot={
                "origin": origin,
                "old_origin": last.origin,
                "old_size": last.size,
                "old_root": last.root,
                "old_key": last.key,
                "reason": reason,
                "document_no": document,
                "on": now.date().isoformat(),
            },
        )
        cursor.execute(ENTER, [known])
    trail.record("disclosure.register.log_begun", by=None, about=publication, origin=origin, reason=reason)
    return publication


def why_not_begin(origin: str, reason: str, document: str) -> str:
    last = log.newest()
    if last is None:
        return "日志还没有签署过检查点，不用另起一本。"
    if not re.fullmatch(r"[a-z0-9.-]+/register[0-9]*", origin) or origin == last.origin:
        return "写新日志的名称：小写的域名加 /register 和序号，与原来的不同，没有空格和加号。"
    if not reason.strip() or not document.strip():
        return "写明原因和依据文件。"
    return ""
