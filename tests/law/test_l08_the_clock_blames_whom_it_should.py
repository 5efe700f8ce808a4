"""L-8: a unit's duty ends with its sending; the office has its own; what is late says why at publication and at the draw.

七(六)-a, 七(二)-j, 六(一)2-b, 七(二)-a, 八(一)-c; docs/decisions/0022.
"""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.notices import duties, reminders
from benxi_shuangsuiji.notices.models import Duty, Reminder
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication
from disclosure.publishing import actions as publishing
from inspections.reports.figures import of_quarter
from plans.draw import actions as drawing
from plans.filings import actions as filing_actions
from plans.models import Filing
from plans.quarterly import actions as planning
from plans.quarterly.late import late_draws, late_plans
from tests.browsing import enter, post, text_of
from tests.database import CHINA
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_supervisor,
    make_user,
)
from tests.plans.draw.factories import (
    agree_on_values,
    make_held_draw,
    make_published_plan,
    make_sealed_draw,
    move_clock,
)
from tests.plans.factories import Q3, make_branch, make_plan

pytestmark = pytest.mark.django_db


def told_until(last: date) -> dict[str, set[str]]:
    """Play the worker's mornings from today to `last`; rule → the names of whoever was reminded of it."""
    calendar, day = workdays.calendar(), clock.today()
    while day <= last:
        duties.open_due(day, calendar)
        reminders.plan_reminders(day, calendar)
        day += timedelta(days=1)
    found: dict[str, set[str]] = {}
    for row in Reminder.objects.select_related("duty", "user"):
        found.setdefault(row.duty.rule, set()).add(row.user.full_name)
    return found


@pytest.mark.clause("七(六)-a")
def test_a_plan_sent_on_the_3rd_and_signed_on_the_9th_blames_the_office_and_never_the_unit(at):
    at("2026-07-03 09:00")
    city = make_city_team()
    lead, leader = make_lead_office(name="牵头甲"), make_approver(city, name="市队分管乙")
    supervisor = make_supervisor(name="监督丙")
    unit = make_branch()
    make_approver(unit, name="分局分管丁"), make_planner(unit, name="分局计划戊")
    plan = make_plan(unit, upto="APPROVED")

    publishing.publish_plan(plan=plan, by=make_disclosure_officer(unit))

    kept = Duty.objects.get(rule="D-3", unit=unit)
    assert (kept.closed_at, kept.due) == (clock.now(), date(2026, 7, 5))
    told = told_until(date(2026, 7, 12))
    assert {lead.full_name, leader.full_name, supervisor.full_name} <= told["D-3s"]
    assert not {name for name in told["D-3s"] if name.startswith("分局")}
    assert not Reminder.objects.filter(duty__rule="D-3", duty__unit=unit).exists()
    assert unit.code not in {late.code for late in late_plans(Q3, date(2026, 7, 9), workdays.calendar())}

    at("2026-07-09 09:00")
    filing_actions.receive_filing(filing=Filing.objects.get(), by=lead)
    assert Duty.objects.get(rule="D-3", unit=unit).closed_at == kept.closed_at
    assert not Duty.objects.open().filter(rule__in=["D-3", "D-3s"], unit=unit).exists()


@pytest.mark.clause("七(二)-j")
def test_a_filed_draw_that_nobody_signs_for_is_the_offices_and_what_it_gives_back_has_days_of_its_own(at):
    at("2026-07-06 09:00")
    make_city_team()
    lead = make_lead_office()
    draw = make_held_draw()
    planner = make_planner(draw.unit)
    filing = filing_actions.file_draw(draw=draw, by=planner)
    assert Duty.objects.get(rule="D-4b", unit=draw.unit).closed_at == filing.asked_at
    assert Duty.objects.open().get(rule="D-4s", unit=draw.unit).role == "LEAD_OFFICE"

    at("2026-07-20 09:00")
    filing_actions.return_filing(filing=filing, by=lead, opinion="没有附签字的抽取记录")

    mend = Duty.objects.open().get(rule__startswith="D-4", unit=draw.unit)
    assert (mend.rule, mend.due) == ("D-4m", date(2026, 7, 23))
    filing_actions.file_draw(draw=draw, by=planner, note="已扫描")
    assert Duty.objects.open().get(rule__startswith="D-4", unit=draw.unit).rule == "D-4s"


@pytest.mark.clause("八(一)-c")
def test_the_bureau_that_does_not_sign_for_a_year_is_told_itself_and_nobody_of_the_unit(at):
    at("2026-12-28 09:00")
    make_city_team()
    unit = make_branch()
    make_approver(unit, name="分局分管丁"), make_planner(unit, name="分局计划戊")
    make_supervisor(name="监督丙")
    make_user(("BUREAU_READER", make_city_team()), name="市局己")
    calendar = workdays.calendar()
    duties.open(
        rule="YEAR",
        unit=unit,
        role="BUREAU_READER",
        period="210504-2026-1",
        title="签收年度工作报告",
        due=calendar.fixed(date(2026, 12, 30)),
    )
    assert told_until(date(2027, 1, 5))["YEAR"] == {"市局己"}


