"""The code on the notice: genuine or not, and the proof that the draw fixed this visit and this team (SSJ1 14.5)."""

import hashlib
import io
import re
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents import filled, pdf
from benxi_shuangsuiji.documents.filled import Line, Text
from benxi_shuangsuiji.policy.discipline import FIVE
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks import issuer, visit_codes
from inspections.codes import tries
from inspections.codes.actions import keep_phone
from inspections.frequency.counts import turn_of
from inspections.models import PaperKind, Try
from inspections.paperwork import layouts, papers
from inspections.paperwork.notice_papers import NoticeFacts
from inspections.replacements import actions as replacements
from inspections.service import bodies
from plans.draw import ssj1, visit_slips
from plans.lists import starting as basis_actions
from plans.models import DrawDocument, InspectionItem, Pick
from tests.browsing import post, signed_in
from tests.documents.page_validation import faults
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit
from tests.inspections.factories import (
    answer_all,
    approve,
    finish,
    issued,
    make_dispatched,
    make_finished,
    make_inspection,
    ready,
    start,
    team_of,
)
from tests.plans.amendments.factories import grounds

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


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


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.mark.clause("七(五)-i")
@pytest.mark.parametrize(
    "typed",
    [
        "{0} {1} {2}",
        "{0}-{1}-{2}",
        " {0}{1}{2} ",
        "{0}–{1}\u3000{2}",
    ],
)
def test_a_code_is_read_as_people_write_it(client, typed):
    one = make_inspection()
    given = typed.format(*one.code_groups)
    for form in (
        given,
        given.lower(),
        given.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789ABCDEFGHJKLMNPQRTUWXY"}),
    ):
        answer = client.get("/v/", {"code": form}, follow=True)
        assert answer.redirect_chain[-1][0] == f"/v/{one.visit_code}/" and "这次检查是真的" in words_of(answer)


def test_letters_that_look_like_figures_are_read_as_those():
    code = "0152" + "0" * 7
    code += visit_codes.check_character(code)
    assert visit_codes.read("OISZ" + code[4:]) == code and not visit_codes.why_not(code)
    assert visit_codes.grouped("7KQ4MW9T2HAY") == "7KQ4 MW9T 2HAY" and not visit_codes.why_not("7KQ4MW9T2HAY")


def test_every_code_is_drawn_of_31_characters_with_its_check_character():
    made = {visit_codes.by_chance() for _ in range(500)}
    assert len(made) == 500 and all(len(code) == 12 and not visit_codes.why_not(code) for code in made)
    assert set("".join(made)) == set("0123456789ABCDEFGHJKLMNPQRTUWXY")


@pytest.mark.parametrize(
    "typed, words",
    [
        ("", "填写检查通知书右上角的检查码"),
        ("7KQ4 MW9T 2HA", "检查码是 12 位，现在是 11 位"),
        ("7KQ4 MW9T 2HAY9", "检查码是 12 位，现在是 13 位"),
        ("7KQ4 MW9T 2HAV", "检查码里没有 V"),
        ("7KQ4 MWQT 2HAY", "检查码对不上校验位，对照通知书三组逐位再看"),
    ],
)
def test_a_slip_of_the_finger_is_said_calmly_and_looked_up_nowhere(client, typed, words):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/v/", {"code": typed})
    said = words_of(answer)
    assert words in said and "不必接受" not in said and "这不是我局" not in said
    assert not [q for q in queries if "inspections_inspection" in q["sql"]] and not Try.objects.exists()
    assert client.get("/v/7KQ4MWQT2HAY/").status_code == 404 and not Try.objects.exists()


@pytest.mark.clause("七(五)-i")
def test_an_unknown_code_names_whom_to_ring_and_misses_shut_out_no_genuine_one(client):
    one = make_dispatched(make_unit())[0]
    keep_phone(unit=one.unit, day="024-00001204", night="", by=make_approver(one.unit))
    for _ in range(tries.MOST[Try.Kind.UNKNOWN_CODE]):
        answer = client.get(f"/v/{visit_codes.by_chance()}/")
        said = words_of(answer)
        assert answer.status_code == 404 and "没有查到这个检查码" in said and "024-00001204" in said
        assert "不必接受" not in said and "不用接受" not in said
    answer = client.get(f"/v/{visit_codes.by_chance()}/")
    assert answer.status_code == 429 and "这个网络刚才试错了很多次" in words_of(answer)
    assert client.get(f"/v/{visit_codes.by_chance()}/", REMOTE_ADDR="192.0.2.7").status_code == 404

    response = page_of(client, one)

    assert response.status_code == 200 and one.facility.name in words_of(response)


