"""What we hand out: text stays text, choices drop down, faults are marked (X27, P21)."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, marked_copy, table

HOSTILE = ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+1", "<script>", "{{7*7}}", "9.12105E+17"]


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_a_formula(text):
    cell = opened(table(sheet="表", columns=[OutColumn("列")], rows=[[text]])).active["A2"]
    assert (cell.value, cell.data_type, cell.quotePrefix, cell.number_format) == (text, "s", True, "@")


def test_values_keep_their_kind_and_bad_characters_are_replaced():
    row = [date(2026, 7, 1), 3, Decimal("123.5"), True, None, "a\x0bb"]
    sheet = opened(table(sheet="表", columns=[OutColumn(str(n)) for n in range(6)], rows=[row])).active
    assert [c.value for c in sheet[2]] == [sheet["A2"].value, 3, 123.5, "是", None, "a\ufffdb"]
    assert (sheet["A2"].value.date(), sheet["A2"].number_format) == (date(2026, 7, 1), "yyyy-mm-dd")


def test_choices_drop_down_and_typing_rows_are_text():
    content = table(sheet="表", columns=[OutColumn("类别", choices=("重点", "一般"), hint="选一项")], rows_prepared=20)
    book = opened(content)
    rule = book["表"].data_validations.dataValidation[0]
    assert (rule.type, rule.formula1, str(rule.sqref)) == ("list", "选项!$A$2:$A$3", "A2:A21")
    assert book["表"]["A21"].number_format == "@"
    assert book["选项"].sheet_state == "hidden"


def test_a_marked_copy_shows_where_and_what():
    content = table(sheet="表", columns=[OutColumn("名称"), OutColumn("代码")], rows=[["甲", "1"], ["乙", "2"]])
    sheet = opened(
        marked_copy(content, sheet="表", faults={(3, 2): "应为 18 位"}, remarks={3: "代码：应为 18 位"})
    ).active
    assert sheet["B3"].fill.start_color.rgb == "00F6C9C3"
    assert sheet["B3"].comment.text == "应为 18 位"
    assert sheet["C3"].value == "代码：应为 18 位"
    assert sheet["B2"].comment is None


def test_a_marked_copy_holds_no_formula():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "名称", "=1+1"
    out = io.BytesIO()
    book.save(out)
    sheet = opened(marked_copy(out.getvalue(), sheet="Sheet", faults={(2, 1): "公式"}, remarks={})).active
    assert (sheet["A2"].value, sheet["A2"].data_type) == ("=1+1", "s")
