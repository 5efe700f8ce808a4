"""Whether the trail holds (P11)."""

from datetime import timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.subject import Answer

from . import watch

SILENCE = timedelta(minutes=5)


def trail_holds() -> Answer:
    """Whether every entry holds to the one before it, and somebody looks."""
    mark = watch.state()
    if mark is None:
        return Answer(None, "还没有核对过，后台任务第一轮以后再看。")
    if mark.broken_at:
        return Answer(False, f"第 {mark.broken_at} 条与前一条接不上。", "打开“操作记录”校验，查明是谁、怎样改的。")
    if mark.late:
        return Answer(False, f"{mark.late} 条迟迟没有入链。", "核对后台任务；恢复过数据库的，照《备份与恢复》办。")
    words = f"核到第 {mark.seq} 条，逐条相连；{timezone.localtime(mark.at):%m-%d %H:%M} 核对。"
    return Answer(clock.now() - mark.at < SILENCE, words, "后台任务没有在核对，先看后台任务。")
