"""Lists of people as counties keep them: what in them is nobody, who has left, whose numbers are whose (六(三))."""

from datetime import date

import pytest

from benxi_shuangsuiji.refusal import Refused
from registry.columns import column
from registry.imports import actions
from registry.imports.cells import read
from registry.imports.checking.tables import Unclear
from registry.inspectors import card_scope, leavers, person_names, rules
from registry.models import BatchKind, Inspector, PollutionType
from tests.factories import make_inspector, make_registrar, make_unit
from tests.registry.imports.sheets import read as lines_of
from tests.registry.imports.sheets import sheet
from tests.registry.imports.test_checking import check, contents, notes, problems
from tests.registry.workbooks import inspector_row, workbook

PEOPLE = BatchKind.INSPECTOR
pytestmark = pytest.mark.django_db
CARD, POST = column(PEOPLE, "certificate_no"), column(PEOPLE, "employment")
TODAY = date(2026, 7, 6)
HEAD = ["序号", "姓名", "性别", "执法证号"]


def said(batch):
    return [(p[0], p[3]) for p in problems(batch)]


# --- who is nobody -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "以下空白",
        "年　月　日",
        "分管领导签字",
        "二〇二六年三月",
        "二〇二六年三月六日",
        "综合股",
        "综合股（2人）",
        "办公室",
        "领导班子",
        "局机关",
        "待定",
        "空缺",
        "日期",
        "执法一组",
        "水科",
        "法制科",
        "高台子镇",
        "退休人员",
        "环境监测站",
        "一、局领导",
    ],
)
@pytest.mark.clause("六(三)-b")
def test_what_stands_alone_below_or_between_people_is_told_and_is_nobody(text):
    lines, told = lines_of(sheet([HEAD, ["1", "张三", "男", ""], ["", text, "", ""]]), PEOPLE)
    assert [line.values["name"] for line in lines] == ["张三"]
    assert text[:3] in told.kept[0]["problem"]


@pytest.mark.parametrize("text", ["总人数", "合计", "总计"])
def test_totals_of_people_are_no_rows(text):
    for rest in (["6", ""], ["6", "人"], ["", "6人"]):
        lines, _ = lines_of(sheet([HEAD, ["1", "张三", "男", ""], ["", text, *rest]]), PEOPLE)
        assert len(lines) == 1


@pytest.mark.parametrize("text", ["待定", "空缺", "综合股", "张三局长", "李主任", "王科长", "张三所长"])
@pytest.mark.clause("六(三)-b")
def test_no_way_in_takes_what_is_no_name(text):
    assert rules.why_not_name(text)
    assert problems(check([inspector_row(name=text)], kind=PEOPLE))


@pytest.mark.parametrize(
    "name",
    [
        "王登科",
        "刘国镇",
        "何处",
        "李科",
        "杨站",
        "欧阳登科",
        "安室奈",
        "陈长",
        "王会长",
        "任主",
        "年月",
        "党办",
        "时间海",
        "买买提·艾力",
    ],
)
def test_names_that_end_like_an_office_are_names(name):
    assert person_names.why_not(name) == ""
    lines, _ = lines_of(sheet([HEAD, ["", name, "", ""]]), PEOPLE)
    assert [line.values["name"] for line in lines] == [name]  # alone in its row it is asked about, and not passed over


def test_a_name_and_nothing_else_is_asked_about():
    unit = make_unit()
    make_inspector(unit, name="赵在册", certificate_no="", certificate_from=None, certificate_to=None)
    rows = [["1", "张三", None], ["", "东明所", None], ["", "赵在册", None]]
    content = workbook([dict(zip(("序号", "姓名", "执法证号"), row, strict=True)) for row in rows])
    batch = check(content, unit=unit, kind=PEOPLE)
    assert said(batch) == [(3, "只有姓名，看不出是不是人员")]
    assert (batch.counts["added"], batch.counts["unchanged"]) == (1, 1)  # numbered in the list, and known


