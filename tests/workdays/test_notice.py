"""The State Council's notice as it is pasted: whole, wrapped, in one line; against the oracle that reads its sentences."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji.workdays import notice
from tests.workdays import notices

HEAD = """国务院办公厅关于{year}年
部分节假日安排的通知
国办发明电〔{before}〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：

经国务院批准，现将{year}年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。

"""
TAIL = """
鼓励单位和个人结合落实带薪年休假等制度，实际形成较长假期，推动错峰出行。节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、\
疫情防控等工作，遇有重大突发事件，要按规定及时报告并妥善处置，确保人民群众祥和平安度过节日假期。

国务院办公厅

{before}年11月4日
"""
NUMBERS = "一二三四五六七"
OF_2024 = """
元旦：1月1日放假，与周末连休。
春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
端午节：6月10日放假，与周末连休。
中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
"""
# As announced, with the weekdays in brackets.
OF_2026 = """
元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
清明节：4月4日（周六）至6日（周一）放假，共3天。
劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
端午节：6月19日（周五）至21日（周日）放假，共3天。
中秋节：9月25日（周五）至27日（周日）放假，共3天。
国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""
SENTENCES = {2024: OF_2024, 2025: notices.NOTICES[2025], 2026: OF_2026}


def whole(year: int) -> str:
    lines = [line.strip() for line in SENTENCES[year].splitlines() if line.strip()]
    numbered = "\n\n".join(f"{number}、{line}" for number, line in zip(NUMBERS, lines, strict=False))
    return (HEAD + "{numbered}\n" + TAIL).format(year=year, before=year - 1, numbered=numbered)


def wrapped(text: str, width: int) -> str:
    return "\n".join(line[n : n + width] for line in text.splitlines() for n in range(0, max(len(line), 1), width))


WAYS = {
    "as its sentences": lambda year: SENTENCES[year],
    "whole": whole,
    "whole, indented by the page": lambda year: "\n".join(f"　　{line}" for line in whole(year).splitlines()),
    "with the line of the press": lambda year: (
        f"新华社北京11月4日电 国务院办公厅关于{year}年部分节假日安排的通知，全文如下：\n" + whole(year)
    ),
    "half-width": lambda year: whole(year).replace("（", "(").replace("）", ")").replace("：", ":"),
    "in one line": lambda year: whole(year).replace("\n", ""),
    "the sentences in one line": lambda year: SENTENCES[year].replace("\n", ""),
    **{f"wrapped after {n}": lambda year, n=n: wrapped(whole(year), n) for n in (7, 11, 20, 33)},
}


@pytest.mark.clause("附-b")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("year", SENTENCES)
def test_a_notice_is_read_however_it_was_pasted(year, way):
    days = notice.read(year, WAYS[way](year))
    expected = notice.read(year, SENTENCES[year])

    assert {day: worked for day, (worked, _) in days.items()} == {d: worked for d, (worked, _) in expected.items()}
    assert [name for _, name in days.values()] == [name for _, name in expected.values()]


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_days_of_a_whole_notice_are_those_of_the_oracle(year):
    days = {day: worked for day, (worked, _) in notice.read(year, whole(year)).items()}
    off, work = notices._read(year, notices.NOTICES[year])

    assert days == dict.fromkeys(off, False) | dict.fromkeys(work, True)


def test_2024_has_its_single_days_and_its_working_weekends():
    days = notice.read(2024, whole(2024))
    off = {day for day, (worked, _) in days.items() if not worked}

    assert {date(2024, 1, 1), date(2024, 6, 10)} <= off
    assert {date(2024, 2, 10) + timedelta(n) for n in range(8)} <= off
    assert date(2024, 2, 9) not in days  # encouraged, not arranged
    assert sorted(day for day, (worked, _) in days.items() if worked) == [
        date(2024, 2, 4),
        date(2024, 2, 18),
        date(2024, 4, 7),
        date(2024, 4, 28),
        date(2024, 5, 11),
        date(2024, 9, 14),
        date(2024, 9, 29),
        date(2024, 10, 12),
    ]


def test_a_holiday_of_another_name_is_read_at_the_beginning_of_a_line():
    days = notice.read(2025, whole(2025) + "\n抗战胜利纪念日：9月3日放假1天。")
    assert days[date(2025, 9, 3)] == (False, "抗战胜利纪念日")


@pytest.mark.clause("附-b")
@pytest.mark.parametrize(
    "text",
    [
        "国庆节：9月20日（周日）上班，10月1日（周四）至7日（周三）放假调休，共7天，10月10日（周六）上班。",
        "国庆节：9月20日（周日）、10月10日（周六）上班。10月1日至7日放假调休，共7天。",
        "国庆节：10月1日－7日放假调休，共7天。9月20日、10月10日上班。",
        "国庆节：10月1日–10月7日放假调休，共7天。9月20日、10月10日上班。",
        "国庆节：10月1日——7日放假调休，共7天。9月20日、10月10日上班。",
    ],
)
def test_days_worked_are_read_where_they_stand_and_days_off_with_any_dash(text):
    days = notice.read(2026, text)
    assert sorted(day for day, (worked, _) in days.items() if worked) == [date(2026, 9, 20), date(2026, 10, 10)]
    assert sorted(day for day, (worked, _) in days.items() if not worked) == [
        date(2026, 10, day) for day in range(1, 8)
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("国庆节：20日上班，10月1日至7日放假调休，共7天。", "国庆节：20 日没有写月份"),
        ("国庆节：9月21日上班，10月1日至7日放假调休，共7天。", "9 月 21 日是周一，本来就上班"),
        (whole(2025), "这是 2025 年的通知，现在登记的是 2026 年"),
        (whole(2026).replace("国庆节：", "国庆节 "), "“国庆节10月1日（周四）至7日（周三）放”读不懂"),
        (whole(2026).replace("元旦：", "元旦 "), "“一、元旦1月1日（周四）至3日（周六）放"),
        (whole(2026).replace("5月9日（周六）", "5月8日（周六）"), "5 月 8 日是周五，写的是周六"),
        (whole(2026).replace("5月9日（周六）", "5月8日"), "劳动节：5 月 8 日是周五，本来就上班"),
        (whole(2026).replace("共9天", "共8天"), "写的是 8 天"),
        (HEAD.format(year=2026, before=2025), "读不懂"),
        (TAIL.format(before=2025), "没有读到放假安排"),
    ],
)
def test_a_notice_that_does_not_fit_is_refused_with_its_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        notice.read(2026, text)
