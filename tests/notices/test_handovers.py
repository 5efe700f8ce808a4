"""Whoever gets something to do, or gets it back, has a to-do and a message at once (七(四)-2, -3, -5)."""

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.dispatch import actions as dispatch_actions
from inspections.review import actions as review_actions
from inspections.visits import actions as visits_actions
from plans.filings import actions as filings
from plans.quarterly import actions
from tests.factories import make_approver, make_disclosure_officer, make_lead_office, make_planner
from tests.inspections.factories import make_dispatched, make_finished
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db
Q4 = Quarter(2026, 4)


def todo(user) -> list[str]:
    return [f"{duty.title} {duty.url}" for duty in agenda.mine(user) if not duty.waiting_for]


def inbox(user) -> list[str]:
    return list(user.inbox.order_by("pk").values_list("title", flat=True))


def test_a_plan_of_the_next_quarter_goes_from_hand_to_hand():
    unit = make_branch()
    planner, approver = make_planner(unit), make_approver(unit)
    officer, lead = make_disclosure_officer(unit), make_lead_office()
    assert not Duty.objects.filter(period="2026Q4").exists()  # its duties do not open before September

    plan = make_plan(unit, quarter=Q4, upto="SUBMITTED", by=planner)
    assert any("审批" in line and line.endswith("/review/") for line in todo(approver))
    assert any("审批" in title for title in inbox(approver)) and not inbox(planner)

    plan = actions.return_plan(plan=plan, by=approver, opinion="多抽两家")
    assert any("修改被退回的" in line and line.endswith("/edit/") for line in todo(planner))
    assert "多抽两家" in planner.inbox.get(title__contains="退回").body
    assert not any("审批" in line for line in todo(approver))

    plan = actions.submit_plan(plan=plan, by=planner)
    plan = actions.approve_plan(plan=plan, by=approver)
    assert any("公开" in line for line in todo(officer)) and any("公开" in title for title in inbox(officer))
    assert any("已批准" in title for title in inbox(planner))

    actions.mark_plan_published(plan=plan, by=officer, at=plan.approved_at)
    filings.send_plan(plan=plan, by=officer, at=plan.approved_at)
    assert any("签收" in title for title in inbox(lead))


def test_a_changed_plan_is_handed_over_again_with_duties_of_its_own():
    plan = make_plan(upto="PUBLISHED")
    planner, approver = make_planner(plan.unit), make_approver(plan.unit)
    plan = actions.revise_plan(plan=plan, by=planner, reason="名录核对没有完成，抽取改期")
    plan = actions.submit_plan(plan=plan, by=planner, late_reason="改期抽取")
    assert any("第 2 版" in line for line in todo(approver)) and any("第 2 版" in title for title in inbox(approver))
    actions.approve_plan(plan=plan, by=approver)
    assert not any("审批" in line for line in todo(approver))


def test_a_result_is_told_to_who_reviews_and_then_to_who_publishes():
    inspection = make_finished()
    approver, officer = make_approver(inspection.unit), make_disclosure_officer(inspection.unit)
    inspection = review_actions.return_result(inspection=inspection, by=approver, opinion="补照片日期")
    leader = inspection.members.get(is_leader=True).inspector.user
    visits_actions.resubmit(
        inspection=inspection,
        by=leader,
        outcome="NO_ISSUE",
        finding="",
        measures="",
        rectify_by=None,
        enterprise_opinion="",
    )
    assert inbox(approver) and "审核检查结果" in inbox(approver)[-1]
    review_actions.review_result(inspection=inspection, by=approver)
    assert "公开检查结果" in inbox(officer)[-1]
    assert inspection.facility.name not in "".join(inbox(approver) + inbox(officer))


@pytest.mark.clause("七(二)-h")
def test_after_the_draw_there_is_a_way_to_dispatch(client, at):
    draw = make_held_draw()
    planner = make_planner(draw.unit)
    duty = Duty.objects.open().get(rule="SEND", unit=draw.unit)
    url = f"/desk/draws/{draw.draw_id}/dispatch/"
    assert (duty.role, duty.title, duty.url) == (Role.PLANNER, f"派发 {draw.picks.count()} 项检查", url)
    assert duty.due >= draw.drawn_at.date()
    client.force_login(planner)
    assert f'href="{url}"' in client.get(draw.get_absolute_url()).content.decode()
    dispatch_actions.dispatch(draw=draw, by=planner)
    assert not Duty.objects.open().filter(rule="SEND").exists()


def test_dispatching_closes_the_duty_only_when_nothing_is_left(at):
    make_dispatched()
    assert not Duty.objects.open().filter(rule="SEND").exists()
