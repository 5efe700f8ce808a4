"""Every text, every leaf and every signed head computed anew once a day (PUB1 §2, as SSJ1 15 D10).

The database refuses every change of what was published. This finds what somebody changed or took away who could switch
that off: an owner of the database, a restored backup, a damaged disk.
"""

from datetime import time

from django.db import connection, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat
from disclosure.models import Checkpoint

from . import alarms, log, pub1

BEAT = "register"
AFTER = time(3, 0)  # when the site is quiet
# The first number whose text, entry or leaf does not hold; publications without entry, and gaps, too.
ASTRAY = """
SELECT coalesce(p.kind || ' ' || p.no || ' 第 ' || p.version || ' 版', '第 ' || e.index || ' 条')
FROM disclosure_publication p FULL JOIN disclosure_registerentry e ON e.publication_id = p.id
WHERE p.id IS NULL OR e.index IS NULL
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
        return _walk(dict(Checkpoint.objects.values_list("size", "root")))


def _walk(signed: dict[int, str]) -> tuple[int, str]:
    """The whole register as `pub1.py` would check it, and every head that was signed on the way."""
    tree, end = pub1.Growing(), max(signed, default=0)
    for entry in log.entries(0, 10**15):
        tree.add(pub1.leaf_hash(entry.document.encode()))
        if tree.size in signed and tree.root.hex() != signed[tree.size]:
            return tree.size, f"前 {tree.size} 条与签过的检查点不符。"
    if tree.size < end:
        return tree.size, f"签过 {end} 条的检查点，现在只有 {tree.size} 条。"
    return tree.size, ""
