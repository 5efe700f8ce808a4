"""Background jobs: a row is the truth, the queue a wake-up."""

from datetime import timedelta

import pytest
from django_q.models import OrmQ

from benxi_shuangsuiji import clock, schedule, subjects
from benxi_shuangsuiji.documents import files, jobs, tasks
from benxi_shuangsuiji.documents.models import JobState, StoredFile
from tests.factories import make_planner, make_unit

pytestmark = pytest.mark.django_db


def make_file(job, progress):
    progress(1, 2)
    return jobs.keep_result(job, name="结果.txt", content=b"ok", content_type="text/plain")


def fail(job, progress):
    raise ValueError("坏了")


@pytest.fixture(autouse=True)
def kinds(monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(subjects, "ROOMS", (*subjects.ROOMS, "tests.jobs"))


def ask(kind):
    return jobs.ask_for(kind=kind, title="试一试", params={}, by=make_planner(make_unit()))


def test_a_job_whose_worker_dies_when_its_file_is_kept_is_done_and_makes_no_second(at):
    job = ask("good")
    make_file(jobs.claim(job.pk), lambda done, total: None)
    at(clock.now() + 2 * jobs.CLAIM)
    tasks.wake_waiting()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 1) and StoredFile.objects.get() == job.result


def test_a_job_is_done_once_and_keeps_its_file():
    job = ask("good")
    jobs.run(job.pk)
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.done, job.total) == (JobState.DONE, 1, 1, 2)
    assert files.read(job.result) == b"ok"


def test_a_job_that_fails_is_tried_three_times_ever_later_and_says_why(at):
    job, began = ask("bad"), clock.now()
    tried = []
    for minute in range(10):
        at(began + timedelta(minutes=minute))
        woken = tasks.wake_new(set())
        assert tasks.wake_waiting() == len(woken)
        jobs.run(job.pk)
        jobs.run(job.pk)  # woken twice
        tried += [minute] if woken else []
    job.refresh_from_db()
    assert tried == [0, 1, 6]
    assert (job.state, job.attempts, job.error) == (JobState.FAILED, 3, "坏了")


@pytest.mark.promise("P12")
def test_a_job_whose_worker_died_is_taken_up_again(at):
    job = ask("good")
    assert jobs.claim(job.pk).attempts == 1
    assert jobs.claim(job.pk) is None  # still somebody's
    at("2026-07-06 10:12")
    assert tasks.wake_waiting() == 1
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_the_worker_finds_a_new_job_once_and_its_queue_holds_only_the_rows_key(as_worker):
    known, job = tasks.wake_new(set()), ask("good")
    known = tasks.wake_new(known)
    assert known == tasks.wake_new(known) == {job.pk}
    assert OrmQ.objects.get().task["args"] == (job.pk,)


@pytest.mark.story("S3")
def test_a_row_names_a_kind_of_job_and_no_code(monkeypatch, at):
    """What somebody writes into the table as the web's login is looked up among the kinds that there are (S3)."""
    called = []
    monkeypatch.setattr("os.system", called.append)
    job = ask("os.system")
    for _ in range(jobs.MAX_ATTEMPTS):
        jobs.run(job.pk)
        at(clock.now() + max(jobs.BACK_OFF))
    job.refresh_from_db()
    assert (job.state, called) == (JobState.FAILED, [])


@pytest.mark.promise("P07")
def test_somebody_elses_job_is_not_found(client):
    job = ask("good")
    jobs.run(job.pk)
    client.force_login(make_planner(make_unit()))
    for address in (f"/desk/jobs/{job.pk}/", f"/desk/jobs/{job.pk}/result/"):
        assert client.get(address).status_code == 404
    client.force_login(job.requested_by)
    answer = client.get(f"/desk/jobs/{job.pk}/result/")
    assert answer.content == b"ok"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_damaged_file_is_not_handed_out():
    job = ask("good")
    jobs.run(job.pk)
    job.refresh_from_db()
    files.path_of(job.result.sha256).write_bytes(b"other")
    with pytest.raises(files.Damaged):
        files.read(job.result)


def test_every_round_and_every_job_of_the_timetable_can_be_imported():
    from django.utils.module_loading import import_string

    house = subjects.house()
    names = [*house.rounds, *house.jobs.values()]
    assert all(callable(import_string(name)) for name in names)


def test_a_round_that_fails_does_not_stop_the_others(monkeypatch):
    from benxi_shuangsuiji.notices.models import Heartbeat

    monkeypatch.setattr(subjects, "ROOMS", ("tests.jobs", "benxi_shuangsuiji.notices"))
    monkeypatch.setattr(schedule, "close_old_connections", lambda: None)
    schedule.tick()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"daily", "tick"}
    tick = Heartbeat.objects.get(name="tick")
    assert tick.at == clock.now() and tick.trouble == "tests.jobs.test_jobs.broken_round（RuntimeError）"


def broken_round():
    raise RuntimeError
