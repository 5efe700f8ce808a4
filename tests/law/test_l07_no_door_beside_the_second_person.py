"""L-7: what counts for category or draw counts only after another person's approval, whichever way it came."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts import actions as accounts
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection
from plans.amendments import actions as amendments
from plans.models import ChangeReason
from plans.quarterly.actions import approve_plan
from registry import frames
from registry.facilities import actions as facility_actions
from registry.imports import actions as imports
from registry.models import (
    BatchKind,
    Category,
    CategoryGround,
    ChangeProposal,
    Facility,
    PositiveExit,
    PositiveListEntry,
    Rating,
)
from registry.positive_list import actions as positive_list
from registry.positive_list import exits
from registry.proposals import actions as proposals
from registry.ratings.actions import enter_rating
from tests.browsing import post, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_listed,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_finished, make_published
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import make_branch, make_plan
from tests.registry.factories import approved_import
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db


def uploaded(rows, *, by, unit, kind=BatchKind.FACILITY, asked=None, ending=""):
    """Checked and confirmed by the registrar alone; `rows` are dicts or the workbook itself."""
    content = rows if isinstance(rows, bytes) else workbook(rows)
    words = {"file_name": "名录.xlsx", "content": content, "kind": kind, "unit": unit, "by": by, "asked": asked}
    return imports.confirm_import(batch=imports.check_workbook(**words), by=by, ending=ending)


def in_frame(unit):
    """What a seal of today would read: name → category, whether it stands on the positive list, status."""
    return {f.name: (f.category, f.positive, f.status) for f in frames.facilities_for_frame(unit, date(2026, 7, 8))}


@pytest.mark.clause("六(二)-r")
@pytest.mark.clause("七(三)-e")
def test_l07_one_registrar_with_a_workbook_moves_nothing_and_one_decision_moves_all(at, client):
    at("2026-07-08 09:00")
    unit = make_unit()
    by, leader, office = make_registrar(unit), make_approver(unit), make_lead_office()
    runs = make_facility(unit, name="在产厂", uscc=credit_code())
    batch = uploaded(
        [
            facility_row(name="新厂", key_grounds="重金属", key_evidence="甲号文", permit_category="重点管理"),
            facility_row(
                name="坏厂", special_grounds="环境风险等级高", special_evidence="乙号文", credit_level="严重失信"
            ),
            facility_row(name="好厂", positive="是", positive_batch="第一批", positive_from="2026-01-01"),
            facility_row(
                name="在产厂", uscc=runs.uscc, status="停产", status_on="2026-07-01", status_evidence="现场核查"
            ),
        ],
        by=by,
        unit=unit,
    )
    before = {"新厂", "坏厂", "好厂", "在产厂"}
    assert in_frame(unit) == dict.fromkeys(before, ("general", False, "OPERATING"))
    assert CategoryGround.objects.count() == PositiveListEntry.objects.count() == 0

    of_unit, of_city = (batch.proposal_batches.get(by_lead_office=city) for city in (False, True))
    client.force_login(leader)
    page = text_of(client.get(of_unit.get_absolute_url()))
    assert all(word in page for word in ("新厂", "增加依据：重金属", "甲号文", "生产状态 在产 → 停产", "坏厂"))
    assert "待批准：增加依据：重金属" in text_of(client.get(Facility.objects.get(name="新厂").get_absolute_url()))
    for asked, somebody in ((of_unit, by), (of_unit, office), (of_city, by), (of_city, leader)):
        with pytest.raises(Refused):
            proposals.approve_batch(batch=asked, by=somebody)
    assert in_frame(unit) == dict.fromkeys(before, ("general", False, "OPERATING"))

    post(client, of_unit.get_absolute_url(), decision="approve", request=of_unit.pk)
    proposals.approve_batch(batch=of_city, by=office)
    assert in_frame(unit) == {
        "新厂": ("key", False, "OPERATING"),
        "坏厂": ("special", False, "OPERATING"),
        "好厂": ("general", True, "OPERATING"),
        "在产厂": ("general", False, "SUSPENDED"),
    }
    assert set(CategoryGround.objects.values_list("entered_by", "approved_by")) == {(by.pk, leader.pk)}
    entry = PositiveListEntry.objects.get()
    assert (entry.valid_from, entry.approved_by) == (date(2026, 7, 8), office)  # never from a day before the decision


@pytest.mark.clause("六(二)-r")
def test_l07_who_asks_and_may_decide_does_not_decide_his_own():
    unit = make_unit()
    both = make_user((Role.REGISTRAR, unit), (Role.APPROVER, unit), (Role.LEAD_OFFICE, make_city_team()))
    batch = uploaded(
        [facility_row(key_grounds="两高", key_evidence="甲号文", positive="是", positive_batch="第一批")],
        by=both,
        unit=unit,
    )
    for asked in batch.proposal_batches.all():
        with pytest.raises(Refused, match="不能批准自己提出的变更"):
            proposals.approve_batch(batch=asked, by=both)


@pytest.mark.clause("六(二)-r")
@pytest.mark.clause("六(二)-m")
def test_l07_the_database_takes_no_ground_and_no_place_on_the_list_from_one_person():
    unit = make_unit()
    one, facility = make_registrar(unit), make_facility(unit)
    for approver in (None, one):
        ground = {"kind": "KF3", "evidence": "名单", "valid_from": date(2026, 7, 1), "entered_by": one}
        with pytest.raises(IntegrityError), transaction.atomic():
            CategoryGround.objects.create(facility=facility, approved_by=approver, **ground)
        entry = {"batch": "一", "document": "12 号文", "valid_from": date(2026, 7, 1), "entered_by": one}
        with pytest.raises(IntegrityError), transaction.atomic():
            PositiveListEntry.objects.create(facility=facility, approved_by=approver, **entry)


@pytest.mark.clause("六(二)-r")
def test_l07_a_form_that_changes_permit_or_credit_only_asks():
    unit = make_unit()
    by, facility = make_registrar(unit), make_facility(unit)
    for credit in ("严重失信", "绿"):
        facility_actions.change_facility(
            facility=facility,
            values={"credit_level": credit, "uscc": credit_code()},
            version=facility.version,
            reason="年度评价",
            by=by,
        )
        facility.refresh_from_db()
        assert facility.category == Category.GENERAL
    # The second change took back what the first had asked for.
    assert list(ChangeProposal.objects.values_list("subject", "state")) == [("SF4", "WITHDRAWN")]


@pytest.mark.clause("七(三)-e")
@pytest.mark.clause("六(二)-m")
def test_l07_the_positive_list_is_the_citys_and_a_registrar_alone_neither_enters_nor_leaves(at):
    at("2026-07-08 09:00")
    unit = make_unit()
    by, facility = make_registrar(unit), make_facility(unit, name="好厂")
    words = {"batch": "自定", "document": "没有文件", "reason": "守法记录良好"}
    asked = positive_list.ask_to_enter(facility=facility, by=by, **words)
    assert in_frame(unit) == {"好厂": ("general", False, "OPERATING")}
    for somebody in (by, make_approver(unit)):
        with pytest.raises(Refused):
            proposals.approve_proposals(proposals=[asked], by=somebody)
    proposals.approve_proposals(proposals=[asked], by=make_lead_office())
    assert in_frame(unit)["好厂"][1]
    positive_list.ask_to_leave(facility=facility, reason="在线监控超标三次", by=by)
    assert in_frame(unit)["好厂"][1]


def listed_in_2025(unit, by, *names):
    """Firms of last year's list, as `workbooks.md` A had them."""
    firms = [make_facility(unit, name=name, uscc=credit_code()) for name in names]
    rows = [{"名称": f.name, "统一社会信用代码": f.uscc} for f in firms]
    approved_import(
        uploaded(rows, by=by, unit=unit, kind=BatchKind.KEY_LIST, asked={"year": 2025, "document": "旧文号"})
    )
    return firms


