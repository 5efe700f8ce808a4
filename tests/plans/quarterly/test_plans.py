"""The quarterly plan from draft to receipt (六(一)2, 七(一), 七(四)-2, 七(六))."""

from datetime import date, datetime, time

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import SHANGHAI, Quarter
from plans.filings import actions as filings_actions
from plans.lists import actions as lists_actions
from plans.models import PlanStatus, QuarterlyPlan, SourceKind
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import rules
from plans.quarterly.public_facts import PlanFacts
from registry.models import Category
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_planner,
    make_unit,
    make_user,
)
from tests.plans.factories import Q3, advance_list, make_branch, make_list, make_plan

pytestmark = pytest.mark.django_db


def moment(day, at="09:30"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), SHANGHAI)


def save(plan, **data):
    return quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data=data)


def submit(plan, **kwargs):
    return quarterly_actions.submit_plan(
        plan=plan, by=make_planner(plan.unit), **{"late_reason": "名录核对延误", **kwargs}
    )


@pytest.mark.clause("六(一)2-c")
@pytest.mark.clause("六(一)2-d")
@pytest.mark.clause("六(一)2-e")
@pytest.mark.clause("六(一)2-f")
@pytest.mark.clause("0-b")
def test_a_plan_says_items_objects_units_modes_and_times_and_names_nobody(at):
    at("2026-07-02 09:00")
    unit = make_branch(key=42, general=186, special=5)
    section = make_unit(
        "210504X", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=unit, parent=make_city_team()
    )
    plan = make_plan(unit, upto="PUBLISHED")

    facts = PlanFacts.of(plan, now=clock.now()).as_snapshot()

    assert [(s["name"], s["on_books"], s["ratio"], s["planned"]) for s in facts["strata"]] == [
        ("重点监管对象", 42, "25%", 21),
        ("一般监管对象", 186, "16.6%", 31),
        ("特殊监管对象", 5, "25%", 2),
    ]
    assert facts["strata"][0]["lines"] == (
        "至少 11 家：42 × 25% = 10.5，不足 1 家的进 1",
        "还有 42 家没抽到（到 7 月 2 日），余 2 个季度：42 ÷ 2 = 21，每季至少 21 家",
        "取大的，抽 21 家",
    )
    assert (facts["unit_name"], facts["executing_unit"]) == (unit.name, section.name)
    assert {item["category"] for item in facts["items"]} == {1, 2, 3, 4, 5, 6, 7, 8}
    assert facts["modes"] == "现场、现场或非现场、非现场"
    assert facts["draw_text"] == "2026 年 7 月 10 日（周五）9:30"
    assert facts["window_text"] == "2026 年 7 月 10 日—2026 年 9 月 25 日"
    assert facts["release_text"] == "2026 年 9 月 25 日（周五）12:00"
    assert [(s["label"], s["due"]) for s in facts["sources"]] == [
        ("快乐8 7 月 9 日开奖的一期", "2026-07-09T21:30:00+08:00")
    ]
    assert (facts["policy_label"], facts["policy_version"], len(facts["bases"])) == ("（试行）", "2025", 4)
    names = set(unit.facilities.values_list("name", flat=True))
    assert not [name for name in names if name in str(facts)]


@pytest.mark.clause("七(一)1-a")
@pytest.mark.clause("七(一)-a")
@pytest.mark.parametrize(
    ("points", "planned", "sentence"),
    [
        (2500, 10, "重点对象本季至少抽 11 家，现在是 10 家"),
        (2499, 21, "重点对象本季比例不低于 25%，现在是 24.99%"),
        (0, 0, "重点对象本季至少抽 11 家，现在是 0 家"),
    ],
)
def test_below_25_percent_of_key_facilities_no_reason_lets_a_plan_pass(points, planned, sentence):
    plan = make_plan(make_branch(key=42))
    plan = save(plan, strata={"key": {"basis_points": points, "planned": planned}})

    with pytest.raises(Refused, match=sentence):
        submit(plan, late_reason="人手不足，局长同意")


@pytest.mark.clause("七(一)1-a")
def test_the_least_that_reaches_25_percent_passes():
    plan = make_plan(make_branch(key=42))
    plan = save(plan, strata={"key": {"basis_points": 2500, "planned": 11}})

    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("七(一)1-a")
