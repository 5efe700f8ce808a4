"""L-15: the smaller gaps between the plan and what the system did."""

from datetime import date

import pytest
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication
from disclosure.publishing import actions as publishing
from inspections.dispatch import actions as dispatch_actions
from inspections.models import InspectionStatus, Source
from inspections.paperwork.check_papers import CheckFacts
from inspections.reports import actions as report_actions
from inspections.reports import papers as report_papers
from inspections.reports import years
from inspections.review import actions as review_actions
from inspections.targeted import joining
from plans.draw import actions as draw_actions
from plans.filings import actions as filings_actions
from plans.models import QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import reckoning
from plans.quotas import quotas
from registry.models import Facility, Ground
from tests.browsing import enter, post, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_ground,
    make_lead_office,
    make_planner,
    make_unit,
)
from tests.inspections.factories import answer_all, finish, make_finished, ready, start, team_of
from tests.inspections.reports.factories import PERIOD, TEXT, make_small_draw
from tests.inspections.targeted.factories import make_approved
from tests.notices.policy_factories import DOCUMENT, approve, make_change
from tests.plans.draw.factories import make_held_draw, make_published_plan, move_clock
from tests.plans.factories import Q3, make_branch, make_plan
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db


def make_public_plan(unit):
    plan = make_plan(unit, upto="APPROVED")
    publishing.publish_plan(plan=plan, by=make_disclosure_officer(unit))
    return QuarterlyPlan.objects.get(pk=plan.pk)


def make_draft(unit):
    """A plan that can be edited, and later be drawn without its whole way."""
    return make_published_plan(unit, status="DRAFT", key=0, general=0, special=0, inspectors=0)


def make_public(plan):
    QuarterlyPlan.objects.filter(pk=plan.pk).update(status="PUBLISHED", published_at=clock.now())
    return QuarterlyPlan.objects.get(pk=plan.pk)


@pytest.mark.clause("七(六)-a")
def test_the_summary_of_the_citys_plans_goes_out_after_the_day_with_the_missing_units_named(at, client):
    at("2026-07-02 09:00")
    branch, city, lead = make_branch(), make_city_team(), make_lead_office()
    filings_actions.receive_plan(plan=make_public_plan(branch), by=lead)
    with pytest.raises(Refused, match=r"还没有收齐：市执法队的计划.*过了报送时限可以点名公开"):
        publishing.publish_plan_summary(quarter=Q3, by=lead)

    at("2026-07-07 09:00")
    page = text_of(enter(client, lead).get("/desk/city/plans/?quarter=2026Q3"))
    assert "还没有收齐：市执法队。已过报送时限，可以点名公开" in page
    first = publishing.publish_plan_summary(quarter=Q3, by=lead)
    assert ([u["code"] for u in first.snapshot["units"]], first.snapshot["missing"]) == ([branch.code], ["市执法队"])
    assert "缺 市执法队" in text_of(client.get("/plans/2026q3/"))

    late = make_public_plan(city)
    with pytest.raises(Refused, match="没有变化"):  # public, and not yet signed for
        publishing.publish_plan_summary(quarter=Q3, by=lead)
    filings_actions.receive_plan(plan=late, by=lead)
    second = publishing.publish_plan_summary(quarter=Q3, by=lead)
    assert (second.version, second.snapshot["missing"]) == (2, [])
    assert [(change["code"], change["words"][0][:2]) for change in second.snapshot["changes"]] == [(city.code, "加入")]
    assert Publication.objects.filter(kind="SUMMARY").count() == 2


@pytest.mark.clause("七(四)-5")
def test_the_other_member_of_the_team_does_not_review_its_result():
    inspection = make_finished()
    recorder, other = team_of(inspection)
    assert inspection.recorded_by == recorder.user

    with pytest.raises(Refused, match="检查小组成员不审核本组的检查结果"):
        review_actions.review_result(inspection=inspection, by=other.user)

    reviewed = review_actions.review_result(inspection=inspection, by=make_approver(inspection.unit))
    assert reviewed.reviewed_by not in (recorder.user, other.user)


