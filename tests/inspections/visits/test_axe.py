"""What was not looked at yet: pages around the visit that everybody must be able to read, also in large print."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from benxi_shuangsuiji.documents import looking
from inspections.evidence import actions as evidence
from inspections.models import Answer, Inspection, Outcome
from inspections.privacy.actions import keep_name
from inspections.visits import actions as visits
from tests.disclosure.factories import ask_revision, make_published_result
from tests.factories import (
    PASSWORD,
    make_approver,
    make_disclosure_officer,
    make_lead_office,
    make_supervisor,
    make_unit,
)
from tests.inspections.evidence.pictures import photo
from tests.inspections.factories import answer_all, finish, make_reviewed, make_started, team_of
from tests.inspections.visits.test_phone import PHONE

pytestmark = [pytest.mark.slow("offline"), pytest.mark.browser, pytest.mark.commits]
SHOTS = os.environ.get("SHOTS")


def world() -> dict:
    """Account and address of each page; `no` of each check by the role that has to do with it."""
    unit = make_unit()
    result = make_published_result(unit, problem="标签缺项 2 处")
    ask_revision(result, words={"finding": "标签缺项 3 处"})
    reviewed = make_reviewed(unit, problem="现场负责人王建国已确认，齐家山料场没有苫盖")
    Inspection.objects.filter(pk=reviewed.pk).update(finding="现场负责人已确认，齐家山料场没有苫盖")
    keep_name(inspection=reviewed, name="王建国", reason="企业名称里的人名", by=make_approver(unit))
    make_reviewed(unit)
    finished = answer_all(make_started(unit))
    point, found = finished.answers.last(), "现场负责人王建国已确认标签缺项"
    by = team_of(finished)[0].user
    visits.answer_point(inspection=finished, pk=point.pk, answer=Answer.FOUND, words=found, by=by)
    finished = finish(finished, outcome=Outcome.ON_SITE_FIXED, finding=found, told=False)
    running = make_started(unit)
    leader, member = (person.user for person in team_of(running))
    points = list(running.answers.order_by("item_code", "number"))
    for by, answer in ((leader, Answer.NONE_FOUND), (member, Answer.NOT_APPLICABLE)):
        visits.answer_point(inspection=running, pk=points[0].pk, answer=answer, by=by, seen="")
    named = {"answer": Answer.FOUND, "words": "现场负责人王建国已确认，电话 13800000000"}
    visits.answer_point(inspection=running, pk=points[1].pk, by=leader, **named)
    evidence.keep_photo(inspection=running, name="池.jpg", content=photo(), point=points[1], by=leader)
    office = make_lead_office()
    evidence.enter_recorder(unit=unit, by=running.dispatched_by, no="BX-MS-08", keeper=team_of(running)[0])
    looking.look_over()
    desk = {"planner": running.dispatched_by, "boss": make_approver(unit), "officer": make_disclosure_officer(unit)}
    return {
        **desk,
        "office": office,
        "supervisor": make_supervisor(),
        "leader": leader,
        "running": running.no,
        "finished": finished.no,
        "result": result.no,
        "reviewed": reviewed.no,
    }


DESK = [
    ("boss", "/desk/approvals/late/"),
    ("office", "/desk/approvals/chains/"),
    ("supervisor", "/desk/files/"),
    ("planner", "/desk/recorders/"),
    ("planner", "/desk/recorders/new/"),
    ("planner", "/desk/tasks/{running}/"),
    ("planner", "/desk/tasks/{finished}/served/"),
    ("boss", "/desk/tasks/{finished}/"),
    ("officer", "/desk/publish/"),
    ("officer", "/desk/publish/result/{result}/"),
    ("officer", "/desk/publish/result/{reviewed}/"),
    ("officer", "/desk/publish/result/{reviewed}/confirm/"),
    ("officer", "/desk/publish/result/{reviewed}/confirm/?compare=1"),
    ("officer", "/desk/publish/confirm/"),
    ("boss", "/desk/publish/result/{result}/revise/"),
]
FIELD = [
    ("leader", "/field/outbox/"),
    ("leader", "/field/conflicts/"),
    ("leader", "/field/{running}/dossier/"),
    ("leader", "/field/{running}/check/1/"),
    ("leader", "/field/{running}/finish/"),
    ("leader", "/field/sign-out/"),
]


@pytest.mark.parametrize("pages", [DESK, FIELD], ids=["desk", "field"])
def test_pages_around_the_visit_can_be_read_by_everybody(own_database, chromium, site, pages):
    made, page, who = world(), None, None
    for role, address in pages:
        if role != who:
            page, who = signed_in(chromium, site, made[role]), role
        if address == "/field/sign-out/":
            leave_unsent(page, f"{site}/field/{made['running']}/check/1/")
        page.goto(site + address.format(**made))
        if address == "/field/sign-out/":
            expect(page.locator("[data-sign-out]")).to_be_visible()
        for width in (1440, 390) if pages is DESK else (390,):
            page.set_viewport_size({"width": width, "height": PHONE["height"]})
            for size in ("", "large"):
                page.evaluate("size => (document.documentElement.dataset.size = size)", size)
                if SHOTS:
                    name = address.format(**made).strip("/").replace("/", "_")
                    page.screenshot(path=f"{SHOTS}/{name}-{width}{size}.png", full_page=True)
                found = Axe().run(page, context={"exclude": [[".demo"]]}).response["violations"]
                assert [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found] == [], (address, width, size)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                assert wide == 0, (address, width, size)


def leave_unsent(page, check):
    """An answer that never reaches the server: with nothing unsent the sign-out asks nothing."""
    page.route("**/check/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.goto(check)
    page.locator("[data-point] label:has([value=NOT_APPLICABLE])").last.click()
    expect(page.get_by_text("已存在手机").last).to_be_visible()


def signed_in(chromium, site, user):
    context = chromium.new_context(locale="zh-CN", viewport=PHONE, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(f"{site}/desk/login/")
    page.fill("#id_username", user.username)
    page.fill("#id_password", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_load_state()
    return page
