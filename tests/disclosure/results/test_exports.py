"""Open data: the same rows as the page, safe in a spreadsheet (四(3)-e, reliability.md P21)."""

import csv
import io
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from disclosure import tables
from disclosure.results import exports
from disclosure.results.forms import ResultQuery
from tests.disclosure.factories import make_published_result, make_published_step, make_revision
from tests.disclosure.objections.factories import make_objection
from tests.factories import make_facility, make_unit

pytestmark = pytest.mark.django_db


def rows_of(response):
    text = b"".join(response.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


@pytest.mark.clause("四(3)-e")
def test_the_csv_streams_the_filtered_rows():
    unit = make_unit()
    wanted = make_published_result(unit, facility=make_facility(unit, name="本溪枫岭焦化有限公司"), problem="标签缺项")
    make_published_result(unit)

    response = Client().get("/results/export.csv?q=枫岭")

    assert response.streaming
    assert "20260706.csv" in response["Content-Disposition"]
    (row,) = rows_of(response)
    assert row["公示编号"] == wanted.no
    assert row["检查结果"] == "发现问题，责令限期改正"
    assert row["后续处理"] == "责令 7 月 20 日前改正"
    assert (row["检查日期"], row["公开日期"], row["第几个工作日公开"]) == ("2026-07-06", "2026-07-06", "0")
    assert row["指纹"] == wanted.digest


@pytest.mark.clause("四(3)-e")
@pytest.mark.parametrize("evil", ["=cmd|'/C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "＝1+1"])
def test_no_cell_is_a_formula(evil):
    unit = make_unit()
    make_published_result(unit, facility=make_facility(unit, name=evil), problem=f"{evil} 未贴标签")
    client = Client()

    (row,) = rows_of(client.get("/results/export.csv"))
    assert row["检查对象"] == "'" + evil
    assert row["发现的问题"].startswith("'")

    sheet = load_workbook(io.BytesIO(client.get("/results/export.xlsx").getvalue())).active
    assert [cell.data_type for line in sheet.iter_rows(min_row=3) for cell in line if cell.data_type == "f"] == []
    assert str(sheet.cell(3, 2).value).strip().startswith(evil.strip())


EVIL = [
    '本溪“枫岭”,"焦化"有限公司',
    "100%s 与 %1$s",
    "甲\r\n乙",
    "=1\n+2",
    "\t制表",
    "\\.",
    "－1",
    "%",
    "'=1",
    " ",
    "\ufeff",
]


@pytest.mark.clause("四(3)-e")
def test_the_line_that_is_kept_says_what_the_columns_say(at):
    """To the byte, whatever stands in a name or a finding: one is made when it is published, the other when it is read."""
    unit = make_unit()
    made = [
        make_published_result(unit, facility=make_facility(unit, name=evil), problem=f"{evil} 未贴标签")
        for evil in EVIL
    ]
    made.append(make_published_result(unit))
    at("2026-07-20 10:00")
    make_revision(made[2], words={"finding": '更正："标签", 2 处'}, reason='=写错,"核对"')
    make_published_step(made[3], words='"责令",2 处')
    make_objection(made[4])

    table = exports.table(ResultQuery().ordered())
    kept, read = io.BytesIO(), io.BytesIO()
    table.write_csv(kept)
    replace(table, line=None).write_csv(read)
    assert kept.getvalue() == read.getvalue()
    assert kept.getvalue().count(b"BX-") >= len(made) and '"更正：""标签"", 2 处"'.encode() in kept.getvalue()


def test_nobody_says_himself_what_the_line_of_a_result_is():
    result = make_published_result()
    with connection.cursor() as cursor:
        cursor.execute("SELECT csv_line = result_line(p) FROM disclosure_publication p WHERE id = %s", [result.pk])
        assert cursor.fetchone() == (True,)


def test_the_workbook_has_the_columns_of_the_page_that_explains_them():
    make_published_result()
    client = Client()
    sheet = load_workbook(io.BytesIO(client.get("/results/export.xlsx").getvalue())).active
    assert [c.value for c in sheet[2]] == [column.title for column in exports.COLUMNS]
    page = client.get("/data/fields/").content.decode()
    assert [column.title for column in exports.COLUMNS if column.title not in page] == []


def test_a_workbook_goes_on_on_another_sheet_where_one_is_full(monkeypatch):
    made = [make_published_result() for _ in range(3)]
    monkeypatch.setattr(tables, "ROWS_OF_A_SHEET", 2)
    book = load_workbook(io.BytesIO(Client().get("/results/export.xlsx?quarter=2026Q3").getvalue()))
    assert book.sheetnames == ["检查结果", "检查结果（2）"]
    numbers = [[row[0] for row in sheet.iter_rows(min_row=3, values_only=True)] for sheet in book]
    assert numbers == [[made[2].no, made[1].no], [made[0].no]]
    assert [sheet[2][0].value for sheet in book] == ["公示编号"] * 2


def test_an_export_costs_the_same_number_of_queries_with_one_row_and_with_many():
    counts = []
    for n in (1, 3):
        for _ in range(n):
            make_published_result()
        with CaptureQueriesContext(connection) as queries:
            rows_of(Client().get("/results/export.csv"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
