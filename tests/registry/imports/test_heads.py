"""Under which heads counties, the permit platform and staff lists write what is asked for (X20–X24)."""

import pytest

from registry.columns import COLUMNS
from registry.imports import kinds
from registry.imports.checking.heads import Heads, normal_head
from registry.imports.checking.tables import Unclear, find_tables, head_at
from registry.models import BatchKind
from tests.registry.imports.sheets import sheet

F, PEOPLE, K, P, C = BatchKind.FACILITY, BatchKind.INSPECTOR, BatchKind.KEY_LIST, BatchKind.PERMIT, BatchKind.CREDIT


@pytest.mark.parametrize("kind", BatchKind)
def test_no_head_belongs_to_two_columns_of_one_kind(kind, db):
    """Whatever brackets, blanks and marks are left out."""
    owners: dict[str, set[str]] = {}
    for column in kinds.of(kind).columns():
        for text in (column.title, *column.also):
            owners.setdefault(normal_head(text), set()).add(column.field)
            owners.setdefault("".join(c for c in normal_head(text) if c not in "()、/"), set()).add(column.field)
    assert {text: fields for text, fields in owners.items() if len(fields) > 1} == {}


HEADS = {
    (F, "企业名称★"): "name",
    (F, "＊企业（单位）名称"): "name",
    (F, "1.单位名称"): "name",
    (F, "名称（全称）"): "name",
    (F, "企业名称/单位名称"): "name",
    (F, "统一社会信用代码（组织机构代码）"): "uscc",
    (F, "统一社会信用代码*（18位）"): "uscc",
    (F, "统一社会\n信用代码\n（必填）"): "uscc",
    (F, "排污许可证书编号"): "permit_no",
    (F, "排污许可证编号（登记编号）"): "permit_no",
    (F, "生产经营场所地址"): "address",
    (F, "经度（E）"): "longitude",
    (F, "纬度（°）"): "latitude",
    (F, "所属县（区）"): "division_code",
    (F, "县（市、区）"): "division_code",
    (F, "法定代表人（主要负责人）"): "legal_person",
    (F, "行业类别（代码）"): "industry_code",
    (F, "行业类别（国民经济行业）"): "industry_name",
    (F, "2025年环境信用评价结果"): "credit_level",
    (F, "有效期至"): "permit_valid_to",
    (F, "名称（曾用名）"): None,
    (F, "有效期（起）"): None,
    (F, "经度/纬度"): None,
    (F, "备注"): None,
    (PEOPLE, "有效期（起）"): "certificate_from",
    (PEOPLE, "有效期（止）"): "certificate_to",
    (PEOPLE, "证件有效期"): "certificate_to",
    (PEOPLE, "姓　名"): "name",
    (PEOPLE, "行政执法证件编号"): "certificate_no",
    (PEOPLE, "所在单位（科室）"): "unit",
    (PEOPLE, "执法类别"): "enforcement_kinds",
    (K, "重点单位类别"): "list_kinds",
    (P, "有效期限"): "permit_valid_to",
    (C, "评价等级"): "credit_level",
    (C, "2025年度评价结果"): "credit_level",
}


@pytest.mark.parametrize(("kind", "head"), HEADS)
def test_a_head_is_known_by_its_words_and_not_by_brackets_marks_and_blanks(kind, head):
    found = Heads(COLUMNS[kind]).column(head)
    assert (found and found.field) == HEADS[kind, head]


def places(rows, kind=F, **how):
    (table,) = find_tables([sheet(rows, **how)], COLUMNS[kind])
    return table.header_row, table.places, table.ticks


DATA = ["1", "甲厂", "91210504DEM000030E", "x", "y", "z", "u"]


def test_a_head_over_two_rows_is_read_by_its_lower_text_or_what_is_merged_over_it():
    rows = [
        ["重点排污单位名录"],
        ["序号", "单位名称", "统一社会信用代码", "排污许可证", "", "地理坐标", ""],
        ["", "", "", "编号", "有效期至", "经度", "纬度"],
        DATA,
    ]
    spans = [(1, 1, 1, 7), *((2, at, 3, at) for at in (1, 2, 3)), (2, 4, 2, 5), (2, 6, 2, 7)]
    found = {"name": 1, "uscc": 2, "permit_no": 3, "permit_valid_to": 4, "longitude": 5, "latitude": 6}
    assert places(rows, spans=spans) == (3, found, {})
    assert places(rows) == (3, found, {})  # a .csv has no merged cells


def test_a_head_over_three_rows():
    rows = [
        ["序号", "企业基本信息", "", "执法信息", "", "", ""],
        ["", "名称", "统一社会信用代码", "排污许可证", "", "其他", ""],
        ["", "", "", "编号", "管理类别", "编号", "备注"],
        DATA,
    ]
    spans = [(1, 1, 3, 1), (1, 2, 1, 3), (1, 4, 1, 7), (2, 2, 3, 2), (2, 3, 3, 3), (2, 4, 2, 5), (2, 6, 2, 7)]
    assert places(rows, spans=spans) == (3, {"name": 1, "uscc": 2, "permit_no": 3, "permit_category": 4}, {})


def test_the_number_of_something_else_is_not_the_registrys():
    rows = [
        ["企业名称", "统一社会信用代码", "环评批复", "", "危废经营许可证", ""],
        ["", "", "编号", "日期", "编号", "有效期至"],
        DATA[1:],
    ]
    spans = [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6)]
    assert places(rows, spans=spans)[1] == {"name": 0, "uscc": 1, "hazwaste_licence": 4}


