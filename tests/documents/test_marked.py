"""The marked copy: written anew from what was read, whatever the file held, in a process of its own (X09, workbooks B)."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from benxi_shuangsuiji.documents import limited
from benxi_shuangsuiji.documents.workbooks import marked_child
from benxi_shuangsuiji.documents.workbooks.child import open_book
from benxi_shuangsuiji.documents.workbooks.marked import HEAD, marked_copy
from benxi_shuangsuiji.refusal import Refused
from tests.documents.formats import BOOKS, cell, ods, old_xls, row, sheet
from tests.documents.test_workbooks_in import changed, in_sheet, read_workbook, saved, simple

RED = "00F6C9C3"


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def marked(content: bytes, faults=None, remarks=None, name="Sheet"):
    """One sheet of a marked copy; the names of the sheet left out."""
    faults = {(name, *at): text for at, text in (faults or {}).items()}
    remarks = {(name, at): text for at, text in (remarks or {1: HEAD}).items()}
    return opened(marked_copy(content, faults=faults, remarks=remarks)).worksheets[0]


def table():
    book = openpyxl.Workbook()
    ws = book.active
    ws.append(["名称", "代码", "日期", "时刻", "数", "是否"])
    ws.append(["甲 <厂> & 乙", "00123", date(2026, 7, 1), datetime(2026, 7, 1, 8, 30), 12.5, True])
    ws.append([" 乙\n厂", None, date(1900, 1, 5), None, 912105001234567, False])
    return book


def test_a_marked_copy_shows_where_and_what_and_keeps_every_value():
    found = marked(saved(table()), {(2, 2): "应为 18 位", (3, 2): "没有填写"}, {1: HEAD, 2: "代码：应为 18 位"})
    assert [c.value for c in found[1]] == ["名称", "代码", "日期", "时刻", "数", "是否", "核对结果"]
    assert [c.value for c in found[2]] == [
        *("甲 <厂> & 乙", "00123", datetime(2026, 7, 1), datetime(2026, 7, 1, 8, 30), 12.5, True, "代码：应为 18 位")
    ]
    assert [c.value for c in found[3]][:6] == [" 乙\n厂", None, "1900-01-05", None, 912105001234567, False]
    assert found["B2"].fill.start_color.rgb == found["B3"].fill.start_color.rgb == RED
    assert (found["B2"].comment.text, found["A2"].comment) == ("应为 18 位", None)
    assert found["A2"].fill.fill_type is None
    assert (found["B2"].number_format, found["C2"].number_format) == ("@", "yyyy-mm-dd")
    assert found.freeze_panes == "A2" and found.column_dimensions["G"].width == 60


def test_a_title_makes_no_column_wide_and_the_sheet_prints_on_pages_that_show_what_is_wrong():
    book = openpyxl.Workbook()
    for values in (["本溪市明山区二〇二六年污染源基本情况一览表"], ["序号", "名称"], [1, "甲厂"]):
        book.active.append(values)
    found = marked(saved(book), {(3, 2): "太短"}, {2: HEAD, 3: "名称：太短"})
    assert [found.column_dimensions[letter].width for letter in "ABC"] == [12, 8, 60]
    assert (found.freeze_panes, found.print_title_rows) == ("A3", "$2:$2")
    assert (found.page_setup.orientation, found.page_setup.fitToWidth, found.page_setup.fitToHeight) == (
        *("landscape", 1, 0),
    )
    assert found.sheet_properties.pageSetUpPr.fitToPage


def test_what_was_read_is_read_again_from_the_marked_copy():
    content = saved(table())
    again = marked_copy(content, faults={("Sheet", 2, 1): "x"}, remarks={})
    before, after = read_workbook(content)[0][1], read_workbook(again)[0][1]
    assert after[:2] == before[:2]
    assert after[2][1][2] == "1900-01-05"  # a day that spreadsheets count differently


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "@SUM(A1)", "-1+1", "_x005F_x0041_"])
def test_text_is_never_a_formula(text):
    book = openpyxl.Workbook()
    book.active["A1"] = "名称"
    book.active["A2"] = text
    book.active["A2"].data_type = "s"
    found = marked(saved(book))["A2"]
    assert (found.data_type, found.quotePrefix, found.number_format) == ("s", True, "@")
    copy = marked_copy(saved(book), faults={}, remarks={("Sheet", 1): HEAD})
    assert read_workbook(copy)[0][1][1] == read_workbook(saved(book))[0][1][1] == (2, [text.replace("x005F_", "")])


def test_an_error_stays_an_error_and_a_formula_is_left_empty():
    book = openpyxl.Workbook()
    for place, value in {"A1": "名称", "A2": "#REF!", "B2": "=1+1", "C2": "末"}.items():
        book.active[place] = value
    book.active["A2"].data_type = "e"
    found = marked(saved(book), {(2, 1): "错误值", (2, 2): "公式"})
    assert [(c.value, c.data_type) for c in found[2]][:3] == [("#REF!", "e"), (None, "n"), ("末", "s")]
    assert found["B2"].fill.start_color.rgb == RED


def test_characters_that_no_workbook_may_hold_are_replaced():
    content = in_sheet(b"PLACE", b"a_x000B_b&#x9;c", A1="PLACE")
    assert marked(content, {(1, 1): "控制字符\x0b"})["A1"].value == "a\ufffdb\tc"


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (old_xls, "Sheet1"),
        (lambda: ods(sheet(row(cell("名称")), name="水/气")), "水/气"),
        (lambda: "名称;代码\n甲;1".encode("gbk"), "表格"),
        (lambda: (BOOKS / "f31_calc.ods").read_bytes(), "Sheet1"),
    ],
)
def test_every_kind_of_table_has_a_marked_copy(make, name):
    content = make()
    found = marked(content, {(1, 1): "看这里"}, name=name)
    rows = read_workbook(content)[0][1]
    assert found["A1"].value == rows[0][1][0] and found["A1"].comment.text == "看这里"
    assert found.max_row == rows[-1][0]


STRANGE = {
    "an empty fill": lambda n, t: t.replace(b"<fills", b"<fills ").replace(b"<patternFill />", b""),
    "a font family above 14": lambda n, t: t.replace(b'<family val="2"', b'<family val="99"'),
    "a style without a name": lambda n, t: t.replace(b'<cellStyle name="Normal"', b"<cellStyle"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_what_openpyxl_cannot_open_has_a_marked_copy_all_the_same(name):
    content = changed(simple(A1="名称", A2="甲"), lambda n, t: STRANGE[name](n, t) if n == "xl/styles.xml" else t)
    assert content != simple(A1="名称", A2="甲")
    found = marked(content, {(2, 1): "看这里"})
    assert (found["A2"].value, found["A2"].comment.text) == ("甲", "看这里")


@pytest.mark.parametrize("name", ["o01_empty_fill.xlsx", "o03_core_date.xlsx"])
def test_what_openpyxl_refuses_to_open_is_marked(name):
    content = (BOOKS / name).read_bytes()
    with pytest.raises(Exception):  # noqa: B017 TypeError of one, ValueError of the other
        opened(content)
    found = marked(content, {(2, 1): "看这里"}, name=read_workbook(content)[0][0].name)
    assert found["A2"].comment.text == "看这里"


def test_only_the_sheets_that_are_named_are_written_and_each_with_its_own_faults():
    book = openpyxl.Workbook()
    for name in ("水", "气", "说明"):
        book.create_sheet(name).append(["名称", name])
    del book["Sheet"]
    content = marked_copy(
        saved(book), faults={("水", 1, 1): "一", ("气", 1, 2): "二"}, remarks={("水", 1): HEAD, ("气", 1): HEAD}
    )
    found = opened(content)
    assert found.sheetnames == ["水", "气"]
    assert (found["水"]["A1"].comment.text, found["气"]["B1"].comment.text) == ("一", "二")
    assert found["气"]["A1"].comment is None


def test_rows_below_a_gap_stand_where_they_stood():
    found = marked(simple(A1="名称", A500="甲"), {(500, 0): "行"}, {1: HEAD, 500: "行"})
    assert (found["A500"].value, found["B500"].value, found.max_row) == ("甲", "行", 500)


def test_two_faults_of_one_cell_are_both_told():
    found = marked(simple(A1="名称", A2="甲"), {(2, 0): "重复", (2, 1): "太长"})
    assert found["A2"].comment.text == "重复\n太长"


def test_with_very_many_faults_the_added_column_says_them_and_comments_end(monkeypatch):
    monkeypatch.setattr(marked_child, "MOST_COMMENTS", 2)
    content = simple(**{f"A{n}": f"甲{n}" for n in range(1, 6)})
    found = opened(
        marked_child.make(
            open_book(content),
            [["Sheet", n, 1, "错"] for n in range(1, 6)],
            [["Sheet", n, f"第 {n}"] for n in range(1, 6)],
        )
    ).active
    assert [bool(found.cell(n, 1).comment) for n in range(1, 6)] == [True, True, False, False, False]
    assert [found.cell(n, 1).fill.start_color.rgb for n in range(1, 6)] == [RED] * 5
    assert found["B5"].value == "第 5"


def test_a_file_that_cannot_be_read_is_a_sentence():
    with pytest.raises(Refused, match="文件不完整或已损坏"):
        marked(in_sheet(b"</sheetData>", b""), {(1, 1): "x"})
    with pytest.raises(Refused, match="没有可以标出的内容"):
        marked(simple(), {(1, 1): "x"}, name="别的")


@pytest.mark.story("S9")
def test_a_process_that_breaks_down_is_a_sentence(monkeypatch):
    monkeypatch.setattr(limited, "_ROOT", limited._ROOT / "tests")
    with pytest.raises(Refused, match="标好错误的表格做不出来"):
        marked(simple(), {(1, 1): "x"})
