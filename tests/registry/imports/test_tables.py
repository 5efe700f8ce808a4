"""Which sheets and rows are the table: sheets of one head, merged cells, rows that are no data, ticks, “/” for nothing."""

import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.columns import COLUMNS
from registry.imports.checking.notes import NOTES_KEPT, Notes
from registry.imports.checking.tables import Unclear, find_tables, not_read, tables_by_choice
from registry.models import BatchKind
from tests.registry.imports.sheets import read, sheet
from tests.registry.workbooks import credit_code

F, PEOPLE, K, P = BatchKind.FACILITY, BatchKind.INSPECTOR, BatchKind.KEY_LIST, BatchKind.POSITIVE
HEAD = ["序号", "企业名称", "统一社会信用代码", "地址"]


def firm(n, *more, name=None):
    return [float(n), name or f"本溪示例{n}有限公司", credit_code(), *(more or ["某路"])]


def names(lines):
    return [line.values.get("name") for line in lines]


def told(notes):
    return [note["problem"] for note in notes.kept]


# --- sheets --------------------------------------------------------------------------------------------------------


def test_all_sheets_with_the_same_head_are_one_table_and_no_two_rows_have_one_number():
    sheets = [
        sheet([["各街道检查对象"], HEAD, firm(1), firm(2)], name="高台子"),
        sheet([["填写说明"], ["一行一家", "不要合并"]], name="说明"),
        sheet([["企业名称", "联系电话", "统一社会信用代码", "地址"], ["甲厂", "12", credit_code(), ""]], name="牛心台"),
    ]
    lines, notes = read(sheets, F)
    assert [(line.number, line.row, line.sheet) for line in lines] == [
        (3, 3, "高台子"),
        (4, 4, "高台子"),
        (6, 2, "牛心台"),
    ]
    (problem,) = lines[-1].problems
    assert (problem["sheet"], problem["row"], problem["column"]) == ("牛心台", 2, "联系电话")
    assert notes.where(6) == "“牛心台”第 2 行"
    assert not_read(sheets, find_tables(sheets, COLUMNS[F])) == ["说明"]


def test_a_sheet_with_a_head_of_another_shape_is_not_read():
    main = sheet([[*HEAD, "联系电话", "经度", "纬度"], firm(1)], name="名录")
    other = sheet([["企业名称", "统一社会信用代码", "检查次数"], ["甲厂", credit_code(), 3.0]], name="检查情况")
    tables = find_tables([other, main], COLUMNS[F])
    assert ([t.sheet.name for t in tables], not_read([other, main], tables)) == (["名录"], ["检查情况"])


def test_one_sheet_tells_no_sheet_names():
    lines, notes = read(sheet([HEAD, ["1", "甲厂", "x"]]), F)
    assert "sheet" not in lines[0].problems[0] and notes.where(2) == "第 2 行"


def test_the_name_of_a_sheet_says_of_which_class_its_firms_are():
    head = ["序号", "企业名称"]
    sheets = [
        sheet([head, ["1", "甲厂"], ["2", "乙厂"]], name="水环境"),
        sheet([head, ["1", "甲厂"]], name="附件2 大气环境重点排污单位"),
        sheet([head, ["1", "丙厂"]], name="清水街道"),
    ]
    lines, notes = read(sheets, K)
    assert [(line.values["name"], line.values.get("list_kinds"), line.dropped) for line in lines] == [
        ("甲厂", "水环境、大气环境", False),
        ("乙厂", "水环境", False),
        ("甲厂", "大气环境", True),
        ("丙厂", None, False),
    ]
    assert "与“附件2 大气环境重点排污单位”第 2 行是同一家，类别合在一起，只算一行" in told(notes)


def test_a_section_of_the_list_says_it_too_and_a_column_of_classes_says_it_better():
    rows = [
        ["序号", "企业名称"],
        ["一、水环境重点排污单位（2家）"],
        ["1", "甲厂"],
        ["二、土壤污染重点监管单位"],
        ["1", "乙厂"],
    ]
    assert [line.values["list_kinds"] for line in read(sheet(rows), K)[0]] == ["水环境", "土壤污染"]
    rows = [["企业名称", "类别"], ["甲厂", "噪声"], ["乙厂", ""]]
    lines, _ = read(sheet(rows, name="水环境"), K)
    assert [line.values.get("list_kinds") for line in lines] == ["噪声", None]


