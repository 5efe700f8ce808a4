"""The watchdog around the background worker: what it takes for a standstill, and that it ends one."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job
from benxi_shuangsuiji.machine import standalone
from benxi_shuangsuiji.management.commands.worker import is_stuck, machine_time, rounds_stand_still
from benxi_shuangsuiji.notices import tasks
from benxi_shuangsuiji.notices.models import Heartbeat
from tests import database
from tests.factories import make_user
from tests.setup.running import children, descendants, gone

PATIENCE = timedelta(seconds=660)
RETRY = timedelta(seconds=settings.Q_CLUSTER["retry"])


def make_waiting_task(since):
    return OrmQ.objects.create(key="benxi", payload="", lock=machine_time() - since)


def make_taken_task(since):
    return OrmQ.objects.create(key="benxi", payload="", lock=machine_time() - since + RETRY)


def make_finished_task(ago):
    moment = machine_time() - ago
    return Task.objects.create(
        id=f"{ago}", name="done", func="math.floor", started=moment, stopped=moment, success=True
    )


pytestmark = pytest.mark.usefixtures("as_worker")


@pytest.fixture
def started():
    return machine_time() - timedelta(hours=2)


@pytest.mark.django_db
def test_cluster_without_tasks_is_not_stuck(started):
    assert not is_stuck(started, PATIENCE)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [make_waiting_task, make_taken_task])
def test_cluster_is_stuck_when_a_task_waits_too_long_and_none_finishes(started, make):
    make(timedelta(minutes=5))
    assert not is_stuck(started, PATIENCE)
    make(timedelta(minutes=12))
    assert is_stuck(started, PATIENCE)
    make_finished_task(timedelta(minutes=1))
    assert not is_stuck(started, PATIENCE)


@pytest.mark.django_db
def test_cluster_is_not_stuck_while_a_long_job_says_how_far_it_has_come(started):
    make_taken_task(timedelta(minutes=40))
    job = Job.objects.create(kind="x", title="x", requested_by=make_user(), requested_at=clock.now())
    assert is_stuck(started, PATIENCE)
    jobs.claim(job.pk)
    assert not is_stuck(started, PATIENCE)
    Job.objects.filter(pk=job.pk).update(claimed_until=clock.now() - timedelta(seconds=1))
    assert is_stuck(started, PATIENCE)


@pytest.mark.django_db
def test_task_taken_by_an_earlier_cluster_is_not_this_one_s_fault():
    make_taken_task(timedelta(minutes=20))

    assert not is_stuck(machine_time() - timedelta(minutes=15), PATIENCE)
    assert is_stuck(machine_time() - timedelta(minutes=25), PATIENCE)


@pytest.mark.django_db
def test_rounds_stand_still_when_none_comes_to_its_end(started):
    assert rounds_stand_still(started, PATIENCE)
    tasks.beat("tick", clock.now() - timedelta(minutes=5))
    assert not rounds_stand_still(started, PATIENCE)
    tasks.beat("tick", clock.now() - timedelta(minutes=12))
    assert rounds_stand_still(started, PATIENCE)


@pytest.fixture
def worker(own_database, tmp_path):
    """The real command on a database of its own.

    `--stuck` is short, so that the test is, yet longer than a busy machine takes to start a cluster.
    """
    process = subprocess.Popen(
        [sys.executable, str(standalone.ROOT / "manage.py"), "worker", "--grace", "3", "--stuck", "20"],
        env={**database.on(own_database), "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.terminate()
        process.communicate(timeout=30)


def idle_workers(process):
    """The first two children of the cluster's sentinel, once all four are there."""
    latest = time.monotonic() + 90  # a busy machine starts five processes in half a minute
    while time.monotonic() < latest:
        for cluster in children(process.pid):
            for sentinel in children(cluster):
                if len(family := sorted(children(sentinel))) >= 4:
                    return family[:2]
        time.sleep(0.1)
    raise AssertionError("the cluster did not start")


def finished_within(seconds, count):
    latest = time.monotonic() + seconds
    while time.monotonic() < latest:
        if Task.objects.count() >= count:
            return True
        time.sleep(0.2)
    return False


def appears(file, seconds=90):
    latest = time.monotonic() + seconds
    while not file.exists() and time.monotonic() < latest:
        time.sleep(0.1)
    return file.exists()


def rounds_of(process):
    """The process that does the rounds, beside the cluster that does jobs."""
    words = {pid: Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0") for pid in children(process.pid)}
    return next((pid for pid, command in words.items() if b"rounds" in command), None)


@pytest.mark.slow("processes")
def test_killed_rounds_are_begun_anew_and_the_worker_is_alive_only_after_a_finished_one(worker, tmp_path):
    alive = tmp_path / "worker.alive"
    assert appears(alive) and Heartbeat.objects.filter(name="tick", trouble="").exists()
    first = rounds_of(worker)
    os.kill(first, signal.SIGKILL)
    alive.unlink()
    assert appears(alive) and rounds_of(worker) not in (first, None)
    assert set(Heartbeat.objects.filter(name__startswith="tick").values_list("name", flat=True)) == {
        lane.beat for lane in schedule.LANES.values()
    }


@pytest.mark.slow("processes")
def test_killed_idle_workers_do_not_stop_the_queue_and_a_stop_leaves_no_process(worker, tmp_path):
    assert settings.Q_CLUSTER["workers"] == 2
    killed = idle_workers(worker)
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    for number in range(5):
        async_task("math.floor", number)

    # Two tasks may be in the dead cluster's memory; they come back after `retry`, or with the next sweep.
    assert finished_within(180, 3)

    family = descendants(worker.pid)
    assert not set(killed) & family
    assert appears(tmp_path / "worker.alive")
    connections.close_all()
    worker.terminate()
    assert worker.wait(20) == 0
    assert gone(family)
