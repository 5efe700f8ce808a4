"""The code on the notice: genuine or not, and the proof that the draw fixed this visit and this team (SSJ1 14.5)."""

import hashlib
import io
from dataclasses import replace

import pikepdf
import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji.documents import pdf
from benxi_shuangsuiji.documents.codes import code_of
from inspections.checks import notice, visit_code_views
from inspections.models import Inspection
from inspections.replacements import actions as replacements
from inspections.visits import actions
from plans.draw import ssj1, visit_slips
from plans.lists import starting as basis_actions
from plans.models import DrawDocument, InspectionItem, Pick
from tests.factories import make_approver, make_lead_office, make_planner, make_unit
from tests.inspections.factories import answer_all, finish, make_dispatched, make_inspection, start, team_of
from tests.plans.amendments.factories import grounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture(autouse=True)
def _no_misses():
    cache.clear()


def page_of(client, inspection):
    return client.get(f"/v/{inspection.visit_code}/")


def slips_text(inspection, number=0):
    return DrawDocument.objects.get(draw=inspection.draw, kind="SLIPS", number=number).text


@pytest.mark.clause("七(二)-d", "一-f")
def test_every_complete_team_has_a_slip_that_was_published_with_the_draw():
    inspections = make_dispatched(make_unit())
    published = ssj1.parse_slips(slips_text(inspections[0])).slips

    found = [visit_slips.slip_of(i.pick) for i in inspections]

    assert sorted(s.digest for s in found) == sorted(published)
    assert all(hashlib.sha256(s.line.encode()).hexdigest() == s.digest for s in found)
    assert {s.at for s in found} == {inspections[0].draw.drawn_at}


@pytest.mark.clause("七(二)-d", "一-f", "七(五)-j")
def test_the_holder_of_the_code_sees_this_visit_and_no_other(client):
    one, *others = make_dispatched(make_unit())
    response = page_of(client, one)
    said = response.content.decode()

    assert "这次检查是真的" in said and "抽取当天就定下了" in said
    for word in (one.facility.name, one.draw.draw_id, visit_slips.slip_of(one.pick).line):
        assert word in said
    for person in team_of(one):
        assert person.name in said and person.certificate_no in said
    for other in others:
        assert other.facility.name not in said and other.no not in said and other.visit_code not in said
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"].startswith("noindex") and not response.cookies


@pytest.mark.clause("七(五)-o")
def test_an_unknown_code_is_no_visit_of_ours_and_many_tries_must_wait(client):
    one = make_dispatched(make_unit())[0]
    for n in range(visit_code_views.MOST_MISSES):
        response = client.get(f"/v/{one.visit_code[:-2]}{n:02d}/")
        assert response.status_code == 404 and "这不是我局的检查通知" in response.content.decode()

    response = page_of(client, one)

    assert response.status_code == 429 and one.facility.name not in response.content.decode()


@pytest.mark.clause("七(二)-e", "七(二)-g")
def test_a_replaced_team_shows_both_the_reason_and_the_slip_of_the_amendment(client):
    one = make_dispatched(make_unit())[0]
    leaving = team_of(one)[1]
    asked = replacements.ask(
        draw=one.draw,
        reason="I_LEAVE",
        evidence="请假条",
        by=make_planner(one.unit),
        picks=[one.pick],
        inspector=leaving,
    )
    replacements.approve(request=asked, by=make_approver(one.unit), document_no="明环审〔2026〕5号")
    said = page_of(client, one).content.decode()
    slip = visit_slips.slip_of(Pick.objects.get(pk=one.pick_id))

    assert "更换当天就定下了" in said and "明环审〔2026〕5号" in said and leaving.name in said
    assert slip.digest in ssj1.parse_slips(slips_text(one, 1)).slips
    assert f"/draws/{one.draw.draw_id}/slips-1.txt" in said


