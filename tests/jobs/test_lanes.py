"""The worker's lanes go on by themselves (operations.md 4, decision 0062)."""

import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import OperationalError, connections

from benxi_shuangsuiji import clock, schedule
from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.management.commands.rounds import Lane
from benxi_shuangsuiji.notices.models import Heartbeat
from tests.factories import make_user


@pytest.fixture
def quick(monkeypatch):
    quick = {name: replace(lane, every=0.01, longest=timedelta(seconds=0.1)) for name, lane in schedule.LANES.items()}
    monkeypatch.setattr(schedule, "LANES", quick)


def until(true, seconds=10):
    latest = time.monotonic() + seconds
    while not true() and time.monotonic() < latest:
        time.sleep(0.01)
    return true()


@pytest.mark.story("O4")
def test_a_mail_server_that_says_nothing_does_not_keep_the_release_from_its_minute(quick, monkeypatch, tmp_path):
    released, hangs, alive = [], threading.Event(), tmp_path / "alive"

    def tick(lane):
        if lane == "mail":
            hangs.wait(20)
        elif len(released) == 1:
            released.append(lane)
            raise schedule.Away
        else:
            released.append(lane)

    monkeypatch.setattr(schedule, "tick", tick)
    monkeypatch.setattr("benxi_shuangsuiji.management.commands.rounds.SOON", 0.01)
    lanes = [Lane("mail"), Lane("round", alive)]
    for lane in lanes:
        lane.start()
    try:
        assert until(lambda: len(released) > 3) and alive.exists()
        assert until(lanes[0].hangs) and lanes[0].is_alive() and not lanes[1].hangs()
    finally:
        hangs.set()
        for lane in lanes:
            lane.over.set()
            lane.join(5)


@pytest.mark.story("O6")
def test_the_worker_is_alive_only_after_a_round_that_came_to_its_end(monkeypatch, tmp_path):
    def away(lane):
        raise schedule.Away

    lane = Lane("round", tmp_path / "alive")
    for broken in (away, lambda lane: 1 / 0):
        monkeypatch.setattr(schedule, "tick", broken)
        assert not lane.once() and not lane.alive.exists()
    monkeypatch.setattr(schedule, "tick", lambda lane: None)
    assert lane.once() and lane.alive.exists()


@pytest.mark.django_db
def test_while_the_database_is_away_no_round_is_tried_after_the_first(monkeypatch):
    tried = []

    def away(*args, **kwargs):
        tried.append(1)
        raise OperationalError("gone")

    monkeypatch.setattr(schedule, "close_old_connections", lambda: None)
    monkeypatch.setattr(connections["default"], "cursor", away)
    monkeypatch.setattr(connections["default"], "is_usable", lambda: False)
    with pytest.raises(schedule.Away):
        schedule.tick()
    assert len(tried) == 1
    monkeypatch.undo()
    assert not Heartbeat.objects.exists()


@pytest.mark.story("S12")
@pytest.mark.commits
def test_the_claim_of_a_job_lives_as_long_as_its_process_and_no_longer_than_it_may_be_silent(own_database, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT", 0.05)
    job = Job.objects.create(kind="x", title="x", requested_by=make_user(), requested_at=clock.now())
    job = jobs.claim(job.pk)

    def lapse():
        Job.objects.filter(pk=job.pk).update(claimed_until=clock.now() - timedelta(seconds=1))

    def held():
        return Job.objects.filter(pk=job.pk, claimed_until__gt=clock.now()).exists()

    with jobs._telling(job):
        lapse()
        assert until(held)
    time.sleep(0.3)
    lapse()
    time.sleep(0.3)
    assert not held()
    monkeypatch.setattr(jobs, "SILENT", -jobs.CLAIM.total_seconds())
    with jobs._telling(job):
        time.sleep(0.3)
        assert not held()
    Job.objects.filter(pk=job.pk).update(state=JobState.DONE)
