"""An enterprise that objects and sees the correction with its old text, in a real browser (四(3)-f; ui-2.md 19)."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from benxi_shuangsuiji.accounts import contacts
from benxi_shuangsuiji.accounts.models import Unit
from disclosure.models import Objection, Publication
from disclosure.objections import actions
from disclosure.objections.models import Outcome
from inspections.models import Inspection
from tests.disclosure.factories import make_published_result
from tests.factories import PASSWORD, make_approver, make_disclosure_officer, make_registrar
from tests.inspections.factories import link_of

pytestmark = [pytest.mark.slow("public"), pytest.mark.browser, pytest.mark.commits]
SHOTS = os.environ.get("SHOTS")
WIDTHS = (1440, 390)


def look(page, name: str) -> list[str]:
    """What axe finds at both widths, and whatever is wider than the page."""
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wrong = Axe().run(page, context={"exclude": [[".demo"], [".gov"]]}).response["violations"]
        found += [f"{name} {width}: {w['id']} {w['nodes'][0]['html'][:120]}" for w in wrong]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{name} {width}: wider than the page")
        if SHOTS:
            page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    return found


@pytest.mark.clause("四(3)-f")
def test_an_enterprise_objects_and_sees_the_correction_with_its_old_text(page, at):
    at("2026-07-06 10:00")
    result = make_published_result(problem="标签缺项 2 处")
    unit, check = Unit.objects.get(code=result.unit_code), Inspection.objects.get(no=result.no)
    officer, leader = make_disclosure_officer(unit), make_approver(unit)
    where = {"telephone": "024-00000504（示例）", "email": "", "address": "本溪市竹屿路 1 号（示例）", "hours": ""}
    contacts.keep(unit=unit, by=make_registrar(unit), **where)
    found = []

    page.goto(f"/results/{result.no}/")
    page.click("text=更正与申诉 >> nth=0")
    page.goto(f"/e/{link_of(check).token}/correction/")
    page.click("text=提交更正或申诉")
    found += look(page, "errors")
    page.fill("[name=phone]", "024-00001700")
    page.check("[name=demand][value=CORRECT]")
    page.select_option("[name=part]", "FINDING")
    page.fill("[name=words]", "只有 1 处，照片附后。")
    found += look(page, "form")
    page.click("text=提交更正或申诉")
    assert "已受理，受理编号 YY2026-0001。" in page.inner_text("main")
    found += look(page, "own")
    assert page.context.cookies() == []
    page.goto("/corrections/YY2026-0001/")
    assert "异议处理中" in page.inner_text("main")
    found += look(page, "pending")
    page.goto(f"/results/{result.no}/")
    page.reload()  # the browser keeps a public page for a minute
    assert "异议处理中" in page.inner_text("main")
    found += look(page, "result")

    revision = {"evidence": "检查笔录第 2 页", "words": {"finding": "标签缺项 1 处"}}
    words = {"reason": "核对照片，缺项的是 1 处", "document_no": "本环更〔2026〕1号"}
    ruling = actions.propose(
        objection=Objection.objects.get(), outcome=Outcome.CORRECT, by=officer, revision=revision, **words
    )
    page.goto("/desk/login/")
    page.fill("[name=username]", leader.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/desk/**")
    page.goto(f"/desk/corrections/{ruling.objection.receipt}/")
    found += look(page, "desk")
    page.click("text=批准：更正")
    page.wait_for_load_state()
    assert Publication.objects.filter(kind="DECISION").count() == 1
    page.goto("/corrections/YY2026-0001/")
    page.reload()
    assert "决定：更正一处" in page.inner_text("main")
    assert (page.inner_text("del"), page.inner_text("ins")) == ("2", "1")
    found += look(page, "decided")
    page.goto("/contact/")
    found += look(page, "contact")
    page.goto("/corrections/")
    found += look(page, "list")
    assert found == []
