"""Doors for the worker."""

from django.db.models import Q

from benxi_shuangsuiji import clock

from . import jobs
from .models import Job, JobState


def run_job(pk: int) -> None:
    """Do one background job."""
    jobs.run(pk)


def wake_waiting() -> int:
    """Wake jobs whose wake-up was lost or whose worker died."""
    now = clock.now()
    waiting = Job.objects.filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, claimed_until__lt=now))
    keys = list(waiting.values_list("pk", flat=True))
    for pk in keys:
        jobs.wake(pk)
    return len(keys)


def wake_new(known: set[int]) -> set[int]:
    """Wake the jobs that were asked for since; `known` and the answer: those that wait. What fails waits for the round."""
    waiting = set(Job.objects.filter(state=JobState.WAITING).values_list("pk", flat=True))
    for pk in sorted(waiting - known):
        jobs.wake(pk)
    return waiting
