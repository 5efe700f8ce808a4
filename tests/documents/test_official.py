"""Official documents as PDF and as Word: figures in the middle, one language, titles without line breaks (ui.md 8)."""

import io

import docx
import pypdfium2
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


def test_a_long_title_and_a_long_red_head_break_no_word():
    """GB/T 9704 7.2.4, 7.3.1: the head in one line; a title in lines of about one length, each whole words."""
    quarter = paper(title="2026 年第一季度“双随机、一公开”工作情况通报", issuer="本溪市示例生态环境综合行政执法队")
    assert quarter.title_lines == ("2026 年第一季度", "“双随机、一公开”工作情况通报")
    report = paper(title="示例冰葡萄酒庄有限公司涉企行政执法检查结果报告（第 2 版）")
    assert report.title_lines == ("示例冰葡萄酒庄有限公司", "涉企行政执法检查结果报告")
    assert paper().title_lines == ("汇总",) and paper().issuer_size == 30
    with pypdfium2.PdfDocument(official.as_pdf(quarter)) as made:
        lines = made[0].get_textpage().get_text_range().splitlines()
    assert lines[0] == quarter.issuer and quarter.title_lines[1] in lines


def test_a_figure_of_a_table_of_many_columns_stays_whole():
    head = ("指标", *(f"单位{n}" for n in range(9)))
    wide = Table("各单位的工作指标", head, (("结果公开率", *["33.3%*"] * 9),), (20, 8, *[9] * 8))
    with pypdfium2.PdfDocument(official.as_pdf(paper(blocks=(wide,)))) as made:
        words = made[0].get_textpage().get_text_range()
    assert words.count("33.3%*") == 9


def test_word_knows_the_text_as_chinese():
    styles = docx.Document(io.BytesIO(official.as_docx(paper()))).styles.element
    assert {language.get(qn("w:eastAsia")) for language in styles.iter(qn("w:lang"))} == {"zh-CN"}


def test_the_title_of_a_form_is_one_line():
    form = filled.Filled("明山分局", "行政检查通知书", "210504-1", "", (), "", "2026-07-06T10:00:00+08:00")
    assert "<title>行政检查通知书</title>" in filled.as_html(form)
