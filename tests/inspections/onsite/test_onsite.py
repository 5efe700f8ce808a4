"""正面清单: off-site first; to enter the place needs a reason of the list and the leader's approval (七(三)-a, -b, -c)."""

import re
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection, InspectionStatus, Mode, OnsiteReason, OnsiteRequest
from inspections.offsite.wording import look_words
from inspections.onsite import actions as onsite
from inspections.review import actions
from inspections.targeted.actions import call_off
from inspections.trace.events import of as events_of
from inspections.visits import rules as visit_rules
from tests.browsing import post
from tests.factories import make_approver, make_facility, make_planner, make_registrar, make_unit
from tests.inspections.factories import (
    answer_all,
    finish,
    look,
    make_finished,
    make_inspection,
    make_started,
    start,
    team_of,
)
from tests.inspections.selfcheck.eye import changed
from tests.inspections.visits.test_pages import minutes
from tests.registry.factories import entered_in_positive_list

pytestmark = pytest.mark.django_db
WHY = {"reason": "COMPLAINT", "reference": "信访〔2026〕8号", "words": "夜间排放异味，投诉三次"}


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def make_offsite(**fields):
    return make_inspection(mode=Mode.OFFSITE, **fields)


@pytest.mark.clause("七(三)-a")
def test_the_closed_list_of_reasons_begins_with_complaints_and_takes_no_other(client):
    assert OnsiteReason.choices[0] == ("COMPLAINT", "信访举报")
    inspection = make_offsite()
    leader = team_of(inspection)[0].user
    with pytest.raises(Refused, match="从列表里选原因"):
        onsite.ask(inspection=inspection, by=leader, **WHY | {"reason": "WISH"})
    with pytest.raises(Refused, match="写明信访件或热线工单的编号"):
        onsite.ask(inspection=inspection, by=leader, **WHY | {"reference": ""})
    client.force_login(leader)
    url = reverse("inspections:field-onsite", args=[inspection.no])
    page = client.get(url).content.decode()
    assert page.index("信访举报</option>") < page.index("突发环境事件</option>")
    assert post(client, url, **WHY | {"reason": "WISH"}).status_code == 200
    assert not OnsiteRequest.objects.exists()
    assert post(client, url, **WHY).status_code == 302
    assert OnsiteRequest.objects.get().get_reason_display() == "信访举报"


@pytest.mark.clause("七(三)-c")
def test_a_listed_place_is_entered_only_when_the_leader_approved_and_is_then_a_check_on_the_spot(client):
    inspection = make_offsite()
    approver, planner = make_approver(inspection.unit), make_planner(inspection.unit)
    team = team_of(inspection)
    request = onsite.ask(inspection=inspection, by=team[0].user, **WHY)
    assert Message.objects.get(user=approver).title == "有 1 份现场检查申请等批准"
    assert inspection.facility.name not in Message.objects.get(user=approver).body
    for somebody in (planner, team[0].user, make_approver(make_unit("210503"))):
        with pytest.raises(Refused, match="由本单位的分管负责人批准"):
            onsite.decide(request=request, approve=True, opinion="", by=somebody)
    inspection.refresh_from_db()
    assert inspection.mode == Mode.OFFSITE

    client.force_login(approver)
    url = reverse("inspections:task-onsite", args=[inspection.no])
    assert "信访〔2026〕8号" in words_of(client.get(url))
    assert post(client, url, decision="approve").status_code == 302
    inspection.refresh_from_db()
    request.refresh_from_db()
    assert (inspection.mode, request.state, request.decided_by) == (Mode.ONSITE, "APPROVED", approver)
    assert Message.objects.filter(user=team[1].user, title="1 件检查改为现场检查").exists()
    assert start(inspection, served=False, identity_shown_at=None).status == InspectionStatus.STARTED
    assert "先出示证件" in visit_rules.why_not_shown(Inspection.objects.get(pk=inspection.pk))
    verbs = ["inspections.onsite.asked", "inspections.onsite.approved"]
    entries = AuditEntry.objects.filter(verb__in=verbs).order_by("pk")
    assert [e.verb for e in entries] == verbs


