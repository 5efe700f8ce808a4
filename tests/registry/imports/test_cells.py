"""One cell as people write it: days, codes, names, divisions, levels; every refusal says what to write (issue 11 K)."""

from datetime import date, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry import codes
from registry.columns import COLUMNS, column
from registry.facilities import levels
from registry.imports import days
from registry.imports.cells import read
from registry.models import BatchKind
from tests.registry.workbooks import credit_code

FACILITY, INSPECTOR = BatchKind.FACILITY, BatchKind.INSPECTOR
PERMIT_TO, STATUS_ON = column(FACILITY, "permit_valid_to"), column(FACILITY, "status_on")
CARD_FROM, CARD_TO = column(INSPECTOR, "certificate_from"), column(INSPECTOR, "certificate_to")
DAY = date(2028, 3, 1)


# --- days ----------------------------------------------------------------------------------------------------------

WAYS = [
    "2028-03-01",
    "2028.3.1",
    "2028/3/1",
    "2028年3月1日",
    "2028 年 3 月 1 日",
    "20280301",
    20280301.0,
    "2028．3．1",
    "２０２８年３月１日",
    "二〇二八年三月一日",
    "二○二八年三月一日",
    "二零二八年三月一日",
    "2028-3-1 00:00",
    "2028-03-01 00:00:00",
    "2028年3月1日8:30",
    "2028年3月1号",
    "2028年3月1日（星期三）",
    "2028–03–01",
    datetime(2028, 3, 1, 8, 30),
    date(2028, 3, 1),
]


@pytest.mark.parametrize("cell", WAYS, ids=str)
@pytest.mark.parametrize("where", [PERMIT_TO, STATUS_ON, CARD_FROM], ids=lambda c: c.field)
def test_a_day_is_read_however_it_is_written(cell, where):
    reading = read(cell, where)
    assert (reading.value, reading.problem, reading.also) == (DAY, "", {})


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二六年十二月三十一日", date(2026, 12, 31)),
        ("二〇二六年十月二十日", date(2026, 10, 20)),
        ("二〇二六年十一月十日", date(2026, 11, 10)),
        ("二〇二六年一月廿一日", date(2026, 1, 21)),
    ],
)
def test_days_in_chinese_numerals(text, day):
    assert read(text, STATUS_ON).value == day


RANGES = [
    "2023.03.02-2028.03.01",
    "2023-03-02至2028-03-01",
    "2023-03-02-2028-03-01",
    "2023年3月2日～2028年3月1日",
    "2023年3月2日—2028年3月1日",
    "自2023年3月2日至2028年3月1日止",
    "2023/3/2 到 2028/3/1",
    "20230302-20280301",
    "2023-03-02 00:00:00 至 2028-03-01 00:00:00",
    "有效期：2023.3.2—2028.3.1",
    "二〇二三年三月二日至二〇二八年三月一日",
]


@pytest.mark.clause("六(三)-g")
@pytest.mark.parametrize("text", RANGES)
def test_a_range_gives_each_of_the_two_columns_its_day(text):
    first, last = date(2023, 3, 2), DAY
    until, begins, permit = read(text, CARD_TO), read(text, CARD_FROM), read(text, PERMIT_TO)
    assert (until.value, until.also) == (last, {"certificate_from": first})
    assert (begins.value, begins.also) == (first, {"certificate_to": last})
    assert (permit.value, permit.also) == (last, {})
    assert until.notes == ["已读作 2023-03-02 至 2028-03-01"]
    assert read(text, STATUS_ON).problem == "是一段时间，这里只写一天"


@pytest.mark.parametrize(
    "text", ["2028年3月1日止", "至2028-03-01", "2028.3.1为止", "有效期至2028-03-01", "截止2028年3月1日"]
)
def test_until_is_the_last_day(text):
    assert read(text, PERMIT_TO).value == read(text, CARD_TO).value == DAY
    assert (read(text, CARD_FROM).value, read(text, CARD_FROM).also) == (None, {"certificate_to": DAY})


