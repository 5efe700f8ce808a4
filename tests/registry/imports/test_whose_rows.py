"""Rows that say they are another unit's, names written with something around them, and cells that say more than one thing."""

import io
from datetime import timedelta

import openpyxl
import pytest

from benxi_shuangsuiji import clock
from registry.facilities.names import written
from registry.imports import marking
from registry.models import BatchKind
from registry.unit_words import unit_in_title
from tests.factories import make_city_team, make_unit
from tests.registry.imports.test_bad_input import said
from tests.registry.imports.test_checking import check as check_rows
from tests.registry.imports.test_checking import contents, notes, one_problem, problems
from tests.registry.imports.test_list_imports import LIST_2026, NAMED, check, firm
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db


def named(name, **more):
    return {"名称": name, "统一社会信用代码": None, **more}


def sectioned(*rows):
    """A list of names with the titles of its sections alone in their rows."""
    return [named(row) if isinstance(row, str) else row for row in rows]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("一、平山分局", "平山分局"),
        ("（二）平山区重点排污单位名录", "平山区"),
        ("2026年平山区名单（3家）", "平山区"),
        ("市队", "市队"),
        ("本溪满族自治县", "本溪满族自治县"),
        ("市级重点排污单位", ""),
        ("水环境重点排污单位", ""),
        ("平山区红叶酒店", ""),
        ("高台子镇", ""),
        ("", ""),
    ],
)
def test_a_title_names_a_unit_or_none(text, unit):
    assert unit_in_title(text) == unit


@pytest.mark.parametrize("kind", NAMED)
def test_a_name_is_not_ours_where_the_row_says_another_county(kind):
    more, asked = NAMED[kind]
    unit = make_unit()
    both = [firm(u, name="顺达修理部") for u in (unit, make_unit("210503"))]
    alone, coded = firm(unit, name="独一家厂"), firm(unit, name="有代码的厂")
    rows = [
        named("顺达修理部", 行政区划="溪湖区", **more),
        named("独一家厂", 行政区划="溪湖区", **more),
        {"名称": "有代码的厂", "统一社会信用代码": coded.uscc, "行政区划": "溪湖区", **more},
        named("本市的厂", 行政区划="本溪市", **more),
    ]
    firm(unit, name="本市的厂")
    batch = check(kind, rows, asked, unit=unit)
    assert batch.counts["foreign"] == 1 and both[0].pk not in [line.content for line in batch.lines.all()]
    assert said(batch) == [f"第 3 行 名称 表里写的是溪湖区，名称对应的是本单位的 {alone.code}"]
    assert f"表里写的是溪湖区，按代码是本单位的{coded.code}" in notes(batch)
    assert {line.code for line in batch.lines.exclude(code="")} >= {coded.code}


def test_a_name_stays_ours_where_the_registry_has_the_same_county():
    unit = make_unit()
    there = firm(unit, name="跨区厂")
    type(there).objects.filter(pk=there.pk).update(division_code="210503")
    batch = check(BatchKind.KEY_LIST, [named("跨区厂", 行政区划="溪湖区")], LIST_2026, unit=unit)
    assert (said(batch), [line.code for line in batch.lines.all()]) == ([], [there.code])


def test_the_county_of_an_object_of_the_city_team_says_nothing_of_whose_it_is():
    team = make_city_team()
    there = firm(team, name="市管厂")
    rows = sectioned("一、平山区", named("市管厂", 行政区划="平山区"))
    batch = check(BatchKind.KEY_LIST, rows, LIST_2026, unit=team)
    assert (said(batch), [line.code for line in batch.lines.all()]) == ([], [there.code])


@pytest.mark.parametrize("word", ["溪湖分局", "溪湖区", "本溪市生态环境局溪湖分局"])
def test_a_column_says_whose_the_row_of_a_list_is(word):
    unit = make_unit()
    for of in (unit, make_unit("210503")):
        firm(of, name="顺达修理部")
    batch = check(BatchKind.KEY_LIST, [named("顺达修理部", 监管单位=word)], LIST_2026, unit=unit)
    assert (batch.counts["foreign"], batch.lines.count()) == (1, 0)


def test_a_section_says_whose_the_rows_below_are_until_the_next():
    unit = make_unit()
    firms = {name: firm(unit, name=name) for name in ("甲厂有限公司", "乙厂有限公司")}
    firm(make_unit("210503"), name="甲厂有限公司")
    rows = sectioned("一、溪湖分局", "甲厂有限公司", "二、明山分局", "乙厂有限公司", "高台子镇", "甲厂有限公司")
    batch = check(BatchKind.KEY_LIST, rows[:4], LIST_2026, unit=unit)
    assert (batch.counts["foreign"], [line.code for line in batch.lines.all()]) == (1, [firms["乙厂有限公司"].code])
    batch = check(BatchKind.KEY_LIST, rows[2:], LIST_2026, unit=unit)
    assert (batch.counts["foreign"], batch.lines.count()) == (0, 2)


