"""Background jobs: a row holds state, progress and attempts; the queue only wakes the worker (decisions.md 10).

What a row may name is a kind of the nameplates and data; what is done for a kind stands in the code.
"""

import logging
import signal
import threading
from contextlib import contextmanager, suppress
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from benxi_shuangsuiji import clock, subjects

from . import files
from .models import Job, JobState, StoredFile

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
# Until one that failed may be tried again, so that its attempts outlast a storage that is away for a moment.
BACK_OFF = [timedelta(minutes=1), timedelta(minutes=5)]
# A worker says every BEAT that it is still at it; one that was killed loses the job after CLAIM.
BEAT, CLAIM = 20.0, timedelta(minutes=2)
# A job may take hours on a busy machine, but not without saying meanwhile how far it has come.
LONGEST, SILENT = 4 * 3600, settings.Q_CLUSTER["timeout"]


def ask_for(*, kind: str, title: str, params: dict, by) -> Job:
    """Enter a job. The worker looks for new ones: whoever asks has no right to its queue, where code is called by name (S3)."""
    return Job.objects.create(kind=kind, title=title, params=params, requested_by=by, requested_at=clock.now())


def wake(pk: int) -> None:
    """Of the worker's login."""
    async_task("benxi_shuangsuiji.documents.tasks.run_job", pk, timeout=LONGEST)


def under_way() -> bool:
    """Whether some worker does a job and says from time to time how far it has come."""
    return Job.objects.filter(state=JobState.RUNNING, claimed_until__gt=clock.now()).exists()


def _heard() -> None:
    """From here the worker's patience is counted anew; elsewhere nobody waits."""
    if callable(signal.getsignal(signal.SIGALRM)):
        signal.alarm(SILENT)


def claim(pk: int) -> Job | None:
    """Take a job that waits, or whose worker died; None when somebody else has it or it is over."""
    now = clock.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if job is None or job.state in (JobState.DONE, JobState.FAILED):
            return None
        if job.claimed_until and job.claimed_until > now:
            return None
        if job.attempts >= MAX_ATTEMPTS:
            job.state, job.error, job.finished_at = JobState.FAILED, "连续三次没有做完，联系系统管理员。", now
            job.save()
            return None
        job.attempts += 1
        job.state, job.claimed_until, job.done = JobState.RUNNING, now + CLAIM, 0
        job.save()
        return job


def run(pk: int) -> None:
    """Do a job, once. A crash leaves it claimed; after `CLAIM` the next round takes it up again."""

    job = claim(pk)
    if job is None:
        return

    try:
        with _telling(job) as progress:
            result = import_string(subjects.house().jobs[job.kind])(job, progress)
    except Exception as trouble:
        log.exception("job %s (%s)", job.pk, job.kind)
        last = job.attempts >= MAX_ATTEMPTS
        Job.objects.filter(pk=job.pk).update(
            state=JobState.FAILED if last else JobState.WAITING,
            error=str(trouble)[:300],
            claimed_until=None if last else clock.now() + BACK_OFF[job.attempts - 1],
            finished_at=clock.now() if last else None,
        )
        return
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result=result, finished_at=clock.now(), error="")


@transaction.atomic
def keep_result(job: Job, *, name: str, content: bytes, content_type: str) -> StoredFile:
    """Store the file a job was asked for, together with the word that the job is done: whose worker dies in between would
    make it once more."""
    made = files.store(name=name, content=content, content_type=content_type, by=job.requested_by)
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result=made, finished_at=clock.now(), error="")
    return made


@contextmanager
def _telling(job: Job):
    """How far a job has come, for its page: also from within a transaction of the job's own, whose rows nobody sees yet."""
    outside, beside = connection.in_atomic_block, connection.copy()
    heart = _Heart(job.pk)

    def progress(done: int, total: int) -> None:
        _heard()
        heart.heard = monotonic()
        until = clock.now() + CLAIM
        if connection.in_atomic_block == outside:
            Job.objects.filter(pk=job.pk).update(done=done, total=total, claimed_until=until)
            return
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE documents_job SET done = %s, total = %s, claimed_until = %s WHERE id = %s",
                [done, total, until, job.pk],
            )

    _heard()
    heart.start()
    try:
        yield progress
    finally:
        heart.over.set()
        beside.close()


class _Heart(threading.Thread):
    """Holds the claim while the job's process lives, as long as the job is not silent for longer than it may be."""

    def __init__(self, pk: int):
        super().__init__(daemon=True)
        self.pk, self.over, self.heard = pk, threading.Event(), monotonic()

    def run(self) -> None:
        while not self.over.wait(BEAT) and monotonic() - self.heard < SILENT + CLAIM.total_seconds():
            with suppress(DatabaseError):
                running = Job.objects.filter(pk=self.pk, state=JobState.RUNNING)
                running.update(claimed_until=clock.now() + CLAIM)
            connection.close()
