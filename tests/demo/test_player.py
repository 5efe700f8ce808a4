"""The numbers that the demo plays with, and the branch whose draw is left to the newcomer."""

from datetime import date
from types import SimpleNamespace

import pytest

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.demo import player, quarters
from benxi_shuangsuiji.demo.times import moment
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.publishing import actions as disclosing
from plans.draw import actions as draw_actions
from plans.draw import rules as draw_rules
from plans.draw.values import source_states
from plans.lists.starting_list import ITEMS
from plans.models import DrawStatus, PlanStatus
from plans.quarterly import actions
from registry.models import CategoryRun, Facility
from tests.factories import make_approver, make_disclosure_officer, make_facility, make_planner, make_registrar
from tests.plans.draw.factories import VALUES, move_clock
from tests.plans.factories import make_branch, make_plan
from tests.registry.factories import approved_ground

POINTS = {item.code: len(item.points) for item in ITEMS}


@pytest.mark.parametrize(("category", "items"), [("key", 8), ("general", 5), ("special", 8)])
def test_a_check_in_the_demo_has_as_many_points_as_a_team_does(category, items):
    codes = [code for code, where in quarters.chosen_items().items() if where[category]]
    assert len(codes) == items
    assert 15 <= sum(POINTS[code] for code in codes) <= 35


@pytest.mark.django_db
def test_a_newcomer_at_ten_seals_the_late_branch_and_draws_half_an_hour_later(at):
    """The changed plan passes every rule, the lottery of July notwithstanding."""
    at("2026-07-02 09:00")
    unit = make_branch(code=quarters.LATE_BRANCH)
    planner, approver = make_planner(unit), make_approver(unit)
    plan = make_plan(unit, quarter=Quarter(2026, 3), upto="APPROVED")
    disclosing.publish_plan(plan=plan, by=make_disclosure_officer(unit))

    at("2026-08-18 10:05")
    plan = actions.revise_plan(plan=plan, by=planner, reason=quarters.LATE_REASON)
    plan = actions.save_plan(plan=plan, by=planner, data=quarters.late_plan())
    plan = actions.submit_plan(plan=plan, by=planner, late_reason=quarters.LATE_REASON)
    actions.approve_plan(plan=plan, by=approver)
    disclosing.publish_plan(plan=plan, by=make_disclosure_officer(unit))
    plan.refresh_from_db()
    assert (plan.status, plan.revision) == (PlanStatus.PUBLISHED, 2)

    at("2026-08-19 10:00")
    draw = draw_actions.seal_draw(
        draw=draw_actions.prepare_draw(plan=plan, by=planner), by=approver, registry_reason="演练用名录"
    )
    for state in source_states(draw):
        assert "到时才能录入" in draw_rules.why_not_open_entry(draw, state, planner, state.due.replace(minute=19))
    move_clock(moment(quarters.LATE_DAY, 10, 30))
    for state in source_states(draw):
        for by in (planner, approver):
            draw_actions.enter_value(draw=draw, position=state.position, value=VALUES[state.kind], by=by)
    assert draw_actions.hold_draw(draw=draw, by=planner).status == DrawStatus.DRAWN


@pytest.mark.django_db
@pytest.mark.clause("六(二)-am")
def test_the_demo_plays_the_daily_recomputation(at):
    """What a day's first event finds is labelled as the grounds of that day say, so that no frame of the demo is yesterday's."""
    at("2025-12-08 09:00")
    unit = make_branch(key=0, general=0, special=0)
    facility = make_facility(unit)
    approved_ground(facility, "SF1", by=make_registrar(unit), evidence="2024 年省督办令", year=2024)
    labels, places, planner = [], [], make_planner(unit)

    def look():
        labels.append(Facility.objects.get(pk=facility.pk).category)
        places.append(trail.whence.get())

    demo = player.Player(until=moment(date(2026, 2, 1), 9), set_clock=move_clock, progress=lambda *_: None)
    demo._begin = lambda: None
    for day, hour in ((date(2025, 12, 31), 16), (date(2026, 1, 5), 9), (date(2026, 1, 5), 10)):
        demo.at(moment(day, hour), "看", look, planner if hour == 10 else None)
    demo.play()

    # What a person does, he does from somewhere, as on a page: the trace of a check shows it (七(五)-n).
    assert [place.get("device", "") for place in places] == ["", "", "Windows 电脑 · Edge"]
    assert places[2]["address"] and not trail.whence.get()
    assert player.whence(SimpleNamespace(pk=7, username="jiancha-210504-03"))["device"] == "安卓手机 · Chrome"
    assert labels == ["special", "general", "general"]
    assert list(CategoryRun.objects.order_by("day").values_list("day", flat=True)) == [
        date(2025, 12, 31),
        date(2026, 1, 5),
    ]
    assert facility.grounds.get().valid_to == date(2026, 1, 1)
