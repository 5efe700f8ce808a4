"""Whether the register of publications is signed and as it was, on clocks that agree (PUB1 §2, §3)."""

from datetime import timedelta

from django.db.models import Max
from django.utils.dateparse import parse_datetime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.subject import Answer
from disclosure.models import RegisterEntry

from . import clocks, log

UNSIGNED = timedelta(minutes=10)
COMPUTED = timedelta(days=2)


def register_holds() -> Answer:
    """What the last recomputation found, and whether new entries are signed."""
    last = RegisterEntry.objects.aggregate(last=Max("index"))["last"]
    if last is None:
        return Answer(None, "还没有公示。")
    lately = clock.now() - COMPUTED
    computed = AuditEntry.objects.filter(verb="disclosure.register.computed", at__gte=lately).order_by("-at").first()
    if computed and computed.details.get("problem"):
        return Answer(False, computed.details["problem"], "保留现场，照《公示日志》查明原因。")
    head = log.newest()
    if head is None:
        return Answer(None, f"{last + 1} 条，没有签过名（后台任务没有 REGISTER_KEY）。")
    words = f"{last + 1} 条，签到第 {head.size} 条。"
    first = RegisterEntry.objects.filter(index=head.size).values_list("at", flat=True).first()
    late = first is not None and clock.now() - parse_datetime(first) > UNSIGNED
    return Answer(not late, words, "看后台任务的日志：密钥换过要公告，恢复过数据库要录入外面见过的检查点。")


def clocks_agree() -> Answer:
    """Whether database and machine have the same time, without which nothing is entered."""
    problem = clocks.why_not_enter()
    return Answer(not problem, problem or "数据库和这台机器的时钟一致。", "校准时钟（NTP）。")
