"""Every fault of a workbook that reached an office: row, column, what is in it, what is wrong, what to do (X20–X61)."""

from datetime import date, datetime

import openpyxl
import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.imports import actions
from registry.models import BatchKind, Facility, Ground, ImportBatch, Inspector
from tests.factories import make_facility, make_inspector, make_registrar, make_unit
from tests.registry.workbooks import credit_code, facility_row, inspector_row, workbook

pytestmark = pytest.mark.django_db
CODE = "91210504DEM000030E"


def check(rows, kind=BatchKind.FACILITY, unit=None, **how):
    unit = unit or make_unit()
    content = rows if isinstance(rows, bytes) else workbook(rows, **how)
    return actions.check_workbook(file_name="名录.xlsx", content=content, kind=kind, unit=unit, by=make_registrar(unit))


def problems(batch):
    return [
        (p["row"], p["column"], p["value"], p["problem"], p["remedy"])
        for line in batch.lines.all()
        for p in line.problems
    ]


def contents(batch):
    """What would be written, row by row."""
    return [line.content for line in batch.lines.all() if line.content]


def notes(batch):
    return [n["problem"] for n in batch.notes]


def one_problem(batch):
    found = problems(batch)
    assert len(found) == 1, found
    return found[0]


# --- the table ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: workbook([], heads=["名称", "统一社会信用代码"]), "只有表头，没有内容"),
        (lambda: workbook([], heads=[]), "工作表是空的"),
    ],
)
def test_a_workbook_without_rows_is_refused(make, said):
    with pytest.raises(Refused, match=said):
        check(make())
    assert ImportBatch.objects.count() == 0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: workbook([{"甲": 1, "乙": 2}]), "未找到表头“名称”、“统一社会信用代码”。表中的第一行是：甲、乙"),
        (
            lambda: workbook([{"名称": "甲厂", "地址": "某路", "Credit code": CODE}]),
            "表头缺少“统一社会信用代码”；认不出的列：“Credit code”",
        ),
        (
            lambda: workbook([], heads=["名称", "统一社会信用代码", "信用代码"], before=()),
            "表头重复：“统一社会信用代码”",
        ),
        (lambda: workbook([facility_row()], before=[["标题"]] * 30), "前 30 行里未找到表头"),
        (lambda: workbook([facility_row()], before=[["标题"]] * 30), "删去它上面的行，重新上传"),
    ],
)
def test_a_table_that_is_not_recognised_is_asked_about(make, said):
    batch = check(make())
    assert (batch.state, batch.lines.count()) == ("ASKS", 0)
    assert said in batch.trouble


def test_heads_are_found_under_a_title_with_other_names_blanks_and_full_width_signs():
    rows = [{" 企业\n名称 *": "甲厂", "统一社会\n信用代码（18位）": CODE, "许可管理类别": "简化", "内部（编号）": "x"}]
    batch = check(rows, before=[["明山分局检查对象名录"], [], []])
    assert batch.counts["added"] == 1
    assert contents(batch)[0]["new"] == {"name": "甲厂", "uscc": CODE, "permit_category": "SIMPLIFIED"}
    assert batch.counts["tables"][0]["header_row"] == 4
    assert notes(batch) == ["认不出的列，没有读取"]


# --- cells --------------------------------------------------------------------------------------------------------

