"""行政执法检查登记表: what stands on it, that it fits a page, and who may have it (七(五)-e, domain.md 3.2 (e))."""

import io
import re
import shutil
import subprocess
from dataclasses import replace

import pikepdf
import pytest

from benxi_shuangsuiji.documents import pdf
from inspections.checks import papers as documents
from inspections.checks.papers import ItemResult
from inspections.models import Answer, Mode
from tests.documents.page_validation import faults
from tests.factories import make_disclosure_officer, make_observer, make_planner, make_registrar, make_supervisor
from tests.inspections.factories import make_finished, make_published, make_started, team_of

pytestmark = [pytest.mark.django_db, pytest.mark.skipif(not pdf.available(), reason="本机没有 Pango")]
FINDING = "危险废物贮存间（东侧）有 2 只吨桶未张贴识别标签，其余 11 只齐全。" * 4


def pages(content):
    with pikepdf.open(io.BytesIO(content)) as paper:
        return len(paper.pages)


def text_of(content):
    if not shutil.which("pdftotext"):
        pytest.skip("本机没有 pdftotext")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return re.sub(r"\s+", "", done.stdout.decode())


@pytest.mark.clause("七(五)-e")
def test_the_form_holds_the_facts_of_the_visit():
    inspection = make_finished(problem="吨桶未贴标签")
    leader, member = team_of(inspection)
    facts = documents.check_form_facts(inspection)

    words = text_of(documents.check_form_pdf(facts))

    for fact in (
        f"编号：{inspection.no}",
        "行政执法检查登记表",
        inspection.facility.name,
        "一般监管对象",
        "松岭路18号",
        "2026年7月6日9时30分至10时00分",
        f"组长：{leader.name}（{leader.certificate_no}）",
        f"组员：{member.name}（{member.certificate_no}）",
        "执法记录仪：BX-MS-07；9时31分已出示执法证件",
        "1.污染防治设施运行情况",
        "2.固体废物及危险废物管理情况",
        "吨桶未贴标签",
        "责令2026年7月20日前改正，到期复查",
        "以上情况属实。",
        f"电子档指纹{facts.digest.replace(' ', '')}",
        "第1页，共1页",
    ):
        assert fact in words, fact


def test_an_offsite_check_says_that_nobody_went():
    facts = documents.check_form_facts(make_finished(mode=Mode.OFFSITE))
    assert (facts.mode, facts.shown) == ("OFFSITE", "非现场检查，没有进入现场。在线监控数据：废气排口小时均值。")


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
    assert documents.summed(answers) == whole


@pytest.mark.parametrize("items", [1, 4, 9])
def test_a_finding_of_150_characters_fits_on_one_page(items):
    facts = replace(
        documents.check_form_facts(make_finished()),
        finding=FINDING[:150],
        items=tuple(ItemResult("固体废物及危险废物管理情况", Answer.FOUND) for _ in range(items)),
        remark="记录：江予白　上传：2026-05-11 11:40　审核：贺清川，2026-05-12 09:10",
    )
    content = documents.check_form_pdf(facts)
    assert pages(content) == 1 and faults(content) == []


def test_a_longer_one_goes_on_with_the_head_repeated():
    facts = replace(documents.check_form_facts(make_finished()), finding=FINDING * 10)
    content = documents.check_form_pdf(facts)
    assert pages(content) > 1
    assert text_of(content).count(f"编号：{facts.no}") == pages(content)


def test_the_same_facts_give_the_same_paper_and_other_facts_another_digest():
    facts = documents.check_form_facts(make_finished())
    assert documents.check_form_pdf(facts) == documents.check_form_pdf(facts)
    assert replace(facts, decision="立案查处。").digest != facts.digest
    assert re.fullmatch(r"([0-9a-f]{4} ){3}[0-9a-f]{4}", facts.digest)


def test_markup_in_the_words_stays_words():
    facts = replace(
        documents.check_form_facts(make_finished()), finding='<img src="http://127.0.0.1/x"><script>alert(1)</script>'
    )
    assert '<img src="http://127.0.0.1/x">' in text_of(documents.check_form_pdf(facts)).replace("imgsrc", "img src")


def address(inspection):
    return f"/desk/tasks/{inspection.no}/check-form.pdf"


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
    assert client.get(address(inspection)).status_code == 404


def test_without_pango_the_page_says_so(client, monkeypatch):
    inspection = make_finished()

    def missing(*args, **kwargs):
        raise pdf.PdfUnavailable(pdf.MISSING)

    monkeypatch.setattr(documents.pdf, "render", missing)
    client.force_login(make_planner(inspection.unit))
    response = client.get(address(inspection), follow=True)
    assert response.status_code == 200
    assert "缺少 Pango" in response.content.decode()
