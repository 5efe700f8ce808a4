"""kill -9 of the web at every step of what a visit sends: nothing is lost, nothing is there twice (七(五)-l, P15, P20).

Each thing is sent straight through once, to see its steps and what it leaves. Then the same for another visit, killed at
the first step, sent again under the same id, killed at the second, and so on, until an answer comes.
"""

import os
from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files, looking
from benxi_shuangsuiji.documents.models import StoredFile
from inspections.models import Inspection, InspectionStatus, Outcome, Receipt
from inspections.visits import actions as visits_actions
from tests.inspections.evidence.pictures import noise
from tests.inspections.factories import answer_all, make_inspection, make_started, sign_all, team_of
from tests.killed.harness import Sending, Site, more, state, stored

pytestmark = [pytest.mark.commits]


@pytest.fixture
def site(own_database, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    made = Site(own_database, tmp_path)
    made.start()
    yield made
    made.end()


def concluded(signed=True) -> Inspection:
    visit = answer_all(make_started())
    visits_actions.conclude(
        inspection=visit, by=leader(visit), outcome=Outcome.NO_ISSUE, finding="", measures="", rectify_by=None
    )
    if signed:
        sign_all(visit)
    return visit


def leader(visit):
    return team_of(visit)[0].user


def to_arrive():
    visit = make_inspection()
    fields = {"present": [p.pk for p in team_of(visit)], "recorder": "other", "recorder_no": "BX-MS-07"}
    return visit, "arrive/", fields, None


def to_answer():
    visit = make_started()
    point = visit.answers.order_by("item_code", "number").first()
    fields = {f"answer_{point.pk}": "FOUND", f"words_{point.pk}": "台账缺 3 页", f"seen_{point.pk}": ""}
    return visit, "check/1/", fields, None


def to_conclude():
    visit = answer_all(make_started())
    return visit, "finish/", {"outcome": "NO_ISSUE", "seen": ""}, None


def to_sign():
    visit = concluded(signed=False)
    people = [p.pk for p in team_of(visit)]
    at = f"{localtime(clock.now()):%Y-%m-%dT%H:%M}"
    fields = {"name": "齐某", "position": "厂长", "inspectors": people, "at": at}
    return visit, "paper/", fields, ("scan", noise((300, 200)))


def to_photograph():
    visit = make_started()
    return visit, "evidence/", {"kind": "PHOTO", "words": "事故应急池"}, ("file", noise((300, 200)))


def to_submit():
    visit = concluded()
    at = f"{localtime(clock.now()):%Y-%m-%dT%H:%M}"
    return visit, "submit/", {"at": at, "version": Inspection.objects.get(pk=visit.pk).version}, None


def sending(make, outbox) -> tuple[Inspection, Sending]:
    visit, tail, fields, file = make()
    return visit, Sending(leader(visit), f"/field/{visit.no}/{tail}", fields, file, outbox)


def came(answer, outbox) -> bool:
    return (answer.status == 200 and b'"kept"' in answer.body) if outbox else answer.status == 302


def without_row(var) -> list:
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    return [path for path in stored(var) if path.name not in known]


def verbs(visit) -> Counter:
    return Counter(AuditEntry.objects.filter(about_key=visit.no).values_list("verb", flat=True))


def once_straight(site, make, outbox):
    """What is there more afterwards, and the steps."""
    visit, what = sending(make, outbox)
    before = state(site.name)
    answer = site.send(what)
    assert came(answer, outbox), answer.body.decode()[:2000]
    return visit, more(before, state(site.name)), answer.steps


def killed_and_sent_again(site, make, outbox, *, at=None, everybody=(), tidy=True):
    """Killed at each step (or those in `at`), and sent again until the answer comes; how often it was killed.

    `tidy`: bytes that were left without a row go each time, so that the next try takes the same steps as the first.
    """
    visit, what = sending(make, outbox)
    before = nothing = state(site.name)
    kills, step = 0, 0
    while True:
        step += 1
        if at and step <= max(at) and step not in at:
            continue
        answer = site.send(what, die_at=step, everybody=step in everybody)
        if answer is not None:
            break
        kills += 1
        if step in everybody:
            site.end()
            site.start()
        now = state(site.name)
        assert now == before or before == nothing, f"changed by what was killed at step {step}"
        before = now  # nothing, or once all of it
        if tidy:
            for path in without_row(site.var):
                path.unlink()
    assert came(answer, outbox), answer.body.decode()[:2000]
    assert site.send(what).body == answer.body  # and once more, as a phone that lost the answer does
    return visit, more(nothing, state(site.name)), kills


@pytest.mark.promise("P14")
@pytest.mark.slow("killed")
@pytest.mark.clause("七(五)-l")
@pytest.mark.parametrize(
    ("make", "way"),
    [
        (to_arrive, "phone"),
        (to_answer, "phone"),
        (to_conclude, "phone"),
        (to_sign, "phone"),
        (to_photograph, "phone"),
        (to_photograph, "phone whose earlier bytes are still there"),
        (to_photograph, "page"),
        (to_submit, "phone"),
        (to_submit, "page"),
    ],
)
def test_killed_at_every_step_and_sent_again_it_is_there_once(site, make, way):
    outbox, tidy = way != "page", "still there" not in way
    first, left, steps = once_straight(site, make, outbox)

    second, found, kills = killed_and_sent_again(site, make, outbox, tidy=tidy)

    assert found == left and verbs(second) == verbs(first)
    if tidy:  # every step before the commit, and the first after it
        assert kills > steps.index("before commit") > 20, (kills, steps)
    assert trail.verify().broken_at is None
    assert Receipt.objects.filter(inspection=second).count() == (1 if outbox else 0)
    for file in StoredFile.objects.all():
        files.read(file)  # no row without its bytes


@pytest.mark.slow("killed")
@pytest.mark.clause("四(3)-b")
def test_what_killed_uploads_leave_in_the_storage_is_no_evidence_and_is_cleared_at_night(site, at, tmp_path):
    """Killed between the bytes and the row, and never sent again: the phone was lost."""
    _, _, steps = once_straight(site, to_photograph, True)
    visit, what = sending(to_photograph, True)
    before = state(site.name)

    assert site.send(what, die_at=len(steps) - steps[::-1].index("after rename")) is None

    assert state(site.name) == before and not visit.evidence.exists()
    orphans = without_row(tmp_path)
    assert len(orphans) == 2  # the photograph and its small copy
    for path in stored(tmp_path):
        moment = (clock.now() - timedelta(days=8)).timestamp()
        os.utime(path, (moment, moment))

    at("2026-07-07 01:30")
    night = looking.look_over()

    assert (night.removed, night.wrong) == (len(orphans), 0)
    assert {path.name for path in stored(tmp_path)} == set(StoredFile.objects.values_list("sha256", flat=True))


@pytest.mark.slow("processes")
@pytest.mark.clause("七(五)-l")
def test_the_whole_server_is_killed_before_and_after_the_commit_and_the_visit_is_handed_in_once(site):
    """The short one of them all: the first statement, the last before the commit, and the answer that is lost after it."""
    first, left, steps = once_straight(site, to_submit, True)
    commit = steps.index("after commit")

    second, found, kills = killed_and_sent_again(
        site, to_submit, True, at=(1, commit, commit + 1), everybody=(commit + 1,)
    )

    assert kills == 3 and found == left and verbs(second) == verbs(first)
    assert Inspection.objects.get(pk=second.pk).status == InspectionStatus.FINISHED