def test_from_is_the_first_day_and_no_last_one():
    assert read("2028年3月1日起", CARD_FROM).value == read("自2028年3月1日起", STATUS_ON).value == DAY
    assert read("自2028年3月1日起", CARD_TO).also == {"certificate_from": DAY}
    refused = read("自2028年3月1日起", PERMIT_TO)
    assert refused.problem == "只写了起始日，没有截止日" and "2030-02-28" in refused.remedy


def test_no_end_is_no_day():
    for text in ("长期", "长期有效", "永久", "/", "—", "无"):
        assert (read(text, PERMIT_TO).value, read(text, PERMIT_TO).problem) == (None, "")
    assert read("长期", PERMIT_TO).notes == ["按没有截止日期处理"]
    assert read("2028-03-01至长期", CARD_TO).also == {"certificate_from": DAY}


@pytest.mark.parametrize(
    ("cell", "where", "problem", "remedy"),
    [
        ("2028/03", PERMIT_TO, "只写到月", "补上日，如 2028-03-31"),
        ("2028年3月", STATUS_ON, "只写到月", "补上日，如 2028-03-01"),
        (2028.3, PERMIT_TO, "只写到月", "补上日，如 2028-03-31"),
        ("2024.3-2029.2", CARD_TO, "只写到月", "补上日，如 2029-02-28"),
        ("2028", PERMIT_TO, "只写到年", "补上月和日，如 2028-12-31"),
        (2028.0, STATUS_ON, "只写到年", "补上月和日，如 2028-01-01"),
        ("28.3.1", PERMIT_TO, "年份只有两位", "写四位年份，如 2028-03-01"),
        ("3/1/2028", PERMIT_TO, "年份写在了后面", "年份写在前面，如 2028-03-01"),
        ("2028-2-30", PERMIT_TO, "不是有效日期", "2028 年 2 月只有 29 天，对照原件改正，如 2028-02-29"),
        ("2026/13/01", PERMIT_TO, "不是有效日期", "没有 13 月，写成 2026-12-01 这样的日期"),
        ("9999-12-31", PERMIT_TO, "不是有效日期", "年份应在 1949 到 2099 之间，写成 2026-12-01 这样的日期"),
        ("2028-03-01至2023-03-02", CARD_TO, "止日早于起日", "写成“2023-03-02 至 2028-03-01”，或对照证照改正"),
        ("约2028-03-01", PERMIT_TO, "不是有效日期", "这一格只写日期，如“2028-03-01”"),
        ("很快", PERMIT_TO, "不是有效日期", "写成 2026-12-01 这样的日期；没有的留空"),
        (46813.0, PERMIT_TO, "疑似日期序号 46813", "确认是 2028-03-01 后，把这一格改为日期格式"),
        ("46813", PERMIT_TO, "疑似日期序号 46813", "确认是 2028-03-01 后，把这一格改为日期格式"),
    ],
)
def test_a_day_that_is_none_is_refused_with_what_to_write(cell, where, problem, remedy):
    reading = read(cell, where)
    assert (reading.value, reading.problem, reading.remedy) == (None, problem, remedy)


HOW = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}.{d.month}.{d.day}",
    lambda d: f"{d.year}/{d.month:02d}/{d.day:02d}",
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d:%Y%m%d}",
    lambda d: d.isoformat().translate(str.maketrans("0123456789-", "０１２３４５６７８９－")),
    lambda d: f" {d.year} 年 {d.month} 月 {d.day} 日 00:00:00",
]
ANY_DAY = st.dates(days.FIRST_DAY, days.LAST_DAY)


@given(ANY_DAY, st.sampled_from(HOW))
def test_any_day_is_read_from_any_way_of_writing_it(day, how):
    assert read(how(day), STATUS_ON).value == day


@given(ANY_DAY, ANY_DAY, st.sampled_from(HOW), st.sampled_from(["至", "-", "～", "—", "到", " 至 ", "--"]))
def test_any_range_is_read_from_any_way_of_writing_it(one, other, how, between):
    first, last = sorted((one, other))
    reading = read(how(first) + between + how(last), CARD_TO)
    assert (reading.value, reading.also) == (last, {"certificate_from": first})