def test_a_list_in_two_halves_is_read_and_one_of_unlike_halves_says_what_to_do():
    rows = [["姓名", "执法证号", "姓名", "执法证号"], ["张三", "21050400001", "李四", "21050400002"]]
    lines, _ = lines_of(sheet(rows), PEOPLE)
    assert {line.values["name"]: line.values["certificate_no"][-1] for line in lines} == {"张三": "1", "李四": "2"}
    with pytest.raises(Unclear, match="左右并排几栏的，把右边的剪切到左边一栏的下面，重新上传"):
        lines_of(sheet([[*rows[0], "备注"], rows[1]]), PEOPLE)


# --- whose people ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "foreign"),
    [
        ({"科室（单位）": "溪湖分局"}, 1),
        ({"科室（单位）": "本溪市生态环境局溪湖分局"}, 1),
        ({"科室（单位）": "市执法队"}, 1),
        ({"行政区域": "溪湖区"}, 1),
        ({"科室（单位）": "明山分局"}, 0),
        ({"行政区域": "明山区"}, 0),
        ({}, 0),
    ],
)
@pytest.mark.clause("六(三)-a")
def test_people_of_other_units_are_left_out_and_told(row, foreign):
    make_unit("210503"), make_unit("210500", kind="CITY_TEAM")
    batch = check([inspector_row() | row], kind=PEOPLE)
    assert (batch.counts["foreign"], batch.counts["added"], said(batch)) == (foreign, 1 - foreign, [])
    assert not foreign or "1 人属于其他单位，没有读取" in notes(batch)


def test_a_sheet_or_a_section_says_whose_people_are_in_it():
    make_unit("210503")
    assert check(workbook([inspector_row()], sheet="溪湖分局"), kind=PEOPLE).counts["foreign"] == 1
    rows = [{"姓名": "一、溪湖分局"}, inspector_row(name="甲"), {"姓名": "二、明山分局"}]
    batch = check([*rows, inspector_row(name="乙", certificate_no="21050400002")], kind=PEOPLE)
    assert (batch.counts["foreign"], [c["name"] for c in contents(batch)]) == (1, ["乙"])


def test_a_blank_unit_below_another_one_is_asked_and_one_of_ours_is_never_left_out():
    unit = make_unit()
    make_unit("210503")
    known = make_inspector(unit, name="赵在册", certificate_no="21050400009")
    rows = [
        inspector_row(name="甲", certificate_no="21050400002") | {"科室（单位）": "溪湖分局"},
        inspector_row(name="乙", certificate_no="21050400003") | {"科室（单位）": None},
        inspector_row(name="赵在册", certificate_no=known.certificate_no) | {"科室（单位）": "溪湖分局"},
    ]
    batch = check(rows, unit=unit, kind=PEOPLE)
    assert said(batch) == [
        (3, "这一格空着，上面写的是溪湖分局"),
        (4, "赵在册在明山分局的名册里，表里写的是溪湖分局"),
    ]


def test_a_new_number_is_none_that_the_list_gives_to_somebody_else():
    unit = make_unit()
    first, second = inspector_row(name="甲"), inspector_row(name="乙", certificate_no="21050400002", code="210504-01")
    actions.confirm_import(batch=check([first, second], unit=unit, kind=PEOPLE), by=make_registrar(unit))
    assert sorted(Inspector.objects.values_list("code", "name")) == [("210504-01", "乙"), ("210504-02", "甲")]


# --- whose numbers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["11010519491231002X", "11010519491231002x", "1101 0519 4912 3100 2X", "110105194912310021"]
)
def test_the_number_of_a_citizen_is_no_certificate(text):
    reading = read(text, CARD)
    assert (reading.value, reading.problem) == (None, "这是身份证号，不是执法证号")
    number = text.replace(" ", "").upper()
    assert "身份证号" in rules.why_not_certificate(number=number, start=TODAY, end=TODAY)


@pytest.mark.parametrize("text", ["21050400001", "060504198001", "110105194913310021", "LN-2105-000001"])
def test_other_certificates_are(text):
    assert read(text, CARD).value == text