def test_a_miss_is_forgotten_after_ten_minutes_and_keeps_no_address(client, at):
    client.get(f"/v/{visit_codes.by_chance()}/")
    kept = Try.objects.get()
    assert "127.0.0.1" not in kept.caller and len(kept.caller) == 32
    Try.objects.update(at=kept.at - tries.WINDOW - timedelta(seconds=1))
    client.get(f"/v/{visit_codes.by_chance()}/")
    assert Try.objects.count() == 1


def test_the_entry_is_linked_from_home_and_contact(client):
    for address in ("/", "/contact/"):
        assert 'href="/v/"' in client.get(address).content.decode()


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
    ready(one)
    finish(answer_all(start(one)))
    assert "已经结束" in page_of(client, one).content.decode()
    other = make_inspection(one.unit, no=f"{one.unit.code}-2026Q3-0999")
    said = page_of(client, other).content.decode()
    assert "投诉举报" in said and "抽取当天" not in said


def notice_of(inspection):
    return papers.paper_of(issued(inspection), PaperKind.NOTICE, site="https://example.test")


@pytest.mark.clause("七(五)-j")
def test_the_notice_carries_the_code_the_people_and_the_slip(client):
    one = make_dispatched(make_unit())[0]
    said = filled.as_html(notice_of(one))
    slip = visit_slips.slip_of(one.pick)
    for fact in (one.facility.name, slip.line, slip.digest, " ".join(one.code_groups)):
        assert fact in said
    for person in team_of(one):
        assert f"{person.name}（{person.certificate_no}）" in said


def test_the_notice_is_for_the_team_and_the_circle(client):
    one = issued(make_dispatched(make_unit())[0])
    for user, status in (
        (make_planner(one.unit), 200),
        (team_of(one)[0].user, 200),
        (make_planner(make_unit("210503")), 404),
    ):
        client.force_login(user)
        assert client.get(f"/desk/tasks/{one.no}/papers/notice.pdf").status_code == status


def test_the_page_asks_the_database_little(client):
    one = make_dispatched(make_unit())[0]
    page_of(client, one)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page_of(client, one)
    assert len(queries) <= 26, [q["sql"][:90] for q in queries]


@pytest.mark.clause("一-e", "0-b")
def test_the_notice_and_the_code_name_the_papers_to_lay_ready_and_what_the_work_rests_on(client):
    unit = make_unit()
    basis_actions.load_starting_bases(by=make_lead_office())
    one = make_dispatched(unit)[0]
    first, *_ = asked = list(InspectionItem.objects.filter(pk__in=one.answers.values("item")).order_by("code"))
    assert NoticeFacts(one).of("materials") == ""
    for item in asked:
        item.materials = f"排污许可证、{item.code} 运行记录"
        item.save(update_fields=["materials"])

    facts = NoticeFacts(one)

    assert facts.of("materials") == "、".join(["排污许可证", *(f"{item.code} 运行记录" for item in asked)])
    assert facts.of("grounds").split("；")[1].startswith("《关于进一步加强生态环境")
    page, paper = page_of(client, one).content.decode(), filled.as_html(notice_of(one))
    for said, head in ((page, "要准备的材料"), (paper, "备查资料")):
        assert head in said and f"{first.code} 运行记录" in said
    assert facts.of("grounds") in paper and "工作依据" in paper


@pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")
def test_a_notice_with_eight_items_fits_one_sheet():
    paper = notice_of(make_dispatched(make_unit())[0])
    words = {
        "检查事项": "；".join(f"{n}. {name}运行和管理情况" for n, name in enumerate("甲乙丙丁戊己庚辛", 1)),
        "检查依据": "；".join(["《中华人民共和国环境保护法》第二十四条、第四十二条、第四十七条"] * 4),
        "工作依据": "；".join(["《关于进一步加强“双随机、一公开”监管工作的指导意见》（环办执法〔2021〕18号）"] * 3),
        "备查资料": "、".join(["排污许可证正本和副本", "自行监测方案和报告", "危险废物管理计划和台账"] * 5),
    }
    labels = [label for _, label in layouts.DEFAULTS[PaperKind.NOTICE].fields]
    kept = {b.cells[0][0] if isinstance(b, Line) else b.label: b for b in paper.blocks if isinstance(b, (Line, Text))}
    kept |= {label: Line(((label, text),)) for label, text in words.items()}
    rows = [kept[label] for label in labels if label in kept]
    content = filled.as_pdf(replace(paper, blocks=(paper.blocks[0], *rows, *paper.blocks[-3:])))
    assert faults(content) == []
    with pikepdf.open(io.BytesIO(content)) as made:
        assert len(made.pages) == 1


@pytest.mark.clause("七(五)-j", "五-2a")
def test_the_notice_says_why_how_often_and_what_nobody_may_do():
    one = make_dispatched(make_unit())[0]
    said = filled.as_html(notice_of(one))
    assert "按年度随机抽查工作计划" in said and "2026 年第 1 次入企检查" in said
    assert " ".join(one.code_groups) in said and "https://example.test/v/" in said
    assert f"https://example.test/e/{one.enterprise_links.get().token}/" in said
    rules = "".join(f"{strictly}，{'，'.join(nots)}。" for strictly, nots in FIVE)
    assert rules in said and (rules.count("严禁"), rules.count("不得")) == (5, 8)


@pytest.mark.clause("五-2a")
def test_whose_name_and_seal_a_branch_s_papers_carry_is_set_by_a_document(at):
    team, office = make_city_team(), make_lead_office()
    one = make_inspection(make_unit())
    assert issuer.issuer_of(one) == issuer.Issuer(team.name, one.unit.name)
    with pytest.raises(Refused, match="牵头部门"):
        bodies.set_body(
            body="BRANCH", document="本环发〔2026〕3号", valid_from=clock.today(), by=make_planner(one.unit)
        )
    with pytest.raises(Refused, match="不能早于今天"):
        early = clock.today() - timedelta(days=1)
        bodies.set_body(body="BRANCH", document="本环发〔2026〕3号", valid_from=early, by=office)
    browser = signed_in(office)
    given = {"body": "BRANCH", "document": "本环发〔2026〕3号", "valid_from": clock.today().isoformat()}
    assert post(browser, "/desk/papers/body/", **given).status_code == 302
    assert "本环发〔2026〕3号" in words_of(browser.get("/desk/papers/body/"))
    assert issuer.issuer_of(make_inspection(one.unit)) == issuer.Issuer(one.unit.name, "")
    assert notice_of(make_inspection(one.unit)).blocks[-1].signs[-1].name == one.unit.name


@pytest.mark.clause("一-e")
def test_how_many_times_the_enterprise_was_visited_counts_what_it_has_seen_itself(client):
    first = make_finished()
    again = make_inspection(first.unit, facility=first.facility)
    waiting = make_inspection(first.unit, facility=first.facility)
    assert turn_of(again).n == 2 and turn_of(again).last == (localtime(first.started_at).date(), "投诉举报")
    said = words_of(page_of(client, again))
    assert "第 2 次" in said and "投诉举报" in said and waiting.no not in said
    assert turn_of(first).n == 1 and turn_of(first).last is None


@pytest.mark.clause("七(五)-d", "七(五)-i")
def test_a_genuine_visit_on_another_day_or_not_yet_approved_is_told_to_ring(client, at):
    one = make_inspection(approved=False)
    assert "这次检查是真的，还没有批准" in words_of(page_of(client, one))
    today = clock.today()
    approve(one, first_day=today + timedelta(days=3), last_day=today + timedelta(days=3))
    said = words_of(page_of(client, one))
    assert f"定在 {full_date(today + timedelta(days=3))}" in said and "今天来的，打电话核实" in said
    assert "不用接受" not in said
    assert "打电话核实。" not in words_of(page_of(client, make_inspection(one.unit)))
