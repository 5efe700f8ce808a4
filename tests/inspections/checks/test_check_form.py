"""行政执法检查登记表: what stands on it, that it fits a page, and who may have it (七(五)-e, domain.md 3.2 (e))."""

import re
from dataclasses import replace

import pypdfium2
import pytest

from benxi_shuangsuiji.documents import filled, pdf
from benxi_shuangsuiji.documents.filled import Picks, Text
from inspections.checks.papers import summed
from inspections.models import Answer, Mode, PaperKind
from inspections.paperwork import papers
from tests.documents.page_validation import faults
from tests.documents.reading import text_of, words_of
from tests.factories import make_disclosure_officer, make_observer, make_planner, make_registrar, make_supervisor
from tests.inspections.factories import make_finished, make_published, make_started, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")]
FINDING = "危险废物贮存间（东侧）有 2 只吨桶未张贴识别标签，其余 11 只齐全。" * 4


def form_of(inspection):
    return papers.paper_of(inspection, PaperKind.FORM)


def with_finding(paper, words):
    blocks = (replace(b, text=words) if isinstance(b, Text) and b.label == "检查情况" else b for b in paper.blocks)
    return replace(paper, blocks=tuple(blocks))


def pages(content):
    with pypdfium2.PdfDocument(content) as paper:
        return len(paper)


@pytest.mark.clause("七(五)-e")
def test_the_form_holds_the_facts_of_the_visit():
    inspection = make_finished(problem="吨桶未贴标签")
    leader, member = team_of(inspection)
    paper = form_of(inspection)

    words = text_of(filled.as_pdf(paper))

    for fact in (
        f"编号：{inspection.no}",
        "行政执法检查登记表",
        inspection.facility.name,
        "一般监管对象",
        "松岭路18号",
        "2026年7月6日9时30分至10时00分",
        f"{leader.name}（组长，",
        f"执法证{leader.certificate_no}",
        f"执法证{member.certificate_no}",
        "执法记录仪：BX-MS-07（检查人员声明）；9时31分已出示执法证件",
        "1.污染防治设施运行情况",
        "2.固体废物及危险废物管理情况",
        "吨桶未贴标签",
        "责令2026年7月20日前改正，到期复查",
        "以上情况属实。",
        f"电子档指纹{paper.digest.replace(' ', '')}",
        "第1页，共1页",
    ):
        assert fact in words, fact


@pytest.mark.clause("七(五)-e")
def test_the_boxes_say_what_was_answered():
    paper = form_of(make_finished(problem="未贴标签"))
    way, items = (block for block in paper.blocks if isinstance(block, Picks))
    assert [[on for _, on in choices] for _, choices, _ in (*way.rows, *items.rows)] == [
        [False, True],
        [True, False, False],
        [False, True, False],
    ]
    page = filled.as_html(paper)
    assert page.count('class="box on"') == 3 and page.count('class="box"') == 5
    assert not set(page) & set("□■☐☑☒")  # drawn, so that no face need have them


def test_an_offsite_check_says_that_nobody_went():
    words = words_of(form_of(make_finished(mode=Mode.OFFSITE)))
    assert "非现场检查，没有进入现场。在线监控：废气排口小时均值，" in words


@pytest.mark.parametrize(
    ("answers", "whole"),
    [
        (["NONE_FOUND", "FOUND", ""], "FOUND"),
        (["NONE_FOUND", "NOT_APPLICABLE"], "NONE_FOUND"),
        (["NOT_APPLICABLE", "NOT_APPLICABLE"], "NOT_APPLICABLE"),
        (["NONE_FOUND", ""], ""),
        ([], ""),
    ],
)
def test_an_items_points_are_summed(answers, whole):
    assert summed(answers) == whole


@pytest.mark.parametrize("items", [1, 9])
def test_a_finding_of_150_characters_fits_on_one_page(items):
    paper = with_finding(form_of(make_finished()), FINDING[:150])
    boxes = tuple((answer.label, answer == Answer.FOUND) for answer in Answer)
    rows = tuple((f"{n}. 固体废物及危险废物管理情况", boxes, "") for n in range(1, items + 1))
    blocks = (Picks(b.label, rows) if isinstance(b, Picks) and b.rows[0][0] else b for b in paper.blocks)
    content = filled.as_pdf(replace(paper, blocks=tuple(blocks), small=items > papers.MANY))
    assert pages(content) == 1 and faults(content) == []


def test_a_longer_one_goes_on_with_the_head_repeated():
    paper = with_finding(form_of(make_finished()), FINDING * 10)
    content = filled.as_pdf(paper)
    assert pages(content) > 1
    assert text_of(content).count(re.sub(r"\s", "", paper.left)) == pages(content)


def test_the_same_facts_give_the_same_paper_and_other_facts_another_digest():
    paper = form_of(make_finished())
    assert replace(paper, address="https://example.test/", foot=("扫码",)).digest == paper.digest
    assert with_finding(paper, "另一句").digest != paper.digest
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", paper.digest)


def test_markup_in_the_words_stays_words():
    paper = with_finding(form_of(make_finished()), '<img src="http://127.0.0.1/x"><script>alert(1)</script>')
    assert '<imgsrc="http://127.0.0.1/x">' in text_of(filled.as_pdf(paper))


def address(inspection):
    return f"/desk/tasks/{inspection.no}/papers/form.pdf"


def test_the_team_the_planner_and_the_supervisor_get_it_as_an_attachment(client):
    inspection = make_finished()
    for user in (team_of(inspection)[1].user, make_planner(inspection.unit), make_supervisor()):
        client.force_login(user)
        response = client.get(address(inspection))
        assert response.status_code == 200
        assert response.content.startswith(b"%PDF-")
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["Cache-Control"] == "private, no-store"
        assert inspection.facility.name not in response["Content-Disposition"]


@pytest.mark.parametrize("status", ["started", "finished", "published"])
def test_nobody_else_gets_it_whatever_its_state(client, status):
    inspection = {"started": make_started, "finished": make_finished, "published": make_published}[status]()
    strangers = team_of(make_started(inspection.unit))
    for user in (
        make_registrar(inspection.unit),
        make_disclosure_officer(inspection.unit),
        make_observer(),
        strangers[0].user,
    ):
        client.force_login(user)
        assert client.get(address(inspection)).status_code in (403, 404)
    client.logout()
    assert client.get(address(inspection)).status_code == 302


def test_there_is_no_form_before_the_end_of_the_check(client):
    inspection = make_started()
    client.force_login(make_planner(inspection.unit))
    assert "检查提交以后生成。" in client.get(address(inspection), follow=True).content.decode()


def test_without_pango_the_page_says_so(client, monkeypatch):
    inspection = make_finished()

    def missing(*args, **kwargs):
        raise pdf.PdfUnavailable(pdf.MISSING)

    monkeypatch.setattr(pdf, "render", missing)
    client.force_login(make_planner(inspection.unit))
    response = client.get(address(inspection), follow=True)
    assert response.status_code == 200
    assert "缺少 Pango" in response.content.decode()
