"""Working days and due dates against the tables, the notices, another program, and chance."""

from bisect import bisect_left, bisect_right
from dataclasses import FrozenInstanceError, replace
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from benxi_shuangsuiji.policy import in_force
from benxi_shuangsuiji.policy import versions as policy_versions
from benxi_shuangsuiji.workdays import built_in_calendar
from benxi_shuangsuiji.workdays.days import (
    Calendar,
    D,
    Due,
    Quarter,
    item_list_due,
    publication_due,
    year_report_due,
)
from tests.workdays import notices

CALENDAR = built_in_calendar()
WORKDAYS = notices.workdays(date(2024, 12, 1), date(2028, 3, 31))
EVERY_DAY = [date(2025, 1, 1) + timedelta(n) for n in range(1095)]
QUARTERS = [Quarter(year, number) for year in (2025, 2026, 2027) for number in (1, 2, 3, 4)]


def iso(text: str) -> date:
    return date.fromisoformat(text)


# --- the 20 working days ---------------------------------------------------------------------------------

TWENTY_WORKDAYS = [  # end of the check, 20th working day, what counting the first day would give
    ("2025-01-15", "2025-02-18", "2025-02-17"),
    ("2025-01-24", "2025-02-27", "2025-02-26"),
    ("2025-03-25", "2025-04-23", "2025-04-22"),
    ("2025-04-30", "2025-06-03", "2025-05-30"),
    ("2025-09-25", "2025-10-29", "2025-10-28"),
    ("2025-12-25", "2026-01-23", "2026-01-22"),
    ("2026-01-30", "2026-03-05", "2026-03-04"),
    ("2026-02-13", "2026-03-19", "2026-03-18"),
    ("2026-03-25", "2026-04-23", "2026-04-22"),
    ("2026-04-30", "2026-06-01", "2026-05-29"),
    ("2026-06-25", "2026-07-23", "2026-07-22"),
    ("2026-09-18", "2026-10-22", "2026-10-21"),
    ("2026-12-25", "2027-01-25", "2027-01-22"),
]


@pytest.mark.clause("八(二)-d")
@pytest.mark.parametrize(("ended", "due", "first_day_counted"), TWENTY_WORKDAYS)
def test_twenty_workdays_end_on_the_day_of_the_table(ended, due, first_day_counted):
    limit = publication_due(iso(ended), CALENDAR)

    assert limit == Due(iso(due), iso(due), provisional=due.startswith("2027"))
    assert CALENDAR.add_workdays(iso(ended), 19) == iso(first_day_counted)
    assert CALENDAR.workdays_between(iso(ended), iso(due)) == 20


@pytest.mark.promise("P16")
@pytest.mark.clause("八(二)-d")
def test_twenty_workdays_agree_with_the_notices_from_every_day_of_three_years():
    expected = {day: WORKDAYS[bisect_right(WORKDAYS, day) + 19] for day in EVERY_DAY}

    assert {day: publication_due(day, CALENDAR).date for day in EVERY_DAY} == expected


@pytest.mark.promise("P16")
@pytest.mark.parametrize("n", [1, 2, 3, 5, 10])
def test_other_periods_agree_with_the_notices_forwards_and_backwards(n):
    forwards = {day: WORKDAYS[bisect_right(WORKDAYS, day) + n - 1] for day in EVERY_DAY}
    backwards = {day: WORKDAYS[bisect_left(WORKDAYS, day) - n] for day in EVERY_DAY}

    assert {day: CALENDAR.add_workdays(day, n) for day in EVERY_DAY} == forwards
    assert {day: CALENDAR.subtract_workdays(day, n) for day in EVERY_DAY} == backwards


def test_last_workday_on_or_before_agrees_with_the_notices():
    expected = {day: WORKDAYS[bisect_right(WORKDAYS, day) - 1] for day in EVERY_DAY}

    assert {day: CALENDAR.last_workday_on_or_before(day) for day in EVERY_DAY} == expected