@pytest.mark.clause("七(六)-b")
def test_the_names_open_at_noon_of_the_last_day_and_the_report_goes_out_on_it(at):
    at("2026-07-02 09:00")
    opens = localtime(make_plan(make_branch(code="210503")).release_at)
    assert (opens.date(), opens.hour) == (date(2026, 9, 25), 12)

    check, *_ = make_small_draw(None)
    draw = check.draw
    with pytest.raises(Refused):
        report_actions.send_report(unit=draw.unit, period=PERIOD, text=TEXT, by=make_planner(draw.unit))
    move_clock(max(draw.release_at, opens))
    draw_actions.release_due(clock.now())
    report = report_actions.send_report(unit=draw.unit, period=PERIOD, text=TEXT, by=make_planner(draw.unit))
    assert localtime(report.asked_at).date() == date(2026, 9, 25)


@pytest.mark.clause("七(二)-a")
def test_a_draw_on_a_day_of_the_holiday_is_advised_against_and_may_be_held(at, client):
    at("2026-09-25 09:00")
    plan = make_plan(make_branch(), quarter=Quarter(2026, 4))
    holiday, workday = (plan.draw_at.replace(month=10, day=day) for day in (5, 9))
    quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data={"draw_at": holiday})
    assert not workdays.calendar().is_workday(localtime(holiday).date())

    enter(client, make_planner(plan.unit))
    address = f"/desk/plans/{plan.unit.code}/2026q4/edit/"
    assert "10 月 5 日是节假日" in text_of(client.get(address))
    quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data={"draw_at": workday})
    assert "是节假日" not in text_of(client.get(address))


@pytest.mark.clause("六(一)2-g")
def test_a_check_begun_when_its_quarter_is_over_says_so_on_its_pages_and_in_the_report(at, client):
    at("2026-07-06 09:00")
    draw = make_held_draw(key=2, general=0, special=0, inspectors=2)
    (check,) = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    ready(check)
    said = "2026 年第三季度抽中，2026 年 11 月 20 日开始检查，已过本季度"
    enter(client, team_of(check)[0].user)
    assert "已过本季度" not in text_of(client.get(f"/field/{check.no}/"))

    at("2026-11-20 10:00")
    assert "还没有开始检查，已过本季度" in text_of(client.get(f"/field/{check.no}/"))
    check = finish(answer_all(start(check)))

    enter(client, make_planner(draw.unit))
    assert said in text_of(client.get(f"/desk/tasks/{check.no}/"))
    check.refresh_from_db()
    assert said in CheckFacts(check).of("remark")
    move_clock(max(draw.release_at, clock.now()))
    draw_actions.release_due(clock.now())
    # That a check is over is told with its result (decision 0090), and so is when it was begun.
    assert years.of_year(draw.unit, 2026, clock.today(), workdays.calendar())["begun_late"] == 0
    check = review_actions.review_result(inspection=check, by=make_approver(draw.unit))
    review_actions.mark_published(inspection=check, by=make_planner(draw.unit), at=clock.now())
    figures = years.of_year(draw.unit, 2026, clock.today(), workdays.calendar())
    (said_in_report, *_) = [b.text for b in report_papers.year_blocks(figures)["checks"] if hasattr(b, "text")]
    assert "其中 1 家过了抽取的季度才开始检查" in said_in_report


# --- which 重点 the 25 % is of (附则) -------------------------------------------------------------------------------------


@pytest.mark.clause("附-a", "七(一)1-a")
@pytest.mark.usefixtures("by_data")
def test_the_bureaus_written_reading_decides_of_whom_the_share_is_reckoned(at, client):
    at("2026-06-15 09:00")
    branch = make_branch(key=6, general=0, special=10)
    special = Facility.objects.filter(category="special")
    special.update(has_key_ground=True)
    for facility in special:
        make_ground(facility, Ground.KF1)
    spring = quotas.pools(branch, Quarter(2026, 2), [], positive_out=False, today=clock.today())
    assert (spring["key"].N, spring["key"].taken_out) == (6, 0)
    change = make_change("key_counted", 2, date(2026, 7, 1))
    assert (change.what.words, change.shown) == ("重点对象比例的基数", "2（含列为特殊的重点对象）")
    approve(change)

    at("2026-07-02 10:00")
    plan, planner = make_draft(branch), make_planner(branch)
    assert quotas.figures_of(plan, reckoning.pools_of(plan))[0].minimum == 4
    enter(client, planner)
    shown = text_of(client.get(f"/desk/plans/{branch.code}/2026q3/edit/"))
    assert f"重点对象不低于 25%（含列为特殊的重点对象，{DOCUMENT}）" in shown
    assert "（6 + 列为特殊的重点 10） × 25% = 4" in shown
    with pytest.raises(Refused, match="重点对象本季至少抽 4 家，现在是 0 家"):
        quarterly_actions.submit_plan(plan=plan, by=planner, late_reason="名录核对延误")

    draw = make_held_draw(plan=make_public(plan))
    assert draw.picks.filter(category="key").count() == 4  # the plan says 0: the seal reckons for itself


