"""Duties, reminders and their delivery."""

from datetime import date

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, subjects, workdays
from benxi_shuangsuiji.accounts import actions as accounts
from benxi_shuangsuiji.accounts.models import RoleGrant, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import agenda, duties, mails, reminders, tasks
from benxi_shuangsuiji.notices.deadlines.timetable import RULES
from benxi_shuangsuiji.notices.models import Duty, Message, Reminder
from tests.factories import make_approver, make_city_team, make_planner, make_supervisor, make_unit, make_user

pytestmark = pytest.mark.django_db


def open_all(day=date(2026, 7, 2)):
    make_city_team(), make_unit()
    duties.open_due(day, workdays.calendar())


@pytest.mark.dates
@pytest.mark.clause("二-a")
def test_every_quarter_opens_by_itself_for_every_drawing_unit():
    make_unit("210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科")
    open_all()
    assert set(Duty.objects.values_list("rule", "unit__code", "period")) == {
        (rule, unit, "2026Q3") for rule in ("D-2", "D-3", "D-4", "D-5", "D-6", "D-7") for unit in ("210500", "210504")
    } | {
        ("D-1", "210500", "2026"),
        ("D-7b", "210500", "2026Q3"),
        ("D-12", "210500", "2026Q3"),
        ("D-17", "210500", "2026"),
        ("D-17", "210504", "2026"),
    }
    open_all()
    assert Duty.objects.count() == 17


def test_a_morning_on_which_everything_is_open_asks_as_much_of_ten_units_as_of_one():
    counts = []
    for units in (1, 10):
        for n in range(units):
            make_unit(f"2105{n:02d}")
        open_all()
        with CaptureQueriesContext(connection) as seen:
            duties.open_due(date(2026, 7, 2), workdays.calendar())
        counts.append(len(seen))
    assert counts[0] == counts[1]


@pytest.mark.dates
@pytest.mark.clause("七(一)1-b", "七(一)2-b")
@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2026, 6, 30), set()),
        (date(2026, 7, 1), {("D-17", "2026")}),
        (date(2026, 12, 31), {("D-17", "2026")}),  # not yet the next year's
        (date(2027, 1, 1), {("D-18", "2027")}),  # the last year of the cycle
        (date(2028, 8, 1), {("D-17", "2028")}),
    ],
)
def test_coverage_comes_up_in_the_third_quarter_and_in_the_last_year_of_the_cycle(day, found):
    make_unit()
    duties.open_due(day, workdays.calendar())
    assert set(Duty.objects.filter(rule__in=("D-17", "D-18")).values_list("rule", "period")) == found


@pytest.mark.dates
def test_a_duty_that_is_kept_opens_closes_and_opens_again_with_a_new_date():
    unit, now, calendar = make_unit(), clock.now(), workdays.calendar()
    about = {"rule": "REASON", "unit": unit, "role": Role.APPROVER, "period": "D-5:2026Q3", "title": "审批原因"}

    def keep(wanted, day):
        due = calendar.within_workdays(day, 2)
        return duties.keep(**about, due=due, wanted=wanted, event="原因已办", at=now)

    monday, tuesday = date(2026, 7, 6), date(2026, 7, 7)
    assert [keep(False, monday), keep(True, monday), keep(True, monday)] == [False, True, False]
    assert [keep(False, monday), keep(False, monday), keep(True, tuesday)] == [False, False, True]
    duty = Duty.objects.get()
    assert (duty.closed_at, duty.closed_by, duty.due) == (None, "", date(2026, 7, 9))


@pytest.mark.dates
@pytest.mark.clause("六(一)2-b", "六(一)2-g", "七(二)-a")
def test_the_dates_are_those_of_the_plan_with_the_working_day_before():
    open_all(date(2026, 9, 1))
    found = {(d.rule, d.period): (d.due, d.target) for d in Duty.objects.filter(unit__code="210504")}
    assert found["D-2", "2026Q4"] == (date(2026, 10, 5), date(2026, 9, 30))
    assert found["D-4", "2026Q3"] == (date(2026, 7, 10), date(2026, 7, 10))
    assert found["D-5", "2026Q3"] == (date(2026, 9, 25), date(2026, 9, 24))