@pytest.mark.clause("七(三)-c")
def test_what_is_not_approved_stays_off_site_and_may_be_asked_again():
    inspection = make_offsite()
    approver, by = make_approver(inspection.unit), team_of(inspection)[0].user
    request = onsite.ask(inspection=inspection, by=by, **WHY)
    with pytest.raises(Refused, match="已有一份申请等批准"):
        onsite.ask(inspection=inspection, by=by, **WHY)
    with pytest.raises(Refused, match="意见写得太短"):
        onsite.decide(request=request, approve=False, opinion="", by=approver)
    onsite.decide(request=request, approve=False, opinion="先看在线数据", by=approver)
    inspection.refresh_from_db()
    assert inspection.mode == Mode.OFFSITE
    with pytest.raises(Refused, match="未批准，不用再办"):
        onsite.decide(request=request, approve=True, opinion="", by=approver)
    onsite.ask(inspection=inspection, by=by, **WHY)
    start(inspection)
    with pytest.raises(Refused, match="检查已经开始"):
        onsite.decide(request=onsite.latest(inspection), approve=True, opinion="", by=approver)


@pytest.mark.clause("七(三)-c")
def test_strangers_on_site_checks_and_begun_ones_are_refused():
    inspection = make_offsite()
    with pytest.raises(Refused, match="由检查小组或本单位的计划员申请"):
        onsite.ask(inspection=inspection, by=make_planner(make_unit("210503")), **WHY)
    there = make_inspection()
    with pytest.raises(Refused, match="本来就是现场检查"):
        onsite.ask(inspection=there, by=team_of(there)[0].user, **WHY)
    begun = make_started(mode=Mode.OFFSITE)
    with pytest.raises(Refused, match="检查已经开始"):
        onsite.ask(inspection=begun, by=team_of(begun)[0].user, **WHY)


@pytest.mark.clause("七(三)-c")
def test_the_facilitys_page_shows_the_approval_once_the_result_is_public_and_not_before(client):
    unit = make_unit()
    facility = make_facility(unit)
    registrar, approver = make_registrar(unit), make_approver(unit, name="栾岳")
    entered_in_positive_list(facility, by=registrar)
    inspection = make_offsite(unit=unit, facility=facility)
    request = onsite.ask(inspection=inspection, by=team_of(inspection)[0].user, **WHY)
    onsite.decide(request=request, approve=True, opinion="", by=approver)
    inspection.refresh_from_db()
    finish(answer_all(start(inspection)))
    client.force_login(registrar)
    before = words_of(client.get(facility.get_absolute_url()))
    inspection.refresh_from_db()
    actions.review_result(inspection=inspection, by=approver)
    actions.mark_published(inspection=inspection, by=make_planner(unit), at=clock.now())
    after = words_of(client.get(facility.get_absolute_url()))
    told = "现场检查：信访举报（信访〔2026〕8号），栾岳批准"
    assert told not in before and told in after
    assert "抽查与检查" not in before
    assert "投诉举报 不计入随机抽查 污染防治设施运行情况等 2 项" in after and "未发现问题" in after


@pytest.mark.clause("七(三)-b", "一-b")
def test_an_off_site_check_ends_with_what_was_looked_at(client):
    inspection = answer_all(make_started(mode=Mode.OFFSITE))
    client.force_login(team_of(inspection)[0].user)
    url = reverse("inspections:field-finish", args=[inspection.no])
    inspection.refresh_from_db()
    data = {
        "version": inspection.version,
        "outcome": "NO_ISSUE",
        "at": minutes(clock.now()),
    }
    refused = post(client, url, **data)
    assert refused.status_code == 409 and "还没有登记非现场查看" in words_of(refused)
    seen = look(inspection, method="VIDEO", source="危废间视频")
    assert post(client, url, **data).status_code == 302
    assert post(client, reverse("inspections:field-submit", args=[inspection.no]), at=data["at"]).status_code == 302
    inspection.refresh_from_db()
    assert (inspection.offsite_means, inspection.offsite_evidence) == ("VIDEO", look_words(seen))


def test_a_check_on_the_spot_keeps_no_off_site_evidence_and_the_database_asks_for_it():
    inspection = make_finished()
    assert (inspection.offsite_means, inspection.offsite_evidence) == ("", "")
    with pytest.raises(IntegrityError), transaction.atomic():
        type(inspection).objects.filter(pk=inspection.pk).update(mode=Mode.OFFSITE)