def test_approval_reckons_again_with_the_registry_of_that_day():
    unit = make_branch(key=40)
    plan = make_plan(unit)
    plan = submit(save(plan, strata={"key": {"basis_points": 2500, "planned": 10}}))
    make_facility(unit, category=Category.KEY)

    with pytest.raises(Refused, match="重点对象本季至少抽 11 家，现在是 10 家"):
        quarterly_actions.approve_plan(plan=plan, by=make_approver(unit), opinion="同意")
    assert QuarterlyPlan.objects.get(pk=plan.pk).status == PlanStatus.SUBMITTED


@pytest.mark.clause("七(一)3-a")
def test_special_facilities_need_no_minimum():
    plan = make_plan(make_branch(special=5))
    plan = save(plan, strata={"special": {"basis_points": 0, "planned": 0}})

    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("七(一)2-b")
def test_too_slow_a_pace_for_three_years_is_said_with_the_numbers_and_stops_nothing():
    plan = make_plan(make_branch(general=60))
    plan = save(plan, strata={"general": {"basis_points": 500, "planned": 3}})
    figures = quarterly_actions.figures_now(plan, clock.now())

    found = rules.figure_problems(figures)
    assert [(p.sentence, p.clause, p.advice) for p in found] == [
        (
            "按每季 3 家，到 2027 年底只能抽到 18 家；每季至少 10 家才能抽完。封存时按 10 家抽取",
            "七(一)2-b",
            True,
        )
    ]
    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("六(一)2-b")
def test_after_the_5th_a_plan_needs_a_reason_and_carries_it(at):
    at("2026-07-02 09:00")
    plan = make_plan()
    at("2026-07-07 09:00")
    with pytest.raises(Refused, match="应在 7 月 5 日前完成，已逾期 2 天"):
        submit(plan, late_reason="  ")
    with pytest.raises(Refused, match="逾期原因写得太短，至少 4 个字"):
        submit(plan, late_reason="短")

    submitted = submit(plan, late_reason="名录核对延误")

    assert submitted.late_reason == "名录核对延误"
    assert PlanFacts.of(submitted, now=clock.now()).late_reason == "名录核对延误"


@pytest.mark.clause("六(一)2-b")
def test_on_the_5th_itself_a_plan_is_in_time_and_its_approval_closes_the_duty(at):
    moment = at("2026-07-05 23:50")
    plan = make_plan(upto="APPROVED", late_reason="")

    duty = Duty.objects.get(rule="D-2", unit=plan.unit, period="2026Q3")
    assert (duty.due, duty.target, duty.closed_at) == (date(2026, 7, 5), date(2026, 7, 3), moment)
    assert plan.late_reason == ""


def test_a_draw_planned_after_the_10th_needs_a_reason(at):
    at("2026-07-02 09:00")
    plan = make_plan()
    late = moment("2026-07-13")
    plan = save(plan, draw_at=late, window_from=late.date())
    with pytest.raises(Refused, match="抽取应在 7 月 10 日前完成"):
        submit(plan, late_reason="")

    assert submit(plan, late_reason="彩票休市").status == PlanStatus.SUBMITTED


@pytest.mark.clause("六(一)2-a")
@pytest.mark.clause("七(四)-2")
def test_without_a_published_list_no_plan_is_begun(at):
    make_list(upto="APPROVED")
    unit = make_branch()

    with pytest.raises(Refused, match="2026 年随机抽查事项清单还没有公开"):
        quarterly_actions.draft_plan(unit=unit, quarter=Q3, by=make_planner(unit))


@pytest.mark.clause("六(一)2-a")
@pytest.mark.clause("六(一)1-c")
def test_a_plan_made_on_an_older_version_of_the_list_is_refused_until_it_is_saved_again():
    plan = make_plan()
    lead_office = make_lead_office()
    second = lists_actions.draft_list(unit=make_city_team(), year=2026, by=lead_office, reason="新法施行")
    lists_actions.remove_item(item_list=second, item=second.items.get(code="B03"), by=lead_office)
    second = advance_list(second, "PUBLISHED", lead_office)
    with pytest.raises(Refused, match="事项清单有新的一版公开"):
        submit(plan)

    plan = save(plan)

    assert (plan.item_list, plan.items.filter(item__list=second).count()) == (second, plan.items.count())
    assert not plan.items.filter(item__code="B03").exists()
    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("六(一)2-c")