@given(st.text(max_size=25))
@example("2028-03-01至")
@example("99/99/9999")
@example("００/００/００００")
def test_whatever_stands_in_a_cell_for_a_day_is_read_or_refused_with_a_way(text):
    for where in (PERMIT_TO, STATUS_ON, CARD_FROM, CARD_TO):
        reading = read(text, where)
        assert bool(reading.problem) == bool(reading.remedy)
        assert not (reading.problem and (reading.value or reading.also))


# --- codes and numbers ---------------------------------------------------------------------------------------------

USCC, PERMIT = column(FACILITY, "uscc"), column(FACILITY, "permit_no")
CARD, PHONE = column(INSPECTOR, "certificate_no"), column(FACILITY, "contact_phone")
CODE = "91210504DEM000030E"


@pytest.mark.parametrize(
    "text",
    [
        "9121 0504 DEM0 0003 0E",
        "91210504\nDEM000030E",
        "９１２１０５０４　ＤＥＭ０００030E",
        " 91210504DEM000030E\u200b",
    ],
)
def test_blanks_and_breaks_in_a_code_are_removed_and_told(text):
    reading = read(text, USCC)
    assert reading.value == CODE and reading.notes


@given(st.builds(credit_code), st.integers(1, 17), st.sampled_from([" ", "\n", "\u3000", "\u00a0", "\u200b", "  "]))
def test_any_blank_at_any_place_of_a_code_is_removed(code, at, blank):
    reading = read(code[:at] + blank + code[at:], USCC)
    assert (reading.value, reading.problem) == (code, "") and reading.notes


def test_two_numbers_in_a_cell_are_told_apart():
    for between in (" ", "\n", "、", "；", "/"):
        both = f"{CODE}001P{between}{CODE}002Q"
        assert read(both, PERMIT).problem == "一格里有两个编号"
        assert read(both, PERMIT).remedy == f"分两行填写，先填“{CODE}001P”"
    assert read(f"{CODE} {CODE}", USCC).problem == "一格里有两个编号"


def test_an_identity_number_is_called_one():
    # The example of GB 11643 itself; the same with a wrong end is only a wrong code.
    assert codes.is_id_number("11010519491231002X")
    assert read("11010519491231002X", USCC).problem == "这是身份证号，不是统一社会信用代码"
    assert "“自然人”一列填“是”" in read("11010519491231002X", USCC).remedy
    assert read("110105194912310021", USCC).problem.startswith("校验位应为")
    assert not codes.is_id_number("110105194913310021")


def test_a_code_that_is_none_is_told_so_however_long_it_is():
    assert read("C" * 30, column(FACILITY, "industry_code")).problem == "不是国民经济行业代码"
    assert read("特别优秀的企业", column(FACILITY, "air_grade")).problem == "不是可用的重污染天气绩效分级"
    assert read("长" * 201, column(FACILITY, "address")).remedy == "缩写到 200 字以内"
    for columns in COLUMNS.values():
        assert not [c for c in columns if "附件" in read("长" * 300, c).remedy]


def test_a_certificate_in_a_number_cell_is_never_taken_without_a_word():
    lost = read(6050400902.0, CARD)
    assert (lost.value, lost.problem) == (None, "执法证号是数字格式，前面的 0 可能丢了")
    assert "文本" in lost.remedy and "6050400902" in lost.remedy
    whole = read(21050400901.0, CARD)  # begins with the division: nothing stood before it
    assert (whole.value, whole.notes) == ("21050400901", ["执法证号是数字格式，对照执法证核对一遍"])
    assert read("06050400902", CARD).value == "06050400902"


