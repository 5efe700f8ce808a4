"""The duties of coverage: D-17, D-18, and the special facilities that September leaves (七(一)1-b, 2-b, 3-b)."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda, duties, reminders
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections import tasks
from inspections.coverage import actions as gap_actions
from inspections.coverage import duties as coverage
from inspections.coverage import pace
from inspections.coverage.gaps import CoverageList
from inspections.models import Inspection, InspectionStatus, Outcome, Source
from inspections.review import actions as inspecting
from inspections.targeted import actions as raising
from registry.models import Category, Facility, OperatingStatus
from tests.factories import (
    add_key_ground,
    make_approver,
    make_disclosure_officer,
    make_facility,
    make_lead_office,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import answer_all, finish, make_finished, make_inspection, start
from tests.inspections.targeted.factories import ask
from tests.journeys.people import OverHttp
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db


def key_place(unit, **fields):
    return make_facility(unit, category=Category.KEY, **fields)


def duty_of(unit, rule, period="2026"):
    return Duty.objects.get(unit=unit, rule=rule, period=period)


def morning():
    """The round of the worker: duties come up, then those of coverage are settled."""
    duties.open_due(clock.today(), workdays.calendar())
    tasks.coverage_daily(force=True)


def checked(unit, place, **fields):
    """A check that counts, finished through the action."""
    fields = {"source": Source.SPECIAL_FACILITY, "facility": place, **fields}
    return finish(answer_all(start(make_inspection(unit, **fields))))


# --- D-17 -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)1-b")
def test_the_years_coverage_comes_up_in_july_and_ends_with_the_last_facility(at):
    unit = make_unit()
    first, second = key_place(unit), key_place(unit)
    at("2026-06-30 09:00")
    morning()
    assert not Duty.objects.filter(rule="D-17").exists()
    at("2026-07-01 09:00")
    morning()
    duty = duty_of(unit, "D-17")
    assert (duty.role, duty.due, duty.closed_at) == (Role.PLANNER, date(2026, 12, 25), None)
    assert duty.url == "/desk/tasks/coverage/?quarter=2026Q4&unit=210504" and "逐家写明原因" in duty.consequence

    checked(unit, first)
    duty.refresh_from_db()
    assert duty.closed_at is None
    checked(unit, second)
    duty.refresh_from_db()
    assert duty.closed_by == "年内重点对象全部查到，没有查的已写明原因并批准"


@pytest.mark.clause("七(一)1-b")
def test_a_key_facility_that_comes_in_opens_the_years_coverage_again(at):
    unit = make_unit()
    planner = make_planner(unit)
    key_place(unit)
    at("2026-08-03 09:00")
    morning()
    checked(unit, Facility.objects.get())
    assert duty_of(unit, "D-17").closed_at
    key_place(unit)
    at("2026-08-04 09:00")
    morning(), morning()
    assert duty_of(unit, "D-17").closed_at is None
    (told,) = Message.objects.filter(user=planner, title__contains="全覆盖")
    assert (told.title, told.body) == ("明山分局：2026 年重点对象全覆盖", "又有没有查到的企业，重新列为待办。")
    assert agenda.button_of(duty_of(unit, "D-17")) == "打开重点全覆盖"


@pytest.mark.clause("七(一)1-b")
def test_approved_reasons_of_who_is_left_end_the_years_coverage(at):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    place = key_place(unit)
    at("2026-10-12 09:00")
    morning()
    of = {"listing": CoverageList.of_key(unit, 2026), "keys": [place.pk]}
    Facility.objects.filter(pk=place.pk).update(status=OperatingStatus.SUSPENDED)
    gap_actions.explain(**of, kind="STOPPED", words="三月起停产", by=planner)
    assert duty_of(unit, "D-17").closed_at is None
    gap_actions.approve(**of, opinion="属实", by=leader)
    assert duty_of(unit, "D-17").closed_at


@pytest.mark.clause("七(一)1-b")
def test_a_place_found_shut_does_not_cover_and_the_year_goes_up_as_other_duties(at):
    unit = make_unit()
    planner, leader, supervisor = make_planner(unit), make_approver(unit), make_supervisor()
    place = key_place(unit)
    at("2026-12-11 09:00")
    morning()
    check = answer_all(start(make_inspection(unit, source=Source.SPECIAL_FACILITY, facility=place)))
    finish(check, outcome=Outcome.NOT_OPERATING, finding="大门上锁，已停产")
    duty = duty_of(unit, "D-17")
    assert duty.closed_at is None
    for day, told in [("2026-12-11", planner), ("2026-12-26", leader), ("2026-12-28", supervisor)]:
        at(f"{day} 09:00")
        reminders.plan_reminders(clock.today(), workdays.calendar())
        assert duty.reminders.filter(user=told, due_on=clock.today()).exists()


@pytest.mark.clause("七(一)1-b")
def test_outside_the_circle_the_calendar_tells_nothing_about_coverage(at):
    unit = make_unit()
    place = key_place(unit)
    at("2026-11-02 09:00")
    morning()
    checked(unit, place)
    address = "/desk/calendar/?quarter=2026Q4&unit=210504"
    for inside in (make_planner(unit), make_approver(unit), make_supervisor()):
        OverHttp(inside).open(address).sees("11 月 2 日办结")
    for outside in (make_lead_office(), make_registrar(unit), make_disclosure_officer(unit)):
        page = OverHttp(outside).open(address)
        page.sees("2026 年重点对象全覆盖").does_not_see("11 月 2 日办结", place.name)


@pytest.mark.clause("七(一)1-b")
def test_another_units_sealed_check_does_not_end_a_units_coverage_before_it_is_public(at):
    """A duty that closed would tell the branch whom the city team visited (decisions.md 3)."""
    unit, other = make_unit(), make_unit("210503")
    place = key_place(unit)
    at("2026-09-07 09:00")
    morning()
    visit = checked(other, place)
    assert duty_of(unit, "D-17").closed_at is None
    Inspection.objects.filter(pk=visit.pk).update(status=InspectionStatus.REVIEWED)
    visit.refresh_from_db()
    inspecting.mark_published(inspection=visit, by=make_disclosure_officer(other), at=clock.now())
    assert duty_of(unit, "D-17").closed_at


@pytest.mark.clause("七(一)1-b")
def test_from_the_third_quarter_on_the_page_warns_when_the_places_will_not_do(at):
    unit = make_unit()
    planner = make_planner(unit)
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=12, general=0, special=0)
    listing, places = CoverageList.of_key(unit, 2026), draw.picks.count()
    assert (places, pace.why_key_behind(listing, clock.today())) == (6, "")  # SSJ1 4: the rest fits the next draw
    for _ in range(3):
        key_place(unit)
    words = pace.why_key_behind(listing, clock.today())
    assert words.startswith(
        "还有 9 家重点对象本年没有抽到（到 7 月 8 日，没有公开的名单里按优先名额扣除 6 家），"
        "按现在的家数到年底只抽 6 家。余下 1 次抽取每次至少 9 家"
    )
    OverHttp(planner).open("/desk/tasks/coverage/?unit=210504").sees("余下的抽取要多抽", words)
    OverHttp(planner).open("/desk/?unit=210504").sees(words)
    OverHttp(make_registrar(unit)).open("/desk/?unit=210504").does_not_see("重点全覆盖")
    assert pace.why_key_behind(listing, date(2026, 6, 30)) == ""  # D-17: from the third quarter on


@pytest.mark.clause("七(一)1-b")
def test_a_coverage_to_do_says_from_when_it_can_be_done_and_has_its_button_from_that_day(at):
    """From July on its button led to a page on which nothing could be done until October (issue 16)."""
    unit = make_unit()
    planner = make_planner(unit)
    key_place(unit)
    at("2026-07-08 09:00")
    morning()
    home = OverHttp(planner)
    home.open("/desk/?unit=210504").sees("2026 年重点对象全覆盖", "等 10 月 1 日起列出没有查到的")
    home.does_not_see("打开重点全覆盖")
    at("2026-09-30 09:00")
    home.open("/desk/?unit=210504").does_not_see("打开重点全覆盖")
    at("2026-10-01 09:00")
    home.open("/desk/?unit=210504").sees("打开重点全覆盖").does_not_see("等 10 月 1 日")


# --- D-18 -------------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(一)2-b")
def test_the_cycle_of_the_general_ones_ends_in_2027_and_has_a_pace_before(at, client):
    unit = make_unit()
    places = [make_facility(unit, category=Category.GENERAL) for _ in range(3)]
    planner = make_planner(unit)
    at("2026-12-01 09:00")
    morning()
    assert not Duty.objects.filter(rule="D-18").exists()
    make_finished(unit, facility=places[0], source=Source.SPECIAL_FACILITY)
    page = OverHttp(planner).open("/desk/tasks/coverage/?unit=210504&of=general&quarter=2026Q4")
    page.sees("一般全覆盖", "2025 年至 2027 年", "到 2026 年底应查过 2 家，还差 1 家", "2027 年 10 月 1 日起列出")

    at("2027-01-04 09:00")
    morning()
    duty = duty_of(unit, "D-18", "2027")
    assert (duty.due, duty.closed_at) == (date(2027, 12, 25), None)
    assert duty.url == "/desk/tasks/coverage/?of=general&quarter=2027Q4&unit=210504"
    for n, place in enumerate(places[1:]):
        checked(unit, place, no=f"210504-2027Q1-T00{n}")
    duty.refresh_from_db()
    assert duty.closed_at


@pytest.mark.clause("七(一)2-b")
def test_who_the_cycle_did_not_reach_is_listed_and_explained_in_its_last_october(at):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    place = make_facility(unit, category=Category.GENERAL, entered_on=date(2027, 9, 3))
    at("2027-10-08 09:00")
    morning()
    client = OverHttp(planner).open("/desk/tasks/coverage/?unit=210504&of=general&quarter=2027Q4")
    client.sees(place.name, "还有 1 家本周期没有检查，也没有写原因")
    of = {"listing": CoverageList.of_general(unit, 2027), "keys": [place.pk]}
    gap_actions.explain(**of, kind="NEW", words="九月新纳入名录", by=planner)
    gap_actions.approve(**of, opinion="属实", by=leader)
    assert duty_of(unit, "D-18", "2027").closed_at
    assert Duty.objects.filter(rule="REASON", period="D-18:2025-2027", closed_at__isnull=False).count() == 1


# --- 七(一)3: what September leaves -----------------------------------------------------------------------------------


def special_place(unit):
    place = make_facility(unit, category=Category.SPECIAL)
    add_key_ground(place)
    return place


@pytest.mark.clause("七(一)3-b")
def test_a_special_facility_with_a_key_ground_is_raised_after_september(at):
    unit = make_unit()
    planner = make_planner(unit)
    place, _ = special_place(unit), make_facility(unit, category=Category.SPECIAL)
    at("2026-09-30 09:00")
    morning()
    assert not Duty.objects.filter(rule="SPEC").exists()
    at("2026-10-01 09:00")
    morning(), morning()
    duty = duty_of(unit, "SPEC")
    assert (duty.role, duty.closed_at) == (Role.PLANNER, None)
    assert (duty.counted_from, duty.workdays) == (date(2026, 10, 1), 10)
    assert Message.objects.filter(user=planner, title=f"{unit}：{duty.title}").count() == 1
    assert agenda.button_of(duty) == "发起检查" and agenda.rule_words("SPEC") == "本系统的办理步骤"
    OverHttp(planner).open(duty.url).sees(place.name, "发起针对性检查")

    asked = ask(unit, Source.SPECIAL_FACILITY, facility=place)
    assert duty_of(unit, "SPEC").closed_by == "已发起检查"
    raising.refuse_check(asked=asked, by=make_approver(unit), opinion="先核实地址")
    assert duty_of(unit, "SPEC").closed_at is None
    assert duty_of(unit, "D-17").closed_at is None


@pytest.mark.clause("七(一)3-b")
def test_nothing_is_to_raise_where_a_check_of_the_year_came_or_is_on_its_way(at):
    unit, other = make_unit(), make_unit("210503")
    make_finished(unit, facility=special_place(unit), source=Source.SPECIAL_FACILITY)
    at("2026-07-06 09:00")
    draw = make_held_draw(unit, key=0, general=0, special=2)
    add_key_ground(*Facility.objects.filter(category=Category.SPECIAL, has_key_ground=False))
    drawn = set(draw.picks.values_list("facility", flat=True))
    assert drawn
    at("2026-10-08 09:00")
    left = set(CoverageList.of_key(unit, 2026).unarranged().values_list("pk", flat=True))
    assert not left & drawn
    place = special_place(other)
    shut = make_finished(other, facility=place, source=Source.COMPLAINT)  # neither drawn nor one of 七(一)3
    assert list(CoverageList.of_key(other, 2026).unarranged()) == [place] and shut.facility == place


@pytest.mark.clause("七(一)3-b")
def test_what_last_year_left_ends_with_its_reasons_in_the_next(at):
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    place = special_place(unit)
    at("2026-12-28 09:00")
    morning()
    at("2027-01-04 09:00")
    of = {"listing": CoverageList.of_key(unit, 2026), "keys": [place.pk]}
    Facility.objects.filter(pk=place.pk).update(status=OperatingStatus.SUSPENDED)
    gap_actions.explain(**of, kind="STOPPED", words="全年停产", by=planner)
    gap_actions.approve(**of, opinion="属实", by=leader)
    assert not Duty.objects.open().filter(Q(rule="SPEC") | Q(rule="D-17", period="2026")).exists()


def test_settling_asks_no_more_for_many_facilities_than_for_one(at):
    unit = make_unit()
    at("2026-10-12 09:00")
    key_place(unit), special_place(unit)
    morning()
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as seen:
            coverage.settle(unit, clock.now())
        counts.append(len(seen))
        for _ in range(4):
            key_place(unit), special_place(unit)
    assert counts[0] == counts[1]
