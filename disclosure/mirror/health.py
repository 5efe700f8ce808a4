"""Whether the mirror is written every night, where one is written at all (PUB1 §4)."""

from datetime import timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.subject import Answer

from .nightly import KIND, WANTED

OLDEST = timedelta(days=2)
HOW = "看后台任务的日志，核对 MIRROR_DIR 的文件夹在不在、写不写得进去。"


def mirrored() -> Answer:
    """How the last mirror ended, if one is wanted: the worker alone knows the folder, and says in each round that it has one."""
    ended = Job.objects.filter(kind=KIND, state__in=(JobState.DONE, JobState.FAILED))
    last = ended.order_by("-requested_at").first()
    day = f"{timezone.localtime(last.requested_at):%Y-%m-%d}" if last else ""
    rounds = schedule.LANES["night"].silence
    if not Heartbeat.objects.filter(name=WANTED, at__gt=clock.now() - rounds).exists():
        return Answer(None, f"后台任务没有写 MIRROR_DIR，不写公示镜像{f'，上一份是 {day} 写的' if day else ''}。")
    if last is None:
        return Answer(None, "还没有写过公示镜像，夜里两点以后写第一份。")
    if last.state == JobState.FAILED:
        return Answer(False, f"{day} 的公示镜像没有写成。", HOW)
    return Answer(clock.now() - last.requested_at <= OLDEST, f"上一份公示镜像是 {day} 写的。", HOW)
