"""What the server does not take is said where it was pressed, not only in the list of what waits (七(五)-l)."""

import re

import pytest
from playwright.sync_api import expect

from inspections.models import Acceptance, InspectionStatus, Signature, Signer
from inspections.visits import actions as visits_actions
from tests.inspections.factories import answer_all, make_inspection, make_started, sign_all, team_of
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


def to_be_signed(phone):  # noqa: F811
    visit = answer_all(make_started())
    leader = team_of(visit)[0]
    visits_actions.conclude(
        inspection=visit, by=leader.user, outcome="NO_ISSUE", finding="", measures="", rectify_by=None
    )
    mine = phone()
    mine.sign_in(leader.user)
    mine.load()
    return visit, mine


def refuse_unnamed(mine, visit):
    """As an earlier page did, that let it pass: without a witness, without his signature."""
    mine.page.goto(f"/field/{visit.no}/refuse/")
    mine.page.check("[value=UNWILLING]", force=True)
    mine.page.evaluate("refuse.noValidate = true; refuse.querySelector('[data-pad]').remove()")
    mine.page.click("text=记下拒签情况")


def test_what_is_missing_is_said_while_the_people_are_still_there(own_database, phone):  # noqa: F811
    visit, mine = to_be_signed(phone)
    mine.cut()
    mine.page.goto(f"/field/{visit.no}/sign/")
    mine.page.click("text=签好了，轮到检查人员")
    said = mine.page.locator("[data-says=unsigned]")
    if not said.count():  # nobody is registered: his name comes first
        mine.page.fill("[name=name]", "齐某")
        mine.page.click("text=签好了，轮到检查人员")
    expect(said).to_contain_text("还没有签名")
    mine.page.goto(f"/field/{visit.no}/refuse/")
    mine.page.check("[value=UNWILLING]", force=True)
    mine.page.click("text=记下拒签情况")
    assert mine.page.evaluate("refuse.elements.witness.matches(':invalid')")
    mine.page.fill("[name=witness]", "于某")
    mine.page.fill("[name=witness_position]", "社区网格员")
    mine.page.click("text=记下拒签情况")
    expect(said).to_contain_text("还没有签名")
    assert mine.page.evaluate("Field.unsent()") == [] and mine.page.url.endswith("/refuse/")
    mine.page.locator("label", has_text="没有见证人").click()
    mine.page.click("text=记下拒签情况")
    mine.page.wait_for_url("**/submit/")
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    assert Signature.objects.get(inspection=visit).refused_because == "UNWILLING"


def test_a_refusal_that_was_not_taken_is_over_once_the_person_signs(own_database, phone):  # noqa: F811
    visit, mine = to_be_signed(phone)
    refuse_unnamed(mine, visit)
    expect(mine.chip).to_have_text("1 件没有传上去")
    mine.page.click("text=改为签名")
    draw(mine)
    mine.page.click("text=签好了，轮到检查人员")
    mine.page.wait_for_url("**/submit/")
    expect(mine.chip).to_have_text("全部已上传")
    assert Signature.objects.get(inspection=visit, signer=Signer.RESPONSIBLE).drawing_id


def test_nor_does_it_stay_when_both_came_without_a_network(own_database, phone):  # noqa: F811
    visit, mine = to_be_signed(phone)
    mine.cut()
    refuse_unnamed(mine, visit)
    mine.page.wait_for_url("**/submit/")
    mine.page.goto(f"/field/{visit.no}/sign/")
    draw(mine)
    mine.page.click("text=签好了，轮到检查人员")
    mine.page.wait_for_url("**/submit/")
    expect(mine.page.locator("main")).to_contain_text("现场负责人的签名已存在手机")  # nor is it called missing
    for n in range(2):
        draw(mine, n)
        mine.page.locator("[data-pad-done]").nth(n).click()
        expect(mine.chip).to_have_text(f"{3 + n} 件等网络")
        expect(mine.page.locator("[data-pad] b").nth(n)).to_be_hidden()  # what he signed is there to be seen
        expect(mine.page.locator("[data-pad-done]").nth(n)).to_be_hidden()
    expect(mine.page.locator("[data-wants]").last).to_have_text(re.compile("^\\s*符合：.*、.*的签名已存在手机"))
    mine.connect()
    mine.until("Field.unsent().then((left) => !left.length)")
    expect(mine.chip).to_have_text("全部已上传")
    assert Signature.objects.get(inspection=visit, signer=Signer.RESPONSIBLE).drawing_id


