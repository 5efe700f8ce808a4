"""Lists and plans in every state, made through the actions themselves."""

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.workdays.days import Quarter
from plans.filings import actions as filings
from plans.lists import actions as lists_actions
from plans.models import ItemList, QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from registry.models import Category
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_list_writer,
    make_planner,
    make_unit,
)

Q3 = Quarter(2026, 3)


def make_list(*, year=2026, upto="PUBLISHED", unit=None) -> ItemList:
    """The list of a year, from the built-in one, taken on to a status."""
    unit = unit or make_city_team()
    by = make_list_writer(unit)
    item_list = lists_actions.draft_list(unit=unit, year=year, by=by)
    return advance_list(item_list, upto, by)


def advance_list(item_list, upto, by) -> ItemList:
    if upto == "DRAFT":
        return item_list
    item_list = lists_actions.submit_list(item_list=item_list, by=by)
    if upto == "RETURNED":
        return lists_actions.return_list(item_list=item_list, by=make_approver(item_list.unit), opinion="补充依据")
    if upto == "SUBMITTED":
        return item_list
    item_list = lists_actions.approve_list(item_list=item_list, by=make_approver(item_list.unit))
    if upto == "APPROVED":
        return item_list
    officer = make_disclosure_officer(item_list.unit)
    return lists_actions.mark_list_published(item_list=item_list, by=officer, at=clock.now())


def make_branch(*, key=8, general=12, special=2, inspectors=4, code="210504"):
    """A branch with facilities and people."""
    unit = make_unit(code)
    for category, number in ((Category.KEY, key), (Category.GENERAL, general), (Category.SPECIAL, special)):
        for _ in range(number):
            make_facility(unit, category=category)
    for _ in range(inspectors):
        make_inspector(unit)
    return unit


def make_plan(unit=None, *, quarter=Q3, upto="DRAFT", by=None, late_reason="名录核对延误") -> QuarterlyPlan:
    """A plan taken on to a status; the year's list is published first."""
    unit = unit or make_branch()
    if not ItemList.objects.in_force(quarter.year).exists():
        make_list(year=quarter.year)
    by = by or make_planner(unit)
    plan = quarterly_actions.draft_plan(unit=unit, quarter=quarter, by=by)
    if upto == "DRAFT":
        return plan
    plan = quarterly_actions.submit_plan(plan=plan, by=by, late_reason=late_reason)
    if upto == "RETURNED":
        return quarterly_actions.return_plan(plan=plan, by=make_approver(unit), opinion="一般对象再多抽一些")
    if upto == "SUBMITTED":
        return plan
    plan = quarterly_actions.approve_plan(plan=plan, by=make_approver(unit))
    if upto == "APPROVED":
        return plan
    officer, now = make_disclosure_officer(unit), clock.now()
    plan = quarterly_actions.mark_plan_published(plan=plan, by=officer, at=now)
    filings.send_plan(plan=plan, by=officer, at=now)
    return plan
