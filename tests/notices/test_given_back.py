"""What was done late and is given back was late all the same (decision 0083)."""

from datetime import date, datetime

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda, reminders
from benxi_shuangsuiji.notices.deadlines import rows
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import SHANGHAI
from inspections.coordination import actions as coordination
from inspections.coordination.duties import ANSWER
from inspections.selfcheck import standing
from inspections.selfcheck.catalogue import BY_ID
from inspections.selfcheck.findings import State
from tests.factories import make_lead_office, make_planner, make_unit
from tests.inspections.coordination.test_coordination import Q3, make_instruction

pytestmark = pytest.mark.django_db

WORDS = "上次应在 2026 年 7 月 10 日前办结，2026 年 7 月 14 日才办结，逾期 4 天。"


@pytest.mark.parametrize(
    ("done_on", "kept"),  # the days on which it was done, each time given back until the day after
    [
        (["07-10"], (None, None)),  # on its day
        ([None], (None, None)),  # open: it only gets another day
        (["07-14"], ("07-10", "07-14")),
        (["07-14", "07-15"], ("07-10", "07-14")),  # in time the second time
        (["07-14", "07-22"], ("07-15", "07-22")),  # the longest
        (["07-14", "07-17"], ("07-10", "07-14")),
    ],
)
def test_lateness_stays_and_nothing_that_was_not_late_becomes_it(done_on, kept):
    unit, calendar = make_unit(), workdays.calendar()
    due = date(2026, 7, 10)
    ANSWER.open(unit, "X-1", role=Role.PLANNER, title="回复", due=calendar.fixed(due))
    for on in done_on:
        if on:
            at = datetime(2026, 7, int(on[3:]), 23, 30, tzinfo=SHANGHAI)  # the day of the office, not of UTC
            ANSWER.close(unit, "X-1", "回复", at)
            due = date(2026, 7, int(on[3:]) + 1)
        ANSWER.give_back(unit, "X-1", title="重新回复", due=calendar.fixed(due))
    duty = ANSWER.duties.get()
    assert (duty.missed, duty.done_late_on) == tuple(day and date(2026, 7, int(day[3:])) for day in kept)
    assert (duty.due, duty.closed_at, duty.closed_by, duty.title) == (due, None, "", "重新回复")
    assert bool(duty.late_words) == bool(kept[0])


def test_what_was_due_before_the_day_of_first_use_was_never_late(monkeypatch):
    unit, calendar = make_unit(), workdays.calendar()
    ANSWER.open(unit, "X-1", role=Role.PLANNER, title="回复", due=calendar.fixed(date(2026, 7, 10)))
    monkeypatch.setattr(first_use, "counts", lambda day: day >= date(2026, 10, 1))
    ANSWER.close(unit, "X-1", "回复", datetime(2026, 7, 14, 9, tzinfo=SHANGHAI))
    ANSWER.give_back(unit, "X-1", title="回复", due=calendar.fixed(date(2026, 10, 20)))
    assert ANSWER.duties.get().late_words == ""


def test_the_database_keeps_both_days_or_none_and_the_second_after_the_first():
    ANSWER.open(make_unit(), "X-1", role=Role.PLANNER, title="回复", due=workdays.calendar().fixed(date(2026, 7, 10)))
    for days in ((None, date(2026, 7, 1)), (date(2026, 7, 1), None), (date(2026, 7, 1), date(2026, 7, 1))):
        with pytest.raises(IntegrityError, match="which_day_it_missed"), transaction.atomic():
            Duty.objects.update(missed=days[0], done_late_on=days[1])


@pytest.mark.clause("五-2b", "八(一)-a")
@pytest.mark.parametrize("answered", ["2026-07-10 09:00", "2026-07-14 09:00"])
def test_an_answer_that_was_late_is_late_on_every_page_although_it_was_returned(at, answered):
    unit, lead = make_unit(), make_lead_office()
    planner, calendar = make_planner(unit), workdays.calendar()
    one = make_instruction(unit, by=lead)
    at(answered)
    coordination.answer_instruction(instruction=one, words="已抽取。", by=planner)
    at("2026-07-15 09:00")
    coordination.return_answer(instruction=one, opinion="附抽取记录", by=lead)

    today, late = date(2026, 7, 15), "14" in answered
    duty = agenda.mine(planner).get(rule="COORD")
    assert agenda.item_of(duty, today, calendar)["text"].startswith(WORDS) == late
    assert (WORDS in reminders._when(duty, today, calendar)) == late
    (row,) = (r for r in rows.rows(planner, [unit], date(2026, 7, 1), date(2026, 7, 31), today, calendar) if r.duty)
    assert (row.move_words == WORDS) == late
    cell = standing.of([unit], Q3, rules=[BY_ID["coord"]]).lines[0].cells[unit.pk]
    assert (cell.state, cell.overdue) == (State.BROKEN if late else State.OPEN, False)

    coordination.answer_instruction(instruction=one, words="已抽取，附记录。", by=planner)
    cell = standing.of([unit], Q3, rules=[BY_ID["coord"]]).lines[0].cells[unit.pk]
    assert cell.state == (State.BROKEN if late else State.KEPT)
    assert [fact.words for fact in cell.facts].count("7 月 14 日办结，退回重办") == late
