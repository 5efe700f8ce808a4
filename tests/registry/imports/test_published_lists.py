"""Lists as they are published: levels as sections, ordinals before names, 同上, words where a tick should be."""

import io

import openpyxl
import pytest

from registry.columns import COLUMNS, column
from registry.imports import actions
from registry.imports.cells import read as read_cell
from registry.imports.checking.leaving import Leaving
from registry.imports.checking.tables import Unclear, find_tables
from registry.models import BatchKind
from tests.factories import make_registrar
from tests.registry.imports.sheets import read, sheet
from tests.registry.imports.test_list_imports import LIST_2026, check, firm, imported, row
from tests.registry.workbooks import credit_code

F, PEOPLE, K, CREDIT = BatchKind.FACILITY, BatchKind.INSPECTOR, BatchKind.KEY_LIST, BatchKind.CREDIT
PERMIT = BatchKind.PERMIT


# --- levels --------------------------------------------------------------------------------------------------------


def levels(sheets):
    lines, _ = read(sheets, CREDIT)
    return [(line.values.get("name"), line.values.get("credit_level")) for line in lines]


@pytest.mark.django_db
@pytest.mark.parametrize("merged", [True, False])
def test_a_section_is_the_level_of_its_firms(merged):
    rows = [
        ["企业名称", "地址"],
        ["一、环保诚信企业（绿牌）1家"],
        ["甲厂", "某路"],
        ["（一）平山区"],
        ["乙厂", "某路"],
        ["小计", "2 家"],
        ["二、环保不良企业（红牌，1家）"],
        ["丙厂", "某路"],
        ["三、未参评企业"],
        ["丁厂", "某路"],
    ]
    spans = [(n, 1, n, 2) for n in (2, 4, 7, 9)] if merged else ()
    assert levels(sheet(rows, spans=spans)) == [("甲厂", "绿"), ("乙厂", "绿"), ("丙厂", "红"), ("丁厂", None)]


@pytest.mark.django_db
def test_an_unnumbered_section_in_the_column_of_names_is_no_firm():
    rows = [["序号", "企业名称"], ["", "绿牌企业（1家）"], ["1", "甲厂"], ["", "黄牌企业"], ["1", "乙厂"]]
    assert levels(sheet(rows)) == [("甲厂", "绿"), ("乙厂", "黄")]


@pytest.mark.django_db
def test_the_name_of_a_sheet_or_a_title_is_the_level_of_its_firms():
    head = ["序号", "企业名称"]
    sheets = [
        sheet([head, ["1", "甲厂"]], name="绿牌企业"),
        sheet([["2025年度环保警示企业名单"], head, ["1", "乙厂"]], name="Sheet2"),
        sheet([head, ["1", "丙厂"]], name="其他"),
    ]
    assert levels(sheets) == [("甲厂", "绿"), ("乙厂", "黄")]


@pytest.mark.django_db
def test_a_list_without_any_level_is_asked_about():
    with pytest.raises(Unclear, match="缺少“环境信用评价”"):
        find_tables([sheet([["企业名称"], ["一、平山区"], ["甲厂"]])], COLUMNS[CREDIT])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("other", "values", "asks"),
    [
        ("复核后等级", ["蓝牌", "绿牌"], True),
        ("最终结果", ["绿牌", ""], True),
        ("上年度等级", ["蓝牌", "绿牌"], False),
        ("得分", ["85", "96"], False),
        ("评价说明", ["超标排放", "—"], False),
    ],
)
def test_two_columns_of_levels_are_asked_about(other, values, asks):
    rows = [["企业名称", "评价等级", other], *([f"示例{n}厂", "绿牌", value] for n, value in enumerate(values))]
    if asks:
        with pytest.raises(Unclear, match=f"像是等级：“评价等级”、“{other}”"):
            find_tables([sheet(rows)], COLUMNS[CREDIT])
    else:
        assert len(find_tables([sheet(rows)], COLUMNS[CREDIT])) == 1


