"""Files that are not what they should be: each is refused with its own sentence, and nothing is unpacked (X01–X19)."""

import io
import threading
import time
import zipfile
from datetime import date, datetime
from types import SimpleNamespace

import openpyxl
import pytest

from benxi_shuangsuiji.documents import limited
from benxi_shuangsuiji.documents.workbooks import look_through
from benxi_shuangsuiji.documents.workbooks import reading as workbooks_in
from benxi_shuangsuiji.documents.workbooks.limits import Look
from benxi_shuangsuiji.documents.workbooks.reading import Bad, open_workbook
from benxi_shuangsuiji.refusal import Refused
from tests.documents.formats import (
    BOOKS,
    HIDDEN_STYLE,
    ODS,
    OLD_OFFICE,
    cell,
    far_xls,
    hidden_xls,
    locked_xls,
    ods,
    old_xls,
    row,
    sheet,
    utf16,
    zipped,
)


def read_workbook(content):
    """[(sheet, its rows)], read to the end."""
    with open_workbook(content) as book:
        return [(sheet, list(book.rows(sheet))) for sheet in book.sheets]


def rows_of(content):
    return read_workbook(content)[0][1]


def test_what_breaks_off_in_the_middle_of_a_line_is_refused():
    class Child:
        stdin, stdout = io.BytesIO(), io.BytesIO(b'"end"\n"end"\n[[1, ["a"]]]\n[[2, ["b')
        lines = limited.Child.lines

    with pytest.raises(Refused, match="读不出来"):
        list(workbooks_in.Workbook(Child()).rows(workbooks_in.Sheet("表", [])))


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def simple(**cells) -> bytes:
    book = openpyxl.Workbook()
    for place, value in (cells or {"A1": "名称"}).items():
        book.active[place] = value
    return saved(book)


