"""Substitution: who leaves, who comes, and that nobody else is touched (SSJ1 §8)."""

import pytest

from plans.draw import ssj1
from plans.draw.ssj1 import DropInspector, DropObject, Ssj1Error
from tests.draw.samples import GENERAL, KEY, amended, hold, make_freeze, make_inspector, make_stratum, released


def drawn(**changed):
    freeze = make_freeze(**changed)
    return freeze, hold(freeze)


@pytest.mark.clause("七(二)-g")
def test_the_next_ticket_takes_the_place_of_an_object_that_closed():
    freeze, outcome = drawn()
    ranked = [key[32:].decode() for key in ssj1.ranking(outcome.seed, KEY, (f"K{n:02d}" for n in range(8)))]
    leaving = outcome.picks[0]

    change = amended(freeze, outcome, drop_objects=[DropObject(KEY, leaving.id, "CLOSED")])

    assert [pick.id for pick in outcome.picks] == ranked[:3]
    assert [pick.id for pick in change.amend.added] == [ranked[3]]
    assert [task.object for task in change.amend.tasks] == [ranked[3]]


@pytest.mark.clause("七(二)-e")
def test_an_object_not_done_by_the_end_of_the_quarter_is_not_replaced():
    freeze, outcome = drawn()

    change = amended(freeze, outcome, drop_objects=[DropObject(KEY, outcome.picks[0].id, "NOTDONE")])

    assert (change.amend.added, change.amend.vacant, change.amend.tasks, change.amend.level) == ((), (), (), 0)


@pytest.mark.clause("七(二)-g")
@pytest.mark.parametrize("reason", ["RECUSE", "LEAVE"])
def test_whoever_left_a_team_does_not_come_back_to_it_and_the_rest_stay(reason):
    freeze, outcome = drawn()
    team = outcome.teams[0]

    change = amended(freeze, outcome, drop_inspectors=[DropInspector(team.object, team.leader, reason)])
    (new,) = change.amend.tasks

    assert new.object == team.object
    assert team.leader not in (new.leader, *new.members)
    assert set(team.members) <= {new.leader, *new.members}


def test_somebody_recused_from_one_object_may_still_go_to_another_but_not_somebody_on_leave():
    freeze, outcome = drawn(inspectors=[make_inspector(code) for code in "ABC"])
    first, second = outcome.teams[:2]
    person = next(iter({first.leader, *first.members} & {second.leader, *second.members}))
    recused = amended(freeze, outcome, drop_inspectors=[DropInspector(first.object, person, "RECUSE")])
    again = [DropObject(KEY, second.object, "HALT")]

    after_recusal = amended(freeze, outcome, [recused], drop_objects=again)
    leave = amended(freeze, outcome, drop_inspectors=[DropInspector(first.object, person, "LEAVE")])
    after_leave = amended(freeze, outcome, [leave], drop_objects=again)

    def anybody(change):
        return {code for task in change.amend.tasks for code in (task.leader, *task.members)}

    assert person in anybody(after_recusal)
    assert person not in anybody(after_leave)


def test_an_inspector_who_joins_fills_the_object_that_stood_open():
    freeze, outcome = drawn(strata=[make_stratum(v=0)], inspectors=[make_inspector("A")])
    assert {task.reason for task in outcome.opens} == {"FEW"}

    change = amended(freeze, outcome, joins=[make_inspector("N", base=5)])

    assert [task.object for task in change.amend.tasks] == [task.object for task in outcome.opens]
    assert all({task.leader, *task.members} == {"A", "N"} for task in change.amend.tasks)
    assert change.amend.level == 5 + len(outcome.opens)


def test_the_visit_slips_of_a_change_cover_exactly_its_new_teams():
    freeze, outcome = drawn()
    change = amended(freeze, outcome, drop_objects=[DropObject(KEY, outcome.picks[0].id, "HALT")])

    slips = ssj1.parse_slips(change.slips_text)

    assert slips.after == change.digest
    assert len(slips.slips) == len(change.amend.tasks) == 1


