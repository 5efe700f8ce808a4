"""kill -9 at every step of a paper: of the worker that makes a quarter's forms, of the web that prints one (七(五)-l, P12)."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import files, jobs, pdf, tasks
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.machine import standalone
from tests import database
from tests.factories import make_planner
from tests.inspections.factories import make_finished
from tests.killed.harness import Sending, Site, Worker, more, state
from tests.setup.running import descendants

pytestmark = [
    pytest.mark.commits,
    pytest.mark.slow("killed"),
    pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango"),
]
LATER = jobs.CLAIM + timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _files_of_this_test(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def ask(visit, planner) -> Job:
    params = {"unit": visit.unit.code, "year": visit.year, "number": visit.number, "site": "http://127.0.0.1"}
    return jobs.ask_for(kind="check_forms", title="检查登记表", params=params, by=planner)


@pytest.fixture
def worker(own_database, tmp_path):
    made = Worker(own_database, tmp_path)
    yield made
    made.end()


def test_a_worker_killed_at_every_step_of_a_pdf_leaves_one_file_once_it_is_taken_up_again(worker, own_database, at):
    visit = make_finished()
    planner, moment = make_planner(visit.unit), clock.now()
    before = state(own_database)
    worker.do(ask(visit, planner).pk)
    left = more(before, state(own_database))
    assert left["documents_storedfile"] == left["documents_job"] == 1

    step = 0
    while True:
        step += 1
        before = state(own_database)
        job = ask(visit, planner)
        if worker.do(job.pk, step) != "killed":
            break
        job.refresh_from_db()
        if job.state == JobState.RUNNING:
            assert worker.do(job.pk).endswith("ended") and Job.objects.get(pk=job.pk).state == JobState.RUNNING
            at(moment := moment + LATER)  # nobody else takes it up while its worker may still be alive
        if job.state != JobState.DONE:
            assert tasks.wake_waiting() >= 1
            worker.do(job.pk)
        job.refresh_from_db()
        assert (job.state, job.error) == (JobState.DONE, ""), step
        assert papers_in(job) == 1
        found = more(before, state(own_database))
        assert {t: n for t, n in found.items() if t != "django_q_ormq"} == {
            t: n for t, n in left.items() if t != "django_q_ormq"
        }, step
    assert step > 20


def test_a_job_whose_worker_dies_three_times_is_given_up_with_a_sentence_and_does_not_come_for_ever(worker, at):
    visit, moment = make_finished(), clock.now()
    job = ask(visit, make_planner(visit.unit))
    for _ in range(3):
        assert worker.do(job.pk, 12) == "killed"
        at(moment := moment + LATER)
    worker.do(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED and "连续三次没有做完，联系系统管理员" in job.error and job.result is None
    assert tasks.wake_waiting() == 0


def test_the_real_worker_killed_with_its_family_in_the_middle_makes_the_paper_once_it_runs_again(
    own_database, tmp_path, at
):
    visits = [make_finished() for _ in range(6)]
    job = ask(visits[0], make_planner(visits[0].unit))
    first = cluster(own_database, tmp_path)
    try:
        until(job, lambda: job.state == JobState.RUNNING, 90)
    finally:
        kill_family(first)
    job.refresh_from_db()
    assert job.state == JobState.RUNNING and job.result is None
    at(clock.now() + LATER)
    second = cluster(own_database, tmp_path)
    try:
        tasks.wake_waiting()
        until(job, lambda: job.state == JobState.DONE, 120)
    finally:
        second.terminate()
        second.wait(30)
    assert (job.attempts, job.error) == (2, "") and papers_in(job) == 6


def papers_in(job) -> int:
    """How many whole papers the file holds."""
    with zipfile.ZipFile(io.BytesIO(files.read(job.result))) as packed:
        assert packed.testzip() is None
        papers = [packed.read(name) for name in packed.namelist()]
    assert all(paper.startswith(b"%PDF-") and b"%%EOF" in paper[-64:] for paper in papers)
    return len(papers)


def cluster(name, var) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, str(standalone.ROOT / "manage.py"), "worker", "--grace", "3"],
        env={**database.on(name), "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(var)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill_family(process) -> None:
    """All at once; killed alone, the parent takes its children along in order, and they would finish their work."""
    for pid in [process.pid, *descendants(process.pid)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait(30)


def until(job, true, seconds):
    latest = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < latest, job.state
        time.sleep(0.02)
        job.refresh_from_db()


@pytest.mark.parametrize("paper", ["notice", "form", "record"])
def test_a_paper_printed_by_a_web_that_dies_at_every_step_comes_whole_and_changes_no_record(
    own_database, tmp_path, paper
):
    visit = make_finished()
    what = Sending(make_planner(visit.unit), f"/desk/tasks/{visit.no}/papers/{paper}.pdf", outbox=False, method="GET")
    site = Site(own_database, tmp_path)
    site.start()
    try:
        assert site.send(what).body.startswith(b"%PDF-")  # who looked is written down; the looks are counted apart
        before, step = looks_apart(state(own_database)), 0
        while True:
            step += 1
            answer = site.send(what, die_at=step)
            assert looks_apart(state(own_database)) == before, step
            if answer is not None:
                break
        assert step > 10 and answer.body.startswith(b"%PDF-") and b"%%EOF" in answer.body[-64:]
    finally:
        site.end()


def looks_apart(found: dict) -> dict:
    return {table: value for table, value in found.items() if not table.startswith("audit_")}