@pytest.mark.parametrize("n", [0, -1])
def test_a_period_of_no_working_days_is_refused(n):
    with pytest.raises(ValueError, match="不小于 1"):
        CALENDAR.add_workdays(date(2026, 3, 25), n)


@pytest.mark.clause("附-b")
def test_another_length_in_a_later_version_of_the_plan_moves_the_limit(monkeypatch):
    later = replace(
        policy_versions.TRIAL_2025, version="x", effective_from=date(2026, 3, 26), publish_within_workdays=10
    )
    monkeypatch.setattr(in_force.on, "__defaults__", ((policy_versions.TRIAL_2025, later),))

    assert publication_due(date(2026, 3, 25), CALENDAR).date == date(2026, 4, 23)
    assert publication_due(date(2026, 3, 26), CALENDAR).date == date(2026, 4, 10)


# --- the calendar ----------------------------------------------------------------------------------------


def test_every_day_of_2025_and_2026_agrees_with_the_package_chinesecalendar():
    days = EVERY_DAY[:730]

    assert {d: CALENDAR.is_workday(d) for d in days} == {d: chinese_calendar.is_workday(d) for d in days}


@pytest.mark.parametrize("year", [2025, 2026])
def test_a_published_year_has_248_working_days(year):
    assert CALENDAR.workdays_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248
    assert not CALENDAR.is_provisional(date(year, 1, 1), date(year, 12, 31))


def test_2027_has_its_statutory_days_and_no_guessed_working_weekend():
    year = EVERY_DAY[730:]
    off = {day for day in year if day.weekday() < 5 and not CALENDAR.is_workday(day)}

    assert off == {
        *(date(2027, 1, 1), date(2027, 2, 5), date(2027, 2, 8), date(2027, 4, 5)),
        *(date(2027, 6, 9), date(2027, 9, 15), date(2027, 10, 1)),
    }
    assert [day for day in year if day.weekday() >= 5 and CALENDAR.is_workday(day)] == []


@pytest.mark.promise("P16")
def test_a_year_without_a_notice_is_provisional():
    assert CALENDAR.is_provisional(date(2027, 1, 1))
    assert CALENDAR.is_provisional(date(2024, 12, 31))
    assert CALENDAR.is_provisional(date(2026, 12, 31), date(2027, 1, 1))
    assert CALENDAR.unpublished_years(date(2026, 5, 1), date(2028, 5, 1)) == [2027, 2028]


def test_a_period_is_provisional_when_any_day_it_counts_lies_in_such_a_year():
    assert CALENDAR.within_workdays(date(2024, 12, 30), 20).provisional
    assert not CALENDAR.within_workdays(date(2024, 12, 31), 20).provisional
    assert not CALENDAR.within_workdays(date(2026, 12, 1), 20).provisional
    assert CALENDAR.within_workdays(date(2026, 12, 31), 1).provisional


def test_a_calendar_cannot_be_changed_behind_its_back():
    days = {date(2026, 3, 25): False}
    calendar = Calendar(days, frozenset({2026}))
    days.clear()

    assert not calendar.is_workday(date(2026, 3, 25))
    with pytest.raises(TypeError):
        calendar.exceptions[date(2026, 3, 26)] = False
    with pytest.raises(FrozenInstanceError):
        calendar.published = frozenset()


# --- fixed dates -----------------------------------------------------------------------------------------

