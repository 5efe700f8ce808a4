"""Every deadline on every quarter of 2025, 2026 and provisional 2027, against the values of domain.md 5.1 and 5.3."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.lookup import law_of, name_of, of_year
from benxi_shuangsuiji.notices.deadlines.rule import Binding, Month, Span
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.workdays import built_in_calendar
from benxi_shuangsuiji.workdays.days import Due, Quarter
from tests.workdays.notices import workdays

pytestmark = pytest.mark.dates
CALENDAR = built_in_calendar()
YEARS = (2025, 2026, 2027)

# domain.md 5.3: quarter, last working day up to the 5th, the 10th, the 25th of the third month.
PRINTED = """
2025Q1 01-03 01-10 03-25
2025Q2 04-03 04-10 06-25
2025Q3 07-04 07-10 09-25
2025Q4 09-30 10-10 12-25
2026Q1 01-05 01-09 03-25
2026Q2 04-03 04-10 06-25
2026Q3 07-03 07-10 09-24
2026Q4 09-30 10-10 12-25
2027Q1 01-05 01-08 03-25
"""
# domain.md 5.1: the end of a check, and the 20th working day after it.
COUNTED = """
2025-01-15 2025-02-18
2025-01-24 2025-02-27
2025-03-25 2025-04-23
2025-04-30 2025-06-03
2025-09-25 2025-10-29
2025-12-25 2026-01-23
2026-01-30 2026-03-05
2026-02-13 2026-03-19
2026-03-25 2026-04-23
2026-04-30 2026-06-01
2026-06-25 2026-07-23
2026-09-18 2026-10-22
2026-12-25 2027-01-25
"""


def last_workday(day: date) -> date:
    """By the notices' own words, not by the calendar under test."""
    return workdays(day - timedelta(days=15), day)[-1]


def nth_workday(start: date, n: int) -> date:
    return workdays(start + timedelta(days=1), start + timedelta(days=60))[n - 1]


def fixed(day: date) -> tuple[date, date]:
    return day, last_workday(day)


def expected(rule: str, period: str) -> tuple[date, date]:
    """What the plan's words and the notices give; the same sums written a second time."""
    year = int(period[:4])
    if RULES[rule].span == Span.QUARTER:
        number = int(period[-1])
        first, third = 3 * number - 2, 3 * number
        plan, draw, close = date(year, first, 5), date(year, first, 10), date(year, third, 25)
        after = date(year + (number == 4), third % 12 + 1, 10)
        summary = min(nth_workday(plan, 3), draw)
        return {
            "D-2": fixed(plan),
            "D-3": fixed(plan),
            "D-3b": (summary, last_workday(summary)),
            "D-4": fixed(draw),
            "D-4b": (nth_workday(draw, 3),) * 2,
            "D-5": fixed(close),
            "D-6": fixed(close),
            "D-7": fixed(close),
            "D-7b": (nth_workday(after.replace(day=1) - timedelta(days=1), 3),) * 2,  # the quarter is over
            "D-12": fixed(after),
            "D-16": fixed(draw),
        }[rule]
    if RULES[rule].span == Span.MONTH:
        return fixed(date(year, int(period[5:]), 25))
    month, day = {
        "D-1": (1, 5),
        "D-11": (12, 31),
        "D-17": (12, 25),
        "D-18": (12, 25),
        "D-19": (12, 31),
        "D-24": (1, 10),
    }[rule]
    return fixed(date(year, month, day))


@pytest.mark.promise("P16")
@pytest.mark.clause("六(一)2-b", "七(二)-a", "七(六)-a", "六(一)2-h")
@pytest.mark.parametrize("year", YEARS)
def test_every_deadline_of_a_year_is_where_the_plan_and_the_notices_put_it(year):
    found = list(of_year(year, CALENDAR))
    wrong = [(law.id, period, due) for law, period, due in found if (due.date, due.target) != expected(law.id, period)]
    assert wrong == []
    ids = [law.id for law, *_ in found]
    quarterly = ("D-2", "D-3", "D-3b", "D-4", "D-4b", "D-5", "D-6", "D-7", "D-7b", "D-12", "D-16")
    assert {rule: ids.count(rule) for rule in quarterly} == dict.fromkeys(quarterly, 4)
    assert ids.count("D-13") == 12
    assert ("D-18" in ids) == (year == 2027)  # the cycle 2025—2027 ends


@pytest.mark.clause("六(一)2-b")
@pytest.mark.parametrize("line", PRINTED.split("\n")[1:-1])
def test_the_targets_are_those_printed_in_the_report(line):
    name, plan, draw, close = line.split()
    quarter = Quarter.parse(name)
    targets = [RULES[rule].due_for(name, CALENDAR).target for rule in ("D-2", "D-3", "D-4", "D-5", "D-6", "D-7")]
    wanted = [date.fromisoformat(f"{quarter.year}-{day}") for day in (plan, plan, draw, close, close, close)]
    assert targets == wanted


@pytest.mark.clause("八(二)-d")
@pytest.mark.parametrize("line", COUNTED.split("\n")[1:-1])
def test_the_twenty_working_days_are_those_printed_in_the_report(line):
    ended, last = map(date.fromisoformat, line.split())
    due = RULES["D-8"].due(ended, CALENDAR)
    assert (due.date, due.counted_from, due.workdays) == (last, ended, 20)
    assert due.provisional == (last.year == 2027)


