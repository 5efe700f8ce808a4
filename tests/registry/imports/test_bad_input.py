"""The catalogue of bad input (reliability.md C, X01–X61), each row by the path of the page: message, and nothing written.

The readers' own tests go deeper (tests/documents/test_workbooks_in.py, test_checking.py); here stands the whole list.
"""

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from registry import sheets
from registry.columns import COLUMNS
from registry.imports import actions
from registry.imports.checking.mapping import is_data
from registry.models import BatchKind, BatchState, Facility, FacilityChange, ImportBatch
from tests.browsing import post
from tests.documents import formats
from tests.documents import test_workbooks_in as broken
from tests.factories import make_facility, make_inspector, make_registrar, make_unit
from tests.registry.imports import test_checking as cells
from tests.registry.workbooks import credit_code, facility_row, inspector_row, reopened, workbook

pytestmark = pytest.mark.django_db
CODE = "91210504DEM000030E"
EVERY = [f"X{n:02d}" for n in range(1, 62)]


def check(content, *, unit=None, kind=BatchKind.FACILITY, by=None):
    unit = unit or make_unit()
    content = content if isinstance(content, bytes) else workbook(content)
    return actions.check_workbook(
        file_name="名录.xlsx", content=content, kind=kind, unit=unit, by=by or make_registrar(unit)
    )


def said(batch) -> list[str]:
    return [f"第 {p['row']} 行 {p['column']} {p['problem']}" for line in batch.lines.all() for p in line.problems]


def nothing_written() -> bool:
    return not Facility.objects.exists() and not FacilityChange.objects.exists()


# --- the file as a whole: refused before anything is kept ----------------------------------------------------------

FILES = [name for name in broken.REFUSED if re.match(r"X\d\d", name)]


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_read_leaves_nothing(name):
    make, sentence = broken.REFUSED[name]
    with pytest.raises(Refused, match=sentence):
        check(make())
    assert nothing_written() and not ImportBatch.objects.exists()


def test_x13_a_member_outside_the_folder_is_ignored(tmp_path, settings):
    with zipfile.ZipFile(io.BytesIO(workbook([facility_row()]))) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    batch = check(broken.zipped({**members, "../../evil.txt": b"x"}))
    assert batch.counts["added"] == 1
    assert not list(Path(settings.MEDIA_ROOT).parent.rglob("evil*"))


def test_x16_a_forged_dimension_changes_no_count():
    content = broken.changed(
        workbook([facility_row()]),
        lambda n, t: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', t) if "sheet1" in n else t,
    )
    assert check(content).counts["rows"] == 1


def test_x17_a_hundred_thousand_rows_are_taken_and_one_more_is_not(monkeypatch):
    assert (sheets_limit(), "100,000 行" in Path("registry/imports/upload_form.py").read_text()) == (100_000, True)
    monkeypatch.setattr("registry.imports.checking.MAX_ROWS", 3)
    assert check([facility_row() for _ in range(3)]).counts["added"] == 3
    with pytest.raises(Refused, match="“检查对象”超过 3 行。拆成几份"):
        check([facility_row() for _ in range(4)])


def sheets_limit() -> int:
    from registry.imports import checking

    return checking.MAX_ROWS


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8-sig", "utf-16"])
def test_x02_a_text_table_is_imported_whatever_it_is_called(encoding):
    batch = check(f"名称,统一社会信用代码\n甲厂,{CODE}\n".encode(encoding))
    assert (batch.counts["added"], batch.file.content_type, batch.file.name) == (1, "text/csv", "名录.xlsx")


def test_x04_an_old_workbook_is_imported_whatever_it_is_called():
    batch = check((formats.BOOKS / "f18_xls_named_xlsx.xlsx").read_bytes())
    assert batch.counts["added"] > 0 and batch.file.content_type == "application/vnd.ms-excel"


# --- where the table is: asked, and answered on a page -------------------------------------------------------------


def two_sheets(heads=("名称", "统一社会信用代码")):
    def second(ws):
        other = ws.parent.create_sheet("另一张")
        other.append(heads)
        other.append(["乙厂", credit_code()])
        other.append(["丙厂", credit_code()])

    return workbook([dict(zip(heads, ["甲厂", credit_code()], strict=True))], change=second)


