"""The year of `test_year` turns red when somebody is told twice, not at all, or of what is done: its comparison, on one duty."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from .due import Books, Ledger

PLANNER, LEADER, BRANCH, TEAM, DUTY = 11, 12, 5, 1, 7
TODAY = date(2026, 3, 9)  # a Monday: the day itself


def books(due=TODAY, *, people=((PLANNER, "PLANNER"), (LEADER, "APPROVER")), is_open=True) -> Books:
    duty = SimpleNamespace(
        id=DUTY, rule="D-2", unit=BRANCH, kind="BRANCH", role="PLANNER", person=None, due=due, target=due
    )
    since = date(2026, 1, 1)
    grants = [
        SimpleNamespace(person=person, role=role, unit=BRANCH, works_for=BRANCH, valid_from=since, valid_to=None)
        for person, role in people
    ]
    return Books([duty] if is_open else [], grants, TEAM)


def wrong(messages, mails, *, then=None, due=TODAY) -> list[tuple]:
    """What is found when these messages and mails were sent of one duty that came up this morning."""
    ledger, asked = Ledger(), books(due)
    ledger.note(asked, TODAY)
    ledger.compare(then or asked, TODAY, messages, mails)
    return [(what, *about) for _, what, *about in ledger.wrong]


TOLD = (PLANNER, DUTY)
FAULTS = {
    "a message written twice": ([TOLD, TOLD], [PLANNER], [("twice", *TOLD)]),
    "one left out": ([], [], [("not told", *TOLD), ("no mail", PLANNER)]),
    "one to somebody else": ([TOLD, (LEADER, DUTY)], [PLANNER], [("told without need", LEADER, DUTY)]),
    "of another duty": ([TOLD, (PLANNER, 8)], [PLANNER], [("told without need", PLANNER, 8)]),
    "two mails a morning": ([TOLD], [PLANNER, PLANNER], [("mails", PLANNER, 2)]),
    "no mail": ([TOLD], [], [("no mail", PLANNER)]),
}


@pytest.mark.parametrize(("messages", "mails", "found"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(messages, mails, found):
    assert wrong([TOLD], [PLANNER]) == []
    assert wrong(messages, mails) == found


def test_whoever_is_done_or_has_left_is_told_nothing():
    assert wrong([], [], then=books(is_open=False)) == []
    assert wrong([TOLD], [PLANNER], then=books(is_open=False)) == [("told without need", *TOLD)]
    assert wrong([], [], then=books(people=[(LEADER, "APPROVER")])) == []


def test_each_step_has_its_day_and_is_said_once():
    """Ten, five, two working days ahead, the day, one and three days after; a silent morning is made good on the next."""
    ledger, asked, steps = Ledger(), books(), []
    for day in (TODAY + timedelta(n) for n in range(-20, 6)):
        before = set(ledger.told)
        ledger.note(asked, day)
        steps += [((day - TODAY).days, one.step, one.person) for one in ledger.told - before]
        if day.weekday() != 1:  # nobody sends on Tuesdays
            due = [(one.person, one.duty) for one in ledger.waiting]
            ledger.compare(asked, day, list(dict.fromkeys(due)), sorted({person for person, _ in due}))
    assert ledger.wrong == []
    assert [step for _, step, _ in steps] == ["before10", "before5", "before2", "before0", "after1"]
    assert [day for day, _, _ in steps][2:] == [-4, 0, 1]
    assert ledger.heard["after1"] == 1
