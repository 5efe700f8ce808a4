"""Numbers of the plan changed by data: who, within what bounds, from what day, and what follows them (附-b)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda, duties
from benxi_shuangsuiji.notices.models import Duty, DutyMove, Message, PolicyChange, PolicyDecision
from benxi_shuangsuiji.notices.numbers import actions as policy_changes
from benxi_shuangsuiji.notices.numbers import history as policy_history
from benxi_shuangsuiji.policy.changes import CHANGEABLE, Change, in_order
from benxi_shuangsuiji.policy.in_force import on
from benxi_shuangsuiji.policy.versions import TRIAL_2025
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter, publication_due
from plans.quotas import quotas
from registry.audits import duties as audit_duties
from registry.audits import standing as audits
from registry.models import Book
from tests.factories import make_city_team, make_lead_office, make_planner, make_unit, make_user
from tests.journeys.people import OverHttp
from tests.notices.policy_factories import DOCUMENT, approve, make_admin, make_change

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_data")]


@pytest.fixture(autouse=True)
def _begin(at):
    at("2026-08-19 10:00")


@pytest.mark.clause("附-b", "八(二)-d")
def test_an_approved_number_governs_checks_ended_from_its_day_and_no_earlier_one():
    calendar = workdays.calendar()
    before = publication_due(date(2026, 9, 1), calendar).date
    change = make_change()
    assert publication_due(date(2026, 9, 1), calendar).date == before  # a proposal changes nothing

    approve(change)

    assert publication_due(date(2026, 8, 31), calendar).date == calendar.add_workdays(date(2026, 8, 31), 20)
    assert publication_due(date(2026, 9, 1), calendar).date == calendar.add_workdays(date(2026, 9, 1), 10) != before
    assert policy.on(date(2026, 8, 31)).version == "2025"
    assert policy.on(date(2026, 9, 1)) == replace(
        TRIAL_2025,
        version="2025+1",
        effective_from=date(2026, 9, 1),
        publish_within_workdays=10,
        plan_from=TRIAL_2025.effective_from,
    )
    assert [e.verb for e in AuditEntry.objects.filter(verb__startswith="notices.policy").order_by("pk")] == [
        "notices.policy.proposed",
        "notices.policy.decided",
    ]


@pytest.mark.clause("附-b")
def test_another_key_ratio_raises_the_minimum_from_its_quarter_and_the_past_one_keeps_its():
    approve(make_change("key_basis_points", 3000, date(2026, 10, 1)))
    pool = quotas.Pool(N=40, A=40, U=40, P=40)

    def key(quarter):
        return quotas.figures(quarter, "key", pool, basis_points=2500, planned=10, reserved_percent=0)

    past, coming = key(Quarter(2026, 3)), key(Quarter(2026, 4))
    assert (past.floor_points, past.minimum, past.meets_minimum) == (2500, 10, True)
    assert (coming.floor_points, coming.minimum, coming.meets_minimum) == (3000, 12, False)


@pytest.mark.clause("附-b")
def test_open_duties_of_a_coming_quarter_are_reckoned_anew():
    unit = make_unit()
    here, coming = duties.ensure("D-4", unit, "2026Q3"), duties.ensure("D-4", unit, "2026Q4")

    moves = approve(make_change("draw_due_day", 15, date(2026, 10, 1)))

    assert [(m.duty, m.due_after) for m in moves] == [(coming, Quarter(2026, 4).draw_due(workdays.calendar()).date)]
    assert Quarter(2026, 4).draw_due(workdays.calendar()).date == date(2026, 10, 15)
    assert not DutyMove.objects.filter(duty=here).exists()


@pytest.mark.clause("附-b")
def test_nobody_approves_what_he_proposed_and_each_part_has_its_role():
    both = make_user((Role.ADMIN_SYSTEM, make_city_team()), (Role.LEAD_OFFICE, make_city_team()))
    change = make_change(by=both)
    with pytest.raises(Refused, match="由另一个人审批"):
        approve(change, by=both)
    with pytest.raises(Refused, match="由牵头部门审批"):
        approve(change, by=make_admin())
    with pytest.raises(Refused, match="由系统管理员按文件提出"):
        make_change(by=make_lead_office())
    approve(change)
    with pytest.raises(Refused, match="已经审批过"):
        approve(change)


def test_a_refused_proposal_changes_nothing():
    change = make_change()
    policy_changes.decide(change=change, approve=False, opinion="文件还没有施行", by=make_lead_office())
    assert policy.on(date(2027, 1, 1)) is TRIAL_2025


@pytest.mark.parametrize(
    ("parameter", "value", "day", "sentence"),
    [
        ("publish_within_workdays", 61, date(2026, 9, 1), "在 1 到 60 之间"),
        ("key_basis_points", 10100, date(2026, 10, 1), "在 25 到 100 之间"),
        ("key_basis_points", 2000, date(2026, 10, 1), "抽取方法 SSJ1 不接受低于 25% 的重点比例；法律另有规定的，先换"),
        ("cap_per_item", 10, date(2027, 1, 1), "抽取方法 SSJ1 只接受同一事项每年 1 到 9 次"),
        ("min_team_size", 1, date(2026, 10, 1), "在 2 到 9 之间"),
        ("publish_within_workdays", 10, date(2026, 8, 19), "从明天（2026-08-20）起填写"),
        ("key_basis_points", 3000, date(2026, 9, 1), "从季度首日起生效"),
        ("cap_per_item", 3, date(2026, 10, 1), "从年度首日起生效"),
        ("publish_within_workdays", 20, date(2026, 9, 1), "从那天起本来就是 20 个工作日"),
        ("plan_due_day", 11, date(2026, 10, 1), "不能晚于 10 日前的名单抽取"),
        ("key_basis_points", 3000, date(9999, 10, 1), "生效日期最晚写到 2031 年"),
        ("item_list_due", 230, date(2027, 1, 1), "不是有效的月日"),
        ("coverage_from_year", 2026, date(2027, 1, 1), "不能在这里修改"),
    ],
)
def test_a_number_out_of_bounds_or_a_day_gone_by_is_refused(parameter, value, day, sentence):
    with pytest.raises(Refused) as refusal:
        make_change(parameter, value, day)
    assert sentence in str(refusal.value)


def test_what_was_proposed_in_time_is_not_approved_too_late(at):
    admin, office = make_admin(), make_lead_office()
    late = make_change("min_team_size", 3, date(2026, 10, 1), by=admin)
    at("2026-10-01 08:00")
    with pytest.raises(Refused, match="从明天"):
        approve(late, by=office)
    policy_changes.decide(change=late, approve=False, opinion="过了生效日期", by=office)


@pytest.mark.clause("附-b")
def test_a_number_of_next_year_does_not_hold_up_one_of_this_year():
    """A version is named after the last approval in it, so that a record made before tells its numbers still."""
    admin, office = make_admin(), make_lead_office()
    approve(make_change("cap_per_item", 3, date(2027, 1, 1), by=admin), by=office)
    assert policy.on(date(2027, 1, 1)).version == "2025+1"

    approve(make_change("key_basis_points", 3000, date(2026, 10, 1), by=admin), by=office)

    between, after = policy.on(date(2026, 10, 1)), policy.on(date(2027, 1, 1))
    assert (between.version, between.key_basis_points, between.cap_per_item) == ("2025+2", 3000, 2)
    assert (after.version, after.key_basis_points, after.cap_per_item) == ("2025+2", 3000, 3)
    approve(make_change("draw_due_day", 6, date(2027, 4, 1), by=admin), by=office)
    with pytest.raises(Refused, match="不能晚于 6 日前的名单抽取"):
        make_change("plan_due_day", 7, date(2026, 10, 1), by=admin)


def test_changes_of_one_day_are_one_version_and_a_new_plan_takes_over_whole():
    day, plan = date(2027, 1, 1), replace(TRIAL_2025, version="2028", effective_from=date(2028, 1, 1))
    changes = [
        Change("cap_per_item", 3, day),
        Change("other_law.case_closed_within_days", 60, day),
        Change("min_team_size", 3, date(2028, 4, 1)),
    ]
    line = in_order([TRIAL_2025, plan], changes)
    assert [v.version for v in line] == ["2025", "2025+2", "2028", "2028+1"]
    law = on(day, line)
    assert (law.cap_per_item, law.other_law.case_closed_within_days) == (3, 60)
    assert on(date(2028, 1, 1), line) == plan
    assert on(date(2027, 1, 1), in_order([TRIAL_2025], [changes[2]])) == TRIAL_2025


def test_a_day_of_the_year_is_typed_as_four_digits():
    line = in_order([TRIAL_2025], [Change("item_list_due", 115, date(2027, 1, 1))])
    assert line[-1].item_list_due == (1, 15)
    assert CHANGEABLE["item_list_due"].shown(115) == "1 月 15 日前"
    assert CHANGEABLE["item_list_due"].value(line[-1]) == 115


def test_every_number_that_may_be_changed_is_within_its_own_bounds_today():
    for c in CHANGEABLE.values():
        assert c.lowest * c.per <= c.value(TRIAL_2025) <= c.highest * c.per, c.path


def test_rows_are_never_altered_and_name_their_document():
    change = make_change()
    approve(change)
    for attack in (
        lambda: PolicyChange.objects.update(value=1),
        lambda: PolicyDecision.objects.update(approved=False),
        lambda: PolicyDecision.objects.all().delete(),
    ):
        with pytest.raises(Exception, match=r"(?i)permission denied|refuse|只能"), transaction.atomic():
            attack()
    with pytest.raises(IntegrityError, match="policy_change_names_its_document"):
        PolicyChange.objects.create(
            parameter="cap_per_item",
            value=3,
            effective_from=date(2027, 1, 1),
            source_document="",
            proposed_by=change.proposed_by,
            proposed_at=clock.now(),
        )


def test_the_line_is_read_once_for_many_questions_and_needs_no_database(monkeypatch, django_assert_num_queries):
    approve(make_change())
    policy_changes.forget()
    with django_assert_num_queries(1):
        for month in range(1, 13):
            policy.on(date(2026, month, 1))

    def gone():
        raise OperationalError

    monkeypatch.setattr(policy_changes.approved, "_read", gone)
    policy_changes.forget()
    assert policy.on(date(2027, 1, 1)).version == "2025+1"  # while the database is away, what was known
    for name, value in {"_known": (), "_read_when": None}.items():  # as in a process that has just begun
        monkeypatch.setattr(policy_changes.approved, name, value)
    assert policy.on(date(2027, 1, 1)) is TRIAL_2025


@pytest.mark.clause("附-b")
def test_the_page_from_proposal_to_version():
    planner, admin, office = OverHttp(make_planner(make_unit())), OverHttp(make_admin()), OverHttp(make_lead_office())
    planner.open("/desk/calendar/rules/").sees("没有修改过").does_not_see("修改参数")
    admin.open("/desk/calendar/rules/change/").sees("不接受低于 25% 的重点比例", "一般对象全覆盖", "按三年认一般对象")
    admin.press(
        "提出修改",
        parameter="key_basis_points",
        value="30",
        effective_from="2026-09-01",
        source_document=DOCUMENT,
    )
    admin.sees("从季度首日起生效")
    admin.press("提出修改", effective_from="2026-10-01").sees("参数修改已提出")
    change = PolicyChange.objects.get()
    assert change.value == 3000
    planner.open("/desk/calendar/rules/").sees("等牵头部门审批").does_not_see("审批参数")
    office.open("/desk/calendar/rules/").sees("等审批的参数修改：", "重点对象每季度至少 30%，2026-10-01 起")
    office.open(change.get_absolute_url()).sees("重点对象每季度至少：25% 改为 30%", DOCUMENT)
    office.press("同意", opinion="可以").sees("参数修改已审批")
    planner.open("/desk/calendar/rules/").sees("2025+1 版（试行） 2026-10-01 起", "30%", "同意 可以")
    office.open(change.get_absolute_url()).sees("这项修改已经审批过", "可以")


@pytest.mark.clause("附-b")
def test_the_lead_office_has_it_to_do_and_the_proposer_hears_what_was_decided():
    admin, office, other = make_admin(), make_lead_office(), make_lead_office()
    change = make_change("key_basis_points", 3000, date(2026, 10, 1), by=admin)

    duty = Duty.objects.get(rule="RULE")
    assert duty.title == "审批参数修改：重点对象每季度至少 30%"
    assert (duty.due, duty.url) == (date(2026, 9, 30), change.get_absolute_url())
    assert [d.pk for d in agenda.mine(office)] == [duty.pk] and not agenda.mine(admin)
    assert {m.user for m in Message.objects.filter(title=duty.title)} == {office, other}

    policy_changes.decide(change=change, approve=False, opinion="文件还没有施行", by=office)

    duty.refresh_from_db()
    assert duty.closed_at and not agenda.mine(other)
    (heard,) = Message.objects.filter(user=admin)
    assert (heard.title, heard.body) == ("参数修改没有同意：重点对象每季度至少 30%", "审批意见：文件还没有施行")


def test_a_proposed_number_tells_who_decided_it_meanwhile():
    """What the page of two deciders asks when the second is refused: the request as it is now."""
    office = make_lead_office()
    change = make_change("key_basis_points", 3000, date(2026, 10, 1))
    asked = policy_history.Asked(policy_history.row_of(change, clock.today()))
    approve(change, by=office)
    assert asked.waits and not asked.as_now().waits and asked.as_now().decided_by == office


@pytest.mark.clause("附-b")
def test_an_open_audit_of_a_registry_moves_with_the_audit_day_and_one_before_it_stays(at):
    unit, calendar = make_unit(), workdays.calendar()
    here = audit_duties.sync(unit, Book.FACILITY, clock.now()) or Duty.objects.get(rule="D-13")
    at("2026-09-26 10:00")
    coming = make_unit("210503")
    audit_duties.sync(coming, Book.FACILITY, clock.now())
    later = Duty.objects.get(rule="D-13", unit=coming)
    assert (here.period, later.period) == ("FACILITY:2026-08", "FACILITY:2026-10")

    moves = approve(make_change("recommended.registry_audit_day", 20, date(2026, 10, 1)))

    assert [(m.duty, m.due_before, m.due_after) for m in moves] == [(later, date(2026, 10, 25), date(2026, 10, 20))]
    assert audits.standing(coming, Book.FACILITY, clock.today()).due == date(2026, 10, 20)
    assert calendar.fixed(here.due).date == date(2026, 8, 25)


def test_the_history_tells_from_what_to_what_and_of_the_refused_and_the_late_too(at):
    admin, office = make_admin(), make_lead_office()
    refused = make_change(value=15, by=admin)
    policy_changes.decide(change=refused, approve=False, opinion="文件还没有施行", by=office)
    approve(make_change(value=10, by=admin), by=office)
    approve(make_change(value=12, effective_from=date(2026, 12, 1), by=admin), by=office)
    make_change("cap_per_item", 3, date(2027, 1, 1), by=admin)
    late = make_change("min_team_size", 3, date(2027, 1, 1), by=admin)
    told = [(r.step.before, r.step.after, r.state) for r in policy_history.rows(date(2026, 9, 2))]
    assert told == [
        ("2 人", "3 人", "warn"),
        ("2 次", "3 次", "warn"),
        ("10 个工作日", "12 个工作日", "ok"),
        ("20 个工作日", "10 个工作日", "ok"),
        ("20 个工作日", "15 个工作日", "bad"),
    ]
    assert policy_history.row_of(late, date(2027, 1, 1)).words == "过了生效日期，不能再同意"
    assert [(s.before, s.after, s.document) for s in policy.history()] == [
        ("20 个工作日", "10 个工作日", DOCUMENT),
        ("10 个工作日", "12 个工作日", DOCUMENT),
    ]
    shown = policy_history.versions_shown(date(2026, 9, 2))
    assert [v.version for v in shown] == ["2025", "2025+1", "2025+2"]
    (cells,) = [cells for p, cells in policy_history.table(shown) if p.words == "检查结果公开"]
    assert [(c.shown, c.differs) for c in cells] == [
        ("检查结束后 20 个工作日", False),
        ("检查结束后 10 个工作日", True),
        ("检查结束后 12 个工作日", True),
    ]


def test_what_was_proposed_before_another_was_approved_is_told_from_the_number_of_that_time(at):
    admin, office = make_admin(), make_lead_office()
    begins = date(2026, 10, 1)
    refused = make_change("key_basis_points", 3000, begins, by=admin)
    policy_changes.decide(change=refused, approve=False, opinion="文件还没有施行", by=office)
    first = make_change("key_basis_points", 3000, begins, by=admin)
    make_change("key_basis_points", 3500, begins, by=admin)
    with pytest.raises(Refused, match="同样的修改已经提出，等牵头部门审批"):
        make_change("key_basis_points", 3000, begins, by=admin)
    at("2026-08-20 09:00")
    approve(first, by=office)
    with pytest.raises(Refused, match="从那天起本来就是 30%"):
        make_change("key_basis_points", 3000, begins, by=admin)

    told = [(r.step.before, r.step.after, r.state) for r in policy_history.rows(date(2026, 8, 20))]
    assert told == [("25%", "35%", "warn"), ("25%", "30%", "ok"), ("25%", "30%", "bad")]


def test_the_page_takes_as_many_queries_for_many_changes_as_for_one(client):
    client.force_login(make_planner(make_unit()))
    admin, counts = make_admin(), []
    for values in ((10,), (11, 12, 13, 14)):
        for value in values:
            make_change(value=value, by=admin)
        client.get("/desk/")  # the session is written
        policy_changes.forget()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/desk/calendar/rules/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
