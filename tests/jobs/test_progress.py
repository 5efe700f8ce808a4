"""What a worker does outside any transaction, as no test that is rolled back does: the rounds, and telling how far a job is."""

import signal
from datetime import timedelta

import pytest
from django.db import connection, transaction

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job
from tests.factories import make_unit, make_user


@pytest.mark.commits
def test_progress_is_told_from_within_a_transaction(own_database):
    job = Job.objects.create(kind="x", title="x", requested_by=make_user(), requested_at=clock.now())
    seen = []
    outside = connection.copy()
    with jobs._telling(job) as progress, transaction.atomic():
        for done in (1, 2):
            progress(done, 2)
            with outside.cursor() as cursor:
                cursor.execute("SELECT done FROM documents_job WHERE id = %s", [job.pk])
                seen += cursor.fetchone()
    outside.close()
    assert seen == [1, 2]


@pytest.mark.commits
def test_a_job_may_take_as_long_as_it_likes_but_is_never_silent_longer_than_the_worker_waits(own_database, monkeypatch):
    job = Job.objects.create(kind="x", title="x", requested_by=make_user(), requested_at=clock.now())
    waits, queued = [], []
    monkeypatch.setattr(signal, "alarm", waits.append)
    monkeypatch.setattr(jobs, "async_task", lambda name, pk, **options: queued.append(options["timeout"]))
    with jobs._telling(job) as progress:  # nobody has set a limit here
        progress(1, 2)
    assert waits == []
    before = signal.signal(signal.SIGALRM, lambda *_: None)  # as the worker does around each task
    try:
        with jobs._telling(job) as progress:
            progress(1, 2)
            progress(2, 2)
    finally:
        signal.signal(signal.SIGALRM, before)
    assert waits == [600, 600, 600]
    jobs.wake(job.pk)
    assert queued == [4 * 3600]
    job.refresh_from_db()
    assert job.claimed_until - clock.now() > timedelta(seconds=110)


@pytest.mark.slow("processes")
@pytest.mark.commits
def test_every_round_of_the_timetable_can_be_done_by_a_worker_outside_a_transaction(own_database, caplog):
    make_unit()
    for lane in schedule.LANES:
        schedule.tick(lane)
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
