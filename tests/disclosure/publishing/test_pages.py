"""What the officer's page of one result says, fact by fact (ui.md 7.2)."""

from dataclasses import replace
from datetime import date

import pytest

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.database import counting
from disclosure.publishing import rules
from disclosure.publishing.pages import ResultPage, ResultRow, url_of
from disclosure.publishing.waiting import count, results_of
from inspections.checks import badges
from tests.factories import make_disclosure_officer, make_unit
from tests.inspections.factories import make_reviewed

pytestmark = pytest.mark.django_db


def page(inspection, neighbours=None, *, today=date(2026, 7, 15)) -> ResultPage:
    officer = make_disclosure_officer(inspection.unit)
    return ResultPage(inspection, officer, today, workdays.calendar(), neighbours or [inspection])


def test_a_result_knows_its_place_among_those_that_wait(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    first, second, third = waiting = [make_reviewed(unit) for _ in range(3)]
    middle = page(second, waiting)
    assert (middle.place, middle.total) == (2, 3)
    assert (middle.before, middle.after) == (url_of("result", first.no), url_of("result", third.no))
    assert (page(first, waiting).before, page(third, waiting).after) == ("", "")
    assert [(i.no, url) for i, _, url in middle.queue] == [(i.no, url_of("result", i.no)) for i in waiting]


def test_the_words_beside_the_twenty_cells(at):
    at("2026-07-06 10:00")
    shown = page(make_reviewed())
    assert shown.start == "7 月 6 日查结"
    assert shown.now == "今天 7 月 15 日，第 7 个工作日"
    assert shown.end == "8 月 3 日，第 20 个工作日"
    assert shown.due_text == "8 月 3 日（周一）前公开"
    assert (shown.is_late, shown.close_over) == (False, False)
    assert shown.close_words.startswith("9 月 25 日")


def test_a_late_result_says_so(at):
    at("2026-07-06 10:00")
    shown = page(make_reviewed(), today=date(2026, 10, 8))
    assert (shown.is_late, shown.close_over) == (True, True)
    assert shown.late_words.startswith("距 7 月 6 日查结已满 20 个工作日")


def test_a_number_cannot_be_confirmed_away_and_is_an_obstacle(at):
    at("2026-07-06 10:00")
    clean, number = page(make_reviewed()), page(make_reviewed(problem="电话 13804140000"))
    assert (clean.obstacle, clean.names["waiting"], [c["state"] for c in clean.checks][-1]) == ("", [], "ok")
    assert number.obstacle and number.names["waiting"][0].firm
    assert number.checks[-1]["state"] == "warn"


def test_a_row_says_when_and_why_not(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed()
    officer = make_disclosure_officer(inspection.unit)
    row = ResultRow.of(inspection, officer, date(2026, 7, 15), workdays.calendar())
    assert (row.why_not, row.url, row.outcome.mark) == ("", url_of("result", inspection.no), "ok")
    assert row.rule.startswith("第 20 个工作日是 8 月 3 日")


def test_what_waits_is_counted_for_the_officer_of_the_unit(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed()
    officer = make_disclosure_officer(inspection.unit)
    assert list(results_of(officer)) == [inspection]
    waiting = count(officer, inspection.unit, None)
    assert waiting.shown(counting.of(waiting.rows), counting.of(waiting.late)) == (1, False)
    assert list(results_of(make_disclosure_officer(make_unit("210503")))) == []


def test_what_is_over_is_counted_in_days_like_its_badge_and_from_the_day_itself(at):
    """3 August is the twentieth working day; a Saturday after the last one is late although no working day has passed (issue 16)."""
    at("2026-07-06 10:00")
    check, calendar = make_reviewed(make_unit()), workdays.calendar()
    for day, words in ((3, "今天"), (4, "逾期 1 天"), (10, "逾期 7 天")):
        strip = rules.strip_of(check, calendar, date(2026, 8, day))
        assert (strip.words, strip.tone == "over") == (words, day > 3)
        assert badges.due_badge(check, date(2026, 8, day), calendar).text == words
    last = replace(
        strip, due=date(2026, 8, 7), today=date(2026, 8, 8), passed=20
    )  # Saturday, after as many working days
    assert (last.words, last.tone, set(last.cells)) == ("逾期 1 天", "over", {"over"})