@pytest.mark.django_db
def test_levels_by_sections_come_to_the_check_page():
    here = firm(name="甲厂")
    rows = [["企业名称"], ["一、绿牌企业"], [here.name]]
    lines, _ = read(sheet(rows), CREDIT)
    assert [line.values["credit_level"] for line in lines] == ["绿"]
    batch = check(CREDIT, [{"企业名称": "一、绿牌企业"}, {"企业名称": here.name}], {"year": 2025, "source": "省厅公告"})
    assert (batch.state, batch.counts["changed"], batch.counts["faulty"]) == ("CHECKED", 1, 0)


# --- 同上, ticks ----------------------------------------------------------------------------------------------


def test_the_same_as_above_is_the_cell_above():
    code = credit_code
    head = ["企业名称", "统一社会信用代码", "地址", "所在区县", "纳入日期"]
    rows = [
        head,
        ["甲厂", code(), "某路", "明山区", "2026-01-01"],
        ["乙厂", code(), "同上", "〃", ""],
        ["小计", "2 家"],
        ["丙厂", code(), "”", '"', ""],
        ["丁厂", code(), "", "", "同上"],
        ["戊厂", code(), "同上", "", ""],
    ]
    lines, notes = read(sheet(rows), F)
    assert [line.values.get("address") for line in lines] == ["某路", "某路", "某路", None, None]
    assert [line.values.get("division_code") for line in lines[:3]] == ["210504"] * 3
    assert [[p["column"] for p in line.problems] for line in lines] == [[], [], [], ["纳入名录日期"], ["地址"]]
    assert "有 2 格写的是“同上”“””，按上一行读取" in [n["problem"] for n in notes.kept]


def test_nobody_is_called_the_same_as_above():
    head = ["姓名", "科室", "执法证号"]
    lines, _ = read(sheet([head, ["张三", "某科", "06050400101"], ["同上", "同上", "同上"]]), PEOPLE)
    assert {p["problem"] for p in lines[1].problems} == {"这一列不能写“同上”"}
    assert lines[1].values == {"unit": "某科"}


@pytest.mark.parametrize(
    ("cell", "ticked"),
    [("水", True), ("COD、氨氮", True), ("√（雨水）", True), ("√", True), ("否", False), ("×", False), ("", False)],
)
def test_words_in_a_column_of_ticks_tick_it(cell, ticked):
    rows = [["企业名称", "名录类别", ""], ["", "水", "土"], ["甲厂", cell, "√"]]
    lines, _ = read(sheet(rows, spans=[(1, 1, 2, 1), (1, 2, 1, 3)]), K)
    assert (lines[0].values["list_kinds"], lines[0].problems) == ("水环境、土壤污染" if ticked else "土壤污染", [])


@pytest.mark.parametrize("cell", ["不涉及水", "○", "其他", "待定", "移出"])
def test_words_that_say_no_clear_yes_tick_nothing(cell):
    rows = [["企业名称", "名录类别", ""], ["", "水", "土"], ["甲厂", cell, "√"]]
    lines, _ = read(sheet(rows, spans=[(1, 1, 2, 1), (1, 2, 1, 3)]), K)
    assert "水环境" not in lines[0].values.get("list_kinds", "")


@pytest.mark.parametrize(
    ("span", "kinds"),
    [
        ((2, 2, 3, 2), ["水环境", "水环境"]),
        ((2, 2, 2, 3), ["水环境、大气环境", "大气环境"]),
        ((2, 1, 3, 1), ["水环境", "大气环境"]),
    ],
)
def test_a_merged_tick_is_one_for_every_cell_that_it_covers(span, kinds):
    rows = [["企业名称", "水环境", "大气环境"], ["甲厂", "√", ""], ["乙厂", "", ""], ["丙厂", "", "√"]]
    rows[2][2] = "" if span == (2, 2, 3, 2) else "√"
    lines, _ = read(sheet(rows, spans=[span]), K)
    assert [line.values["list_kinds"] for line in lines[:2]] == kinds