@pytest.mark.clause("六(一)2-b")
def test_the_fifth_of_october_stays_due_and_is_aimed_at_the_thirtieth_of_september():
    for year in (2025, 2026):
        due = RULES["D-2"].due_for(f"{year}Q4", CALENDAR)
        assert due == Due(date(year, 10, 5), date(year, 9, 30), provisional=False)
    assert RULES["D-2"].due_for("2027Q4", CALENDAR).provisional


def test_what_rests_on_a_year_without_notice_is_provisional():
    for law, period, due in of_year(2026, CALENDAR):
        assert due.provisional == (law.id in ("D-7b", "D-12") and period == "2026Q4")
    assert all(due.provisional for _, _, due in of_year(2027, CALENDAR))


@pytest.mark.parametrize(
    ("rule", "start", "due", "target"),
    [
        ("D-9", date(2026, 4, 30), date(2026, 5, 8), date(2026, 5, 8)),
        ("D-10", date(2026, 9, 30), date(2026, 10, 9), date(2026, 10, 9)),
        ("D-14", date(2026, 2, 13), date(2026, 2, 25), date(2026, 2, 25)),
        ("D-15", date(2026, 1, 31), date(2026, 2, 28), date(2026, 2, 28)),  # worked in exchange
        ("D-15", date(2026, 3, 5), date(2026, 4, 5), date(2026, 4, 3)),
        ("D-15", date(2026, 12, 5), date(2027, 1, 5), date(2027, 1, 5)),
        ("D-15", date(2026, 11, 30), date(2026, 12, 30), date(2026, 12, 30)),
        ("D-20", date(2026, 7, 10), date(2026, 7, 14), date(2026, 7, 14)),
        ("D-21", date(2026, 4, 24), date(2026, 5, 12), date(2026, 5, 12)),
        ("D-22", date(2026, 7, 1), date(2026, 9, 29), date(2026, 9, 29)),
        ("D-23", date(2026, 9, 24), date(2026, 9, 30), date(2026, 9, 30)),
    ],
)
def test_deadlines_that_an_event_begins(rule, start, due, target):
    found = RULES[rule].due(start, CALENDAR)
    assert (found.date, found.target) == (due, target)
    assert RULES[rule].span == Span.EVENT and RULES[rule].event


def test_the_summary_follows_the_last_plan_and_never_waits_beyond_the_draw():
    from benxi_shuangsuiji.notices.deadlines.due_days import summary_due

    quarter = Quarter(2026, 4)
    assert summary_due(quarter, CALENDAR, date(2026, 9, 25)).date == date(2026, 9, 30)
    assert summary_due(quarter, CALENDAR, date(2026, 10, 9)).date == date(2026, 10, 10)
    assert summary_due(quarter, CALENDAR, date(2026, 10, 12)).date == date(2026, 10, 15)  # a late unit draws later too


def test_the_summarys_days_are_counted_again_from_the_arrival_of_the_last_plan():
    from benxi_shuangsuiji.notices.deadlines.due_days import summary_due

    capped = summary_due(Quarter(2026, 4), CALENDAR, date(2026, 10, 9))
    assert (capped.counted_from, capped.workdays) == (date(2026, 10, 9), 3)
    assert RULES["D-3b"].due_for("2026Q4", CALENDAR).counted_from is None


def test_the_pace_of_the_checks_is_ours_and_falls_on_working_days():
    pace = Quarter(2026, 3).progress_due(CALENDAR)
    assert [(percent, due.date) for percent, due in pace] == [
        (30, date(2026, 7, 21)),
        (60, date(2026, 8, 11)),
        (80, date(2026, 9, 1)),
        (100, date(2026, 9, 15)),
    ]
    assert all(CALENDAR.is_workday(due.target) for _, due in pace)


def test_the_table_holds_every_deadline_and_tells_the_plan_from_our_own_levels():
    numbers = [f"D-{n}" for n in range(1, 26)]
    assert set(RULES) == {*numbers, "D-3b", "D-4b", "D-7b"}
    by = {b: {r.id for r in RULES.values() if r.binding == b} for b in Binding}
    assert by[Binding.LAW] == {"D-15", "D-22", "D-23", "D-24"}
    assert by[Binding.OWN] == {"D-3b", "D-4b", "D-7b", "D-9", "D-10", "D-12", "D-13", "D-14", "D-20", "D-21", "D-25"}
    assert all(rule.closed_by and rule.name for rule in RULES.values())
    assert all(rule.role in Role.values for rule in RULES.values())
    # What nothing closes yet is never opened by itself.
    opened = {"D-1", "D-2", "D-3", "D-4", "D-5", "D-6", "D-7", "D-7b", "D-11", "D-12", "D-17", "D-18"}
    assert {r.id for r in RULES.values() if r.opens.by_itself} == opened


def test_every_rule_stands_beside_a_clause_of_the_plan():
    from benxi_shuangsuiji.policy.clauses import clause

    assert all(clause(rule.clause).words for rule in RULES.values())


def test_steps_of_our_own_have_names_that_name_nobody():
    assert law_of("CERT").id == "D-14"
    assert law_of("SEND") is None
    assert name_of("CERT") == "执法证到期"
    assert [name_of(step) for step in ("SPEC", "REASON", "REASONR")] == [
        "检查没有查到的特殊监管对象",
        "审批没有检查的原因",
        "改写被退回的原因",
    ]
    assert name_of("XX") == "办理事项"


@pytest.mark.parametrize("text", ["2026", "2026Q5", "210504-2026Q3-01", "2026-13", ""])
def test_a_period_of_another_kind_is_none_of_the_rules(text):
    with pytest.raises(ValueError, match=r"."):
        RULES["D-2"].period_of(text)
    assert str(Month.parse("2026-03")) == "2026-03"