def test_new_firms_under_another_unit_are_not_ours():
    book = openpyxl.load_workbook(io.BytesIO(workbook([facility_row(name="明山厂有限公司")], sheet="明山分局")))
    ws = book.create_sheet("平山分局")
    ws.append(["名称", "统一社会信用代码"])
    ws.append(["平山厂有限公司", credit_code()])
    out = io.BytesIO()
    book.save(out)
    batch = check_rows(out.getvalue())
    assert (batch.counts["foreign"], [c["name"] for c in contents(batch)]) == (1, ["明山厂有限公司"])
    assert "1 家属于其他单位，没有读取" in notes(batch)


def test_new_firms_of_another_county_are_read_and_told_on_top():
    rows = [facility_row(division_code="平山区"), facility_row(division_code="明山区"), facility_row()]
    batch = check_rows(rows)
    assert (problems(batch), len(contents(batch))) == ([], 3)
    assert batch.notes[0]["problem"] == "新增的有 1 家不在明山区，仍按本单位的对象读取"
    assert batch.notes[0]["value"] == "第 2 行平山区"


def test_a_blank_unit_below_another_one_is_asked():
    rows = [
        facility_row(unit="溪湖分局"),
        facility_row(unit=None),
        facility_row(unit="明山分局"),
        facility_row(unit=None),
    ]
    make_unit("210503")
    batch = check_rows(rows)
    assert one_problem(batch)[:4] == (3, "监管单位", "（空）", "这一格空着，上面写的是溪湖分局")
    assert batch.counts["foreign"] == 1


# --- names ----------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-a")
@pytest.mark.parametrize("kind", [BatchKind.FACILITY, BatchKind.KEY_LIST])
def test_the_code_of_one_beside_the_name_of_another_is_a_fault_naming_both(kind):
    unit = make_unit()
    one, other = firm(unit, name="红叶食品厂"), firm(unit, name="澄溪水泥厂")
    rows = [{"名称": other.name, "统一社会信用代码": one.uscc}]
    batch = check(kind, rows, LIST_2026 if kind == BatchKind.KEY_LIST else None, unit=unit)
    told = f"代码是“红叶食品厂”（{one.code}）的，名称是“澄溪水泥厂”（{other.code}）的"
    assert said(batch) == [f"第 2 行 名称 {told}"]


def test_a_list_names_the_code_of_ours_and_the_name_of_another_units():
    unit = make_unit()
    ours, theirs = firm(unit, name="红叶食品厂"), firm(make_unit("210503"), name="溪湖水泥厂")
    batch = check(BatchKind.KEY_LIST, [{"名称": theirs.name, "统一社会信用代码": ours.uscc}], LIST_2026, unit=unit)
    told = f"代码是“红叶食品厂”（{ours.code}）的，名称是“溪湖水泥厂”（其他单位的对象）的"
    assert said(batch) == [f"第 2 行 名称 {told}"]


def test_several_firms_in_a_cell_are_told_so():
    batch = check(BatchKind.KEY_LIST, [named("红叶食品有限公司、澄溪水泥有限公司"), named("红叶食品厂")], LIST_2026)
    remedies = [p["remedy"] for line in batch.lines.all() for p in line.problems]
    assert remedies[0] == "一格里有几家的，一行写一家" and "核对名称" in remedies[1]


def test_two_people_of_one_name_without_any_code_are_asked_about():
    batch = check_rows([named("张三养殖户", 自然人="是"), named("张三养殖户", 自然人="是", 地址="某村")])
    assert one_problem(batch)[:4] == (3, "名称", "张三养殖户", "与第 2 行同名，都没有代码")


def test_a_firm_may_take_a_new_name_that_of_its_other_place_or_that_of_one_that_is_gone():
    unit = make_unit()
    code = credit_code()
    firm(unit, name="已经没有的厂", status="CLOSED")
    one, place = firm(unit, name="甲厂"), firm(unit, name="乙厂")
    type(one).objects.filter(pk=place.pk).update(uscc=code, permit_no=code + "001P")
    again = firm(unit, name="乙厂新名")
    type(one).objects.filter(pk=again.pk).update(uscc=code, permit_no=code + "002P")
    rows = [
        {"名称": "已经没有的厂", "统一社会信用代码": one.uscc, "许可证编号": None},
        {"名称": "乙厂新名", "统一社会信用代码": code, "许可证编号": code + "001P"},
    ]
    batch = check_rows(rows, unit=unit)
    assert problems(batch) == []
    assert [c["new"]["name"] for c in contents(batch)] == ["已经没有的厂", "乙厂新名"]


