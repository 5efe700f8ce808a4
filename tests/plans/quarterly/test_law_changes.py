"""A number of 《实施方案》 changed by data, from the approval to the sealed list: what it reaches and what it leaves (附-b)."""

from datetime import date

import pytest

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.models import DutyMove, Message
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from plans.draw import actions as draw_actions
from plans.draw import frames, ssj1
from plans.lists.starting_list import frequency_words, ratio_words
from plans.quarterly import actions
from plans.quotas import quotas
from registry.models import Category
from tests.factories import make_approver, make_planner
from tests.notices.policy_factories import make_approved_change
from tests.plans.draw.factories import make_prepared_draw, make_published_plan
from tests.plans.factories import make_branch, make_list, make_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_data")]

NEW_YEAR, Q4, Q1 = date(2027, 1, 1), Quarter(2026, 4), Quarter(2027, 1)


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-12-16 10:00")


def make_plan_of_q1(unit=None, upto="DRAFT"):
    make_list(year=2027)
    return make_plan(unit or make_branch(), quarter=Q1, upto=upto)


def seal(draw):
    return draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


def key_of(plan):
    return plan.strata.get(category=Category.KEY)


def lower_key_ratio(plan, by, points=2500, planned=None):
    planned = quotas.share(8, points) if planned is None else planned
    data = {"strata": {"key": {"basis_points": points, "planned": planned, "reserved_percent": 80}}}
    return actions.save_plan(plan=plan, by=by, data=data)


@pytest.mark.clause("附-b", "七(一)1-a")
def test_a_minimum_of_30_percent_binds_from_its_quarter_and_the_plan_before_keeps_25():
    unit = make_branch()
    before = make_plan(unit, quarter=Q4, upto="APPROVED")
    before.refresh_from_db()
    kept = (before.policy_version, key_of(before).basis_points, before.approved_strata)

    make_approved_change("key_basis_points", 3000, NEW_YEAR)
    coming = make_plan_of_q1(unit)
    assert key_of(coming).basis_points == 3000  # a new plan begins with what is enough
    planner = coming.created_by
    lower_key_ratio(coming, planner, planned=3)

    with pytest.raises(Refused, match="重点对象本季比例不低于 30%，现在是 25%"):
        actions.submit_plan(plan=coming, by=planner)
    lower_key_ratio(coming, planner, 3000)
    coming = actions.submit_plan(plan=coming, by=planner)
    before.refresh_from_db()
    assert coming.policy_version == "2025+1"
    assert (before.policy_version, key_of(before).basis_points, before.approved_strata) == kept == ("2025", *kept[1:])
    assert actions.figures_now(before, before.approved_at)[0].floor_points == 2500


@pytest.mark.clause("附-b")
def test_what_was_handed_in_before_the_change_is_judged_by_the_new_number_when_it_is_approved():
    plan = make_plan_of_q1(upto="SUBMITTED")
    assert (plan.policy_version, key_of(plan).basis_points) == ("2025", 2500)
    leader = make_approver(plan.unit)

    make_approved_change("key_basis_points", 3000, NEW_YEAR)

    told = Message.objects.filter(user__in=[leader, plan.created_by], title__contains="按新的参数核对")
    assert {m.user for m in told} == {leader, plan.created_by}
    with pytest.raises(
        Refused, match=r"重点对象本季(至少抽 3 家，现在是 2 家|比例不低于 30%，现在是 25%)。退回修改后再批准"
    ):
        actions.approve_plan(plan=plan, by=leader)

    plan = actions.return_plan(plan=plan, by=leader, opinion="重点比例改为百分之三十")
    lower_key_ratio(plan, plan.created_by, 3000)
    actions.submit_plan(plan=plan, by=plan.created_by)
    assert actions.approve_plan(plan=plan, by=leader).policy_version == "2025+1"


