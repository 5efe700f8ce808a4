"""What the platform sends waits for the planner as a duty with its day, a message and a number at the door (issue 17)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.acceptance import actions as acceptance
from inspections.exchange import actions, duties, incoming, leading, taking_up
from inspections.models import Inspection, PlatformDifference, PlatformTask
from tests.browsing import post_and_follow, signed_in, text_of
from tests.factories import make_approver, make_facility, make_lead_office, make_planner, make_unit
from tests.inspections.exchange.factories import ack, connect, dispatched_now, map_codes, pack, task_there, told
from tests.inspections.factories import answer_all, finish, start, team_of
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db


def waiting(rule):
    return {duty.period: duty for duty in Duty.objects.open().filter(rule=rule, role="PLANNER")}


def at_the_door(user, unit):
    from benxi_shuangsuiji import subjects

    (door,) = (d for doors in subjects.house().doors.values() for d in doors if d.url_name == "inspections:exchange")
    found = door.count(user, unit, None)
    return sum(rows.count() for rows in found.rows), any(rows.exists() for rows in found.late)


def test_a_task_begun_there_is_a_duty_until_it_is_decided_and_moves_with_its_day(unit, planner):
    other, place = make_planner(unit), make_facility(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place), task_there(unit, number="PT-2")]), by=planner)
    duty = waiting("PTASK")["PT-0815"]
    assert (f"{duty.due}", duty.unit, place.name in duty.title) == ("2026-09-20", unit, False)
    assert Message.objects.filter(user=other, title__contains="PT-0815").count() == 1
    assert not Message.objects.filter(user=planner, title__contains="PT-0815").exists()
    assert at_the_door(planner, unit) == (2, False)
    browser = signed_in(planner)
    assert "决定平台发起的任务 PT-0815" in text_of(browser.get("/desk/todo/"))
    assert "2026-09-20" in text_of(browser.get(f"/desk/exchange/?unit={unit.code}"))
    later = task_there(unit, place, finish_by="2026-09-25", record_version=2)
    incoming.take(content=pack(unit, 2, tasks=[later]), by=planner)
    assert f"{waiting('PTASK')['PT-0815'].due}" == "2026-09-25"
    actions.decline(task=PlatformTask.objects.get(number="PT-2"), reason="上月刚查过同一事项", by=planner)
    taking_up.take_up(
        task=PlatformTask.objects.get(number="PT-0815"), check=dispatched_now(unit, facility=place), by=planner
    )
    # What the task says otherwise than the check waits in its place.
    otherwise = PlatformDifference.objects.filter(state="OPEN")
    assert set(otherwise.values_list("kind", "field")) == {("tasks", "检查事项"), ("tasks", "完成不晚于")}
    assert waiting("PTASK") == {} and set(waiting("PDIFF")) == {unit.code} and at_the_door(planner, unit) == (2, False)


def test_without_the_connection_nobody_has_to_decide_and_with_it_again_somebody_has(unit, planner):
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner)
    connect(in_use=False)
    assert waiting("PTASK") == {} and at_the_door(planner, unit) == (0, False)
    connect()
    assert set(waiting("PTASK")) == {"PT-0815"} and at_the_door(planner, unit) == (1, False)


def test_differences_and_what_was_given_back_wait_until_they_are_settled(unit, planner):
    check = finish(answer_all(start(dispatched_now(unit))))
    package, content = actions.make(unit=unit, by=planner)
    task = told(content, "tasks")[0] | {"key": "PT-1", "platform_task": "PT-1", "finish_by": "2026-12-30"}
    back = ack(package.number, kind="results", record=check.no, version=1, refused="证据不全", task=check.no)
    incoming.take(content=pack(unit, 1, tasks=[task], acks=[ack(package.number), back]), by=planner)
    assert (
        len(waiting("PDIFF")) == len(waiting("D-10")) == 1
        and waiting("PBACK") == {}
        and at_the_door(planner, unit) == (2, False)
    )
    actions.decide(difference=PlatformDifference.objects.get(), ours=True, words="以计划的日期为准", by=planner)
    actions.make(unit=unit, by=planner)
    assert waiting("PDIFF") == {} and at_the_door(planner, unit) == (0, False)


@pytest.mark.clause("七(五)-m")
def test_what_was_given_back_is_one_to_do_with_the_day_of_its_upload(unit, planner):
    """上传 by the second working day and 重传 by another stood beside each other for one record."""
    other = make_planner(unit)
    check = finish(answer_all(start(dispatched_now(unit))))
    day = waiting("D-10")[check.no].due
    package, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=package, accepted=False, reason="读不出来", by=planner)
    duty = waiting("D-10")[check.no]
    assert (waiting("PBACK"), duty.due, duty.title) == ({}, day, f"重传检查情况 {check.no}")
    told = Message.objects.filter(user=other, title__contains="重传被平台退回的检查情况")
    assert told.count() == 1 and not told.filter(user=planner)
    package, _ = actions.make(unit=unit, by=planner)
    assert waiting("D-10")[check.no].title == f"上传检查情况 {check.no}"
    actions.settle(record=package.lines.get(kind="results"), accepted=True, number="", reason="", by=planner)
    assert waiting("D-10") == waiting("PBACK") == {}
    # What has no upload of its own still is one: a team, and a result that the platform gives back after it had it.
    actions.settle(record=package.lines.get(kind="teams"), accepted=False, number="", reason="执法证过期", by=planner)
    assert set(waiting("PBACK")) == {unit.code}
    actions.make(unit=unit, by=planner)
    assert waiting("PBACK") == {}


@pytest.mark.clause("七(五)-m")
def test_a_duty_of_which_nothing_waits_is_closed_by_the_worker(unit, planner, request):
    """It was closed by the unit's next exchange only: what stood open under an earlier rule stayed, and became late."""
    finish(answer_all(start(dispatched_now(unit))))
    package, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=package, accepted=False, reason="读不出来", by=planner)
    assert waiting("PBACK") == {}
    for step in (duties.REFUSED, duties.DIFFERENCE):  # as one of before: beside the upload, which is the same thing
        due = duties.decision_due(clock.today(), duties.workdays.calendar())
        step.open(
            unit, unit.code, role="PLANNER", title=step.title, due=due, url=duties.address(unit), consequence="无"
        )
    other = dispatched_now(make_unit("210503"))
    actions.add_code(kind="UNIT", ours="210503", theirs="DW-210503", by=make_lead_office())
    by = make_planner(other.unit)
    package, _ = actions.make(unit=other.unit, by=by)
    actions.settle(record=package.lines.get(kind="teams"), accepted=False, number="", reason="执法证过期", by=by)
    request.getfixturevalue("as_worker")
    duties.waits_no_more()
    assert set(waiting("PBACK")) == {"210503"} and waiting("PDIFF") == {}


