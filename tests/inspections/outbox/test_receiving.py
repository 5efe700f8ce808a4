"""What a phone kept is received once, whatever becomes of the network, the process and the clock (七(五)-l)."""

import errno
import os
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.models import (
    Answer,
    AnswerConflict,
    Evidence,
    Inspection,
    InspectionStatus,
    Paper,
    Receipt,
    VisitMember,
)
from inspections.service import actions as service_actions
from inspections.visits import actions as visits_actions
from inspections.visits import differences
from tests.browsing import enter, html_of, post, queries, refused, signed_in
from tests.inspections.evidence.pictures import photo
from tests.inspections.factories import answer_all, finish, make_inspection, make_started, start, team_of

pytestmark = pytest.mark.django_db


def send(client, path, fields, *, key=None, fast=timedelta(), ago=timedelta(), way=None):
    """As the phone's outbox does: no form key, but an id of its own and the phone's clock, which may be `fast`.

    `way`: how long it is on its way, from a phone that has found out how fast its clock is.
    """
    now = clock.now() + fast - (way or timedelta())
    headers = {
        "X-Outbox-Id": str(key or uuid.uuid4()),
        "X-Outbox-At": (now - ago).isoformat(),
        "X-Outbox-Sent": now.isoformat(),
        "X-Outbox-Fast": "" if way is None else str(round(fast.total_seconds() * 1000)),
    }
    return client.post(path, fields, headers=headers)


def answering(point, answer=Answer.NONE_FOUND, words="", seen=""):
    return {f"answer_{point.pk}": answer, f"words_{point.pk}": words, f"seen_{point.pk}": seen}


@pytest.fixture
def visit():
    return make_started()


def page_of(visit, n=1):
    return f"/field/{visit.no}/check/{n}/"


@pytest.mark.clause("七(五)-l")
def test_the_form_that_works_without_script_is_answered_with_a_receipt_and_sent_twice_acts_once(client, visit):
    point, who = visit.answers.first(), team_of(visit)[0].user
    enter(client, who)
    key, fields = uuid.uuid4(), answering(point)

    first = send(client, page_of(visit), fields, key=key, ago=timedelta(minutes=40)).json()
    second = send(client, page_of(visit), fields, key=key).json()

    assert first == second and (first["state"], first["id"]) == ("kept", str(key))
    assert first["next"] == page_of(visit, 2)
    point.refresh_from_db()
    assert (point.answer, point.answered_by) == (Answer.NONE_FOUND, who)
    receipt = Receipt.objects.get()
    assert receipt.received_at - receipt.done_at == timedelta(minutes=40)


def test_one_id_with_two_contents_loses_neither(client, visit):
    """One draft sent from two windows under one id: the second is told to come again under another."""
    one, other = visit.answers.all()[:2]
    enter(client, team_of(visit)[0].user)
    key = uuid.uuid4()
    send(client, page_of(visit), answering(one), key=key)
    answer = send(client, page_of(visit), answering(other), key=key)
    assert (answer.status_code, answer.json()["state"]) == (409, "taken")
    assert send(client, page_of(visit), answering(other)).json()["state"] == "kept"
    assert visit.answers.exclude(answer="").count() == 2


def test_a_refusal_says_why_and_keeps_its_answer(client, visit):
    enter(client, team_of(visit)[0].user)
    key = uuid.uuid4()
    for _ in range(2):
        answer = send(client, f"/field/{visit.no}/submit/", {}, key=key)
        assert answer.json()["state"] == "refused" and answer.json()["why"]
    assert Receipt.objects.count() == 1
    visit.refresh_from_db()
    assert visit.status == InspectionStatus.STARTED
    # What a button without a form says on the next page is said here, and does not wait there.
    answer = send(client, "/field/outbox/drop/", {"reason": "坏"})
    assert "写得太短" in answer.json()["why"]
    assert "写得太短" not in html_of(client.get("/field/outbox/"))


