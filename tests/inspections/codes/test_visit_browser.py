"""The page of a visit in a real browser: the enterprise's own phone checks the slip, and nothing else is sent (SSJ1 14.5)."""

import pytest

from tests.factories import make_unit
from tests.inspections.factories import make_dispatched

pytestmark = [pytest.mark.browser, pytest.mark.commits]
TITLE = "[data-slip-title]"


def served(text):
    return lambda route: route.fulfill(body=text, content_type="text/plain")


@pytest.mark.clause("一-f", "七(五)-i")
def test_the_slip_is_checked_in_the_page_and_an_altered_list_is_seen(page, site, at):
    one = make_dispatched(make_unit("210503"))[0]
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    page.goto("/v/")
    page.fill("#code", " ".join(one.code_groups).lower())
    page.click("text=核验检查码")
    page.wait_for_selector(f"{TITLE}:has-text('一致')")
    assert page.inner_text(TITLE) == "凭条已在本页核对　一致" and page.locator("[data-slip-note].note-s").count() == 1
    assert {method for method, _ in asked} == {"GET"} and not page.context.cookies()

    draw = one.draw.draw_id
    address = f"**/draws/{draw}/slips.txt"
    text = page.evaluate(f"fetch('/draws/{draw}/slips.txt').then(answer => answer.text())")
    for altered in (text.replace("slip\t", "slip\t0", 1), text + "\n", ""):
        page.route(address, served(altered))
        page.reload()
        page.wait_for_selector(f"{TITLE}:has-text('核对不一致')")
        page.unroute(address)
    page.route(address, lambda route: route.abort())
    page.reload()
    page.wait_for_selector(f"{TITLE}:has-text('还没有核对')")