@pytest.mark.parametrize(
    ("kept", "sentence"),
    [({}, "还没有选抽查事项"), ({"key": True, "general": True, "special": False}, "特殊对象有 2 家，却没有选")],
)
def test_every_category_with_facilities_is_checked_for_something(kept, sentence):
    plan = make_plan()
    nothing = {"key": False, "general": False, "special": False, "mode": ""}
    plan = save(plan, items={code: {**nothing, **kept} for code in ("A01", "B01")})

    with pytest.raises(Refused, match=sentence):
        submit(plan)


@pytest.mark.clause("七(四)-2")
def test_another_person_approves():
    unit = make_branch()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    plan = make_plan(unit, by=both, upto="SUBMITTED")

    with pytest.raises(Refused, match="另一名分管负责人"):
        quarterly_actions.approve_plan(plan=plan, by=both)
    with transaction.atomic(), pytest.raises(IntegrityError, match="plan_is_not_approved_by_who_submitted_it"):
        QuarterlyPlan.objects.filter(pk=plan.pk).update(approved_by=both)
    assert quarterly_actions.approve_plan(plan=plan, by=make_approver(unit)).status == PlanStatus.APPROVED


@pytest.mark.clause("五-3a")
@pytest.mark.clause("五-4b")
def test_a_units_people_plan_and_approve_for_their_own_unit_only():
    unit, neighbour = make_branch(), make_unit("210503")
    plan = make_plan(unit)
    stranger = make_user((Role.PLANNER, neighbour), (Role.APPROVER, neighbour))

    with pytest.raises(Refused, match="没有编制明山分局季度计划的权限"):
        quarterly_actions.save_plan(plan=plan, by=stranger, data={})
    with pytest.raises(Refused, match="没有编制明山分局季度计划的权限"):
        quarterly_actions.draft_plan(unit=unit, quarter=Q3.next(), by=stranger)
    plan = submit(plan)
    with pytest.raises(Refused, match="没有审批明山分局季度计划的权限"):
        quarterly_actions.approve_plan(plan=plan, by=stranger)


def test_of_two_editors_the_second_is_told_and_changes_nothing():
    plan = make_plan()
    seen = plan.version
    first = quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data={"version": seen, "team_size": 3})

    with pytest.raises(Refused, match="被另外一人改过"):
        quarterly_actions.save_plan(plan=plan, by=make_planner(plan.unit), data={"version": seen, "team_size": 4})
    assert QuarterlyPlan.objects.get(pk=plan.pk).team_size == first.team_size == 3


def test_a_unit_has_one_plan_for_a_quarter():
    plan = make_plan()
    with pytest.raises(Refused, match="该单位本季度已有抽查计划"):
        quarterly_actions.draft_plan(unit=plan.unit, quarter=Q3, by=make_planner(plan.unit))
    with transaction.atomic(), pytest.raises(IntegrityError, match="one_plan_per_unit_and_quarter"):
        plan.pk = None
        plan.save(force_insert=True)


@pytest.mark.clause("六(一)2-f")
@pytest.mark.parametrize(
    ("sources", "sentence"),
    [
        ([], "至少要有一期彩票开奖，或者由两名见证人"),
        ([(SourceKind.DICE, "企业代表甲", "2026-07-08", "10:00")], "至少要有一期彩票开奖，或者由两名见证人"),
        ([(SourceKind.LOTTERY, "快乐8 第 2026180 期", "2026-07-05", "21:30")], "已经开出"),
        ([(SourceKind.LOTTERY, "快乐8 第 2026184 期", "2026-07-10", "21:30")], "要在抽取之前开出"),
        ([(SourceKind.DIGITS, "福彩3D 第 2026183 期", "2026-07-09", "21:15")], "号码太少"),
    ],
)
def test_the_random_source_falls_due_after_now_and_before_the_draw(at, sources, sentence):
    at("2026-07-06 10:00")
    plan = save(
        make_plan(),
        sources=[{"kind": k, "label": label, "due": moment(day, hour)} for k, label, day, hour in sources],
    )
    with pytest.raises(Refused, match=sentence):
        submit(plan)


