"""An item that may not be checked is refused at every door: where approval is asked and given, and where a visit begins.

Off the public list (N-3), or drawn there twice this year already (七(一)4). One table of doors, the same words at each.
"""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from inspections.approvals import actions as approvals
from inspections.models import Answer, ApprovalState, CheckApproval, InspectionStatus, Source
from registry.models import Category
from tests.browsing import post, refused, signed_in, text_of
from tests.factories import make_approver, make_planner
from tests.inspections.factories import approve, came_and_went, make_inspection, start, team_of
from tests.inspections.outbox.test_receiving import send
from tests.inspections.visits.test_pages import minutes
from tests.inspections.visits.test_refusals import arriving, everything, off_the_list
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db


def drawn(times, at, **fields):
    """A drawn check at a place where its item was drawn and checked so often before this year."""
    draw = make_held_draw()
    at(clock.now() + timedelta(days=1))
    picks = list(draw.picks.standing().select_related("facility")[: times + 1])
    points = fields.pop("points", [("A01", "污染防治设施运行情况", 1, "台账是否完整")])
    common = {"source": Source.DRAW, "draw": draw, "facility": picks[0].facility, "number": draw.number, **fields}
    for pick in picks[1:]:
        before = make_inspection(draw.unit, pick=pick, **common)
        came_and_went(before, at=clock.now() - timedelta(minutes=5), status=InspectionStatus.FINISHED)
    return make_inspection(draw.unit, pick=picks[0], points=points, **common)


def third_of_the_year(at):
    return drawn(2, at)


NOT_CHECKED = {
    "off the list": (
        lambda at: off_the_list(),
        "已不在公开的清单里，不能列入计划、抽取和检查。这次检查没有可以检查的事项",
    ),
    "third check of the item": (
        third_of_the_year,
        "事项 A01 本年已在这家企业随机抽查 2 次，同一事项每年不超过 2 次，不再检查。这次检查没有可以检查的事项",
    ),
}
PLAN = {"first_day": "2026-07-06", "last_day": "2026-12-20", "planned_on": "2026-12-20", "minutes": "120"}


def leader(visit):
    return signed_in(team_of(visit)[0].user)


def waiting(visit):
    return CheckApproval.objects.get(inspection=visit, state=ApprovalState.ASKED)


def arrival_page(visit):
    return text_of(post(leader(visit), f"/field/{visit.no}/arrive/", arriving(visit)))


def arrival_from_the_phone(visit):
    answer = send(leader(visit), f"/field/{visit.no}/arrive/", arriving(visit), ago=timedelta(minutes=3)).json()
    assert answer["state"] == "refused"
    return answer["why"]


def arrival_on_paper_entered_afterwards(visit):
    then = minutes(clock.now() - timedelta(minutes=1))
    return text_of(post(leader(visit), f"/field/{visit.no}/arrive/", {**arriving(visit), "at": then}))


def asked_on_the_phone(visit):
    return text_of(post(leader(visit), f"/field/{visit.no}/approval/", PLAN))


def asked_at_the_desk(visit):
    return text_of(post(signed_in(make_planner(visit.unit)), f"/desk/tasks/{visit.no}/approval/", PLAN))


def a_whole_list_asked_for(visit):
    with refused("") as told:
        approvals.ask_for_list(inspections=[make_inspection(visit.unit), visit], by=make_planner(visit.unit))
    return str(told.value)


def approved_at_its_page(visit):
    sent = {"decision": "approve", "request": waiting(visit).pk, "opinion": "同意"}
    return text_of(post(signed_in(make_approver(visit.unit)), f"/desk/tasks/{visit.no}/approval/", sent))


def approved_with_a_list(visit):
    row = waiting(visit)
    sent = {"decision": "approve", "rows": [row.pk], "opinion": "同意"}
    return text_of(post(signed_in(make_approver(visit.unit)), f"/desk/approvals/?no={row.no}", sent))


def as_it_is(visit):
    """But for who signed in and looked."""
    acts = AuditEntry.objects.filter(verb__startswith="inspections.").exclude(verb="inspections.sealed.viewed")
    rows = CheckApproval.objects.filter(inspection=visit).order_by("pk")
    return *everything(visit)[:-1], list(rows.values()), list(acts.values_list("pk", "verb"))


BEGIN = [arrival_page, arrival_from_the_phone, arrival_on_paper_entered_afterwards]
ASK = [asked_on_the_phone, asked_at_the_desk, a_whole_list_asked_for]
DECIDE = [approved_at_its_page, approved_with_a_list]


@pytest.mark.clause("七(一)4-c", "七(五)-d")
@pytest.mark.parametrize(("make", "words"), NOT_CHECKED.values(), ids=NOT_CHECKED)
def test_what_may_not_be_checked_is_refused_at_every_door_in_the_same_words_and_nothing_changes(make, words, at):
    visit = make(at)
    for door in [*BEGIN, *ASK, *DECIDE]:
        if door in DECIDE and not visit.approvals.pending().exists():
            approve(visit, state=ApprovalState.ASKED, decided_by=None, decided_at=None)
        before = as_it_is(visit)
        assert words in door(visit), door.__name__
        assert as_it_is(visit) == before, door.__name__
    row = waiting(visit)
    with refused("写明意见|意见"):
        approvals.decide(asked=[row], approve=False, by=make_approver(visit.unit))
    approvals.decide(
        asked=[row], approve=False, opinion="事项不在清单", by=make_approver(visit.unit)
    )  # returned it may be


@pytest.mark.clause("七(一)4-c")
def test_the_second_check_of_an_item_in_a_year_is_made(at):
    assert start(drawn(1, at)).status == InspectionStatus.STARTED


@pytest.mark.clause("七(一)4-c")
def test_a_special_object_is_drawn_however_often(at):
    assert start(drawn(2, at, category=Category.SPECIAL)).status == InspectionStatus.STARTED


@pytest.mark.clause("七(一)4-c")
def test_of_several_items_only_the_one_beyond_the_year_is_not_checked(at):
    points = [("A01", "污染防治设施运行情况", 1, "台账是否完整"), ("Z09", "另一事项", 1, "另一点")]
    started = start(drawn(2, at, points=points))
    assert dict(started.answers.values_list("item_code", "answer")) == {"A01": Answer.NOT_APPLICABLE, "Z09": ""}
