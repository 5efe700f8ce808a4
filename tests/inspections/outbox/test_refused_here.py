"""What the server does not take is said where it was pressed, not only in the list of what waits (七(五)-l)."""

import pytest
from playwright.sync_api import expect

from inspections.models import Acceptance, Signature, Signer
from inspections.visits import actions as visits_actions
from tests.inspections.factories import answer_all, make_inspection, make_started, team_of
from tests.inspections.outbox.test_offline import draw, phone  # noqa: F401

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]


def test_why_an_act_was_refused_stands_on_the_page_where_it_was_pressed(own_database, phone):  # noqa: F811
    task = make_inspection(accepted=False)
    mine = phone()
    mine.sign_in(team_of(task)[0].user)
    mine.page.goto(task.field_url)
    mine.page.click("text=声明并接受任务")
    said = mine.page.locator("[data-says=refused]")
    expect(said).to_contain_text("两件都声明了才能接受")
    mine.page.reload()
    expect(said).to_contain_text("两件都声明了才能接受")
    mine.page.check("[name=no_conflict]", force=True)
    mine.page.check("[name=discipline]", force=True)
    mine.page.click("text=声明并接受任务")
    expect(mine.page.locator(".ph-steps")).to_be_visible()  # the way to the door
    expect(said).to_have_count(0)
    assert Acceptance.objects.get(member__inspection=task, accepted_at__isnull=False)


def test_a_refusal_that_was_not_taken_is_over_once_the_person_signs(own_database, phone):  # noqa: F811
    visit = answer_all(make_started())
    leader = team_of(visit)[0]
    visits_actions.conclude(
        inspection=visit, by=leader.user, outcome="NO_ISSUE", finding="", measures="", rectify_by=None
    )
    mine = phone()
    mine.sign_in(leader.user)
    mine.load()
    mine.page.goto(f"/field/{visit.no}/refuse/")
    mine.page.check("[value=UNWILLING]", force=True)
    mine.page.click("text=记下拒签情况")
    expect(mine.chip).to_have_text("1 件没有传上去")  # nobody named as witness
    mine.page.click("text=改为签名")
    draw(mine)
    mine.page.click("text=签好了，轮到检查人员")
    mine.page.wait_for_url("**/submit/")
    expect(mine.chip).to_have_text("全部已上传")
    assert Signature.objects.get(inspection=visit, signer=Signer.RESPONSIBLE).drawing_id
