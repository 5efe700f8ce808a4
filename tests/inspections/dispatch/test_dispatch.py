"""From the RESULT to tasks: who is sent, what he takes along, and what stays behind (七(二)-h, 七(五))."""

import re
from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.acceptance import actions as acceptance
from inspections.dispatch import actions as dispatch_actions
from inspections.dispatch import rules
from inspections.models import Inspection, Mode, Source
from inspections.review import actions as review_actions
from plans.models import CheckPoint, InspectionItem, Pick, PlanItem, Team, TeamMember
from registry.models import Category, ConflictKind, ConflictOfInterest
from tests.browsing import refused
from tests.factories import (
    make_approver,
    make_city_team,
    make_inspector,
    make_listed,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import answer_all, finish, make_dispatched, ready, start, step_aside
from tests.plans.draw.factories import make_held_draw, make_published_plan, make_sealed_draw

pytestmark = pytest.mark.django_db


def make_one_pick_draw():
    """Only the one special place."""
    return make_held_draw(key=0, general=0)


def declare(inspector, facility):
    return ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=ConflictKind.RELATIVE,
        reason="近亲属任职",
        valid_from=date(2026, 7, 1),
        asked_by=inspector.user,
        asked_at=clock.now(),
    )


@pytest.mark.clause("三-n", "七(二)-h", "五-4i", "七(四)-5")
def test_every_pick_becomes_one_task_for_its_team(at):
    draw = make_held_draw()
    planner = make_planner(draw.unit)

    made = dispatch_actions.dispatch(draw=draw, by=planner)

    picks = Pick.objects.filter(draw=draw)
    assert {i.pick for i in made} == set(picks) and len(made) == picks.count() > 0
    for inspection in made:
        team = TeamMember.objects.filter(team__pick=inspection.pick)
        assert {(m.inspector_id, m.is_leader) for m in team} == {
            (m.inspector_id, m.is_leader) for m in inspection.members.all()
        }
        assert (inspection.source, inspection.facility, inspection.category) == (
            Source.DRAW,
            inspection.pick.facility,
            inspection.pick.category,
        )
        assert (inspection.dispatched_by, inspection.finish_by) == (planner, draw.plan.window_to)
    entry = AuditEntry.objects.get(verb="inspections.dispatched")
    assert entry.details == {"dispatched": len(made), "left": 0}


@pytest.mark.clause("七(五)-a", "七(五)-b")
def test_every_task_has_one_leader_and_two_certificates(at):
    for inspection in make_dispatched():
        members = list(inspection.members.all())
        assert sum(m.is_leader for m in members) == 1
        assert len(members) >= 2
        assert all(m.certificate_no == m.inspector.certificate_no for m in members)


def test_the_numbers_do_not_follow_the_tickets(at, monkeypatch):
    draw = make_held_draw(key=40, general=40, inspectors=12)
    orders = []

    class Backwards:
        def shuffle(self, tasks):
            orders.append([t.pick.pk for t in tasks])
            tasks.reverse()

    monkeypatch.setattr(dispatch_actions.secrets, "SystemRandom", Backwards)
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert len(made) > 8
    assert [i.pick_id for i in sorted(made, key=lambda i: i.no)] == orders[0][::-1]
    assert [i.no for i in made] == [f"210504-2026Q3-{n:04d}" for n in range(1, len(made) + 1)]


def test_a_second_dispatch_is_refused(at):
    draw = make_held_draw()
    planner = make_planner(draw.unit)
    made = dispatch_actions.dispatch(draw=draw, by=planner)
    with refused("已经全部派发"):
        dispatch_actions.dispatch(draw=draw, by=planner)
    assert Inspection.objects.count() == len(made)


def test_a_draw_without_a_result_is_not_dispatched(at):
    draw = make_sealed_draw()
    with refused("已封存，抽取完成之后才能派发"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))