@pytest.mark.clause("六(三)-a")
def test_rows_that_are_numbered_under_编号_give_nobody_a_code():
    unit = make_unit()
    held = make_inspector(unit, name="赵在册", certificate_no="", certificate_from=None, certificate_to=None)
    first = inspector_row(name="张三") | {"编号": 1}
    other = inspector_row(name="李四", certificate_no="21050400002") | {"编号": "2"}
    batch = check([first, other, {"姓名": "赵在册", "编号": 3, "职务": "科员"}], unit=unit, kind=PEOPLE)
    assert problems(batch) == []
    assert "有 3 格不是人员编号，按行的序号看待，没有读取" in notes(batch)
    assert [c["code"] for c in contents(batch)] == ["", "", held.code]
    assert all("code" not in c["new"] for c in contents(batch))


def test_two_lists_that_are_numbered_anew_are_not_the_same_people():
    rows = [
        inspector_row(name=n, certificate_no=f"2105040000{at}") | {"编号": at % 2} for at, n in enumerate("甲乙丙丁")
    ]
    assert said(check(rows, kind=PEOPLE)) == []


@pytest.mark.parametrize(
    ("code", "taken"), [("210504-77", True), ("210504-7", False), ("210503-07", False), ("GH0012", False)]
)
def test_a_code_that_nobody_has_is_of_the_units_form_or_refused(code, taken):
    batch = check([inspector_row(code=code)], kind=PEOPLE)
    assert said(batch) == ([] if taken else [(2, "名录里没有这个人员编号")])


def test_one_certificate_under_two_new_codes_is_refused():
    rows = [inspector_row(name="甲", code="210504-77"), inspector_row(name="乙", code="210504-78")]
    assert said(check(rows, kind=PEOPLE)) == [(3, "与第 2 行执法证号相同")]


@pytest.mark.parametrize("first", [True, False])
def test_a_certificate_as_text_that_lost_its_zero_is_seen_beside_the_others(first):
    whole = inspector_row(name="张三", certificate_no="06050400101")
    lost = inspector_row(name="李四", certificate_no="6050400103")
    batch = check([lost, whole] if first else [whole, lost], kind=PEOPLE)
    assert said(batch) == [(2 if first else 3, "执法证号前面的 0 可能丢了，同样的证号以 0 开头")]


def test_and_beside_those_of_the_registry():
    unit = make_unit()
    make_inspector(unit, name="张三", certificate_no="06050400101")
    batch = check([inspector_row(name="李四", certificate_no="6050400103")], unit=unit, kind=PEOPLE)
    assert "写成“06050400103”" in problems(batch)[0][4]


def test_a_number_of_ten_digits_is_never_taken_without_a_word():
    rows = [inspector_row(name=n, certificate_no=f"605040010{i}") for i, n in enumerate(("张三", "李四", "王五"))]
    batch = check(rows, kind=PEOPLE)
    assert said(batch) == [(row, "执法证号前面的 0 可能丢了，只有 10 位") for row in (2, 3, 4)]
    assert "写成“06050400100”" in problems(batch)[0][4]
    assert notes(check([inspector_row()], kind=PEOPLE)) == []
    beside = [inspector_row(), inspector_row(name="李四", certificate_no="06050400103")]
    assert said(check(beside, kind=PEOPLE)) == []


# --- who has left --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "已退休",
        "2026年3月退休",
        "已调离",
        "调往市局",
        "借调至平山分局",
        "已离职",
        "病故",
        "因病离岗",
        "2025.6 辞职",
        "不在岗",
    ],
)
@pytest.mark.clause("六(三)-i")
def test_somebody_whom_a_remark_says_to_have_left_is_not_taken(text):
    batch = check(
        [inspector_row() | {"备注": text}, inspector_row(name="李四", certificate_no="21050400002")], kind=PEOPLE
    )
    assert said(batch) == [(2, f"“备注”写的是“{text}”，不导入")]
    assert "删去这一行" in problems(batch)[0][4]
    assert batch.counts["added"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "退休返聘",
        "2027年3月退休",
        "即将退休",
        "未调离",
        "由平山分局调入",
        "原在退休干部科",
        "接替退休的王某",
        "2019年借调来我局",
        "专职",
        "党员",
        "从事环境监察工作以来先后在平山分局、溪湖分局任职，后调离原岗位到我分局从事现场执法工作至今",
    ],
)
def test_other_remarks_keep_nobody_out(text):
    assert said(check([inspector_row() | {"备注": text}], kind=PEOPLE)) == []


