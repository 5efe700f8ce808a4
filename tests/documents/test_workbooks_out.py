"""What we hand out: text stays text, choices drop down (X27, P21)."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_table, table

HOSTILE = ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+1", "<script>", "{{7*7}}", "9.12105E+17"]


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.mark.promise("P21")
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


# --- on paper ---------------------------------------------------------------------------------------------------------

WIDE = [OutColumn(f"第 {n} 列", 20) for n in range(1, 31)]


def scale_of(sheet) -> float:
    """By how much a spreadsheet program makes the sheet smaller for its paper, from widths of 7 pixels at 96 to the inch."""
    if not sheet.sheet_properties.pageSetUpPr.fitToPage:
        return sheet.page_setup.scale / 100
    paper = {"8": 420, "9": 297}[str(sheet.page_setup.paperSize)]
    free = paper - 25.4 * (sheet.page_margins.left + sheet.page_margins.right)
    wide = sum(d.width for d in sheet.column_dimensions.values()) * 7 / 96 * 25.4
    return min(1, free / wide)


def both(columns, rows, **more):
    """The same table as it is written at once and row by row."""
    rows = list(rows)
    for write in (table, long_table):
        yield opened(write(sheet="表", columns=columns, rows=rows, **more)).active


@pytest.mark.parametrize("number", [1, 6, 12, 17, 30])
def test_no_printed_table_is_smaller_than_two_thirds_and_none_loses_a_column(number):
    for sheet in both(WIDE[:number], [["甲"] * number], title="名录　明山分局　2026 年 7 月 1 日", named_by=2):
        assert scale_of(sheet) >= 0.65
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToHeight in (0, None)
        assert sheet.print_title_rows == "$1:$2"
        over_pages = not sheet.sheet_properties.pageSetUpPr.fitToPage
        assert over_pages == (number >= 15) and (sheet.print_title_cols == "$B:$B") == over_pages
        assert "&A" in sheet.oddFooter.left.text and "&P" in sheet.oddFooter.right.text
        assert sheet.max_column == number


def test_a_title_stands_above_the_heads_and_everything_else_moves_down_with_it():
    columns = [OutColumn("类别", choices=("重点", "一般")), OutColumn("日期")]
    title = heading("名录", "明山分局", date(2026, 7, 1))
    for sheet in both(columns, [["重点", date(2026, 7, 1)], ["一般", None]], title=title):
        assert sheet["A1"].value == "名录　明山分局　2026 年 7 月 1 日"
        assert [c.value for c in sheet[2]] == ["类别", "日期"]
        assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B3", "A2:B4")
        assert sheet["B3"].number_format == "yyyy-mm-dd"
        assert sheet["B4"].border.left.style == "thin" or sheet.print_options.gridLines
        for cell in (*sheet[2], *sheet[3], sheet["A4"]):
            assert cell.alignment.wrap_text and cell.border.left.style == cell.border.bottom.style == "thin"
    rule = opened(table(sheet="表", columns=columns, rows=[["重点", None]], title=title)).active.data_validations
    assert str(rule.dataValidation[0].sqref) == "A3"


def test_digits_that_are_a_name_stay_text_with_their_zeros():
    for sheet in both([OutColumn("执法证号"), OutColumn("家数")], [["06050400912", 12]]):
        assert (sheet["A2"].value, sheet["A2"].data_type, sheet["A2"].number_format) == ("06050400912", "s", "@")
        assert (sheet["B2"].value, sheet["B2"].data_type) == (12, "n")
