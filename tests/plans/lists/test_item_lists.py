"""The item list of a year (六(一)1, 三)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.first_use import actions as first_use_actions
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.refusal import Refused
from plans.lists import actions as lists_actions
from plans.lists import rules
from plans.lists.starting_list import ITEMS
from plans.models import InspectionItem, ItemCategory, ItemList, LegalBasis, ListStatus
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import papers
from plans.quarterly.public_facts import PlanFacts
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_unit,
    make_user,
)
from tests.plans.factories import advance_list, make_branch, make_list, make_plan

pytestmark = pytest.mark.django_db

LOCAL_ITEM = {
    "code": "L01",
    "category": ItemCategory.MEASURES,
    "name": "餐饮油烟治理情况",
    "content": "油烟净化设施安装和运行",
    "objects_text": "餐饮服务单位",
    "importance": "GENERAL",
    "modes": "ONSITE",
    "ratio_text": "由计划确定",
    "frequency_text": "每季度一次",
    "body": "明山分局",
    "valid_from": date(2026, 1, 1),
}
POINTS = [{"text": "净化设施", "standard": "正常运行", "basis": ""}]


def cites(title="中华人民共和国大气污染防治法"):
    return [(LegalBasis.objects.get(title=title), None)]


@pytest.mark.clause("三-o")
@pytest.mark.clause("三-o1")
@pytest.mark.clause("三-o2")
@pytest.mark.clause("三-o3")
@pytest.mark.clause("三-o4")
@pytest.mark.clause("三-o5")
@pytest.mark.clause("三-o6")
@pytest.mark.clause("三-o7")
@pytest.mark.clause("三-o8")
@pytest.mark.clause("六(一)1-a", "二-d")
def test_the_first_list_holds_all_eight_kinds_with_check_points_and_a_legal_basis():
    item_list = make_list(upto="DRAFT")

    items = list(item_list.items.prefetch_related("points"))
    assert {item.category for item in items} == {1, 2, 3, 4, 5, 6, 7, 8}
    assert all(3 <= item.points.count() <= 6 for item in items)
    assert all(item.legal_basis.startswith("《") for item in items)
    assert [i.name for i in items if i.category == ItemCategory.PROJECTS] == [
        "建设项目环评及批复落实情况",
        "建设项目“三同时”制度落实情况",
        "建设项目竣工环境保护自主验收情况",
    ]
    assert [i.needs_scope for i in items if i.category == ItemCategory.RADIATION] == ["RAD"]
    assert rules.list_problems(item_list, date(2026, 1, 1)) == []


@pytest.mark.clause("四(1)-c")
@pytest.mark.parametrize("category", list(ItemCategory))
def test_a_city_list_without_one_of_the_eight_kinds_is_refused(category):
    item_list = make_list(upto="DRAFT")
    planner = make_lead_office()
    for item in item_list.items.filter(category=category):
        lists_actions.remove_item(item_list=item_list, item=item, by=planner)

    with pytest.raises(Refused, match=category.label):
        lists_actions.submit_list(item_list=item_list, by=planner)


def test_an_item_without_check_points_is_refused():
    item_list = make_list(upto="DRAFT")
    item_list.items.get(code="A01").points.all().delete()

    with pytest.raises(Refused, match="没有检查要点"):
        lists_actions.submit_list(item_list=item_list, by=make_lead_office())


@pytest.mark.clause("六(一)1-a")
def test_who_made_or_submitted_a_list_cannot_approve_it():
    city = make_city_team()
    both = make_user((Role.LEAD_OFFICE, city), (Role.APPROVER, city))
    made_by_both = lists_actions.draft_list(unit=city, year=2026, by=both)
    item_list = lists_actions.submit_list(item_list=made_by_both, by=make_lead_office())

    with pytest.raises(Refused, match="另一名分管负责人"):
        lists_actions.approve_list(item_list=item_list, by=both)
    with transaction.atomic(), pytest.raises(IntegrityError, match="list_is_not_approved_by_who_submitted_it"):
        ItemList.objects.filter(pk=item_list.pk).update(approved_by=item_list.submitted_by)

    officer = make_disclosure_officer(city)
    approved = lists_actions.approve_list(item_list=item_list, by=make_approver(city))
    assert officer.inbox.get().duty.url == officer.inbox.get().url  # the message ends with the publication (issue 16)
    assert approved.status == ListStatus.APPROVED


@pytest.mark.clause("六(一)1-d")
def test_approval_by_5_january_closes_the_duty_in_time(at):
    moment = at("2025-12-30 10:00")
    item_list = make_list(year=2026, upto="APPROVED")

    duty = Duty.objects.get(rule="D-1", unit=item_list.unit, period="2026")
    assert (duty.due, duty.closed_at, duty.closed_by) == (date(2026, 1, 5), moment, "plans.list.approved")


@pytest.mark.clause("六(一)1-a")
def test_the_next_year_begins_as_a_copy_of_the_last():
    this_year = make_list(year=2026)

    following = lists_actions.draft_list(unit=this_year.unit, year=2027, by=make_lead_office())

    def content(item_list):
        return [
            (i.code, i.name, i.legal_basis, [p.text for p in i.points.all()])
            for i in item_list.items.prefetch_related("points")
        ]

    assert content(following) == content(this_year)
    assert {i.valid_from for i in following.items.all()} == {date(2027, 1, 1)}
    assert this_year.items.count() == len(ITEMS)


@pytest.mark.clause("六(一)1-c")
def test_a_change_within_the_year_is_a_new_version_with_its_reason():
    first = make_list(year=2026)
    planner = make_lead_office()
    with pytest.raises(Refused, match="写明原因"):
        lists_actions.draft_list(unit=first.unit, year=2026, by=planner)

    second = lists_actions.draft_list(unit=first.unit, year=2026, by=planner, reason="新法施行")

    assert (second.version, second.reason) == (2, "新法施行")
    assert rules.list_in_force(2026) == first  # until the new version is published
    approved = advance_list(second, "APPROVED", planner)
    assert rules.list_in_force(2026) == first
    published = lists_actions.mark_list_published(item_list=approved, by=planner, at=clock.now())
    assert rules.list_in_force(2026) == published
    with pytest.raises(Refused, match="已经公开"):
        lists_actions.draft_list(unit=first.unit, year=2026, by=planner)


def test_only_one_unpublished_list_of_a_unit_and_year():
    first = make_list(upto="DRAFT")
    with pytest.raises(Refused, match="先办完它"):
        lists_actions.draft_list(unit=first.unit, year=2026, by=make_lead_office(), reason="又一份")
    with transaction.atomic(), pytest.raises(IntegrityError, match="one_open_list_per_unit_and_year"):
        ItemList.objects.create(unit=first.unit, year=2026, version=2, created_by=first.created_by)


@pytest.mark.clause("五-4c")
def test_the_citys_list_is_the_lead_offices_and_a_branchs_additions_its_planners():
    """decisions.md 7: nobody writes the other's list, and the pages offer only one's own."""
    draft, branch = make_list(upto="DRAFT"), make_unit()
    lead, planner, city_planner = make_lead_office(), make_planner(branch), make_planner(make_city_team())
    for somebody in (planner, city_planner):
        with pytest.raises(Refused, match="全市事项清单由牵头部门编制"):
            lists_actions.draft_list(unit=draft.unit, year=2027, by=somebody)
        with pytest.raises(Refused, match="全市事项清单由牵头部门编制"):
            lists_actions.submit_list(item_list=draft, by=somebody)
    with pytest.raises(Refused, match="没有编制明山分局事项清单的权限"):
        lists_actions.draft_list(unit=branch, year=2026, by=lead)
    offered = [list(rules.units_writing_lists(user)) for user in (lead, planner, city_planner)]
    assert offered == [[draft.unit], [branch], []]
    assert duties.RULES["D-1"].role == Role.LEAD_OFFICE


@pytest.mark.clause("五-4c")
def test_a_branch_adds_local_items_under_codes_of_their_own():
    make_list()
    branch = make_unit()
    planner = make_planner(branch)
    local = lists_actions.draft_list(unit=branch, year=2026, by=planner)
    assert local.items.count() == 0

    with pytest.raises(Refused, match="以 L 开头"):
        lists_actions.save_item(
            item_list=local, by=planner, data={**LOCAL_ITEM, "code": "A09"}, points=POINTS, cites=cites()
        )
    lists_actions.save_item(item_list=local, by=planner, data=LOCAL_ITEM, points=POINTS, cites=cites())
    published = advance_list(local, "PUBLISHED", planner)

    assert rules.local_list_in_force(branch, 2026) == published
    assert rules.local_list_in_force(make_unit("210503"), 2026) is None


@pytest.mark.clause("六(一)2-c")
def test_a_plan_with_a_local_item_cites_the_local_list_on_page_paper_and_public_text(at):
    at("2026-07-02 09:00")
    make_list()
    branch = make_branch()
    planner = make_planner(branch)
    local = lists_actions.draft_list(unit=branch, year=2026, by=planner)
    lists_actions.save_item(item_list=local, by=planner, data=LOCAL_ITEM, points=POINTS, cites=cites())
    own = "2026 年明山分局随机抽查事项清单（第 1 版）"
    before = PlanFacts.of(make_plan(branch), now=clock.now()).as_snapshot()
    assert own not in render_to_string("plans/quarterly/_public_plan.html", {"facts": before})
    advance_list(local, "PUBLISHED", planner)
    plan = branch.plans.get()
    quarterly_actions.save_plan(
        plan=plan, by=planner, data={"items": {"L01": {"key": True, "general": True, "special": True}}}
    )

    facts = PlanFacts.of(plan, now=clock.now()).as_snapshot()

    assert own in render_to_string("plans/quarterly/_public_plan.html", {"facts": facts})
    assert own in render_to_string("disclosure/lists/_plan_body.html", {"plan": facts})
    paper = papers.plan_paper(facts, number="1", dated=None, made_at="2026-07-02T09:00:00+08:00")
    assert f"2026 年随机抽查事项清单、{own}，制定本计划。" in paper.blocks[0].text


def test_the_citys_items_keep_off_the_local_codes_and_each_code_is_used_once():
    item_list = make_list(upto="DRAFT")
    planner = make_lead_office()
    with pytest.raises(Refused, match="分局的补充事项"):
        lists_actions.save_item(item_list=item_list, by=planner, data=LOCAL_ITEM, points=POINTS, cites=cites())
    with pytest.raises(Refused, match="A01 已经用在另一项上"):
        lists_actions.save_item(
            item_list=item_list, by=planner, data={**LOCAL_ITEM, "code": "A01"}, points=POINTS, cites=cites()
        )


def test_a_list_is_edited_only_while_it_is_in_its_authors_hands():
    item_list = make_list(upto="SUBMITTED")
    planner = make_lead_office()
    item = InspectionItem.objects.get(list=item_list, code="A01")

    with pytest.raises(Refused, match="待审核"):
        lists_actions.remove_item(item_list=item_list, item=item, by=planner)


def test_returning_needs_an_opinion_and_the_trail_keeps_it():
    item_list = make_list(upto="SUBMITTED")
    approver = make_approver(item_list.unit)
    with pytest.raises(Refused, match="写明退回的意见"):
        lists_actions.return_list(item_list=item_list, by=approver, opinion="  ")

    returned = lists_actions.return_list(item_list=item_list, by=approver, opinion="补充碳排放的条款")

    assert (returned.status, returned.opinion) == (ListStatus.RETURNED, "补充碳排放的条款")
    assert AuditEntry.objects.get(verb="plans.list.returned").details["opinion"] == "补充碳排放的条款"


def test_an_item_holds_from_a_day_of_its_lists_year():
    make_list()
    branch = make_unit()
    planner = make_planner(branch)
    local = lists_actions.draft_list(unit=branch, year=2026, by=planner)

    for day in (date(2019, 1, 1), date(2027, 1, 1)):
        with pytest.raises(Refused, match="从 2026-01-01 到 2026-12-31"):
            lists_actions.save_item(
                item_list=local, by=planner, data={**LOCAL_ITEM, "valid_from": day}, points=POINTS, cites=cites()
            )


@pytest.mark.clause("六(一)1-d")
def test_only_the_citys_first_list_of_a_year_is_ever_late(client, at):
    at("2026-08-19 10:00")
    first = make_list(upto="DRAFT")
    client.force_login(make_lead_office())
    assert "逾期 226 天" in client.get(first.get_absolute_url()).content.decode()
    advance_list(first, "PUBLISHED", make_lead_office())
    second = lists_actions.draft_list(unit=first.unit, year=2026, by=make_lead_office(), reason="新法施行了")
    assert "逾期" not in client.get(second.get_absolute_url()).content.decode()
    branch = make_unit()
    local = lists_actions.draft_list(unit=branch, year=2026, by=make_planner(branch))
    client.force_login(make_planner(branch))

    page = client.get(local.get_absolute_url()).content.decode()

    assert "逾期" not in page and "前制定完成" not in page


def waits_for(leader, rule="ITEMLIST") -> list[str]:
    return [d.title for d in Duty.objects.visible_to(leader).open().filter(rule=rule)]


@pytest.mark.clause("六(一)1-c")
def test_every_list_waits_on_its_leaders_home_and_not_only_the_first_of_a_year():
    """The leader was told, and his home said that nothing was due: D-1 is of the city's first list of a year."""
    first, unit = make_list(year=2026), make_unit()
    office, leader = make_lead_office(), make_approver(first.unit)
    second = lists_actions.draft_list(unit=first.unit, year=2026, by=office, reason="新法施行")
    title = "审批 2026 年随机抽查事项清单（第 2 版）"

    second = lists_actions.submit_list(item_list=second, by=office)
    assert waits_for(leader) == [title] and waits_for(office) == []
    told = Message.objects.filter(user=leader).latest("pk")
    assert told.duty.url == told.url == second.get_absolute_url()
    second = lists_actions.return_list(item_list=second, by=leader, opinion="缺一条依据")
    assert waits_for(leader) == []
    second = lists_actions.submit_list(item_list=second, by=office)
    assert waits_for(leader) == [title]
    lists_actions.approve_list(item_list=second, by=leader)
    assert waits_for(leader) == []

    planner, its_leader = make_planner(unit), make_approver(unit)
    local = lists_actions.draft_list(unit=unit, year=2026, by=planner)
    lists_actions.save_item(item_list=local, by=planner, data=LOCAL_ITEM, points=POINTS, cites=cites())
    lists_actions.submit_list(item_list=local, by=planner)
    assert waits_for(its_leader) == ["审批 2026 年随机抽查事项清单（第 1 版）"] and waits_for(leader) == []


def test_the_citys_first_list_waits_once_with_d1_and_of_a_year_before_first_use_by_itself(fresh_installation, at):
    at("2026-06-20 09:00")
    first_use_actions.set_first_use(day=date(2026, 7, 1), document="本环发〔2026〕1号")
    leader = make_approver(make_city_team())
    make_list(year=2027, upto="SUBMITTED")
    assert (len(waits_for(leader, "D-1")), waits_for(leader)) == (1, [])
    make_list(year=2026, upto="SUBMITTED")
    assert (len(waits_for(leader, "D-1")), len(waits_for(leader))) == (1, 1)
