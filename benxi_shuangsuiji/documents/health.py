"""Whether background jobs are done, and stored files are what they were."""

from datetime import timedelta

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.subject import Answer

from .models import FileTrouble, Job, JobState

WAITS = timedelta(minutes=15)


def jobs() -> Answer:
    """Whether a job waits that nobody takes up."""
    waiting = Job.objects.filter(state=JobState.WAITING).order_by("requested_at")
    running = Job.objects.filter(state=JobState.RUNNING).count()
    first = waiting.first()
    late = first is not None and clock.now() - first.requested_at > WAITS and not running
    return Answer(not late, f"{running} 件在做，{waiting.count()} 件等着。", "重启后台任务，看它的日志。")


def files() -> Answer:
    """Whether the nightly round has found a file that is gone or another (四(3)-b)."""
    wrong = FileTrouble.objects.filter(mended_at__isnull=True).count()
    if not wrong:
        return Answer(True, "存着的文件都和存入时一样。")
    return Answer(False, f"{wrong} 份文件不在，或者和存入时不同。", "打开“文件核对”，从备份恢复。")