def test_without_a_sign_in_nothing_is_done_and_nothing_lost(client, visit):
    answer = send(client, page_of(visit), answering(visit.answers.first()))
    assert (answer.status_code, answer.json()["state"]) == (401, "signed_out")
    assert "内容还在" in answer.json()["why"] and not Receipt.objects.exists()
    # A token of an earlier sign-in: the phone fetches a new one and comes again.
    strict = Client(enforce_csrf_checks=True)
    enter(strict, team_of(visit)[0].user)
    assert send(strict, page_of(visit), {}).json()["state"] == "again"
    state = strict.get("/field/outbox/state/").json()
    headers = {
        "X-Outbox-Id": str(uuid.uuid4()),
        "X-Outbox-At": clock.now().isoformat(),
        "X-Outbox-Sent": clock.now().isoformat(),
        "X-CSRFToken": state["token"],
    }
    sent = strict.post(page_of(visit), answering(visit.answers.first()), headers=headers)
    assert sent.json()["state"] == "kept"


def test_a_mistake_of_the_program_leaves_it_on_the_phone(client, visit, monkeypatch):
    monkeypatch.setattr(visits_actions, "answer_point", lambda **_: 1 / 0)
    client.raise_request_exception = False
    enter(client, team_of(visit)[0].user)
    answer = send(client, page_of(visit), answering(visit.answers.first()))
    assert (answer.status_code, answer.json()) == (503, {"state": "later"}) and not Receipt.objects.exists()


@pytest.mark.clause("七(五)-l")
def test_a_full_disk_leaves_the_photo_on_the_phone_which_comes_again_under_the_same_id(client, visit, monkeypatch):
    """No refusal for good: what the phone has called refused it would not send again."""

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    def shoot():
        return send(client, page, {"kind": "PHOTO", "file": SimpleUploadedFile("池.jpg", content)}, key=key)

    # A picture of its own: one that another test has stored already needs no room on the disk.
    page, key, content = f"/field/{visit.no}/evidence/", uuid.uuid4(), photo(tuple(os.urandom(3)))
    enter(client, team_of(visit)[0].user)
    with monkeypatch.context() as broken:
        broken.setattr(os, "replace", full)
        answer = shoot()
    assert (answer.status_code, answer.json()["state"]) == (503, "later") and "存储空间不足" in answer.json()["why"]
    assert not Receipt.objects.exists() and not visit.evidence.exists()
    assert shoot().json()["state"] == "kept" and visit.evidence.count() == 1


@pytest.mark.clause("七(五)-o")
def test_what_comes_from_who_was_replaced_is_set_aside_and_a_stranger_is_told_nothing(client, visit):
    point = visit.answers.first()
    replaced = team_of(visit)[1]
    VisitMember.objects.filter(inspector=replaced).update(left_at=clock.now())
    enter(client, replaced.user)
    answer = send(client, page_of(visit), answering(point, Answer.FOUND, "台账缺页")).json()
    assert answer["state"] == "aside" and "交给计划员留存" in answer["why"]
    receipt = Receipt.objects.set_aside(visit).get()
    assert [f"words_{point.pk}", ["台账缺页"]] in receipt.content["fields"]
    point.refresh_from_db()
    assert point.answer == ""

    stranger = team_of(make_started(visit.unit))[0].user
    enter(client, stranger)
    there = send(client, page_of(visit), answering(point)).json()
    nowhere = send(client, "/field/210504-2026Q3-9999/check/1/", answering(point)).json()
    assert there["why"] == nowhere["why"] and there["state"] == nowhere["state"] == "refused"
    assert Receipt.objects.filter(user=stranger, inspection__isnull=False).count() == 0


def arrival(visit):
    return {"present": [p.pk for p in team_of(visit)], "recorder": "other", "recorder_no": "BX-MS-07"}


def test_the_phones_own_times_are_read_by_the_servers_clock_and_both_are_kept(client):
    visit = make_inspection()
    enter(client, team_of(visit)[0].user)
    fast, ago = timedelta(minutes=10), timedelta(minutes=20)
    answer = send(client, f"/field/{visit.no}/arrive/", arrival(visit), fast=fast, ago=ago).json()
    assert answer["state"] == "kept", answer["why"]
    visit.refresh_from_db()
    tapped = clock.now() - ago  # not when it was sent, and not as the phone's clock had it
    assert abs(visit.started_at - tapped) <= timedelta(minutes=1)
    receipt = Receipt.objects.get()
    assert round(receipt.skew.total_seconds() / 60) == 10
    assert abs(receipt.tapped_at - receipt.skew - tapped) < timedelta(seconds=5)
    told = (clock.now() + fast).isoformat()
    assert "快 10 分钟" in client.get("/field/outbox/state/", {"at": told}).json()["clock"]
    assert client.get("/field/outbox/state/", {"at": clock.now().isoformat()}).json()["clock"] == ""