PLAN_DATES = [
    # quarter, working days 1-5, LWD 5th, LWD 10th, working days 6-10, LWD 25th, working days 11 to 25
    ("2025Q1", 2, "2025-01-03", "2025-01-10", 5, "2025-03-25", 48),
    ("2025Q2", 3, "2025-04-03", "2025-04-10", 4, "2025-06-25", 51),
    ("2025Q3", 4, "2025-07-04", "2025-07-10", 4, "2025-09-25", 55),
    ("2025Q4", 0, "2025-09-30", "2025-10-10", 2, "2025-12-25", 55),
    ("2026Q1", 2, "2026-01-05", "2026-01-09", 4, "2026-03-25", 49),
    ("2026Q2", 3, "2026-04-03", "2026-04-10", 4, "2026-06-25", 51),
    ("2026Q3", 3, "2026-07-03", "2026-07-10", 5, "2026-09-24", 55),
    ("2026Q4", 0, "2026-09-30", "2026-10-10", 3, "2026-12-25", 55),
    # Statutory days only. Days off in lieu of 6 and 7 February would make it 50; no notice grants them.
    ("2027Q1", 2, "2027-01-05", "2027-01-08", 3, "2027-03-25", 52),
]


@pytest.mark.clause("六(一)2-b", "六(一)2-g", "七(二)-a")
@pytest.mark.parametrize(("name", "to_5", "plan", "draw", "to_10", "close", "to_25"), PLAN_DATES)
def test_a_quarter_has_the_dates_of_the_table(name, to_5, plan, draw, to_10, close, to_25):
    quarter = Quarter.parse(name)
    first, third = quarter.months[0], quarter.months[2]
    fifth, tenth = date(quarter.year, first, 5), date(quarter.year, first, 10)
    twenty_fifth = date(quarter.year, third, 25)
    provisional = quarter.year == 2027

    assert quarter.plan_due(CALENDAR) == Due(fifth, iso(plan), provisional)
    assert quarter.draw_due(CALENDAR) == Due(tenth, iso(draw), provisional)
    assert quarter.close_due(CALENDAR) == Due(twenty_fifth, iso(close), provisional)
    assert CALENDAR.workdays_between(quarter.first_day - timedelta(1), fifth) == to_5
    assert CALENDAR.workdays_between(fifth, tenth) == to_10
    assert CALENDAR.workdays_between(tenth, twenty_fifth) == to_25


@pytest.mark.clause("六(一)1-d", "六(一)2-b", "六(一)2-g", "七(二)-a")
def test_every_fixed_date_of_three_years_agrees_with_the_notices():
    def aim(day):
        return day, WORKDAYS[bisect_right(WORKDAYS, day) - 1], day.year == 2027

    for quarter in QUARTERS:
        year, first = quarter.year, 3 * quarter.number - 2
        assert quarter.plan_due(CALENDAR) == Due(*aim(date(year, first, 5)))
        assert quarter.draw_due(CALENDAR) == Due(*aim(date(year, first, 10)))
        assert quarter.close_due(CALENDAR) == Due(*aim(date(year, first + 2, 25)))
    for year in (2025, 2026, 2027):
        assert item_list_due(year, CALENDAR) == Due(*aim(date(year, 1, 5)))
        assert year_report_due(year, CALENDAR) == Due(*aim(date(year, 12, 31)))


@pytest.mark.clause("六(一)2-b")
@pytest.mark.parametrize("year", [2025, 2026])
def test_a_plan_due_on_5_october_is_due_that_day_and_aimed_at_30_september(year):
    due = Quarter(year, 4).plan_due(CALENDAR)

    assert (due.date, due.target) == (date(year, 10, 5), date(year, 9, 30))
    assert not due.is_over(date(year, 10, 5))
    assert due.is_over(date(year, 10, 6))


@pytest.mark.clause("六(一)1-d")
@pytest.mark.parametrize(("year", "target"), [(2025, "2025-01-03"), (2026, "2026-01-05")])
def test_the_item_list_is_due_on_5_january(year, target):
    assert item_list_due(year, CALENDAR) == Due(date(year, 1, 5), iso(target))


def test_a_target_in_a_provisional_year_makes_the_limit_provisional():
    """1 January 2025 itself is known, but the last working day before it lies in 2024."""
    assert CALENDAR.fixed(date(2025, 1, 1)) == Due(date(2025, 1, 1), date(2024, 12, 31), provisional=True)