@pytest.mark.parametrize("spans", [[(1, 1, 1, 2), (1, 3, 1, 4)], []])
def test_a_vague_head_is_read_with_what_stands_above_it_where_both_ways_know_as_many(spans):
    rows = [
        ["企业基本情况", "", "排污许可", ""],
        ["名称", "统一社会信用代码", "编号", "有效期至"],
        ["甲厂", "91210504DEM000030E", "91210504DEM000030E001P", "2030-01-01"],
    ]
    found = {"name": 0, "uscc": 1, "permit_no": 2, "permit_valid_to": 3}
    assert places(rows, spans=spans) == (2, found, {})
    chosen = head_at(sheet(rows, spans=spans), 2, COLUMNS[F])
    assert (chosen.places, chosen.head_from) == (found, 1)


def test_a_certificate_under_its_head_is_found_by_it():
    rows = [["人员基本情况", "", "执法证", ""], ["姓名", "性别", "编号", "有效期至"], ["张三", "男", "x", "y"]]
    found = places(rows, PEOPLE, spans=[(1, 1, 1, 2), (1, 3, 1, 4)])[1]
    assert (found["name"], found["certificate_no"], found["certificate_to"]) == (0, 2, 3)


def test_what_two_licences_both_have_is_no_double():
    rows = [
        ["企业名称", "统一社会信用代码", "排污许可证", "", "危险废物经营许可证", ""],
        ["", "", "编号", "有效期至", "编号", "有效期至"],
        ["甲厂", "x", "y", "2030-01-01", "z", "2027-01-01"],
    ]
    for spans in ([(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 1, 6)], []):
        assert places(rows, spans=spans)[1]["permit_valid_to"] == 3


@pytest.mark.parametrize(
    ("heads", "at"),
    [
        (["有效期至"], 2),
        (["排污许可证编号", "有效期至"], 3),
        (["许可证编号", "管理类别", "发证日期", "有效期至"], 5),
        (["排污许可证编号", "有效期至", "危险废物经营许可证编号", "有效期至"], 3),
        (["是否取得排污许可证", "有效期至"], 3),
        (["辐射安全许可证号", "排污许可有效期至"], 3),
        (["危险废物经营许可证编号", "有效期至"], None),
        (["排污许可证编号", "辐射安全许可证号", "发证日期", "有效期至"], None),
        (["营业执照注册号", "到期日期"], None),
        (["危废经营资质证书编号", "有效期至", "排污许可证编号"], None),
    ],
)
def test_the_end_of_a_licence_is_that_of_the_licence_before_it(heads, at):
    rows = [["企业名称", "信用代码", *heads], ["甲厂", "x", *("2030-01-0" + str(n) for n, _ in enumerate(heads, 1))]]
    assert places(rows)[1].get("permit_valid_to") == at


def test_rows_with_a_number_and_a_remark_are_no_heads():
    rows = [["序号", "企业名称", "信用代码", "备注"], ["（1）", "", "", "空"], ["2", "甲厂", "x", ""]]
    assert places(rows) == (1, {"name": 1, "uscc": 2}, {})


def test_the_first_row_of_data_is_no_second_row_of_heads():
    rows = [["企业名称", "统一社会信用代码", "名录类别"], ["水环境"], ["甲厂", "91210504DEM000030E", "大气"]]
    assert places(rows, K) == (1, {"name": 0, "uscc": 1, "list_kinds": 2}, {})
    rows = [["序号", "企业名称", "类别"], ["一、水环境", "", ""], ["1", "甲厂", "水"]]
    assert places(rows, K) == (1, {"name": 1, "list_kinds": 2}, {})


@pytest.mark.parametrize("spans", [[*((1, at, 2, at) for at in (1, 2)), (1, 3, 1, 5)], []])
def test_columns_of_ticks_under_one_head_stand_for_its_values(spans):
    rows = [
        ["企业名称", "统一社会信用代码", "重点单位类别"],
        ["", "", "水环境", "大气环境", "土壤"],
        ["甲厂", "x", "√"],
    ]
    ticks = {"list_kinds": {2: "水环境", 3: "大气环境", 4: "土壤污染"}}
    assert places(rows, K, spans=spans) == (2, {"name": 0, "uscc": 1}, ticks)


def test_the_classes_of_a_list_are_known_as_heads_of_their_own():
    rows = [["企业名称", "水环境重点排污单位", "大气", "用水量", "废水排放量"], ["甲厂", "√", "", "3", "4"]]
    assert places(rows, K) == (1, {"name": 0}, {"list_kinds": {1: "水环境", 2: "大气环境"}})


def test_two_columns_of_one_field_are_asked_about_unless_they_say_the_same():
    rows = [["单位详细名称", "统一社会信用代码", "企业 名称"], ["甲厂", "x", "甲厂"]]
    assert places(rows)[1] == {"name": 0, "uscc": 1}
    with pytest.raises(Unclear, match="第 1 行表头重复：“名称”"):
        places([rows[0], ["甲厂", "x", "乙厂"]])


@pytest.mark.parametrize("kind", [K, C, BatchKind.RISK, BatchKind.POSITIVE])
def test_a_list_needs_a_name_or_a_code_or_a_permit_number(kind):
    wanted = [c.title for c in COLUMNS[kind] if c.required]
    for head in ("企业名称", "信用代码", "排污许可证号"):
        rows = [["序号", head, *wanted], ["1", "甲", *("A" for _ in wanted)]]
        assert len(places(rows, kind)[1]) == 1 + len(wanted)
    with pytest.raises(Unclear, match="“名称”或“统一社会信用代码”或“排污许可证／登记编号”"):
        places([["序号", "备注", "法人"], ["1", "甲", "乙"]], kind)