@pytest.mark.clause("七(五)-l")
def test_two_taps_in_a_row_stay_in_a_row_however_long_each_waited(client, at):
    """One was sent within the minute and one later: neither is put where it was received."""
    visit = make_inspection()
    at("2026-07-06 10:05:40")
    enter(client, team_of(visit)[0].user)
    send(client, f"/field/{visit.no}/arrive/", arrival(visit), ago=timedelta(seconds=50))
    send(client, f"/field/{visit.no}/code/", {"what": "taken"}, ago=timedelta(seconds=30))
    at("2026-07-06 10:06:30")
    answer = send(client, f"/field/{visit.no}/evidence/", photographed(visit, clock.now() - timedelta(seconds=70)))
    assert answer.json()["state"] == "kept", answer.json()["why"]
    visit.refresh_from_db()
    taken = Evidence.objects.get().taken_at
    assert (visit.started_at, visit.identity_shown_at, taken) == (
        at("2026-07-06 10:04"),
        at("2026-07-06 10:05:10"),
        at("2026-07-06 10:05:20"),
    )
    done = {receipt.path.split("/")[3]: receipt.done_at for receipt in Receipt.objects.all()}
    assert (done["arrive"], done["code"]) == (at("2026-07-06 10:04:50"), at("2026-07-06 10:05:10"))


@pytest.mark.clause("七(五)-l")
def test_a_clock_a_little_wrong_and_a_slow_way_cost_no_photograph(client, at):
    """Taken right after the arrival by a clock that is 50 seconds slow; taken before the end, two minutes on its way."""
    visit = start(make_inspection(), at=at("2026-07-06 10:05"))
    at("2026-07-06 10:05:40")
    slow, path = timedelta(seconds=-50), f"/field/{visit.no}/evidence/"
    enter(client, team_of(visit)[0].user)
    send(client, path, photographed(visit, clock.now() + slow - timedelta(seconds=10)), fast=slow)
    assert Evidence.objects.get().taken_at == at("2026-07-06 10:05:30")
    assert Evidence.objects.get().device_at == at("2026-07-06 10:04:40")

    at("2026-07-06 10:40")
    finish(answer_all(visit))
    at("2026-07-06 10:42")
    ten, way = timedelta(minutes=10), timedelta(seconds=119)
    late = photographed(visit, at("2026-07-06 10:39:58") + ten, color=(20, 30, 40))
    at("2026-07-06 10:42")
    answer = send(client, path, late, fast=ten, way=way).json()
    assert answer["state"] == "kept", answer["why"]
    assert Evidence.objects.last().taken_at == at("2026-07-06 10:39:58")
    # What a phone says of its clock and cannot be right is not believed.
    at("2026-07-06 10:43")
    send(client, f"/field/{visit.no}/submit/", {}, fast=ten, way=timedelta(hours=2))
    assert Receipt.objects.get(path__endswith="/submit/").skew == ten - timedelta(hours=2)


def photographed(visit, taken_at, **picture):
    file = SimpleUploadedFile("IMG.jpg", photo(**picture), content_type="image/jpeg")
    return {"kind": "PHOTO", "file": file, "taken_at": taken_at.isoformat()}


def test_a_page_that_only_leads_on_is_no_receipt(client, visit):
    """Registered by the partner already, handed in already: what did not get into the record is not called received."""
    enter(client, team_of(visit)[0].user)
    for _ in range(2):
        answer = send(client, f"/field/{visit.no}/arrive/", arrival(visit)).json()
        assert answer["state"] == "refused" and answer["why"]
    Inspection.objects.filter(pk=visit.pk).update(status=InspectionStatus.FINISHED)
    for path, fields in (
        (page_of(visit), answering(visit.answers.first())),
        (f"/field/{visit.no}/sign/", {"who": "somebody", "name": "某", "position": "厂长"}),
        (f"/field/{visit.no}/finish/", {"outcome": "NO_ISSUE"}),
    ):
        answer = send(client, path, fields).json()
        assert answer["state"] == "refused" and answer["why"], path