def changed(content: bytes, change) -> bytes:
    """The same zip with members changed: change(name, bytes) → bytes, or None to drop it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return zipped({name: text for name, text in members.items() if text is not None})


def encrypted_flag() -> bytes:
    content = bytearray(simple())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def in_sheet(old: bytes, new: bytes, **cells) -> bytes:
    return changed(
        simple(**cells), lambda name, text: text.replace(old, new, 1) if name.endswith("sheet1.xml") else text
    )


def only_a_chart() -> bytes:
    book = openpyxl.Workbook()
    book.create_chartsheet("图")
    book.remove(book["Sheet"])
    return saved(book)


def hidden_workbook() -> bytes:
    """The one sheet is very hidden: openpyxl refuses to write that, other programs do not."""
    return changed(
        simple(),
        lambda n, t: t.replace(b'state="visible"', b'state="veryHidden"') if n == "xl/workbook.xml" else t,
    )


REFUSED = {
    "X01 empty": (lambda: b"", "文件是空的"),
    "X02 text cut in a character": (lambda: "名称,信用代码\n甲,".encode() + "乙".encode()[:2], "认不出"),
    "X02 quotes that do not end": (lambda: '名称,地址\n甲,"某路\n乙,某街\n'.encode(), "第 2 行的引号不成对"),
    "X02 columns": (lambda: ("甲," * 100 + "乙").encode(), "第 1 行第 101 列有内容"),
    "X02 rows": (lambda: ("甲\n" * 100_033).encode(), "第 100,033 行有内容，一张表最多 100,000 行"),
    "X03 HTML": (lambda: b"<html><body><table><tr><td>1</td></tr></table>", "这是网页表格"),
    "X03 HTML in UTF-16": (lambda: "<table><tr><td>1</td></tr></table>".encode("utf-16"), "这是网页表格"),
    "X03 XML 2003": (lambda: (BOOKS / "f21b_xml2003.xls").read_bytes(), "这是“XML 表格 2003”"),
    "X04 xls without a workbook": (lambda: OLD_OFFICE + bytes(600), "文件不完整或已损坏"),
    "X04 xls cut": (lambda: old_xls()[:4000], "文件不完整或已损坏"),
    "X04 xls of Word": (lambda: OLD_OFFICE + bytes(600) + utf16("WordDocument"), "这是文字文档"),
    "X05 password": (lambda: OLD_OFFICE + bytes(600) + utf16("EncryptedPackage"), "文件已加密"),
    "X05 password of xls": (lambda: locked_xls(), "文件已加密"),
    "X05 password of ods": (lambda: ods(manifest="<manifest:encryption-data/>"), "文件已加密"),
    "X05 password of ods, whole": (lambda: zipped({"mimetype": ODS, "encrypted-package": b"x"}), "文件已加密"),
    "X05 encrypted zip": (encrypted_flag, "文件已加密"),
    "X06 macro": (lambda: zipped({"xl/vbaProject.bin": b"x"}), "含宏的文件不接受"),
    "X06 macro type": (
        lambda: changed(
            simple(),
            lambda n, t: t.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main") if "Content" in n else t,
        ),
        "含宏的文件不接受",
    ),
    "X06 macro of xls": (lambda: old_xls() + utf16("_VBA_PROJECT_CUR"), "含宏的文件不接受"),
    "X06 macro of ods": (lambda: ods(**{"Basic/Standard/script-lb.xml": "<x/>"}), "含宏的文件不接受"),
    "X07 truncated": (lambda: simple()[:2000], "文件不完整"),
    "X07 sheet missing": (
        lambda: changed(simple(), lambda n, t: None if n.endswith("sheet1.xml") else t),
        "没有可以读取的工作表",
    ),
    "X07 sheet cut": (lambda: in_sheet(b"</sheetData>", b""), "文件不完整或已损坏"),
    "X07 ods cut": (lambda: ods("<table:table table:name='表'><table:table-row>"), "文件不完整或已损坏"),
    "X07 ods truncated": (lambda: ods()[:-30], "文件不完整"),
    "X08 other zip": (lambda: zipped({"readme.md": b"x"}), "压缩包内没有工作簿"),
    "X08 zip of workbooks": (lambda: zipped({"a/1.xlsx": b"x", "2.XLS": b"x"}), "里面有 2 份表格。解压后逐份上传"),
    "X08 text of Word": (lambda: zipped({"[Content_Types].xml": b"", "word/document.xml": b""}), "这是文字文档"),
    "X08 xlsb": (lambda: zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "二进制工作簿（.xlsb）"),
    "X08 rar": (lambda: b"Rar!\x1a\x07\x00" + bytes(90), "这是压缩包，不是表格"),
    "X08 PDF": (lambda: b"%PDF-1.7 ...", "这是 PDF 文件，不是表格"),
    "X09 bomb": (lambda: zipped({"xl/workbook.xml": bytes(401 * 1024 * 1024)}), "解压后超过 400 MiB"),
    "X09 ratio": (lambda: zipped({"xl/workbook.xml": bytes(60 * 1024 * 1024)}), "压缩比异常"),
    "X10 entities": (
        lambda: in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet'),
        "不允许的实体定义",
    ),
    "X11 external entity": (
        lambda: changed(
            simple(),
            lambda n, t: (
                t.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><workbook', 1)
                if n == "xl/workbook.xml"
                else t
            ),
        ),
        "不允许的实体定义",
    ),
    "X10 entities of ods": (lambda: ods(before='<!DOCTYPE a [<!ENTITY b "c">]>'), "不允许的实体定义"),
    "X10 entities below a long remark": (
        lambda: ods(before=f'<!--{"x" * 70_000}--><!DOCTYPE a [<!ENTITY b "c">]>'),
        "不允许的实体定义",
    ),
    "X12 members": (lambda: zipped({f"m{n}": b"" for n in range(600)}), "压缩包成员过多（600 个"),
    "X14 column": (lambda: simple(XFD1="x"), "第 16384 列有内容"),
    "X14 corner of xls": (lambda: far_xls(), "第 65536 行第 256 列有内容，最多 100 列"),
    "X14 corner": (lambda: simple(XFD1048576="x"), "第 1,048,576 行有内容"),
    "X15 row": (lambda: simple(A1048576="x"), "第 1,048,576 行有内容"),
    "X17 rows": (
        lambda: simple(A1="x", A1000000="y"),
        "第 1,000,000 行有内容，一张表最多 100,000 行。拆成几份",
    ),
    "X17 rows of ods": (
        lambda: ods(sheet(row(cell("x")) + row(n=99_999_999) + row(cell("y")))),
        "第 100,000,001 行有内容",
    ),
    "X17 rows of ods, one for many": (lambda: ods(sheet(row(cell("x"), n=1_048_576))), "第 1,048,576 行有内容"),
    "X14 columns of ods": (lambda: ods(sheet(row(cell("x", columns_repeated=16_384)))), "第 16384 列有内容"),
    "X09 ods of one cell for many": (
        lambda: ods(sheet(row(cell("甲" * 30_000, columns_repeated=100), n=100_000))),
        "表里的内容过多",
    ),
    "X18 hidden ods": (lambda: ods(HIDDEN_STYLE + sheet(row(cell("x")), style="h")), "没有可以读取的工作表"),
    "X18 hidden xls": (lambda: hidden_xls(), "没有可以读取的工作表"),
    "X18 only a chart": (lambda: only_a_chart(), "没有可以读取的工作表"),
    "X18 hidden": (lambda: hidden_workbook(), "没有可以读取的工作表"),
    "not a file": (lambda: bytes(range(256)) * 40, "这个文件不是表格"),
}


@pytest.mark.promise("P19")
@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_workbook_is_refused_by_what_it_is(name):
    make, said = REFUSED[name]
    content = make()
    started = time.perf_counter()
    with pytest.raises(Refused, match=said):
        read_workbook(content)
    assert time.perf_counter() - started < 20


@pytest.mark.promise("P19")
@pytest.mark.parametrize(("size", "said"), [(30 * 2**20, ""), (30 * 2**20 + 1, "30.1"), (31 * 2**20, "31.0")])
def test_too_large_a_file_is_refused_unread(size, said):
    sentence = workbooks_in.why_too_large(size)
    assert sentence == (f"文件有 {said} MB，最多 30 MB。拆成几份分别导入。" if said else "")
    if said:
        assert workbooks_in.why_not_open(b"PK" + bytes(size - 2)) == sentence


def test_names_that_leave_the_folder_are_never_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    content = changed(simple(A1="名称"), lambda n, t: t)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    assert rows_of(zipped({**members, "../../evil.txt": b"x"})) == [(1, ["名称"])]
    assert list(tmp_path.rglob("*")) == []


def test_a_forged_dimension_is_ignored():
    content = in_sheet(b'<dimension ref="A1:A1"', b'<dimension ref="A1:XFD1048576"', A1="名称")
    assert rows_of(content) == [(1, ["名称"])]


def test_cells_come_as_what_they_are():
    book = openpyxl.Workbook()
    ws = book.active
    ws.append(["文字", 912105001234567890, 3, True, date(2025, 1, 2), datetime(2025, 1, 2, 3, 4), None, "=1+1"])
    ws["I1"] = "#REF!"
    ws["I1"].data_type = "e"
    assert rows_of(saved(book)) == [
        (
            1,
            [
                "文字",
                9.12105001234568e17,
                3.0,
                True,
                date(2025, 1, 2),
                datetime(2025, 1, 2, 3, 4),
                None,
                Bad("formula"),
                Bad("error", "#REF!"),
            ],
        )
    ]


def test_merged_hidden_and_blank_rows_are_told():
    book = openpyxl.Workbook()
    ws = book.active
    ws["A1"], ws["A5"] = "头", "甲"
    ws.merge_cells("A5:A7")
    ws.row_dimensions[5].hidden = True
    sheet, rows = read_workbook(saved(book))[0]
    assert rows == [(1, ["头"]), (5, ["甲"])]
    assert (sheet.spans, sheet.merged) == (((5, 1, 7, 1),), {(6, 1), (7, 1)})
    assert sheet.hidden_rows == {5}


def test_what_is_merged_down_a_whole_sheet_is_told_beside_its_rows():
    content = in_sheet(
        b"</sheetData>",
        b'</sheetData><mergeCells count="2"><mergeCell ref="A1:C1048576"/><mergeCell ref="E1:F1"/></mergeCells>',
        A1="a",
        B9="b",
    )
    assert read_workbook(content)[0][0].spans == ((1, 1, 9, 3), (1, 5, 1, 6))


def test_rows_below_a_gap_are_read_however_long_it_is():
    assert [n for n, _ in rows_of(simple(A1="a", A150="b", A500="c", A90000="d"))] == [1, 150, 500, 90000]


def test_rows_that_are_only_formatted_are_no_rows():
    book = openpyxl.Workbook()
    book.active["A1"] = "a"
    for n in range(2, 900):
        book.active.cell(n, 1).number_format = "@"
    sheet, rows = read_workbook(saved(book))[0]
    assert (sheet.last_row, rows) == (1, [(1, ["a"])])


def test_the_first_thirty_two_rows_are_told():
    sheet, rows = read_workbook(simple(**{f"A{n}": n for n in range(1, 60)}))[0]
    assert sheet.first == rows[:32]


@pytest.mark.parametrize("also", [{}, {"D2": "=1+1"}], ids=["quickly", "step by step"])
def test_hidden_columns_are_told(also):
    book = openpyxl.Workbook()
    for place, value in {"A1": "a", "B1": "b", "D1": "d", **also}.items():
        book.active[place] = value
    book.active.column_dimensions["B"].hidden = True
    book.active.column_dimensions.group("H", "XFD", hidden=True)
    assert read_workbook(saved(book))[0][0].hidden_columns == {2}


def test_a_formula_whose_result_is_the_empty_text_is_an_empty_cell():
    formula = {"A1": "甲", "B9": "=IF(1,2,3)"}
    ((found, rows),) = read_workbook(in_sheet(b'<c r="B9">', b'<c r="B9" t="str">', **formula))
    assert (rows, found.last_row) == ([(1, ["甲"])], 1)
    assert rows_of(simple(**formula)) == [(1, ["甲"]), (9, [None, Bad("formula")])]


def test_a_formula_below_everything_else_is_not_lost():
    assert rows_of(simple(A1="甲", C4="=1+1"))[-1] == (4, [None, None, Bad("formula")])


def test_hidden_sheets_are_not_read():
    book = openpyxl.Workbook()
    book.active["A1"] = "看得见"
    book.create_sheet("藏").sheet_state = "veryHidden"
    assert [s.name for s, _ in read_workbook(saved(book))] == ["Sheet"]


def test_days_of_a_1904_workbook_are_right():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active["A1"] = date(2025, 1, 2)
    sheet, rows = read_workbook(saved(book))[0]
    assert (rows, sheet.serial_1904) == ([(1, [date(2025, 1, 2)])], True)


@pytest.mark.promise("P19")
def test_a_child_that_runs_out_of_memory_is_a_refusal(monkeypatch):
    monkeypatch.setattr(limited, "_ROOT", limited._ROOT / "tests")
    with pytest.raises(Refused, match="读不出来"):
        read_workbook(simple())


_TELLS_TWO_LINES = "import time\nprint('one', flush=True)\nprint('two', flush=True)\ntime.sleep(60)\n"


def test_a_child_that_is_read_from_slowly_is_left_alone_and_one_that_hangs_is_ended(monkeypatch, tmp_path):
    folder, now = tmp_path / "benxi_shuangsuiji" / "documents", [0.0]
    folder.mkdir(parents=True)
    (folder / "tells.py").write_text(_TELLS_TWO_LINES)
    monkeypatch.setattr(limited, "_ROOT", tmp_path)
    monkeypatch.setattr(limited, "time", SimpleNamespace(monotonic=lambda: now[0]))
    with (
        pytest.raises(Refused, match="超过"),
        limited.limited_process("tells", b"", trouble="坏了", slow="超过", seconds=0.04) as child,
    ):
        lines = child.lines()
        assert next(lines) == b"one\n"
        now[0] += 1_000  # the caller takes his time over it
        time.sleep(0.1)
        assert (child.poll(), next(lines)) == (None, b"two\n")
        later = threading.Timer(0.1, now.__setitem__, (0, 2_000))
        later.start()
        assert list(lines) == []
        raise Refused("坏了")


def walked(content, monkeypatch):
    """The same file read by the slow walk only."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        quick = look_through.look_through(archive, "xl/worksheets/sheet1.xml", "Sheet")
        with monkeypatch.context() as m:
            m.setattr(look_through, "look_quickly", lambda stream, look: False)
            slow = look_through.look_through(archive, "xl/worksheets/sheet1.xml", "Sheet")
        with archive.open("xl/worksheets/sheet1.xml") as stream:
            was_quick = look_through.look_quickly(stream, Look("Sheet"))
    return was_quick, [(look.last_row, look.bad, look.hidden_rows, look.hidden_columns) for look in (quick, slow)]


