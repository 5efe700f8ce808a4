"""What the nine steps of a quarter are read from, each fact by itself (七(四), decisions.md 3)."""

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from inspections.coverage.tally import Tally
from inspections.desk import steps
from inspections.desk.steps import Counts, Quarter9, Step
from inspections.oversight.progress import Ends
from plans.models import DrawStatus

DAY = date(2026, 8, 19)
DRAWN = SimpleNamespace(status=DrawStatus.DRAWN, drawn_at=None)
RELEASED = SimpleNamespace(status=DrawStatus.RELEASED, drawn_at=None)
ALL, SOME = Counts(Tally(done=2), 2, public=2), Counts(Tally(done=1, not_done=1), 2, public=1)


def facts(*, draw=None, counts=None, plan=None, may=True, today=DAY) -> Quarter9:
    unit = SimpleNamespace(code="210504")
    user = SimpleNamespace(may=lambda permission, unit: may)
    quarter = Quarter(2026, 3)
    return Quarter9(unit, quarter, user, today, Calendar(), None, plan, draw, counts or Counts(), None)


@pytest.mark.parametrize(
    ("draw", "may", "inside"),
    [(None, True, True), (None, False, False), (DRAWN, False, False), (RELEASED, False, True)],
)
def test_how_far_the_checks_are_is_told_within_the_circle_and_of_a_released_draw(draw, may, inside):
    assert facts(draw=draw, may=may).inside is inside


@pytest.mark.parametrize(("counts", "done"), [(ALL, True), (SOME, False), (Counts(), False)])
def test_all_are_done_and_public_when_there_are_some_and_none_is_left(counts, done):
    q = facts(draw=RELEASED, counts=counts)
    assert (q.all_done, q.all_public) == (done, done)
    outside = facts(draw=DRAWN, counts=counts, may=False)
    assert not outside.all_done and not outside.all_public


def test_a_step_leads_to_its_page_only_for_whom_it_opens():
    assert facts().door("inspections:task-list", "") == "/desk/tasks/?unit=210504&quarter=2026Q3"
    assert facts().door("inspections:task-list", "", here=False) == "/desk/tasks/"
    assert facts(may=False).door("inspections:task-list", "") == ""


def test_a_plan_that_is_being_changed_is_not_late_again():
    q = facts(plan=SimpleNamespace(is_being_changed=True, revision=2), today=date(2026, 12, 1))
    assert (steps.plan(q).state, steps.plan(q).note) == ("now", "正在改第 2 版")
    assert (steps.plan_public(q).state, steps.plan_public(q).note) == ("", "第 2 版")


def test_what_is_over_its_day_and_not_done_is_late():
    late = facts(draw=RELEASED, counts=SOME, today=date(2026, 12, 1))
    assert (steps.checks(late).state, steps.report(late).state) == ("late", "late")
    assert steps.checks(facts(draw=RELEASED, counts=SOME)).state == "now"


def test_outside_the_circle_checks_have_begun_once_a_result_is_public():
    """Not 未开始 beside 已公开 5 家; and before the first result nothing tells that somebody was there (decisions.md 3)."""
    outside = [facts(draw=DRAWN, counts=counts, may=False) for counts in (SOME, replace(SOME, public=0), Counts())]
    assert [steps.checks(q).state for q in outside] == ["now" if SOME.public else "", "", ""] and SOME.public
    assert len({steps.checks(q).note for q in outside}) == 1


@pytest.mark.parametrize(
    ("counts", "results", "follow", "bound"),
    [
        (Counts(results=2), ("", "查结后 20 个工作日"), ("", "随查随办"), ("", "随办随归")),
        (Counts(results=9, public=5), ("now", "已公开 5 家"), ("", "无"), ("now", "成册 4/5")),
        (
            Counts(results=9, taken_off=1, public=5),
            ("now", "已公开 5 家，应公开 9 家，含查后更换的 1 家"),
            ("", "无"),
            ("now", "成册 4/5"),
        ),
        (Counts(results=9, public=5, late=2), ("late", "逾期 2 家，已公开 5 家"), ("", "无"), ("now", "成册 4/5")),
        (Counts(results=5, public=5), ("done", "已公开 5 家"), ("late", "逾期 1 家"), ("late", "逾期 3 卷")),
    ],
)
def test_publication_follow_up_and_archive_stand_as_the_city_sees_them(counts, results, follow, bound):
    late = (1, 3) if follow[0] == "late" else (0, 0)
    ends = Ends(counts.public, int(any(late)), int(any(late)), 4 if counts.public else 0, *late)
    q = facts(draw=RELEASED, counts=replace(counts, ends=ends))
    found = [steps.results(q), steps.follow_up(q), steps.archive(q)]
    assert [(step.state, step.note) for step in found] == [results, follow, bound]
    assert all(step.url for step in found)


def test_without_anything_late_the_first_open_step_comes_now():
    def states(*given):
        return [step.state for step in steps.first_open_is_now([Step("", state) for state in given])]

    assert states("done", "", "") == ["done", "now", ""]
    assert states("late", "", "") == ["late", "", ""]
    assert states("now", "") == ["now", ""]
    assert states("done", "done") == ["done", "done"]