@pytest.mark.parametrize(
    ("new", "held", "lost"),
    [
        ("6050400931", "06050400931", True),
        ("931", "000931", True),
        ("06050400931", "06050400931", False),
        ("6050400931", "16050400931", False),
        ("", "000", False),
        ("06050400931", "6050400931", False),
    ],
)
def test_lost_zeros_are_recognised_beside_what_is_held(new, held, lost):
    assert codes.lost_zeros(new, held) is lost


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (2442812345.0, "024-42812345"),
        ("2442812345", "024-42812345"),
        ("24-42812345", "024-42812345"),
        ("4142812345", "0414-2812345"),
        (1012345678.0, "010-12345678"),
    ],
)
def test_a_telephone_number_without_its_zero_is_asked(cell, written):
    reading = read(cell, PHONE)
    assert (reading.value, reading.problem) == (None, "区号前的 0 可能丢了")
    assert reading.remedy == f"写成 {written}"


@pytest.mark.parametrize(
    "cell", ["024-42812345", "13912345678", 13912345678.0, "42812345", "4001234567", "400-123-4567"]
)
def test_whole_telephone_numbers_are_taken(cell):
    assert read(cell, PHONE).problem == ""


# --- names ---------------------------------------------------------------------------------------------------------

PERSON, NAME = column(INSPECTOR, "name"), column(FACILITY, "name")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("张　三", "张三"),
        ("王 五", "王五"),
        (" 欧阳震华\n", "欧阳震华"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提・ 艾力", "买买提·艾力"),
        ("𠮷㙟", "𠮷㙟"),
        ("〇某", "〇某"),
        ("John Smith", "John Smith"),
        ("Anna-Maria O'Neil", "Anna-Maria O'Neil"),
    ],
)
@pytest.mark.clause("六(三)-b")
def test_the_name_of_a_person_is_read_without_its_blanks(text, name):
    assert (read(text, PERSON).value, read(text, PERSON).problem) == (name, "")


@pytest.mark.clause("六(三)-b")
@pytest.mark.parametrize(
    "text",
    [
        "合计",
        "小计",
        "6人",
        "4 人",
        "填报人：李某",
        "审核人",
        "注：以上人员均在编在岗",
        "二、编外人员",
        "编外人员",
        "张三（组长）",
        "张三、李四",
        "以上人员均已取得执法证",
        "2026-01-01",
        "示例A",
        "😀",
        "暂无",
    ],
)
def test_a_line_that_is_no_person_is_refused(text):
    reading = read(text, PERSON)
    assert reading.value is None and reading.problem and reading.remedy


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("红叶食品 有限公司", "红叶食品有限公司"),
        ("红叶食品\n有限公司", "红叶食品有限公司"),
        ("红叶（集团） 有限公司", "红叶（集团）有限公司"),
        ("本溪 3M 公司", "本溪 3M 公司"),
        ("本溪(集团)", "本溪(集团)"),
    ],
)
def test_a_blank_in_a_name_of_characters_is_no_part_of_it(text, name):
    assert (read(text, NAME).value, read(text, NAME).notes) == (name, [])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("红叶食品 有限公司", "红叶食品有限公司", True),
        ("红叶（集团）有限公司", "红叶(集团)有限公司", True),
        ("红叶〔集团〕有限公司", "红叶【集团】有限公司", True),
        ("“红叶”食品\n有限公司", "红叶食品有限公司", True),
        ("ＡＢＣ公司", "abc公司", True),
        ("红叶北食品有限公司", "红叶食品有限公司", False),
        ("红叶（本溪）有限公司", "红叶本溪有限公司", False),
    ],
)
def test_names_are_compared_without_blanks_and_kinds_of_brackets(one, other, same):
    assert (codes.name_key(one) == codes.name_key(other)) is same


# --- divisions and levels ------------------------------------------------------------------------------------------