@pytest.mark.clause("七(三)-c")
def test_the_leader_has_a_request_to_do_until_it_is_decided_or_nobody_can_enter_any_more(client):
    """In the days of every second person's word (D-20), by the number of the check; the place for whom may know it."""

    def waiting():
        return Duty.objects.open().filter(rule="ENTER")

    check = make_offsite()
    approver, by = make_approver(check.unit), team_of(check)[0].user
    request = onsite.ask(inspection=check, by=by, **WHY)
    duty = waiting().get()
    assert (duty.unit, duty.role, duty.due) == (
        check.unit,
        "APPROVER",
        decision_due(request.asked_at.date(), workdays.calendar()).date,
    )
    assert check.no in duty.title and check.facility.name not in duty.title
    client.force_login(approver)
    home = words_of(client.get("/desk/"))
    assert f"审批现场检查申请 {check.facility.name}" in home
    assert re.search(r"\d+ 月 \d+ 日（周.）前", words_of(client.get(duty.url)))
    onsite.decide(request=request, approve=False, opinion="先看在线数据", by=approver)
    assert not waiting().exists()

    late = onsite.ask(inspection=check, by=by, **WHY)  # and they begin from outside before it is decided
    begun = answer_all(start(Inspection.objects.get(pk=check.pk)))
    assert waiting().exists()
    assert post(client, duty.url, decision="approve").status_code == 409
    onsite.decide(request=late, approve=False, opinion="已经从外面看过", by=approver)
    assert not waiting().exists()
    look(begun, result="CLUE", clue="夜间用电没有停")
    onsite.ask(inspection=begun, by=by, **WHY | {"reason": "CLUE"})  # not held up by the earlier one
    assert waiting().exists()

    ended = make_offsite()
    onsite.ask(inspection=ended, by=team_of(ended)[0].user, **WHY)
    over = answer_all(start(Inspection.objects.get(pk=ended.pk)))
    look(over)
    assert waiting().count() == 2
    finish(over)
    assert waiting().get().period.startswith(check.no)
    assert_over(ended, client, approver)
    off = make_offsite()
    onsite.ask(inspection=off, by=team_of(off)[0].user, **WHY)
    call_off(Inspection.objects.get(pk=off.pk), clock.now())
    assert waiting().get().period.startswith(check.no)
    assert_over(off, client, approver)


def assert_over(check, client, approver):
    """Nobody had decided: it says so itself, who asked is told, and it stands in the trail and in the whole trace."""
    request = OnsiteRequest.objects.select_related("asked_by").get(inspection=check)
    assert (request.state, request.get_state_display(), request.decided_by) == ("OVER", "不再办理", None)
    assert AuditEntry.objects.filter(verb="inspections.onsite.over", about_key=check.trail_key).exists()
    told = Message.objects.get(user=request.asked_by, title="1 份现场检查申请不再办理")
    assert check.no in told.body and check.facility.name not in told.body
    with pytest.raises(Refused, match="检查已经结束，这份申请不再办理"):
        onsite.decide(request=request, approve=True, opinion="", by=make_approver(check.unit))
    if approver.may("APPROVE_AMENDMENT", check.unit):
        page = words_of(client.get(reverse("inspections:task-onsite", args=[check.no])))
        assert "不再办理" in page and "待批准" not in page
    (event,) = (e for e in events_of(check) if e.what.startswith("没有决定："))
    assert (event.at, event.note) == (request.decided_at, "不再办理")


def test_the_database_keeps_a_waiting_request_to_a_check_that_somebody_may_still_enter():
    running, ended = make_offsite(), make_offsite()
    asked = onsite.ask(inspection=running, by=team_of(running)[0].user, **WHY)
    late = onsite.ask(inspection=ended, by=team_of(ended)[0].user, **WHY)
    over = answer_all(start(Inspection.objects.get(pk=ended.pk)))
    look(over)
    finish(over)
    rows = OnsiteRequest.objects
    for wrong in (
        lambda: rows.filter(pk=asked.pk).update(state="OVER"),
        lambda: rows.filter(pk=late.pk).update(state="ASKED"),
        lambda: _ended_by_sql(running),
    ):
        with pytest.raises(IntegrityError, match=r"检查已经结束|检查结束以前"), transaction.atomic():
            wrong()


def test_what_waits_beside_an_ended_check_at_the_upgrade_is_over_and_nothing_else():
    running, ended = make_offsite(), make_offsite()
    kept, gone = (onsite.ask(inspection=check, by=team_of(check)[0].user, **WHY) for check in (running, ended))
    changed(Inspection.objects.filter(pk=ended.pk), "status = 'CANCELLED', cancelled_at = dispatched_at")
    upgrade = import_module("inspections.migrations.0009_request_to_enter_that_is_over")
    upgrade.end_what_waits_for_nothing(apps, SimpleNamespace(connection=connection))
    kept.refresh_from_db(), gone.refresh_from_db()
    assert (kept.state, kept.decided_at) == ("ASKED", None)
    assert (gone.state, gone.decided_by, gone.decided_at is None) == ("OVER", None, False)


def _ended_by_sql(check):
    Inspection.objects.filter(pk=check.pk).update(status="CANCELLED", cancelled_at=clock.now())
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