LIST_2026 = {"kind": BatchKind.KEY_LIST, "asked": {"year": 2026, "document": "本环发〔2026〕12 号"}}


@pytest.mark.clause("六(二)-t")
def test_l07_a_damaged_code_in_the_years_list_ends_nobodys_ground(at):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    firms = listed_in_2025(unit, by, "甲厂", "乙（集团）厂", "丙厂", "丁厂")
    rows = [
        {"名称": "甲厂", "统一社会信用代码": firms[0].uscc},
        {"名称": "乙(集团) 厂", "统一社会信用代码": "9.12105E+17"},
        {"名称": "丙厂", "统一社会信用代码": firms[2].uscc[:-1] + ("A" if firms[2].uscc[-1] != "A" else "B")},
    ]
    batch = uploaded(rows, by=by, unit=unit, ending="2026 年名录已经调出", **LIST_2026)
    left_out = batch.lines.filter(content__left_out=True)
    assert (batch.counts["faulty"], [line.content["name"] for line in left_out]) == (2, ["丁厂"])
    approved_import(batch)
    held = CategoryGround.objects.filter(valid_to=None).order_by("facility")
    assert list(held.values_list("facility__name", "year")) == [("甲厂", 2026), ("乙（集团）厂", 2025), ("丙厂", 2025)]


