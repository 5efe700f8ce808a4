"""回避: declared, approved, returned, ended; the yearly declaration and who is told of it (七(五)-c, domain.md 7.1)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty, Reminder
from benxi_shuangsuiji.refusal import Refused
from registry.frames import conflicts_for_roster
from registry.interests import actions
from registry.interests import standing as interests
from registry.models import ConflictOfInterest, Facility, InterestDeclaration
from tests.browsing import post, text_of
from tests.factories import (
    make_approver,
    make_facility,
    make_inspector,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
WHY = "配偶在该厂任职"


def declared(person, facility, by=None, **fields):
    return actions.declare_conflict(
        inspector=person, facility=facility, kind="RELATIVE", reason=WHY, by=by or person.user, **fields
    )


def barred(person, facility, day) -> bool:
    return bool(conflicts_for_roster([person.code], Facility.objects.filter(pk=facility.pk), day))


@pytest.mark.clause("七(五)-c")
def test_an_interest_protects_from_its_declaration_until_it_is_returned_or_ended():
    unit = make_unit()
    person, facility, leader = make_inspector(unit, with_user=True), make_facility(unit), make_approver(unit)
    today = clock.today()
    waiting = declared(person, facility, evidence="户口簿")
    assert (waiting.state, barred(person, facility, today)) == ("ASKED", True)
    with pytest.raises(Refused, match="写得太短"):
        actions.return_conflict(conflict=waiting, opinion="补", by=leader)
    returned = actions.return_conflict(conflict=waiting, opinion="补证明材料", by=leader)
    assert (returned.state, returned.decided_by, returned.opinion) == ("RETURNED", leader, "补证明材料")
    assert [barred(person, facility, today + timedelta(days=n)) for n in (0, 1)] == [True, False]
    again = declared(person, facility)
    approved = actions.approve_conflict(conflict=again, by=leader)
    assert (approved.state, barred(person, facility, today + timedelta(days=400))) == ("APPROVED", True)
    actions.end_conflict(conflict=again, reason="配偶离职", by=make_registrar(unit))
    assert [barred(person, facility, today + timedelta(days=n)) for n in (0, 1)] == [True, False]
    assert list(ConflictOfInterest.objects.order_by("pk").values_list("state", flat=True)) == ["RETURNED", "ENDED"]


def test_nobody_decides_on_what_he_declared_or_on_himself():
    unit = make_unit()
    facility = make_facility(unit)
    both = make_user((Role.APPROVER, unit), (Role.REGISTRAR, unit), (Role.INSPECTOR, unit))
    himself = make_inspector(unit, user=both)
    other = make_inspector(unit, with_user=True)
    for person, by in ((himself, both), (other, both)):
        conflict = declared(person, facility, by=by)
        with pytest.raises(Refused, match="不能审核自己的申报"):
            actions.approve_conflict(conflict=conflict, by=both)
    for stranger in (make_registrar(unit), make_planner(unit), make_approver(make_unit("210503"))):
        with pytest.raises(Refused, match="由本单位的分管负责人审核"):
            actions.approve_conflict(conflict=conflict, by=stranger)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictOfInterest.objects.filter(pk=conflict.pk).update(
            state="APPROVED", decided_by=both, decided_at=clock.now()
        )


@pytest.mark.clause("七(五)-c")
def test_everybody_declares_once_a_year_and_the_leader_decides():
    unit = make_unit()
    leader = make_approver(unit)
    without, having = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    conflict = declared(having, make_facility(unit, code="BX-00077"))
    with pytest.raises(Refused, match="还没有登记要回避的企业"):
        actions.declare_year(inspector=without, none=False, by=without.user)
    with pytest.raises(Refused, match="名下还有 1 家"):
        actions.declare_year(inspector=having, none=True, by=having.user)
    with pytest.raises(Refused, match="只能作本人的年度申报"):
        actions.declare_year(inspector=without, none=True, by=having.user)
    first = actions.declare_year(inspector=without, none=True, by=without.user)
    second = actions.declare_year(inspector=having, none=False, by=having.user)
    assert (first.facilities, second.facilities, first.year) == ([], ["BX-00077"], 2026)
    with pytest.raises(Refused, match="2026 年已经申报"):
        actions.declare_year(inspector=without, none=True, by=without.user)
    assert actions.approve_all_without(unit=unit, by=leader) == 1
    actions.approve_declaration(declaration=second, by=leader)
    conflict.refresh_from_db()
    assert (conflict.state, conflict.decided_by) == ("APPROVED", leader)
    assert set(InterestDeclaration.objects.values_list("state", flat=True)) == {"APPROVED"}


def test_a_returned_declaration_is_made_again():
    unit = make_unit()
    person = make_inspector(unit, with_user=True)
    made = actions.declare_year(inspector=person, none=True, by=person.user)
    assert not interests.missing(unit, 2026).exists()
    actions.return_declaration(declaration=made, opinion="补充亲属情况", by=make_approver(unit))
    assert list(interests.missing(unit, 2026)) == [person]
    actions.declare_year(inspector=person, none=True, by=person.user)
    assert not interests.missing(unit, 2026).exists()


@pytest.mark.clause("七(五)-c")
def test_the_duty_of_the_year_counts_who_is_missing_and_closes_with_the_last(at):
    unit = make_unit()
    registrar = make_registrar(unit)
    people = [make_inspector(unit, with_user=True) for _ in range(2)]
    make_inspector(unit, left_on=date(2026, 1, 1))
    at(clock.now().replace(year=2026, month=1, day=5))
    assert interests.remind(unit, clock.now()) == 0  # too early for a reminder
    duty = Duty.objects.get(rule="DECL")
    assert (duty.title, duty.due, duty.role) == ("2026 年回避申报，还差 2 人", date(2026, 1, 31), "REGISTRAR")
    at(clock.now().replace(day=20))
    assert interests.remind(unit, clock.now()) == 2
    assert interests.remind(unit, clock.now()) == 0
    assert set(Reminder.objects.values_list("user", flat=True)) == {p.user_id for p in people}
    actions.declare_year(inspector=people[0], none=True, by=people[0].user)
    duty.refresh_from_db()
    assert (duty.title, duty.closed_at) == ("2026 年回避申报，还差 1 人", None)
    actions.declare_year(inspector=people[1], none=True, by=registrar)
    duty.refresh_from_db()
    assert duty.closed_at is not None


def test_the_page_counts_and_shows_one_person_with_the_buttons_of_the_reader(client):
    unit = make_unit()
    person, facility = make_inspector(unit, with_user=True, name="程砚秋"), make_facility(unit, name="清砚环保")
    conflict = declared(person, facility)
    url = reverse("registry:recusal-list")
    leader = make_approver(unit)
    client.force_login(leader)
    words = text_of(client.get(url, {"person": person.code}))
    assert "2026 年已申报 0 人，应申报 1 人" in words and "没有申报 1" in words
    assert "程砚秋的回避申报" in words and "清砚环保" in words and WHY in words and "批准回避" in words
    approve = reverse("registry:conflict-approve", args=[person.code, conflict.pk])
    assert client.get(approve).status_code == 405
    assert post(client, approve).status_code == 302
    assert "已批准" in text_of(client.get(url, {"person": person.code}))
    client.force_login(make_registrar(unit))
    words = text_of(client.get(url, {"person": person.code}))
    assert "批准回避" not in words and "结束…" in words and "新增申报" in words
    assert post(client, approve).status_code == 403
    for reader, status in ((make_supervisor(), 200), (make_observer(), 200), (make_planner(unit), 403)):
        client.force_login(reader)
        assert client.get(url, {"unit": unit.code, "person": person.code}).status_code == status
    client.force_login(make_registrar(make_unit("210503")))
    assert WHY not in text_of(client.get(url, {"unit": unit.code, "person": person.code}))


def test_an_inspector_declares_on_his_own_page_and_nowhere_else(client):
    unit = make_unit()
    own, colleague = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    make_facility(unit, name="清砚环保")
    client.force_login(own.user)
    assert client.get(reverse("registry:recusal-list"))["Location"] == own.get_absolute_url() + "#conflicts"
    words = text_of(client.get(own.get_absolute_url()))
    assert "2026 年还没有申报" in words and "登记请假…" in words
    url = reverse("registry:declaration-new", args=[own.code])
    assert "选一项" in text_of(post(client, url))
    assert post(client, url, none="yes")["Location"] == own.get_absolute_url() + "#conflicts"
    assert "2026 年申报：无利害关系" in text_of(client.get(own.get_absolute_url()))
    for name in ("declaration-new", "conflict-new", "absence-new"):
        assert client.get(reverse(f"registry:{name}", args=[colleague.code])).status_code == 404


def test_the_page_takes_as_many_queries_for_thirty_as_for_one(client):
    unit = make_unit()
    facility = make_facility(unit)
    registrar = make_registrar(unit)

    def more(n):
        for _ in range(n):
            person = make_inspector(unit)
            declared(person, facility, by=registrar)
            actions.declare_year(inspector=person, none=False, by=registrar)

    more(1)
    client.force_login(make_approver(unit))
    url = reverse("registry:recusal-list")
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    more(29)
    with CaptureQueriesContext(connection) as thirty:
        assert len(client.get(url).context["people"]) == 30
    assert len(one) == len(thirty)
