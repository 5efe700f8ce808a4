"""抽取公示 before the seal, after an abort, and the page of the rules (ui.md 7.1)."""

import pytest
from django.test import Client

from plans.aborts import actions as abort_actions
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import QuarterlyPlan
from tests.browsing import html_of, untimed
from tests.disclosure.factories import make_published_plan
from tests.factories import make_approver, make_facility, make_inspector, make_planner
from tests.plans.factories import make_branch

pytestmark = pytest.mark.django_db


@pytest.mark.clause("六(一)2-f")
def test_a_public_plan_announces_its_draw_with_day_and_source_before_anything_is_sealed(at):
    at("2026-07-03 10:00")
    client, unit = Client(), make_branch(code="210502")
    address = "/draws/210502-2026Q3-01/"
    assert client.get(address).status_code == 404

    facts = make_published_plan(unit).snapshot

    said = untimed(html_of(client.get(address)))
    assert "已公告，等待封存" in said
    for words in (facts["draw_text"], facts["release_text"], *(s["label"] for s in facts["sources"])):
        assert words in said
    for name in ("bundle.json", "manifest.txt", "tickets.csv", "frames/"):
        assert client.get(address + name).status_code == 404
    assert client.get("/draws/210502-2026Q3-02/").status_code == 404
    listed = untimed(html_of(client.get("/draws/")))
    assert address in listed
    assert facts["sources"][0]["label"] in listed
    assert address in client.get("/plans/2026q3/210502/").content.decode()


def test_an_announced_draw_says_that_it_is_late_and_that_its_source_has_passed(at):
    at("2026-07-03 10:00")
    make_published_plan(make_branch(code="210502"))
    at("2026-07-13 10:00")
    said = Client().get("/draws/210502-2026Q3-01/").content.decode()
    assert "逾期 3 天" in said
    assert "已经过了时间" in said


@pytest.mark.clause("七(二)-d")
def test_a_void_draw_leads_to_its_repeat_and_back(at):
    at("2026-07-03 10:00")
    unit = make_branch(code="210502")
    for _ in range(4):
        make_facility(unit)
        make_inspector(unit, with_user=True)
    plan = make_published_plan(unit)
    draw = draw_actions.prepare_draw(plan=QuarterlyPlan.objects.get(unit=unit), by=make_planner(unit))
    draw = draw_actions.seal_draw(draw=draw, by=make_approver(unit), registry_reason="名录专人还没有到任")
    request = abort_actions.ask_to_abort(
        draw=draw, by=make_planner(unit), reason="快乐8 停售，公开随机数开不出来", evidence="停售公告 3 号"
    )
    abort_actions.approve_abort(request=request, by=make_approver(unit), document_no="平环审〔2026〕7号")

    client = Client()
    void, again = f"/draws/{draw.draw_id}/", "/draws/210502-2026Q3-02/"
    assert again in client.get(void).content.decode()
    said = untimed(html_of(client.get(again)))
    assert void in said
    assert plan.snapshot["draw_text"] in said
    assert again in client.get("/draws/").content.decode()


def test_the_rules_are_explained_in_words_with_every_sentence_of_the_verifier():
    said = Client().get("/verify/algorithm/").content.decode()
    for code in ssj1.FAULTS:
        assert code in said
    assert "{" not in said.partition("<main")[2].partition("</main")[0]
    assert "/verify/algorithm/" in Client().get("/verify/").content.decode()