@pytest.mark.parametrize(
    ("text", "name", "remark"),
    [
        ("红叶公司（停产）", "红叶公司", "（停产）"),
        ("红叶公司(已停产)", "红叶公司", "(已停产)"),
        ("红叶公司（2024年起停产）", "红叶公司", "（2024年起停产）"),
        ("★红叶公司", "红叶公司", ""),
        ("红叶公司*", "红叶公司", ""),
        ("5、红叶公司", "红叶公司", ""),
        ("（3）红叶公司", "红叶公司", ""),
        ("④红叶公司[大气]", "红叶公司", "[大气]"),
        ("12.红叶公司（原绿叶公司）", "红叶公司", "（原绿叶公司）"),
        # names of real kinds
        ("红叶公司（一期）", "红叶公司（一期）", ""),
        ("红叶修理部（个体工商户）", "红叶修理部（个体工商户）", ""),
        ("红叶（集团）有限公司", "红叶（集团）有限公司", ""),
        ("7天酒店", "7天酒店", ""),
        ("3.5产业园", "3.5产业园", ""),
        ("（停产）", "（停产）", ""),
        ("红叶公司（普通合伙）", "红叶公司（普通合伙）", ""),
        ("红叶电气（大气治理）有限公司", "红叶电气（大气治理）有限公司", ""),
    ],
)
def test_what_stands_around_a_name_is_told_from_it(text, name, remark):
    found = written(text)
    assert (found.name, found.remark) == (name, remark)


def test_a_remark_behind_a_name_is_no_change_of_it():
    unit = make_unit()
    names = ["红叶公司", "澄溪公司", "晨曦公司", "旧名公司", "带括号的（停产）"]
    firms = [firm(unit, name=name) for name in names]
    texts = ["红叶公司（停产）", "★澄溪公司", "5、晨曦公司", "新名公司（原旧名公司）", "带括号的（停产）"]
    rows = [{"名称": text, "统一社会信用代码": f.uscc} for text, f in zip(texts, firms, strict=True)]
    batch = check_rows(rows, unit=unit)
    assert problems(batch) == []
    assert [(c["code"], c["new"]["name"]) for c in contents(batch)] == [(firms[3].code, "新名公司")]
    told = notes(batch)
    assert "名称后面的“（停产）”没有当作名称" in told and "有 2 个名称前后的序号、星号没有当作名称" in told


def test_names_of_a_list_are_found_without_what_stands_around_them():
    unit = make_unit()
    firms = [firm(unit, name=name) for name in ("红叶公司", "澄溪公司", "晨曦公司")]
    texts = ["1.红叶公司", "④澄溪公司（新增）", "晨曦公司（已注销）"]
    batch = check(BatchKind.KEY_LIST, [named(text) for text in texts], LIST_2026, unit=unit)
    assert said(batch) == ["第 4 行 名称 名称后面写着“（已注销）”"]
    assert [line.code for line in batch.lines.all() if not line.problems] == [f.code for f in firms[:2]]


def test_a_remark_is_no_part_of_the_name_of_a_new_firm_unless_it_is_one():
    rows = [facility_row(name=name) for name in ("红叶公司（试生产）", "友谊商厦（原人民商店）", "晨曦公司（已注销）")]
    batch = check_rows(rows)
    assert [c["name"] for c in contents(batch)] == ["红叶公司", "友谊商厦（原人民商店）"]
    assert one_problem(batch)[3] == "名称后面写着“（已注销）”"


# --- days, serial numbers, what look-ups leave, telephones ------------------------------------------------------------


def test_nobody_is_entered_in_the_future():
    today = clock.today()
    unit = make_unit()
    there = firm(unit, entered_on=today - timedelta(days=400))
    rows = [
        facility_row(entered_on=(today + timedelta(days=1)).isoformat()),
        facility_row(entered_on=today.isoformat()),
        facility_row(name=there.name, uscc=there.uscc, entered_on=(today + timedelta(days=40)).isoformat()),
    ]
    batch = check_rows(rows, unit=unit)
    assert [(p[0], p[1], "在今天以后" in p[3]) for p in problems(batch)] == [
        (2, "纳入名录日期", True),
        (4, "纳入名录日期", True),
    ]