def test_who_is_said_to_be_lent_and_off_post_is_taken_as_such():
    row = inspector_row(employment="在编不在岗") | {"备注": "借出"}
    assert contents(check([row], kind=PEOPLE))[0]["new"]["employment"] == "OFF_POST"


@pytest.mark.parametrize("text", ["执法证已注销", "暂扣", "证件失效"])
def test_a_card_that_a_remark_says_to_be_no_more_is_not_taken(text):
    batch = check([inspector_row() | {"证件状态": text}], kind=PEOPLE)
    assert said(batch) == [(2, f"“证件状态”写的是“{text}”，不导入")]
    without = {"姓名": "示例乙", "职务": "科员", "执法证号": None, "证件状态": text}
    assert said(check([without], kind=PEOPLE)) == []


@pytest.mark.parametrize("name", ["已退休人员", "退休、调离人员", "不在岗人员"])
def test_a_sheet_of_leavers_is_not_taken(name):
    with pytest.raises(Refused, match=f"工作表“{name}”写的是“{name}”，不是列入的"):
        check(workbook([inspector_row()], sheet=name), kind=PEOPLE)


@pytest.mark.parametrize("name", ["在职人员", "检查人员", "在编及退休返聘", "执法人员（除退休人员）"])
def test_other_sheets_are(name):
    assert said(check(workbook([inspector_row()], sheet=name), kind=PEOPLE)) == []


def test_a_title_or_a_section_of_leavers_is_about_the_rows_below_it():
    with pytest.raises(Refused, match="写的是“明山分局退休人员名单”"):
        check(workbook([inspector_row()], before=[["明山分局退休人员名单"]]), kind=PEOPLE)
    rows = [
        {"姓名": "一、在职人员"},
        inspector_row(name="甲"),
        {"姓名": "二、退休人员"},
        inspector_row(name="乙", certificate_no="21050400002"),
        {"姓名": "小计"},
        inspector_row(name="丙", certificate_no="21050400003"),
        {"姓名": "三、借用人员"},
        inspector_row(name="丁", certificate_no="21050400004"),
    ]
    assert [row for row, _ in said(check(rows, kind=PEOPLE))] == [5, 7]


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("行政编", "IN_POST"),
        ("事业编制", "IN_POST"),
        ("参公", "IN_POST"),
        ("在编", "IN_POST"),
        ("在编不在岗", "OFF_POST"),
        ("借调至市局", "OFF_POST"),
        ("合同制", "CONTRACT"),
        ("编外", "CONTRACT"),
        ("非在编", "CONTRACT"),
    ],
)
def test_posts_are_read_as_staff_lists_write_them(text, kind):
    assert read(text, POST).value == kind


@pytest.mark.parametrize(
    ("text", "way"), [("借调", "从外单位借来的，填“非在编”"), ("已退休", "删去这一行"), ("甲类", "填“在编在岗”")]
)
def test_what_does_not_say_the_post_is_asked_with_a_way(text, way):
    reading = read(text, POST)
    assert reading.value is None and way in reading.remedy


@pytest.mark.parametrize(
    "text", ["环境监察", "生态环境保护综合行政执法", "生态环境综合执法", "环境保护行政执法", "环保执法", "全部"]
)
@pytest.mark.clause("六(三)-h")
def test_cards_for_the_whole_of_it_are_known_by_their_names(text):
    assert card_scope.why_not(text) == "" and card_scope.covered(text) == set(PollutionType.values)


@pytest.mark.parametrize("text", ["生态", "生态环境监测", "城市管理综合行政执法", "交通运输", "生态保护执法"])
def test_no_other_card_is_for_the_whole(text):
    assert card_scope.why_not(text) or card_scope.covered(text) != set(PollutionType.values)


def test_a_remark_about_the_month_to_come_is_no_leaving():
    assert leavers.said_gone("2026年7月退休", TODAY) and not leavers.said_gone("2026年8月退休", TODAY)
