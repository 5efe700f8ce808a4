"""What the pages of a draw gather for their reader, fact by fact (ui.md 7.2)."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from plans.draw import ssj1
from plans.draw.pages import DrawDetail
from plans.draw.prepare_pages import Preparation
from plans.draw.values import SourceState
from plans.models import DrawStatus, SourceKind, ValueEntry
from registry.models import Inspector
from tests.factories import make_approver, make_observer, make_planner
from tests.plans.draw.factories import make_prepared_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]
LABEL = "七星彩第2026183期"


@pytest.fixture
def draw():
    return make_prepared_draw()


# --- one draw ---------------------------------------------------------------------------------------------------------


def detail(draw, user, *, status=DrawStatus.PREPARED, run=1, values=()) -> DrawDetail:
    """As the page would be if the draw stood at this state and these values had been typed."""
    now = clock.now()
    draw.status = status
    if status != DrawStatus.PREPARED:
        draw.frozen_at = now - timedelta(days=3)
    if status in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        draw.drawn_at = now
    entries = tuple(ValueEntry(value=value, entered_by=user) for value in values)
    return DrawDetail(draw, user, now, [SourceState(1, SourceKind.DIGITS, LABEL, now, entries)], run, None)


def test_lists_are_checked_before_the_seal_by_who_prepares_or_seals(draw):
    for user in (make_planner(draw.unit), make_approver(draw.unit)):
        assert detail(draw, user).may_prepare
        assert not detail(draw, user, status=DrawStatus.FROZEN).may_prepare
    assert not detail(draw, make_observer()).may_prepare


def test_values_are_typed_while_the_draw_is_sealed(draw):
    planner = make_planner(draw.unit)
    assert not detail(draw, planner).may_enter
    assert detail(draw, planner, status=DrawStatus.FROZEN).may_enter
    assert not detail(draw, make_observer(), status=DrawStatus.FROZEN).may_enter


def test_a_correction_needs_a_value_on_which_two_agreed(draw):
    planner, typed_alike = make_planner(draw.unit), ("4071358", "4071358")
    assert not detail(draw, planner, status=DrawStatus.FROZEN, values=("4071358",)).may_correct
    assert detail(draw, planner, status=DrawStatus.FROZEN, values=typed_alike).may_correct
    assert not detail(draw, planner, status=DrawStatus.ABORTED, values=typed_alike).may_correct
    assert not detail(draw, make_observer(), status=DrawStatus.FROZEN, values=typed_alike).may_correct


def test_what_follows_the_draw_is_offered_once_it_is_held(draw):
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    before = detail(draw, planner, status=DrawStatus.FROZEN)
    assert (before.may_amend, before.may_dispatch, before.may_file, before.may_see_names) == (False,) * 4
    held = detail(draw, planner, status=DrawStatus.DRAWN)
    assert (held.may_amend, held.may_dispatch, held.may_file, held.may_see_names) == (True,) * 4
    leader = detail(draw, approver, status=DrawStatus.DRAWN)
    assert (leader.may_amend, leader.may_dispatch, leader.may_file, leader.may_see_names) == (True, False, False, True)


def test_abort_is_offered_while_sealed_and_read_afterwards(draw):
    approver = make_approver(draw.unit)
    offered = [detail(draw, approver, status=status).may_abort for status in ("PREPARED", "FROZEN", "ABORTED")]
    assert offered == [False, True, True]


def test_the_other_runs_are_all_but_the_one_shown(draw):
    draw.run = 3
    assert detail(draw, make_planner(draw.unit), run=2).other_runs == [1, 3]


def test_a_draw_in_its_days_has_nothing_late(draw):
    page = detail(draw, make_planner(draw.unit))
    assert (page.late, page.release_late, page.tone) == ("", "", "warn")
    assert page.quarter == draw.plan.quarter
    assert page.steps[0].state == "now"
    assert (page.lines, page.slips, page.aborted, page.filing, page.corrections) == ([], None, None, None, [])


# --- what would be sealed ---------------------------------------------------------------------------------------------


@pytest.fixture
def page(draw) -> Preparation:
    return Preparation.of(draw, make_approver(draw.unit), clock.now())


def test_totals_add_up_the_lines_and_special_objects_have_no_unseen(page):
    assert page.totals.total == page.totals.drawable == 9
    assert page.totals.unseen == 8
    assert page.totals.places == sum(line.quota.K for line in page.lines)
    assert (page.totals.out, page.reasons, page.short) == (0, [], [])


def test_why_objects_take_no_part_is_counted_over_all_categories(page):
    out = Counter({kind._replace(state="out:HALT"): n for kind, n in page.outlook.kinds.items()})
    halted = replace(page, outlook=replace(page.outlook, kinds=out))
    assert halted.reasons == [(ssj1.STATE_NAMES["out:HALT"], 9)]
    assert halted.totals.out == 9


def test_who_cannot_be_sent_is_named_with_the_reason(page):
    first, second, *rest = page.outlook.inspectors
    people = [first._replace(state="out:LEAVE"), second._replace(until="2026-07-01"), *rest]
    page = replace(page, outlook=replace(page.outlook, inspectors=people))
    names = dict(Inspector.objects.values_list("code", "name"))
    assert [(one.name, one.reason) for one in page.kept_back] == [
        (names[first.code], "请假"),
        (names[second.code], f"执法证 2026-07-01 到期，早于检查完成日 {page.outlook.window_to}"),
    ]
    assert len(page.usable) == len(people) - 2


def test_who_keeps_away_is_counted_by_person(page):
    one = page.outlook.inspectors[0]
    bars = [ssj1.Bar(one.code, f"F{n}", "RECUSE") for n in range(2)]
    page = replace(page, outlook=replace(page.outlook, bars=bars))
    assert page.barred == [(page.people[one.code], 2)]


def test_the_load_of_one_person_is_a_range_where_it_does_not_divide(page):
    per_place = page.totals.places * page.draw.plan.team_size
    low, high = per_place // 4, -(-per_place // 4)
    assert page.each == (f"每人 {low} 家" if low == high else f"每人 {low}—{high} 家")
    assert replace(page, outlook=replace(page.outlook, inspectors=[])).each == "没有人可以派出"


def test_what_stops_the_seal_is_the_first_problem_and_who_may_not_seal_reads_his_own(page):
    assert (page.problem, page.obstacle, page.may_seal, page.may_revise) == ("", "", True, False)
    nobody = replace(page, outlook=replace(page.outlook, inspectors=[]))
    assert nobody.problem == nobody.obstacle and nobody.problem.startswith("没有可以派出的检查人员")
    planner = replace(nobody, user=make_planner(page.draw.unit))
    assert planner.obstacle == "只有本单位分管负责人可以封存。" and not planner.may_seal
    assert planner.may_revise


def test_the_checks_end_with_the_teams_and_the_audits(page):
    whole = [line for line in page.lines if line.counts.A and line.quota.K == line.counts.A]
    warned = [check.text for check in page.checks if check.state == "warn"]
    # A category that is drawn whole gives itself away with its list, which is said before it is sealed.
    assert warned == [
        f"{n.label}监管对象参加抽取的 {n.counts.A} 家全部抽取：名单一公布，人人知道会查到谁" for n in whole
    ]
    assert whole and {check.state for check in page.checks} == {"ok", "warn"}
    assert "每家都能配齐检查小组" in [check.text for check in page.checks]
    assert [check.link for check in page.checks[-2:]] == ["查看审核"] * 2


def test_sources_and_the_release_are_said_in_words(page):
    assert [source.label for source in page.sources_due] == [LABEL]
    assert page.release.endswith("18:00") and page.moves == 0