def test_a_column_of_serial_numbers_is_no_number_of_the_registry():
    there = firm()
    rows = [facility_row(name=there.name, uscc=there.uscc), facility_row()]
    batch = check_rows([{"编号": n, **row} for n, row in enumerate(rows, start=1)])
    assert (problems(batch), [c["code"] for c in contents(batch)]) == ([], [""])
    assert "有 2 格不是名录编号，按行的序号看待，没有读取" in notes(batch)


def test_what_a_look_up_leaves_is_nothing():
    left = {"address": 0, "legal_person": "0", "contact_name": "待填", "contact_phone": 0, "industry_name": "#"}
    batch = check_rows([facility_row(**left)])
    assert problems(batch) == []
    assert not left.keys() & contents(batch)[0]["new"].keys()
    assert "有 1 格写的是“0”，按空着读取" in notes(batch)


def test_no_in_a_column_of_yes_and_no_stays_no():
    new = contents(check_rows([facility_row(is_natural_person=0, managed_by_city="0")]))[0]["new"]
    assert (new["is_natural_person"], new["managed_by_city"]) == (False, False)


@pytest.mark.parametrize(
    ("cell", "number", "person"),
    [
        ("024-42812345、13912345678", "024-42812345", None),
        ("示例甲 13912345678", "13912345678", "示例甲"),
        ("（024）42812345", "024-42812345", None),
        ("024-42812345转801", "024-42812345-801", None),
        ("电话：13912345678", "13912345678", None),
    ],
)
def test_a_cell_with_more_than_a_telephone_number_gives_the_first(cell, number, person):
    batch = check_rows([facility_row(contact_phone=cell)])
    new = contents(batch)[0]["new"]
    assert (problems(batch), new["contact_phone"], new.get("contact_name")) == ([], number, person)
    assert f"已读作 {number}" in notes(batch)[0]


@pytest.mark.parametrize("cell", ["4142812345", "见附件13912345678页", "139123456"])
def test_what_is_no_telephone_number_is_not_made_one(cell):
    batch = check_rows([facility_row(contact_phone=cell)])
    found = contents(batch)
    assert problems(batch) or found[0]["new"]["contact_phone"] == cell


def test_a_number_behind_a_persons_name_belongs_to_the_other_column():
    new = contents(check_rows([facility_row(contact_name="示例甲13912345678")]))[0]["new"]
    assert (new["contact_name"], new["contact_phone"]) == ("示例甲", "13912345678")


@pytest.mark.parametrize("head", ["排污许可证有效期限", "有效期限"])
def test_one_day_alone_under_a_head_that_means_a_time_is_told_or_asked(head):
    later = clock.today() + timedelta(days=900)
    cells = [later.isoformat(), "2023-03-01", f"2023-03-01至{later.isoformat()}", "2023年3月1日止"]
    rows = [facility_row() | {head: cell} for cell in cells]
    batch = check_rows(rows)
    assert one_problem(batch)[:4] == (
        3,
        "排污许可有效期至",
        "2023-03-01",
        "只有一个日期，看不出是起始日还是截止日",
    )
    assert f"列名是“{head}”，有 1 格只写了一个日期，按截止日读取" in notes(batch)
    assert [c["new"]["permit_valid_to"] for c in contents(batch)] == [later.isoformat()] * 2 + ["2023-03-01"]


def test_one_day_under_a_head_that_means_the_end_needs_no_word():
    batch = check_rows([facility_row() | {"许可证有效期至": "2023-03-01"}])
    assert (problems(batch), notes(batch)) == ([], [])


def test_tables_side_by_side_are_read_and_marked_where_they_stand():
    head = ["序号", "企业名称", "统一社会信用代码"]
    book = openpyxl.Workbook()
    for cells in (
        ["检查对象名单"],
        head * 2,
        [1, "甲厂", credit_code(), 3, "丙厂", "123"],
        ["一、街道"],
        [2, "乙厂", credit_code()],
    ):
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    batch = check_rows(file.getvalue())
    assert [c["name"] for c in contents(batch)] == ["甲厂", "乙厂"]
    (told,) = (p for line in batch.lines.all() for p in line.problems)
    assert (told["sheet"], told["row"], told["value"]) == ("Sheet（第 2 栏）", 3, "123")
    copy = openpyxl.load_workbook(io.BytesIO(marking.mark(batch))).active
    assert copy["F3"].comment.text.startswith("应为 18 位") and copy["C3"].comment is None
