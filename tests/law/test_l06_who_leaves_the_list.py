"""L-6: nobody leaves the list on a sentence, and what is taken off is seen by unit, city and public."""

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.oversight import progress
from inspections.replacements import actions as replacements
from plans.models import AmendmentRequest, ChangeReason
from registry.models import ChangeProposal, Facility, OperatingStatus
from registry.proposals.actions import propose_status
from tests.browsing import enter, html_of, refused
from tests.factories import make_approver, make_lead_office, make_planner, make_registrar, make_unit, make_user
from tests.plans.amendments.factories import PHOTO

from .factories import make_quarter, release, take_off

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)


@pytest.mark.clause("七(二)-e", "七(二)-g")
def test_l06_shut_closed_and_gone_are_what_the_registry_says_with_a_file(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    for reason in (ChangeReason.HALT, ChangeReason.CLOSED, ChangeReason.MOVED):
        with refused(f"{check.facility.name}在名录里现在是在产，不能按"):
            take_off([check], reason)
    with refused("附上证明材料的文件"):
        take_off([check], ChangeReason.HALT, file=None)
    propose_status(
        facility=check.facility,
        status=OperatingStatus.SUSPENDED,
        on=clock.today(),
        reason="企业报告停产",
        evidence="停产报告",
        by=make_registrar(unit),
    )
    with refused("在名录里现在是在产"):
        take_off([check], ChangeReason.CLOSED)

    request = take_off([check], ChangeReason.HALT)

    assert request.file.name == "现场照片.jpg"
    assert ChangeProposal.objects.get().decided_by == request.decided_by  # the registry's change with it
    assert Facility.objects.get(pk=check.facility_id).status == OperatingStatus.SUSPENDED


@pytest.mark.clause("七(二)-g")
def test_l06_a_change_that_was_given_back_carries_no_replacement(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    Facility.objects.filter(pk=check.facility_id).update(status=OperatingStatus.SUSPENDED)
    asked = replacements.ask(
        draw=check.draw,
        reason=ChangeReason.HALT,
        evidence="停产报告",
        by=make_planner(unit),
        picks=[check.pick],
        file=PHOTO,
    )
    Facility.objects.filter(pk=check.facility_id).update(status=OperatingStatus.OPERATING)
    with refused("在名录里现在是在产"):
        replacements.approve(request=asked, by=make_approver(unit), document_no="本环更〔2026〕1 号")


@pytest.mark.clause("七(二)-g")
def test_l06_planner_and_leader_in_one_person_approve_no_replacement_of_their_own(at):
    unit = make_unit()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    at("2026-07-06 09:00")
    check, *_ = make_quarter(unit)
    Facility.objects.filter(pk=check.facility_id).update(status=OperatingStatus.SUSPENDED)
    of = {"draw": check.draw, "reason": ChangeReason.HALT, "evidence": "停产报告", "picks": [check.pick], "file": PHOTO}
    asked = replacements.ask(**of, by=both)
    with refused("申请和批准不能是同一个人"):
        replacements.approve(request=asked, by=both, document_no="本环更〔2026〕1 号")
    assert AmendmentRequest.objects.get().waits


@pytest.mark.clause("七(一)1-a", "七(二)-g")
def test_l06_what_is_taken_off_is_red_for_unit_city_and_public_and_told_to_the_lead_office(at, client):
    unit, lead = make_unit(), make_lead_office()
    at("2026-07-06 09:00")
    checks = make_quarter(unit)
    Facility.objects.filter(unit=unit).update(status=OperatingStatus.SUSPENDED)
    number = len(checks)

    take_off(checks, ChangeReason.HALT)

    (row,) = [r for r in progress.city(lead, Q3, clock.today(), workdays.calendar()) if r.unit == unit]
    assert row.tally.replaced == number and row.tally.drawn == row.tally.to_check + number
    assert any("超过 5%" in problem for problem in row.problems)
    (told,) = Message.objects.filter(user=lead, title__contains="抽取名单更换较多")
    assert "超过 5%" in told.body and not any(check.facility.name in told.title + told.body for check in checks)
    page = html_of(enter(client, make_planner(unit)).get("/desk/tasks/unfinished/?unit=210504&quarter=2026Q3"))
    assert "逐次核对更换的依据" in page
    assert "逐次核对更换的依据" in html_of(enter(client, lead).get("/desk/city/?quarter=2026Q3"))
    at("2026-09-25 18:00")
    release(checks[0])
    public = client.get(f"/draws/{checks[0].draw.draw_id}/").content.decode()
    assert public.count("不再检查：停产停业") == number
