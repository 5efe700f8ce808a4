"""A quarter's plan from hand to hand, and how little the planner has to do for it (七(四)-2, 七(六)-a)."""

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from disclosure.models import Publication
from plans.models import QuarterlyPlan
from tests.factories import make_city_team, make_user
from tests.journeys.people import OverHttp
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db
MOST_PAGES, MOST_INPUTS = 3, 15
PLAN = "/desk/plans/210504/2026q3/"


class Counting(OverHttp):
    """A person whose pages and changed inputs are counted."""

    pages, inputs = 0, 0

    def open(self, path):
        self.pages += 1
        return super().open(path)

    def press(self, button, **changes):
        self.pages += 1
        self.inputs += 1 + len(changes)
        return super().press(button, **changes)


def person(role, unit):
    return OverHttp(make_user((role, unit)))


@pytest.mark.clause("七(四)-2")
def test_the_next_quarters_plan_takes_at_most_three_pages_and_fifteen_inputs(at):
    at("2026-04-02 09:00")
    unit = make_branch(key=8, general=24)
    make_plan(unit, quarter=QuarterlyPlan(year=2026, number=2).quarter, upto="PUBLISHED")
    at("2026-07-02 09:00")
    planner = Counting(make_user((Role.PLANNER, unit)))

    planner.open(PLAN)
    planner.press("编制计划")
    planner.press("提交审核")

    planner.sees("计划已提交审核")
    assert QuarterlyPlan.objects.get(number=3).status == "SUBMITTED"
    assert planner.pages <= MOST_PAGES, planner.pages
    assert planner.inputs <= MOST_INPUTS, planner.inputs


@pytest.mark.clause("七(四)-2", "七(四)-3", "七(六)-a", "五-4b")
def test_the_plan_goes_from_planner_to_leader_and_back_to_the_public_and_the_city(at):
    at("2026-07-02 09:00")
    unit, city = make_branch(key=8, general=24), make_city_team()
    make_plan(city, upto="PUBLISHED")
    city_plan = QuarterlyPlan.objects.get(unit=city)
    planner, leader, officer = (person(r, unit) for r in (Role.PLANNER, Role.APPROVER, Role.DISCLOSURE_OFFICER))
    lead = person(Role.LEAD_OFFICE, city)

    planner.open(PLAN).press("编制计划").press("提交审核").sees("计划已提交审核")
    leader.open(PLAN).follow("审核计划").press("退回修改", opinion="一般对象再多抽两家")
    planner.open(PLAN).sees("一般对象再多抽两家").follow("继续编制")
    planner.press("提交审核", planned_general="6").sees("计划已提交审核")
    leader.open(PLAN).follow("审核计划").press("批准计划", opinion="同意").sees("计划已批准")
    assert OverHttp().open("/plans/2026q3/210504/").status == 404

    officer.open("/desk/publish/plan/210504-2026Q3/").press("公开").sees("已公开：")
    OverHttp().open("/plans/2026q3/210504/").sees("2026 年第三季度抽查工作计划", "PDF")
    lead.open("/desk/city/plans/?quarter=2026Q3").sees("还没有收齐：")
    waiting = lead.page.forms
    assert sum(any(b.text == "签收" for b in form.buttons) for form in waiting) == 2
    for plan in QuarterlyPlan.objects.filter(received_at=None):
        lead.open(plan.get_absolute_url()).press("签收").sees("已签收")
    # The city's own plan was marked as published without its publication, so only the branch's is summed up.
    lead.open("/desk/publish/summary/2026Q3/").press("公开").sees("已公开：")

    OverHttp().open("/plans/2026q3/").sees("全市汇总", "PDF")
    assert Publication.objects.filter(kind="SUMMARY").count() == 1
    assert city_plan.filings.count() == 1
