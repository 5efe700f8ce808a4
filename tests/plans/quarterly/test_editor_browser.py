"""The plan editor in a real browser: figures follow what is typed, and nothing breaks the page (ui.md 7.2)."""

from itertools import product

import pytest

from plans.models import QuarterlyPlan
from tests.factories import PASSWORD, make_planner
from tests.plans.factories import make_branch, make_plan

pytestmark = [pytest.mark.browser, pytest.mark.commits]


def sign_in(page, user):
    page.goto("/desk/login/")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def test_figures_follow_each_change_and_the_draft_is_kept(page, at):
    at("2026-07-02 11:42")
    plan = make_plan(make_branch(key=42, general=6, special=1))
    errors = []
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    sign_in(page, make_planner(plan.unit))
    page.goto("/desk/plans/210504/2026q3/edit/")

    page.fill("#id_planned_key", "10")
    page.press("#id_planned_key", "Tab")
    page.wait_for_selector("text=重点对象本季至少抽 11 家，现在是 10 家")
    assert page.input_value("#id_percent_key") == "23"
    assert page.get_attribute("button[value=submit]", "aria-disabled") == "true"

    page.fill("#id_percent_key", "50")
    page.press("#id_percent_key", "Tab")
    page.wait_for_selector("#problems .errsum", state="detached")
    assert page.input_value("#id_planned_key") == "21"
    assert page.locator("#quota tbody tr").first.inner_text().split() == ["重点", "21", "21", "0"]

    page.click("button[value=submit]")
    page.wait_for_url("**/desk/plans/210504/2026q3/")
    assert QuarterlyPlan.objects.get(pk=plan.pk).status == "SUBMITTED"
    assert errors == []


def test_the_editor_does_not_scroll_sideways(page, at):
    at("2026-07-02 11:42")
    plan = make_plan(make_branch(key=5, general=6, special=1))
    sign_in(page, make_planner(plan.unit))
    for width, address in product((320, 360, 768, 1440), ("edit/", "", "preview/")):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/desk/plans/210504/2026q3/{address}")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (width, address)


def test_how_each_number_was_found_keeps_room_beside_the_side_column(page, at):
    """Seven narrow columns once left this one a single character at 1280 px."""
    at("2026-07-02 11:42")
    plan = make_plan(make_branch(key=5, general=6, special=1))
    sign_in(page, make_planner(plan.unit))
    for width in (1024, 1280, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto("/desk/plans/210504/2026q3/")
        cells = page.locator("td[data-l=怎样算出]").all()
        assert cells
        for cell in cells:
            assert cell.bounding_box()["width"] >= 10 * 16, width  # ten characters on a line
        region = page.locator("[aria-label=检查对象和家数]")
        assert region.evaluate("box => box.scrollWidth - box.clientWidth") <= 0, width


def test_the_draft_is_kept_every_30_seconds_and_the_page_says_when(page, at):
    at("2026-07-02 11:42")
    plan = make_plan(make_branch(key=8, general=6, special=1))
    sign_in(page, make_planner(plan.unit))
    page.clock.install()
    page.goto("/desk/plans/210504/2026q3/edit/")

    page.fill("#id_window_to", "2026-09-18")
    page.clock.fast_forward(31_000)
    page.wait_for_selector("#saved:has-text('11:42 自动保存')")
    assert str(QuarterlyPlan.objects.get(pk=plan.pk).window_to) == "2026-09-18"

    page.fill("#id_window_to", "九月")
    page.clock.fast_forward(31_000)
    page.wait_for_selector("#saved:has-text('没有自动保存：有一栏填得不对')")
    assert str(QuarterlyPlan.objects.get(pk=plan.pk).window_to) == "2026-09-18"
