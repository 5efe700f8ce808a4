"""What a county brings in whatever format goes from the upload to the check page, and back out marked."""

import io

import openpyxl
import pytest

from benxi_shuangsuiji.documents import jobs
from benxi_shuangsuiji.documents.models import Job, JobState
from benxi_shuangsuiji.refusal import Refused
from registry.imports.checking import entry
from registry.models import BatchState, ImportBatch, ImportLine
from tests.browsing import post
from tests.documents.formats import BOOKS, cell, ods, row, sheet
from tests.factories import make_registrar, make_unit
from tests.registry.facilities.test_pages import text_of, uploaded
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db
UPLOAD = "/desk/objects/import/?kind=FACILITY"


@pytest.fixture
def registrar(client):
    by = make_registrar(make_unit())
    client.force_login(by)
    return by


def brought(client, name: str, content: bytes | None = None):
    """The page after the upload, and the batch where there is one."""
    content = (BOOKS / name).read_bytes() if content is None else content
    answer = post(client, UPLOAD, file=uploaded(content, name))
    return text_of(client.get(answer.url) if answer.status_code == 302 else answer), ImportBatch.objects.order_by(
        "-pk"
    ).first()


@pytest.mark.parametrize(
    ("name", "rows", "kind"),
    [
        ("f18_xls_named_xlsx.xlsx", 5, "application/vnd.ms-excel"),
        ("f20_wps.xlsx", 5, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("f29_gbk.csv", 5, "text/csv"),
        ("f30b_utf16_tab.txt", 5, "text/csv"),
        ("f31_calc.ods", 5, "application/vnd.oasis.opendocument.spreadsheet"),
        ("f33_hidden_columns.xlsx", 6, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("f43_blank_gap_300.xlsx", 10, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_table_of_each_format_reaches_the_check_page(client, registrar, name, rows, kind):
    text, batch = brought(client, name)
    assert (batch.state, batch.counts["rows"], batch.counts["faulty"]) == (BatchState.CHECKED, rows, 0)
    assert (batch.file.name, batch.file.content_type) == (name, kind)
    assert f"导入 {rows} 行" in text


def test_a_table_of_wps_is_told_by_its_bytes_whichever_of_its_two_formats_it_is(client, registrar):
    for brought_as, name in (("f18_xls_named_xlsx.xlsx", "甲.et"), ("f20_wps.xlsx", "乙.et")):
        _, batch = brought(client, name, (BOOKS / brought_as).read_bytes())
        assert (batch.file.name, batch.counts["rows"], batch.counts["faulty"]) == (name, 5, 0)


def test_hidden_columns_are_told_by_their_heads(client, registrar):
    _, batch = brought(client, "f33_hidden_columns.xlsx")
    assert [(n["value"], n["problem"]) for n in batch.notes if "列是隐藏的" in n["problem"]] == [
        ("“统一社会信用代码”", "列是隐藏的，也一并核对了")
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("f16_password.xlsx", "文件已加密。去除密码后另存，再上传。"),
        (
            "f21b_xml2003.xls",
            "这是“XML 表格 2003”，不是工作簿，改名没有用。用 Excel 或 WPS 打开后另存为 .xlsx，再上传。",
        ),
        ("f22b_head_only.xlsx", "只有表头，没有内容。填好后重新上传。"),
        ("f22d_cut.xlsx", "文件不完整，可能没有传完。"),
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(client, registrar, name, said):
    text, batch = brought(client, name)
    assert said in text and batch is None


def test_the_form_names_the_formats(client, registrar):
    text = client.get(UPLOAD).content.decode()
    assert 'accept=".xlsx,.xls,.et,.ods,.csv,.txt"' in text and "（.xlsx、.xls、.et）、.ods、.csv 或 .txt" in text


def faulty_ods() -> bytes:
    heads = row(cell("名称"), cell("统一社会信用代码"))
    return ods(sheet(heads + row(cell("甲厂"), cell(credit_code())) + row(cell("乙厂"), cell("123"))))


def faulty_csv() -> bytes:
    return f"名称,统一社会信用代码\n甲厂,{credit_code()}\n乙厂,123\n".encode("gb18030")


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("名录.ods", faulty_ods),
        ("名录.csv", faulty_csv),
        ("名录.xlsx", lambda: workbook([facility_row(), facility_row(uscc="123")])),
    ],
)
def test_the_marked_copy_is_a_workbook_whatever_was_brought(client, registrar, name, make):
    _, batch = brought(client, name, make())
    answer = client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx")
    assert "%E5%90%8D%E5%BD%95_%E6%A0%87%E5%A5%BD%E9%94%99%E8%AF%AF.xlsx" in answer["Content-Disposition"]
    found = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert (found["B3"].value, "应为 18 位，现为 3 位" in found["B3"].comment.text) == ("123", True)
    assert (found["C1"].value, found["C2"].value) == ("核对结果", None)
    assert found["C3"].value.startswith("统一社会信用代码：")


@pytest.mark.parametrize("name", ["o01_empty_fill.xlsx", "o03_core_date.xlsx"])
def test_a_workbook_that_only_calamine_opens_has_its_marked_copy(client, registrar, name):
    text, batch = brought(client, name)
    assert batch.counts["faulty"] == 1 and "下载标好错误的表格" in text
    answer = client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx")
    assert answer.status_code == 200 and openpyxl.load_workbook(io.BytesIO(answer.content)).active["A1"].value


def test_a_batch_whose_table_is_not_known_yet_has_no_marked_copy(client, registrar):
    _, batch = brought(client, "表.xlsx", workbook([{"甲": "x", "乙": "y"}]))
    assert batch.state == BatchState.ASKS
    assert client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx").status_code == 404


def test_where_no_copy_can_be_made_the_page_says_so(client, registrar, monkeypatch):
    def refuse(*args, **kwargs):
        raise Refused("标好错误的表格做不出来。")

    _, batch = brought(client, "名录.csv", faulty_csv())
    monkeypatch.setattr("registry.imports.marking.marked_copy", refuse)
    page = client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx", follow=True)
    assert (page.status_code, "标好错误的表格做不出来。" in text_of(page)) == (200, True)


@pytest.mark.story("S9")
def test_a_large_table_is_marked_by_the_worker_once(client, registrar, monkeypatch):
    monkeypatch.setattr("benxi_shuangsuiji.documents.workbooks.reading.LARGE", 0)
    _, batch = brought(client, "名录.csv", faulty_csv())
    jobs.run(batch.job_id)
    marked = f"/desk/objects/import/{batch.pk}/marked.xlsx"
    page = client.get(marked).url
    job = Job.objects.get(kind="registry_import_marked")
    assert page == f"/desk/jobs/{job.pk}/" and client.get(marked).url == page
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result.name) == (JobState.DONE, "名录_标好错误.xlsx")
    assert "下载 名录_标好错误.xlsx" in text_of(client.get(page))
    answer = client.get(f"{page}result/")
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).active["B3"].comment
    assert client.get(marked).url == page  # made once


def test_several_tables_of_one_batch_are_marked_each_on_its_sheet(client, registrar):
    def second(ws):
        other = ws.parent.create_sheet("大气")
        for cells in (["标题"], ["名称"], ["丙厂"]):
            other.append(cells)

    _, batch = brought(client, "名录.xlsx", workbook([facility_row(uscc="123")], sheet="水", change=second))
    batch.counts["tables"].append({"sheet": "大气", "header_row": 2, "places": {"名称": 1}})
    batch.save(update_fields=["counts"])
    problem = entry(3, "名称", "丙厂", "重名", "核对") | {"sheet": "大气"}
    ImportLine.objects.create(batch=batch, number=103, problems=[problem])
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx").content))
    assert book.sheetnames == ["水", "大气"]
    assert book["水"]["B2"].comment and not book["水"]["B3"].comment
    assert (book["大气"]["A3"].comment.text, book["大气"]["B3"].value) == ("重名。核对", "名称：重名。核对")
    assert book["大气"]["B2"].value == "核对结果"
