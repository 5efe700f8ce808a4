"""Lists that others make about facilities: the year's 重点排污单位, permits, ratings, a batch of the positive list."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from registry import sheets
from registry.columns import COLUMNS
from registry.facilities import categories
from registry.imports import actions
from registry.models import (
    BatchKind,
    BatchState,
    Category,
    ChangeProposal,
    Facility,
    FacilityChange,
    FacilityRating,
    Ground,
    ImportBatch,
    PositiveListEntry,
)
from tests.browsing import post
from tests.factories import make_facility, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.imports.test_bad_input import said
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.django_db
DOCUMENT = "本环发〔2026〕12 号"
LIST_2026 = {"year": 2026, "document": DOCUMENT}
PERMIT_HEADS = {
    "permit_no": "排污许可证编号",
    "name": "名称",
    "permit_category": "管理类别",
    "industry_code": "行业代码",
}


def check(kind, rows, asked=None, *, unit=None):
    unit = unit or make_unit()
    return actions.check_workbook(
        file_name="表.xlsx", content=workbook(rows), kind=kind, unit=unit, by=make_registrar(unit), asked=asked
    )


def imported(kind, rows, asked=None, *, unit=None, ending=""):
    batch = check(kind, rows, asked, unit=unit)
    return approved_import(actions.confirm_import(batch=batch, by=make_registrar(batch.unit), ending=ending))


def row(facility, **more):
    return {"名称": facility.name, "统一社会信用代码": facility.uscc, **more}


def firm(unit=None, **fields):
    return make_facility(unit or make_unit(), uscc=credit_code(), **fields)


def open_grounds(facility):
    return list(facility.grounds.filter(valid_to__isnull=True).values_list("kind", "year", "document"))


# --- 重点排污单位名录 ------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-t")
def test_the_years_list_makes_its_facilities_key_with_document_and_year():
    facility = firm()
    batch = imported(BatchKind.KEY_LIST, [row(facility, 名录类别="水环境")], LIST_2026)
    facility.refresh_from_db()
    assert (facility.category, facility.has_key_ground) == (Category.KEY, True)
    ground = facility.grounds.get()
    assert (ground.kind, ground.year, ground.document) == ("KF1", 2026, DOCUMENT)
    assert ground.evidence == "2026 年重点排污单位名录（水环境）"
    (asked,) = batch.proposal_batches.all()
    assert (asked.state, asked.proposals.count()) == ("APPROVED", 1)
    change = FacilityChange.objects.get()
    assert (change.kind, change.values) == (
        "GROUND_ADDED",
        {"grounds": [None, ["KF1"]], "category": ["general", "key"]},
    )


@pytest.mark.clause("六(二)-t")
def test_who_is_not_on_the_new_list_any_more_is_shown_and_loses_the_ground_by_a_tick_and_an_approval(client, at):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    stays, goes, other = (firm(unit, name=name) for name in ("留下的厂", "退出的厂", "无关的厂"))
    imported(BatchKind.KEY_LIST, [row(stays), row(goes)], {"year": 2025, "document": "旧文"}, unit=unit)
    batch = check(BatchKind.KEY_LIST, [row(stays)], LIST_2026, unit=unit)
    assert (batch.counts["missing"], batch.counts["changed"], batch.counts["unchanged"]) == (1, 2, 0)
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert (
        "以前列入、这次没有" in text and "退出的厂" in text and "这 1 家确实不再列入" in text and "无关的厂" not in text
    )
    with pytest.raises(Refused, match="不再列入的理由写得太短"):
        actions.confirm_import(batch=batch, by=by, ending="—")
    post(client, f"/desk/objects/import/{batch.pk}/confirm/", ends="on", ending="2026 年名录已经调出")
    goes.refresh_from_db()
    assert (open_grounds(goes)[0][1], goes.category) == (2025, Category.KEY)  # until somebody else agrees
    approved_import(batch)
    stays.refresh_from_db(), goes.refresh_from_db(), other.refresh_from_db()
    assert open_grounds(stays) == [("KF1", 2026, DOCUMENT)]
    assert (open_grounds(goes), goes.category) == ([], Category.GENERAL)
    assert not FacilityChange.objects.filter(facility=other).exists()


def test_the_list_of_the_same_year_again_changes_nothing():
    facility = firm()
    imported(BatchKind.KEY_LIST, [row(facility)], LIST_2026)
    again = check(BatchKind.KEY_LIST, [row(facility)], LIST_2026)
    assert (again.counts["unchanged"], again.counts["missing"], again.lines.count()) == (1, 0, 0)


def test_an_older_list_neither_replaces_nor_ends_the_newer_ground(at):
    at("2026-03-20 09:00")
    on_both, only_new = firm(), firm()
    imported(BatchKind.KEY_LIST, [row(on_both), row(only_new)], LIST_2026)
    assert check(BatchKind.KEY_LIST, [row(on_both)], {"year": 2025, "document": "旧文"}).lines.count() == 0


def test_the_list_of_a_year_that_is_over_is_named_and_asks_for_nothing(at):
    at("2026-04-01 09:00")
    batch = check(BatchKind.KEY_LIST, [row(firm())], {"year": 2025, "document": "旧文"})
    assert said(batch) == ["第 2 行 名称 2025 年的名录已于 2026-03-31 到期"]


def test_the_withdrawal_of_a_list_takes_back_what_it_asked_for_until_it_is_approved(at):
    at("2026-03-20 09:00")
    unit = make_unit()
    by = make_registrar(unit)
    stays, goes = firm(unit), firm(unit)
    imported(BatchKind.KEY_LIST, [row(stays), row(goes)], {"year": 2025, "document": "旧文"}, unit=unit)
    words = {"by": by, "ending": "2026 年名录已经调出"}
    batch = actions.confirm_import(batch=check(BatchKind.KEY_LIST, [row(stays)], LIST_2026, unit=unit), **words)
    assert ChangeProposal.objects.pending().count() == 2
    actions.withdraw_import(batch=batch, by=by)
    assert not ChangeProposal.objects.pending().exists()
    assert [open_grounds(f)[0][1] for f in (stays, goes)] == [2025, 2025]
    batch = imported(BatchKind.KEY_LIST, [row(stays)], LIST_2026, unit=unit)
    with pytest.raises(Refused, match="已经批准，不能整批撤回"):
        actions.withdraw_import(batch=batch, by=by)


def test_a_list_adds_nobody_and_renames_nobody():
    facility = firm(name="甲厂")
    batch = check(BatchKind.KEY_LIST, [{**row(facility), "名称": "乙厂"}, facility_row()], LIST_2026)
    assert said(batch) == ["第 3 行 统一社会信用代码 名录里没有这个对象"]
    assert batch.notes[0]["problem"] == "名录里的名称是“甲厂”，按代码对应"
    actions.confirm_import(batch=batch, by=make_registrar(batch.unit))
    assert list(Facility.objects.values_list("name", flat=True)) == ["甲厂"]


# --- 排污许可信息 ----------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-a")
@pytest.mark.clause("六(二)-l")
def test_permit_data_by_its_22_characters_update_and_add_and_the_ground_follows():
    unit = make_unit()
    code, fresh = credit_code(), credit_code()
    known = make_facility(unit, uscc=code, permit_no=f"{code}001P", permit_category="SIMPLIFIED", name="甲厂")
    rows = [
        {"permit_no": f"{code}001P", "name": "甲厂", "permit_category": "重点管理", "industry_code": "C2521"},
        {"permit_no": f"{fresh}001P", "name": "新厂", "permit_category": "登记管理", "industry_code": "C3011"},
    ]
    batch = imported(BatchKind.PERMIT, [{PERMIT_HEADS[n]: v for n, v in r.items()} for r in rows], unit=unit)
    known.refresh_from_db()
    assert (known.permit_category, known.industry_code, known.category) == ("KEY", "C2521", Category.KEY)
    assert open_grounds(known)[0][0] == Ground.KF2
    added = Facility.objects.get(permit_no=f"{fresh}001P")
    assert (added.code, added.name, added.permit_category) == (f"{fresh}001P", "新厂", "REGISTERED")
    assert batch.counts["missing"] == 0
    rows[0]["permit_category"] = "简化管理"
    imported(BatchKind.PERMIT, [{PERMIT_HEADS[n]: v for n, v in rows[0].items()}], unit=unit)
    known.refresh_from_db()
    assert (open_grounds(known), known.category) == ([], Category.GENERAL)


def test_a_permit_row_needs_number_and_category():
    batch = check(BatchKind.PERMIT, [{"排污许可证编号": None, "名称": "甲厂", "管理类别": None}])
    assert said(batch) == [
        "第 2 行 排污许可证／登记编号 没有填写排污许可证／登记编号",
        "第 2 行 排污许可管理类别 没有填写排污许可管理类别",
    ]


# --- ratings -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-n")
def test_credit_levels_are_kept_by_year_and_a_serious_one_is_a_ground():
    facility = firm()
    asked = {"year": 2025, "source": "省厅公告"}
    batch = imported(BatchKind.CREDIT, [row(facility, 环境信用评价="黑")], asked)
    facility.refresh_from_db()
    rating = FacilityRating.objects.get()
    assert (rating.kind, rating.code, rating.year, rating.source, rating.batch) == (
        "credit_level",
        "黑",
        2025,
        "省厅公告",
        batch,
    )
    assert (facility.credit_level, facility.category) == ("黑", Category.SPECIAL)
    assert open_grounds(facility)[0][0] == Ground.SF4
    imported(BatchKind.CREDIT, [row(facility, 环境信用评价="绿")], {"year": 2026, "source": "省厅公告"})
    facility.refresh_from_db()
    assert (facility.credit_level, facility.category, open_grounds(facility)) == ("绿", Category.GENERAL, [])
    assert FacilityRating.objects.count() == 2


def test_the_level_of_an_earlier_year_is_kept_and_moves_nothing():
    facility = firm()
    imported(BatchKind.CREDIT, [row(facility, 环境信用评价="绿")], {"year": 2026, "source": "公告"})
    imported(BatchKind.CREDIT, [row(facility, 环境信用评价="黑")], {"year": 2024, "source": "公告"})
    facility.refresh_from_db()
    assert (facility.credit_level, facility.category) == ("绿", Category.GENERAL)
    assert list(FacilityRating.objects.order_by("year").values_list("year", "code")) == [(2024, "黑"), (2026, "绿")]


@pytest.mark.clause("六(二)-o")
def test_risk_classes_are_kept_by_month_and_come_back_with_the_withdrawal():
    facility = firm()
    imported(BatchKind.RISK, [row(facility, 信用风险分类="B")], {"year": 2026, "month": 5, "source": "市场监管局"})
    batch = imported(
        BatchKind.RISK, [row(facility, 信用风险分类="D")], {"year": 2026, "month": 6, "source": "市场监管局"}
    )
    facility.refresh_from_db()
    assert (facility.credit_risk, FacilityRating.objects.count()) == ("D", 2)
    actions.withdraw_import(batch=batch, by=make_registrar(batch.unit))
    facility.refresh_from_db()
    assert (facility.credit_risk, FacilityRating.objects.get().month) == ("B", 5)


@pytest.mark.parametrize(("kind", "head"), [(BatchKind.CREDIT, "环境信用评价"), (BatchKind.RISK, "信用风险分类")])
def test_a_level_that_does_not_exist_is_named(kind, head):
    batch = check(kind, [row(firm(), **{head: "特好"})], {"year": 2026, "month": 5, "source": "x"})
    (problem,) = batch.lines.get().problems
    assert problem["problem"] == f"不是可用的{head}" and problem["remedy"].startswith("可填：")


# --- 正面清单 --------------------------------------------------------------------------------------------------------


def test_a_batch_of_the_positive_list_enters_once():
    facility, gone = firm(), firm(status="CLOSED")
    asked = {"batch": "2026 年第一批", "document": DOCUMENT}
    batch = imported(BatchKind.POSITIVE, [row(facility), row(gone)], asked)
    entry = PositiveListEntry.objects.get()
    assert (entry.facility, entry.batch, entry.document) == (facility, "2026 年第一批", DOCUMENT)
    assert entry.valid_from == clock.today()
    assert FacilityChange.objects.get().kind == "POSITIVE_IN"
    assert said(batch) == ["第 3 行 名称 检查对象已关闭"]
    assert check(BatchKind.POSITIVE, [row(facility)], asked).lines.count() == 0


# --- pages and templates -------------------------------------------------------------------------------------------


def test_year_and_document_are_asked_on_the_page(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    page = "/desk/objects/import/?kind=KEY_LIST"
    text = client.get(page).content.decode()
    assert "导入重点排污单位名录" in text and "文号" in text and "上一年度名录里有" in text
    facility = firm(unit)

    def send(**asked):
        return post(client, page, file=SimpleUploadedFile("名录.xlsx", workbook([row(facility)])), **asked)

    assert "年度" in send(year="2031", document=DOCUMENT).content.decode()
    assert not ImportBatch.objects.exists()
    assert send(year="2026", document=DOCUMENT).status_code == 302
    batch = ImportBatch.objects.get()
    assert (batch.kind, batch.asked, batch.state) == ("KEY_LIST", LIST_2026, BatchState.CHECKED)


@pytest.mark.parametrize("kind", BatchKind)
def test_every_kind_has_a_template_with_drop_downs_and_an_explanation(client, kind):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    folder = "inspectors" if kind.about_people else "objects"
    answer = client.get(f"/desk/{folder}/import/template.xlsx?kind={kind.value}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames[0] == kind.label and "填表说明" in book.sheetnames
    assert [c.value for c in book.worksheets[0][1]] == [c.title for c in COLUMNS[kind]]
    assert book.worksheets[0].data_validations.count
    if kind == BatchKind.CREDIT:
        rules = [v for v in book.worksheets[0].data_validations.dataValidation if v.type == "list"]
        assert len(rules) == 1


def test_every_kind_says_what_it_does_beyond_its_rows():
    assert set(sheets.REMARKS) == set(BatchKind) - {BatchKind.FACILITY, BatchKind.INSPECTOR}
    assert Ground.SF4 in categories.DERIVED