# --- 综合查一次 over units (一-d) ---------------------------------------------------------------------------------------


@pytest.mark.clause("一-d")
def test_the_branch_takes_the_check_of_the_city_team_into_its_own_visit(at, client):
    at("2026-07-06 09:00")
    draw = make_held_draw(key=2, general=0, special=0, inspectors=4)
    (check,) = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    city = make_city_team()
    asked = make_approved(city, Source.MEDIA, facility=check.facility)
    page = f"/desk/tasks/{check.no}/"
    # The city team knows nothing of a sealed pick, and is offered nothing.
    assert not joining.joinable(asked, make_planner(city)).exists()
    enter(client, make_planner(city))
    assert client.get(page).status_code == 404
    assert post(client, f"{page}join/", asked=asked.no).status_code == 404
    assert check.no not in client.get(asked.get_absolute_url()).content.decode()
    enter(client, make_planner(make_unit("210503")))
    assert post(client, f"{page}join/", asked=asked.no).status_code == 404

    enter(client, make_planner(draw.unit))
    shown = text_of(client.get(page))
    assert "并入这次检查" in shown and "媒体曝光" in shown
    own = asked.inspection
    assert post(client, f"{page}join/", asked=asked.no)["Location"] == page

    for row in (asked, own, check):
        row.refresh_from_db()
    assert (asked.inspection, own.status) == (check, InspectionStatus.CANCELLED)
    assert check.finish_by <= asked.finish_by
    assert "媒体曝光" in text_of(client.get(page))  # both references stay
    assert "并入这次检查" not in text_of(client.get(page))
    enter(client, make_planner(city))
    assert check.no not in client.get(asked.get_absolute_url()).content.decode()


@pytest.mark.clause("一-d")
def test_two_units_checks_of_one_credit_code_are_shown_at_plan_dispatch_and_approval(at, client):
    at("2026-07-02 09:00")
    code = credit_code()
    other = make_unit("210503")
    away = make_facility(other, uscc=code, name="松岭二厂")
    branch = make_branch(key=0, general=0, special=0)
    home = make_facility(branch, category="key", uscc=code, name="松岭一厂")
    asked = make_approved(other, Source.MEDIA, facility=away)
    near = "溪湖分局 媒体曝光"

    plan = make_draft(branch)
    planner = make_planner(branch)
    enter(client, planner)
    shown = text_of(client.get(f"/desk/plans/{branch.code}/2026q3/edit/"))
    assert "其他单位在相近的日子另有检查：松岭一厂（溪湖分局 媒体曝光" in shown

    draw = make_held_draw(plan=make_public(plan))
    assert draw.picks.get().facility == home
    enter(client, planner)
    shown = text_of(client.get(f"/desk/draws/{draw.draw_id}/dispatch/"))
    assert "松岭一厂：前后 30 天另有检查" in shown and near in shown and "松岭二厂" in shown

    mine = make_approved(branch, Source.COMPLAINT, facility=home)
    enter(client, make_approver(branch))
    shown = text_of(client.get(mine.get_absolute_url()))
    assert "溪湖分局" in shown and "松岭二厂" in shown
    # The other unit reads the targeted check and nothing of the sealed pick.
    enter(client, make_approver(other))
    shown = text_of(client.get(asked.get_absolute_url())).partition("相近的检查")[2].partition("本年次数")[0]
    assert "投诉举报" in shown and "随机抽取" not in shown
