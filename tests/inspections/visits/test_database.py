"""The database itself lets nobody arrive unapproved, alone or without the leader, whatever program writes (visits/rules.sql)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from benxi_shuangsuiji import clock
from inspections.models import ApprovalState, CheckApproval, Inspection, InspectionStatus, Source, VisitMember
from registry.models import Inspector
from tests.inspections.factories import approve, make_inspection, make_started, team_of

pytestmark = pytest.mark.django_db


def at_commit():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def refused_at_commit(words, act):
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        act()
        at_commit()


def arrive(check, *, people=None, at=None):
    """By hand, past every action."""
    at = at or clock.now()
    VisitMember.objects.filter(inspection=check, inspector__in=people or team_of(check)).update(arrived_at=at)
    Inspection.objects.filter(pk=check.pk).update(started_at=at, status=InspectionStatus.STARTED)


@pytest.mark.clause("七(五)-d")
def test_nobody_arrives_by_sql_without_an_approval_that_counts_at_that_moment():
    now, today = clock.now(), clock.today()
    for words in (
        {"state": ApprovalState.RETURNED, "opinion": "改期"},
        {"state": ApprovalState.ASKED, "decided_by": None, "decided_at": None},
        {"first_day": today + timedelta(days=1), "last_day": today + timedelta(days=2)},
        {"first_day": today - timedelta(days=2), "last_day": today - timedelta(days=1)},
        {"decided_at": now + timedelta(minutes=2)},
        None,
    ):
        check = make_inspection(approved=False)
        if words:
            approve(check, **words)
        refused_at_commit("没有批准", lambda check=check: arrive(check))
    bureau = make_inspection(approved=False)
    approve(bureau, then_in=bureau.unit)  # its leader has, who comes after him has not yet
    refused_at_commit("没有批准", lambda: arrive(bureau))
    approve(bureau)
    arrive(bureau)
    at_commit()


@pytest.mark.clause("七(五)-d")
def test_an_emergency_alone_goes_before_its_approval_and_cannot_become_something_else_afterwards():
    check = make_inspection(approved=False, source=Source.EMERGENCY)
    arrive(check)
    at_commit()
    others = Inspection.objects.filter(pk=check.pk)
    refused_at_commit("没有批准", lambda: others.update(source=Source.COMPLAINT))


@pytest.mark.clause("七(五)-a", "七(五)-b")
def test_two_certified_people_and_the_leader_are_there_or_the_visit_has_not_begun():
    check = make_inspection(people=3)
    leader, second, third = team_of(check)
    refused_at_commit("至少两名", lambda: arrive(check, people=[leader]))
    refused_at_commit("组长到场", lambda: arrive(check, people=[second, third]))
    refused_at_commit("组长到场", lambda: Inspection.objects.filter(pk=check.pk).update(started_at=clock.now()))
    today = clock.today()
    for lapsed in (
        {"certificate_to": today - timedelta(days=1)},
        {"certificate_from": today + timedelta(days=1)},
        {"certificate_status": "CANCELLED"},
        {"certificate_no": "", "certificate_from": None, "certificate_to": None},
    ):
        with transaction.atomic():
            point = transaction.savepoint()
            Inspector.objects.filter(pk=second.pk).update(**lapsed)
            refused_at_commit("持有效执法证", lambda: arrive(check, people=[leader, second]))
            refused_at_commit("持有效执法证", lambda: arrive(check))
            transaction.savepoint_rollback(point)
    arrive(check, people=[leader, third])
    at_commit()


@pytest.mark.clause("七(五)-a")
def test_a_team_has_one_leader_also_by_sql_and_a_new_one_only_when_the_old_one_left():
    check = make_inspection(people=3)
    leader, second, _ = team_of(check)
    members = VisitMember.objects.filter(inspection=check)
    assert members.filter(is_leader=True).count() == 1
    with pytest.raises(IntegrityError, match="a_visit_has_one_leader"), transaction.atomic():
        members.filter(inspector=second).update(is_leader=True)
    members.filter(inspector=leader).update(left_at=clock.now())
    members.filter(inspector=second).update(is_leader=True)
    assert members.get(is_leader=True).inspector == second


@pytest.mark.clause("七(五)-a", "七(五)-b")
def test_what_a_visit_began_with_is_not_taken_back_by_sql():
    check = make_started()
    at_commit()
    leader, second = check.members.all()
    members, visits = VisitMember.objects, Inspection.objects.filter(pk=check.pk)
    refused_at_commit("至少两名", lambda: members.filter(pk=second.pk).update(arrived_at=None))
    refused_at_commit("组长到场", lambda: members.filter(pk=leader.pk).update(arrived_at=None))
    refused_at_commit("不能改为没有开始", lambda: visits.update(started_at=None, status="DISPATCHED"))
    refused_at_commit("没有批准", lambda: visits.update(started_at=clock.now() - timedelta(days=300)))
    approvals = CheckApproval.objects.filter(inspection=check)
    refused_at_commit("审批已经办结", lambda: approvals.update(last_day=clock.today() - timedelta(days=1)))
    refused_at_commit("审批已经办结", lambda: approvals.update(state=ApprovalState.TAKEN_BACK))


def test_a_check_is_not_written_in_as_begun_nor_led_on_without_its_arrival():
    check = make_inspection(approved=False)
    refused_at_commit(
        "没有批准", lambda: Inspection.objects.filter(pk=check.pk).update(started_at=clock.now(), ended_at=clock.now())
    )
    refused_at_commit(
        "没有批准", lambda: make_inspection(approved=False, started_at=clock.now(), status=InspectionStatus.STARTED)
    )
    for status in ("STARTED", "FINISHED", "RETURNED", "REVIEWED", "PUBLISHED"):
        with pytest.raises(IntegrityError, match="a_check_that_went_on_was_begun"), transaction.atomic():
            Inspection.objects.filter(pk=check.pk).update(status=status)