def test_x19_sheets_with_the_same_head_are_one_table(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    batch = check(two_sheets(), unit=unit)
    assert (batch.state, batch.counts["added"]) == (BatchState.CHECKED, 3)
    assert [t["sheet"] for t in batch.counts["tables"]] == ["检查对象", "另一张"]
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert "2 张工作表表头相同，作为一张表读取" in text and "另一张 第 3 行" in text and "丙厂" in text


def test_x19_the_registrar_says_which_columns_and_whether_all_sheets(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    content = two_sheets(heads=("Company", "Credit code"))
    for ticked, added in ({"all": "on"}, 3), ({}, 2):
        batch = check(content, unit=unit, by=by)
        address = f"/desk/objects/import/{batch.pk}/"
        assert client.get(address).url == f"{address}columns/"
        text = client.get(f"{address}columns/?sheet=另一张&row=1").content.decode()
        assert "丙厂" in text and "表头相同的另外 1 张工作表也一起读取：检查对象" in text
        chosen = {"column-0": "name", "column-1": "uscc", **ticked}
        assert post(client, f"{address}columns/?sheet=另一张&row=1", **chosen).url == address
        batch.refresh_from_db()
        assert (batch.state, batch.counts["added"], batch.counts["tables"][0]["sheet"]) == (
            BatchState.CHECKED,
            added,
            "检查对象" if ticked else "另一张",
        )


def test_x20_without_heads_it_is_said_what_was_looked_for():
    batch = check(workbook([{"甲": "x", "乙": "y"}]))
    assert batch.state == BatchState.ASKS
    assert "未找到表头“名称”、“统一社会信用代码”" in batch.trouble


def test_x21_renamed_heads_are_pointed_out_by_hand(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    content = workbook([{"Company": "甲厂", "Credit code": CODE, "Where": "某路 1 号"}], before=[["2026 list"]])
    batch = check(content, unit=unit, by=by)
    page = f"/desk/objects/import/{batch.pk}/columns/?row=2"
    assert "表头在第 2 行" in client.get(page.removesuffix("?row=2")).content.decode()
    text = client.get(page).content.decode()
    assert "Credit code" in text and CODE in text and "表头在第 2 行" in text
    assert 'value="uscc" selected' in text  # told by what stands below the head
    refused = post(client, page, **{"column-0": "name", "column-1": "", "column-2": "address"}).content.decode()
    assert "还没有指明哪一列是“统一社会信用代码”" in refused
    twice = post(client, page, **{"column-0": "name", "column-1": "uscc", "column-2": "uscc"}).content.decode()
    assert "有两列都指明为“统一社会信用代码”" in twice
    assert post(client, page, **{"column-0": "name", "column-1": "uscc", "column-2": "address"}).status_code == 302
    batch.refresh_from_db()
    assert batch.lines.get().content["new"] == {"name": "甲厂", "uscc": CODE, "address": "某路 1 号"}
    assert actions.confirm_import(batch=batch, by=by).state == BatchState.CONFIRMED


def test_what_was_pointed_out_for_a_head_is_offered_the_next_time_to_the_same_unit(client):
    unit = make_unit()

    def brought(to, **heads):
        content = workbook(
            [dict(heads) or {"Company": "甲厂", "Credit code": credit_code(), "Where": "某路 1 号", "Who": "王某"}]
        )
        batch = check(content, unit=to, by=make_registrar(to))
        client.force_login(batch.uploaded_by)
        address = f"/desk/objects/import/{batch.pk}/columns/"
        return address, client.get(f"{address}?row=1").content.decode()

    address, text = brought(unit)
    assert "已照样填好" not in text and 'value="address" selected' not in text
    chosen = {"column-0": "name", "column-1": "uscc", "column-2": "address", "column-3": ""}
    assert post(client, f"{address}?row=1", **chosen).status_code == 302
    _, text = brought(unit)
    assert "已照样填好" in text and 'value="address" selected' in text and 'value="name" selected' in text
    assert "已照样填好" not in brought(make_unit("210503"))[1]
    assert "已照样填好" not in brought(unit, Company="甲厂", Code="x")[1]


@pytest.mark.parametrize("title", [[], [["2026 list"]]])
def test_x20_a_sheet_without_heads_loses_nobody(client, title):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    firms = [["红叶食品有限公司", CODE], ["紫藤染厂", credit_code()], ["云栖砖厂", credit_code()]]
    book, content = openpyxl.Workbook(), io.BytesIO()
    for row in [*title, *firms]:
        book.active.append(row)
    book.save(content)
    batch = check(content.getvalue(), unit=unit, by=by)
    address = f"/desk/objects/import/{batch.pk}/columns/"
    assert "，没有表头</h2>" in client.get(address).content.decode()
    chosen = {"column-0": "name", "column-1": "uscc"}
    assert post(client, address, **chosen).status_code == 302
    batch.refresh_from_db()
    assert {line.content["name"] for line in batch.lines.all() if line.content} >= {name for name, _ in firms}
    assert not any("当作表头" in note["problem"] for note in batch.notes)


def test_x20_who_is_taken_for_a_head_is_told(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    batch = check(workbook([{"紫藤染厂": "云栖砖厂", "代号": CODE}]), unit=unit, by=by)
    address = f"/desk/objects/import/{batch.pk}/columns/"
    assert "表头在第 1 行" in client.get(address).content.decode()
    post(client, address, **{"column-0": "name", "column-1": "uscc"})
    batch.refresh_from_db()
    assert (batch.notes[0]["row"], batch.notes[0]["value"]) == (1, "紫藤染厂")
    assert "这一行当作表头，没有读取" in batch.notes[0]["problem"]


@pytest.mark.parametrize(
    ("cells", "data"),
    [
        (["单位", "公司代码", "手机"], False),
        (["公司名称", "代码（18位）", "2026年"], False),
        (["名称", "水", "大气"], False),
        (["红叶食品有限公司", None], True),
        (["紫藤染厂", "91210504DEM000030X"], True),
        (["紫藤染厂", 13900000000.0], True),
        (["紫藤染厂", "明山区"], True),
        (["紫藤染厂", "某路"], True),
        (["受检单位简称", "所在区县"], False),
        (["Company", "Credit code"], False),
    ],
)
def test_what_no_head_says_is_data(cells, data):
    assert is_data(cells, COLUMNS[BatchKind.FACILITY]) is data


def test_x21_the_page_begins_with_what_is_recognised(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    batch = check(workbook([{"企业名称": "甲厂", "地 址": "某路", "Code": CODE}]), unit=unit, by=by)
    assert "缺少“统一社会信用代码”；认不出的列：“Code”" in batch.trouble
    text = client.get(f"/desk/objects/import/{batch.pk}/columns/").content.decode()
    assert 'value="name" selected' in text and 'value="address" selected' in text


def test_x22_a_head_that_stands_twice_is_asked_about():
    batch = check(workbook([], heads=["名称", "统一社会信用代码", "信用代码"]))
    assert (batch.state, "表头重复：“统一社会信用代码”" in batch.trouble) == (BatchState.ASKS, True)


@pytest.mark.parametrize("above", [0, 2, 9, 12, 29])
def test_x23_heads_under_a_title(above):
    assert check(workbook([facility_row()], before=[["标题"]] * above)).counts["tables"][0]["header_row"] == above + 1


def test_x24_heads_with_blanks_breaks_and_full_width_signs():
    batch = check([{" 名\n称 *": "甲厂", "统一社会\n信用代码（18位）": CODE}])
    assert batch.lines.get().content["new"] == {"name": "甲厂", "uscc": CODE}


# --- cells: the row is named, the others can go in -----------------------------------------------------------------


def test_x25_a_merged_cell_says_whom_each_of_its_rows_means():
    batch = check(workbook([facility_row(), facility_row()], change=lambda ws: ws.merge_cells("A2:A3")))
    assert (said(batch), batch.counts["added"]) == ([], 2)
    assert [n["problem"] for n in batch.notes] == ["合并的单元格按最上面的一格读取，1 处"]


def test_x25_a_merged_day_is_no_day_of_the_rows_below():
    rows = [facility_row(permit_valid_to="2028-03-01"), facility_row(permit_valid_to=None)]
    batch = check(workbook(rows, change=lambda ws: ws.merge_cells("C2:C3")))
    assert [line.content["new"].get("permit_valid_to") for line in batch.lines.all()] == ["2028-03-01", None]
    assert [n["problem"] for n in batch.notes] == ["合并的单元格只算最上面一行，其余 1 处按空着读取"]


def test_x26_a_formula_without_a_result():
    batch = check(workbook([facility_row()], change=lambda ws: ws.__setitem__("A2", "=B2&C2")))
    assert said(batch) == ["第 2 行 名称 单元格是公式，没有计算结果"]


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+cmd|'/C calc'!A0", "@SUM(A1)", "-1+1"])
def test_x27_text_that_looks_like_a_formula_stays_text_in_and_out(text):
    unit = make_unit()
    by = make_registrar(unit)
    row = facility_row(uscc=CODE, address=text)

    def as_text(ws):
        for cell in ws[2]:
            cell.data_type = "s"

    actions.confirm_import(batch=check(workbook([row], change=as_text), unit=unit, by=by), by=by)
    assert Facility.objects.get().address == text
    rows = Facility.objects.select_related("unit")
    out = reopened(sheets.facility_export(rows, unit=unit, day=date(2026, 7, 1), with_personal_data=False))
    cell = next(c for c in out[3] if c.value == text)
    assert (cell.data_type, cell.quotePrefix) == ("s", True)


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#DIV/0!"])
def test_x28_an_error_value(text):
    def spoil(ws):
        ws["A2"], ws["A2"].data_type = text, "e"

    assert said(check(workbook([facility_row()], change=spoil))) == [f"第 2 行 名称 单元格是错误值 {text}"]


@pytest.mark.parametrize("name", [n for n in cells.WRONG if re.match(r"X\d\d", n)])
def test_a_wrong_cell_is_named_and_its_row_stays_out(name):
    field, value, shown, problem = cells.WRONG[name]
    unit = make_unit()
    by = make_registrar(unit)
    batch = check([facility_row(name="好的"), facility_row(**{field: value})], unit=unit, by=by)
    (found,) = batch.lines.get(content__isnull=True).problems
    assert (found["row"], found["value"], found["problem"]) == (3, shown, problem)
    assert found["column"] and found["remedy"]
    actions.confirm_import(batch=batch, by=by)
    assert list(Facility.objects.values_list("name", flat=True)) == ["好的"]


@pytest.mark.parametrize("name", [n for n in cells.READ if re.match(r"X\d\d", n)])
def test_a_cell_that_can_be_understood_is_read_and_the_reading_told(name):
    field, value, read, told = cells.READ[name]
    batch = check([facility_row(**{"uscc": CODE, field: value})])
    assert batch.lines.get().content["new"][field] == read
    assert [n["problem"] for n in batch.notes if "主体标识码" not in n["problem"]] == told


def test_x39_the_same_row_twice_is_one():
    row = facility_row()
    batch = check([row, row])
    assert (batch.counts["added"], batch.counts["faulty"], batch.counts["same"]) == (1, 0, 1)
    assert batch.notes[0]["problem"] == "与第 2 行完全相同，只算一行"


def test_x40_one_code_with_two_names_imports_neither():
    batch = check([facility_row(uscc=CODE, name="甲"), facility_row(), facility_row(uscc=CODE, name="乙")])
    assert [s[:5] for s in said(batch)] == ["第 2 行", "第 4 行"]
    assert (batch.counts["added"], batch.counts["faulty"]) == (1, 2)


def test_x40_rows_far_apart_find_each_other(monkeypatch):
    monkeypatch.setattr("registry.imports.checking._AT_ONCE", 2)
    rows = [facility_row(uscc=CODE, name="甲"), *(facility_row() for _ in range(5)), facility_row(uscc=CODE, name="乙")]
    batch = check(rows)
    assert [s.split()[1] for s in said(batch)] == ["2", "8"]
    assert (batch.counts["added"], batch.counts["faulty"], batch.counts["unchanged"]) == (5, 2, 0)


def test_x41_a_code_of_another_unit_tells_nothing_about_it():
    make_facility(make_unit("210503"), uscc=CODE, name="溪湖机密厂")
    batch = check([facility_row(uscc=CODE)])
    assert said(batch) == ["第 2 行 统一社会信用代码 名录里已有这个对象，属于其他单位"]
    assert "溪湖" not in str(list(batch.lines.values()))


def test_x44_days_of_a_1904_workbook():
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["名称", "统一社会信用代码", "排污许可有效期至"])
    book.active.append(["甲厂", CODE, date(2027, 1, 2)])
    book.active.append(["乙厂", credit_code(), 44197])
    batch = check(broken.saved(book))
    assert batch.lines.get(number=2).content["new"]["permit_valid_to"] == "2027-01-02"
    (found,) = batch.lines.get(number=3).problems
    assert "2025-01-02" in found["remedy"]


@pytest.mark.parametrize("text", ["甲\x0b厂", "甲\x01厂"])
def test_x52_control_characters(text):
    def spoil(ws):
        ws["A2"] = text.replace("\x0b", "_x000B_").replace("\x01", "_x0001_")

    assert said(check(workbook([facility_row()], change=spoil))) == ["第 2 行 名称 含不可见的控制字符"]


def test_x52_a_lone_surrogate_does_not_break_the_page(client):
    unit = make_unit()
    by = make_registrar(unit)
    content = broken.changed(
        workbook([facility_row(name="PLACE")]),
        lambda n, t: t.replace(b"PLACE", b"&#xD800;") if n.endswith(("sheet1.xml", "sharedStrings.xml")) else t,
    )
    try:
        batch = check(content, unit=unit, by=by)
    except Refused as refusal:
        assert "另存为 .xlsx" in str(refusal)
    else:
        assert said(batch)


def test_x57_hidden_rows_are_counted_and_told():
    def spoil(ws):
        ws.row_dimensions[3].hidden = True

    batch = check(workbook([facility_row(), facility_row()], change=spoil))
    assert (batch.counts["added"], batch.notes[0]["problem"]) == (2, "有 1 行隐藏或被筛选掉，也一并核对了")


def test_x58_blank_rows_are_skipped_and_what_stands_below_them_is_read():
    def spoil(ws):
        ws.insert_rows(3, 2000)
        for row in range(2030, 3030):
            ws.cell(row, 1).number_format = "@"

    batch = check(workbook([facility_row(), facility_row()], change=spoil))
    assert (batch.counts["rows"], batch.counts["faulty"], batch.notes) == (2, 0, [])


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"certificate_to": "2026-07-05"}, "执法证已于 2026-07-05 到期"),
        ({"certificate_no": "21050499999"}, "这个执法证号属于张三（Z-1）"),
    ],
)
def test_x59_certificates_expired_or_of_another_person(fields, problem):
    unit = make_unit()
    make_inspector(unit, name="张三", code="Z-1", certificate_no="21050499999")
    assert said(check([inspector_row(**fields)], kind=BatchKind.INSPECTOR, unit=unit))[0].endswith(problem)