def test_the_same_as_nothing_is_nothing():
    head = ["企业名称", "统一社会信用代码", "地址", "法定代表人"]
    rows = [head, ["甲厂", credit_code(), 0.0, "—"], ["乙厂", credit_code(), "同上", "〃"]]
    lines, _ = read(sheet(rows), F)
    assert [set(line.values) & {"address", "legal_person"} for line in lines] == [set(), set()]


# --- permits -----------------------------------------------------------------------------------------------------


PERMIT_HEAD = ["许可证编号", "单位名称", "业务类型", "有效期限"]


@pytest.mark.parametrize(
    ("acts", "read_rows"),
    [
        ([("首次申领", "2026-02-28"), ("延续", "2031-02-28")], [3]),
        ([("延续", "2031-02-28"), ("首次申领", "2026-02-28")], [2]),
        ([("首次申领", "2031-02-28"), ("注销", "2031-02-28")], []),
        ([("首次申领", "2031-02-28"), ("变更", "2031-02-28")], [2, 3]),  # which of them is asked later
    ],
)
@pytest.mark.clause("六(二)-l")
def test_of_the_rows_of_one_permit_the_latest_counts_and_none_beside_its_end(acts, read_rows):
    number = credit_code() + "001P"
    rows = [[number, "甲厂", act, f"2021-03-01至{day}"] for act, day in acts]
    lines, _ = read(sheet([PERMIT_HEAD, *rows]), PERMIT, Leaving(PERMIT))
    assert [line.row for line in lines if not line.dropped and not line.problems] == read_rows


def test_a_sheet_or_a_section_says_the_category_of_its_permits():
    head, rows = ["许可证编号", "单位名称"], []
    sheets = [sheet([head, [credit_code() + "001P", "甲厂"]], name="重点管理单位（1家）")]
    rows = [
        head,
        ["一、简化管理"],
        [credit_code() + "001Q", "乙厂"],
        ["二、登记管理"],
        [credit_code() + "001W", "丙厂"],
    ]
    lines, _ = read([*sheets, sheet(rows, name="其他")], PERMIT)
    assert [line.values["permit_category"] for line in lines] == ["KEY", "SIMPLIFIED", "REGISTERED"]


# --- columns of one field -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "heads", "cells", "field", "at"),
    [
        (F, ["企业名称", "统一社会信用代码", "法定代表人", "负责人"], ["甲厂", "", "张三", "李四"], "legal_person", 2),
        (F, ["企业名称", "统一社会信用代码", "负责人", "法定代表人"], ["甲厂", "", "李四", "张三"], "legal_person", 3),
        (BatchKind.RISK, ["企业名称", "类别", "风险等级"], ["甲厂", "个体工商户", "A类"], "credit_risk", 2),
    ],
)
@pytest.mark.django_db
def test_of_two_columns_of_a_field_its_name_or_its_cells_tell_which(kind, heads, cells, field, at):
    (table,) = find_tables([sheet([heads, cells])], COLUMNS[kind])
    assert table.places[field] == at
    assert len(table.unknown) == 1


# --- heads, rows, units ----------------------------------------------------------------------------------------------


def test_the_group_above_tells_two_heads_of_one_text_apart():
    rows = [
        ["序号", "企业基本情况", "", "联系方式", "", "排污许可", "", "危险废物", ""],
        ["", "名称", "统一社会信用代码", "联系人", "电话", "编号", "有效期至", "经营许可证编号", "有效期至"],
    ]
    spans = [(1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5), (1, 6, 1, 7), (1, 8, 1, 9)]
    (table,) = find_tables([sheet(rows, spans=spans)], COLUMNS[F])
    assert (table.places["permit_valid_to"], table.places["hazwaste_licence"], table.unknown) == (6, 7, ["有效期至"])
    assert (table.places["contact_phone"], table.places["permit_no"]) == (4, 5)


