"""Two quarters of one branch, played in a second, and everything that is claimed of them computed anew."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from disclosure.publishing import actions as disclosing
from inspections.bulletins import statistics
from inspections.dispatch import actions as dispatching
from inspections.indicators import figures
from inspections.indicators.facts import Scope
from inspections.models import Outcome, Source
from inspections.reports import actions as reporting
from inspections.reports.periods import Period
from inspections.review import actions as reviewing
from plans.amendments import actions as amending
from plans.draw import actions as drawing
from plans.models import ChangeReason, DrawStatus
from registry.models import Category
from tests.factories import make_approver, make_disclosure_officer, make_facility, make_planner, make_unit
from tests.inspections.factories import answer_all, finish, ready, start
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw, move_clock

from . import checks, draws, frames, indicators, pages, papers, quarters
from .all import PARTS, differences
from .days import CHINA
from .draws import places
from .lines import fields, tagged
from .pages import sums
from .world import World

pytestmark = pytest.mark.django_db
OUTCOMES = [Outcome.NO_ISSUE, Outcome.NOT_OPERATING, Outcome.NO_ISSUE, Outcome.UNREACHABLE]


def play_quarter(at, begins: str, *, unit, left: int = 0, **fields):
    """Draw, check and publish, all but `left` of the drawn; then the names are opened."""
    at(begins)
    draw = make_held_draw(unit, **fields)
    checks = dispatching.dispatch(draw=draw, by=make_planner(unit))
    for n, check in enumerate(checks[: len(checks) - left]):
        move_clock(clock.now() + timedelta(hours=20))
        leader = check.members.get(is_leader=True).inspector.user
        ready(check)
        check = start(check, by=leader)
        outcome = OUTCOMES[n % len(OUTCOMES)]
        words = "" if outcome == Outcome.NO_ISSUE else "登记地址停产，门卫称已停产两周。"
        check = finish(answer_all(check), outcome=outcome, finding=words, measures=words)
        reviewing.review_result(inspection=check, by=make_approver(unit))
        check.refresh_from_db()
        disclosing.publish_result(inspection=check, by=make_disclosure_officer(unit))
    move_clock(draw.release_at)
    return drawing.release_draw(draw=draw)


def drop(draw, reason: str, picks):
    request = amending.ask_for_amendment(
        draw=draw,
        reason=reason,
        picks=picks,
        inspector=None,
        evidence="季度末没有安排上",
        by=make_planner(draw.unit),
        **grounds(reason, *picks),
    )
    return amending.approve_amendment(request=request, by=make_approver(draw.unit), document_no="本环更〔2026〕1 号")


@pytest.fixture
def played(at):
    unit = make_unit()
    for _ in range(3):
        make_facility(unit, category=Category.KEY, status="SUSPENDED")
    first = play_quarter(at, "2026-07-06 10:00", unit=unit, left=1, key=6, general=6, special=2, inspectors=6)
    at("2026-09-30 16:00")
    told = reporting.figures_of(unit, Period(2026, 3)), clock.now()
    move_clock(clock.now() + timedelta(hours=1))
    done = [Outcome.NO_ISSUE]
    drop(first, ChangeReason.NOTDONE, first.picks.standing().exclude(inspection__outcome__in=done))
    second = play_quarter(at, "2026-10-09 10:00", unit=unit, key=0, general=0, special=0, inspectors=0)
    return SimpleNamespace(first=first, second=second, told=told)


def indicators_told(year, number) -> dict:
    """As everybody may know them."""
    units = list(Unit.objects.drawing())
    found = figures.of_units(Scope.of(units, year, number))
    return {(one.indicator.k, unit.code): (one.counted, one.n) for unit in units for one in found[unit.pk]}


def statistics_told(year, number) -> dict:
    """Each line of 执法统计 by the code of what it is about, without the sums."""
    units = list(Unit.objects.drawing())
    names = {
        "按检查类型": ("source", {label: value for value, label in Source.choices}),
        "按检查对象类别": ("category", {label: value for value, label in Category.choices}),
        "按单位": ("unit", {unit.short_name: unit.code for unit in units}),
    }
    found = {}
    for table in statistics.tables(Scope.of(units, year, number)):
        kind, codes = names[table.caption]
        found |= {(kind, codes[r[0]]): tuple(map(int, r[1:])) for r in table.rows if r[0] in codes and r[1] != "0"}
        assert papers.totals({key: line for key, line in found.items() if key[0] == kind}, int(table.rows[-1][1]))
    return found


@pytest.mark.clause("七(一)1-b", "七(一)2-b", "七(六)-b", "五-4j", "五-4k")
def test_what_the_system_says_of_two_quarters_is_what_its_rows_say(played):
    assert differences(Client(), 2026, 3) == []

    world, (told, then) = World(), played.told
    due = quarters.figures(world, played.first.unit.code, 2026, 3, then)
    assert list(quarters.differences("third quarter", told, due)) == []
    assert list(quarters.differences("", told | {"public": told["public"] + 1}, due))

    for number in (3, 4, None):
        counted = indicators_told(2026, number)
        due = indicators.figures(world, 2026, number, clock.now())
        assert list(indicators.differences(counted, due)) == []
        assert statistics_told(2026, number) == papers.statistics(world, 2026, number, clock.now())
    # Not K7: whether a 一般 was met or its gate found closed hangs on whom the draw took.
    assert {k for (k, _), (part, _) in due.items() if part} >= {1, 2, 4, 5, 6, 8, 9, 13, 16, 20}
    (touched := dict(due))[9, played.first.unit.code] = (0, 0)
    assert list(indicators.differences(touched, due))


def test_the_drawn_are_done_not_possible_replaced_or_not_done(played):
    """Who is taken off as 季末没有查完 stays drawn, and not done (SSJ1 8.1)."""
    due = quarters.figures(World(), played.first.unit.code, 2026, 3, clock.now())
    assert due["drawn"] == due["done"] + due["not_possible"] + due["replaced"] + due["not_done"]
    assert (due["drawn"], due["not_done"], due["replaced"]) == (played.first.picks.count(), 1, 0)
    assert due["done"] and due["not_possible"]


def a_row(world) -> SimpleNamespace:
    return next(row for row in world.draws[0].frames["key"].values() if row.state == "in")


def published(world) -> SimpleNamespace:
    return next(p for p in world.publications if p.kind == "RESULT")


def with_rows(module, **values):
    """Every row that the module reads has these values."""

    def touched(_, patch):
        read = module.rows
        patch.setattr(module, "rows", lambda *sql: [vars(row).update(values) or row for row in read(*sql)])

    return touched


def on(found, **values):
    """The row that `found` finds in the world has these values."""
    return lambda world, _: vars(found(world)).update(values)


TOUCHED = {
    "frames.history": on(a_row, seen=True),
    "frames.caps": lambda world, _: world.draws.extend(world.draws * 2),
    "frames.membership": with_rows(frames, valid_to=date(2026, 7, 1)),
    "draws.quotas": on(a_row, state="out:HALT"),
    "draws.documents": on(lambda world: world.draws[0].documents[0], digest="0" * 64),
    "draws.chain": with_rows(draws, prev="0" * 64),
    "draws.picks": on(lambda world: world.draws[0].drawn[0], slot="X"),
    "draws.teams": lambda world, _: next(pick for pick in world.draws[0].drawn if pick.stands()).team.pop(),
    "draws.dates": on(lambda world: world.draws[0], drawn_at=datetime(2026, 7, 1, tzinfo=CHINA)),
    "checks.limits": on(lambda world: next(c for c in world.checks if c.ended_at), publish_by=date(2026, 8, 1)),
    "checks.results": on(published, outcome="CASE_FILED"),
    "checks.members": with_rows(checks, arrived_at=None),
    "checks.of_picks": on(lambda world: world.checks[0], source="COMPLAINT"),
    "pages": on(lambda world: next(c for c in world.checks if c.status == "PUBLISHED"), status="REVIEWED"),
}


def test_whatever_is_touched_is_seen(played):
    parts = PARTS | {"pages": lambda world: pages.everything(world, Client(), 2026, 3)}
    assert set(parts) - set(TOUCHED) == {"quarters.reports", "quarters.summaries"}  # there is none in this world
    for name, touch in TOUCHED.items():
        with pytest.MonkeyPatch.context() as patch:
            world = World()
            touch(world, patch)
            assert list(parts[name](world)), name


def test_the_parser_wants_a_whole_text():
    text = "SSJ1 X\na\t1\t-\nb\n" + "end\t2\n"
    assert (fields(text), tagged(text, "a")) == ([["a", "1", "-"], ["b"]], [["1", "-"]])
    with pytest.raises(ValueError, match="no whole SSJ1 text"):
        fields(text.replace("b\n", ""))


def test_a_printed_sum_is_reckoned_again():
    assert list(sums("96 × 12.5% = 12；63 ÷ 5 = 12.6，不足 1 家的进 1，89 ÷ 6 = 14.83…")) == [
        ("", 12),
        ("", 13),
        ("", 15),
    ]
    assert [wrong for wrong, _ in sums("96 × 12.5% = 13；89 ÷ 6 = 14.84…")] == ["96 × 12.5% = 13", "89 ÷ 6 = 14.84"]


def test_the_quota_of_the_specification():
    line = SimpleNamespace(bp=2500, v=80, E=2026, P=0, plan=0)
    assert places(2026, 3, "key", line, 42, 42, 20) == (11, 9)
    assert places(2026, 4, "key", line, 42, 40, 13) == (13, 13)


def test_nothing_that_is_sealed_enters_the_figures(at):
    """A draw whose names are secret counts by its reserved places alone (decisions.md 3)."""
    at("2026-07-06 10:00")
    draw = make_held_draw(make_unit(), key=8, general=8)
    assert draw.status == DrawStatus.DRAWN
    lines = World().draws[0].strata
    assert pages.coverage(World(), "key", 2026) == (lines["key"].u, 8)
    assert pages.coverage(World(), "general", 2026) == (lines["general"].u, 8)
    assert list(pages.home(World(), Client(), 2026, 3)) == []
