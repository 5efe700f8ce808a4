"""Doors for the worker."""

from django.db.models import Q, QuerySet

from benxi_shuangsuiji import clock

from . import jobs
from .models import Job, JobState


def run_job(pk: int) -> None:
    """Do one background job."""
    jobs.run(pk)


def wake_waiting() -> int:
    """Wake jobs whose wake-up was lost or whose worker died."""
    died = Job.objects.filter(state=JobState.RUNNING, claimed_until__lt=clock.now())
    keys = list((_waiting() | died).values_list("pk", flat=True))
    for pk in keys:
        jobs.wake(pk)
    return len(keys)


def wake_new(known: set[int]) -> set[int]:
    """Wake the jobs that were asked for since; `known` and the answer: those that wait. What fails waits for its turn."""
    waiting = set(_waiting().values_list("pk", flat=True))
    for pk in sorted(waiting - known):
        jobs.wake(pk)
    return waiting


def _waiting() -> QuerySet[Job]:
    """What may be tried now; one that failed, not at once again (`jobs.BACK_OFF`)."""
    now = clock.now()
    return Job.objects.filter(Q(claimed_until=None) | Q(claimed_until__lte=now), state=JobState.WAITING)
