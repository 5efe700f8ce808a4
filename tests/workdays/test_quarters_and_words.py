"""Quarters as values, and dates as the pages write them."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji.workdays.days import (
    Due,
    Quarter,
    due_date,
    full_date,
    remaining,
    short_date,
    weekday,
)


@pytest.mark.parametrize("text", ["2026Q3", "2026q3", " 2026Q3 "])
def test_a_quarter_is_read_and_written(text):
    assert Quarter.parse(text) == Quarter(2026, 3)
    assert str(Quarter.parse(text)) == "2026Q3"


@pytest.mark.parametrize("text", ["", "2026", "2026Q0", "2026Q5", "26Q3", "2026-Q3", "2026Q33", "２０２６Q3", "0000Q1"])
def test_what_is_no_quarter_is_refused_in_chinese(text):
    with pytest.raises(ValueError, match="季度"):
        Quarter.parse(text)


@pytest.mark.parametrize("text", ["2024Q4", "1000Q1"])
def test_before_the_plan_was_in_force_there_is_no_quarter(text):
    with pytest.raises(ValueError, match="自 2025 年 1 月 1 日起执行"):
        Quarter.parse(text)


@pytest.mark.parametrize("number", [0, 5, -1])
def test_a_year_has_four_quarters(number):
    with pytest.raises(ValueError, match="应当是 1 到 4"):
        Quarter(2026, number)


def test_labels_say_the_quarter_in_chinese():
    assert [Quarter(2026, number).label for number in (1, 2, 3, 4)] == [
        "2026 年第一季度",
        "2026 年第二季度",
        "2026 年第三季度",
        "2026 年第四季度",
    ]


def test_every_day_lies_in_exactly_the_quarter_that_holds_its_month():
    day = date(2024, 1, 1)
    while day.year < 2027:
        quarter = Quarter.of(day)
        assert quarter.year == day.year
        assert day.month in quarter.months
        assert day in quarter
        assert day not in quarter.next()
        assert day not in quarter.previous()
        day += timedelta(days=1)


def test_quarters_follow_each_other_without_a_gap():
    quarter = Quarter(2025, 1)
    for _ in range(12):
        assert quarter.next().first_day == quarter.last_day + timedelta(days=1)
        assert quarter.next().previous() == quarter
        assert quarter < quarter.next()
        quarter = quarter.next()
    assert quarter == Quarter(2028, 1)


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-04-05", "还剩 5 天"),
        ("2026-04-09", "还剩 1 天"),
        ("2026-04-10", "今天"),
        ("2026-04-11", "逾期 1 天"),
        ("2026-05-10", "逾期 30 天"),
    ],
)
def test_a_badge_says_the_days_left_or_past(today, words):
    due = Due(date(2026, 4, 10), date(2026, 4, 9))

    assert remaining(due.date, date.fromisoformat(today)) == words
    assert due.remaining(date.fromisoformat(today)) == words


def test_dates_are_written_with_spaces_and_without_leading_zeros():
    assert full_date(date(2026, 4, 9)) == "2026 年 4 月 9 日"
    assert short_date(date(2026, 11, 30)) == "11 月 30 日"
    assert [weekday(date(2026, 8, 17) + timedelta(days=n)) for n in range(7)] == [
        *("周一", "周二", "周三", "周四", "周五", "周六", "周日")
    ]


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-12-20", "12 月 20 日（周日）"),
        ("2026-12-19", "12 月 19 日（周六）"),
        ("2026-12-06", "12 月 6 日（周日）"),
        ("2026-12-05", "12 月 5 日"),
        ("2027-01-03", "2027 年 1 月 3 日（周日）"),
        ("2027-01-25", "2027 年 1 月 25 日"),
    ],
)
def test_a_deadline_shows_the_weekday_within_14_days_and_another_year(day, words):
    assert due_date(date.fromisoformat(day), date(2026, 12, 20)) == words