@pytest.mark.clause("七(五)-l")
def test_the_partners_different_answer_stays_until_the_two_have_chosen_and_both_stay_on_record(client, visit):
    point = visit.answers.first()
    first, second = (p.user for p in team_of(visit))
    visits_actions.answer_point(inspection=visit, pk=point.pk, answer=Answer.NONE_FOUND, by=first, seen="")
    enter(client, second)
    answer = send(client, page_of(visit), answering(point, Answer.FOUND, "台账缺页")).json()
    assert answer["state"] == "differs" and first.full_name in answer["why"]
    send(client, page_of(visit), answering(point, Answer.FOUND, "台账缺 3 页"))  # words mended before the two have met
    point.refresh_from_db()
    assert (point.answer, point.answered_by) == (Answer.NONE_FOUND, first)
    conflict = AnswerConflict.objects.get()
    assert conflict.second_words == "台账缺 3 页"

    answer_all(visit)  # everything answered; but
    with refused("还有 1 处答案不同，先定下来"):
        visits_actions.conclude(
            inspection=visit, by=first, outcome="NO_ISSUE", finding="", measures="", rectify_by=None
        )
    page = html_of(client.get("/field/conflicts/"))
    assert "台账缺 3 页" in page and "checked" not in page  # nothing is chosen beforehand
    assert "1 处不同，0 处已定" in page
    post(client, "/field/conflicts/", conflict=conflict.pk, chosen="SECOND")
    point.refresh_from_db()
    assert (point.answer, point.words, point.answered_by) == (Answer.FOUND, "台账缺 3 页", second)
    assert "留在记录里" in html_of(client.get("/field/conflicts/"))
    # Chosen once more, until submission.
    post(signed_in(first), "/field/conflicts/", conflict=conflict.pk, chosen="FIRST")
    conflict.refresh_from_db()
    assert (conflict.chosen, conflict.decided_by, conflict.second_words) == ("FIRST", first, "台账缺 3 页")
    assert differences.why_undecided(visit) == ""
    assert AuditEntry.objects.filter(verb="inspections.difference.settled").count() == 2
    stranger = team_of(make_started(visit.unit))[0].user
    assert post(signed_in(stranger), "/field/conflicts/", conflict=conflict.pk, chosen="FIRST").status_code == 404


def test_somebodys_own_earlier_answer_is_no_difference(client, visit):
    """Two answers to one point wait on the phone, filled in on the same page."""
    point = visit.answers.first()
    enter(client, team_of(visit)[0].user)
    send(client, page_of(visit), answering(point))
    assert send(client, page_of(visit), answering(point, Answer.NOT_APPLICABLE)).json()["state"] == "kept"
    point.refresh_from_db()
    assert point.answer == Answer.NOT_APPLICABLE


def test_the_key_is_the_same_persons_on_the_same_phone_again_and_nobody_elses(client, visit):
    one, other = (p.user for p in team_of(visit))
    phone, second = uuid.uuid4(), uuid.uuid4()

    def key(user, device):
        return enter(client, user).get("/field/outbox/state/", {"device": device}).json()["key"]

    assert key(one, phone) == key(one, phone) and len({key(one, phone), key(other, phone), key(one, second)}) == 3
    assert enter(client, one).get("/field/outbox/state/", {"device": "x"}).json()["key"] == ""


@pytest.mark.clause("七(五)-o")
def test_the_phone_keeps_the_pages_of_its_own_accepted_open_tasks_and_no_others(client, visit):
    user = team_of(visit)[0].user
    enter(client, user)
    waiting = make_inspection(visit.unit, accepted=False, team=team_of(visit))
    pages = client.get("/field/outbox/state/").json()["pages"]
    assert {"/field/", f"/field/{visit.no}/", page_of(visit, 1), page_of(visit, 2)} <= set(pages)
    assert page_of(visit, 3) not in pages and not any(waiting.no in address for address in pages)
    for address in pages:
        assert client.get(address).status_code in (200, 302, 404), address  # what is not there now is not kept
    # A page changes its stamp with what it shows.
    send(client, page_of(visit), answering(visit.answers.first()))
    assert client.get("/field/outbox/state/").json()["pages"][page_of(visit)] != pages[page_of(visit)]
    Inspection.objects.filter(pk=visit.pk).update(status=InspectionStatus.FINISHED)
    assert not any(visit.no in address for address in client.get("/field/outbox/state/").json()["pages"])