def test_the_rows_of_one_firm_are_joined_only_when_nothing_else_differs():
    code = credit_code()
    head = ["企业名称", "统一社会信用代码", "类别"]
    lines, _ = read(sheet([head, ["甲厂", code, "水"], ["甲 厂", code, "大气"], ["乙厂", code, "噪声"]]), K)
    assert [(line.values["list_kinds"], line.dropped) for line in lines] == [
        ("水、大气", False),
        ("大气", True),
        ("噪声", False),
    ]
    lines, _ = read(sheet([head, ["甲厂", code, "水"], ["甲厂", code, "水"], ["甲厂", "9.12105E+17", "大气"]]), K)
    assert [line.dropped for line in lines] == [False, False, False]  # the same again, and a code that is no code


# --- no table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        [
            ["企业名称", "甲厂", "信用代码", "x"],
            ["地址", "某路", "联系电话", "1"],
            [],
            ["企业名称", "乙厂", "信用代码", "y"],
        ],
        [["企业名称", "甲厂"], ["统一社会信用代码", "x"], ["地址", "某路"], ["法定代表人", "张三"]],
        [["企业基本情况表"], ["企业名称", "甲厂", "信用代码", "x"], ["地址", "某路", "法人", "某人"]],
        [["企业名称", "甲厂", "乙厂", "丙厂"], ["信用代码", "x", "y", "z"], ["地址", "一路", "二路", "三路"]],
    ],
)
def test_cards_of_firms_are_no_table(rows):
    with pytest.raises(Refused, match=r"像是一企一表.*一行一家"):
        find_tables([sheet(rows)], COLUMNS[F])


def test_a_word_that_is_also_a_head_makes_no_cards_of_a_table():
    rows = [["类型", "企业名称", "统一社会信用代码"], *(["污染源", "甲厂", credit_code()] for _ in range(3))]
    assert len(find_tables([sheet(rows)], COLUMNS[F])) == 1
    assert len(find_tables([sheet([HEAD, firm(1), HEAD, firm(2), HEAD])], COLUMNS[F])) == 1


def test_a_table_beside_cards_is_read():
    cards = sheet([["企业名称", "甲厂"], ["统一社会信用代码", "x"], ["地址", "某路"]], name="卡片")
    assert [t.sheet.name for t in find_tables([cards, sheet([HEAD, firm(1)])], COLUMNS[F])] == ["名录"]


def test_a_head_below_thirty_rows_is_asked_about_with_the_remedy():
    with pytest.raises(Unclear, match=r"前 30 行里未找到表头.*删去它上面的行，重新上传"):
        find_tables([sheet([*([["说明"]] * 30), HEAD, firm(1)])], COLUMNS[F])


def test_the_answer_may_be_a_sheet_without_heads_and_columns_of_ticks():
    bare = sheet([["甲厂", "√", "", "x"], ["乙厂", "", "√", "y"]])
    layout = {
        "sheet": "名录",
        "header_row": 0,
        "places": {"name": 0},
        "ticks": {"list_kinds": {"1": "水", "2": "大气"}},
    }
    (table,) = tables_by_choice([bare], layout, COLUMNS[K])
    assert (table.header_row, table.ticks) == (0, {"list_kinds": {1: "水", 2: "大气"}})


# --- merged cells --------------------------------------------------------------------------------------------------


def test_merged_cells_that_say_whom_or_what_are_filled_down_and_days_and_places_are_not():
    head = ["企业名称", "统一社会信用代码", "排污许可证编号", "有效期至", "经度"]
    code = credit_code()
    rows = [head, ["甲厂", code, f"{code}001P", "2028-03-01", "123.8"], ["", "", f"{code}002P", "", ""]]
    lines, notes = read(sheet(rows, spans=[(2, at, 3, at) for at in (1, 2, 4, 5)]), F)
    assert [(line.values["name"], line.values["permit_no"][-4:]) for line in lines] == [
        ("甲厂", "001P"),
        ("甲厂", "002P"),
    ]
    assert lines[1].values["uscc"] == code and not lines[1].values.keys() & {"permit_valid_to", "longitude"}
    assert [(n["column"], n["problem"]) for n in notes.kept] == [
        ("名称", "合并的单元格按最上面的一格读取，1 处"),
        ("统一社会信用代码", "合并的单元格按最上面的一格读取，1 处"),
        ("排污许可有效期至", "合并的单元格只算最上面一行，其余 1 处按空着读取"),
        ("经度", "合并的单元格只算最上面一行，其余 1 处按空着读取"),
    ]
    assert [line.problems for line in lines] == [[], []]


