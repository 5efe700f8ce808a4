"""The way to the door by thumb, and the list on the leader's desk: everybody can read and reach them (PNG 29a–29c)."""

import os

import pytest
from playwright.sync_api import expect

from benxi_shuangsuiji import clock
from inspections.acceptance import actions as acceptance
from inspections.approvals import actions
from inspections.models import CheckApproval
from registry.safety import actions as safety
from tests.factories import (
    PASSWORD,
    make_approver,
    make_facility,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.factories import make_inspection, make_published, team_of
from tests.inspections.visits.test_phone import PHONE, Thumb, sheet

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
SHOTS = os.environ.get("SHOTS")


class Reader(Thumb):
    def look(self, name=""):
        if SHOTS:
            self.page.screenshot(path=f"{SHOTS}/{name}-{self.page.viewport_size['width']}.png", full_page=True)
        super().look()


@pytest.fixture
def thumb(chromium, site):
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, is_mobile=True, has_touch=True)
    yield Reader(context.new_page(), site)
    context.close()


@pytest.fixture
def desk(chromium, site):
    context = chromium.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    yield Reader(context.new_page(), site)
    context.close()


@pytest.mark.clause("七(五)-c", "七(五)-d", "七(五)-p")
def test_a_task_is_read_accepted_and_approved_in_the_browser(own_database, thumb, desk):
    unit = make_unit()
    place = make_facility(unit, name="澄溪电镀有限公司", address="示例路 36 号")
    make_published(unit, facility=place)
    safety.note(
        facility=place,
        text="电镀车间有氰化物和酸雾。戴防毒面罩、耐酸手套，由企业安全员带路。",
        told_by="企业安全科",
        told_on=clock.today(),
        by=make_registrar(unit),
    )
    check = make_inspection(unit, facility=place, accepted=False, approved=False, points=sheet())
    actions.ask_for_list(inspections=[check], by=make_planner(unit))
    leader, member = team_of(check)
    acceptance.accept(inspection=check, no_conflict=True, discipline=True, by=member.user)
    page, base = thumb.page, f"/field/{check.no}/"

    thumb.sign_in(leader.user)
    page.goto(f"{thumb.site}{base}")
    thumb.look("29a-accept")
    thumb.tap("企业情况和现场安全", f"{base}dossier/")
    thumb.look("29b-dossier")
    thumb.tap("看过了，回到任务", base)
    page.get_by_text("和这家企业没有利害关系").click()
    page.get_by_text("检查前不向任何人透露").click()
    thumb.tap("声明并接受任务", base)
    expect(page.get_by_text("登记到场（等审批）")).to_be_visible()
    thumb.look("29c-waiting")
    page.goto(f"{thumb.site}{base}approval/")
    thumb.look("ask")
    page.goto(f"{thumb.site}{base}day/")
    thumb.look("day")

    boss = make_approver(unit)
    desk.page.goto(f"{desk.site}/desk/login/?next=/desk/approvals/")
    desk.page.fill("#id_username", boss.username)
    desk.page.fill("#id_password", PASSWORD)
    desk.page.click("main button[type=submit]")
    shown(desk, "approvals")
    desk.page.goto(f"{desk.site}/desk/tasks/{check.no}/approval/")
    shown(desk, "approval")
    desk.page.goto(f"{desk.site}/desk/approvals/")
    desk.page.get_by_role("button", name="批准所选").click()
    expect(desk.page.get_by_text("已批准 1 件检查")).to_be_visible()
    shown(desk, "approved")
    assert not CheckApproval.objects.pending().exists()

    page.goto(f"{thumb.site}{base}")
    expect(page.get_by_text("已批准，可以到场")).to_be_visible()
    thumb.look("29c-approved")
    make_lead_office()


def shown(desk, name):
    from axe_playwright_python.sync_playwright import Axe

    for width in (1440, 390):
        desk.page.set_viewport_size({"width": width, "height": 900})
        if SHOTS:
            desk.page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
        found = Axe().run(desk.page).response["violations"]
        assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], desk.page.url
