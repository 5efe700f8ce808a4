"""Official documents as PDF and as Word: figures in the middle, one language, titles without line breaks (ui.md 8)."""

import io

import docx
from django.template.loader import render_to_string
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from benxi_shuangsuiji.documents import filled, official
from benxi_shuangsuiji.documents.official import Official, Table

TABLE = Table(
    "各单位（家）",
    ("单位", "计划", "比例", "说明", "没有"),
    (("明山分局", "12 / 48", "25%", "见 2 号文", ""), ("合计", "—", "8.5%", "", "")),
    (30, 20, 20, 20, 10),
)


def paper(**more) -> Official:
    given = {
        "issuer": "本溪市示例单位",
        "number": "一号",
        "title": "汇总",
        "blocks": (TABLE,),
        "signed": "本溪市示例单位",
    }
    return Official(**given | {"dated": "2026 年 7 月 1 日", "made_at": "2026-07-01T09:00:00+08:00"} | more)


def test_a_column_of_figures_is_one_in_which_nothing_else_stands():
    assert TABLE.figures == (False, True, True, False, False)


def test_figures_stand_in_the_middle_on_paper_and_in_word():
    html = render_to_string("documents/official.html", {"paper": paper()})
    assert '<td class="figure">12 / 48</td>' in html and "<td>见 2 号文</td>" in html
    table = docx.Document(io.BytesIO(official.as_docx(paper()))).tables[0]
    assert [cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER for cell in table.rows[1].cells] == [
        *TABLE.figures
    ]
    assert all(cell.paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.CENTER for cell in table.rows[0].cells)


def test_word_knows_the_text_as_chinese():
    styles = docx.Document(io.BytesIO(official.as_docx(paper()))).styles.element
    assert {language.get(qn("w:eastAsia")) for language in styles.iter(qn("w:lang"))} == {"zh-CN"}


def test_the_title_of_a_form_is_one_line():
    form = filled.Filled("明山分局", "行政检查通知书", "210504-1", "", (), "", "2026-07-06T10:00:00+08:00")
    assert "<title>行政检查通知书</title>" in filled.as_html(form)