@pytest.mark.dates
def test_closing_a_duty_that_was_never_opened_enters_it_as_done():
    unit = make_unit()
    duties.close(rule="D-2", unit=unit, period="2026Q3", event="plans.plan.approved", at=clock.now())
    duty = Duty.objects.get()
    assert (duty.due, duty.closed_by) == (date(2026, 7, 5), "plans.plan.approved")
    duties.open_due(date(2026, 7, 2), workdays.calendar())
    assert Duty.objects.filter(rule="D-2", closed_at__isnull=True).count() == 0


@pytest.mark.dates
@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2026, 6, 17), None),
        (date(2026, 6, 18), ("before10", Role.PLANNER)),
        (date(2026, 6, 25), ("before10", Role.PLANNER)),
        (date(2026, 6, 26), ("before5", Role.PLANNER)),
        (date(2026, 6, 29), ("before5", Role.PLANNER)),
        (date(2026, 7, 1), ("before2", Role.PLANNER)),
        (date(2026, 7, 3), ("before0", Role.PLANNER)),
        (date(2026, 7, 5), ("before0", Role.PLANNER)),
        (date(2026, 7, 6), ("after1", Role.APPROVER)),
        (date(2026, 7, 8), ("after3", Role.SUPERVISOR)),
    ],
)
def test_reminders_go_to_the_right_role_at_the_right_day(day, step):
    duty = duties.ensure("D-2", make_unit(), "2026Q3")
    assert reminders.step_of(duty, day, workdays.calendar()) == step


@pytest.mark.dates
@pytest.mark.promise("P12")
def test_a_reminder_goes_out_once_however_often_the_round_runs():
    unit = make_unit()
    planner = make_planner(unit, email="planner@example.org")
    make_planner(make_unit("210503"), email="other@example.org")
    duties.ensure("D-2", unit, "2026Q3")
    today = date(2026, 7, 3)
    for _ in range(3):
        reminders.plan_reminders(today, workdays.calendar())
        reminders.send_reminders(clock.now())
        mails.send_due()
    assert [m.user for m in Message.objects.all()] == [planner]
    assert [m.to for m in mail.outbox] == [["planner@example.org"]]
    assert "2026 年第三季度抽查工作计划" in mail.outbox[0].subject


@pytest.mark.dates
def test_nobody_is_reminded_of_what_is_done_meanwhile():
    unit = make_unit()
    make_planner(unit)
    duties.ensure("D-2", unit, "2026Q3")
    reminders.plan_reminders(date(2026, 7, 3), workdays.calendar())
    duties.close(rule="D-2", unit=unit, period="2026Q3", event="done", at=clock.now())
    assert reminders.send_reminders(clock.now()) == 0
    assert Reminder.objects.filter(sent_at__isnull=True).count() == Message.objects.count() == 0


@pytest.mark.dates
def test_overdue_duties_go_up_to_the_leader_and_then_to_the_city():
    unit = make_unit()
    planner, leader, supervisor = make_planner(unit), make_approver(unit), make_supervisor()
    duties.ensure("D-2", unit, "2026Q3")
    for day in (date(2026, 7, 3), date(2026, 7, 6), date(2026, 7, 8)):
        reminders.plan_reminders(day, workdays.calendar())
        reminders.send_reminders(clock.now())
    assert [m.user for m in Message.objects.order_by("pk")] == [planner, leader, supervisor]