@pytest.mark.clause("六(二)-t")
def test_l07_without_its_own_tick_the_years_list_asks_for_no_end(at, client):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    stays, goes = listed_in_2025(unit, by, "留下的厂", "退出的厂")
    client.force_login(by)
    batch = uploaded([{"名称": stays.name, "统一社会信用代码": stays.uscc}], by=by, unit=unit, **LIST_2026)
    assert not ChangeProposal.objects.filter(facility=goes).exclude(kind="GROUND").exists()
    approved_import(batch)
    goes.refresh_from_db()
    assert goes.category == Category.KEY


@pytest.mark.clause("六(二)-t")
def test_l07_what_stands_on_another_sheet_or_below_a_gap_is_no_reason_to_end_a_ground(at):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    water, air, deep = listed_in_2025(unit, by, "水厂", "气厂", "深处厂")

    def second_sheet(sheet):
        other = sheet.parent.create_sheet("大气环境")
        other.append(["说明", "见附件"])
        other.append(["单位", "气厂"])

    def gap(sheet):
        second_sheet(sheet)
        sheet.cell(row=260, column=1, value="深处厂")

    rows = [{"名称": water.name, "统一社会信用代码": water.uscc}]
    words = {"file_name": "表.xlsx", "unit": unit, "by": by, **LIST_2026}
    batch = imports.check_workbook(content=workbook(rows, change=second_sheet), **words)
    left = batch.lines.filter(content__left_out=True)
    assert [line.content["name"] for line in left] == ["深处厂"]
    batch = imports.check_workbook(content=workbook(rows, change=gap), **words)
    assert not batch.lines.filter(content__left_out=True).exists()
    assert [line.content["name"] for line in batch.lines.all()] == [
        "水厂",
        "深处厂",
    ]  # read as well, and known by its name
    assert (air.category, deep.category) == (Category.GENERAL, Category.GENERAL)  # as the objects were made


def test_l07_a_file_without_a_readable_row_has_no_button(at, client):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    listed_in_2025(unit, by, "甲厂")
    words = {"file_name": "表.xlsx", "unit": unit, "by": by, **LIST_2026}
    rows = [{"名称": "外县厂", "统一社会信用代码": credit_code("210503")}]
    batch = imports.check_workbook(content=workbook(rows), **words)
    client.force_login(by)
    page = client.get(f"/desk/objects/import/{batch.pk}/")
    assert "没有一行可以导入" in text_of(page) and "/confirm/" not in page.content.decode()
    with pytest.raises(Refused, match="没有一行可以导入"):
        imports.confirm_import(batch=batch, by=by, ending="2026 年名录已经调出")


