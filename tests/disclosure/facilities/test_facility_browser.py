"""企业页 in a real browser: a citizen who knows only the street, a journalist who takes the never-checked (四(3)-a, -e)."""

import csv
import io

import pytest

from disclosure.models import RosterRow
from registry.models import Facility
from tests.factories import make_facility, make_unit
from tests.plans.draw.factories import make_held_draw, make_published_plan

pytestmark = [pytest.mark.browser, pytest.mark.commits, pytest.mark.slow("public")]


@pytest.mark.clause("四(3)-a", "四(3)-e")
def test_by_the_street_alone_to_every_answer_on_a_phone_and_to_the_file(page, site, at):
    unit = make_unit("210504")
    one = make_facility(unit, name="枫岭印染有限公司", address="明山区枫桥路 49 号", industry_name="棉印染精加工")
    draw = make_held_draw(plan=make_published_plan(unit, key=2, general=9, special=0), released=True)
    drawn = {pick.facility.code for pick in draw.picks.all()}
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/")
    page.fill("[role=search] [name=q]", "枫桥路")
    page.click("[role=search] button")
    page.click(f'a[href="/enterprises/{one.code}/"]')
    assert page.inner_text("h1") == "枫岭印染有限公司"
    answers = page.locator(".answers > div")
    assert answers.count() == 5 and "在，明山分局的一般监管对象" in answers.nth(0).inner_text()
    for n in range(5):  # the whole row is the target
        box = answers.nth(n).bounding_box()
        assert box["height"] >= 44
        answers.nth(n).click(position={"x": box["width"] - 10, "y": box["height"] / 2})
        assert page.evaluate("location.hash") == answers.nth(n).locator("dt a").get_attribute("href")
    assert page.is_visible("[data-print]")
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width
    if one.code not in drawn:
        page.click("text=为什么没有抽中")
        assert "未抽中" in page.inner_text("main")
        page.go_back()

    page.goto("/enterprises/?never=1")
    with page.expect_download() as got:
        page.click("text=这些企业（CSV）")
    rows = list(csv.DictReader(io.StringIO(got.value.path().read_text("utf-8-sig"))))
    assert {row["名录编号"] for row in rows} == set(RosterRow.objects.values_list("code", flat=True))
    assert len(rows) == Facility.objects.count() and {row["从未检查"] for row in rows} == {"是"}
