"""Files that are not what they should be: each is refused with its own sentence, and nothing is unpacked (X01–X19)."""

import io
import time
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from benxi_shuangsuiji.documents.workbooks import reading as workbooks_in
from benxi_shuangsuiji.documents.workbooks.reading import Bad, open_workbook
from benxi_shuangsuiji.refusal import Refused


def read_workbook(content):
    """[(sheet, its rows)], read to the end."""
    with open_workbook(content) as book:
        return [(sheet, list(book.rows(sheet))) for sheet in book.sheets]


def rows_of(content):
    return read_workbook(content)[0][1]


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def simple(**cells) -> bytes:
    book = openpyxl.Workbook()
    for place, value in (cells or {"A1": "名称"}).items():
        book.active[place] = value
    return saved(book)


def zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


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
    "X02 CSV in GBK": (lambda: "名称,信用代码\n甲,乙\n".encode("gbk"), "看起来是 CSV"),
    "X02 CSV in UTF-8": (lambda: "名称,信用代码\n甲,乙\n".encode(), "看起来是 CSV"),
    "X03 HTML": (lambda: b"<html><body><table><tr><td>1</td></tr></table>", "看起来是网页表格"),
    "X04 xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧版 .xls 文件"),
    "X05 password": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        "文件已加密",
    ),
    "X05 encrypted zip": (encrypted_flag, "文件已加密"),
    "X06 macro": (lambda: zipped({"xl/vbaProject.bin": b"x"}), "含宏的文件不接受"),
    "X06 macro type": (
        lambda: changed(
            simple(),
            lambda n, t: t.replace(b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main") if "Content" in n else t,
        ),
        "含宏的文件不接受",
    ),
    "X07 truncated": (lambda: simple()[:2000], "文件不完整"),
    "X07 sheet missing": (
        lambda: changed(simple(), lambda n, t: None if n.endswith("sheet1.xml") else t),
        "没有可以读取的工作表",
    ),
    "X07 sheet cut": (lambda: in_sheet(b"</sheetData>", b""), "文件不完整或已损坏"),
    "X08 other zip": (lambda: zipped({"readme.txt": b"x"}), "压缩包内没有工作簿"),
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
    "X12 members": (lambda: zipped({f"m{n}": b"" for n in range(600)}), "压缩包成员过多（600 个"),
    "X14 column": (lambda: simple(XFD1="x"), "第 16384 列有内容"),
    "X14 corner": (lambda: simple(XFD1048576="x"), "第 1,048,576 行有内容"),
    "X15 row": (lambda: simple(A1048576="x"), "第 1,048,576 行有内容"),
    "X17 rows": (
        lambda: simple(A1="x", A1000000="y"),
        "第 1,000,000 行有内容，一张表最多 100,000 行。拆成几份",
    ),
    "X18 only a chart": (lambda: only_a_chart(), "没有可以读取的工作表"),
    "X18 hidden": (lambda: hidden_workbook(), "没有可以读取的工作表"),
    "not a file": (lambda: bytes(range(256)) * 40, "不是有效的 .xlsx 文件"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_workbook_is_refused_by_what_it_is(name):
    make, said = REFUSED[name]
    content = make()
    started = time.perf_counter()
    with pytest.raises(Refused, match=said):
        read_workbook(content)
    assert time.perf_counter() - started < 20


def test_too_large_a_file_is_refused_unread():
    assert "最多 30 MB" in workbooks_in.why_not_open(b"PK" + bytes(31 * 1024 * 1024))


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
    assert sheet.merged == {(6, 1), (7, 1)}
    assert sheet.hidden_rows == {5}


def test_reading_stops_after_two_hundred_blank_rows():
    assert [n for n, _ in rows_of(simple(A1="a", A150="b", A500="c"))] == [1, 150]


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


def test_a_child_that_runs_out_of_memory_is_a_refusal(monkeypatch):
    monkeypatch.setattr(workbooks_in, "_ROOT", workbooks_in._ROOT / "tests")
    with pytest.raises(Refused, match="读不出来"):
        read_workbook(simple())


def walked(content, monkeypatch):
    """The same file read by the slow walk only."""
    import zipfile

    from benxi_shuangsuiji.documents.workbooks import child

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        quick = child._look_through(archive, "xl/worksheets/sheet1.xml", "Sheet")
        with monkeypatch.context() as m:
            m.setattr(child, "_look_quickly", lambda stream, look: False)
            slow = child._look_through(archive, "xl/worksheets/sheet1.xml", "Sheet")
        with archive.open("xl/worksheets/sheet1.xml") as stream:
            was_quick = child._look_quickly(stream, child._Look("Sheet"))
    return was_quick, [(look.last_row, look.bad, look.hidden) for look in (quick, slow)]


def plain_sheet() -> bytes:
    book = openpyxl.Workbook()
    for n in range(300):
        book.active.append([f"甲{n}", n, True, date(2025, 1, 2), "<c r='A1'>"])
    book.active.row_dimensions[7].hidden = True
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