DIVISION = column(FACILITY, "division_code")


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("明山区", "210504"),
        ("明山", "210504"),
        ("本溪市明山区", "210504"),
        ("辽宁省本溪市明山区", "210504"),
        ("210504", "210504"),
        (210504.0, "210504"),
        ("210504000000", "210504"),
        (210504000000.0, "210504"),
        ("210504001000", "210504"),
        ("本溪县", "210521"),
        ("本溪市本溪满族自治县", "210521"),
        ("桓仁县", "210522"),
        ("市本级", "210500"),
        ("市直", "210500"),
        ("本溪市", "210500"),
        ("210501", "210500"),
    ],
)
def test_a_division_is_read_with_or_without_city_and_ending(cell, code):
    assert (read(cell, DIVISION).value, read(cell, DIVISION).notes) == (code, [])


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("明山区高台子街道", "210504", "已读作明山区"),
        ("平山区（千金街道）", "210502", "已读作平山区"),
        ("本溪市明山区高峪街道", "210504", "已读作明山区"),
        ("高新区", "210503", "已读作溪湖区"),
        ("本溪高新技术产业开发区", "210503", "已读作溪湖区"),
        ("高新技术产业开发区", "210503", "已读作溪湖区"),
        ("石桥子", "210503", "已读作溪湖区"),
    ],
)
def test_what_stands_below_a_division_is_left_out_and_told(text, code, told):
    assert (read(text, DIVISION).value, read(text, DIVISION).notes) == (code, [told])


@pytest.mark.parametrize("text", ["沈阳市和平区", "210102", "高台子街道", "本溪"])
def test_another_place_is_refused_with_the_list(text):
    assert read(text, DIVISION).problem == "不是可用的行政区划" and "“明山区”" in read(text, DIVISION).remedy


CREDIT = {"绿": "绿", "绿牌": "绿", "诚信": "绿", "蓝": "蓝", "蓝牌": "蓝", "良好": "蓝", "黄": "黄", "警示": "黄"} | {
    "红": "红",
    "红牌": "红",
    "不良": "红",
    "黑": "黑",
    "严重失信": "黑",
}
RISK = {"A": "A", "B": "B", "C": "C", "D": "D", "A 低": "A", "B 较低": "B", "C 较高": "C", "D 高": "D"} | {
    "低": "A",
    "较低": "B",
    "一般": "B",
    "较高": "C",
    "高": "D",
}


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (CREDIT, "绿", "绿"),
        (CREDIT, "环保诚信企业（绿牌企业）", "绿"),
        (CREDIT, "环保诚信", "绿"),
        (CREDIT, "蓝牌企业", "蓝"),
        (CREDIT, "环保良好", "蓝"),
        (CREDIT, "黄 牌", "黄"),
        (CREDIT, "环保不良企业(红牌)", "红"),
        (CREDIT, "黑牌", "黑"),
        (CREDIT, "严重失信企业", "黑"),
        (CREDIT, "环保诚信企业（红牌）", None),
        (CREDIT, "A", None),
        (CREDIT, "/", None),
        (CREDIT, "", None),
        (RISK, "B类", "B"),
        (RISK, "Ｃ", "C"),
        (RISK, "D级", "D"),
        (RISK, "a", "A"),
        (RISK, "B（较低）", "B"),
        (RISK, "B类（信用风险一般）", "B"),
        (RISK, "信用风险低（A）", "A"),
        (RISK, "较高风险", "C"),
        (RISK, "高风险企业", "D"),
        (RISK, "低（D类）", None),
        (RISK, "风险", None),
        (RISK, "E", None),
    ],
)
def test_one_reader_knows_the_words_of_a_level(words, text, code):
    assert levels.meant(text, words) == code


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("permit_no", "证书编号：91210504DEM000030E001P", "91210504DEM000030E001P"),
        ("permit_no", "91210504DEM000030E001P（重点管理）", "91210504DEM000030E001P"),
        ("uscc", "统一社会信用代码：91210504DEM000030E", "91210504DEM000030E"),
        ("permit_no", "正在办理", None),
        ("name", "3301", None),
        ("name", "2026-03-08", None),
        ("name", "3M 厂", "3M 厂"),
        ("legal_person", "20260101", None),
    ],
)
def test_what_is_written_around_a_code_is_none_of_it_and_a_number_is_no_name(field, text, value):
    reading = read(text, column(BatchKind.FACILITY, field))
    assert (reading.value, bool(reading.problem)) == (value, value is None)