def test_a_row_that_says_nothing_but_what_is_merged_over_it_is_no_row():
    rows = [[*HEAD, "备注"], [*firm(1), "甲车间"], ["", "", "", "", "乙车间"], firm(2)]
    lines, notes = read(sheet(rows, spans=[(2, at, 3, at) for at in (1, 2, 3, 4)]), F)
    assert names(lines) == ["本溪示例1有限公司", "本溪示例2有限公司"]
    assert told(notes)[0] == "有 1 行不是数据，没有读取：第 3 行“乙车间”"


def test_a_cell_covered_by_another_column_is_empty_and_named_where_it_is_needed():
    lines, _ = read(sheet([HEAD[1:], ["甲厂", "", "某路"]], spans=[(2, 1, 2, 2)]), F)
    assert [(p["column"], p["problem"]) for p in lines[0].problems] == [
        ("统一社会信用代码", "为空（被合并单元格盖住）")
    ]
    lines, _ = read(sheet([HEAD[1:], ["甲厂", credit_code(), ""]], spans=[(2, 2, 2, 3)]), F)
    assert lines[0].problems == []


# --- rows that are no data -----------------------------------------------------------------------------------------

ASIDES = [
    ["合计", "8家"],
    ["合 计", "", "8", ""],
    ["", "小计", "", "3"],
    ["", "本页小计：", "", ""],
    ["", "高台子街道小计（家）", "12 家"],
    ["总计", "共 8 家", "水 5 家、大气 3 家"],
    ["以上共计8家"],
    ["注：1.名录实行动态管理；2.本表一式两份。"],
    ["备注:本表不含停产企业"],
    ["填表说明：", "", "", ""],
    ["填报人：张三", "", "", "审核人：李四"],
    ["", "填报人：李某", "", ""],
    ["填报单位（盖章）：明山分局", "", "填报日期：2026年1月15日"],
    ["制表：王五　审核：赵六"],
    ["联系电话：024-42812345"],
    ["单位负责人（签字）："],
    ["", "", "", "2026年1月15日"],
    ["一、高峪街道"],
    ["", "（二）黑色金属冶炼", "", ""],
    ["", "第三批", "", ""],
    ["", "高台子街道", "", ""],
    ["第 1 页，共 3 页"],
    HEAD,
    ["序号", "单位名称", "统一社会信用代码", "企业地址"],
    ["*为必填项"],
]


@pytest.mark.parametrize("row", ASIDES)
def test_a_row_that_is_no_data_is_passed_over_and_told(row):
    lines, notes = read(sheet([HEAD, firm(1), row, firm(2)]), F)
    assert (len(lines), [line.problems for line in lines]) == (2, [[], []])
    text = next(str(cell) for cell in row if cell)
    assert told(notes) == [f"有 1 行不是数据，没有读取：第 3 行“{text[:12]}”"]


DATA = [
    ["合计", "合计", "91210504DEM000030E", ""],
    ["1", "小计", "9.12105E+17", ""],
    ["1", "合计信息技术有限公司", "", ""],
    ["1", "本溪市小计量器具厂", "", ""],
    ["", "注：某某有限公司", "91210504DEM000030E", ""],
    ["注：新增", "甲厂", "91210504DEM000030E", ""],
    ["填报人：张三", "甲厂", "91210504DEM000030", ""],
    ["", "一、红叶食品有限公司", "", ""],
    ["", "红叶食品有限公司", "", ""],
    ["", "云栖水电站", "", ""],
    ["", "张三养殖户", "", ""],
    ["", "明山区某某镇污水处理厂", "", ""],
    ["5", "高台子街道", "", ""],
    ["", "高台子街道", "", "某路 1 号"],
    ["1", "总计", "", "明山区某路 1 号"],
    ["注：个体", "张三养殖户", "", "某路"],
    ["一", "企业名称", "91210504DEM000030E", "地址"],
]


@pytest.mark.parametrize("row", DATA)
def test_a_row_that_may_be_a_firm_is_never_passed_over(row):
    lines, notes = read(sheet([HEAD, firm(1), row, firm(2)]), F)
    assert (len(lines), notes.asides) == (3, [])