WRONG = {
    "X29 number": ("uscc", 912105001234567890, "9.12105001234568E+17", "信用代码被 Excel 存成了数字，后几位已丢失"),
    "X30 scientific": ("uscc", "9.12105E+17", "9.12105E+17", "信用代码被 Excel 存成了数字，后几位已丢失"),
    "X35 letters": (
        "uscc",
        "91210504DEMO00030E",
        "91210504DEMO00030E",
        "含不允许的字母 O（信用代码不用 I、O、S、V、Z）",
    ),
    "X36 check digit": ("uscc", "91210504DEM000030A", "91210504DEM000030A", "校验位应为 E，现为 A"),
    "X37 short": ("uscc", "91210504DEM000030", "91210504DEM000030", "应为 18 位，现为 17 位"),
    "X38 old number": ("uscc", "210504000012345", "210504000012345", "这是 15 位的旧注册号"),
    "permit": ("permit_no", "91210504DEM000030E001", "91210504DEM000030E001", "应为 22 位，现为 21 位"),
    "X43 serial": ("permit_valid_to", 45659, "45659", "疑似日期序号 45659"),
    "X45 day": ("permit_valid_to", "2025-02-30", "2025-02-30", "不是有效日期"),
    "X45 month": ("permit_valid_to", "2026/13/01", "2026/13/01", "不是有效日期"),
    "X45 zero": ("permit_valid_to", "0000-00-00", "0000-00-00", "不是有效日期"),
    "X45 year 205": ("permit_valid_to", "205-01-01", "205-01-01", "不是有效日期"),
    "X45 year 9999": ("permit_valid_to", "9999-12-31", "9999-12-31", "不是有效日期"),
    "X47 separator": ("longitude", "1,237.5", "1,237.5", "经度应为数字"),
    "X47 unit": ("longitude", "123.7°", "123.7°", "经度应为数字"),
    "X48 NaN": ("longitude", "NaN", "NaN", "经度应为数字"),
    "X48 overflow": ("longitude", "1e400", "1e400", "经度应在 123.5 到 125.8 之间，不在本市"),
    "X49 swapped": ("longitude", "41.29", "41.29", "经度应在 123.5 到 125.8 之间，疑与纬度填反"),
    "X49 zero": ("latitude", "0", "0", "纬度应在 40.7 到 41.7 之间，不在本市"),
    "X49 DMS": ("longitude", "123°45′67″", "123°45′67″", "经度应为数字"),
    "X50 unknown": ("category", "重点（A 类）", "重点（A 类）", "不是可用的监管类别"),
    "X51 bool": ("is_natural_person", "可能", "可能", "看不出是“是”还是“否”"),
    "X53 direction": ("name", "甲\u202e厂", "甲\ufffd厂", "含改变文字方向的字符"),
    "X55 too long": ("address", "长" * 100_0, "长" * 60 + "…", "超过 200 字（现为 1000 字）"),
    "phone": ("contact_phone", "见名片 13912345678、微信同号", "见名片 13912345678、微信同号", "不是电话号码"),
    "industry": ("industry_code", "C9999", "C9999", "GB/T 4754—2017 里没有 C9999"),
    "risk": ("credit_risk", "E", "E", "不是可用的信用风险分类"),
    "pollution": ("pollution_types", "水、光", "水、光", "“光”不是可用的污染类型"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_cell_is_named_with_row_column_value_problem_and_remedy(name):
    field, value, shown, problem = WRONG[name]
    row, column, quoted, said, remedy = one_problem(check([facility_row(), facility_row(**{field: value})]))
    assert (row, quoted, said) == (3, shown, problem)
    assert column and remedy
    assert Facility.objects.count() == 0


def test_control_characters_are_named():
    def spoil(ws):
        ws["A2"] = "甲_x000B_厂"

    batch = check(workbook([facility_row()], change=spoil))
    assert one_problem(batch)[3] == "含不可见的控制字符"


def test_cells_that_hold_no_value_are_named():
    def spoil(ws):
        ws["A2"] = "=CONCATENATE(B2)"
        ws["A3"] = "#REF!"
        ws["A3"].data_type = "e"

    batch = check(workbook([facility_row(), facility_row()], change=spoil))
    assert [(p[0], p[2], p[3]) for p in problems(batch)] == [
        (2, "（空）", "单元格是公式，没有计算结果"),
        (3, "#REF!", "单元格是错误值 #REF!"),
    ]


def test_a_cell_merged_into_another_column_is_named():
    batch = check(workbook([facility_row(), facility_row()], change=lambda ws: ws.merge_cells("A3:B3")))
    assert problems(batch)[0][0:4] == (3, "统一社会信用代码", "（空）", "为空（被合并单元格盖住）")


READ = {
    "X31 apostrophe": ("uscc", "'" + CODE, CODE, []),
    "X32 full width": ("uscc", "９１２１０５０４ＤＥＭ０００030E", CODE, ["已把全角字符转换为半角"]),
    "X33 blanks": ("uscc", "\ufeff " + CODE + "\u200b ", CODE, ["已去掉首尾空格或不可见字符"]),
    "X33 inner blank": ("uscc", "91210504 DEM000030E", CODE, ["已去掉中间的空格"]),
    "X34 lower case": ("uscc", CODE.lower(), CODE, ["已把小写字母改为大写"]),
    "X42 Chinese": ("permit_valid_to", "2025年1月2日", "2025-01-02", ["已读作 2025-01-02"]),
    "X42 slash": ("permit_valid_to", "2025/1/2", "2025-01-02", ["已读作 2025-01-02"]),
    "X42 eight digits": ("permit_valid_to", "20250102", "2025-01-02", ["已读作 2025-01-02"]),
    "X42 eight digits as a number": ("permit_valid_to", 20250102, "2025-01-02", ["已读作 2025-01-02"]),
    "X42 dots": ("permit_valid_to", "2025.1.2", "2025-01-02", ["已读作 2025-01-02"]),
    "X46 time": ("permit_valid_to", datetime(2025, 1, 2, 3, 4), "2025-01-02", ["已去掉时间，只留日期"]),
    "X46 zone": ("permit_valid_to", "2025-01-02T03:04:05+08:00", "2025-01-02", []),
    "date": ("permit_valid_to", date(2025, 1, 2), "2025-01-02", []),
    "X50 synonym": ("permit_category", "登记", "REGISTERED", []),
    "X51 tick": ("is_natural_person", "√", True, []),
    "X51 one": ("is_natural_person", 1, True, []),
    "X51 no": ("managed_by_city", "否", False, []),
    "X54 rare": ("name", "𠮷㙟冶炼厂", "𠮷㙟冶炼厂", []),
    "X54 private": ("name", "甲\ue000厂", "甲\ue000厂", ["含自造字，换一台机器可能显示不出来"]),
    "X56 markup": ("name", "<script>alert(1)</script>", "<script>alert(1)</script>", []),
    "X56 template": ("name", "{{7*7}}{% x %}' OR 1=1", "{{7*7}}{% x %}' OR 1=1", []),
    "X27 formula as text": ("address", "+cmd|x", "+cmd|x", []),
    "several": ("pollution_types", "废水，大气;危废", ["WATER", "AIR", "HAZWASTE"], []),
    "phone number": ("contact_phone", 13912345678, "13912345678", []),
    "longitude": ("longitude", 123.7654321, "123.765432", []),
    "industry": ("industry_code", "炼焦", "C2521", []),
    "division": ("division_code", "平山区", "210502", ["新增的有 1 家不在明山区，仍按本单位的对象读取"]),
}


@pytest.mark.parametrize("name", READ)
def test_a_cell_that_can_be_understood_is_read_and_the_reading_is_told(name):
    field, value, read, told = READ[name]
    row = facility_row(uscc=CODE)
    batch = check([row | facility_row(uscc=CODE, **{field: value})] if field != "uscc" else [facility_row(uscc=value)])
    assert problems(batch) == []
    assert contents(batch)[0]["new"][field] == read
    assert [n for n in notes(batch) if "主体标识码" not in n] == told


def test_an_empty_cell_says_nothing():
    unit = make_unit()
    make_facility(unit, uscc=CODE, address="某路 1 号", managed_by_city=True)
    batch = check(
        [{"名称": Facility.objects.get().name, "统一社会信用代码": CODE, "地址": "", "市管": None}], unit=unit
    )
    assert (batch.counts["unchanged"], contents(batch)) == (1, [])


def test_hidden_and_blank_rows_are_counted_rightly():
    def spoil(ws):
        ws.row_dimensions[2].hidden = True
        ws.insert_rows(3, 5)

    batch = check(workbook([facility_row(), facility_row()], change=spoil))
    assert (batch.counts["rows"], batch.counts["added"]) == (2, 2)
    assert notes(batch) == ["有 1 行隐藏或被筛选掉，也一并核对了"]


# --- rows against each other and against the registry -------------------------------------------------------------


def test_the_same_row_twice_counts_once():
    row = facility_row()
    batch = check([row, row])
    assert (batch.counts["added"], batch.counts["unchanged"], batch.counts["faulty"]) == (1, 0, 0)
    assert notes(batch) == ["与第 2 行完全相同，只算一行"]


def test_the_same_code_with_two_names_stops_both_rows():
    batch = check([facility_row(uscc=CODE, name="甲厂"), facility_row(uscc=CODE, name="乙厂")])
    assert [(p[0], p[3], p[4]) for p in problems(batch)] == [
        (2, "与第 3 行统一社会信用代码相同、名称不同", "两行只留一行；企业更名用“变更”"),
        (3, "与第 2 行统一社会信用代码相同、名称不同", "两行只留一行；企业更名用“变更”"),
    ]
    assert contents(batch) == []


def test_one_firm_with_two_permits_is_two_places():
    rows = [facility_row(uscc=CODE, name=f"甲厂{n}区", permit_no=f"{CODE}00{n}P") for n in (1, 2)]
    assert check(rows).counts["added"] == 2


def test_a_code_of_another_unit_is_refused_without_telling_more():
    other = make_unit("210503")
    make_facility(other, uscc=CODE, name="溪湖机密厂")
    batch = check([facility_row(uscc=CODE, name="甲厂")])
    row, column, _, problem, remedy = one_problem(batch)
    assert (row, column, problem) == (2, "统一社会信用代码", "名录里已有这个对象，属于其他单位")
    assert "删去此行" in remedy and "只有辖区确有调整的，才提出移交" in remedy and "溪湖" not in str(problems(batch))


def test_a_row_of_another_unit_is_counted_and_not_blamed():
    make_unit("210503")
    batch = check(
        [facility_row(unit="溪湖区生态环境分局"), facility_row(unit="本溪市生态环境局明山分局"), facility_row()]
    )
    assert (problems(batch), batch.counts["added"], batch.counts["foreign"]) == ([], 2, 1)
    assert (batch.notes[0]["value"], batch.notes[0]["problem"]) == ("第 2 行", "1 家属于其他单位，没有读取")


def test_an_unknown_unit_is_refused_and_so_is_a_row_that_contradicts_the_registry():
    unit = make_unit()
    make_unit("210503")
    make_facility(unit, uscc=CODE, name="甲厂")
    batch = check([facility_row(unit="某某局"), facility_row(uscc=CODE, name="甲厂", unit="溪湖分局")], unit=unit)
    assert [p[3:] for p in problems(batch)] == [
        ("“某某局”不是管理名录的单位", "填“明山分局”，或者这一格留空"),
        (
            "这家在明山分局的名录里，表里写的是溪湖分局",
            "监管单位没有变的，这一格留空；变了的，在对象页面办理移交",
        ),
    ]


def test_a_code_of_several_places_needs_the_registry_number():
    unit = make_unit()
    for n in (1, 2):
        make_facility(unit, uscc=CODE, permit_no=f"{CODE}00{n}P")
    assert "有 2 个对象用这个信用代码" in one_problem(check([facility_row(uscc=CODE)], unit=unit))[3]


@pytest.mark.parametrize("spelled", ["红叶食品 有限公司", "红叶食品\n有限公司", "红叶食品有限公司　"])
def test_a_blank_in_a_name_is_no_new_name(spelled):
    unit = make_unit()
    make_facility(unit, uscc=CODE, name="红叶食品有限公司")
    batch = check([facility_row(uscc=CODE, name=spelled)], unit=unit)
    assert (batch.counts["unchanged"], contents(batch)) == (1, [])


def test_brackets_of_either_width_are_one_name_in_the_registry_and_in_the_file():
    unit = make_unit()
    make_facility(unit, uscc=CODE, name="示例（集团）公司")
    rows = [facility_row(uscc=CODE, name="示例(集团)公司"), facility_row(uscc=CODE, name="示例（集团） 公司")]
    batch = check(rows, unit=unit)
    assert (problems(batch), contents(batch), batch.counts["same"]) == ([], [], 1)


def test_a_number_that_lost_its_zeros_changes_nothing_and_the_held_one_is_named():
    unit = make_unit()
    make_facility(unit, uscc=CODE, name="甲厂", contact_phone="013912345678")
    batch = check([facility_row(uscc=CODE, name="甲厂", contact_phone=13912345678)], unit=unit)
    assert contents(batch) == []
    assert "少了前面的 0，名录里是 013912345678，没有改" in notes(batch)


def test_a_credit_level_has_one_vocabulary_in_every_workbook():
    batch = check([facility_row(credit_level="绿牌"), facility_row(credit_level="特好")])
    assert contents(batch)[0]["new"]["credit_level"] == "绿"
    assert one_problem(batch)[3:] == ("不是可用的环境信用评价", "可填：绿、蓝、黄、红、黑")


def test_a_registry_number_that_does_not_exist_is_refused():
    assert one_problem(check([facility_row(code="BX-9999")]))[3] == "名录里没有这个编号"


def test_a_firm_without_any_code_is_refused_and_a_natural_person_is_not():
    assert one_problem(check([{"名称": "甲厂", "统一社会信用代码": None, "自然人": None}]))[3] == "没有填写信用代码"
    assert check([{"名称": "张三养殖户", "统一社会信用代码": None, "自然人": "是"}]).counts["added"] == 1


def test_a_name_is_needed():
    assert one_problem(check([{"名称": None, "统一社会信用代码": CODE}]))[3] == "没有填写名称"


def test_a_change_of_state_needs_a_day_and_evidence():
    unit = make_unit()
    make_facility(unit, uscc=CODE, name="甲厂")
    batch = check([facility_row(uscc=CODE, name="甲厂", status="停产")], unit=unit)
    assert [p[3] for p in problems(batch)] == [
        "生产状态由在产改为停产，需要起始日期",
        "生产状态由在产改为停产，需要依据",
    ]


def test_counts_add_up_and_missing_facilities_are_only_counted():
    unit = make_unit()
    same, other = make_facility(unit, uscc=CODE, name="甲厂"), make_facility(unit, uscc=credit_code(), name="乙厂")
    make_facility(unit, uscc=credit_code(), name="不在表里")
    make_facility(unit, uscc=credit_code(), name="早已关闭", status="CLOSED")
    batch = check(
        [
            facility_row(uscc=CODE, name="甲厂"),
            facility_row(uscc=other.uscc, name="乙厂有限公司"),
            facility_row(),
            facility_row(uscc="x"),
        ],
        unit=unit,
    )
    counts = {n: batch.counts[n] for n in ("rows", "added", "changed", "unchanged", "faulty", "missing")}
    assert counts == {"rows": 4, "added": 1, "changed": 1, "unchanged": 1, "faulty": 1, "missing": 1}
    assert Facility.objects.get(pk=same.pk).version == 1


@pytest.mark.clause("六(二)-ad")
@pytest.mark.clause("六(二)-ak")
@pytest.mark.parametrize(("column", "ground"), [("key", Ground.KF11), ("special", Ground.SF6)])
def test_a_judgement_cannot_be_imported(column, ground):
    batch = check([facility_row(**{f"{column}_grounds": ground.label, f"{column}_evidence": "会议纪要"})])
    assert one_problem(batch)[3] == f"“{ground.label}”要逐家判断，不能用表格导入"


def test_a_category_needs_its_grounds_and_grounds_their_evidence():
    batch = check(
        [
            facility_row(category="重点"),
            facility_row(category="特殊"),
            facility_row(key_grounds="两高"),
            facility_row(category="一般", key_grounds="两高", key_evidence="清单"),
            facility_row(positive="是"),
        ]
    )
    assert [(p[0], p[3]) for p in problems(batch)] == [
        (2, "类别列为重点，需要依据"),
        (3, "类别列为特殊，需要依据"),
        (4, "列为重点需要证据"),
        (5, "按依据应为重点：涉及“两高”项目"),
        (6, "纳入正面清单需要批次"),
    ]


@pytest.mark.parametrize("word", ["重点排污单位", "重点管理", "国控重点源", "环境监管重点单位"])
def test_a_word_for_key_asks_at_once_for_all_that_key_needs(word):
    (told,) = problems(check([facility_row(category=word)]))
    assert told[3:] == ("类别列为重点，需要依据", "填“重点依据”和“重点依据证据”两列")


def test_more_rows_than_a_page_can_take_are_refused(monkeypatch):
    monkeypatch.setattr("registry.imports.checking.MAX_ROWS", 2)
    with pytest.raises(Refused, match="超过 2 行。拆成几份"):
        check([facility_row() for _ in range(3)])


def test_the_same_file_again_is_told():
    unit = make_unit()
    by = make_registrar(unit)
    content = workbook([facility_row()])
    first = actions.confirm_import(batch=check(content, unit=unit), by=by)
    again = check(content, unit=unit)
    assert notes(again) == [f"这份表已于 2026-07-06 10:00 导入过（批次 {first.pk}）"]
    with pytest.raises(Refused, match="没有要写入的行"):
        actions.confirm_import(batch=again, by=by)


# --- inspectors ---------------------------------------------------------------------------------------------------

INSPECTOR_WRONG = {
    "X59 expired": ({"certificate_to": "2026-07-05"}, "执法证已于 2026-07-05 到期"),
    "no end": ({"certificate_to": None}, "有执法证号，没有填执法证有效期止"),
    "no number": ({"certificate_no": None}, "填了执法证有效期起，没有填执法证号"),
    "backwards": ({"certificate_from": "2029-01-01"}, "有效期止早于有效期起"),
    "too short": ({"certificate_no": "123"}, "不是执法证号"),
    "number": ({"certificate_no": "2.1050400001E+10"}, "编号被 Excel 存成了数字，后几位已丢失"),
    "section": ({"unit": "溪湖执法科"}, "不是明山分局的科室"),
}


@pytest.mark.parametrize("name", INSPECTOR_WRONG)
def test_a_wrong_inspector_is_named(name):
    fields, said = INSPECTOR_WRONG[name]
    assert one_problem(check([inspector_row(**fields)], kind=BatchKind.INSPECTOR))[3] == said


@pytest.mark.clause("六(三)-c")
def test_somebody_without_a_certificate_is_listed():
    batch = check([{"姓名": "示例乙", "执法证号": None, "职务": "科员"}], kind=BatchKind.INSPECTOR)
    assert (problems(batch), batch.counts["added"]) == ([], 1)


def test_a_certificate_of_somebody_else_is_refused():
    unit = make_unit()
    owner = make_inspector(unit, certificate_no="21050400001", name="甲")
    make_inspector(make_unit("210503"), certificate_no="21050300001", name="外单位的人")
    batch = check(
        [inspector_row(name="乙"), inspector_row(name="丙", certificate_no="21050300001")],
        kind=BatchKind.INSPECTOR,
        unit=unit,
    )
    assert [p[3] for p in problems(batch)] == [
        f"这个执法证号属于甲（{owner.code}）",
        "这个执法证号属于其他单位的检查人员",
    ]
    assert "外单位的人" not in str(problems(batch))


def known(unit, **fields):
    days = {"certificate_from": date(2024, 3, 1), "certificate_to": date(2028, 2, 28)}
    return make_inspector(unit, **days, **fields)


def test_one_person_with_two_cards_in_two_rows_is_told_of_and_is_not_two_people():
    rows = [inspector_row(name="示例乙"), inspector_row(name="示例 乙", certificate_no="21050400002")]
    batch = check([*rows, inspector_row(certificate_no="21050400003")], kind=BatchKind.INSPECTOR)
    row, column, _, problem, remedy = one_problem(batch)
    assert (row, column, problem) == (3, "执法证号", "与第 2 行同名，可能是同一人的两本执法证")
    assert "在用的一本" in remedy and "填写人员编号" in remedy
    assert batch.counts["added"] == 2


def test_people_of_one_name_whom_number_or_sex_tells_apart_are_two():
    rows = [
        inspector_row(gender="男"),
        inspector_row(gender="女", certificate_no="21050400002"),
        inspector_row(gender="男", certificate_no="21050400003", code="210504-77"),
    ]
    batch = check(rows, kind=BatchKind.INSPECTOR)
    assert (problems(batch), batch.counts["added"]) == ([], 3)
    assert notes(batch) == ["表里有同名人员"] * 3


def test_somebody_known_by_name_with_another_card_is_asked_about():
    unit = make_unit()
    held = known(unit, name="示例甲", certificate_no="21050409999")
    found = one_problem(check([inspector_row()], kind=BatchKind.INSPECTOR, unit=unit))
    assert found[3] == f"名录里有同名的示例甲（{held.code}），执法证号是 21050409999"
    assert held.code in found[4]
    batch = check([inspector_row(code=held.code)], kind=BatchKind.INSPECTOR, unit=unit)
    assert contents(batch)[0]["new"] == {"certificate_no": "21050400001"}


def test_a_certificate_that_lost_its_zero_is_the_one_held():
    unit = make_unit()
    held = known(unit, name="示例甲", certificate_no="06050400912")
    batch = check([inspector_row(certificate_no="6050400912", position="科员")], kind=BatchKind.INSPECTOR, unit=unit)
    assert (contents(batch)[0]["code"], contents(batch)[0]["new"]) == (held.code, {"position": "科员"})
    assert "少了前面的 0，名录里是 06050400912，没有改" in notes(batch)


def test_the_same_certificate_twice_stops_both_rows():
    batch = check([inspector_row(name="甲"), inspector_row(name="乙")], kind=BatchKind.INSPECTOR)
    assert [p[3] for p in problems(batch)] == [
        "与第 3 行执法证号相同、名称不同",
        "与第 2 行执法证号相同、名称不同",
    ]
    assert Inspector.objects.count() == 0


def test_the_template_is_recognised_and_drops_down():
    from registry import sheets

    for kind in (BatchKind.FACILITY, BatchKind.INSPECTOR):
        book = openpyxl.load_workbook(__import__("io").BytesIO(sheets.template(kind)))
        assert [ws.title for ws in book] == [kind.label, "选项", "填表说明"]
        assert [c.value for c in book.active[1]] == [c.title for c in sheets.COLUMNS[kind]]
        assert book.active.data_validations.count > 5
        assert book.active["C3"].number_format == "@"
        with pytest.raises(Refused, match="只有表头，没有内容"):
            check(sheets.template(kind), kind=kind)


@pytest.mark.clause("七(一)4-a")
def test_the_city_teams_register_holds_what_the_city_draws_and_no_other():
    branch, city = make_unit(), make_unit("210500", kind="CITY_TEAM")
    row = facility_row(uscc=CODE)

    wrong = check([row | facility_row(uscc=CODE, managed_by_city="是")], unit=branch)
    below = check([row | facility_row(uscc=CODE, managed_by_city="否")], unit=city)

    assert [p[3] for p in problems(wrong)] == ["市管对象由市执法队监管和抽查，不在明山分局的名录里"]
    assert [p[3] for p in problems(below)] == ["市执法队名录里的都是市管对象"]
    assert problems(check([row | facility_row(uscc=CODE, managed_by_city="是")], unit=city)) == []