@pytest.mark.clause("附-b", "七(一)1-a")
def test_a_public_plan_below_the_new_minimum_is_not_sealed_until_it_is_changed(at):
    make_approved_change("key_basis_points", 3000, NEW_YEAR)
    at("2027-01-04 10:00")
    draw = make_prepared_draw(plan=make_published_plan(key=10))  # as approved before the change, with 25 %
    with pytest.raises(Refused, match="计划的重点对象比例是 25%，2027 年第一季度不低于 30%。由计划员更改计划"):
        seal(draw)

    stratum = key_of(draw.plan)
    stratum.basis_points = 3000
    stratum.save()
    type(draw.plan).objects.update(policy_version="2025")
    draw = seal(draw)

    manifest = ssj1.parse_manifest(draw.documents.get(kind="MANIFEST").text)
    sealed = next(s for s in manifest.strata if s.stratum.endswith(".key"))
    assert (sealed.bp, sealed.N, sealed.K) == (3000, 10, 3)
    assert draw.policy_version == "2025+1"


@pytest.mark.clause("附-b", "七(一)4-c")
def test_another_cap_is_sealed_from_its_year_and_not_before(at):
    make_approved_change("cap_per_item", 3, NEW_YEAR)
    draw = make_prepared_draw()
    assert frames.outlook(draw.plan, draw.prepared_at).cap == 2
    at("2027-01-04 10:00")
    draw = seal(make_prepared_draw(make_branch(key=0, general=0, special=0, code="210503")))
    assert ssj1.parse_manifest(draw.documents.get(kind="MANIFEST").text).cap == 3


@pytest.mark.clause("附-b")
def test_three_to_a_team_is_asked_of_plan_and_seal(at):
    make_approved_change("min_team_size", 3, NEW_YEAR)
    plan = make_plan_of_q1()
    assert plan.team_size == 3
    actions.save_plan(plan=plan, by=plan.created_by, data={"team_size": 2})
    with pytest.raises(Refused, match="检查小组不少于 3 人"):
        actions.submit_plan(plan=plan, by=plan.created_by)
    at("2027-01-04 10:00")
    with pytest.raises(Refused, match="计划每组 2 人，2027 年第一季度检查小组不少于 3 人"):
        seal(make_prepared_draw(make_branch(key=0, general=0, special=0, code="210503"), team_size=2))


@pytest.mark.clause("附-b", "六(一)2-b", "七(二)-a")
@pytest.mark.parametrize(
    ("parameter", "value", "rules", "day"),
    [
        ("plan_due_day", 8, {"D-2", "D-3"}, date(2027, 1, 8)),
        ("draw_due_day", 15, {"D-4"}, date(2027, 1, 15)),
        ("close_day", 20, {"D-5", "D-6"}, date(2027, 3, 20)),
    ],
)
def test_open_duties_of_the_coming_quarter_move_with_a_log_and_those_of_the_running_one_stay(
    parameter, value, rules, day
):
    unit, calendar = make_branch(key=0, general=0, special=0, inspectors=0), workdays.calendar()
    for rule in ("D-2", "D-3", "D-4", "D-5", "D-6"):
        for quarter in (Q4, Q1):
            duties.ensure(rule, unit, str(quarter), calendar=calendar)

    moves = make_approved_change(parameter, value, NEW_YEAR).moves

    moved = {m.duty.rule for m in moves if m.due_before != m.due_after}
    assert moved >= rules and {m.duty.period for m in moves} == {"2027Q1"}
    assert all(m.due_after == day for m in moves if m.duty.rule in rules)
    assert all("《辽宁省生态环境行政检查办法》" in m.because for m in DutyMove.objects.all())


@pytest.mark.clause("附-b")
def test_what_is_sealed_is_not_told_and_other_numbers_reach_no_plan(at):
    planner = make_planner(make_branch(key=0, general=0, special=0, code="210503"))
    make_approved_change("publish_within_workdays", 10, NEW_YEAR)
    at("2026-12-17 10:00")
    seal(make_prepared_draw(planner.grants.first().unit))
    make_approved_change("key_basis_points", 3000, NEW_YEAR)
    assert not Message.objects.filter(title__contains="按新的参数核对").exists()


def test_the_words_of_a_years_first_list_name_its_numbers():
    make_approved_change("cap_per_item", 3, NEW_YEAR)
    old, new = policy.on(date(2026, 1, 1)), policy.on(NEW_YEAR)
    assert frequency_words(old) == "每季度抽取一次，同一对象同一事项每年不超过 2 次"
    assert frequency_words(new) == "每季度抽取一次，同一对象同一事项每年不超过 3 次"
    assert ratio_words(new) == "重点每季度不低于 25%，一般 3 年全覆盖，特殊由计划确定"
