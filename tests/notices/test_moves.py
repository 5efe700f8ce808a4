"""A changed calendar moves what rests on it, and every moved date is logged (decisions.md 5, domain.md 5.2)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties, moving
from benxi_shuangsuiji.notices.models import Duty, DutyMove
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import actions
from benxi_shuangsuiji.workdays.days import publication_due
from benxi_shuangsuiji.workdays.models import CalendarException, PublishedYear
from tests.factories import make_city_team, make_planner, make_unit, make_user
from tests.inspections.factories import make_finished

pytestmark = [pytest.mark.django_db, pytest.mark.dates]

DOCUMENT = "市政府关于防汛停工的通知（本政发〔2026〕9 号）"
NOTICE_2027 = """
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至12日（周五）放假调休，共8天。1月31日（周日）、2月14日（周日）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""


def make_admin():
    return make_user((Role.ADMIN_SYSTEM, make_city_team()))


def make_counted(unit, ended=date(2026, 7, 1)):
    due = publication_due(ended, workdays.calendar())
    period = "210504-2026Q3-0001"
    duties.open(rule="D-8", unit=unit, role=Role.APPROVER, period=period, title="审核检查结果", due=due)
    return Duty.objects.get(rule="D-8", unit=unit, period=period)


def correct(day, *, is_workday=False, by=None):
    return actions.correct_day(day=day, is_workday=is_workday, name="停工", source_document=DOCUMENT, by=by)


@pytest.mark.clause("附-b", "六(一)2-g")
def test_a_correction_moves_targets_and_counted_days_and_logs_each():
    unit, admin = make_unit(), make_admin()
    plan, draw = duties.ensure("D-2", unit, "2026Q3"), duties.ensure("D-4", unit, "2026Q3")
    checks, counted = duties.ensure("D-5", unit, "2026Q3"), make_counted(unit)
    assert counted.due == date(2026, 7, 29)

    _, moved = correct(date(2026, 7, 10), by=admin)

    assert {m.duty for m in moved} == {draw, counted}
    draw.refresh_from_db(), counted.refresh_from_db(), plan.refresh_from_db(), checks.refresh_from_db()
    assert (draw.due, draw.target) == (date(2026, 7, 10), date(2026, 7, 9))  # a fixed date never moves later
    assert (counted.due, counted.target) == (date(2026, 7, 30), date(2026, 7, 30))
    assert (plan.target, checks.target) == (date(2026, 7, 3), date(2026, 9, 24))
    log = DutyMove.objects.get(duty=counted)
    assert (log.due_before, log.due_after, log.by) == (date(2026, 7, 29), date(2026, 7, 30), admin)
    assert DOCUMENT in log.because
    entry = AuditEntry.objects.get(verb="workdays.day.corrected")
    assert (entry.actor, entry.details["moved"]) == (admin, 2)


def test_taking_a_correction_back_moves_the_dates_back_and_leaves_both_in_the_log():
    unit, admin = make_unit(), make_admin()
    counted = make_counted(unit)
    exception, _ = correct(date(2026, 7, 10), by=admin)
    actions.restore_day(exception=exception, reason="文件撤销", by=admin)
    counted.refresh_from_db()
    assert counted.due == date(2026, 7, 29)
    assert DutyMove.objects.filter(duty=counted).count() == 2
    assert not CalendarException.objects.exists()
    with pytest.raises(Refused, match="已经撤销"):
        actions.restore_day(exception=CalendarException(pk=exception.pk), reason="再撤一次", by=admin)


def test_a_closed_duty_keeps_the_date_it_had():
    unit, admin = make_unit(), make_admin()
    counted = make_counted(unit)
    duties.close(rule="D-8", unit=unit, period=counted.period, event="公开", at=clock.now())
    _, moved = correct(date(2026, 7, 10), by=admin)
    assert moved == []
    assert Duty.objects.get(pk=counted.pk).due == date(2026, 7, 29)


