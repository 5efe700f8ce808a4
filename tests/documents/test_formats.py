"""Tables of every kind that offices keep: .xls and .et, .ods, .csv and .txt; what kind one is, is told by its bytes."""

from datetime import date, datetime

import pytest

from benxi_shuangsuiji.documents.workbooks import reading
from benxi_shuangsuiji.documents.workbooks.limits import MAX_COVERED, MAX_SPANS, bounded
from benxi_shuangsuiji.documents.workbooks.reading import Bad
from tests.documents.formats import BOOKS, HIDDEN_STYLE, cell, ods, old_xls, row, sheet
from tests.documents.test_workbooks_in import read_workbook, rows_of, simple

ROWS = [(1, ["名称", "代码"]), (2, ["甲；厂", "0012"]), (4, ["乙\n厂"])]
COMMAS = '名称,代码\r\n甲；厂,0012\r\n,\r\n"乙\n厂",\r\n'


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("separator", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
def test_a_text_is_read_in_every_encoding_and_with_every_separator(encoding, separator):
    assert rows_of(COMMAS.replace(",", separator).encode(encoding)) == ROWS


def test_a_text_of_one_column_is_a_table_of_one_column():
    assert rows_of("名称\n甲厂\n\n乙厂".encode()) == [(1, ["名称"]), (2, ["甲厂"]), (4, ["乙厂"])]


def test_the_separator_is_the_one_that_makes_columns():
    text = "本溪市名单\n名称;代码;地址\n甲;1;某路, 1 号\n乙;2;某路, 2 号\n".encode()
    assert rows_of(text)[2] == (3, ["甲", "1", "某路, 1 号"])


def test_a_number_kept_as_text_by_its_program_is_that_text():
    assert rows_of('证号\n"=""00123"""\n=A1\n'.encode()) == [(1, ["证号"]), (2, ["00123"]), (3, ["=A1"])]


def test_quotes_inside_a_cell_are_letters():
    assert rows_of('甲"乙"厂,"丙""丁"""\n'.encode()) == [(1, ['甲"乙"厂', '丙"丁"'])]


def test_a_wrong_byte_far_down_is_named_with_its_line():
    content = "\n".join(f"名称第{n}家有限公司" for n in range(9000)).encode() + b"\n\xff\xff,\n"
    assert len(content) > 2 * 65536
    with pytest.raises(reading.Refused, match="第 9001 行附近有认不出的字"):
        read_workbook(content)


def test_an_old_workbook_is_read_whatever_it_is_called():
    sheets = read_workbook(old_xls())
    assert [s.name for s, _ in sheets] == ["Sheet1"]
    (_, heads), (_, first), *_ = sheets[0][1]
    assert heads[0] and len(first) >= 2 and sheets[0][0].last_row == sheets[0][1][-1][0]


def test_hidden_rows_and_columns_and_errors_of_an_old_workbook_are_told():
    content = bytearray(old_xls())
    row_2 = content.index(b"\x08\x02\x10\x00\x01\x00") + 4
    columns = content.index(b"\x7d\x00\x0c\x00") + 4
    text = content.index(b"\xfd\x00\x0a\x00\x02\x00\x01\x00")  # a text in B3 becomes #REF!
    content[row_2 + 12] |= 0x20
    content[columns + 8] |= 1
    content[columns : columns + 4] = b"\x01\x00\x01\x00"
    content[text : text + 2] = b"\x05\x02"
    content[text + 10 : text + 12] = b"\x17\x01"
    ((found, rows),) = read_workbook(bytes(content))
    assert (found.hidden_rows, found.hidden_columns) == ({2}, {2})
    assert rows[2][1][1] == Bad("error", "#REF!")
    assert rows[2][1][0] == read_workbook(old_xls())[0][1][2][1][0]


def test_a_table_of_libreoffice_is_read_with_its_days_and_numbers():
    _, rows = read_workbook((BOOKS / "f31_calc.ods").read_bytes())[0]
    assert all(isinstance(text, str) for text in rows[0][1])
    assert len(rows) > 3


def values_of_ods(*cells):
    return rows_of(ods(sheet(row(*cells))))[0][1]


def test_cells_of_opendocument_come_as_what_they_are():
    assert values_of_ods(
        cell("1,234.5", "float", 'office:value="1234.5"'),
        cell("12 %", "percentage", 'office:value="0.12"'),
        cell("2026年7月1日", "date", 'office:date-value="2026-07-01"'),
        cell("…", "date", 'office:date-value="2026-07-01T08:30:00"'),
        cell("TRUE", "boolean", 'office:boolean-value="true"'),
        cell("<text:p>甲<text:s text:c='2'/>乙<text:tab/>丙</text:p><text:p>丁<text:line-break/>戊</text:p>"),
        cell("<text:p><text:span>甲</text:span><text:a>乙</text:a></text:p>"),
        cell("#REF!", more='calcext:value-type="error" table:formula="of:=[.A9]"'),
        cell("", "", 'table:formula="of:=1"'),
        cell("", "", columns_repeated=3),
        cell("末", columns_repeated=2),
    ) == [
        *(1234.5, 0.12, date(2026, 7, 1), datetime(2026, 7, 1, 8, 30), True, "甲  乙\t丙\n丁\n戊", "甲乙"),
        *(Bad("error", "#REF!"), Bad("formula"), None, None, None, "末", "末"),
    ]


def test_what_is_no_cell_of_opendocument_is_passed_over():
    remark = "<text:p>甲</text:p><office:annotation><text:p>批注</text:p></office:annotation>"
    frame = "<text:p>乙<draw:frame><draw:text-box><text:p>图</text:p></draw:text-box></draw:frame></text:p>"
    inner = "<text:p>丙</text:p>" + sheet(row(cell("里面")))
    source = sheet("<table:table-source/>" + row(cell("别的文件")), name="'file:///x'#$表")
    sheets = read_workbook(ods(sheet(row(cell(remark), cell(frame), cell(inner))), source))
    assert [(s.name, rows) for s, rows in sheets] == [("表", [(1, ["甲", "乙", "丙"])])]


def test_hidden_and_merged_and_repeated_rows_of_opendocument_are_told():
    hidden = 'table:visibility="collapse"'
    columns = (
        f'<table:table-column/><table:table-column {hidden} table:number-columns-repeated="2"/>'
        f'<table:table-column {hidden} table:number-columns-repeated="16381"/>'
    )
    merged = 'table:number-rows-spanned="3" table:number-columns-spanned="2"'
    rows = (
        row(cell("头"), cell(""), cell(""), cell("尾"))
        + row(n=300)
        + row(cell("甲", more=merged), "<table:covered-table-cell/>")
        + row("<table:covered-table-cell/>", cell("x"), n=2, more='table:visibility="filter"')
        + row(n=1_048_000)
    )
    first = ods(HIDDEN_STYLE, sheet(rows, columns=columns), sheet(row(cell("y")), name="藏", style="h"))
    ((found, read),) = read_workbook(first)
    assert read == [(1, ["头", None, None, "尾"]), (302, ["甲"]), (303, [None, "x"]), (304, [None, "x"])]
    assert (found.last_row, found.hidden_rows, found.hidden_columns) == (304, {303, 304}, {2, 3, 4})
    assert (found.spans, found.merged) == (
        ((302, 1, 304, 2),),
        {(302, 2), (303, 1), (303, 2), (304, 1), (304, 2)},
    )


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (simple, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (old_xls, "application/vnd.ms-excel"),
        (ods, "application/vnd.oasis.opendocument.spreadsheet"),
        (lambda: COMMAS.encode("gbk"), "text/csv"),
        (lambda: b"%PDF", "application/octet-stream"),
    ],
)
def test_what_is_stored_has_the_type_of_its_bytes(make, kind):
    assert reading.content_type(make()) == kind


@pytest.mark.parametrize("make", [simple, old_xls, ods, lambda: COMMAS.encode()], ids=["xlsx", "xls", "ods", "csv"])
def test_what_is_large_is_left_to_the_worker_whatever_its_kind(make, monkeypatch):
    content = make()
    assert not reading.is_large(content)
    monkeypatch.setattr(reading, "LARGE", 50)
    assert reading.is_large(content)


def test_merged_ranges_are_bounded():
    many = [(n, 1, n, 2) for n in range(1, 3 * MAX_SPANS)]
    assert bounded(many, 10**6) == many[:MAX_SPANS]
    wide = [(n, 1, n + 9, 100) for n in range(1, 5000, 10)]
    assert sum((b - t + 1) * 100 for t, _, b, _ in bounded(wide, 10**6)) == MAX_COVERED
    assert bounded([(1, 1, 1, 1), (5, 2, 4, 9), (3, 99, 3, 16_384)], 9) == [(3, 99, 3, 100)]
