"""公开 as an act: who may, when, what is frozen, and what follows (四(3), 八(二))."""

from datetime import date

import pytest

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.policy import on
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import digests
from disclosure.models import Publication, PublicationKind
from disclosure.publishing import actions
from inspections.models import InspectionStatus
from plans.filings import actions as filings_actions
from plans.lists import actions as lists_actions
from plans.models import ListStatus, PlanStatus
from tests.disclosure.factories import make_published_list, make_published_plan, make_published_result
from tests.factories import (
    make_disclosure_officer,
    make_facility,
    make_inspector,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_finished, make_inspection, make_reviewed
from tests.plans.factories import make_list, make_plan

pytestmark = pytest.mark.django_db


# --- results ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-a", "七(四)-6", "五-4g")
def test_publishing_a_result_freezes_it_and_tells_the_inspection():
    inspection = make_reviewed(problem="标签缺项 2 处")
    officer = make_disclosure_officer(inspection.unit)

    publication = actions.publish_result(inspection=inspection, by=officer)

    inspection.refresh_from_db()
    assert (inspection.status, inspection.published_at) == (InspectionStatus.PUBLISHED, publication.published_at)
    assert (publication.kind, publication.no, publication.version) == (PublicationKind.RESULT, inspection.no, 1)
    assert publication.outcome == "RECTIFY_ORDERED"
    assert publication.checked_on == date(2026, 7, 6)
    assert [(i["answer"], i["words"], i["handling"]) for i in publication.snapshot["items"]] == [
        ("NONE_FOUND", [], ""),
        ("FOUND", ["标签缺项 2 处"], "责令 7 月 20 日前改正"),
    ]
    assert publication.digest == digests.digest_of(Publication.objects.get().snapshot)
    assert AuditEntry.objects.filter(verb="disclosure.result.published", actor=officer).count() == 1


@pytest.mark.promise("P24")
@pytest.mark.clause("八(二)-c")
def test_a_snapshot_holds_nobodys_name_number_or_certificate():
    unit = make_unit()
    facility = make_facility(
        unit,
        legal_person="谷雨田",
        contact_name="邢安",
        contact_phone="13804140000",
        address="松岭路 18 号",
        latitude="41.286731",
        longitude="123.765432",
    )
    publication = make_published_result(unit, facility=facility)

    text = digests.canonical(publication.snapshot) + publication.search_text
    people = {m.inspector for m in publication_inspection(publication).members.select_related("inspector")}
    secret = {"谷雨田", "邢安", "13804140000", "松岭路", "齐某", "BX-MS-07", "以上情况属实", "41.28", "123.76"}
    secret |= {p.name for p in people} | {p.certificate_no for p in people}
    assert [word for word in secret if word in text] == []
    assert publication.snapshot["inspectors"] == 2


def publication_inspection(publication):
    from inspections.models import Inspection

    return Inspection.objects.get(no=publication.no)


@pytest.mark.clause("八(二)-c")
def test_a_natural_person_is_masked_everywhere_in_the_publication():
    unit = make_unit()
    facility = make_facility(unit, name="佟二河", is_natural_person=True, uscc="92210504MA0UTQ2T1K")

    publication = make_published_result(unit, facility=facility)

    assert publication.facility_name == "佟**"
    text = digests.canonical(publication.snapshot) + publication.search_text + publication.title
    assert "二河" not in text
    assert "92210504" not in text


@pytest.mark.clause("八(二)-b")
def test_only_the_units_own_disclosure_officer_publishes():
    inspection = make_reviewed()
    neighbour = make_disclosure_officer(make_unit("210503"))
    planner = make_planner(inspection.unit)

    for somebody in (neighbour, planner):
        with pytest.raises(Refused, match="只有明山分局的公示员可以公开"):
            actions.publish_result(inspection=inspection, by=somebody)
    assert not Publication.objects.exists()


@pytest.mark.clause("八(二)-b")
def test_whoever_reviewed_does_not_publish():
    """ui-2.md 26: one by one and several at once."""
    inspection = make_reviewed()
    both = User.objects.get(pk=inspection.reviewed_by_id)
    both.grants.create(unit=inspection.unit, role=Role.DISCLOSURE_OFFICER, valid_from=date(2025, 1, 1), document="任命")
    with pytest.raises(Refused, match="审核这项结果的人不能公开"):
        actions.publish_result(inspection=inspection, by=both)
    batch = actions.publish_results(inspections=[inspection], by=both)
    assert not batch.published and "审核这项结果的人不能公开" in batch.left[0][1]


@pytest.mark.clause("八(二)-b")
def test_whoever_recorded_or_answered_does_not_publish():
    unit = make_unit()
    people = [make_inspector(unit, with_user=True) for _ in range(2)]
    recorder = people[0].user
    recorder.grants.create(unit=unit, role=Role.DISCLOSURE_OFFICER, valid_from=date(2025, 1, 1), document="任命")

    inspection = make_reviewed(unit, team=people)

    with pytest.raises(Refused, match="记录检查情况的人不能公开自己的记录"):
        actions.publish_result(inspection=inspection, by=recorder)


@pytest.mark.clause("七(四)-6")
@pytest.mark.parametrize("make", [make_inspection, make_finished])
def test_a_result_is_published_only_after_its_review(make):
    inspection = make()
    with pytest.raises(Refused, match="审核通过之后才能公开"):
        actions.publish_result(inspection=inspection, by=make_disclosure_officer(inspection.unit))


def test_a_result_is_published_once():
    inspection = make_reviewed()
    officer = make_disclosure_officer(inspection.unit)
    actions.publish_result(inspection=inspection, by=officer)
    with pytest.raises(Refused, match="已经公开"):
        actions.publish_result(inspection=inspection, by=officer)
    assert Publication.objects.count() == 1


@pytest.mark.clause("八(二)-d")
def test_after_twenty_working_days_a_reason_is_wanted_and_published(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed()
    officer = make_disclosure_officer(inspection.unit)
    assert inspection.publish_by == date(2026, 8, 3)  # 20 working days after 6 July, none of them a holiday

    at("2026-08-04 09:00")
    with pytest.raises(Refused, match="距 7 月 6 日查结已满 20 个工作日。现在公开，并写明逾期原因"):
        actions.publish_result(inspection=inspection, by=officer)
    publication = actions.publish_result(inspection=inspection, by=officer, late_reason="等待检测报告")

    assert (publication.workday_number, publication.late_reason) == (21, "等待检测报告")
    assert publication.snapshot["late_reason"] == "等待检测报告"


@pytest.mark.clause("八(二)-d")
def test_on_the_twentieth_working_day_it_is_still_in_time(at):
    at("2026-07-06 10:00")
    inspection = make_reviewed()
    at("2026-08-03 23:59")
    publication = actions.publish_result(
        inspection=inspection, by=make_disclosure_officer(inspection.unit), late_reason="不需要"
    )
    assert (publication.workday_number, publication.late_reason) == (20, "")


def test_a_batch_publishes_what_is_clean_and_leaves_the_rest_with_its_reason():
    unit = make_unit()
    officer = make_disclosure_officer(unit)
    clean, bad = make_reviewed(unit), make_reviewed(unit, problem="联系 13804140000 核实")

    batch = actions.publish_results(inspections=[clean, bad], by=officer)

    assert [p.no for p in batch.published] == [clean.no]
    assert [(i.no, reason) for i, reason in batch.left] == [(bad.no, "发现问题")]
    bad.refresh_from_db()
    assert bad.status == InspectionStatus.REVIEWED


# --- lists, plans, the summary ----------------------------------------------------------------------------------


@pytest.mark.clause("四(3)-c", "0-a")
def test_publishing_a_list_freezes_it_with_the_plans_own_label():
    publication = make_published_list()

    assert publication.kind == PublicationKind.ITEM_LIST
    assert publication.snapshot["policy_label"] == on(date(2026, 1, 1)).label == "（试行）"
    assert len(publication.snapshot["items"]) >= 8
    assert publication.digest == digests.digest_of(Publication.objects.get().snapshot)


@pytest.mark.clause("四(3)-c", "八(二)-b")
def test_a_list_is_not_published_by_its_author_nor_before_its_approval():
    unit = make_list(upto="DRAFT").unit
    author = make_user((Role.LEAD_OFFICE, unit), (Role.DISCLOSURE_OFFICER, unit))
    item_list = unit.item_lists.get()
    with pytest.raises(Refused, match="批准之后才能公开"):
        actions.publish_list(item_list=item_list, by=make_disclosure_officer(unit))

    lists_actions.submit_list(item_list=item_list, by=author)
    from tests.factories import make_approver

    lists_actions.approve_list(item_list=item_list, by=make_approver(unit))
    item_list.refresh_from_db()
    with pytest.raises(Refused, match="编制清单的人不能自己公开"):
        actions.publish_list(item_list=item_list, by=author)
    actions.publish_list(item_list=item_list, by=make_disclosure_officer(unit))
    item_list.refresh_from_db()
    assert item_list.status == ListStatus.PUBLISHED


@pytest.mark.clause("四(3)-d")
def test_publishing_a_plan_marks_it_published_at_the_databases_time():
    plan = make_plan(upto="APPROVED")
    publication = actions.publish_plan(plan=plan, by=make_disclosure_officer(plan.unit))

    plan.refresh_from_db()
    assert (plan.status, plan.published_at) == (PlanStatus.PUBLISHED, publication.published_at)
    assert {s["category"] for s in publication.snapshot["strata"]} == {"key", "general", "special"}


@pytest.mark.clause("八(二)-b")
def test_a_plan_is_not_published_by_its_author_or_another_unit():
    author = make_user((Role.PLANNER, make_unit()), (Role.DISCLOSURE_OFFICER, make_unit()))
    plan = make_plan(upto="APPROVED", by=author)
    with pytest.raises(Refused, match="编制计划的人不能自己公开"):
        actions.publish_plan(plan=plan, by=author)
    with pytest.raises(Refused, match="只有明山分局的公示员"):
        actions.publish_plan(plan=plan, by=make_disclosure_officer(make_unit("210503")))


def test_the_summary_waits_for_every_units_plan_and_comes_once():
    publication = make_published_plan()
    unit = make_unit()
    lead = make_user((Role.LEAD_OFFICE, make_unit("210500", kind="CITY_TEAM")))
    quarter = Quarter(2026, 3)
    with pytest.raises(Refused, match="还没有收齐：市执法队、明山分局的计划没有公开"):
        actions.publish_plan_summary(quarter=quarter, by=lead)

    city = make_plan(make_unit("210500"), upto="APPROVED")
    actions.publish_plan(plan=city, by=make_disclosure_officer(city.unit))
    for plan in [*unit.plans.all(), city]:
        filings_actions.receive_plan(plan=plan, by=lead)
    with pytest.raises(Refused, match="由牵头部门汇总公开"):
        actions.publish_plan_summary(quarter=quarter, by=make_disclosure_officer(unit))
    summary = actions.publish_plan_summary(quarter=quarter, by=lead)

    assert [(u["name"], u["digest"]) for u in summary.snapshot["units"]][1:] == [("明山分局", publication.digest)]
    with pytest.raises(Refused, match="已经公开"):
        actions.publish_plan_summary(quarter=quarter, by=lead)