@pytest.mark.clause("六(一)2-b")
def test_a_plan_submitted_on_the_3rd_and_published_on_the_8th_says_why(at, client):
    at("2026-07-03 09:00")
    make_city_team()
    unit = make_branch()
    plan = make_plan(unit, upto="SUBMITTED", late_reason="")
    at("2026-07-08 09:00")
    plan = planning.approve_plan(plan=plan, by=make_approver(unit))
    officer = make_disclosure_officer(unit)
    with pytest.raises(Refused, match="已逾期 3 天。写明逾期原因"):
        publishing.publish_plan(plan=plan, by=officer)
    with pytest.raises(Refused, match="逾期原因写得太短"):
        publishing.publish_plan(plan=plan, by=officer, late_reason="忙")
    enter(client, officer)
    page = f"/desk/publish/plan/{unit.code}-2026Q3/"
    assert "写明逾期原因，随计划公开，记入通报" in text_of(client.get(page))

    assert post(client, page, {"late_reason": ""}).status_code != 302
    assert post(client, page, {"late_reason": "分管负责人出差，8 日批准"}).status_code == 302

    published = Publication.objects.get(no=f"{unit.code}-2026Q3")
    assert published.late_reason == published.snapshot["late_reason"] == "分管负责人出差，8 日批准"
    late = {found.code: found for found in late_plans(Q3, date(2026, 7, 8), workdays.calendar())}
    assert (late[unit.code].days, late[unit.code].reason) == (3, "分管负责人出差，8 日批准")
    assert "计划晚 3 天报送，分管负责人出差，8 日批准" in of_quarter(unit, Q3, workdays.calendar())["late"]
    assert "分管负责人出差，8 日批准" in text_of(Client().get(f"/plans/2026q3/{unit.code}/"))
    assert Duty.objects.get(rule="D-3", unit=unit).closed_at == published.published_at


@pytest.mark.clause("六(一)2-b")
def test_a_reason_given_when_it_was_submitted_late_is_not_asked_again(at):
    at("2026-07-07 09:00")
    make_city_team()
    plan = make_plan(upto="APPROVED", late_reason="名录核对未完成")
    at("2026-07-08 09:00")
    assert publishing.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit)).late_reason == "名录核对未完成"


@pytest.mark.clause("七(二)-a")
def test_a_draw_held_on_the_20th_that_was_set_for_the_8th_says_why_everywhere(at, client):
    at("2026-07-06 09:00")
    make_city_team()
    draw = make_sealed_draw(plan=make_published_plan())
    planner, unit = make_planner(draw.unit), draw.unit
    agree_on_values(draw)
    move_clock(datetime(2026, 7, 20, 10, tzinfo=CHINA))
    with pytest.raises(Refused, match="计划定在 7 月 8 日，已逾期 10 天。写明逾期原因"):
        drawing.hold_draw(draw=draw, by=planner)
    named = draw.plan.unit.facilities.first().name
    with pytest.raises(Refused, match="不写企业的名称"):
        drawing.hold_draw(draw=draw, by=planner, late_reason=f"{named}有异议")
    waiting = late_draws(Quarter(2026, 3), clock.today(), workdays.calendar())
    assert [(d.how, d.days, d.reason) for d in waiting] == [("waiting", 10, "")]
    enter(client, planner)
    asked = post(client, f"{draw.get_absolute_url()}hold/", {})
    assert asked.status_code == 409 and 'name="late_reason"' in asked.content.decode()

    assert post(client, f"{draw.get_absolute_url()}hold/", {"late_reason": "计划员住院，复工后抽取"}).status_code == 302

    draw.refresh_from_db()
    assert (draw.status, draw.late_reason) == ("DRAWN", "计划员住院，复工后抽取")
    assert "实际晚了 10 天。原因：计划员住院，复工后抽取。" in text_of(client.get(draw.get_absolute_url()))
    assert "实际晚了 10 天。原因：计划员住院，复工后抽取。" in text_of(Client().get(f"/draws/{draw.draw_id}/"))
    held = late_draws(Quarter(2026, 3), date(2026, 8, 1), workdays.calendar())
    assert [(d.how, d.days, d.reason) for d in held] == [("held", 10, "计划员住院，复工后抽取")]
    assert "抽取晚 10 天，计划员住院，复工后抽取" in of_quarter(unit, Quarter(2026, 3), workdays.calendar())["late"]
    filed = filing_actions.file_draw(draw=draw, by=planner)
    assert dict(filed.summary)["逾期原因"] == "计划员住院，复工后抽取"
    # It was late once: its filing has the days that a draw of the 20th has.
    duty = Duty.objects.get(rule="D-4b", unit=unit)
    assert (duty.due, duty.closed_at) == (date(2026, 7, 23), filed.asked_at)