@pytest.mark.parametrize(
    "name", ["小计算机维修部", "共计加油站", "注册会计师事务所", "填报咨询中心", "一心酒店", "三一重工有限公司"]
)
def test_in_a_list_of_names_alone_a_firm_is_a_firm(name):
    lines, notes = read(sheet([["企业名称"], ["甲厂"], [name], ["乙厂"], ["合计：3家"]]), P)
    assert names(lines) == ["甲厂", name, "乙厂"] and len(notes.asides) == 1


def test_in_a_list_of_people_nobody_with_a_card_is_lost_and_no_total_becomes_somebody():
    head = ["序号", "姓名", "执法证号"]
    rows = [
        head,
        [1.0, "张三", "06050400931"],
        ["合计", "4人", ""],
        ["", "填报人：李某", ""],
        ["二、编外人员"],
        ["合计", "王五", "辽E-0504-0903"],
    ]
    lines, notes = read(sheet(rows), PEOPLE)
    assert (names(lines), len(notes.asides)) == (["张三", "王五"], 3)


@pytest.mark.parametrize(
    "second",
    [
        ["序号", "企业名称", "统一社会信用代码", "关停时间"],
        ["序号", "单位名称", "法定代表人", "统一社会信用代码"],
        ["序号", "企业名称", "关停时间", "原因"],
        ["序号", "企业名称", "统一社会信用代码", "备注"],  # beside a firm it is a remark, not where the firm stands
    ],
)
def test_rows_under_other_heads_are_not_read_by_those_of_the_first_table(second):
    rows = [
        HEAD,
        firm(1),
        [*HEAD[:3], "企业地址"],
        firm(2),
        ["附：已关停企业"],
        second,
        firm(3, "2025-03-01"),
        HEAD,
        firm(4),
    ]
    lines, _ = read(sheet(rows), F)
    assert [(line.row, bool(line.problems)) for line in lines] == [(2, False), (4, False), (7, True), (9, False)]
    assert "上面又有一行表头" in lines[2].problems[0]["problem"]


def test_heads_over_two_rows_that_differ_in_the_upper_are_those_of_another_table():
    heads = [["企业名称", "信用代码", "排污许可证", ""], ["", "", "编号", "有效期至"]]
    other = [["企业名称", "信用代码", "危废经营许可证", ""], ["", "", "编号", "有效期至"]]
    data = ["甲厂", credit_code(), "", "2030-01-01"]
    lines, _ = read(sheet([*heads, data, *heads, data, *other, data]), F)
    assert [bool(line.problems) for line in lines] == [False, False, True]


def test_a_row_in_which_a_firm_stands_is_no_head_though_its_cells_are_words_of_heads():
    rows = [
        ["企业名称", "信用代码", "名录类别", "备注"],
        ["水环境厂", "", "名录类别", "备注"],
        ["地址测绘公司", "", "大气", "信用代码"],
    ]
    lines, _ = read(sheet(rows), K)
    assert "地址测绘公司" in names(lines)


def test_lines_below_a_note_belong_to_it_and_titles_and_numbered_columns_stand_again():
    rows = [["2026年检查对象名录"], HEAD, ["甲", "乙", "1", "2"], firm(1), ["2026年检查对象名录"], HEAD, firm(2)]
    rows += [["注：", "", "", ""], ["", "1.名录实行动态管理", "", ""], ["", "2.一式两份", "", ""]]
    lines, notes = read(sheet(rows), F)
    assert (len(lines), len(notes.asides)) == (2, 6)


def test_rows_with_nothing_but_their_number_are_counted_apart():
    lines, notes = read(sheet([HEAD, firm(1), [2.0], [3.0], ["4"]]), F)
    assert (len(lines), told(notes)) == (1, ["有 3 行只有序号，没有读取"])


def test_many_such_rows_are_one_note_with_the_first_of_them():
    _, notes = read(sheet([HEAD, *([firm(n), ["小计", "", "1"]][n % 2] for n in range(30))]), F)
    (note,) = told(notes)
    assert note.startswith("有 15 行不是数据，没有读取：第 3 行“小计”、第 5 行“小计”") and note.endswith(" 等")