@pytest.mark.clause("七(二)-d")
@pytest.mark.parametrize(
    "requests",
    [
        lambda picks, teams: {},
        lambda picks, teams: {"drop_objects": [DropObject(KEY, "K99", "HALT")]},
        lambda picks, teams: {"drop_objects": [DropObject(GENERAL, picks[0].id, "HALT")]},
        lambda picks, teams: {"drop_objects": [DropObject(KEY, picks[0].id, "HALT")] * 2},
        lambda picks, teams: {
            "drop_objects": [DropObject(KEY, picks[0].id, "HALT"), DropObject(KEY, picks[0].id, "MOVED")]
        },
        lambda picks, teams: {"drop_inspectors": [DropInspector(teams[0].object, "Z", "LEAVE")]},
        lambda picks, teams: {"drop_inspectors": [DropInspector("K99", teams[0].leader, "LEAVE")]},
        lambda picks, teams: {"drop_inspectors": [DropInspector(teams[0].object, teams[0].leader, "LEAVE")] * 2},
        lambda picks, teams: {
            "drop_objects": [DropObject(KEY, teams[0].object, "HALT")],
            "drop_inspectors": [DropInspector(teams[0].object, teams[0].leader, "LEAVE")],
        },
        lambda picks, teams: {"joins": [make_inspector("A")]},
        lambda picks, teams: {"joins": [make_inspector("N")] * 2},
    ],
)
def test_a_request_that_does_not_fit_is_refused(requests):
    freeze, outcome = drawn()

    with pytest.raises(Ssj1Error) as refused:
        amended(freeze, outcome, **requests(outcome.picks, outcome.teams))

    assert refused.value.code == "E_AMEND_REQUEST"


def test_an_object_that_was_dropped_cannot_be_dropped_again():
    freeze, outcome = drawn()
    drop = [DropObject(KEY, outcome.picks[0].id, "NOTDONE")]
    first = amended(freeze, outcome, drop_objects=drop)

    with pytest.raises(Ssj1Error, match="不在名单"):
        amended(freeze, outcome, [first], drop_objects=drop)


def test_a_change_before_the_last_document_is_refused():
    freeze, outcome = drawn()

    with pytest.raises(Ssj1Error) as refused:
        amended(freeze, outcome, at="2026-04-08T09:29:59+08:00", joins=[make_inspector("N")])

    assert refused.value.code == "E_AMEND_TIME"


@pytest.mark.parametrize("person", ["", " 李某某", "李\t某某", "李\n某某"])
def test_an_approver_that_cannot_be_written_is_refused(person):
    freeze, outcome = drawn()

    with pytest.raises(Ssj1Error) as refused:
        ssj1.amend(
            released(freeze, outcome),
            at="2026-04-15T10:00:00+08:00",
            person=person,
            document="文号",
            joins=[make_inspector("N")],
        )

    assert refused.value.code == "E_SYNTAX"


def test_a_draw_without_a_result_cannot_be_amended():
    freeze, _ = drawn()

    with pytest.raises(Ssj1Error, match="还没有抽取结果"):
        ssj1.amend(
            ssj1.make_bundle(manifest=freeze.manifest, frames=freeze.frames),
            at="2026-04-15T10:00:00+08:00",
            person="李某某",
            document="文号",
            joins=[make_inspector("N")],
        )


def test_objects_and_people_leave_in_the_order_of_the_specification_whatever_order_they_are_asked_in():
    freeze, outcome = drawn()
    drops = [DropObject(KEY, pick.id, "HALT") for pick in outcome.picks[:2]]

    one = amended(freeze, outcome, drop_objects=drops)
    other = amended(freeze, outcome, drop_objects=drops[::-1])

    assert one == other
    assert [drop.id for drop in one.amend.drop_objects] == sorted(pick.id for pick in outcome.picks[:2])
