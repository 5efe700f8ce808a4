"""Background jobs: a row holds state, progress and attempts; the queue only wakes the worker (decisions.md 10)."""

import logging
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils.module_loading import import_string
from django_q.tasks import async_task

from benxi_shuangsuiji import clock, subjects

from .models import Job, JobState

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 3
CLAIM = timedelta(minutes=11)  # longer than the worker lets a task run


def ask_for(*, kind: str, title: str, params: dict, by) -> Job:
    """Enter a job and wake the worker when the surrounding transaction is over."""
    job = Job.objects.create(kind=kind, title=title, params=params, requested_by=by, requested_at=clock.now())
    transaction.on_commit(lambda: wake(job.pk))
    return job


def wake(pk: int) -> None:
    async_task("benxi_shuangsuiji.documents.tasks.run_job", pk)


def claim(pk: int) -> Job | None:
    """Take a job that waits, or whose worker died; None when somebody else has it or it is over."""
    now = clock.now()
    with transaction.atomic():
        job = Job.objects.select_for_update(skip_locked=True).filter(pk=pk).first()
        if job is None or job.state in (JobState.DONE, JobState.FAILED):
            return None
        if job.state == JobState.RUNNING and job.claimed_until and job.claimed_until > now:
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
            finished_at=clock.now() if last else None,
        )
        return
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE, result=result, finished_at=clock.now(), error="")


@contextmanager
def _telling(job: Job):
    """How far a job has come, for its page: also from within a transaction of the job's own, whose rows nobody sees yet."""
    outside, beside = connection.in_atomic_block, connection.copy()

    def progress(done: int, total: int) -> None:
        until = clock.now() + CLAIM
        if connection.in_atomic_block == outside:
            Job.objects.filter(pk=job.pk).update(done=done, total=total, claimed_until=until)
            return
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE documents_job SET done = %s, total = %s, claimed_until = %s WHERE id = %s",
                [done, total, until, job.pk],
            )

    try:
        yield progress
    finally:
        beside.close()
