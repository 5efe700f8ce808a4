"""The desk in a real browser: forms that lose nothing, a menu that closes, homes that everybody can read (ui.md 4.6, 9; desk.md A13, A14)."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from benxi_shuangsuiji.accounts.roles import Role
from tests.factories import (
    PASSWORD,
    make_facility,
    make_inspector,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_inspection, team_of

pytestmark = [pytest.mark.slow("browser"), pytest.mark.browser, pytest.mark.commits]
NOTE = "main form [role=status]"


@pytest.fixture
def sit(chromium, site):
    """Sit down at the desk as somebody, in a browser of his own."""
    contexts = []

    def begin(user):
        context = chromium.new_context(
            base_url=site, locale="zh-CN", viewport={"width": 1440, "height": 900}, service_workers="block"
        )
        contexts.append(context)
        page = context.new_page()
        page.goto("/desk/login/")
        page.fill("#id_username", user.username)
        page.fill("#id_password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_load_state()
        return page

    yield begin
    for context in contexts:
        context.close()


def test_what_was_typed_is_asked_for_and_kept_until_it_is_sent(own_database, sit):
    unit = make_unit()
    facility = make_facility(unit, address="松岭路 18 号", uscc="91210504DEM000030E", code="91210504DEM000030E")
    page, asked = sit(make_registrar(unit)), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    change = f"/desk/objects/{facility.code}/change/"

    page.goto(change)
    page.fill("[name=address]", "松岭路 20 号")
    expect(page.locator(NOTE)).to_contain_text("已存为草稿")
    page.click("nav.side a[href^='/desk/inspectors/']")
    page.wait_for_url("**/desk/inspectors/**")
    assert asked == ["beforeunload"]
    page.goto(change)
    assert page.input_value("[name=address]") == "松岭路 20 号"
    expect(page.locator(NOTE)).to_contain_text("没有提交的内容已放回")

    # Refused, for the reason is missing: everything stays; sent, nothing is asked and nothing waits any longer.
    page.click("main form button[type=submit]")
    expect(page.locator(".errsum")).to_be_visible()
    assert page.input_value("[name=address]") == "松岭路 20 号"
    page.fill("[name=reason]", "门牌更新")
    page.click("main form button[type=submit]")
    page.wait_for_url(f"**/desk/objects/{facility.code}/")
    page.goto(change)
    assert page.input_value("[name=address]") == "松岭路 20 号" and page.input_value("[name=reason]") == ""
    assert page.locator(NOTE).inner_text() == "" and asked == ["beforeunload"]

    # Given up by a press; and whoever signs out leaves nothing to the next.
    page.fill("[name=address]", "写错的地址")
    expect(page.locator(NOTE)).to_contain_text("已存为草稿")
    page.reload()
    page.click("text=清除，恢复原样")
    assert page.input_value("[name=address]") == "松岭路 20 号"
    page.fill("[name=address]", "又写错了")
    expect(page.locator(NOTE)).to_contain_text("已存为草稿")
    page.click("details.me summary")
    page.click("text=退出登录")
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(sessionStorage).length") == 0


def test_what_was_sent_through_the_page_that_asks_for_the_password_waits_no_longer(own_database, sit, settings):
    """It stood there filled in again beside 已登记, as if it had not been sent (issue 17)."""
    page = sit(make_lead_office())
    settings.FRESH_SIGN_IN_MINUTES = 0  # every act asks
    page.on("dialog", lambda dialog: dialog.accept())
    form = "/desk/exchange/settings/"
    page.goto(form)
    page.fill("[name=document]", "本环执法〔2026〕31 号")
    page.click("main form:has([name=document]) button[type=submit]")
    page.goto(form)  # left the page that asks: not sent
    expect(page.locator(NOTE).first).to_contain_text("没有提交的内容已放回")
    page.click("main form:has([name=document]) button[type=submit]")
    page.fill("[name=own_password]", PASSWORD)
    page.click("main form:has([name=own_password]) button[type=submit]")
    page.wait_for_url(f"**{form}")
    expect(page.locator("body")).to_contain_text("本环执法〔2026〕31 号")
    assert page.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length") == 0


def test_a_draft_belongs_to_what_the_address_asks_for_and_to_who_typed_it(own_database, sit):
    unit = make_unit()
    first, second = make_facility(unit), make_facility(unit)
    page, next_one = sit(make_planner(unit)), make_inspector(unit, with_user=True).user
    page.on("dialog", lambda dialog: dialog.accept())
    new = "/desk/tasks/targeted/new/?source=COMPLAINT"
    page.goto(f"{new}&object={first.code}")
    page.fill("[name=reason]", "甲厂夜里冒烟")
    expect(page.locator(NOTE)).to_contain_text("已存为草稿")
    page.goto(f"{new}&object={second.code}")
    assert page.input_value("[name=reason]") == ""
    # The same thing, asked for in another way.
    page.goto(f"/desk/tasks/targeted/new/?page=2&object={first.code}&source=COMPLAINT")
    assert page.input_value("[name=reason]") == "甲厂夜里冒烟"

    # Idle too long: the page that asks who it is does not know yet whose drafts they are; the next person's page does.
    drafts = "Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')).length"
    page.context.clear_cookies()
    page.goto("/desk/login/?next=/field/")
    assert page.evaluate(drafts) == 1
    page.fill("#id_username", next_one.username)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/field/")
    page.wait_for_load_state()
    assert page.evaluate(drafts) == 0


def test_the_menu_of_a_narrow_screen_opens_and_closes(own_database, sit):
    page = sit(make_registrar(make_unit()))
    page.set_viewport_size({"width": 390, "height": 844})
    menu = page.locator("#nav")
    expect(menu).to_be_hidden()
    for closing in ("a.menu", "text=收起菜单"):
        page.click("a.menu")
        expect(menu).to_be_visible()
        page.click(closing)
        expect(menu).to_be_hidden()


def test_the_homes_can_be_read_by_everybody(own_database, sit):
    unit = make_unit()
    check = make_inspection(unit, accepted=False, approved=False)
    readers = [
        make_supervisor(),
        make_lead_office(),
        make_observer(),
        team_of(check)[0].user,
        make_user((Role.ARCHIVIST, unit)),
    ]
    for reader in readers:
        page = sit(reader)
        page.goto("/desk/")
        for width in (1440, 390):
            page.set_viewport_size({"width": width, "height": 844})
            found = Axe().run(page, context={"exclude": [[".demo"]]}).response["violations"]
            where = (reader.username, width)
            assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], where
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide == 0, where


def test_the_browser_stops_a_form_in_our_words_and_lets_it_go_once_mended(own_database, sit):
    """The bubble of a browser speaks the browser's language; a choice mended in another radio must not stay refused."""
    page = sit(make_registrar(make_unit()))
    page.evaluate(
        """document.querySelector("main").insertAdjacentHTML("beforeend", `<form id="t" method="get">
        <input type="radio" name="r" value="1" required><input type="radio" name="r" value="2" required>
        <input type="number" name="n" min="3" value="1"><button type="submit">提交</button></form>`)"""
    )
    said = "selector => document.querySelector(selector).validationMessage"
    page.click("#t button")
    assert page.evaluate(said, "#t [name=r]") == "这一项还没有选，选好再提交。"
    assert page.evaluate(said, "#t [name=n]") == "不能小于 3，改好再提交。"
    page.check("#t [value='2']")
    page.fill("#t [name=n]", "4")
    page.click("#t button")
    page.wait_for_url("**r=2&n=4")
