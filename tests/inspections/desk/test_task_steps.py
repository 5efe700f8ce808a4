"""The nine steps on every task, on the desk and on the phone (七(四)-10)."""

import pytest

from benxi_shuangsuiji import clock, workdays
from inspections.desk import task_steps
from inspections.models import Inspection, Source
from plans.draw.actions import release_draw
from tests.browsing import enter, text_of
from tests.factories import make_planner, make_unit
from tests.inspections.factories import answer_all, finish, make_dispatched, make_inspection, ready, start, team_of
from tests.inspections.reports.factories import make_finished_quarter, make_received

pytestmark = pytest.mark.django_db
NAMES = ["清单", "计划", "公开", "抽取", "检查", "公示", "处理", "报告", "归档"]


def steps_of(check) -> dict[str, tuple[str, str]]:
    check = Inspection.objects.get(pk=check.pk)
    found = task_steps.steps_of(check, clock.today(), workdays.calendar())
    assert [step.name for step in found] == NAMES
    return {step.name: (step.state, step.note) for step in found}


@pytest.mark.clause("七(四)-10")
def test_the_nine_steps_of_a_drawn_check_follow_its_way_from_the_list_to_the_archive(at):
    unit = make_unit()
    check, *_ = make_dispatched(unit, key=2, general=1, special=0)
    steps = steps_of(check)
    assert [steps[name][0] for name in NAMES] == ["done"] * 4 + ["now"] + [""] * 4
    ready(check)
    finish(answer_all(start(check)))
    steps = steps_of(check)
    assert steps["检查"][0] == "done" and "查结" in steps["检查"][1] and steps["公示"][0] == "now"
    at(f"{Inspection.objects.get(pk=check.pk).publish_by:%Y-%m-%d} 23:00")
    assert steps_of(check)["公示"][0] == "now"
    at("2026-09-20 09:00")
    assert steps_of(check)["公示"][0] == "late" and steps_of(check)["处理"][0] == ""


@pytest.mark.clause("七(四)-10", "二-b")
def test_what_was_drawn_is_public_by_the_25th_though_its_20_working_days_are_not_over(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    check, *_ = make_dispatched(unit, key=2, general=1, special=0)
    ready(check)
    at("2026-09-15 09:00")
    finish(answer_all(start(check)))
    assert steps_of(check)["公示"] == ("now", "9 月 25 日前")
    at("2026-09-26 09:00")
    assert steps_of(check)["公示"][0] == "late" and Inspection.objects.get(pk=check.pk).publish_by.month == 10


@pytest.mark.clause("七(四)-10")
def test_after_the_publication_come_what_follows_the_report_and_the_binding(at):
    unit = make_unit()
    first, second = make_finished_quarter(unit)
    steps = steps_of(first), steps_of(second)
    assert [s["公示"][0] for s in steps] == ["done", "done"]
    assert steps[0]["处理"][0] == "now" and steps[0]["处理"][1]  # ordered to mend, not mended
    assert steps[1]["处理"][0] == "done" and steps[1]["报告"][0] == "now" and "前" in steps[1]["归档"][1]
    make_received(unit)
    assert steps_of(second)["报告"][0] == "done" and steps_of(second)["归档"][0] == "now"
    at("2026-10-30 09:00")
    release_draw(draw=first.draw)
    assert steps_of(second)["归档"][0] == "late"


@pytest.mark.clause("七(四)-10")
def test_what_was_not_drawn_goes_without_the_first_four_and_a_dropped_task_goes_no_further():
    check = make_inspection(source=Source.COMPLAINT)
    steps = steps_of(check)
    assert {steps[name] for name in NAMES[:4]} == {("", task_steps.NOT_DRAWN)} and steps["检查"][0] == "now"
    check.status = "CANCELLED"
    found = task_steps.steps_of(check, clock.today(), workdays.calendar())
    assert all(not step.state for step in found) and found[4].note == "不再检查"


@pytest.mark.clause("七(四)-10")
def test_the_steps_stand_on_every_task_for_planner_and_team(client):
    unit = make_unit()
    check, other, *_ = make_dispatched(unit, key=2, general=1, special=0)
    pages = []
    enter(client, team_of(other)[0].user)
    pages.append(client.get(f"/field/{other.no}/"))  # to be accepted
    ready(check)
    enter(client, team_of(check)[0].user)
    pages.append(client.get(f"/field/{check.no}/"))  # on the way
    start(check)
    pages.append(client.get(f"/field/{check.no}/"))  # at it
    enter(client, make_planner(unit))
    pages += [client.get(f"/desk/tasks/{one.no}/") for one in (check, other)]
    for page in pages:
        text = text_of(page)
        assert page.status_code == 200 and all(name in text for name in NAMES), page.request["PATH_INFO"]
        assert "归档 ，未开始" in text or "归档，未开始" in text