@pytest.mark.clause("七(三)-d")
def test_l07_own_results_and_ratings_propose_the_exit_that_the_lead_office_decides(at):
    at("2026-07-08 09:00")
    unit = make_unit()
    by, office = make_registrar(unit), make_lead_office()
    ordered, rated, filed, once = firms = [make_facility(unit) for _ in range(4)]
    for facility in firms:
        make_listed(facility)
    for facility, outcome in ((ordered, "RECTIFY_ORDERED"), (ordered, "RECTIFY_ORDERED"), (once, "RECTIFY_ORDERED")):
        visit = make_published(unit, facility=facility)
        Inspection.objects.filter(pk=visit.pk).update(outcome=outcome)
    Inspection.objects.filter(pk=make_published(unit, facility=filed).pk).update(outcome="CASE_FILED")
    hidden = make_finished(unit, facility=once)  # not public: it proposes nothing, or the proposal would tell
    Inspection.objects.filter(pk=hidden.pk).update(outcome="CASE_FILED")
    for year, level in ((2024, "绿"), (2025, "黄")):
        words = {"kind": Rating.CREDIT, "level": level, "year": year, "month": None, "source": "省厅公告"}
        enter_rating(facility=rated, by=by, **words)

    assert exits.propose_exits(clock.now()) == 3
    assert {p.facility: p.words.removeprefix("12 个月内") for p in PositiveExit.objects.all()} == {
        ordered: "检查后责令限期改正 2 次",
        rated: "信用降级 1 次",
        filed: "检查后立案查处 1 次",
    }
    asked = PositiveExit.objects.get(facility=filed)
    with pytest.raises(Refused, match="由牵头部门决定"):
        positive_list.decide_exit(proposal=asked, approve=True, opinion="已经立案", by=make_approver(unit))
    positive_list.decide_exit(proposal=asked, approve=True, opinion="已经立案", by=office)
    assert filed.positive_entries.get().exit_approved_by == office
    assert exits.propose_exits(clock.now()) == 0


@pytest.mark.clause("六(二)-r")
def test_l07_a_deputy_decides_in_the_days_of_his_document_and_on_no_other(at, client):
    at("2026-08-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    make_approver(unit, name="阮临风")
    administrator = make_user((Role.ADMIN_GRANTS, make_city_team()))
    deputy = make_user(name="周听澜", unit=unit)
    days = {"valid_from": date(2026, 8, 24), "valid_to": date(2026, 8, 28)}
    words = {"account": deputy, "unit": unit, "role": Role.APPROVER, **days}
    for who, document in ((deputy, "本环明〔2026〕11 号"), (administrator, " ")):
        with pytest.raises(Refused):
            accounts.grant_role(document=document, by=who, **words)
    accounts.grant_role(document="本环明〔2026〕11 号", by=administrator, **words)
    asked = uploaded([facility_row(key_grounds="两高", key_evidence="甲号文")], by=by, unit=unit).proposal_batches.get()
    client.force_login(by)
    page = text_of(client.get(asked.get_absolute_url()))
    assert "阮临风 可以决定" in page and "周听澜 8 月 24 日至 8 月 28 日可以决定（本环明〔2026〕11 号）" in page

    for moment, may in (("2026-08-21 09:00", False), ("2026-08-29 09:00", False), ("2026-08-24 09:00", True)):
        at(moment)
        now = User.objects.get(pk=deputy.pk)
        if may:
            assert proposals.approve_batch(batch=asked, by=now).decided_by == deputy
        else:
            with pytest.raises(Refused, match="的分管负责人批准"):
                proposals.approve_batch(batch=asked, by=now)


@pytest.mark.clause("七(二)-g", "七(四)-2")
def test_l07_who_is_planner_and_leader_alike_approves_neither_his_plan_nor_his_replacement():
    unit = make_branch()
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    plan = make_plan(unit, by=both, upto="SUBMITTED")
    with pytest.raises(Refused, match="另一名分管负责人"):
        approve_plan(plan=plan, by=both)

    draw = make_held_draw(make_unit("210503"))
    both = make_user((Role.PLANNER, draw.unit), (Role.APPROVER, draw.unit))
    pick = draw.picks.first()
    request = amendments.ask_for_amendment(
        draw=draw,
        reason=ChangeReason.HALT,
        picks=[pick],
        evidence="停产通知 本环停〔2026〕3 号",
        by=both,
        **grounds(ChangeReason.HALT, pick),
    )
    with pytest.raises(Refused, match="申请和批准不能是同一个人"):
        amendments.approve_amendment(request=request, by=both, document_no="本环更〔2026〕1 号")
