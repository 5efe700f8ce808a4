"""What moves a facility into another category, pool or unit counts only when a second person approved it."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from plans.models import DrawStatus
from registry.facilities import categories
from registry.facilities import chain as history
from registry.models import (
    Category,
    ChangeProposal,
    Facility,
    FacilityChange,
    Ground,
    ProposalState,
)
from registry.proposals import actions
from tests.browsing import post, text_of
from tests.factories import make_approver, make_city_team, make_facility, make_registrar, make_unit, make_user
from tests.plans.draw.factories import make_held_draw
from tests.registry.factories import approved, approved_ground, approved_status
from tests.registry.workbooks import credit_code

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 6)


def last_change():
    return FacilityChange.objects.order_by("-pk").first()


@pytest.mark.clause("六(二)-d")
@pytest.mark.parametrize(
    ("status", "kind", "on_books"),
    [
        ("SUSPENDED", "SUSPENDED", 1),
        ("SEASONAL", "SEASONAL", 1),
        ("CLOSED", "CLOSED", 0),
        ("CANCELLED", "CANCELLED", 0),
        ("MOVED_OUT", "MOVED_OUT", 0),
    ],
)
def test_a_state_changes_from_a_day_with_reason_and_evidence_once_approved(status, kind, on_books):
    unit = make_unit()
    by, leader = make_registrar(unit), make_approver(unit)
    facility = make_facility(unit)
    how = {"facility": facility, "status": status, "by": by}
    with pytest.raises(Refused, match="不能晚于今天"):
        actions.propose_status(on=date(2026, 7, 7), reason="订单不足", evidence="核查", **how)
    with pytest.raises(Refused, match="不能早于纳入名录的日期"):
        actions.propose_status(on=date(2024, 7, 7), reason="订单不足", evidence="核查", **how)
    with pytest.raises(Refused, match="写明依据"):
        actions.propose_status(on=date(2026, 7, 1), reason="订单不足", evidence=" ", **how)
    proposal = actions.propose_status(on=date(2026, 7, 1), reason="订单不足", evidence="核查", **how)
    facility.refresh_from_db()
    assert (facility.status, FacilityChange.objects.count()) == ("OPERATING", 0)
    approved(proposal, leader)
    change = last_change()
    assert (change.kind, change.effective_on, change.evidence) == (kind, date(2026, 7, 1), "核查")
    assert (change.entered_by, change.approved_by) == (by, leader)
    assert change.values == {"status": ["OPERATING", status]}
    assert Facility.objects.on_books().count() == on_books
    approved_status(facility, "OPERATING", on=TODAY, by=by)
    assert last_change().kind == "RESUMED"
    assert history.check(Facility.objects.get()).whole


@pytest.mark.clause("六(二)-r")
def test_the_label_follows_the_approved_grounds_step_by_step():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, uscc=credit_code())

    def label():
        facility.refresh_from_db()
        return facility.category, facility.has_key_ground

    key = approved_ground(facility, "KF3", by=by)
    assert label() == (Category.KEY, True)
    special = approved_ground(facility, "SF2B", by=by)
    assert label() == (Category.SPECIAL, True)
    assert last_change().values == {"grounds": [None, ["SF2B"]], "category": ["key", "special"]}
    approved(actions.propose_ground_end(ground=key, reason="移出清单", by=by))
    assert label() == (Category.SPECIAL, False)
    approved(actions.propose_ground_end(ground=special, reason="投诉已办结", by=by))
    assert label() == (Category.GENERAL, False)
    with pytest.raises(Refused, match="已经取消"):
        actions.propose_ground_end(ground=special, reason="投诉已办结", by=by)


# SF2B needs its complaints: test_complaints.py.
BY_HAND = [g for g in Ground if g not in ("KF2", "SF4", "SF2B")]


@pytest.mark.clause("六(二)-t")
@pytest.mark.clause("六(二)-v")
@pytest.mark.clause("六(二)-w")
@pytest.mark.clause("六(二)-x")
@pytest.mark.clause("六(二)-y")
@pytest.mark.clause("六(二)-z")
@pytest.mark.clause("六(二)-aa")
@pytest.mark.clause("六(二)-ab")
@pytest.mark.clause("六(二)-ac")
@pytest.mark.clause("六(二)-ad")
@pytest.mark.clause("六(二)-ae")
@pytest.mark.clause("六(二)-af")
@pytest.mark.clause("六(二)-ah")
@pytest.mark.clause("六(二)-aj")
@pytest.mark.clause("六(二)-ak")
@pytest.mark.parametrize("kind", BY_HAND)
def test_each_ground_by_hand_counts_only_when_another_person_approved_it(client, kind):
    unit = make_unit()
    by, leader = make_registrar(unit), make_approver(unit)
    facility = make_facility(unit)
    proposal = actions.propose_ground(facility=facility, kind=kind, evidence="会议纪要", document="7 号文", by=by)
    facility.refresh_from_db()
    assert facility.category == Category.GENERAL
    for somebody in (by, make_approver(make_unit("210503"))):
        with pytest.raises(Refused, match="由明山分局的分管负责人批准"):
            actions.approve_proposals(proposals=[proposal], by=somebody)
    approved(proposal, leader)
    facility.refresh_from_db()
    assert facility.category == Ground(kind).makes
    ground = facility.grounds.get()
    assert (ground.entered_by, ground.approved_by, ground.document) == (by, leader, "7 号文")
    assert ground.year == (2025 if kind == "SF1" else 2026)
    with pytest.raises(Refused, match="已批准，不用再办"):
        actions.approve_proposals(proposals=[proposal], by=leader)
    client.force_login(leader)
    words = text_of(client.get(facility.get_absolute_url()))
    assert f"{Ground(kind).label} 会议纪要，7 号文，{ground.year} 年" in words
    assert f"{by}提出，{leader}批准" in words


@pytest.mark.clause("六(二)-al")
def test_without_a_ground_a_facility_is_general_and_the_page_shows_all_eighteen_criteria_unmet(client):
    unit = make_unit()
    facility = make_facility(unit)
    client.force_login(make_approver(unit))
    words = text_of(client.get(facility.get_absolute_url()))
    assert "为什么是一般对象" in words
    assert words.count("不符合：") == len(Ground) == 18
    assert "重点 11 项中符合 0 项" in words and "特殊 7 项中符合 0 项" in words


def test_who_proposes_does_not_approve_and_the_database_says_so_too():
    unit = make_unit()
    both = make_user(("REGISTRAR", unit), ("APPROVER", unit))
    proposal = actions.propose_ground(facility=make_facility(unit), kind="KF11", evidence="会议纪要", by=both)
    with pytest.raises(Refused, match="不能批准自己提出的变更"):
        actions.approve_proposals(proposals=[proposal], by=both)
    with pytest.raises(Refused, match="不能批准自己提出的变更"):
        actions.return_proposal(proposal=proposal, opinion="依据不足", by=both)
    with pytest.raises(IntegrityError, match="changeproposal_is_decided_by_another"), transaction.atomic():
        ChangeProposal.objects.update(state="APPROVED", decided_by=both, decided_at=proposal.asked_at)


def test_a_ground_needs_evidence_and_is_proposed_once():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit)
    with pytest.raises(Refused, match="写明证据"):
        actions.propose_ground(facility=facility, kind="KF3", evidence=" ", by=by)
    proposal = actions.propose_ground(facility=facility, kind="KF3", evidence="清单", by=by)
    with pytest.raises(Refused, match="正等批准。先撤回"):
        actions.propose_ground(facility=facility, kind="KF3", evidence="清单", by=by)
    approved(proposal)
    with pytest.raises(Refused, match="已经登记"):
        actions.propose_ground(facility=facility, kind="KF3", evidence="清单", by=by)
    for derived in ("KF2", "SF4"):
        with pytest.raises(Refused, match="由系统"):
            actions.propose_ground(facility=facility, kind=derived, evidence="x", by=by)
    with pytest.raises(Refused, match="不能早于纳入名录的日期"):
        actions.propose_ground(facility=facility, kind="SF3", evidence="判决书", on=date(1990, 1, 1), by=by)
    assert categories.last_day("SF3", None, date(2024, 6, 1)) == date(
        2027, 5, 31
    )  # from before the plan, still counting
    with pytest.raises(Refused, match="看上一年度：年度填 2025"):
        actions.propose_ground(facility=facility, kind="SF1", evidence="督办令", year=2026, by=by)
    with pytest.raises(Refused, match=r"2024 年的.*已于 2025-12-31 到期"):
        actions.propose_ground(facility=facility, kind="SF1", evidence="督办令", year=2024, by=by)


def test_a_returned_proposal_changes_nothing_and_tells_who_made_it():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit)
    proposal = actions.propose_ground(facility=facility, kind="SF6", evidence="会议纪要", by=by)
    with pytest.raises(Refused, match="意见写得太短"):
        actions.return_proposal(proposal=proposal, opinion="不", by=make_approver(unit))
    actions.return_proposal(proposal=proposal, opinion="依据不足", by=make_approver(unit))
    facility.refresh_from_db()
    assert (facility.category, facility.grounds.count(), facility.changes.count()) == (Category.GENERAL, 0, 0)
    assert "依据不足" in Message.objects.get(user=by).body
    actions.propose_ground(facility=facility, kind="SF6", evidence="会议纪要第 2 号", by=by)


def test_a_withdrawn_proposal_cannot_be_approved():
    unit = make_unit()
    by = make_registrar(unit)
    proposal = actions.propose_ground(facility=make_facility(unit), kind="KF3", evidence="清单", by=by)
    actions.withdraw_proposal(proposal=proposal, by=by)
    with pytest.raises(Refused, match="已撤回，不用再办"):
        approved(proposal)


def test_what_waits_is_one_duty_of_the_unit_until_nothing_waits():
    unit = make_unit()
    by = make_registrar(unit)
    first, second = (
        actions.propose_ground(facility=make_facility(unit), kind="KF3", evidence="清单", by=by) for _ in range(2)
    )
    duty = Duty.objects.open().get(rule="CHANGE")
    assert (duty.role, duty.due, duty.unit) == ("APPROVER", date(2026, 7, 9), unit)
    approved(first)
    assert Duty.objects.open().filter(rule="CHANGE").count() == 1
    approved(second)
    assert Duty.objects.open().filter(rule="CHANGE").count() == 0


def test_several_are_approved_together_or_none(client):
    unit = make_unit()
    by, leader = make_registrar(unit), make_approver(unit)
    facilities = [make_facility(unit) for _ in range(3)]
    waiting = [actions.propose_ground(facility=f, kind="KF6", evidence="登记证", by=by) for f in facilities]
    with pytest.raises(Refused, match="没有选中"):
        actions.approve_proposals(proposals=[], by=leader)
    actions.withdraw_proposal(proposal=waiting[2], by=by)
    with pytest.raises(Refused, match="这一次选中的都没有批准"), transaction.atomic():
        actions.approve_proposals(proposals=waiting, by=leader)
    assert Facility.objects.filter(category=Category.KEY).count() == 0
    client.force_login(leader)
    post(client, reverse("registry:proposal-list"), chosen=[p.pk for p in waiting[:2]])
    assert Facility.objects.filter(category=Category.KEY).count() == 2
    assert AuditEntry.objects.filter(verb="registry.proposal.approved").count() == 2


def test_approval_asks_again_whether_it_may_be():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit)
    one = actions.propose_status(
        facility=facility, status="CLOSED", on=TODAY, reason="企业关闭", evidence="通知", by=by
    )
    Facility.objects.filter(pk=facility.pk).update(status="CLOSED")
    with pytest.raises(Refused, match="现在已经是“关闭”"):
        approved(one)
    one.refresh_from_db()
    assert one.state == ProposalState.ASKED


@pytest.mark.clause("六(二)-h")
@pytest.mark.clause("四(2)-a")
def test_a_facility_has_one_drawing_unit_and_the_taking_unit_decides():
    unit, team = make_unit(), make_city_team()
    by = make_registrar(unit)
    facility = make_facility(unit)
    proposal = actions.propose_transfer(facility=facility, unit=team, reason="改为市管", evidence="市局通知", by=by)
    with pytest.raises(Refused, match="由市执法队的分管负责人批准"):
        actions.approve_proposals(proposals=[proposal], by=make_approver(unit))
    approved(proposal, make_approver(team))
    facility.refresh_from_db()
    assert (facility.unit, facility.managed_by_city) == (team, True)
    assert last_change().values == {"unit": [unit.code, team.code], "managed_by_city": [False, True]}
    assert history.check(Facility.objects.select_related("unit").get()).whole
    section = make_unit("210504-S", kind="COUNTY_SECTION")
    with pytest.raises(Refused, match="不单独抽取"):
        actions.propose_transfer(
            facility=facility, unit=section, reason="改为分局管", evidence="通知", by=make_registrar(team)
        )


def test_no_transfer_between_freeze_and_release_whoever_was_drawn(at):  # `at` puts the clock back
    unit, other = make_unit(), make_unit("210503")
    facility = make_facility(unit)
    draw = make_held_draw(unit)
    assert draw.status in (DrawStatus.FROZEN, DrawStatus.DRAWN)
    with pytest.raises(Refused, match="名单公开以后再移交"):
        actions.propose_transfer(
            facility=facility, unit=other, reason="属地调整", evidence="通知", by=make_registrar(unit)
        )


def test_the_list_keeps_the_old_value_and_marks_what_waits(client):
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, name="甲厂")
    actions.propose_status(facility=facility, status="CLOSED", on=TODAY, reason="企业关闭", evidence="通知", by=by)
    client.force_login(by)
    words = text_of(client.get(reverse("registry:facility-list")))
    assert "在产 有变更待批准" in words
    words = text_of(client.get(facility.get_absolute_url()))
    assert "待批准：生产状态 在产 → 关闭" in words and "撤回申请" in words
    assert "批准 退回" not in words


def test_the_page_of_proposals_takes_the_same_queries_at_one_row_and_at_thirty(client):
    unit = make_unit()
    by, leader = make_registrar(unit), make_approver(unit)
    client.force_login(leader)

    def queries(rows):
        while ChangeProposal.objects.count() < rows:
            actions.propose_ground(facility=make_facility(unit), kind="KF6", evidence="登记证", by=by)
        client.get(reverse("registry:proposal-list"))
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("registry:proposal-list")).content.decode().count('name="chosen"') == rows
        return len(seen)

    assert queries(1) == queries(30)
