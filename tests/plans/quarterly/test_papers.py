"""The plan as PDF and Word, read back (六(一)2, ui.md 8)."""

import io
import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from docx import Document

from benxi_shuangsuiji.documents import official, pdf
from plans.quarterly import papers
from plans.quarterly.public_facts import PlanFacts
from tests.browsing import enter
from tests.factories import make_planner, make_unit
from tests.plans.factories import make_plan

pytestmark = pytest.mark.django_db


def paper(at, **fields):
    now = at("2026-07-02 09:00")
    plan = make_plan(**fields)
    facts = PlanFacts.of(plan, now=now).as_snapshot()
    return papers.plan_paper(facts, number="公示编号 210504-2026Q3", dated=now.date(), made_at=now.isoformat())


@pytest.mark.clause("六(一)2-c", "六(一)2-d", "六(一)2-e", "六(一)2-f")
def test_word_has_real_headings_the_official_page_and_all_that_the_plan_must_say(at):
    document = Document(io.BytesIO(official.as_docx(paper(at))))

    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == [
        "一、检查对象和抽查家数",
        "二、抽查事项",
        "三、检查单位和检查方式",
        "四、抽取和检查时间",
        "五、公开",
        "六、依据",
    ]
    assert [p.text for p in document.paragraphs if p.style.name == "Title"] == ["明山分局 2026 年第三季度抽查工作计划"]
    section = document.sections[0]
    millimetres = [round(v.mm) for v in (section.top_margin, section.left_margin, section.right_margin)]
    assert millimetres == [37, 28, 26]
    strata, items = document.tables
    assert [cell.text for cell in strata.columns[0].cells] == [
        "检查对象",
        "重点监管对象",
        "一般监管对象",
        "特殊监管对象",
    ]
    assert len(items.rows) > 5
    text = "\n".join(p.text for p in document.paragraphs)
    assert "检查单位为本溪市生态环境局明山分局" in text
    assert re.findall(r":[0-9]{2}[一-鿿]+", text) == []  # 21:30 开出, 18:00 公开
    assert "根据《本溪市生态环境执法“双随机、一公开”工作实施方案（试行）》和" in text
    assert "停售或者延期的，这次抽取作废，重新封存，改用" in text
    assert (
        document.styles["Normal"].element.rPr.rFonts.get(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
        )
        == "仿宋_GB2312"
    )


def test_the_title_is_never_broken_inside_its_version(at):
    second = replace(paper(at), title="全市 2026 年第三季度抽查工作计划汇总（第 2 版）")
    assert second.title_parts == ("全市 2026 年第三季度抽查工作计划汇总", "（第 2 版）")
    laid = render_to_string("documents/official.html", {"paper": second})
    assert '汇总<span class="whole">（第 2 版）</span></h1>' in laid


def test_the_same_facts_give_the_same_pdf(at):
    if not pdf.available():
        pytest.skip("本机没有 Pango")
    one = paper(at)
    official.as_pdf.cache_clear()
    first = official.as_pdf(one)
    official.as_pdf.cache_clear()

    assert first.startswith(b"%PDF") and official.as_pdf(one) == first


def test_staff_download_a_draft_that_says_that_it_is_one_and_another_unit_finds_nothing(client, at):
    at("2026-07-02 09:00")
    plan = make_plan()
    enter(client, make_planner(plan.unit))

    answer = client.get(f"{plan.get_absolute_url()}plan.docx")

    assert answer["Content-Type"] == official.DOCX
    text = "\n".join(p.text for p in Document(io.BytesIO(answer.content)).paragraphs)
    assert "草稿，没有公开" in text and "（未公开）" in text
    enter(client, make_planner(make_unit("210503")))
    assert client.get(f"{plan.get_absolute_url()}plan.docx").status_code == 404