def plain_sheet() -> bytes:
    book = openpyxl.Workbook()
    for n in range(300):
        book.active.append([f"甲{n}", n, True, date(2025, 1, 2), "<c r='A1'>"])
    book.active.row_dimensions[7].hidden = True
    book.active.column_dimensions["C"].hidden = True
    return saved(book)


@pytest.mark.parametrize(
    ("quick", "make"),
    [
        (True, plain_sheet),
        (False, lambda: simple(A1="=1+1")),
        (False, lambda: in_sheet(b'<c r="A1"', b"<c r='A1'", A1="x")),
        (False, lambda: in_sheet(b'<c r="A1"', b"<c", A1="x")),
        (False, lambda: in_sheet(b'<c r="A1" t="inlineStr"', b'<c r="A1" t="e"', A1="x")),
        (False, lambda: in_sheet(b"<sheetData>", b'<sheetData xmlns:y="y">', A1="x")),
        (False, lambda: in_sheet(b'<row r="1"', b'<row r="1048576"', A1="x")),
        (False, lambda: in_sheet(b"</sheetData>", b'</sheetData><!-- <c r="A2"> -->', A1="x")),
    ],
)
def test_the_quick_look_sees_what_the_walk_sees_or_leaves_it_to_the_walk(quick, make, monkeypatch):
    was_quick, (one, other) = walked(make(), monkeypatch)
    assert was_quick == quick
    assert one == other
