"""检查审批: nobody arrives unapproved; lists are decided at once; the bureau where the chain says so (国办发〔2024〕54号, 七(五)-d)."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.notices.models import Duty, Message, OutgoingMail
from benxi_shuangsuiji.workdays import built_in_calendar
from inspections.acceptance import actions as acceptance
from inspections.approvals import actions, days, pages, rules
from inspections.frequency import counts
from inspections.models import ApprovalState, CheckApproval, Inspection, InspectionStatus, Mode, PaperKind, Source
from inspections.paperwork import papers
from inspections.review.rules import why_not_review
from inspections.targeted import actions as targeted
from registry.models import InspectorAbsence
from tests.browsing import enter, html_of, post, queries, refused, signed_in, text_of
from tests.documents.page_validation import faults
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_inspector,
    make_lead_office,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import (
    accept,
    answer_all,
    finish,
    make_dispatched,
    make_inspection,
    start,
    step_aside,
    team_of,
)
from tests.inspections.targeted.factories import ask as raise_check
from tests.plans.draw.factories import make_held_draw, move_clock

pytestmark = pytest.mark.django_db
CALENDAR = built_in_calendar()


def make_unapproved(unit=None, **fields) -> Inspection:
    return make_inspection(unit, approved=False, **fields)


def ask(*inspections) -> list[CheckApproval]:
    return actions.ask_for_list(inspections=inspections, by=make_planner(inspections[0].unit))


def again(inspection, **changes) -> CheckApproval:
    today = clock.today()
    plan = {"first_day": today, "last_day": today + timedelta(days=9), "planned_on": today, "minutes": 120}
    return actions.ask(inspection=inspection, by=team_of(inspection)[0].user, **plan | changes)


def approve(rows, by=None) -> list[CheckApproval]:
    return actions.decide(asked=rows, approve=True, opinion="同意", by=by or make_approver(rows[0].inspection.unit))


def send_back(rows, opinion="检查时间避开检修") -> list[CheckApproval]:
    return actions.decide(asked=rows, approve=False, opinion=opinion, by=make_approver(rows[0].inspection.unit))


# Nobody arrives without it


@pytest.mark.clause("七(五)-d")
def test_nobody_arrives_before_the_leader_has_approved():
    inspection = make_unapproved()
    with refused("这次检查还没有报批"):
        start(inspection)
    rows = ask(inspection)
    with refused("分管负责人批准以后才能到场"):
        start(inspection)
    approve(rows)
    with refused("到达时间早于批准的"):
        start(inspection, at=clock.now() - timedelta(minutes=10))
    assert start(inspection, at=clock.now()).status == InspectionStatus.STARTED


@pytest.mark.clause("七(五)-d")
def test_an_offsite_check_is_approved_as_well():
    with refused("还没有报批"):
        start(make_unapproved(mode=Mode.OFFSITE))


def test_the_leaders_to_do_says_which_places_wait_and_nobody_elses_does():
    """desk.md A3: P004 tells nobody what it is; who is in no circle reads no name, and the kept title has none."""
    first = make_unapproved()
    second = make_unapproved(first.unit)
    rows = ask(first, second)
    leader, officer = make_approver(first.unit), make_disclosure_officer(first.unit)
    name = sorted([first, second], key=lambda check: check.no)[0].facility.name
    for page in ("/desk/", "/desk/todo/"):
        told = text_of(signed_in(leader).get(page))
        assert f"审批检查：{name}等 2 件" in told and rows[0].no in told, page
        viewed = AuditEntry.objects.filter(verb="inspections.sealed.viewed", actor=leader).latest("pk")
        assert viewed.details["tasks"] >= 1
        assert name not in text_of(signed_in(officer).get(page)), page
    assert not Duty.objects.filter(title__contains=name).exists()
    approve(list(CheckApproval.objects.filter(inspection__facility__name=name)), by=leader)
    rest = next(check for check in (first, second) if check.facility.name != name)
    assert f"审批检查：{rest.facility.name}" in text_of(signed_in(leader).get("/desk/todo/"))


def test_what_is_returned_says_why_and_is_asked_for_again():
    inspection = make_unapproved()
    with refused("写明退回的意见"):
        send_back(ask(inspection), opinion="")
    send_back(inspection.approvals.all())
    with refused("审批退回：检查时间避开检修。改后重报"):
        start(inspection)
    approve([again(inspection)])
    assert rules.why_not_approved(inspection, clock.now()) == ""


def test_the_visit_is_made_on_an_approved_day_and_another_is_asked_for_anew(at):
    at("2026-07-06 09:00")
    inspection = make_unapproved()
    approve([again(inspection, last_day=date(2026, 7, 8))])
    at("2026-07-09 09:00")
    with refused("批准的检查时间是 7 月 6 日至 7 月 8 日。改期的先重新报批"):
        start(inspection)
    later = again(inspection)
    with refused("分管负责人批准以后才能到场"):
        start(inspection)
    approve([later])
    assert start(inspection, at=clock.now()).status == InspectionStatus.STARTED


def test_an_earlier_approval_still_counts_on_its_days_while_others_are_asked_for():
    inspection = make_unapproved()
    approve([again(inspection)])
    later = again(inspection, last_day=clock.today() + timedelta(days=30))
    assert start(inspection, at=clock.now()).status == InspectionStatus.STARTED
    later.refresh_from_db()
    assert later.state == ApprovalState.TAKEN_BACK
    assert not Duty.objects.open().filter(rule="APPROVE").exists()


def test_who_asks_anew_replaces_what_waited():
    inspection = make_unapproved()
    (first,) = ask(inspection)
    second = again(inspection)
    first.refresh_from_db()
    assert (first.state, second.state) == (ApprovalState.TAKEN_BACK, ApprovalState.ASKED)
    with refused("不再变动"):
        approve([first])
    assert list(Duty.objects.open().filter(rule="APPROVE").values_list("period", flat=True)) == [second.no]


@pytest.mark.clause("七(五)-q")
def test_what_is_asked_for_makes_sense():
    inspection, today = make_unapproved(), clock.today()
    for changes, words in [
        ({"last_day": today - timedelta(days=1)}, "止日早于起日"),
        ({"first_day": today - timedelta(days=9), "last_day": today - timedelta(days=1)}, "已经过去"),
        ({"planned_on": today + timedelta(days=20)}, "不在报批的检查时间里"),
        ({"minutes": 0}, "填写计划用时"),
        ({"notice_beforehand": True}, "提前送达的理由写得太短"),
        ({"notice_reason": "企业要求提前准备台账"}, "没有选提前送达"),
    ]:
        with refused(words):
            again(inspection, **changes)
    beforehand = again(inspection, notice_beforehand=True, notice_reason="企业要求提前准备台账")
    assert beforehand.notice_beforehand and inspection.approvals.count() == 1


# Who asks, who decides


def test_the_leader_of_the_team_or_a_planner_asks_and_nobody_else():
    inspection = make_unapproved()
    plan = {"first_day": clock.today(), "last_day": clock.today(), "planned_on": clock.today(), "minutes": 60}
    others = [team_of(inspection)[1].user, make_approver(inspection.unit), make_planner(make_unit("210503"))]
    for user in [*others, make_registrar(inspection.unit)]:
        with refused("由组长或者本单位的计划员报批"):
            actions.ask(inspection=inspection, by=user, **plan)
    assert actions.ask(inspection=inspection, by=make_planner(inspection.unit), **plan).waits


def test_who_asked_who_goes_there_and_who_is_of_another_unit_does_not_decide():
    unit = make_unit()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    goes = make_user((Role.INSPECTOR, unit), (Role.APPROVER, unit))
    inspection = make_unapproved(unit, team=[make_inspector(unit, user=goes), make_inspector(unit, with_user=True)])
    rows = actions.ask_for_list(inspections=[inspection], by=both)
    for user, words in [
        (both, "申请审批的人不能批准自己报批的检查"),
        (goes, "检查小组成员不审批本组的检查"),
        (make_approver(make_unit("210503")), "由分管负责人审批"),
        (make_planner(unit), "由分管负责人审批"),
    ]:
        with refused(words):
            approve(rows, by=user)
    with pytest.raises(IntegrityError), transaction.atomic():
        CheckApproval.objects.filter(pk=rows[0].pk).update(
            state=ApprovalState.APPROVED, decided_by=both, decided_at=clock.now()
        )
    assert approve(rows)[0].state == ApprovalState.APPROVED


@pytest.mark.clause("七(五)-d", "五-4i")
def test_with_the_dispatch_the_whole_list_is_asked_for_and_approved_at_once(client, at):
    draw = make_held_draw()
    planner, leader = make_planner(draw.unit), make_approver(draw.unit)
    page = post(enter(client, planner), f"/desk/draws/{draw.draw_id}/dispatch/")
    made = list(draw.inspections.all())
    rows = CheckApproval.objects.all()
    assert page.status_code == 302 and len(made) == len(rows) > 1
    assert len({row.no for row in rows}) == 1
    duty = Duty.objects.open().get(rule="APPROVE")
    assert (duty.role, duty.title) == (Role.APPROVER, f"审批 {len(rows)} 件检查（{rows[0].no}）")

    url = f"/desk/approvals/?no={rows[0].no}"
    page = html_of(enter(client, leader).get(url))
    assert page.count('name="rows"') == len(rows) and all(check.facility.name in page for check in made)
    left = rows[0]
    chosen = [row.pk for row in rows[1:]]
    post(client, url, {"rows": chosen}, decision="approve", opinion="同意")
    assert CheckApproval.objects.approved().count() == len(rows) - 1
    assert Duty.objects.open().filter(rule="APPROVE").exists()
    post(client, url, {"rows": [left.pk]}, decision="reject", opinion="这家在检修，下月再去")
    left.refresh_from_db()
    assert (left.state, left.opinion) == (ApprovalState.RETURNED, "这家在检修，下月再去")
    assert not Duty.objects.open().filter(rule="APPROVE").exists()
    assert Message.objects.filter(user=planner, title__contains="审批退回").count() == 1


def test_a_list_is_decided_as_a_whole_or_not_at_all(client):
    unit = make_unit()
    goes = make_user((Role.INSPECTOR, unit), (Role.APPROVER, unit))
    his = make_unapproved(unit, team=[make_inspector(unit, user=goes), make_inspector(unit, with_user=True)])
    rows = ask(make_unapproved(unit), his)
    url = "/desk/approvals/"
    page = html_of(post(enter(client, goes), url, {"rows": [r.pk for r in rows]}, decision="approve", opinion=""))
    assert "不由本人审批的" in page
    with refused("检查小组成员不审批本组的检查"):
        approve(rows, by=goes)
    assert CheckApproval.objects.pending().count() == 2


# The bureau, where the chain says so


def make_chain(unit, **changes):
    return actions.set_chain(
        **{
            "unit": unit,
            "with_bureau": True,
            "document": "本环发〔2026〕9号",
            "valid_from": clock.today() + timedelta(days=1),
            "by": make_lead_office(),
            **changes,
        }
    )


def test_the_bureau_approves_after_the_leader_where_the_chain_says_so(client, at):
    at("2026-07-06 09:00")
    unit = make_unit()
    bureau = make_unit("2105SJ", kind=UnitKind.CITY_BUREAU, name="本溪市生态环境局")
    in_charge = make_approver(bureau)
    before = make_unapproved(unit)
    early = ask(before)
    make_chain(unit)
    at("2026-07-07 09:00")
    inspection, other = make_unapproved(unit), make_unapproved(unit)
    approve(early)
    assert rules.why_not_approved(before, clock.now()) == ""

    rows = approve(ask(inspection, other))
    with refused("市局分管负责人批准以后才能到场"):
        start(inspection, at=clock.now())
    second = list(CheckApproval.objects.pending().filter(decided_in=bureau).order_by("pk"))
    assert [row.no for row in second] == [row.no for row in rows]
    with refused("由市局分管负责人审批"):
        approve(second, by=make_approver(unit))
    page = html_of(enter(client, in_charge).get("/desk/approvals/"))
    assert page.count('name="rows"') == 2 and inspection.facility.name in page
    assert client.get(f"/desk/tasks/{before.no}/approval/").status_code == 404
    assert client.get(f"/desk/tasks/{inspection.no}/").status_code == 404
    post(client, f"/desk/tasks/{inspection.no}/approval/", decision="approve", request=second[0].pk, opinion="同意")
    assert start(inspection, at=clock.now()).status == InspectionStatus.STARTED
    blocks = papers.paper_of(inspection, PaperKind.APPROVAL).blocks
    assert [b.label for b in blocks if getattr(b, "signed", "")] == [
        "承办人意见",
        f"{unit.name}审批意见",
        f"{bureau.name}审批意见",
    ]


@pytest.mark.clause("七(五)-d", "五-2e")
def test_the_head_of_the_section_has_his_say_first_where_the_chain_says_so_and_decides_nothing_else(client, at):
    at("2026-07-06 09:00")
    unit = make_unit()
    section = make_unit("210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=unit)
    head = make_user((Role.SECTION_HEAD, section))
    make_chain(unit, with_section=True, with_bureau=False)
    at("2026-07-07 09:00")
    check = make_unapproved(unit)
    Inspection.objects.filter(pk=check.pk).update(executing_unit=section)
    check.refresh_from_db()
    again(check, assistants="王某，市监测站，1 人")
    (first,) = check.approvals.all()
    assert (first.decided_in, first.then_in) == (section, unit)
    assert Duty.objects.open().get(rule="APPROVE").role == Role.SECTION_HEAD
    with refused("由科室负责人审批"):
        approve([first])
    page = html_of(enter(client, head).get("/desk/approvals/"))
    assert page.count('name="rows"') == 1
    post(client, f"/desk/tasks/{check.no}/approval/", decision="approve", request=first.pk, opinion="人员合适")
    second = check.approvals.pending().get()
    assert (second.decided_in, second.then_in, second.no) == (unit, None, first.no)
    with refused("由分管负责人审批"):
        approve([second], by=head)  # of the unit itself he decides nothing
    with refused("分管负责人批准以后才能到场"):
        start(check, at=clock.now())
    approve([second])
    assert start(check, at=clock.now()).status == InspectionStatus.STARTED
    said = str(papers.paper_of(check, PaperKind.APPROVAL).blocks)
    assert "科室负责人意见" in said and "人员合适" in said and f"{unit.name}审批意见" in said
    assert "协助检查人员" in said and "王某，市监测站，1 人" in said


def test_the_chain_is_set_by_the_lead_office_with_a_document_from_a_day_to_come(client):
    unit = make_unit()
    for changes, words in [
        ({"by": make_planner(unit)}, "由市执法队牵头部门登记"),
        ({"document": ""}, "依据文件写得太短"),
        ({"valid_from": clock.today()}, "从明天起填写"),
    ]:
        with refused(words):
            make_chain(unit, **changes)
    enter(client, make_lead_office())
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    fields = {"unit": unit.pk, "with_section": "0", "with_bureau": "1", "valid_from": tomorrow}
    post(client, "/desk/approvals/chains/", **fields, document="本环发〔2026〕9号")
    assert "本环发〔2026〕9号" in html_of(client.get("/desk/approvals/chains/"))
    assert rules.bureau_after(unit, clock.today()) is None


# Targeted checks and emergencies


@pytest.mark.clause("七(五)-d")
def test_a_targeted_check_is_approved_by_the_same_word_that_lets_it_be_made(at):
    at("2026-07-09 10:00")
    asked = raise_check(make_unit())
    targeted.approve_check(asked=asked, by=make_approver(asked.unit), document_no="本环检批〔2026〕7号")
    asked.refresh_from_db()
    row = asked.inspection.approvals.get()
    assert (row.state, row.asked_by, row.made_up) == (ApprovalState.APPROVED, asked.asked_by, False)
    assert rules.why_not_approved(asked.inspection, clock.now()) == ""
    assert asked.inspection.planned_on > clock.today()


def test_only_an_emergency_begins_before_its_approval_and_what_is_made_up_late_is_told(client, at):
    at("2026-07-09 10:00")
    unit = make_unit()
    asked = raise_check(unit, Source.EMERGENCY)
    late = raise_check(unit, Source.EMERGENCY)
    visit = asked.inspection
    with refused("先查后补"):
        again(visit)
    accept(visit)
    finish(answer_all(start(visit, at=clock.now())))
    leader = make_approver(unit)
    assert "还没有补办批准" in why_not_review(visit, leader)
    move_clock(clock.now() + timedelta(hours=23))
    targeted.approve_check(asked=asked, by=leader, document_no="本环检批〔2026〕8号")
    move_clock(clock.now() + timedelta(hours=2))
    targeted.approve_check(asked=late, by=leader, document_no="本环检批〔2026〕9号")
    visit.refresh_from_db()
    assert why_not_review(visit, leader) == ""
    assert visit.approvals.get().made_up
    found = {row.asked.no: row.is_late for row in pages.made_up(unit.targeted_checks.all(), clock.now())}
    assert found == {asked.no: False, late.no: True}
    page = html_of(enter(client, leader).get("/desk/approvals/late/"))
    assert "补晚了" in page and "1 件补晚或没有补" in page and "24 小时内补办" in page
    assert asked.facility.name not in page


# Amendments and corrections


def test_a_team_that_an_approved_replacement_changed_goes_under_the_approval_of_the_check(at):
    check, *_ = make_dispatched(inspectors=6)
    before = team_of(check)
    step_aside(check, before[0])
    check.refresh_from_db()
    assert before[0] not in team_of(check)
    assert rules.why_not_approved(check, clock.now()) == ""


def test_what_is_called_off_waits_for_nobody(at):
    at("2026-07-09 10:00")
    unit = make_unit()
    asked = raise_check(unit, Source.EMERGENCY)
    (row,) = ask(make_unapproved(unit))
    targeted.refuse_check(asked=asked, by=make_approver(unit), opinion="事件已经处置完毕")
    asked.inspection.refresh_from_db()
    assert asked.inspection.status == InspectionStatus.CANCELLED
    actions.no_longer_waits(row.inspection, clock.now())
    row.refresh_from_db()
    assert row.state == ApprovalState.TAKEN_BACK
    assert not Duty.objects.open().filter(rule="APPROVE").exists()


# When to go


@pytest.mark.clause("七(五)-q")
def test_a_visit_is_planned_longer_the_more_points_it_has():
    assert [days.minutes_for(n) for n in (0, 3, 34)] == [30, 60, 150]
    assert days.minutes_words(150) == "2 小时 30 分" and days.minutes_words(60) == "1 小时"


@pytest.mark.clause("七(五)-q")
def test_suggested_days_spread_the_tasks_of_a_team_over_working_days(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    checks = [make_unapproved(unit, team=team, finish_by=date(2026, 7, 20)) for _ in range(5)]
    ask(*checks)
    planned = [Inspection.objects.get(pk=check.pk).planned_on for check in checks]
    assert len(set(planned)) == 5
    assert all(CALENDAR.is_workday(day) and date(2026, 7, 6) < day <= date(2026, 7, 20) for day in planned)
    assert max(planned) - min(planned) >= timedelta(days=7)
    later = make_unapproved(unit, team=team, finish_by=date(2026, 7, 20))
    ask(later)
    later.refresh_from_db()
    assert later.planned_on not in planned


@pytest.mark.clause("七(五)-q")
def test_two_visits_of_one_person_on_one_day_are_suggested_for_different_hours(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    leader, first, second = (make_inspector(unit, with_user=True) for _ in range(3))
    teams = [[leader, first], [leader, second], [leader, first]]
    checks = [make_unapproved(unit, team=team, finish_by=date(2026, 7, 7)) for team in teams]
    ask(*checks)
    planned = [Inspection.objects.get(pk=check.pk) for check in checks]
    assert {check.planned_on for check in planned} == {date(2026, 7, 7)}
    assert [check.planned_from for check in planned] == [time(9), time(14), time(15, 30)]
    assert pages.planned_words(planned[1]) == "7 月 7 日 周二 14:00 到，约 1 小时"
    assert pages.card_words(planned[1], date(2026, 7, 7)) == "14:00 到，约 1 小时"
    assert pages.card_words(planned[1], date(2026, 7, 6)) == "建议 7 月 7 日 周二 14:00 到"
    # A card stood with a day of last week and no word of it (issue 16).
    planned[1].finish_by = date(2026, 7, 20)
    assert pages.card_words(planned[1], date(2026, 7, 8)) == "建议的 7 月 7 日已过，最迟 7 月 20 日"
    assert pages.card_words(planned[1], date(2026, 7, 21)) == "建议的 7 月 7 日已过"


def test_a_suggested_hour_is_never_in_the_evening():
    day_long = [(time(9), 480), (time(17), 480)]
    assert days._begin(date(2026, 7, 6), day_long) == time(17)
    assert days._begin(date(2026, 7, 6), [(None, 60)]) == time(14)


def test_a_suggested_day_is_none_on_which_somebody_is_away(at):
    at("2026-07-06 09:00")
    inspection = make_unapproved(finish_by=date(2026, 7, 10))
    InspectorAbsence.objects.create(
        inspector=team_of(inspection)[1], kind="LEAVE", starts_on=date(2026, 7, 7), ends_on=date(2026, 7, 9)
    )
    ask(inspection)
    inspection.refresh_from_db()
    assert inspection.planned_on == date(2026, 7, 10)


def test_the_leader_moves_the_day_within_what_was_asked_for(client):
    inspection = make_unapproved()
    approve([again(inspection)])
    leader, member = (person.user for person in team_of(inspection))
    url = f"/field/{inspection.no}/day/"
    day = clock.today() + timedelta(days=3)
    post(enter(client, leader), url, planned_on=day.isoformat())
    inspection.refresh_from_db()
    assert (inspection.planned_on, inspection.planned_from) == (day, time(9))
    post(client, url, planned_on=day.isoformat(), planned_from="13:30")
    inspection.refresh_from_db()
    assert inspection.planned_from == time(13, 30)
    assert "13:30 到" in html_of(client.get(inspection.field_url))
    beyond = (clock.today() + timedelta(days=30)).isoformat()
    assert "改期的重新报批" in html_of(post(client, url, planned_on=beyond))
    assert "由组长或者本单位的计划员报批" in html_of(post(enter(client, member), url, planned_on=day.isoformat()))


# Secrecy, paper, queries


@pytest.mark.clause("七(五)-o")
def test_what_waits_for_approval_names_nobody_outside_the_circle(client):
    unit = make_unit()
    inspection = make_unapproved(unit)
    leader = make_approver(unit, email="leader@example.gov.cn")
    ask(inspection)
    trail = AuditEntry.objects.filter(verb__startswith="inspections.")
    queries_of = (Duty.objects, Message.objects, OutgoingMail.objects, trail)
    said = [str(row) for found in queries_of for row in found.values()]
    assert any("审批 1 件检查" in text for text in said) and OutgoingMail.objects.filter(user=leader).exists()
    assert not [text for text in said if inspection.facility.name in text or team_of(inspection)[0].name in text]
    for user, expected in [
        (make_supervisor(), 200),
        (make_planner(unit), 200),
        (make_approver(make_unit("210503")), 404),
        (make_registrar(unit), 403),
    ]:
        enter(client, user)
        assert client.get(f"/desk/tasks/{inspection.no}/approval/").status_code == expected
        printed = client.get(f"/desk/tasks/{inspection.no}/papers/approval.pdf")
        assert printed.status_code == expected and (expected != 200 or faults(b"".join(printed)) == [])
    stranger = make_inspector(unit, with_user=True).user
    for tail in ("approval/", "day/", "dossier/"):
        assert enter(client, stranger).get(f"/field/{inspection.no}/{tail}").status_code == 404


@pytest.mark.clause("七(五)-d")
def test_the_form_says_what_was_asked_for_and_who_decided(client):
    inspection = make_unapproved()
    rows = approve(ask(inspection))
    paper = papers.paper_of(inspection, PaperKind.APPROVAL)
    text = filled.as_html(paper)
    for words in [
        inspection.facility.name,
        inspection.no,
        rows[0].no,
        *(person.name for person in team_of(inspection)),
        "污染防治设施运行情况",
        "约 1 小时",
        "到场时送达",
        "已批准。同意",
        paper.digest,
    ]:
        assert words in text
    assert papers.paper_of(inspection, PaperKind.APPROVAL).digest == paper.digest
    inspection.facility.name = "改了名称的企业"
    inspection.facility.save()
    assert papers.paper_of(inspection, PaperKind.APPROVAL).digest == paper.digest


def test_the_list_needs_the_same_queries_for_one_row_and_for_thirty(client):
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    ask(make_unapproved(unit, team=team))
    enter(client, make_approver(unit))
    one = queries(client, "/desk/approvals/")
    for _ in range(29):
        ask(make_unapproved(unit, team=team))
    assert queries(client, "/desk/approvals/") == one


def test_deciding_a_list_needs_no_more_queries_per_check_than_its_row():
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]

    def needed(n: int) -> int:
        rows, leader = ask(*(make_unapproved(unit, team=team) for _ in range(n))), make_approver(unit)
        leader.units_with("APPROVE_CHECK")
        with CaptureQueriesContext(connection) as seen:
            approve(rows, by=leader)
        return len(seen)

    few, many = needed(2), needed(12)
    assert many - few <= 2 * 10


def test_the_dispatch_hands_out_and_asks_in_one_act(at):
    draw = make_held_draw()
    made = acceptance.hand_out(draw=draw, by=make_planner(draw.unit))
    assert CheckApproval.objects.pending().count() == len(made)
    assert Duty.objects.open().get(rule="ACCEPT").role == Role.PLANNER
    approve(CheckApproval.objects.all())
    accept(*made)
    assert all(rules.why_not_approved(check, clock.now()) == "" for check in made)


def test_asking_for_a_list_needs_no_more_queries_per_check_than_its_day():
    unit = make_unit()
    team = [make_inspector(unit, with_user=True) for _ in range(2)]
    planner = make_planner(unit)
    planner.units_with("DISPATCH")

    def needed(n: int) -> int:
        checks = [make_unapproved(unit, team=team) for _ in range(n)]
        with CaptureQueriesContext(connection) as seen:
            actions.ask_for_list(inspections=checks, by=planner)
        return len(seen)

    assert needed(2) == needed(12)


def test_the_visits_of_each_are_those_of_one():
    unit = make_unit()
    checks = [make_unapproved(unit) for _ in range(3)]
    again_there = make_unapproved(unit, facility=checks[0].facility)
    planner = make_planner(unit)
    places = [check.facility for check in checks]
    assert counts.visits_of_each(places, again_there.year, planner) == {
        place.pk: counts.visits_of(place, again_there.year, planner) for place in places
    }
    assert counts.visits_of(places[0], again_there.year, planner) == 2


def test_the_record_of_a_check_leads_to_its_approval(client):
    inspection = make_unapproved()
    send_back(ask(inspection))
    page = html_of(enter(client, make_planner(inspection.unit)).get(f"/desk/tasks/{inspection.no}/"))
    assert f"/desk/tasks/{inspection.no}/approval/" in page and "报批" in page and "退回检查审批" in page
    page = post(client, f"/desk/tasks/{inspection.no}/approval/", **_plan())
    assert page.status_code == 302 and inspection.approvals.pending().count() == 1


def _plan() -> dict:
    today = clock.today()
    later = (today + timedelta(days=9)).isoformat()
    return {"first_day": today.isoformat(), "last_day": later, "planned_on": later, "minutes": "120"}


@pytest.mark.clause("七(五)-q")
def test_how_often_somebody_came_this_year_does_not_depend_on_who_asks():
    first = make_unapproved()
    second = make_unapproved(first.unit, facility=first.facility)
    by_planner, by_leader_of_the_team = ask(first)[0], again(second)
    assert by_planner.facts["visits"] == by_leader_of_the_team.facts["visits"] == 2


def test_days_to_come_are_not_called_open_and_a_day_that_is_over_is_called_so(client):
    check, today = make_unapproved(), clock.today()
    first = today + timedelta(days=2)
    approve([again(check, first_day=first, planned_on=first)])
    assert "起可以到场" in html_of(enter(client, team_of(check)[0].user).get(check.field_url))
    with refused("这一天已经过去"):
        actions.plan_day(inspection=check, planned_on=today - timedelta(days=1), by=team_of(check)[0].user)
