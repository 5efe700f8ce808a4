"""L-10: a visit begins only with its leader, or with whom an AMEND put in his place; nobody on leave comes; who came is counted.

七(五)-a, 六(三)-p.
"""

import re
from datetime import timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Publication
from disclosure.publishing import actions as publishing
from inspections.models import Inspection, InspectionStatus, Mode
from inspections.replacements import actions as replacements
from inspections.review import actions as reviewing
from plans.models import ChangeReason
from registry.inspectors import absences
from registry.models import AbsenceKind
from tests.browsing import enter, text_of
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_registrar, make_unit
from tests.inspections.factories import answer_all, finish, make_dispatched, make_inspection, ready, start, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def away(person, **changes):
    """Registered leave that holds today."""
    today = clock.today()
    given = {"kind": AbsenceKind.LEAVE, "starts_on": today, "ends_on": today, "note": "年休假", **changes}
    return absences.record_absence(inspector=person, by=make_registrar(person.unit), **given)


@pytest.fixture
def three(db):
    return make_inspection(people=3)


@pytest.mark.clause("七(五)-a")
@pytest.mark.parametrize(("mode", "word"), [(Mode.ONSITE, "到场"), (Mode.OFFSITE, "参加")])
def test_two_members_of_three_do_not_begin_without_their_leader(three, mode, word):
    Inspection.objects.filter(pk=three.pk).update(mode=mode)
    three.refresh_from_db()
    leader, *others = team_of(three)

    with pytest.raises(
        Refused, match=f"组长{leader.name}没有{word}。组长{word}才能开始检查；组长不能来的，先办理更换组长"
    ):
        start(three, by=others[0].user, present=others)

    three.refresh_from_db()
    assert three.status == InspectionStatus.DISPATCHED
    assert start(three, present=[leader, others[0]]).status == InspectionStatus.STARTED


@pytest.mark.clause("七(五)-a", "七(二)-f")
def test_a_leader_on_leave_is_replaced_and_the_new_leader_begins():
    checks = make_dispatched(make_unit("210504"), key=12, general=0, special=0, inspectors=6)
    check = checks[0]
    leader = team_of(check)[0]
    away(leader)
    request = replacements.ask(
        draw=check.draw,
        reason=ChangeReason.LEAVE,
        evidence="请假条 1 份",
        by=make_planner(check.unit),
        picks=[check.pick],
        inspector=leader,
    )
    replacements.approve(request=request, by=make_approver(check.unit), document_no="本环更〔2026〕1 号")
    check.refresh_from_db()
    now = team_of(check)
    assert leader not in now
    ready(check)

    assert start(check).status == InspectionStatus.STARTED


@pytest.mark.clause("六(三)-p")
def test_nobody_on_registered_leave_comes_or_begins_for_the_others(three, client):
    leader, second, third = team_of(three)
    leave = away(third)

    with pytest.raises(Refused, match=f"{third.name}登记了请假（.*），当天不能参加检查"):
        start(three)
    with pytest.raises(Refused, match=f"{third.name}登记了请假"):
        start(three, by=third.user, present=[leader, second])
    enter(client, leader.user)
    page = client.get(f"/field/{three.no}/arrive/").content.decode()
    rows = re.findall(r'name="present"\s+value="(\d+)"([^>]*)>', page)
    ticked = {int(value) for value, rest in rows if "checked" in rest}
    assert ticked == {leader.pk, second.pk}

    with pytest.raises(Refused, match="没有变化"):  # it is the last day already
        absences.end_absence(absence=leave, on=leave.starts_on, by=make_registrar(third.unit))
    with pytest.raises(Refused, match="登记了请假"):  # the day itself still counts
        start(three)
    assert start(three, present=[leader, second]).status == InspectionStatus.STARTED


@pytest.mark.clause("六(三)-p")
def test_other_duty_keeps_away_like_leave_and_an_open_end_holds(three):
    leader = team_of(three)[0]
    away(leader, kind=AbsenceKind.DUTY, starts_on=clock.today() - timedelta(days=9), ends_on=None, note="省厅培训")
    with pytest.raises(Refused, match=f"{leader.name}登记了其他公务（2026 年 .* 日起）"):
        start(three)


@pytest.mark.clause("七(五)-a")
def test_the_public_page_counts_who_came_and_not_who_was_drawn(three, client):
    leader, second, _ = team_of(three)
    check = finish(answer_all(start(three, present=[leader, second])))
    check = reviewing.review_result(inspection=check, by=make_approver(check.unit), opinion="同意")
    enter(client, leader.user)
    assert "没有到场" in text_of(client.get(f"/field/{check.no}/"))

    publishing.publish_result(inspection=check, by=make_disclosure_officer(check.unit))

    assert Publication.objects.get().snapshot["inspectors"] == 2
    assert "2 人" in text_of(Client().get(f"/results/{check.no}/"))