def test_what_ends_a_page_is_no_data():
    rows = [
        ["序号", "企业名称", "统一社会信用代码", "地址"],
        ["1", "甲厂", credit_code(), "某路"],
        ["", "合  计", "2", "家"],
        ["", "以下空白"],
        ["", "年　月　日"],
        ["", "（盖章）"],
    ]
    lines, notes = read(sheet(rows), F)
    assert ([line.values["name"] for line in lines], len(notes.asides)) == (["甲厂"], 4)
    rows = [["企业名称", "统一社会信用代码", "自然人"], ["甲户", "", "是"], ["合计2户", "", "是"]]
    assert [line.values["name"] for line in read(sheet(rows), F)[0]] == ["甲户"]


@pytest.mark.parametrize(
    "below", [["序号", "企业名称", "统一社会信用代码", "地址"], ["企业名称", "关停时间", "原因", "备注"]]
)
def test_another_table_below_is_never_read_by_the_heads_of_the_first(below):
    head = ["企业名称", "统一社会信用代码", "联系人", "地址"]
    rows = [head, ["甲厂", credit_code(), "张三", "某路"], below, ["乙厂", "丙", "丁", "某路"]]
    lines, _ = read(sheet(rows), F)
    assert [line.problems[0]["problem"][:9] for line in lines if line.problems] == ["上面又有一行表头，"]


@pytest.mark.parametrize("cell", ["水、气、声", "废水 废气 噪音", "水/大气/噪声"])
def test_types_of_pollution_as_people_write_them(cell):
    assert read_cell(cell, column(F, "pollution_types")).value == ["WATER", "AIR", "NOISE"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123°46′30″", "123.775000"),
        ("123度46分30秒", "123.775000"),
        ("东经123°46'30\"", "123.775000"),
        ("E123.76", "123.760000"),
        ("123°46.5′E", "123.775000"),
        ("123.76", "123.760000"),
    ],
)
def test_a_coordinate_in_degrees_and_minutes(text, value):
    reading = read_cell(text, column(F, "longitude"))
    assert (str(reading.value), bool(reading.notes)) == (value, text != "123.76")


@pytest.mark.parametrize("text", ["123.7°", "123°76′30″", "123，76", "41°18′10″", "12346.30", "E"])
def test_what_is_no_coordinate_here_is_refused(text):
    assert read_cell(text, column(F, "longitude")).problem


# --- hidden sheets ---------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.clause("六(二)-t")
def test_a_hidden_sheet_is_named_and_whom_it_names_keeps_his_ground(at):
    stays, hidden, goes = firm(name="甲厂"), firm(name="乙厂"), firm(name="丙厂")
    at("2025-03-20 09:00")
    imported(K, [row(f) for f in (stays, hidden, goes)], {"year": 2025, "document": "本环发〔2025〕1 号"})
    at("2026-03-20 09:00")
    batch = actions.check_workbook(
        file_name="名录.xlsx",
        content=book_of({"名录": [["企业名称"], [stays.name]], "附表": [["企业名称"], [hidden.name]]}, hides="附表"),
        kind=K,
        unit=stays.unit,
        by=make_registrar(stays.unit),
        asked=LIST_2026,
    )
    assert "隐藏的工作表“附表”没有读取" in [note["problem"] for note in batch.notes]
    (left_out,) = [line.content for line in batch.lines.all() if line.content and line.content.get("left_out")]
    assert left_out["code"] == goes.code


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [[["选项"], ["是"], ["否"]], [["说明"], ["一行一家"]]])
def test_a_hidden_sheet_without_a_table_is_not_spoken_of(rows):
    here = firm()
    content = book_of({"名录": [["企业名称", "统一社会信用代码"], [here.name, here.uscc]], "选项": rows}, hides="选项")
    batch = actions.check_workbook(
        file_name="名录.xlsx", content=content, kind=F, unit=here.unit, by=make_registrar(here.unit)
    )
    assert (batch.notes, batch.counts["unchanged"]) == ([], 1)


def book_of(sheets, *, hides):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for cells in rows:
            page.append(cells)
        page.sheet_state = "hidden" if name == hides else "visible"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