@pytest.mark.clause("七(五)-m")
def test_an_upload_waits_for_the_platform_only_while_its_result_lies_there(unit, planner):
    """It said 等移动执法平台确认 of what lay in no package, and of what the platform had given back to the planner."""
    check = finish(answer_all(start(dispatched_now(unit))))

    def words():
        return list(agenda.waits(Duty.objects.open().filter(rule="D-10", period=check.no), clock.today()).values())

    assert words() == []
    assert ">上传情况<" in signed_in(planner).get("/desk/").content.decode()
    package, _ = actions.make(unit=unit, by=planner)
    assert words() == ["等移动执法平台确认"]
    back = ack(package.number, kind="results", record=check.no, version=1, refused="证据不全", task=check.no)
    incoming.take(content=pack(unit, 1, acks=[ack(package.number), back]), by=planner)
    assert words() == []
    actions.make(unit=unit, by=planner)
    assert words() == ["等移动执法平台确认"]


@pytest.mark.clause("五-4h", "七(二)-h")
def test_a_draw_that_is_handed_out_where_the_platform_leads_is_a_duty_from_that_moment(at):
    """The planner heard of it only with the next package: the act of the draw did not have the duties look again."""
    connect(tasks="MEP")
    draw = make_held_draw()
    other = make_planner(draw.unit)
    made = acceptance.hand_out(draw=draw, by=make_planner(draw.unit))
    duty = waiting("PNUMBER")[draw.unit.code]
    assert not any(check.no in duty.title for check in made)
    assert Message.objects.filter(user=other, title__contains="登记平台编号").count() == 1


def test_a_visit_that_waits_for_the_number_of_the_platform_is_a_duty(unit, planner):
    connect(tasks="MEP")
    check = dispatched_now(unit)
    package, _ = actions.make(unit=unit, by=planner)
    (duty,) = waiting("PNUMBER").values()
    assert check.no not in duty.title and at_the_door(planner, unit) == (1, False)
    actions.settle(record=package.lines.get(kind="tasks"), accepted=True, number="PT-1", reason="", by=planner)
    assert waiting("PNUMBER") == {} and at_the_door(planner, unit) == (0, False)


@pytest.mark.clause("五-4h")
def test_every_page_says_that_a_dispatch_waits_for_the_number_of_the_platform(at):
    """Only the record of a check said it: the officer heard it when his 开始检查 was refused."""
    connect(tasks="MEP")
    draw = make_held_draw()
    planner = make_planner(draw.unit)
    desk = signed_in(planner)
    address = reverse("inspections:draw-dispatch", args=[draw.draw_id])
    assert leading.PROPOSAL in text_of(desk.get(address))
    assert f"家，{leading.PROPOSAL}，报分管负责人审批" in text_of(post_and_follow(desk, address))
    check, *others = Inspection.objects.filter(draw=draw).order_by("pk")
    tasks = text_of(desk.get(f"{reverse('inspections:task-list')}?unit={draw.unit.code}"))
    assert tasks.count(leading.PROPOSAL) == len(others) + 1
    leader = signed_in(make_approver(draw.unit))
    assert leading.PROPOSAL in text_of(leader.get(reverse("inspections:approval-list")))
    assert "派发只是建议" in text_of(leader.get(reverse("inspections:task-approval", args=[check.no])))
    officer = team_of(check)[0].user
    phone = signed_in(officer)
    assert "等平台编号" in text_of(phone.get(reverse("inspections:field-tasks")))
    assert "派发只是建议" in text_of(phone.get(check.field_url))
    other = make_unit("210503")
    map_codes(other)
    ready = dispatched_now(other)  # accepted and approved: only the number is missing
    phone = signed_in(team_of(ready)[0].user)
    shown = phone.get(reverse("inspections:field-tasks"))
    assert leading.PROPOSAL in text_of(shown) and shown.context["first"] is None
    assert "登记到场（等平台编号）" in text_of(phone.get(ready.field_url))
    by = make_planner(other)
    package, _ = actions.make(unit=other, by=by)
    actions.settle(record=package.lines.get(kind="tasks"), accepted=True, number="PT-1", reason="", by=by)
    assert "等平台编号" not in text_of(phone.get(reverse("inspections:field-tasks")))
    assert "等平台编号" not in text_of(phone.get(ready.field_url))