@pytest.mark.parametrize("maker", [lambda u: make_planner(make_unit("210503")), make_approver])
def test_only_the_units_planner_dispatches(at, maker):
    draw = make_one_pick_draw()
    with refused("只有本单位的计划员"):
        dispatch_actions.dispatch(draw=draw, by=maker(draw.unit))


@pytest.mark.clause("七(五)-b")
def test_a_team_left_with_one_certificate_is_not_sent(at):
    draw = make_one_pick_draw()
    person = TeamMember.objects.filter(team__pick__draw=draw, is_leader=False).first().inspector
    person.certificate_to = clock.today() - timedelta(days=1)
    person.save()
    with refused(f"至少两名持有效执法证的人员才能派发，现在是 1 名（{person.name}的执法证 2026 年 7 月 7 日到期）"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert not Inspection.objects.exists()


@pytest.mark.clause("七(五)-a")
def test_a_team_without_a_leader_is_not_sent(at):
    pick = Pick.objects.get(draw=make_one_pick_draw())
    members = list(pick.team.members.select_related("inspector"))
    for member in members:
        member.is_leader = False
    assert "没有组长" in rules.why_not_send(pick, members, set(), clock.today())


def test_a_conflict_registered_since_the_draw_keeps_the_task_back(at):
    draw = make_one_pick_draw()
    member = TeamMember.objects.filter(team__pick__draw=draw).first()
    declare(member.inspector, Pick.objects.get(draw=draw).facility)
    with refused(f"{member.inspector.name}登记了与这家企业的利害关系，应当回避"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))


def test_what_cannot_be_sent_stays_behind_and_can_be_sent_later(at):
    draw = make_held_draw(key=8, general=8, inspectors=20)
    planner, today = make_planner(draw.unit), clock.today()
    pick = Pick.objects.filter(draw=draw).first()
    conflict = declare(pick.team.members.first().inspector, pick.facility)
    made = dispatch_actions.dispatch(draw=draw, by=planner)
    assert [t.pick for t in rules.waiting(draw, today)] == [pick]
    assert len(made) == Pick.objects.filter(draw=draw).count() - 1

    conflict.valid_to = today - timedelta(days=1)
    conflict.save()
    (later,) = dispatch_actions.dispatch(draw=draw, by=planner)
    assert (later.pick, later.no) == (pick, f"210504-2026Q3-{len(made) + 1:04d}")


def test_a_pick_whose_team_is_open_is_listed_with_the_reason(at):
    plan = make_published_plan(key=0, general=0, inspectors=2)
    declare(plan.unit.inspectors.first(), plan.unit.facilities.get())
    draw = make_held_draw(plan=plan)
    assert Team.objects.get(pick__draw=draw).open_reason == "FEW"
    (task,) = rules.waiting(draw, clock.today())
    assert task.obstacle.startswith("回避和条件限制后，可派的检查人员不足")
    with refused("没有可以派发的任务"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))


@pytest.mark.clause("七(三)-b", "一-b")
def test_a_facility_on_the_positive_list_is_checked_off_site(at):
    plan = make_published_plan(key=0, general=0)
    facility = plan.unit.facilities.get(category=Category.SPECIAL)
    make_listed(facility, batch="2026 年第一批", valid_from=date(2026, 1, 1))
    draw = make_held_draw(plan=plan)
    (inspection,) = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert inspection.mode == Mode.OFFSITE