def test_the_dates_of_a_quarter_follow_the_version_of_the_plan(monkeypatch):
    later = replace(
        policy_versions.TRIAL_2025,
        version="x",
        effective_from=date(2026, 4, 1),
        plan_due_day=8,
        draw_due_day=15,
        close_day=20,
        item_list_due=(2, 10),
        year_report_due=(11, 30),
    )
    monkeypatch.setattr(in_force.on, "__defaults__", ((policy_versions.TRIAL_2025, later),))
    before, after = Quarter(2026, 1), Quarter(2026, 2)

    def days_of(quarter):
        return [due(CALENDAR).date.day for due in (quarter.plan_due, quarter.draw_due, quarter.close_due)]

    assert (days_of(before), days_of(after)) == ([5, 10, 25], [8, 15, 20])
    assert item_list_due(2026, CALENDAR).date == date(2026, 1, 5)
    assert item_list_due(2027, CALENDAR).date == date(2027, 2, 10)
    assert year_report_due(2026, CALENDAR).date == date(2026, 11, 30)


def test_a_limit_ends_at_the_last_second_of_its_day_in_shanghai():
    assert D(2026, 4, 5) == datetime(2026, 4, 5, 15, 59, 59, tzinfo=UTC)
    assert Quarter(2026, 2).plan_due(CALENDAR).ends_at == D(2026, 4, 5)
    assert D(2026, 4, 5).isoformat() == "2026-04-05T23:59:59+08:00"


# --- by chance -------------------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2029, 12, 31))
SOME_CALENDARS = st.builds(
    Calendar,
    st.dictionaries(st.dates(date(2025, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=60),
    st.frozensets(st.integers(2024, 2029)),
)
PERIODS = st.integers(1, 60)


@given(SOME_CALENDARS, DAYS, PERIODS)
def test_a_period_ends_on_a_workday_after_its_first_day_with_n_workdays_between(calendar, start, n):
    end = calendar.add_workdays(start, n)

    assert calendar.is_workday(end)
    assert end > start
    assert calendar.workdays_between(start, end) == n
    assert calendar.workdays_between(start, end - timedelta(1)) == n - 1


@given(SOME_CALENDARS, DAYS, st.integers(0, 40), PERIODS)
def test_a_later_start_or_a_longer_period_never_ends_earlier(calendar, start, later, n):
    assert calendar.add_workdays(start, n) <= calendar.add_workdays(start + timedelta(later), n)
    assert calendar.add_workdays(start, n) < calendar.add_workdays(start, n + 1)


@given(SOME_CALENDARS, DAYS, PERIODS)
def test_whether_the_first_day_is_worked_changes_nothing(calendar, start, n):
    days = dict(calendar.exceptions)
    worked, off = Calendar({**days, start: True}), Calendar({**days, start: False})

    assert worked.add_workdays(start, n) == off.add_workdays(start, n)


@given(SOME_CALENDARS, DAYS, PERIODS)
def test_going_back_undoes_going_forward_from_a_workday(calendar, start, n):
    start = calendar.last_workday_on_or_before(start)

    assert calendar.subtract_workdays(calendar.add_workdays(start, n), n) == start


@given(SOME_CALENDARS, DAYS)
def test_the_target_of_a_fixed_date_is_the_nearest_workday_not_after_it(calendar, day):
    due = calendar.fixed(day)

    assert due.date == day
    assert due.target <= day
    assert calendar.is_workday(due.target)
    assert calendar.workdays_between(due.target, day) == 0


@given(DAYS, DAYS)
@example(date(2026, 3, 2), date(2026, 3, 1))
def test_counting_workdays_adds_up(first, second):
    first, second = sorted((first, second))
    middle = first + (second - first) // 2

    assert CALENDAR.workdays_between(first, second) == (
        CALENDAR.workdays_between(first, middle) + CALENDAR.workdays_between(middle, second)
    )
    assert CALENDAR.workdays_between(second, first) == 0
