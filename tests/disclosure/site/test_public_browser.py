"""The public side in a real browser: every page for everybody, on a phone, in large print, by keyboard, on paper (ui.md 9).

`SHOTS=folder` keeps a picture of each page at each width.
"""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from disclosure.models import Publication
from inspections.models import Inspection
from tests.disclosure.factories import make_published_result, make_published_step, make_revision
from tests.disclosure.site.test_public_site import everything
from tests.factories import make_facility, make_unit
from tests.inspections.factories import link_of
from tests.plans.draw.factories import make_held_draw, make_published_plan

pytestmark = [pytest.mark.browser, pytest.mark.commits, pytest.mark.slow("public")]
SHOTS = os.environ.get("SHOTS")
WIDE, PHONE, NARROW = 1440, 390, 320
AXE = Axe()
# As high as a finger or a pointer needs it. A link in a line of text is as high as the line (WCAG 2.5.8), a box is
# pressed by its words, and the whole row of an answer is its target (`test_facility_browser`).
SMALL = """least => [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter(e => {
    const box = (e.closest("label, .choice") || e).getBoundingClientRect();
    const shown = box.width > 1 && box.height > 1 && getComputedStyle(e).visibility != "hidden";
    const inSentence = e.tagName == "A" && (e.closest("p, dd, .verify footer") || [...e.parentNode.childNodes].some(n => n.nodeType == 3 && /[^\\s·　]/.test(n.data)));
    return shown && !inSentence && !e.matches(".skip, .answers a") && box.height < least - 0.5;
  }).map(e => `${Math.round(e.getBoundingClientRect().height)} ${e.outerHTML.slice(0, 90)}`)"""
PRINTS = """(() => {
  const button = document.querySelector("[data-print]");
  let asked = 0;
  window.print = () => (asked += 1);
  button?.click();
  return button && asked;
})()"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


def pages_of(at) -> list[str]:
    """Every kind of public page, with something on it; the states that are said nowhere else beside them."""
    addresses = everything(at)
    result = make_published_result(problem="物料堆场没有苫盖")
    make_published_step(result)
    corrected = make_revision(make_published_result(problem="标签缺项 2 处"), words={"finding": "标签缺项 1 处"})
    withdrawn = make_revision(make_published_result(problem="标签缺项"), "WITHDRAW")
    more = [f"/results/{p.no}/" for p in (result, corrected, withdrawn)]
    more += [f"/enterprises/{result.facility_code}/", f"/corrections/new/?record={result.no}", "/corrections/new/"]
    more += [
        "/enterprises/?q=没有这家",
        "/results/?q=没有这家",
        "/enterprises/?never=1",
        "/statistics/?by=item",
        "/nowhere/",
    ]
    more += ["/v/", f"/e/{link_of(Inspection.objects.get(no=result.no)).token}/correction/"]
    files = re.compile(r"\.(csv|json|jsonl|jsonld|txt|xlsx|docx|pdf|py|js)$")
    more = [a for a in [*addresses, *more] if not a.endswith("/feed/")]
    return list(dict.fromkeys(a for a in more if not files.search(a.partition("?")[0])))


@pytest.mark.clause("四(3)-a")
def test_every_public_page_can_be_read_and_pressed_by_everybody(page, at):
    wrong = []
    addresses = pages_of(at)
    assert len(addresses) > 50
    for address in addresses:
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(address)
        if page.evaluate(PRINTS) not in (None, 1):
            wrong.append(f"{address}: one press of 打印 asks for more than one paper, or none")
        for width, size, least in ((WIDE, "", 24), (PHONE, "", 44), (NARROW, "large", 44)):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("size => (document.documentElement.dataset.size = size)", size)
            if SHOTS:
                name = re.sub(r"\W+", "_", address).strip("_") or "home"
                page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
            if size == "":
                found = AXE.run(page).response["violations"]
                wrong += [f"{address} {width}: {v['id']} {n['html'][:120]}" for v in found for n in v["nodes"]]
            wrong += [f"{address} {width}: {small}" for small in page.evaluate(SMALL, least)]
            if over := page.evaluate(TOO_WIDE):
                wrong.append(f"{address} {width}{size}: {over} pixels too wide")
        if SHOTS:
            Path(SHOTS, "wrong.txt").write_text("\n".join(wrong))
    assert wrong == []


@pytest.mark.clause("四(3)-a")
def test_who_has_only_a_keyboard_and_a_screen_reader_comes_from_the_home_page_to_the_answers(page, at):
    unit = make_unit("210504")
    one = make_facility(unit, name="枫岭印染有限公司", address="明山区枫桥路 49 号")
    make_held_draw(plan=make_published_plan(unit, key=2, general=9, special=0), released=True)

    def heard() -> str:
        return page.evaluate(
            "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText || ''"
        )

    def press(key: str, until: str) -> None:
        """Go on until somebody hears this; a page that catches the focus never gets there."""
        for _ in range(60):
            page.keyboard.press(key)
            if until in heard():
                return
        raise AssertionError(f"{until} is never reached; the focus is on {heard()!r}")

    page.goto("/")
    page.keyboard.press("Tab")
    assert heard() == "跳到正文" and page.locator(".skip").bounding_box()["y"] >= 0  # seen as soon as it is reached
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "q"  # the search is the first thing in the text
    page.keyboard.type("枫桥路")
    page.keyboard.press("Enter")
    page.wait_for_url("**/enterprises/?**")
    press("Tab", one.name)
    ring = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    assert float(ring.removesuffix("px")) >= 2
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/enterprises/{one.code}/")
    tree = page.locator("body").aria_snapshot()
    for landmark in ("banner", "navigation", "main", "contentinfo", "complementary"):
        assert re.search(rf"^\s*- {landmark}\b", tree, re.M), landmark
    assert f'heading "{one.name}" [level=1]' in tree
    press("Tab", "是否在名录")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#roster"
    press("Tab", "提出更正或申诉")
    page.keyboard.press("Enter")
    page.wait_for_url("**/corrections/new/**")
    press("Tab", "提交更正或申诉")
    page.keyboard.press("Enter")
    page.wait_for_selector(".errsum")
    assert "处需要改" in heard() and page.locator(".errsum").get_attribute("role") == "alert"
    press("Tab", "写明姓名或单位名称")
    page.keyboard.press("Enter")  # from the summary to the field, whose mistake is said with it
    assert page.evaluate("document.activeElement.name") == "name"
    said = page.evaluate("document.activeElement.getAttribute('aria-describedby')")
    assert "写明姓名或单位名称" in "".join(page.locator(f"#{i}").inner_text() for i in said.split())


@pytest.mark.clause("四(3)-a")
def test_a_result_is_printed_on_two_pages_without_what_only_a_screen_needs(page, at):
    at("2026-07-06 10:00")
    result = make_published_result(problem="物料堆场约 20 平方米没有苫盖，现场负责人已确认。")
    make_published_step(result)
    page.goto(f"/results/{result.no}/")
    assert page.is_visible("[data-print]")
    paper = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    page.emulate_media(media="print")
    for screen_only in (".gov", ".nav", ".crumbs", "[data-print]", ".foot .links"):
        assert not page.is_visible(screen_only), screen_only
    assert result.no in page.inner_text("main") and f"/results/{result.no}/" in page.inner_text(".foot .printonly")
    assert Publication.objects.filter(no=result.no).count() == 1
