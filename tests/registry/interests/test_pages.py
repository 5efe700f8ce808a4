"""The facts of the list of avoidance and of one person's panel, each by itself (七(五)-c)."""

from datetime import date

import pytest

from benxi_shuangsuiji.accounts.models import Unit
from registry.interests.pages import Interests, Person, RecusalList, Shown
from registry.models import ConflictOfInterest, Inspector, InterestDeclaration

TODAY = date(2026, 7, 6)


def interest(state="APPROVED", until=None, may_edit=True) -> Shown:
    return Shown(ConflictOfInterest(state=state, valid_to=until), may_decide=False, may_edit=may_edit, today=TODAY)


def person(state=None, facilities=(), **counts) -> Person:
    made = InterestDeclaration(state=state, facilities=list(facilities), year=2026) if state else None
    return Person(Inspector(), made, counts.get("open", 0), counts.get("waiting", 0))


@pytest.mark.parametrize(
    ("state", "until", "text", "tone"),
    [
        ("ASKED", None, "待审核", "warn"),
        ("APPROVED", None, "已批准", "ok"),
        ("APPROVED", TODAY, "已批准", "ok"),  # its last day
        ("APPROVED", date(2026, 7, 5), "已到期", "wait"),
        ("RETURNED", date(2026, 7, 5), "已退回", "bad"),  # returning it set the day
        ("ENDED", date(2026, 7, 5), "已结束", "wait"),
    ],
)
def test_an_interest_says_how_it_stands_on_the_day(state, until, text, tone):
    shown = interest(state, until)
    assert (shown.text, shown.tone, shown.over) == (text, tone, text == "已到期")


def test_what_holds_can_be_ended_by_whoever_keeps_the_registry():
    assert interest("ASKED").may_end and interest("APPROVED").may_end
    assert not interest("APPROVED", may_edit=False).may_end
    assert not interest("APPROVED", date(2026, 7, 5)).may_end
    assert not interest("RETURNED").may_end and not interest("ENDED").may_end


@pytest.mark.parametrize(
    ("state", "year", "declared"), [("ASKED", 2026, True), ("RETURNED", 2026, False), ("APPROVED", 2025, False)]
)
def test_the_year_is_declared_by_a_declaration_of_it_that_was_not_returned(state, year, declared):
    shown = Shown(InterestDeclaration(state=state, year=year), may_decide=False, may_edit=False, today=TODAY)
    assert Interests(Inspector(), [], [shown], 2026, may_declare=True).declared is declared


@pytest.mark.parametrize(
    ("somebody", "tone", "has_declared", "waits", "waits_without"),
    [
        (person(), "bad", False, False, False),
        (person(waiting=1), "bad", False, True, False),
        (person("ASKED"), "warn", True, True, True),
        (person("ASKED", ["BX-0007"]), "warn", True, True, False),
        (person("APPROVED"), "ok", True, False, False),
        (person("RETURNED"), "bad", False, False, False),
    ],
)
def test_a_line_of_the_list(somebody, tone, has_declared, waits, waits_without):
    found = (somebody.tone, somebody.has_declared, somebody.waits, somebody.waits_without)
    assert found == (tone, has_declared, waits, waits_without)


def test_the_views_of_the_list_and_their_counts():
    people = [person("APPROVED", ["BX-0007"], open=1), person("ASKED"), person("RETURNED", waiting=1)]
    found = RecusalList(Unit(code="210504"), 2026, people, "waiting")
    assert found.those("waiting") == people[1:] and found.those("conflicts") == people[:1]
    assert (found.declared, found.without) == (2, 1)
    assert found.at == "?unit=210504&view=waiting" == found.address("waiting")
    assert [(chip.label, chip.count, chip.current) for chip in found.chips] == [
        ("全部", 3, False),
        ("没有申报", 1, False),
        ("待审核", 2, True),
        ("有回避", 1, False),
    ]