@pytest.mark.clause("七(五)-l")
def test_the_sheet_holds_the_items_of_the_category_with_their_points(at):
    plan = make_published_plan()
    first = plan.items.get().item
    CheckPoint.objects.create(item=first, number=1, text="设施是否运行", basis="某法第二条")
    CheckPoint.objects.create(item=first, number=2, text="台账是否完整")
    only_special = InspectionItem.objects.create(
        list=first.list,
        code="B01",
        category=6,
        name="危险废物管理情况",
        content="危险废物的贮存和转移是否合规",
        objects_text="产废单位",
        modes="ONSITE",
        ratio_text="—",
        frequency_text="—",
        body="市执法队",
        legal_basis="固废法第七十七条",
        valid_from=date(2026, 1, 1),
    )
    PlanItem.objects.create(plan=plan, item=only_special, special=True, mode="ONSITE")
    draw = make_held_draw(plan=plan)

    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))

    def sheet(category):
        inspection = next(i for i in made if i.category == category)
        return [(a.item_code, a.number, a.text, a.basis) for a in inspection.answers.all()]

    general = [("A01", 1, "设施是否运行", "某法第二条"), ("A01", 2, "台账是否完整", first.legal_basis)]
    assert sheet(Category.GENERAL) == general
    assert sheet(Category.SPECIAL) == [*general, ("B01", 1, only_special.content, "固废法第七十七条")]


@pytest.mark.clause("五-2f")
def test_the_task_names_the_unit_that_carries_it_out(at):
    section = make_unit("210504A", kind="COUNTY_SECTION", name="明山执法科")
    draw = make_held_draw(plan=make_published_plan(executing_unit=section))
    assert {i.executing_unit for i in dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))} == {section}


@pytest.mark.clause("五-2e", "七(四)-5")
def test_a_check_of_the_city_team_goes_to_the_section_of_its_leader_and_follows_him(at):
    city = make_city_team()
    offices = [make_unit(f"210500-H{n}", kind="HQ_SECTION", name=f"执法{n}科", parent=city) for n in (1, 2)]
    people = [make_inspector(office, with_user=True) for office in offices for _ in range(3)]
    assert {p.unit.drawing_unit for p in people} == {city}
    draw = make_held_draw(city, inspectors=0)
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(city))

    def leads(check):
        return check.members.get(is_leader=True).inspector

    assert made and all(check.executing_unit == leads(check).unit for check in made)
    before = leads(made[0])
    step_aside(made[0], before)
    made[0].refresh_from_db()
    assert leads(made[0]) != before and made[0].executing_unit == leads(made[0]).unit
    outsider = make_inspector(offices[0])
    assert rules.section_of(outsider, make_unit(), draw.unit) == draw.unit


def test_each_person_is_told_his_own_count_and_no_name(at):
    draw = make_held_draw()
    made = acceptance.hand_out(draw=draw, by=make_planner(draw.unit))
    expected = {}
    for inspection in made:
        for member in inspection.members.select_related("inspector"):
            expected[member.inspector.user_id] = expected.get(member.inspector.user_id, 0) + 1
    told = {m.user_id: int(re.search(r"\d+", m.title)[0]) for m in Message.objects.filter(title__startswith="收到")}
    assert told == expected
    names = [i.facility.name for i in made]
    assert not any(name in m.title + m.body for m in Message.objects.all() for name in names)


@pytest.mark.clause("七(四)-5")
def test_the_quarters_check_duty_closes_with_the_last_check_and_the_publishing_one_with_the_last_result(at):
    first, *rest = make_dispatched(key=0, general=20, inspectors=6)
    assert rest

    def check(inspection):
        ready(inspection)
        at(clock.now() + timedelta(hours=1))
        start(inspection)
        finish(answer_all(inspection))

    for inspection in rest:
        check(inspection)
    assert not Duty.objects.filter(rule="D-5", closed_at__isnull=False).exists()
    check(first)
    duty = Duty.objects.get(rule="D-5", unit=first.unit, period="2026Q3")
    assert duty.closed_at == clock.now()

    approver, officer = make_approver(first.unit), make_user((Role.DISCLOSURE_OFFICER, first.unit))
    for inspection in [*rest, first]:
        assert not Duty.objects.filter(rule="D-6", closed_at__isnull=False).exists()
        review_actions.review_result(inspection=inspection, by=approver)
        review_actions.mark_published(inspection=inspection, by=officer, at=clock.now())
    assert Duty.objects.get(rule="D-6", unit=first.unit, period="2026Q3").closed_at == clock.now()
