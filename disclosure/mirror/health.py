"""Whether the mirror is written every night, where one is written at all (PUB1 §4)."""

from datetime import timedelta

from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.subject import Answer

from .nightly import KIND

OLDEST = timedelta(days=2)
GIVEN_UP = timedelta(days=30)  # by then somebody was told for weeks: none is meant to be written any more
HOW = "看后台任务的日志，核对 MIRROR_DIR 的文件夹在不在、写不写得进去。"


def mirrored() -> Answer:
    """How the last mirror ended; web does not know the folder, so what it goes by is that one was asked for."""
    lately = Job.objects.filter(kind=KIND, requested_at__gt=clock.now() - GIVEN_UP)
    last = lately.filter(state__in=(JobState.DONE, JobState.FAILED)).order_by("-requested_at").first()
    if last is None:
        return Answer(None, "近来没有写过公示镜像。")
    day = f"{timezone.localtime(last.requested_at):%Y-%m-%d}"
    if last.state == JobState.FAILED:
        return Answer(False, f"{day} 的公示镜像没有写成。", HOW)
    return Answer(clock.now() - last.requested_at <= OLDEST, f"上一份公示镜像是 {day} 写的。", HOW)
