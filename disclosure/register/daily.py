"""Every text, every leaf, every signed head and what stands beside them, computed anew once a day (PUB1 §2, as SSJ1 15 D10).

The database refuses every change of what was published. This finds what somebody changed or took away who could switch
that off: an owner of the database, a restored backup, a damaged disk.
"""

from datetime import time

from django.conf import settings
from django.db import connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat
from disclosure.models import Checkpoint, RegisterNode

from . import alarms, columns, log, own, pub1, signing

BEAT = "register"
AFTER = time(3, 0)  # when the site is quiet
# The first number whose text, entry or leaf does not hold; publications without entry, and gaps, too.
ASTRAY = """
SELECT coalesce(p.kind || ' ' || p.no || ' 第 ' || p.version || ' 版', '第 ' || e.index || ' 条')
FROM disclosure_publication p
FULL JOIN (SELECT *, row_number() OVER (ORDER BY index) - 1 AS place FROM disclosure_registerentry) e ON e.publication_id = p.id
WHERE p.id IS NULL OR e.index IS NULL OR e.index <> e.place
   OR p.digest <> encode(sha256(convert_to(p.text, 'UTF8')), 'hex')
   OR e.leaf <> register_leaf(p.kind, p.no, p.version, p.state, p.digest, e.at)
ORDER BY e.index NULLS FIRST LIMIT 1
"""


def compute_daily(*, force: bool = False) -> bool:
    """Compute everything anew; say whether it was done now."""
    now = clock.now()
    last = Heartbeat.objects.filter(name=BEAT).first()
    if not force and (now.time() < AFTER or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    entries, problem = compute()
    if problem:
        alarms.raise_alarm(problem)
    trail.record("disclosure.register.computed", by=None, entries=entries, problem=problem)
    beat(BEAT, now)
    return True


def compute() -> tuple[int, str]:
    """How many entries there are, and what is wrong in one sentence, on one snapshot of the database."""
    with transaction.atomic(), connection.cursor() as cursor:
        if not connection.savepoint_ids:  # the outermost transaction, in which nothing was read yet
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute(ASTRAY)
        if astray := cursor.fetchone():
            return 0, f"{astray[0]}与登记时不同，或者少了。"
        entries, problem = _walk()
        return entries, problem or columns.different()


def proved() -> tuple[str, str]:
    """What the register comes to, and what is wrong with it (`benxi_shuangsuiji.subject:Subject`)."""
    entries, problem = compute()
    head = log.newest()
    return f"公示日志 {entries} 条，最新检查点 {f'{head.size} 条，根 {head.root}' if head else '无'}", problem


def _walk() -> tuple[int, str]:
    """The whole register as `pub1.py` would check it, with every head that was signed on the way and the hashes kept for proofs."""
    heads = dict(Checkpoint.objects.values_list("size", "root"))
    outside = signing.remembered() if settings.REGISTER_KEY else None  # the one head that no database holds
    if outside and heads.setdefault(*outside) != outside[1]:
        return 0, f"第 {outside[0]} 条的检查点与数据库外记下的不同。"
    rows = RegisterNode.objects.values_list("level", "number", "hash")
    kept = {(level, number): bytes(node) for level, number, node in rows}
    tree, end, full = pub1.Growing(), max(heads, default=0), _Full()
    for entry in log.entries(0, 10**15):
        leaf = pub1.leaf_hash(entry.document.encode())
        tree.add(leaf)
        if any(kept.pop(place, made) != made for place, made in full.add(leaf)):
            return tree.size, f"前 {tree.size} 条的整块指纹与算出的不同。"
        if tree.size in heads and tree.root.hex() != heads[tree.size]:
            return tree.size, f"前 {tree.size} 条与签过的检查点不符。"
    if tree.size < end:
        return tree.size, f"签过 {end} 条的检查点，现在只有 {tree.size} 条。"
    if outside and outside[0] == end and not Checkpoint.objects.filter(size__gte=end).exists():
        return tree.size, f"数据库外记下的 {end} 条的检查点，数据库里没有。"
    if kept:
        return tree.size, "整块指纹比登记的条目多。"
    before = None
    for head in Checkpoint.objects.order_by("size"):
        if reason := _why_not_signed(head, before):
            return tree.size, f"{head.size} 条的检查点{reason}。"
        before = head
    return tree.size, ""


class _Full:
    """The hashes of what becomes full, level by level: what proofs are made of."""

    def __init__(self) -> None:
        self.levels: list[list[bytes]] = [[]]
        self.made: list[int] = [0]

    def add(self, leaf: bytes) -> list[tuple[tuple[int, int], bytes]]:
        found, level = [], 0
        self.levels[0].append(leaf)
        while len(self.levels[level]) == pub1.TILE:
            node = pub1.Tree(self.levels[level]).root
            self.levels[level] = []
            found.append(((level + 1, self.made[level]), node))
            self.made[level] += 1
            level += 1
            if level == len(self.levels):
                self.levels.append([])
                self.made.append(0)
            self.levels[level].append(node)
        return found


def _why_not_signed(head: Checkpoint, before: Checkpoint | None) -> str:
    """A head is what its own line signs, with the key of the one before or one that was announced since."""
    try:
        note = pub1.read_checkpoint(head.note.encode())
        signed = pub1.check_signature(note, pub1.read_key(head.key))
    except pub1.Pub1Error as fault:
        return f"不成立：{fault}"
    if (note.size, note.root.hex()) != (head.size, head.root):
        return "与签名的正文不同"
    if before and head.key != before.key and not own.is_announced(head.key):
        return "用没有公告过的公钥签名"
    return "" if signed else "没有验证签名，缺少 cryptography"