@pytest.mark.clause("六(一)2-f")
def test_two_witnesses_with_dice_are_enough():
    due = moment("2026-07-09", "15:00")
    plan = save(
        make_plan(),
        sources=[{"kind": SourceKind.DICE, "label": label, "due": due} for label in ("派驻纪检组甲", "人大代表乙")],
    )
    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("六(一)2-g")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"window_to": date(2026, 9, 26)}, "应在 2026 年 9 月 25 日前完成"),
        ({"release_at": moment("2026-09-26", "18:00")}, "名单最迟在 2026 年 9 月 25 日公开"),
        ({"window_from": date(2026, 7, 9)}, "检查从抽取当天或以后开始"),
        ({"draw_at": moment("2026-07-03")}, "已经过去"),
        ({"release_at": moment("2026-07-10", "09:00")}, "名单公开时间早于抽取时间"),
    ],
)
def test_checks_end_and_names_are_out_by_the_25th(change, sentence):
    plan = save(make_plan(), **change)
    with pytest.raises(Refused, match=sentence):
        submit(plan)


def test_release_on_the_day_of_the_draw_is_allowed_with_a_warning():
    plan = save(make_plan(), release_at=moment("2026-07-10", "10:00"))

    warnings = [p.sentence for p in rules.advices(plan, workdays.calendar())]
    assert warnings == ["名单将在抽取当天公开，企业可能提前知道"]
    assert submit(plan).status == PlanStatus.SUBMITTED


@pytest.mark.clause("七(六)-a")
def test_the_lead_office_signs_for_a_published_plan_once():
    plan = make_plan(upto="APPROVED")
    lead = make_user((Role.LEAD_OFFICE, make_city_team()))
    with pytest.raises(Refused, match="公开以后才能签收"):
        filings_actions.receive_plan(plan=plan, by=lead)

    now = clock.now()
    plan = quarterly_actions.mark_plan_published(plan=plan, by=lead, at=now)
    filings_actions.send_plan(plan=plan, by=lead, at=now)
    sent = Duty.objects.get(rule="D-3", unit=plan.unit, period="2026Q3")
    assert (sent.closed_at, sent.closed_by) == (now, "plans.plan.published")
    waiting = Duty.objects.open().get(rule="D-3s", unit=plan.unit)
    with pytest.raises(Refused, match="只有市执法队牵头部门"):
        filings_actions.receive_plan(plan=plan, by=make_planner(plan.unit))
    plan = filings_actions.receive_plan(plan=plan, by=lead)

    assert plan.received_at == now
    waiting.refresh_from_db()
    assert (waiting.closed_at, waiting.closed_by[:2]) == (now, "回执")
    with pytest.raises(Refused, match="签收"):
        filings_actions.receive_plan(plan=plan, by=lead)


def test_the_next_quarter_begins_with_last_quarters_choices():
    unit = make_branch(key=8, general=12)
    plan = make_plan(unit)
    plan = save(
        plan,
        team_size=3,
        positive_out=True,
        strata={"key": {"basis_points": 3000, "planned": 4, "reserved_percent": 60}},
        items={"A01": {"key": True, "general": False, "special": True, "mode": "ONSITE"}},
    )

    following = quarterly_actions.draft_plan(unit=unit, quarter=Q3.next(), by=make_planner(unit))

    assert (following.team_size, following.positive_out) == (3, True)
    key = following.strata.get(category="key")
    assert (key.basis_points, key.reserved_percent) == (3000, 60)
    assert [(r.item.code, r.key, r.general, r.special) for r in following.items.select_related("item")] == [
        ("A01", True, False, True)
    ]
    # 10 October 2026 is a Saturday that is worked: the draw is on that day, the lottery on the evening before.
    assert [s.label for s in following.sources.all()] == ["快乐8 10 月 9 日开奖的一期"]


def test_plans_begin_in_2025_and_keep_the_version_of_the_scheme():
    plan = make_plan()
    assert plan.policy_version == "2025"
    with pytest.raises(Refused, match="自 2025 年起执行"):
        quarterly_actions.draft_plan(unit=plan.unit, quarter=Quarter(2024, 4), by=make_planner(plan.unit))


def test_every_step_leaves_its_entry_in_the_trail():
    make_plan(upto="PUBLISHED")
    verbs = list(
        AuditEntry.objects.filter(verb__startswith="plans.plan.").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == [f"plans.plan.{verb}" for verb in ("drafted", "submitted", "approved", "published")]
