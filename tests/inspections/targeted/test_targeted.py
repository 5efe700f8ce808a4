"""Targeted checks: each source with its reference, approval before the visit, and nothing of the draw (三, 七(一)3)."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.workdays.days import Quarter
from inspections import tasks
from inspections.campaigns import actions as campaign_actions
from inspections.campaigns import rules as campaign_rules
from inspections.models import (
    REFERENCES,
    Campaign,
    Inspection,
    InspectionStatus,
    Mode,
    Source,
    TargetedCheck,
    TargetedState,
    VisitMember,
)
from inspections.paperwork.notice_papers import NoticeFacts
from inspections.review import actions as review_actions
from inspections.targeted import actions, rules
from plans.bases import actions as basis_actions
from plans.models import ItemBasis
from plans.quotas import history
from registry.models import (
    AbsenceKind,
    Category,
    ConflictKind,
    ConflictOfInterest,
    InspectorAbsence,
    OperatingStatus,
)
from tests.browsing import refused, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_lead_office,
    make_listed,
    make_planner,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.checks.test_items_without_basis import repeal
from tests.inspections.factories import answer_all, finish, make_published, ready, start
from tests.inspections.targeted.factories import (
    approve,
    ask,
    make_approved,
    make_campaign,
    make_kind,
    reference_for,
)
from tests.plans.draw.factories import make_item_list, move_clock

pytestmark = pytest.mark.django_db

SOURCES = [s for s in Source if s != Source.DRAW]


@pytest.fixture(autouse=True)
def a_day_in_july(at):
    at("2026-07-06 09:00")


@pytest.mark.clause("三-b", "三-c", "三-d", "三-e", "三-f", "三-g", "三-h", "三-i", "三-j", "三-k", "三-l", "三-m")
@pytest.mark.parametrize("source", SOURCES)
def test_each_source_is_raised_with_its_reference_and_becomes_a_check_of_that_source(source):
    asked = make_approved(source=source)

    visit = asked.inspection
    assert (visit.source, visit.no, visit.facility, visit.mode) == (source, asked.no, asked.facility, Mode.ONSITE)
    assert (visit.draw_id, visit.pick_id, visit.status) == (None, None, InspectionStatus.DISPATCHED)
    assert {(m.inspector_id, m.is_leader) for m in visit.members.all()} == {
        (m.inspector_id, m.is_leader) for m in asked.members.all()
    }
    assert list(visit.answers.values_list("item_code", "text")) == [("A01", "污染防治设施是否正常运行")]


WITHOUT = [(s, name) for s, names in REFERENCES.items() for name in names if name in rules.ASKED[s]]


@pytest.mark.clause("三-b", "三-c", "三-d", "三-e", "三-f", "三-g", "三-h", "三-i", "三-j", "三-k", "三-l", "三-m")
@pytest.mark.parametrize(("source", "left_out"), [*WITHOUT, (Source.REVIEW, "reference_no")])
def test_a_source_without_its_reference_is_refused(source, left_out):
    unit = make_unit()
    facility = make_facility(unit)
    reference = reference_for(source, unit, facility)
    for empty in (None, "", "  ") if isinstance(reference[left_out], str) else (None,):
        with refused("要写明"):
            ask(unit, source, facility=facility, reference={**reference, left_out: empty})
    assert not TargetedCheck.objects.exists()


@pytest.mark.clause("三-b", "三-g", "三-j")
@pytest.mark.parametrize("source", [Source.COMPLAINT, Source.REVIEW, Source.CAMPAIGN, Source.OTHER_TARGETED])
def test_the_database_refuses_a_reference_taken_away(source):
    asked = ask(source=source)
    empty = {"reference_no": "", "reference_text": "", "campaign": None, "original": None, "complaint": None}

    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.filter(pk=asked.pk).update(**empty)


@pytest.mark.clause("三-n", "一-a", "四(1)-a")
def test_a_daily_check_cannot_be_raised_nor_stored_without_a_pick():
    unit = make_unit()
    with refused("日常检查只能从抽取结果派发"):
        ask(unit, Source.DRAW, reference={})
    asked = make_approved(unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        Inspection.objects.filter(pk=asked.inspection_id).update(source=Source.DRAW)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.filter(pk=asked.pk).update(source=Source.DRAW)


@pytest.mark.clause("七(一)3-a", "七(一)3-b")
def test_a_special_facility_is_checked_at_any_time_and_only_a_special_one():
    unit = make_unit()
    special = make_facility(unit, category=Category.SPECIAL)
    for _ in range(4):
        make_approved(unit, Source.SPECIAL_FACILITY, facility=special)
    assert special.inspections.count() == 4

    with refused("只有特殊监管对象可以随时发起检查"):
        ask(unit, Source.SPECIAL_FACILITY, facility=make_facility(unit))
    with refused("检查事由写得太短"):
        ask(unit, Source.SPECIAL_FACILITY, reason="查")


@pytest.mark.clause("七(五)-o", "七(一)3-b")
def test_of_a_branchs_checks_the_lead_office_reads_what_is_public():
    """It raises those of the city team alone, and read whom each branch was about to visit (decision 0112)."""
    unit, city, lead = make_unit(), make_city_team(), make_lead_office()
    asked = ask(unit)
    theirs = ask(city, by=lead, facility=make_facility(unit))
    assert set(TargetedCheck.objects.visible_to(lead)) == {theirs}
    for reader in (make_planner(unit), make_approver(unit), make_supervisor()):
        assert asked in TargetedCheck.objects.visible_to(reader)
    assert asked.no not in text_of(signed_in(lead).get(f"/desk/tasks/targeted/?unit={unit.code}"))
    approve(asked, by=make_approver(unit), document_no="本环检批〔2026〕5号")
    assert set(TargetedCheck.objects.visible_to(lead)) == {theirs}
    TargetedCheck.objects.filter(pk=asked.pk).update(inspection=make_published(unit))
    assert asked in TargetedCheck.objects.visible_to(lead)


@pytest.mark.clause("七(一)3-b")
def test_planner_and_lead_office_raise_and_the_leader_approves_with_a_document():
    unit, city = make_unit(), make_city_team()
    with refused("只有本单位的计划员和市执法队牵头部门"):
        ask(unit, by=make_planner(make_unit("210503")))
    with refused("只有本单位的计划员和市执法队牵头部门"):
        ask(unit, by=make_lead_office())
    theirs = ask(city, by=make_lead_office(), facility=make_facility(unit))
    assert theirs.unit == city

    asked = ask(unit)
    with refused("由本单位分管负责人批准"):
        approve(asked, by=make_approver(city))
    with refused("填写批准文号"):
        approve(asked, document_no=" ")
    approver = make_approver(unit)
    asked = approve(asked, by=approver, document_no="本环检批〔2026〕5号")
    assert (asked.state, asked.decided_by, asked.document_no) == (
        TargetedState.APPROVED,
        approver,
        "本环检批〔2026〕5号",
    )
    assert Duty.objects.get(rule="N-6", period=asked.no).closed_at is not None


def test_who_asked_never_approves():
    unit = make_unit()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    asked = ask(unit, by=both)

    with refused("发起检查的人不能自己批准"):
        approve(asked, by=both)
    with refused("发起检查的人不能自己批准"):
        actions.refuse_check(asked=asked, by=both, opinion="不同意这样办")
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.filter(pk=asked.pk).update(decided_by=both)


def test_nobody_is_sent_before_the_approval_and_a_refused_one_is_over():
    unit = make_unit()
    asked = ask(unit)
    assert asked.inspection is None and not Inspection.objects.exists()

    with refused("理由写得太短"):
        actions.refuse_check(asked=asked, by=make_approver(unit), opinion="")
    asked = actions.refuse_check(asked=asked, by=make_approver(unit), opinion="线索不足，先核实")
    assert asked.state == TargetedState.RETURNED and not Inspection.objects.exists()
    with refused("不能再办"):
        approve(asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetedCheck.objects.filter(pk=asked.pk).update(inspection=make_approved(unit).inspection)


@pytest.mark.clause("三-h")
def test_an_emergency_goes_out_at_once_and_its_result_waits_for_the_approval():
    unit = make_unit()
    asked = ask(unit, Source.EMERGENCY)
    visit = asked.inspection
    assert (visit.status, asked.state) == (InspectionStatus.DISPATCHED, TargetedState.ASKED)
    assert Duty.objects.get(rule="N-6", period=asked.no).due == clock.today() + timedelta(days=1)

    ready(visit)
    move_clock(clock.now() + timedelta(hours=1))
    finish(answer_all(start(visit)))
    reviewer = make_approver(unit)
    with refused("还没有补办批准"):
        review_actions.review_result(inspection=visit, by=reviewer)
    asked = approve(asked)
    assert asked.is_late and asked.inspection == visit
    review_actions.review_result(inspection=visit, by=reviewer)
    entry = AuditEntry.objects.get(verb="inspections.targeted.approved")
    assert entry.details["late"] is True


def test_an_emergency_that_is_not_approved_is_called_off_while_nobody_has_begun():
    unit = make_unit()
    asked = ask(unit, Source.EMERGENCY)
    team = [m.inspector.user for m in asked.inspection.members.select_related("inspector__user")]

    actions.refuse_check(asked=asked, by=make_approver(unit), opinion="误报，已核实")

    visit = Inspection.objects.get(pk=asked.inspection_id)
    assert visit.status == InspectionStatus.CANCELLED and not visit.members.exists()
    assert not Inspection.objects.visible_to(team[0]).exists()
    assert Message.objects.filter(user=team[0], title__contains="取消").exists()


def test_the_team_is_chosen_by_the_rules_of_a_drawn_one():
    unit = make_unit()
    place = make_facility(unit, scopes=["RAD"])
    good = [make_inspector(unit, with_user=True, scopes=["RAD"]) for _ in range(3)]
    make = lambda *team, **more: ask(unit, facility=place, team=list(team), **more)  # noqa: E731
    with refused("至少二名|至少两名"):
        make(good[0])
    with refused("选择组长"):
        make(None, *good[:2])
    with refused("组长不用再选为组员"):
        make(good[0], good[0])
    with refused("不是明山分局的检查人员"):
        make(good[0], make_inspector(make_unit("210503"), scopes=["RAD"]))
    with refused("没有登记为可任组长"):
        make(make_inspector(unit, can_lead=False, scopes=["RAD"]), good[0])
    with refused("执法证"):
        make(good[0], good[1], make_inspector(unit, certificate_no="", certificate_from=None, certificate_to=None))
    with refused("没有这次检查要求的专业资格"):
        make(good[0], make_inspector(unit))
    InspectorAbsence.objects.create(
        inspector=good[2], kind=AbsenceKind.LEAVE, starts_on=clock.today(), ends_on=clock.today() + timedelta(days=40)
    )
    with refused("都不在岗"):
        make(good[0], good[2])
    ConflictOfInterest.objects.create(
        inspector=good[1],
        facility=place,
        kind=ConflictKind.RELATIVE,
        reason="近亲属任职",
        valid_from=clock.today(),
        asked_by=good[1].user,
        asked_at=clock.now(),
    )
    with refused("应当回避"):
        make(good[0], good[1])


def test_an_interest_declared_after_the_request_stops_the_approval():
    unit = make_unit()
    asked = ask(unit)
    person = asked.members.first().inspector
    ConflictOfInterest.objects.create(
        inspector=person,
        facility=asked.facility,
        kind=ConflictKind.RELATIVE,
        reason="近亲属任职",
        valid_from=clock.today(),
        asked_by=person.user,
        asked_at=clock.now(),
    )

    with refused("应当回避"):
        approve(asked)


def test_only_what_is_on_the_books_and_only_published_items():
    unit, other = make_unit(), make_unit("210503")
    with refused("不由明山分局监管"):
        ask(unit, facility=make_facility(other))
    with refused("不在名录内"):
        ask(unit, facility=make_facility(unit, status=OperatingStatus.CLOSED))
    with refused("至少选一个检查事项"):
        ask(unit, items=[])
    with refused("完成日期早于今天"):
        ask(unit, finish_by=clock.today() - timedelta(days=1))
    late = make_item_list().items.get()
    late.pk, late.code, late.valid_from = None, "Z99", clock.today() + timedelta(days=9)
    late.save()
    with refused("不在已公开、有效的事项清单里"):
        ask(unit, items=[late])


@pytest.mark.clause("四(1)-c")
def test_an_item_whose_basis_was_repealed_is_neither_offered_nor_checked(at):
    at("2026-07-06 09:00")
    unit = make_unit()
    waiting, item = ask(unit), make_item_list().items.get()
    law = basis_actions.enter_basis(
        by=make_lead_office(), data={"title": "示例保护法", "kind": "LAW"}, articles=["第二十四条"]
    )
    ItemBasis.objects.create(item=item, basis=law, article=law.articles.get(), position=1)
    assert list(rules.items_offered(unit, clock.today())) == [item]
    repeal(law, clock.today())

    assert list(rules.items_offered(unit, clock.today())) == []
    with refused(f"事项 {item.code}“{item.name}”没有有效的法律依据"):
        ask(unit, items=[item])
    with refused("没有有效的法律依据"):
        approve(waiting)


@pytest.mark.clause("三-j")
def test_a_campaign_binds_period_scope_and_number_and_closes_by_itself():
    unit = make_unit()
    campaign = make_campaign(unit, categories=[Category.GENERAL], most_checks=2)
    ends = campaign.ends_on
    with refused("完成日期不能更晚"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": campaign}, finish_by=ends + timedelta(days=1))
    with refused("只检查一般监管对象"):
        ask(
            unit,
            Source.CAMPAIGN,
            reference={"campaign": campaign},
            facility=make_facility(unit, category=Category.KEY),
        )
    sent = make_approved(unit, Source.CAMPAIGN, reference={"campaign": campaign}, finish_by=ends)
    waiting = ask(unit, Source.CAMPAIGN, reference={"campaign": campaign}, finish_by=ends)
    with refused("最多检查 2 家，已经满了"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": campaign}, finish_by=ends)

    move_clock(clock.now() + timedelta(days=21))
    tasks.campaigns_daily()
    tasks.campaigns_daily()

    for asked in (sent, waiting):
        asked.refresh_from_db()
        assert asked.state == TargetedState.CLOSED
    assert Inspection.objects.get(pk=sent.inspection_id).status == InspectionStatus.CANCELLED
    assert AuditEntry.objects.filter(verb="inspections.campaign.closed").count() == 1
    with refused("结束，现在不能发起"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": campaign})


def test_a_campaign_needs_document_scope_and_dates_in_order():
    with refused("要写明批准文件"):
        make_campaign(document=" ")
    with refused("要写明范围和内容"):
        make_campaign(scope="")
    for name in (make_unit().name, make_unit().short_name):
        with refused("本单位不能批准自己的专项检查"):
            make_campaign(approving_body=name)
    with refused("结束日期早于开始日期"):
        make_campaign(ends_on=clock.today() - timedelta(days=1))
    with refused("只有本单位的计划员"):
        make_campaign(by=make_approver(make_unit()))
    with refused("最多 365 天"):
        make_campaign(ends_on=date(2099, 1, 1))
    with refused("开始日期在 365 天以后"):
        make_campaign(starts_on=date(2098, 3, 1), ends_on=date(2098, 6, 1))
    with refused("由市执法队牵头部门登记"):
        make_campaign(from_superior=True)
    assert make_campaign(ends_on=clock.today() + timedelta(days=364), approved=False)


@pytest.mark.clause("三-j")
def test_nothing_rests_on_a_campaign_before_the_leader_approved_it():
    unit = make_unit()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    campaign, leader = make_campaign(unit, by=both, approved=False), make_approver(unit)
    with refused("还没有批准"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": campaign})
    assert list(campaign_rules.campaigns_for(unit, clock.today())) == []
    with refused("不能自己批准"):
        campaign_actions.approve_campaign(campaign=campaign, by=both)
    with refused("由本单位分管负责人批准"):
        campaign_actions.approve_campaign(campaign=campaign, by=make_approver(make_city_team()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Campaign.objects.update(state="APPROVED", decided_by=both, decided_at=clock.now())

    campaign = campaign_actions.approve_campaign(campaign=campaign, by=leader)

    assert ask(unit, Source.CAMPAIGN, reference={"campaign": campaign})
    with refused("已经批准"):
        campaign_actions.approve_campaign(campaign=campaign, by=leader)
    endless = make_campaign(unit, approved=False)
    Campaign.objects.filter(pk=endless.pk).update(ends_on=date(2099, 1, 1))  # entered before there was a limit
    with refused("最多 365 天"):
        campaign_actions.approve_campaign(campaign=endless, by=leader)
    late = make_campaign(unit, approved=False)
    move_clock(clock.now() + timedelta(days=21))
    with refused("结束，不能再批准"):
        campaign_actions.approve_campaign(campaign=late, by=leader)


def test_a_campaign_of_the_city_is_open_to_every_branch_and_a_branchs_own_to_nobody_else():
    unit, other = make_unit(), make_unit("210503")
    make_approved(unit, Source.CAMPAIGN, reference={"campaign": make_campaign(make_city_team())})
    with refused("由溪湖分局组织"):
        ask(unit, Source.CAMPAIGN, reference={"campaign": make_campaign(other)})


@pytest.mark.clause("三-m")
def test_the_kinds_behind_and_so_on_are_lengthened_and_retired_by_the_lead_office():
    unit = make_unit()
    kind = make_kind()
    asked = ask(unit, Source.OTHER_TARGETED, reference={"kind": kind, "reference_text": "司法建议书第 4 条"})
    with refused("由市执法队牵头部门登记"):
        actions.make_kind(code="T02", label="其他", basis="示例", by=make_planner(unit))
    with refused("已经有了"):
        make_kind()
    kind = actions.retire_kind(kind=kind, by=make_lead_office())
    with refused("已经停用"):
        ask(unit, Source.OTHER_TARGETED, reference={"kind": kind, "reference_text": "司法建议书第 5 条"})
    asked.refresh_from_db()
    assert asked.kind == kind


def test_a_review_names_the_earlier_check():
    unit = make_unit()
    earlier = make_published(unit)

    asked = ask(unit, Source.REVIEW, facility=earlier.facility, reference={"original": earlier, "reference_no": ""})

    assert asked.original == earlier
    with refused(f"复查 {asked.no} 待批准，办完以后再安排"):  # as on the page of the 整改: it counts against no cap
        ask(unit, Source.REVIEW, facility=earlier.facility, reference={"original": earlier, "reference_no": ""})


@pytest.mark.clause("四(1)-b")
def test_a_targeted_check_counts_for_nothing_that_the_draw_counts():
    unit = make_unit()
    key = make_facility(unit, category=Category.KEY)
    for _ in range(3):
        make_approved(unit, Source.COMPLAINT, facility=key)

    past = history.seen_and_times(unit, Quarter.of(clock.today()), ["A01"])

    assert (past.times, past.this_year, past.this_cycle, past.this_quarter) == ({}, frozenset(), frozenset(), {})


def test_the_visit_goes_the_way_of_every_check_and_its_number_does_not_disturb_the_draws(at):
    unit = make_unit()
    asked = make_approved(unit)
    visit = asked.inspection
    people = [m.inspector for m in visit.members.select_related("inspector__user")]
    assert Message.objects.filter(user=people[0].user, title="收到 1 件检查任务").exists()
    assert asked.facility.name not in "".join(Message.objects.values_list("title", flat=True))

    ready(visit)
    move_clock(clock.now() + timedelta(hours=1))
    finish(answer_all(start(visit)))
    review_actions.review_result(inspection=visit, by=make_approver(unit))
    visit.refresh_from_db()
    assert visit.status == InspectionStatus.REVIEWED
    assert ask(unit).no == "210504-2026Q3-T002"


def test_the_section_that_serves_a_branch_carries_it_out():
    unit = make_unit()
    section = make_unit("210504-K", kind="COUNTY_SECTION", name="明山科", serves=unit)

    assert rules.executing_unit(unit) == section
    assert VisitMember.objects.count() == 0


def test_a_place_on_the_positive_list_is_not_entered_but_for_the_reasons_of_the_list():
    unit = make_unit()
    place = make_facility(unit)
    make_listed(place)
    with refused("在正面清单内"):
        ask(unit, Source.JOINT, facility=place)

    assert ask(unit, Source.JOINT, facility=place, mode=Mode.OFFSITE)
    assert ask(unit, Source.COMPLAINT, facility=place)


@pytest.mark.clause("七(一)3-b")
def test_the_notice_of_the_visit_names_its_source_and_carries_no_draw():
    check = make_approved(source=Source.SPECIAL_FACILITY).inspection
    facts = NoticeFacts(check)

    assert (facts.of("source"), facts.of("slip")) == (f"特殊监管对象检查，检查编号 {check.no}", "")
