"""The worker signs the register's newest head, at most once a round (PUB1 §3).

What was signed last stands in a file outside the database as well: of a database that was restored from a backup nothing
is signed until somebody has entered the highest head known outside, since two heads that do not follow one another would
be two registers.
"""

import os
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from benxi_shuangsuiji import clock
from disclosure.models import Checkpoint, RegisterEntry, RegisterNode

from . import alarms, log, own, pub1

LOCK = "SELECT pg_try_advisory_xact_lock(715150005)"


def origin() -> str:
    """The name of this register: the site's host and `/register`, fixed at the first entry (§3)."""
    if before := own.log_before():
        return before.snapshot["origin"]
    return settings.REGISTER_ORIGIN or f"{settings.ALLOWED_HOSTS[0].strip('[.]').lower()}/register"


def name() -> str:
    """The name that this register signs under now."""
    return last.origin if (last := log.newest()) else origin()


def sign_newest() -> Checkpoint | None:
    """Sign a head of all entries there are; None where there is nothing new, no key, or something to look into first."""
    if not settings.REGISTER_KEY:
        return None
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            return None  # another worker is signing
        last = log.newest()
        top = RegisterEntry.objects.aggregate(last=Max("index"))["last"]
        if top is None or (last and top + 1 == last.size):
            return None
        size = top + 1
        _keep_full_nodes(size)
        node = log.reader()
        if problem := _why_not_extended(node, size, last):
            alarms.raise_alarm(problem)
            return None
        root = pub1.root(node, size)
        note, key = pub1.sign(name(), size, root, bytes.fromhex(settings.REGISTER_KEY))
        if last and key != last.key and not own.is_announced(key):
            alarms.raise_alarm(
                "签名用的密钥换过，没有公告新公钥，没有签名。用 manage.py register_key 公告，或者换回原来的密钥。"
            )
            return None
        _remember(size, root)
        return Checkpoint.objects.create(size=size, root=root.hex(), note=note, key=key, signed_at=clock.now())


def _keep_full_nodes(size: int) -> None:
    """The hashes of what has become full since the last head, level by level."""
    level = 1
    while full := size >> log.BITS * level:
        have = RegisterNode.objects.filter(level=level).count()
        RegisterNode.objects.bulk_create(
            RegisterNode(level=level, number=n, hash=pub1.Tree(log.hashes(level - 1, n)).root)
            for n in range(have, full)
        )
        level += 1


def _why_not_extended(node: pub1.Node, size: int, last: Checkpoint | None) -> str:
    known = [(last.size, last.root)] if last else []
    if head := remembered():
        known.append(head)
    elif last:
        return "数据库外没有上次签名的记录，可能是从备份恢复的。核对外面见过的最新检查点，用 manage.py register_head 录入以后再签名。"
    for number, root in known:
        if number > size or pub1.root(node, number).hex() != root:
            return f"日志与第 {number} 条时签过的检查点接不上，没有签名。"
    return ""


def head_file() -> Path:
    return Path(settings.REGISTER_HEAD)


def remembered() -> tuple[int, str] | None:
    """Size and root of the newest head that was ever signed or entered here."""
    try:
        size, root = head_file().read_text(encoding="ascii").split()
    except FileNotFoundError:
        return None
    return int(size), root


def remember_known(size: int, root: str) -> None:
    """Enter the highest head that is known outside, after a restore (§3)."""
    _remember(size, bytes.fromhex(root))


def _remember(size: int, root: bytes) -> None:
    file = head_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(file.name + ".new")
    with open(new, "w", encoding="ascii") as out:
        out.write(f"{size} {root.hex()}\n")
        out.flush()
        os.fsync(out.fileno())
    new.replace(file)
