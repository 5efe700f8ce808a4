"""The tables of states, and every action tried in every state outside its own."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from plans import states
from plans.lists import actions as lists_actions
from plans.models import ItemList, ListStatus, PlanStatus, QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from tests.factories import make_approver, make_disclosure_officer, make_list_writer, make_planner
from tests.plans.factories import make_list, make_plan


def test_each_table_names_every_status_and_only_those():
    for table, choices in ((states.NEXT_OF_LIST, ListStatus), (states.NEXT_OF_PLAN, PlanStatus)):
        assert set(table) == set(choices.values)
        assert {following for later in table.values() for following in later} <= set(choices.values)


@pytest.mark.parametrize(("table", "after"), [(states.NEXT_OF_LIST, set()), (states.NEXT_OF_PLAN, {"DRAFT"})])
def test_everything_reaches_publication_and_only_a_plan_is_taken_up_again(table, after):
    reached, more = {"DRAFT"}, True
    while more:
        more = {n for status in reached for n in table[status]} - reached
        reached |= more
    assert reached == set(table)
    assert table["PUBLISHED"] == after
    assert all(later for status, later in table.items() if status != "PUBLISHED")


ACTS = {
    "save": (
        lambda record: quarterly_actions.save_plan(plan=record, by=make_planner(record.unit), data={}),
        {"DRAFT", "RETURNED"},
    ),
    "copy": (
        lambda record: quarterly_actions.copy_last_quarter(plan=record, by=make_planner(record.unit)),
        set(),  # in DRAFT and RETURNED too there is no last quarter here
    ),
    "submit": (
        lambda record: quarterly_actions.submit_plan(plan=record, by=make_planner(record.unit), late_reason="名录延误"),
        {"DRAFT", "RETURNED"},
    ),
    "return": (
        lambda record: quarterly_actions.return_plan(plan=record, by=make_approver(record.unit), opinion="再核一遍"),
        {"SUBMITTED"},
    ),
    "approve": (
        lambda record: quarterly_actions.approve_plan(plan=record, by=make_approver(record.unit)),
        {"SUBMITTED"},
    ),
    "publish": (
        lambda record: quarterly_actions.mark_plan_published(
            plan=record, by=make_disclosure_officer(record.unit), at=clock.now()
        ),
        {"APPROVED"},
    ),
    "revise": (
        lambda record: quarterly_actions.revise_plan(
            plan=record, by=make_planner(record.unit), reason="名录核对未完成，抽取改期"
        ),
        {"PUBLISHED"},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", PlanStatus.values)
@pytest.mark.parametrize("name", ACTS)
def test_a_plan_lets_each_action_through_in_its_own_states_only(name, status):
    act, allowed = ACTS[name]
    plan = make_plan(upto=status)

    if status in allowed:
        act(plan)
    else:
        with pytest.raises(Refused):
            act(plan)
        assert QuarterlyPlan.objects.get(pk=plan.pk).status == status


LIST_ACTS = {
    "submit": (
        lambda found: lists_actions.submit_list(item_list=found, by=make_list_writer(found.unit)),
        {"DRAFT", "RETURNED"},
    ),
    "return": (
        lambda found: lists_actions.return_list(item_list=found, by=make_approver(found.unit), opinion="再核一遍"),
        {"SUBMITTED"},
    ),
    "approve": (lambda found: lists_actions.approve_list(item_list=found, by=make_approver(found.unit)), {"SUBMITTED"}),
    "publish": (
        lambda found: lists_actions.mark_list_published(
            item_list=found, by=make_disclosure_officer(found.unit), at=clock.now()
        ),
        {"APPROVED"},
    ),
    "remove": (
        lambda found: lists_actions.remove_item(
            item_list=found, item=found.items.get(code="B03"), by=make_list_writer(found.unit)
        ),
        {"DRAFT", "RETURNED"},
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", ListStatus.values)
@pytest.mark.parametrize("name", LIST_ACTS)
def test_a_list_lets_each_action_through_in_its_own_states_only(name, status):
    act, allowed = LIST_ACTS[name]
    item_list = make_list(upto=status)

    if status in allowed:
        act(item_list)
    else:
        with pytest.raises(Refused):
            act(item_list)
        assert ItemList.objects.get(pk=item_list.pk).status == status