def test_what_was_refused_is_no_longer_said_once_the_form_is_being_mended(own_database, phone):  # noqa: F811
    """Above a ticked leader stood that the leader had not come, beside the browser's own word of another box (issue 16)."""
    visit = make_inspection()
    leader = team_of(visit)[0]
    mine = phone()
    mine.sign_in(leader.user)
    mine.page.goto(f"{visit.field_url}arrive/")
    mine.page.fill("[name=recorder_no]", "BX-MS-07")
    mine.page.locator("label", has_text=leader.name).click()
    mine.page.click("text=登记到场，记录仪已开启")
    said = mine.page.locator("[data-says=refused]")
    expect(said).to_contain_text("没有到场")
    mine.page.locator("label", has_text=leader.name).click()
    expect(said).to_have_count(0)
    mine.page.fill("[name=recorder_no]", "乱写")
    mine.page.click("text=登记到场，记录仪已开启")
    assert mine.page.evaluate("document.querySelector('[name=recorder_no]').validity.patternMismatch")
    mine.page.fill("[name=recorder_no]", "BX-MS-07")
    mine.page.click("text=登记到场，记录仪已开启")
    mine.page.wait_for_url("**/code/")


def test_the_press_of_handing_in_says_whose_pad_is_open_before_anything_is_sent(own_database, phone):  # noqa: F811
    """A signature is the press of whoever signs: what is drawn and not pressed is none, and was told after the network."""
    visit, mine = to_be_signed(phone)
    mine.page.goto(f"/field/{visit.no}/sign/")
    mine.page.goto(f"/field/{visit.no}/submit/")
    first, second = (person.name for person in team_of(visit))
    draw(mine)
    mine.page.click("text=提交检查结果")
    said = mine.page.locator("[data-says=unsigned]")
    expect(said).to_contain_text(f"还差{first}、{second}的签名")
    expect(said).to_contain_text(f"{first}写在框里了，还没有按“签好了”")
    expect(said).to_contain_text(f"{second}的框空着")
    mine.page.click("text=提交检查结果")  # what is drawn is not passed over, however often it is pressed
    expect(said).to_contain_text(f"{first}写在框里了")
    assert mine.page.evaluate("Field.unsent()") == [] and not Signature.objects.filter(inspection=visit).exists()
    mine.page.click(f"text={first}签好了")
    expect(mine.page.locator("[data-pad-done]")).to_have_count(1)
    mine.page.click("text=提交检查结果")
    expect(said).to_contain_text(f"还差{second}的签名")
    assert Signature.objects.filter(inspection=visit).count() == 1


def test_an_empty_pad_is_told_once_and_a_second_press_goes_past_it(own_database, phone):  # noqa: F811
    """Who signed on the other phone is not asked again here: what the page does not know, the server does (七(五)-k)."""
    visit, mine = to_be_signed(phone)
    mine.page.goto(f"/field/{visit.no}/submit/")
    expect(mine.page.locator("[data-pad-done]")).to_have_count(2)
    sign_all(visit)  # on the other phone, when this page was open already
    mine.page.click("text=提交检查结果")
    said = mine.page.locator("[data-says=unsigned]")
    expect(said).to_contain_text("已经在另一台手机上签了的，再按一次提交")
    assert mine.page.evaluate("Field.unsent()") == []
    mine.page.click("text=提交检查结果")
    mine.until("Field.unsent().then((left) => !left.length)")
    visit.refresh_from_db()
    assert visit.status == InspectionStatus.FINISHED
