"""The worker writes the mirror every night into the folder that the machine names (PUB1 §4)."""

from datetime import time
from pathlib import Path

from django.conf import settings

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job
from benxi_shuangsuiji.notices.tasks import beat

from . import writing

KIND = "disclosure.mirror"
WANTED = "mirror"  # the beat that says that the worker has a folder to write to
AFTER = time(2)


def ask_nightly() -> Job | None:
    """Once a night; None without a folder, too early, or when it was asked for already."""
    if not settings.MIRROR_DIR:
        return None
    now = clock.now()
    beat(WANTED, now)
    if now.time() < AFTER:
        return None
    if Job.objects.filter(kind=KIND, requested_at__date=now.date()).exists():
        return None
    return jobs.ask_for(kind=KIND, title="公示镜像", params={}, by=None)


def write(job: Job, progress) -> None:
    """The background job."""
    writing.write(Path(settings.MIRROR_DIR), progress=progress)
