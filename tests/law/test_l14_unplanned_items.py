"""L-14: what the year's list holds and no plan does is said in the last two quarters and in the year's report (三-o, 六(一)2-c)."""

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.reports import papers, years
from plans.models import ItemList, PlanItem
from plans.quarterly import actions as quarterly_actions
from tests.browsing import enter, text_of
from tests.factories import make_planner
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db
NEVER = {"D01", "E01", "G01"}  # 碳排放, 辐射安全, 环评及批复


def leave_out(plan, codes=NEVER):
    PlanItem.objects.filter(plan=plan, item__code__in=codes).update(key=False, general=False, special=False)


def editor(client, plan) -> str:
    enter(client, make_planner(plan.unit))
    return text_of(client.get(f"/desk/plans/{plan.unit.code}/{plan.quarter}/edit/".lower()))


@pytest.mark.clause("三-o4", "三-o5", "三-o7", "六(一)2-c")
def test_the_editor_of_the_third_and_fourth_quarter_names_the_items_that_no_plan_of_the_unit_holds(at, client):
    at("2026-04-02 09:00")
    unit = make_branch(key=2, general=2, special=0)
    spring = make_plan(unit, quarter=Quarter(2026, 2))
    leave_out(spring)
    assert "本年还没有安排的事项" not in editor(client, spring)

    at("2026-07-02 09:00")
    plan = make_plan(unit)
    leave_out(plan)

    page = editor(client, plan)
    sentence = page.partition("本年还没有安排的事项：")[2].partition("。")[0]
    listed = {item.code: item.name for item in ItemList.objects.in_force(2026).get().items.all()}
    for code in NEVER:
        assert f"{code} {listed[code]}" in sentence
    assert sentence.count("、") == len(NEVER) - 1 + sum(listed[code].count("、") for code in NEVER)
    quarterly_actions.submit_plan(
        plan=plan, by=make_planner(unit), late_reason="名录核对延误"
    )  # an advice stops nothing

    PlanItem.objects.filter(plan=plan, item__code__in=NEVER).update(key=True)
    assert "本年还没有安排的事项" not in text_of(
        enter(client, make_planner(unit)).get(f"/desk/plans/{unit.code}/2026q3/")
    )


@pytest.mark.clause("六(一)2-c", "八(一)-c")
def test_the_report_of_the_year_names_them_for_the_unit(at):
    at("2026-07-02 09:00")
    unit = make_branch(key=2, general=2, special=0)
    plan = make_plan(unit)
    leave_out(plan, {"D01"})
    plan.status, plan.published_at = "PUBLISHED", clock.now()
    plan.save()

    figures = years.of_year(unit, 2026, clock.today(), workdays.calendar())

    assert "D01" in {code for code, _ in figures["unplanned"]}
    planned = {row.item.code for row in plan.items.all() if row.key or row.general or row.special} - {"D01"}
    assert not planned & {code for code, _ in figures["unplanned"]}
    (said,) = (b.text for b in papers.year_blocks(figures)["draws"] if hasattr(b, "text"))
    assert said.startswith("本年没有安排的事项：") and "D01" in said
