"""L-12: “由市执法队派人” leads somewhere: the city team lends inspectors to a branch, by two people (五, 七(二)-e)."""

import re
from datetime import date

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch import actions as dispatch_actions
from inspections.models import Inspection, InspectionStatus, Outcome
from plans.draw import bundles, ssj1
from plans.models import AmendmentRequest
from registry.models import ConflictKind, ConflictOfInterest
from tests.browsing import post
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_planner,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import answer_all, finish, ready, start, team_of
from tests.plans.draw.factories import make_held_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
SENT = "市执法队派人函 本环执函〔2026〕5 号"


def avoid(inspector, facility):
    ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=ConflictKind.OTHER,
        reason="亲属任职",
        valid_from=date(2026, 1, 1),
        asked_by=make_planner(facility.unit),
        asked_at=clock.now(),
    )


def make_draw_in_conflict():
    """A branch with one certified inspector who has an interest in the only object that can be drawn."""
    unit = make_unit("210504")
    avoid(make_inspector(unit, with_user=True), make_facility(unit, category="key", name="清砚环保"))
    return make_held_draw(unit, key=0, general=0, special=0, inspectors=0)


def lend(client, draw, inspector, number) -> None:
    """The planner's page, the message and to-do of the city's leader, his page."""
    address = f"/desk/draws/{draw.draw_id}/amend/"
    client.force_login(make_planner(draw.unit))
    leader = make_approver(make_city_team())
    asked = post(client, address, reason="J_JOIN", inspector=inspector.pk, evidence=SENT)["Location"]
    duty = Duty.objects.open().get(url=asked)
    assert duty.unit == make_city_team()
    assert Message.objects.filter(user=leader, url=asked).exists()
    client.force_login(make_approver(draw.unit))
    assert post(client, asked, decision="approve", document_no="本环执〔2026〕1 号").status_code == 409

    client.force_login(leader)
    page = client.get(asked).content.decode()
    assert inspector.name in page
    assert "清砚环保" not in page
    assert post(client, asked, decision="approve", document_no=f"本环执〔2026〕{number} 号")["Location"] == asked
    assert "清砚环保" not in client.get(asked, follow=True).content.decode()
    assert not Duty.objects.open().filter(url=asked).exists()


@pytest.mark.clause("七(二)-e", "七(五)-c")
def test_a_branch_whose_people_all_stand_aside_gets_its_check_done_by_people_of_the_city_team(client):
    draw = make_draw_in_conflict()
    pick = draw.picks.get()
    assert pick.team.open_reason == "FEW"
    section = make_unit("210500-01", kind=UnitKind.HQ_SECTION, name="执法一科", parent=make_city_team())
    first, second = (make_inspector(home, with_user=True) for home in (make_city_team(), section))
    planner = make_planner(draw.unit)
    client.force_login(planner)
    page = client.get(f"/desk/draws/{draw.draw_id}/dispatch/").content.decode()
    assert "申请由市执法队派人" in page
    assert f'href="/desk/draws/{draw.draw_id}/amend/?reason=J_JOIN"' in page
    page = client.get(f"/desk/draws/{draw.draw_id}/amend/?reason=J_JOIN").content.decode()
    assert re.search(r'value="J_JOIN"\s+selected', page)
    assert f"{second.name}　{second.code}（执法一科）" in page

    lend(client, draw, first, 1)
    lend(client, draw, second, 2)
    (check,) = dispatch_actions.dispatch(draw=draw, by=planner)

    assert set(team_of(check)) == {first, second}
    assert ssj1.verify(bundles.whole_bundle(draw)).ok
    ready(check)
    finish(answer_all(start(check)))
    check.refresh_from_db()
    assert (check.status, check.outcome) == (InspectionStatus.FINISHED, Outcome.NO_ISSUE)
    assert Inspection.objects.visible_to(second.user).get() == check


@pytest.mark.clause("五-2b")
def test_a_branch_with_one_usable_inspector_seals_and_is_completed_by_the_city_team(client):
    draw = make_held_draw(key=4, general=0, special=0, inspectors=1)
    assert {pick.team.open_reason for pick in draw.picks.all()} == {"FEW"}
    own = draw.unit.inspectors.get()
    lent = make_inspector(make_city_team(), with_user=True)

    lend(client, draw, lent, 1)

    for pick in draw.picks.standing():
        assert {member.inspector for member in pick.team.members.all()} == {own, lent}
    assert AmendmentRequest.objects.visible_to(make_approver(make_unit("210503"))).count() == 0


@pytest.mark.clause("七(二)-f")
def test_nobody_else_decides_on_a_loan_and_who_must_stand_aside_is_not_lent(client):
    draw = make_draw_in_conflict()
    stranger = make_inspector(make_unit("210503"))
    kin, away = make_inspector(make_city_team()), make_inspector(make_city_team(), certificate_to=draw.plan.window_from)
    avoid(kin, draw.picks.get().facility)
    fit = make_inspector(make_city_team())
    address = f"/desk/draws/{draw.draw_id}/amend/"
    client.force_login(make_planner(draw.unit))

    def said(inspector):
        return post(client, address, reason="J_JOIN", inspector=inspector.pk, evidence=SENT).content.decode()

    assert AmendmentRequest.objects.count() == 0
    assert "不在可选" in said(stranger) or "errsum" in said(stranger)
    assert "应当回避，另派一人" in said(kin)
    assert "早于检查完成日" in said(away)
    named = post(client, address, reason="J_JOIN", inspector=fit.pk, evidence="清砚环保的检查没有人去")
    assert "不写企业的名称和编号" in named.content.decode()
    asked = post(client, address, reason="J_JOIN", inspector=fit.pk, evidence=SENT)["Location"]
    for user in (make_approver(make_unit("210503")), make_planner(make_city_team())):
        client.force_login(user)
        assert client.get(asked).status_code == 404
    client.force_login(make_supervisor())
    assert "市执法队分管负责人批准更换" in client.get(asked).content.decode()
    avoid(fit, draw.picks.get().facility)
    client.force_login(make_approver(make_city_team()))
    page = post(client, asked, decision="approve", document_no="本环执〔2026〕3 号")
    assert page.status_code == 409
    assert "应当回避，另派一人" in page.content.decode()


def test_a_branch_without_anybody_to_send_is_still_told_before_the_seal():
    with pytest.raises(Refused, match="没有可以派出的检查人员"):
        make_held_draw(inspectors=0)
