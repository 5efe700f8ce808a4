"""L-1: a button at the quarter's end makes nobody disappear from a report, and closes no quarter as complete."""

import pytest

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coverage.gaps import DrawnList
from inspections.oversight import progress
from inspections.reports import actions as report_actions
from inspections.reports.periods import Period
from plans.models import ChangeReason, Pick
from tests.browsing import enter, html_of
from tests.factories import make_lead_office, make_planner, make_unit

from .factories import make_quarter, release, take_off, visit

pytestmark = pytest.mark.django_db
Q3 = Quarter(2026, 3)


@pytest.mark.clause("六(一)2-g", "七(一)1-a", "五-4j", "七(六)-b")
def test_l01_季末没有查完_stays_drawn_and_unfinished_everywhere(at, client):
    unit = make_unit()
    at("2026-07-06 09:00")
    done, *left = make_quarter(unit)
    visit(done)
    at("2026-09-25 18:00")
    release(done)
    at("2026-09-30 10:00")
    before = report_actions.figures_of(unit, Period.of(Q3))

    take_off(left)

    # By hand, from the rows: who was drawn, and of whom there is a finished check.
    drawn, finished = Pick.objects.filter(draw=done.draw_id).count(), 1
    for period in (Period.of(Q3), Period(2026)):
        counted = report_actions.figures_of(unit, period)
        assert (counted["drawn"], counted["finished"], counted["unfinished"]) == (drawn, finished, drawn - finished)
    after = report_actions.figures_of(unit, Period.of(Q3))
    assert (before["drawn"], before["finished"]) == (after["drawn"], after["finished"])
    assert {row["name"] for row in after["reasons"]} == {check.facility.name for check in left}
    assert all(row["approved"] and row["words"] == "现场核查记录 1 份" for row in after["reasons"])
    assert Duty.objects.get(rule="D-5", unit=unit, period="2026Q3").closed_by == "没有查完的已写明原因并批准"

    planner = make_planner(unit)
    found = DrawnList(unit, Q3).found(planner, Q3.last_day)
    assert (found.done, found.total, len(found.lines)) == (finished, drawn, drawn - finished)
    page = html_of(enter(client, planner).get("/desk/tasks/unfinished/?unit=210504&quarter=2026Q3"))
    assert "重点对象名录 12 家，应抽取 3 家，名单上现有 1 家，不足。" in page and "抽中的都查完了" not in page
    (row,) = [r for r in progress.city(make_lead_office(), Q3, Q3.last_day, workdays.calendar()) if r.unit == unit]
    assert (row.tally.drawn, row.tally.done, row.tally.not_done) == (drawn, finished, drawn - finished)
    assert (row.cells[4].state, row.cells[4].text) == ("late", f"{finished}/{drawn}")
    assert row.problems == ("重点对象名录 12 家，应抽取 3 家，名单上现有 1 家，不足。",)
    public = client.get(f"/draws/{done.draw.draw_id}/").content.decode()
    assert "应抽取 3 家，名单上现有 1 家，不足。" in public and "本季度没有查完" in public


@pytest.mark.clause("六(一)2-g")
def test_l01_the_quarter_is_complete_only_when_all_that_is_left_was_checked(at):
    unit = make_unit()
    at("2026-07-06 09:00")
    first, *others = make_quarter(unit)
    for check in others:
        visit(check)
    duty = Duty.objects.filter(rule="D-5", unit=unit, period="2026Q3")
    assert not duty.filter(closed_at__isnull=False).exists()
    at("2026-09-30 10:00")
    take_off([first], ChangeReason.NOTDONE)
    assert duty.get().closed_by == "没有查完的已写明原因并批准"