def test_x59_a_certificate_twice_in_the_file():
    batch = check([inspector_row(name="甲"), inspector_row(name="乙")], kind=BatchKind.INSPECTOR)
    assert [s.split()[1] for s in said(batch)] == ["2", "3"]


def test_x60_the_same_file_again_is_told():
    unit = make_unit()
    by = make_registrar(unit)
    content = workbook([facility_row()])
    first = actions.confirm_import(batch=check(content, unit=unit, by=by), by=by)
    assert check(content, unit=unit, by=by).notes[0]["problem"].endswith(f"导入过（批次 {first.pk}）")


def test_x61_a_registry_that_changed_asks_for_a_new_check():
    unit = make_unit()
    by = make_registrar(unit)
    batch = check([facility_row()], unit=unit, by=by)
    make_facility(unit)
    with pytest.raises(Refused, match="核对之后名录有了变化"):
        actions.confirm_import(batch=batch, by=by)


# --- rules for all of them -----------------------------------------------------------------------------------------


def test_the_upload_is_kept_and_a_marked_copy_can_be_corrected_and_imported(client):
    """Twenty faulty rows among seven hundred: mark, correct, import again."""
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    rows = [facility_row(name=f"示例{n}厂") for n in range(60)]
    for row in rows[5:45:2]:
        row["统一社会信用代码"] = row["统一社会信用代码"][:17]
    content = workbook(rows)
    batch = check(content, unit=unit, by=by)
    assert (batch.counts["faulty"], batch.counts["added"]) == (20, 40)
    assert files.read(batch.file) == content
    marked = client.get(f"/desk/objects/import/{batch.pk}/marked.xlsx")
    sheet = reopened(marked.content)
    last = sheet.max_column
    assert sheet.cell(1, last).value == "核对结果"
    red = [r for r in range(2, 62) if sheet.cell(r, 2).fill.start_color.rgb == "00F6C9C3"]
    told = [r for r in range(2, 62) if sheet.cell(r, last).value]
    assert red == told and len(red) == 20
    assert "应为 18 位，现为 17 位" in sheet.cell(red[0], last).value and sheet.cell(red[0], 2).comment
    for row in red:
        sheet.cell(row, 2).value = credit_code()
    again = check(broken.saved(sheet.parent), unit=unit, by=by)
    assert (again.counts["faulty"], again.counts["added"]) == (0, 60)


def test_correct_rows_go_in_only_when_the_button_that_says_so_is_pressed(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    batch = check([facility_row(), facility_row(uscc="x")], unit=unit, by=by)
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert "导入 1 行，跳过 1 行" in text and nothing_written()
    post(client, f"/desk/objects/import/{batch.pk}/confirm/")
    assert Facility.objects.count() == 1


def test_every_row_of_the_catalogue_has_a_test():
    """The ids stand in the names of tests or of their parameters."""
    source = Path(__file__).read_text()
    named = {f"X{n}" for n in re.findall(r"def test_x(\d\d)", source)}
    named |= {name[:3] for name in (*broken.REFUSED, *cells.WRONG, *cells.READ)}
    assert sorted(set(EVERY) - named) == []