@pytest.mark.promise("P09")
def test_whoever_has_lost_the_role_is_reminded_of_nothing_from_that_moment(at):
    """Neither on the day itself, on which a grant by its days still counts, nor of what was planned before it ended."""
    at("2026-07-02 09:00")
    open_all()
    unit, by = make_unit(), make_user((Role.ADMIN_GRANTS, make_city_team()))
    planner, left, leaving, other = (make_planner(unit) for _ in range(4))
    accounts.end_grant(grant=left.grants.get(), reason="调离本单位", by=by)
    assert left.grants.get().valid_to == clock.today()
    reminders.plan_reminders(clock.today(), workdays.calendar())
    accounts.end_grant(grant=leaving.grants.get(), reason="调离本单位", by=by)
    User.objects.filter(pk=other.pk).update(is_active=False)
    RoleGrant.objects.create(
        user=leaving, unit=unit, role=Role.INSPECTOR, valid_from=clock.today(), document="任命〔2026〕2号"
    )  # another role is no part in the planner's duty
    assert reminders.send_reminders(clock.now()) > 0
    told = Message.objects.filter(user__in=[planner, left, leaving, other]).values_list("user", flat=True)
    assert set(told) == {planner.pk}
    # Nothing of it is lost: whoever has the part again is told once, of what is still open.
    assert set(Reminder.objects.filter(sent_at=None).values_list("user", flat=True)) == {leaving.pk, other.pk}
    assert reminders.send_reminders(clock.now()) == 0
    User.objects.filter(pk=other.pk).update(is_active=True)
    assert reminders.send_reminders(clock.now()) == Message.objects.filter(user=other).count() > 0
    assert not Reminder.objects.filter(sent_at=None, user=other).exists()


def test_the_daily_check_runs_once_a_day_and_makes_up_for_a_day_missed(at):
    make_unit()
    at("2026-07-06 07:00")
    assert tasks.daily() is False
    at("2026-07-06 07:31")
    assert tasks.daily() is True
    assert tasks.daily() is False
    at("2026-07-09 16:00")
    assert tasks.daily() is True


@pytest.mark.dates
def test_a_duty_is_seen_by_its_role_in_its_unit_only():
    unit = make_unit()
    duty = duties.ensure("D-2", unit, "2026Q3")
    assert list(Duty.objects.visible_to(make_planner(unit))) == [duty]
    assert list(Duty.objects.visible_to(make_planner(make_unit("210503")))) == []
    assert list(Duty.objects.visible_to(make_approver(unit))) == []


@pytest.mark.dates
def test_to_dos_are_shown_by_day_or_by_stage(client, at):
    at("2026-07-03 10:00")
    unit = make_unit()
    duties.ensure("D-4", unit, "2026Q3"), duties.ensure("D-2", unit, "2026Q3")
    client.force_login(make_planner(unit))

    def titles(query):
        return [group["title"] for group in client.get(f"/desk/{query}").context["groups"]]

    assert titles("") == ["本周", "本月"]
    assert titles("?by=stage") == ["计划", "抽取"]
    steps = subjects.house().steps
    assert set(RULES) <= set(steps)
    assert {step.stage for step in steps.values()} == set(agenda.STAGES)


@pytest.mark.dates
def test_the_navigation_counts_the_open_duties_and_is_red_when_one_is_overdue(client, at):
    unit = make_unit()
    duties.ensure("D-2", unit, "2026Q3"), duties.ensure("D-4", unit, "2026Q3")
    client.force_login(make_planner(unit))

    def badge():
        desk = client.get("/desk/todo/").context["desk"]
        link = next(x for group in desk.nav for x in group.links if x.label == "待办")
        return link.count, link.hot

    at("2026-07-03 10:00")
    assert badge() == (2, False)
    at("2026-07-06 10:00")
    assert badge() == (2, True)
    Duty.objects.update(closed_at=clock.now())
    assert badge() == (None, False)


@pytest.mark.dates
def test_working_days_are_counted_once_their_period_has_begun_and_until_then_a_day_is_a_day():
    """10 月 15 日 stood in one list as 33 个工作日 and as 52 天."""
    team, calendar = make_city_team(), workdays.calendar()
    duties.ensure("D-7b", team, "2026Q3")
    duty = Duty.objects.get(rule="D-7b")
    assert duty.counted_from == date(2026, 9, 30) and duty.workdays
    fixed = Duty(rule="D-4", unit=team, period="2026Q4", due=duty.due, target=duty.target)
    early, later = date(2026, 8, 19), date(2026, 10, 9)
    assert agenda.left_of(duty, early, calendar) == agenda.left_of(fixed, early, calendar)
    assert agenda.left_of(duty, early, calendar)[0] == f"还剩 {(duty.due - early).days} 天"
    assert agenda.left_of(duty, later, calendar)[0] == f"还剩 {calendar.workdays_between(later, duty.due)} 个工作日"
