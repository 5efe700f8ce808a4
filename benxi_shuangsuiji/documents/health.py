"""Whether background jobs are done, and stored files are what they were."""

from datetime import timedelta

from django.db.models import Min
from django.db.models.functions import Coalesce

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.subject import Answer

from .models import FileTrouble, Job, JobState

WAITS = timedelta(minutes=15)


def jobs() -> Answer:
    """Whether a job waits that nobody takes up: since it was asked for or is to be tried again, or since its worker died."""
    now = clock.now()
    running = Job.objects.filter(state=JobState.RUNNING, claimed_until__gt=now).count()
    left = Job.objects.filter(state=JobState.RUNNING).exclude(claimed_until__gt=now)
    waiting = left | Job.objects.filter(state=JobState.WAITING)
    since = waiting.aggregate(first=Min(Coalesce("claimed_until", "requested_at")))["first"]
    late = since is not None and now - since > WAITS and not running
    return Answer(not late, f"{running} 件在做，{waiting.count()} 件等着。", "重启后台任务，看它的日志。")


def files() -> Answer:
    """Whether the nightly round has found a file that is gone or another (四(3)-b)."""
    wrong = FileTrouble.objects.filter(mended_at__isnull=True).count()
    if not wrong:
        return Answer(True, "存着的文件都和存入时一样。")
    return Answer(False, f"{wrong} 份文件不在，或者和存入时不同。", "打开“文件核对”，从备份恢复。")
