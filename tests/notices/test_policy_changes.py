"""Numbers of the plan changed by data: who, within what bounds, from what day, and what follows them (附-b)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties, policy_changes
from benxi_shuangsuiji.notices.models import DutyMove, PolicyChange, PolicyDecision
from benxi_shuangsuiji.policy.changes import CHANGEABLE, Change, in_order
from benxi_shuangsuiji.policy.versions import TRIAL_2025, on
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter, publication_due
from plans import quotas
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
        ("min_team_size", 1, date(2026, 10, 1), "在 2 到 9 之间"),
        ("publish_within_workdays", 10, date(2026, 8, 19), "从明天（2026-08-20）起填写"),
        ("key_basis_points", 3000, date(2026, 9, 1), "从季度首日起生效"),
        ("cap_per_item", 3, date(2026, 10, 1), "从年度首日起生效"),
        ("publish_within_workdays", 20, date(2026, 9, 1), "本来就是 20 个工作日"),
        ("plan_due_day", 11, date(2026, 10, 1), "不能晚于 10 日前的名单抽取"),
        ("item_list_due", 230, date(2027, 1, 1), "不是有效的月日"),
        ("coverage_from_year", 2026, date(2027, 1, 1), "不能在这里修改"),
    ],
)
def test_a_number_out_of_bounds_or_a_day_gone_by_is_refused(parameter, value, day, sentence):
    with pytest.raises(Refused) as refusal:
        make_change(parameter, value, day)
    assert sentence in str(refusal.value)


def test_what_was_proposed_in_time_is_not_approved_too_late_or_out_of_order(at):
    admin, office = make_admin(), make_lead_office()
    first, second = make_change(by=admin), make_change("key_basis_points", 3000, date(2026, 10, 1), by=admin)
    approve(second, by=office)
    with pytest.raises(Refused, match=r"2025\+1 版从 2026-10-01 起生效"):
        approve(first, by=office)
    late = make_change("min_team_size", 3, date(2026, 10, 1), by=admin)
    at("2026-10-01 08:00")
    with pytest.raises(Refused, match="从明天"):
        approve(late, by=office)


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

    monkeypatch.setattr(policy_changes, "_read", gone)
    policy_changes.forget()
    assert policy.on(date(2027, 1, 1)) is TRIAL_2025


@pytest.mark.clause("附-b")
def test_the_page_from_proposal_to_version():
    planner, admin, office = OverHttp(make_planner(make_unit())), OverHttp(make_admin()), OverHttp(make_lead_office())
    planner.open("/desk/calendar/rules/").sees("没有修改过").does_not_see("修改参数")
    admin.open("/desk/calendar/rules/change/").press(
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
    planner.open("/desk/calendar/rules/").sees("等牵头部门审批")
    office.open(f"/desk/calendar/rules/{change.pk}/decide/").sees("由 25% 改为 30%")
    office.press("审批", approve="1", opinion="按省里的办法执行").sees("参数修改已审批")
    planner.open("/desk/calendar/rules/").sees("2025+1 版（试行），2026-10-01 起", "30%", "同意：按省里的办法执行")
    office.open(f"/desk/calendar/rules/{change.pk}/decide/").sees("这项修改已经审批过")


def test_the_page_takes_as_many_queries_for_many_changes_as_for_one(client):
    client.force_login(make_planner(make_unit()))
    admin, counts = make_admin(), []
    for values in ((10,), (11, 12, 13, 14)):
        for value in values:
            make_change(value=value, by=admin)
        policy_changes.forget()
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/desk/calendar/rules/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
