"""The wall by keyboard: space goes on, L turns it light, and it holds on a projector (ui.md 3, 7.2)."""

from datetime import timedelta

import pytest

from plans.draw import actions as draw_actions
from plans.models import Draw, DrawStatus, SourceKind
from tests.factories import make_approver, make_planner
from tests.plans.draw.factories import VALUES, make_sealed_draw, move_clock
from tests.plans.quarterly.test_editor_browser import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.commits]
SOURCES = (
    (SourceKind.DICE, "明山区司法局见证人", timedelta(hours=1)),
    (SourceKind.LOTTERY, "七星彩第2026183期", timedelta(hours=2)),
)


def test_the_space_bar_leads_through_the_ceremony_to_the_locked_result(page, at):
    draw = make_sealed_draw(sources=SOURCES)
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    sign_in(page, planner)
    page.goto(f"/desk/draws/{draw.draw_id}/stage/")
    assert "名单已封存" in page.inner_text("main")
    move_clock(draw.plan.draw_at)

    page.keyboard.press("Space")
    page.wait_for_selector(".dice svg >> nth=9")
    assert page.locator(".dice [role=img]").count() == 0
    for person in (planner, approver):
        draw_actions.enter_value(draw=draw, position=1, value=VALUES[SourceKind.DICE], by=person)
    page.keyboard.press("Space")
    page.wait_for_selector(".dice [role=img] >> nth=9")
    page.keyboard.press("l")
    assert page.locator("main.stage-lt").count() == 1
    page.keyboard.press("Space")
    page.wait_for_selector("text=还没有人录入")
    assert page.locator("main.stage-lt").count() == 1
    for person in (planner, approver):
        draw_actions.enter_value(draw=draw, position=2, value=VALUES[SourceKind.LOTTERY], by=person)
    page.keyboard.press("Space")
    page.wait_for_selector("button:has-text('抽取')")
    page.keyboard.press("Space")
    page.wait_for_selector("text=家企业抽中")

    assert Draw.objects.get().status == DrawStatus.DRAWN
    assert page.locator("main.stage-lt").count() == 1
    page.keyboard.press("Space")  # nothing further, and no way back
    assert "家企业抽中" in page.inner_text("main")
    assert errors == []


def test_without_the_network_the_wall_stays_and_says_so(page, at):
    draw = make_sealed_draw(sources=SOURCES, values_agreed=True)
    sign_in(page, make_planner(draw.unit))
    page.goto(f"/desk/draws/{draw.draw_id}/stage/")

    page.context.set_offline(True)
    page.keyboard.press("Space")
    page.wait_for_selector("text=网络断开，连上以后再按空格")
    assert Draw.objects.get().status == DrawStatus.FROZEN

    page.context.set_offline(False)
    page.keyboard.press("Space")
    page.wait_for_selector("text=家企业抽中")
    assert Draw.objects.get().status == DrawStatus.DRAWN


def test_the_wall_fits_its_screen(page, at):
    draw = make_sealed_draw(sources=SOURCES, values_agreed=True)
    sign_in(page, make_planner(draw.unit))
    screens = [{"width": 1024, "height": 768}, {"width": 1920, "height": 1080}]
    spill = "main => [main.scrollWidth - main.clientWidth, main.scrollHeight - main.clientHeight]"
    for screen in screens:
        page.set_viewport_size(screen)
        page.goto(f"/desk/draws/{draw.draw_id}/stage/")
        assert max(page.locator("main").evaluate(spill)) <= 0, screen
    page.keyboard.press("Space")
    page.wait_for_selector("text=家企业抽中")
    for screen in screens:
        page.set_viewport_size(screen)
        assert max(page.locator("main").evaluate(spill)) <= 0, screen