def test_a_long_cell_costs_no_time_and_is_no_head():
    lines, notes = read(
        sheet([["名" * 30_000, "1" * 30_000], HEAD, firm(1), ["合计", "1" * 59 + "!"], ["合计", "1家2" * 20]]), F
    )
    assert (names(lines)[0], len(lines), len(notes.asides)) == ("本溪示例1有限公司", 3, 0)


# --- ticks ---------------------------------------------------------------------------------------------------------


def test_ticks_are_joined_to_one_value():
    rows = [["企业名称", "重点单位类别", "", "", ""], ["", "水环境", "地下水", "大气环境", "土壤污染"]]
    rows += [
        ["甲厂", "√", "", "是", 1.0],
        ["乙厂", "", "/", "×", "●"],
        ["丙厂", "", "", "", ""],
        ["丁厂", "水环境", "", "待定", ""],
    ]
    lines, _ = read(sheet(rows, spans=[(1, 1, 2, 1), (1, 2, 1, 5)]), K)
    assert [line.values.get("list_kinds") for line in lines] == [
        "水环境、大气环境、土壤污染",
        "土壤污染",
        None,
        "水环境",
    ]
    (problem,) = lines[-1].problems
    assert (problem["value"], problem["problem"]) == ("待定", "“大气环境”一栏看不出选没选")


def test_ticks_under_a_head_of_the_registry_become_its_values():
    rows = [[*HEAD, "污染类型", "", ""], ["", "", "", "", "废水", "废气", "噪声"], [*firm(1), "√", "√", ""]]
    lines, _ = read(sheet(rows, spans=[*((1, at, 2, at) for at in range(1, 5)), (1, 5, 1, 7)]), F)
    assert lines[0].values["pollution_types"] == ["WATER", "AIR"]


# --- nothing, and remarks ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["/", "／", "无", "—", "——", "－", "-", "暂无", "未办理", "N/A", "n/a", "不涉及", "\\", " / "]
)
def test_a_word_for_nothing_is_empty_where_it_may_be(word):
    head = [*HEAD, "排污许可证编号", "经度", "联系电话", "有效期至", "污染类型"]
    lines, notes = read(sheet([head, [*firm(1, word), word, word, word, word, word]]), F)
    assert (lines[0].problems, set(lines[0].values)) == ([], {"name", "uscc"})
    assert told(notes) == [f"有 1 格写的是“{word.strip()}”，按空着读取"] * 6


def test_where_the_word_is_a_value_it_is_read_and_where_something_is_needed_it_is_missing():
    head = [*HEAD, "市管", "重污染天气绩效分级", "危险废物管理", "管理类别"]
    lines, notes = read(sheet([head, [*firm(1), "无", "无", "无", "无"], [2.0, "/", credit_code()]]), F)
    values = lines[0].values
    assert (values["managed_by_city"], values["air_grade"], values["hazwaste"]) == (False, "UNRATED", "NONE")
    assert values["permit_category"] == "NONE" and notes.kept == []
    assert [p["problem"] for p in lines[1].problems] == ["没有填写名称"]


def test_words_for_nothing_are_one_note_a_column():
    head = [*HEAD, "经度"]
    _, notes = read(sheet([head, *([*firm(n), "/" if n % 2 else "无"] for n in range(12))]), F)
    assert [(n["row"], n["column"], n["problem"]) for n in notes.kept] == [
        (2, "经度", "有 12 格写的是“无”“/”，按空着读取")
    ]


def test_remarks_alike_are_told_three_times_and_then_counted():
    rows = [HEAD, *([float(n), "甲厂", f" {credit_code()} ", "x"] for n in range(20))]
    lines, notes = read(sheet(rows), F)
    texts = told(notes)
    assert len(lines) == 20
    assert texts == ["已去掉首尾空格或不可见字符"] * 3 + ["还有 17 处也是这样，如：已去掉首尾空格或不可见字符"]


def test_remarks_that_differ_in_a_number_are_alike_and_there_is_an_end_to_them():
    notes = Notes()
    for n in range(10):
        notes.add(n, "有效期至", "", f"已读作 2028-03-0{n}")
    notes.finish()
    assert told(notes)[3] == "还有 7 处也是这样，如：已读作 2028-03-03"
    for n in range(NOTES_KEPT + 5):
        notes.add(n, f"第{n}列", "", "看一眼")
    assert (len(notes.kept), notes.more) == (NOTES_KEPT, 9)
