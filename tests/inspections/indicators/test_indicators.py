"""K1 to K23: one rule each, what may not leak through them, and how many queries they cost (五-4k, 一-c, decisions.md 3)."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, policy
from inspections.indicators import figures
from inspections.indicators.facts import Scope
from inspections.models import Outcome
from plans.draw.actions import release_draw
from registry.proposals import actions as proposals_actions
from tests.browsing import enter, html_of, queries
from tests.factories import (
    make_city_team,
    make_disclosure_officer,
    make_facility,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_unit,
)
from tests.inspections.archive.test_archive import archivist, published, sampled, taken_in
from tests.inspections.factories import answer_all, finish, make_dispatched, make_published, ready, start
from tests.inspections.reports.factories import make_finished_quarter
from tests.registry.factories import approved, approved_ground, approved_status

pytestmark = pytest.mark.django_db
LIST = "/desk/indicators/?quarter=2026Q3"


def told(scope, unit) -> dict[int, tuple[int, int]]:
    return {f.indicator.k: (f.counted, f.n) for f in figures.of_units(scope)[unit.pk]}


@pytest.mark.clause("五-4k")
def test_each_indicator_has_one_number_one_rule_with_its_clause_and_a_target_of_the_law():
    numbers = [one.k for one in figures.ALL]
    assert numbers == list(range(1, 24))
    law = policy.on(clock.today())
    for one in figures.ALL:
        rule = one.said(law)
        assert rule.endswith("。") and rule.count("。") == 1 and "{" not in rule, one.no
        assert any(clause in rule for clause in ("一。", "二、", "四", "六(一)", "七(", "八(二)")), one.no
        assert (one.goal is None) == ("只供参考" in rule), one.no
        assert one.goal is None or one.goal(law, 2026).words
    goals = {one.k: one.goal(law, 2026).words for one in figures.ALL if one.goal}
    assert (goals[1], goals[2], goals[5], goals[7], goals[10], goals[12]) == (
        "全部", "不低于 98%", "不低于 25%", "不低于 66.7%", "0", "不高于 5%",
    )  # fmt: skip


@pytest.mark.clause("五-4k")
def test_a_figure_is_the_count_of_its_rows(at):
    unit = make_unit()
    first, *_ = make_finished_quarter(unit)
    at("2026-10-09 09:00")
    release_draw(draw=first.draw)
    scope = Scope.of([unit], 2026, 3)
    found = told(scope, unit)
    assert found[1] == found[2] == (2, 2)
    assert (found[5], found[6], found[7]) == ((1, 2), (1, 2), (1, 1))
    assert (found[9], found[12], found[13], found[17]) == ((2, 2), (0, 2), (2, 2), (1, 2))
    one = figures.figure(scope, 6)
    assert one.is_met and one.shown == "50%" and one.asked == "全部，年底到期"  # the year runs
    assert [row.words for row in one.rows if not row.counts] == ["没有查到"]
    at("2026-12-31 18:00")
    assert not figures.figure(Scope.of([unit], 2026), 6).is_met


@pytest.mark.clause("六(一)2-g", "五-4k")
def test_nobody_has_missed_the_completion_of_tasks_before_its_day(at):
    at("2026-07-06 09:00")
    unit = make_dispatched(key=2, general=0)[0].unit
    for whole_year, until in ((False, "9 月 25 日"), (True, "12 月 25 日")):
        scope = Scope.of([unit], 2026, None if whole_year else 3, circle=[unit.pk])
        one = figures.figure(scope, 9)
        assert (one.counted, one.n > 0, one.is_met, one.asked) == (0, True, True, f"全部，{until}到期")
    at("2026-09-28 09:00")
    one = figures.figure(Scope.of([unit], 2026, 3, circle=[unit.pk]), 9)
    assert (one.is_met, one.asked) == (False, "全部")
    year = figures.figure(
        Scope.of([unit], 2026, circle=[unit.pk]), 9
    )  # what the third quarter missed, the year has missed
    assert (year.is_met, year.is_held, year.asked) == (False, True, "全部，逐季到期，最后 12 月 25 日")


@pytest.mark.clause("七(一)1-b", "七(一)2-b", "五-4k")
def test_who_has_to_be_reached_is_taken_from_the_registry_as_it_stood(at):
    """One closes, one becomes 重点, one moves away: the quarter before still counts all of them as they were."""
    at("2026-09-20 09:00")
    unit, other = make_unit(), make_unit("210503")
    by = make_registrar(unit)
    closes, becomes, moves = (make_facility(unit, category=category) for category in ("key", "general", "general"))
    summer = Scope.of([unit, other], 2026, 3)
    before = [row.what for k in (6, 7) for row in figures.figure(summer, k).rows]
    at("2026-10-12 09:00")
    approved_status(closes, "CLOSED", on=clock.today(), by=by)
    approved_ground(becomes, "KF3", by=by)
    transfer = {"unit": other, "reason": "属地调整", "evidence": "市局通知"}
    approved(proposals_actions.propose_transfer(facility=moves, by=by, **transfer))
    at("2026-10-13 09:00")
    past, now = (Scope.of([unit, other], 2026, number) for number in (3, 4))
    assert [row.what for k in (6, 7) for row in figures.figure(past, k).rows] == before
    assert [told(past, unit)[k] for k in (6, 7)] == [(0, 1), (0, 2)]
    assert [told(now, unit)[k] for k in (6, 7)] == [(0, 1), (0, 0)] and told(now, other)[7] == (0, 1)
    assert becomes.code in figures.figure(now, 6).rows[0].what
    at("2026-10-20 09:00")  # what is entered late for an earlier day counts from its day, and not before it was known
    late = make_facility(unit, category="key")
    approved_status(late, "CLOSED", on=date(2026, 9, 29), by=by)
    assert (told(Scope.of([unit], 2026, 3), unit)[6], late.code) == ((0, 1), late.code)
    assert told(Scope.of([unit], 2026, 3, moment=past.moment), unit)[6] == (0, 2)


@pytest.mark.clause("七(七)-r")
def test_whether_a_file_is_complete_is_said_as_of_the_moment(at):
    """A reason that was approved later, and a report that came later, mend nothing of the days before."""
    check = sampled(published())
    unit = check.unit
    assert told(Scope.of([unit], 2026), unit)[15] == (0, 1)
    before, by = clock.now(), archivist(unit)
    at(before + timedelta(days=2))
    taken_in(check, by, dated=before.date())
    assert told(Scope.of([unit], 2026), unit)[15] == (1, 1)
    assert told(Scope.of([unit], 2026, moment=before), unit)[15] == (0, 1)


@pytest.mark.clause("五-4k")
def test_seven_units_cost_as_many_queries_as_one():
    units = [make_unit(f"2105{n:02d}") for n in range(2, 9)]
    for unit in units:
        make_published(unit, problem="台账缺页")
    counts = []
    for some in (units[:1], units):
        with CaptureQueriesContext(connection) as asked:
            figures.of_units(Scope.of(some, 2026))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 90


@pytest.mark.clause("五-4k")
def test_what_is_sealed_between_draw_and_release_leaks_through_no_figure(at, client):
    """One place is checked and not public: outside the circle every figure and every row says what it said before."""
    unit, _ = make_unit(), make_city_team()
    first, *_ = make_dispatched(unit, key=2, general=2, special=1)
    place = first.facility
    outside, inside = (Scope.of([unit], 2026, 3, circle=c) for c in ((), (unit.pk,)))
    before = {one.k: figures.figure(outside, one.k).rows for one in figures.ALL}
    ready(first)
    finish(answer_all(start(first)), outcome=Outcome.NO_ISSUE)
    outside, inside = (Scope.of([unit], 2026, 3, circle=c) for c in ((), (unit.pk,)))
    assert {one.k: figures.figure(outside, one.k).rows for one in figures.ALL} == before
    changed = {one.k for one in figures.ALL if figures.figure(inside, one.k).rows != before[one.k]}
    assert changed >= {5, 8, 9, 12, 13, 14, 16, 17}  # the circle itself is told
    for reader in (make_lead_office(), make_observer(), make_disclosure_officer(unit)):
        enter(client, reader)
        for k in figures.BY_K:
            page = html_of(client.get(f"/desk/indicators/k{k}/?unit={unit.code}&quarter=2026Q3&period=year"))
            assert first.no not in page, k
            if k not in (6, 7):  # who has to be reached is the registry; nobody of it was
                assert place.code not in page, k
    assert "查过" not in html_of(client.get(f"/desk/indicators/k6/?unit={unit.code}&quarter=2026Q3"))


@pytest.mark.clause("五-4k")
def test_the_release_tells_who_was_drawn_and_no_row_whose_check_is_over(at, client):
    """0090: counted with the release, told with the result; a list of those that are left would tell of the others."""
    at("2026-07-06 09:00")
    unit, _ = make_unit(), make_city_team()
    first, *rest = make_dispatched(unit, key=2, general=2)
    ready(first)
    finish(answer_all(start(first)), outcome=Outcome.NO_ISSUE)
    at("2026-10-09 09:00")
    release_draw(draw=first.draw)
    inside, outside = (Scope.of([unit], 2026, 3, circle=c) for c in ((unit.pk,), ()))
    for k in (1, 9, 13, 14, 16):
        one = figures.figure(outside, k)
        assert (one.counted, one.n) == (figures.figure(inside, k).counted, figures.figure(inside, k).n) and one.n, k
        assert {row.words for row in one.told} == {figures.QUIET} and not any(row.no or row.url for row in one.told), k
        assert sum(int(row.what.split()[0]) for row in one.told) == one.n
        assert len(figures.figure(inside, k).told) == one.n
    for k in (6, 7):
        assert {row.words for row in figures.figure(outside, k).told} == {"没有查到"}, k
        assert figures.sums(outside, k)[unit.pk].counted == 0
    codes = [check.facility.code for check in (first, *rest)]
    enter(client, make_observer())
    for k in figures.BY_K:
        page = html_of(client.get(f"/desk/indicators/k{k}/?unit={unit.code}&quarter=2026Q3"))
        assert not any(check.no in page for check in (first, *rest)), k
        assert k in (5, 6, 7, 8, 10, 11, 12) or not any(code in page for code in codes), k
    assert "不逐家列出" in html_of(client.get(f"/desk/indicators/k9/?unit={unit.code}&quarter=2026Q3"))


@pytest.mark.clause("五-4k")
def test_the_city_reads_every_unit_a_unit_itself_and_each_figure_leads_to_its_rows(client):
    unit, other = make_unit(), make_unit("210503")
    make_city_team()
    mine = make_published(unit, problem="台账缺页")
    theirs = make_published(other)
    enter(client, make_planner(unit))
    asked = client.get(f"{LIST}&scope=city").context["asked"]
    assert (asked.units, asked.city, asked.other) == ([unit], False, "")
    rows = html_of(client.get(f"/desk/indicators/k17/?unit={unit.code}&quarter=2026Q3"))
    assert mine.no in rows and "发现问题" in rows and theirs.no not in rows
    assert theirs.no not in html_of(client.get(f"/desk/indicators/k17/?unit={other.code}&quarter=2026Q3"))
    assert client.get("/desk/indicators/k24/?quarter=2026Q3").status_code == 404
    enter(client, make_lead_office())
    rows = html_of(client.get("/desk/indicators/k17/?scope=city&quarter=2026Q3&period=year"))
    assert mine.no in rows and theirs.no in rows
    line = next(row for row in client.get(f"{LIST}&scope=city").context["rows"] if row.indicator.k == 17)
    assert [(f.shown, f.counted, f.n) for f in line.figures if f.unit is None] == [("50%", 1, 2)]


@pytest.mark.clause("五-4k")
def test_a_row_leads_to_its_page_whom_it_opens_for_and_others_nowhere(at, client):
    """K3, K4 and K5 led nowhere; who has no right to the registry was led to a refusal (issue 16: rows one click away)."""
    at("2026-07-06 09:00")
    unit, _ = make_unit(), make_city_team()
    first, *_ = make_dispatched(unit, key=2, general=2)
    at("2026-10-09 09:00")
    release_draw(draw=first.draw)
    for reader, of_the_registry in ((make_observer(), True), (make_disclosure_officer(unit), False)):
        enter(client, reader)
        for k in (3, 4, 5, 6):
            rows = client.get(f"/desk/indicators/k{k}/?unit={unit.code}&quarter=2026Q3").context["rows"]
            ways = {url for _, _, url in rows}
            assert rows and (ways == {""} if k > 4 and not of_the_registry else "" not in ways), (reader, k)
            assert all(client.get(url).status_code == 200 for url in ways - {""}), (reader, k)


def test_the_rows_of_a_figure_cost_the_same_for_thirty(client):
    unit = make_unit()
    make_facility(unit, category="key")
    enter(client, make_planner(unit))
    url = f"/desk/indicators/k6/?unit={unit.code}&quarter=2026Q3"
    one = queries(client, url)
    for _ in range(29):
        make_facility(unit, category="key")
    assert queries(client, url) == one and len(client.get(url).context["rows"]) == 30


@pytest.mark.clause("一-c", "五-4k")
def test_every_indicator_is_shown_by_quarter_and_year_as_its_rows_of_that_time_say(at, client):
    unit, lead = make_unit(), make_lead_office()
    make_finished_quarter(unit)
    at("2026-10-12 09:00")
    enter(client, lead)
    for k in (2, 5, 7, 23):
        page = client.get(f"/desk/indicators/trend/?k={k}&scope=city&quarter=2026Q4")
        periods = {one.label: one for one in page.context["periods"]}
        assert "2026 年第三季度" in periods and "2026 年" in periods and "2027 年" not in periods
        third = periods["2026 年第三季度"]
        alone = figures.figure(Scope.of(page.context["asked"].units, 2026, 3), k)
        assert (third.figures[0].counted, third.figures[0].n) == (alone.counted, alone.n), k
        link = f"/desk/indicators/k{k}/?unit={unit.code}&amp;{third.own}"
        assert link in html_of(page) or link.replace("&amp;quarter", "&quarter") in html_of(page), link
        rows = client.get(link.replace("&amp;", "&"))
        mine = next(one for one in third.figures if one.unit == unit)
        assert (rows.context["figure"].counted, rows.context["figure"].n) == (mine.counted, mine.n), k
    for wrong in ("0", "24", "x", "²"):
        assert client.get(f"/desk/indicators/trend/?k={wrong}").status_code == 404