def test_the_state_costs_the_same_with_many_tasks(client, visit):
    user = team_of(visit)[0].user
    enter(client, user)
    few = queries(client, "/field/outbox/state/")
    for _ in range(5):
        make_started(visit.unit, team=team_of(visit))
    assert queries(client, "/field/outbox/state/") == few


def test_the_worker_names_no_place_and_what_it_keeps_is_there(client):
    answer = client.get("/field/worker.js")
    assert answer["Content-Type"].startswith("text/javascript") and "/field-store." in answer.content.decode()
    for address in ("/field/signed-out/", "/field/unkept/"):
        assert client.get(address).status_code == 200


def test_what_was_refused_leaves_the_phone_with_a_reason_on_record(client, visit):
    user = team_of(visit)[0].user
    enter(client, user)
    fields = {"what": "事故应急池", "reason": "坏"}
    assert send(client, "/field/outbox/drop/", fields).json()["state"] == "refused"
    assert send(client, "/field/outbox/drop/", {**fields, "reason": "照片打不开，重拍了"}).json()["state"] == "kept"
    assert AuditEntry.objects.get(verb="inspections.outbox.dropped").details["reason"] == "照片打不开，重拍了"


def test_nobody_signed_in_keeps_nothing_at_a_page_for_everybody(client):
    """A stranger may send the header to a form at /v/; there is nobody whose phone it could be."""
    answer = send(client, "/v/report/", {"words": "有人冒充检查人员"})
    assert answer.status_code == 401 and answer.json()["state"] == "signed_out"
    assert not Receipt.objects.exists()


def test_an_address_that_names_no_difference_is_not_found(client, visit):
    enter(client, team_of(visit)[0].user)
    for wrong in ("", "x", "9" * 30):
        assert post(client, "/field/conflicts/", conflict=wrong, chosen="FIRST").status_code == 404


def test_a_form_whose_boxes_are_all_empty_is_told_what_is_missing(client):
    task = make_inspection(accepted=False)
    enter(client, team_of(task)[0].user)
    answer = send(client, f"{task.field_url}accept/", {}).json()
    assert (answer["state"], answer["why"]) == ("refused", "两件都声明了才能接受。")


@pytest.mark.clause("七(五)-l", "七(五)-i")
def test_what_the_partner_answers_waits_for_the_arrival_that_lies_on_the_other_phone(client, at):
    """His phone finds the network first: nothing is refused, and nothing enters the record before the arrival."""
    at("2026-07-06 10:00")
    visit = make_inspection()
    leader, member = (p.user for p in team_of(visit))
    point, key, path = visit.answers.first(), uuid.uuid4(), f"/field/{visit.no}/evidence/"
    enter(client, member)

    def come(path, fields):
        at("2026-07-06 10:30")
        answer = send(client, path, fields, key=key, ago=timedelta(minutes=10))
        return answer.status_code, answer.json()["state"], answer.json()["why"]

    for where, fields in (
        (page_of(visit), answering(point)),
        (path, photographed(visit, clock.now())),
        (f"/field/{visit.no}/code/", {"what": "taken"}),
    ):
        code, state, why = come(where, fields)
        assert (code, state) == (425, "unbegun") and "同组的手机" in why, where
    begun = start(visit, served=False, at=at("2026-07-06 10:10"), identity_shown_at=None)
    at("2026-07-06 10:30")
    code, state, why = come(page_of(visit), answering(point))
    assert (code, state) == (425, "unbegun")  # the certificates are shown by the leader, too
    assert (
        why.startswith("还没有出示执法证件。先出示证件、送达检查通知书") and "到场" not in why
    )  # that is known by now
    assert not Receipt.objects.exists() and not visit.answers.exclude(answer="").exists()
    service_actions.deliver(inspection=begun, paper=Paper.NOTICE, by=leader, at=at("2026-07-06 10:12"))
    assert come(page_of(visit), answering(point))[1] == "kept"  # under the same id
    early = send(client, page_of(visit), answering(visit.answers.last()), ago=timedelta(days=1)).json()
    assert early["state"] == "refused" and "到场那天以前" in early["why"]