@pytest.mark.clause("附-b")
def test_the_notice_of_a_year_makes_its_dates_certain_and_moves_what_it_must(at):
    at("2026-12-28 09:00")
    unit, admin = make_unit(), make_admin()
    sure, counted = duties.ensure("D-2", unit, "2027Q1"), make_counted(unit, ended=date(2027, 1, 25))
    assert sure.provisional and counted.provisional
    before = counted.due

    published, moved = actions.publish_year(
        year=2027,
        source_document="《国务院办公厅关于2027年部分节假日安排的通知》",
        published_on=date(2026, 11, 10),
        notice=NOTICE_2027,
        by=admin,
    )

    sure.refresh_from_db(), counted.refresh_from_db()
    assert not sure.provisional and not counted.provisional
    assert sure.target == date(2027, 1, 5)
    # 31 January and 14 February are worked, 9 to 12 February are not.
    assert (before, counted.due) == (date(2027, 2, 24), date(2027, 2, 26))
    assert {m.duty for m in moved if m.moved} == {counted}
    assert workdays.calendar().is_workday(date(2027, 1, 31))
    assert not workdays.calendar().is_workday(date(2027, 2, 12))
    assert PublishedYear.objects.get() == published
    with pytest.raises(Refused, match="2027 年的放假安排已经公布"):
        actions.publish_year(
            year=2027, source_document=DOCUMENT, published_on=date(2026, 11, 10), notice=NOTICE_2027, by=admin
        )


def test_a_result_that_is_not_public_gets_its_new_day_at_once(at):
    inspection, admin = make_finished(), make_admin()
    before = inspection.publish_by
    correct(workdays.calendar().add_workdays(clock.today(), 3), by=admin)
    inspection.refresh_from_db()
    duty = Duty.objects.get(rule="D-8", period=inspection.no)
    assert inspection.publish_by == duty.due == workdays.calendar().add_workdays(before, 1)


@pytest.mark.parametrize(
    ("day", "is_workday", "sentence"),
    [
        (date(2026, 7, 10), True, "本来就上班"),
        (date(2026, 10, 3), False, "本来就休息"),
        (date(2024, 7, 10), False, "日期在 2025 年到 2028 年之间"),
        (date(2029, 7, 10), False, "日期在 2025 年到 2028 年之间"),
    ],
)
def test_a_correction_that_says_nothing_new_is_refused(day, is_workday, sentence):
    with pytest.raises(Refused, match=sentence):
        correct(day, is_workday=is_workday, by=make_admin())


def test_only_the_administrator_changes_the_calendar_and_only_with_a_document():
    with pytest.raises(Refused, match="系统管理员"):
        correct(date(2026, 7, 10), by=make_planner(make_unit()))
    admin = make_admin()
    with pytest.raises(Refused, match="依据文件写得太短"):
        actions.correct_day(day=date(2026, 7, 10), is_workday=False, name="n", source_document="文", by=admin)
    correct(date(2026, 7, 10), by=admin)
    with pytest.raises(Refused, match="已经登记过"):
        correct(date(2026, 7, 10), is_workday=True, by=admin)


@pytest.mark.parametrize(
    ("notice", "sentence"),
    [
        ("元旦：1月1日放假1天。", "法定节日春节（2 月 5 日）"),
        (NOTICE_2027.replace("共8天", "共9天"), "写的是 9 天"),
        (NOTICE_2027.replace("1月31日（周日）", "1月31日（周六）"), "是周日，写的是周六"),
        ("", "没有读到放假安排"),
        ("春节放假", "读不懂"),
        ("春节：" + "好" * 5000, "最多 4000 字"),
    ],
)
def test_a_notice_that_was_not_copied_right_is_refused_with_the_line(notice, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.read(2027, notice)


def test_the_daily_round_finds_a_calendar_that_came_with_a_new_program():
    unit = make_unit()
    duty = duties.ensure("D-4", unit, "2026Q3")
    Duty.objects.filter(pk=duty.pk).update(target=date(2026, 7, 9))
    moved = moving.recompute(workdays.calendar(), at=clock.now(), because="随程序更新的放假安排")
    assert [(m.duty, m.target_before, m.target_after) for m in moved] == [(duty, date(2026, 7, 9), date(2026, 7, 10))]
    assert moving.recompute(workdays.calendar(), at=clock.now(), because="再算一次") == []


def test_a_counted_duty_says_from_when():
    with pytest.raises(IntegrityError, match="counted_duty_says_from_when"), transaction.atomic():
        Duty.objects.filter(pk=duties.ensure("D-2", make_unit(), "2026Q3").pk).update(counted_from=date(2026, 7, 1))


def test_recounting_takes_the_same_queries_for_one_and_for_many(django_assert_max_num_queries):
    units = [make_unit(), make_unit("210503"), make_unit("210502")]
    for unit in units:
        duties.ensure("D-4", unit, "2026Q3"), make_counted(unit)
    admin = make_admin()
    CalendarException.objects.create(
        day=date(2026, 7, 10), is_workday=False, name="n", source_document=DOCUMENT, entered_at=clock.now()
    )
    calendar = workdays.calendar()
    with django_assert_max_num_queries(7):
        assert len(moving.recompute(calendar, at=clock.now(), because="b", by=admin)) == 6
