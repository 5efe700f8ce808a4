"""The calendar as corrected in the database, and the operator's command."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError

from benxi_shuangsuiji.workdays import built_in_calendar, calendar
from benxi_shuangsuiji.workdays.days import Due, Quarter, publication_due
from benxi_shuangsuiji.workdays.models import CalendarException, PublishedYear

pytestmark = [pytest.mark.django_db, pytest.mark.dates]

DOCUMENT = "《国务院办公厅关于2027年部分节假日安排的通知》"


def make_exception(day, *, is_workday, source_document=DOCUMENT):
    return CalendarException.objects.create(
        day=day,
        is_workday=is_workday,
        name="测试",
        source_document=source_document,
        entered_at=datetime(2026, 11, 5, 1, 0, tzinfo=UTC),
    )


def make_published_year(year, *, source_document=DOCUMENT):
    return PublishedYear.objects.create(year=year, source_document=source_document, published_on=date(year - 1, 11, 4))


def workdays_command(*arguments):
    out = StringIO()
    call_command("workdays", *arguments, stdout=out)
    return out.getvalue()


def test_without_rows_the_built_in_calendar_is_in_force():
    assert calendar() == built_in_calendar()


def test_the_calendar_takes_one_query_however_many_rows(django_assert_num_queries):
    for day in (1, 2, 3):
        make_exception(date(2027, 3, day), is_workday=False)
    with django_assert_num_queries(1):
        calendar()


@pytest.mark.clause("附-b", "八(二)-d", "六(一)2-b")
def test_a_row_moves_the_limits_that_rest_on_its_day():
    ended, quarter = date(2026, 3, 25), Quarter(2026, 1)
    assert publication_due(ended, calendar()).date == date(2026, 4, 23)
    assert quarter.plan_due(calendar()).target == date(2026, 1, 5)

    make_exception(date(2026, 4, 1), is_workday=False)
    make_exception(date(2026, 1, 5), is_workday=False)

    assert publication_due(ended, calendar()).date == date(2026, 4, 24)
    assert quarter.plan_due(calendar()).target == date(2026, 1, 4)
    assert quarter.plan_due(calendar()).date == date(2026, 1, 5)


def test_a_row_wins_over_the_notice_that_came_with_the_program():
    make_exception(date(2026, 1, 4), is_workday=False)

    assert built_in_calendar().is_workday(date(2026, 1, 4))
    assert not calendar().is_workday(date(2026, 1, 4))


def test_a_year_stays_provisional_until_its_notice_is_entered():
    ended = date(2026, 12, 25)
    assert publication_due(ended, calendar()) == Due(date(2027, 1, 25), date(2027, 1, 25), provisional=True)

    make_exception(date(2027, 1, 2), is_workday=True)
    assert publication_due(ended, calendar()).provisional

    make_published_year(2027)
    assert publication_due(ended, calendar()) == Due(date(2027, 1, 22), date(2027, 1, 22), provisional=False)
    assert not calendar().is_workday(date(2027, 2, 8))


def test_a_day_is_entered_once():
    make_exception(date(2027, 1, 2), is_workday=True)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        make_exception(date(2027, 1, 2), is_workday=False)


def test_an_exception_names_its_document():
    with pytest.raises(IntegrityError, match="calendar_exception_names_its_document"):
        make_exception(date(2027, 1, 2), is_workday=True, source_document="")


def test_a_year_is_published_once():
    make_published_year(2027)
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        make_published_year(2027)


def test_a_published_year_names_its_document():
    with pytest.raises(IntegrityError, match="published_year_names_its_document"):
        make_published_year(2027, source_document="")


def test_the_command_prints_the_nth_working_day():
    assert workdays_command("2026-03-25", "--after", "20") == "2026-04-23 周四 确定（放假安排已公布）\n"


def test_the_command_says_that_a_year_is_provisional():
    assert workdays_command("2026-12-25", "--after", "20") == ("2027-01-25 周一 暂定（2027 年放假安排尚未公布）\n")


def test_the_command_heeds_the_rows():
    make_exception(date(2026, 4, 1), is_workday=False)

    assert workdays_command("2026-03-25", "--after", "20").startswith("2026-04-24 周五 ")


@pytest.mark.parametrize(
    ("day", "after", "sentence"),
    [
        ("2026-02-30", "20", "“2026-02-30”不是日期，应当写成 2026-03-25 这样。"),
        ("25.3.2026", "20", "“25.3.2026”不是日期，应当写成 2026-03-25 这样。"),
        ("2026-03-25", "0", "工作日数应当是不小于 1 的整数。"),
        ("9999-12-30", "20", "结果超出了可以表示的日期，把 --after 改小。"),
    ],
)
def test_the_command_refuses_in_chinese(day, after, sentence):
    with pytest.raises(CommandError) as refusal:
        workdays_command(day, "--after", after)

    assert str(refusal.value) == sentence