@pytest.mark.clause("七(二)-e")
def test_a_visit_taken_off_the_list_is_void(client):
    one = make_dispatched(make_unit())[0]
    asked = replacements.ask(
        draw=one.draw,
        reason="O_HALT",
        evidence="停产",
        by=make_planner(one.unit),
        picks=[one.pick],
        **grounds("O_HALT", one.pick),
    )
    replacements.approve(request=asked, by=make_approver(one.unit), document_no="明环审〔2026〕6号")

    said = page_of(client, one).content.decode()

    assert "这次检查已经取消" in said and "明环审〔2026〕6号" in said and "这次检查是真的" not in said


def test_a_finished_visit_says_so_and_a_visit_that_is_not_random_has_no_slip(client):
    one = make_dispatched(make_unit())[0]
    actions.accept(inspection=one, by=team_of(one)[0].user)
    finish(answer_all(start(one)))
    assert "已经结束" in page_of(client, one).content.decode()
    other = make_inspection(one.unit, no=f"{one.unit.code}-2026Q3-0999")
    said = page_of(client, other).content.decode()
    assert "投诉举报" in said and "抽取当天" not in said


@pytest.mark.clause("七(五)-j")
def test_the_notice_carries_the_code_the_people_and_the_slip(client):
    one = make_dispatched(make_unit())[0]
    said = notice.notice_html(Inspection.objects.get(pk=one.pk), site="https://example.test")
    slip = visit_slips.slip_of(one.pick)
    for fact in (one.facility.name, slip.line, slip.digest, f"https://example.test/v/{one.visit_code}/"):
        assert fact in said
    for person in team_of(one):
        assert f"{person.name}（{person.certificate_no}）" in said


def test_the_notice_is_for_the_team_and_the_circle(client):
    one = make_dispatched(make_unit())[0]
    for user, status in (
        (make_planner(one.unit), 200),
        (team_of(one)[0].user, 200),
        (make_planner(make_unit("210503")), 404),
    ):
        client.force_login(user)
        assert client.get(f"/desk/tasks/{one.no}/notice.pdf").status_code == status


def test_the_page_asks_the_database_little(client):
    one = make_dispatched(make_unit())[0]
    page_of(client, one)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(client, one)
    assert len(queries) <= 20, [q["sql"][:90] for q in queries]


@pytest.mark.clause("一-e", "0-b")
def test_the_notice_and_the_code_name_the_papers_to_lay_ready_and_what_the_work_rests_on(client):
    unit = make_unit()
    basis_actions.load_starting_bases(by=make_lead_office())
    one = make_dispatched(unit)[0]
    first, *_ = asked = list(InspectionItem.objects.filter(pk__in=one.answers.values("item")).order_by("code"))
    assert notice.notice_facts(one).materials == ()
    for item in asked:
        item.materials = f"排污许可证、{item.code} 运行记录"
        item.save(update_fields=["materials"])

    facts = notice.notice_facts(one)

    assert facts.materials == ("排污许可证", *(f"{item.code} 运行记录" for item in asked))
    assert [ground[:12] for ground in facts.grounds][1:2] == ["《关于进一步加强生态环境"]
    page, paper = page_of(client, one).content.decode(), notice.notice_html(one, site="https://example.test")
    for said in (page, paper):
        assert "备查资料" in said and f"{first.code} 运行记录" in said
    assert all(ground in paper for ground in facts.grounds) and "工作依据" in paper


@pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")
def test_a_notice_with_eight_items_fits_one_page():
    one = make_dispatched(make_unit())[0]
    facts = replace(
        notice.notice_facts(one),
        items=tuple(f"{name}运行和管理情况" for name in "甲乙丙丁戊己庚辛"),
        bases=("《中华人民共和国环境保护法》第二十四条、第四十二条、第四十七条",) * 4,
        grounds=("《关于进一步加强生态环境“双随机、一公开”监管工作的指导意见》（环办执法〔2021〕18号）",) * 3,
        materials=("排污许可证正本和副本", "自行监测方案和报告", "危险废物管理计划和台账") * 5,
    )
    paper = render_to_string(
        "documents/notice.html",
        {
            "facts": facts,
            "code": code_of("https://example.test/v/B0OOR54dl6xfkGol/"),
            "address": "https://example.test",
        },
    )
    with pikepdf.open(io.BytesIO(pdf.render(paper))) as made:
        assert len(made.pages) == 1
