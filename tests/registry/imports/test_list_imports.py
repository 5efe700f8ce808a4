"""Lists that others make about facilities: the year's 重点排污单位, permits, ratings, a batch of the positive list."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Message
from benxi_shuangsuiji.refusal import Refused
from registry import sheets
from registry.columns import COLUMNS
from registry.facilities import categories
from registry.imports import actions, duties
from registry.imports.changes import changes_of
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
from tests.browsing import post, text_of
from tests.factories import make_city_team, make_facility, make_lead_office, make_registrar, make_unit
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


@pytest.mark.clause("六(二)-t")
def test_whose_name_stands_in_a_refused_row_is_not_left_out(at):
    at("2026-03-20 09:00")
    unit = make_unit()
    inside = [firm(unit, name=name) for name in ("红叶食品有限公司", "澄溪木业", "紫藤印染有限公司", "云栖水电站")]
    goes, short = firm(unit, name="映山食品有限公司"), firm(unit, name="砖厂")
    imported(
        BatchKind.KEY_LIST, [row(f) for f in (*inside, goes, short)], {"year": 2025, "document": "旧文"}, unit=unit
    )
    refused = ["红叶食品有限公司、澄溪木业", "第3户 紫藤印染有限公司（详见另表）", "云栖水电站及渣场", "本溪砖厂二分厂"]
    batch = check(
        BatchKind.KEY_LIST, [{"名称": name, "统一社会信用代码": ""} for name in refused], LIST_2026, unit=unit
    )
    left_out = [line.content["code"] for line in batch.lines.all() if line.content]
    assert batch.counts["faulty"] == len(refused)
    assert sorted(left_out) == sorted([goes.code, short.code])


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


def test_the_classes_of_one_firm_in_several_rows_are_joined():
    unit = make_unit()
    one, other = firm(unit, name="示例（集团）厂"), firm(unit)
    rows = [
        row(one, 名录类别="水环境"),
        row(other, 名录类别="大气环境"),
        row(one, 名录类别="大气环境") | {"名称": "示例(集团) 厂"},
        {"名称": one.name, "名录类别": "水环境、土壤污染监管"},
    ]
    batch = check(BatchKind.KEY_LIST, rows, LIST_2026, unit=unit)
    assert (said(batch), batch.counts["changed"], batch.counts["same"]) == ([], 2, 2)
    assert [line.content["grounds"][0]["evidence"] for line in batch.lines.all()] == [
        "2026 年重点排污单位名录（水环境、大气环境、土壤污染监管）",
        "2026 年重点排污单位名录（大气环境）",
    ]
    assert "与第 4 行、第 5 行是同一家，类别合在一起，只算一行" in [note["problem"] for note in batch.notes]


def test_one_code_with_two_names_in_a_list_says_nothing_of_renaming():
    one = firm()
    batch = check(BatchKind.KEY_LIST, [row(one), row(one) | {"名称": "另一家"}], LIST_2026)
    remedies = {p["remedy"] for line in batch.lines.all() for p in line.problems}
    assert (batch.counts["faulty"], remedies) == (2, {"两行只留一行"})


# --- without codes, and of other units ------------------------------------------------------------------------------

NAMED = {
    BatchKind.KEY_LIST: ({}, LIST_2026),
    BatchKind.CREDIT: ({"环境信用评价": "绿"}, {"year": 2025, "source": "省厅公告"}),
    BatchKind.RISK: ({"信用风险分类": "B"}, {"year": 2026, "month": 6, "source": "市场监管局"}),
    BatchKind.POSITIVE: ({}, {"batch": "2026 年第一批", "document": DOCUMENT}),
    BatchKind.MONITORING: ({"超标次数": "2"}, {"year": 2026, "month": 5, "source": "自动监控平台"}),
}


@pytest.mark.parametrize("kind", NAMED)
def test_a_list_without_codes_knows_the_exact_name_within_the_unit(kind):
    more, asked = NAMED[kind]
    unit = make_unit()
    firms = [firm(unit, name="红叶（集团）有限公司"), firm(unit, name="新名厂", former_names=["旧名 厂"])]
    firm(make_unit("210503"), name="红叶（集团）有限公司")
    names = ["红叶(集团) 有限公司", "旧名厂", "红叶"]
    rows = [{"名称": name, "统一社会信用代码": None, **more} for name in names]
    batch = check(kind, rows, asked, unit=unit)
    assert [line.code for line in batch.lines.all()] == [*(f.code for f in firms), ""]
    assert {change.name for change in changes_of(batch, batch.lines.exclude(code=""))} == {
        f"{f.name}（按名称对应）" for f in firms
    }
    assert said(batch) == ["第 4 行 名称 名录里没有这个对象"]
    assert [note["problem"] for note in batch.notes] == [
        f"按名称对应（{firms[0].code}）",
        f"按曾用名对应，现在的名称是“新名厂”（{firms[1].code}）",
    ]


def test_a_name_of_two_facilities_is_refused_with_both_numbers():
    unit = make_unit()
    twins = [firm(unit, name="两处厂"), firm(unit, name="两处 厂")]
    batch = check(BatchKind.POSITIVE, [{"名称": "两处厂", "许可证编号": None}], NAMED[BatchKind.POSITIVE][1], unit=unit)
    codes = "、".join(sorted(f.code for f in twins))
    assert said(batch) == [f"第 2 行 名称 名录里有 2 个对象用这个名称：{codes}"]


def test_rows_of_other_units_are_one_line_and_no_faults(client):
    unit, other = make_unit(), make_unit("210503")
    client.force_login(make_registrar(unit))
    mine = firm(unit, name="本区厂")
    rows = [row(mine)]
    rows += [row(firm(other, name=f"外区{n}厂")) for n in range(3)]
    rows += [{"名称": "外区0厂", "统一社会信用代码": None}]
    rows += [{"名称": "谁也不知道的厂", "统一社会信用代码": credit_code(), "所在区县": "溪湖区"}]
    rows += [{"名称": "外区1厂", "统一社会信用代码": "9.12105E+17"}]
    batch = check(BatchKind.KEY_LIST, rows, LIST_2026, unit=unit)
    assert (said(batch), batch.counts["changed"], batch.counts["unchanged"]) == ([], 1, 0)
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert "6 家属于其他单位，没有读取" in text and "外区0厂" not in text
    assert "导入 1 行" in text and "属于其他单位的 6 行没有读取" in text and "1 家有内容等另一人批准" in text


def test_a_list_of_other_units_only_has_no_button(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    batch = check(BatchKind.KEY_LIST, [row(firm(make_unit("210503")))], LIST_2026, unit=unit)
    text = client.get(f"/desk/objects/import/{batch.pk}/").content.decode()
    assert "/confirm/" not in text and "没有一行可以导入：表里没有明山分局的对象" in text
    with pytest.raises(Refused, match="没有一行可以导入"):
        actions.confirm_import(batch=batch, by=make_registrar(unit))


def test_checks_of_before_know_a_place_by_its_name(db, monkeypatch):
    from registry.past_checks import rules as past

    monkeypatch.setattr(past, "why_no_past", lambda: "")
    monkeypatch.setattr(past, "why_not_day", lambda day, today: "")
    facility = firm(name="甲（东区）厂")
    rows = [{"名称": "甲(东区)厂", "检查日期": "2025-05-20", "检查类型": "其他针对性检查", "检查结果": "未发现问题"}]
    as_written = {"检查日期": "2025.6.20", "检查类型": "双随机抽查", "检查方式": "现场检查", "检查结果": "正常"}
    batch = check(BatchKind.HISTORY, [*rows, rows[0] | as_written | {"事项编号": "a01/B02"}])
    assert (said(batch), [line.content["new"]["facility"] for line in batch.lines.all()]) == ([], [facility.pk] * 2)
    new = batch.lines.last().content["new"]
    assert (new["kind"], new["mode"], new["result"], new["items"]) == ("RANDOM", "ONSITE", "CLEAN", ["A01", "B02"])


# --- a list of the whole city ---------------------------------------------------------------------------------------


@pytest.fixture
def city():
    """The team, two branches, and a firm of each."""
    units = [make_city_team(), make_unit("210503"), make_unit("210504")]
    return {unit: firm(unit, name=f"{unit.short_name}的厂") for unit in units}


def brought(rows, kind=BatchKind.KEY_LIST, asked=None, by=None):
    by = by or make_lead_office()
    words = {"file_name": "全市.xlsx", "kind": kind, "unit": make_city_team(), "by": by}
    return actions.check_workbook(content=workbook(rows), asked=(asked or LIST_2026) | {"whole": True}, **words)


@pytest.mark.clause("六(二)-t")
def test_the_lead_office_brings_the_years_list_once_and_each_unit_confirms_its_part(city, client):
    unknown = {"名称": "谁也不知道的厂", "统一社会信用代码": credit_code()}
    rows = [*(row(f) for f in city.values()), unknown, unknown | {"名称": "溪湖新厂", "所在区县": "溪湖区"}]
    rows[-1]["统一社会信用代码"] = credit_code()
    office = make_lead_office()
    people = {unit: make_registrar(unit) for unit in city}
    whole = brought(rows, by=office)
    assert (whole.state, whole.lines.count()) == (BatchState.SPLIT, 0)
    parts = {part.unit: part for part in whole.parts.all()}
    assert {u.code: (p.state, p.counts["changed"], p.counts["faulty"]) for u, p in parts.items()} == {
        "210500": ("CHECKED", 1, 1),
        "210503": ("CHECKED", 1, 1),
        "210504": ("CHECKED", 1, 0),
    }
    assert {m.user: m.url for m in Message.objects.all()} == {
        by: f"/desk/objects/import/{parts[unit].pk}/" for unit, by in people.items()
    }
    assert duties.PART.duties.open().count() == 3
    unit, part = next((u, p) for u, p in parts.items() if u.code == "210504")
    with pytest.raises(Refused, match="没有维护明山分局检查对象名录的权限"):
        actions.confirm_import(batch=part, by=office)
    client.force_login(people[unit])
    assert "全市名单里本单位的部分" in client.get("/desk/objects/import/?kind=KEY_LIST").content.decode()
    text = client.get(f"/desk/objects/import/{part.pk}/").content.decode()
    assert f"{office}" in text and "上传的全市名单" in text and "导入 1 行" in text
    waits = duties.PART.duties.open().get(unit=unit)
    assert (waits.role, waits.url) == (Role.REGISTRAR, f"/desk/objects/import/{part.pk}/")
    assert waits.title in client.get("/desk/").content.decode()
    approved_import(actions.confirm_import(batch=part, by=people[unit]))
    waits.refresh_from_db()
    assert (waits.closed_by, duties.PART.duties.open().count()) == ("已导入", 2)
    assert open_grounds(city[unit])[0][:2] == ("KF1", 2026)
    assert open_grounds(city[make_unit("210503")]) == []
    actions.discard_import(batch=parts[make_unit("210503")], by=people[make_unit("210503")])
    assert duties.PART.duties.get(unit=make_unit("210503")).closed_by == "已放弃"
    actions.discard_import(batch=whole, by=office)
    assert not duties.PART.duties.open().exists()


@pytest.mark.clause("六(二)-t")
def test_on_a_part_of_the_citys_list_nobody_is_told_to_write_in_the_table(city, client):
    unknown = {"名称": "谁也不知道的厂", "统一社会信用代码": credit_code(), "所在区县": "溪湖区"}
    whole = brought([*(row(f) for f in city.values()), unknown])
    unit = make_unit("210504")
    client.force_login(make_registrar(unit))
    text = client.get(f"/desk/objects/import/{whole.parts.get(unit=unit).pk}/").content.decode()
    assert "确由本单位监管的，告诉牵头部门" in text and "写明监管单位" not in text
    own = check(BatchKind.KEY_LIST, [row(f) for f in city.values()], LIST_2026, unit=unit)
    assert own.notes[0]["remedy"] == "确由本单位监管的，写明监管单位"


def test_a_unit_that_the_citys_list_leaves_out_altogether_may_end_the_grounds_of_last_year(city, at):
    at("2026-03-20 09:00")
    _, branch, other = city
    imported(BatchKind.KEY_LIST, [row(city[other])], {"year": 2025, "document": "旧文"}, unit=other)
    parts = {part.unit: part for part in brought([row(city[branch])]).parts.all()}
    assert set(parts) == {branch, other}
    by = make_registrar(other)
    with pytest.raises(Refused, match="没有要写入的行"):
        actions.confirm_import(batch=parts[other], by=by)
    approved_import(actions.confirm_import(batch=parts[other], by=by, ending="2026 年名录已经调出"))
    assert open_grounds(city[other]) == []


def test_only_the_lead_office_brings_a_list_of_the_city_and_only_lists(city):
    with pytest.raises(Refused, match="由牵头部门导入"):
        brought([row(f) for f in city.values()], by=make_registrar(make_unit()))
    with pytest.raises(Refused, match="检查对象由各单位自己导入"):
        brought([facility_row()], kind=BatchKind.FACILITY)


def test_the_pages_of_a_list_of_the_city(city, client):
    office = make_lead_office()
    client.force_login(office)
    address = "/desk/objects/city/import/"
    assert "导入全市名单" in client.get("/desk/objects/").content.decode()
    assert "按单位分开" in client.get(address).content.decode()
    file = SimpleUploadedFile("全市.xlsx", workbook([row(f) for f in city.values()]))
    sent = post(client, f"{address}?kind=KEY_LIST", file=file, year="2026", document=DOCUMENT)
    whole = ImportBatch.objects.get(asked__whole=True)
    assert sent.url == f"{address}{whole.pk}/"
    text = client.get(sent.url).content.decode()
    assert "溪湖分局" in text and "待确认" in text and "确认以后才写入名录" in text
    assert "全市.xlsx" in client.get(address).content.decode()
    # Nothing was written, so no figure of it is known: this page broke.
    asked = client.get(f"{address}{whole.pk}/withdraw/")
    assert asked.status_code == 200 and "没有可以撤回的内容" in text_of(asked)
    part = whole.parts.first()
    assert client.get(f"{address}{whole.pk}/marked.xlsx").status_code == 404
    assert client.get(f"/desk/objects/import/{part.pk}/").status_code == 403  # the unit's own page
    client.force_login(make_registrar(make_unit()))
    assert client.get(address).status_code == 403
    assert client.get(sent.url).status_code == 403
    assert client.get(f"/desk/objects/import/{whole.pk}/").status_code == 404


def test_heads_that_are_not_recognised_are_asked_of_the_lead_office_before_the_list_is_split(city, client):
    office = make_lead_office()
    client.force_login(office)
    rows = [{"Company": f.name, "Credit code": f.uscc} for f in city.values()]
    whole = brought(rows, by=office)
    assert (whole.state, whole.parts.count()) == (BatchState.ASKS, 0)
    page = f"/desk/objects/city/import/{whole.pk}/columns/"
    assert post(client, f"{page}?row=1", **{"column-0": "name", "column-1": "uscc"}).status_code == 302
    whole.refresh_from_db()
    assert (whole.state, whole.parts.count()) == (BatchState.SPLIT, 3)


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


def test_a_permit_row_needs_its_number_and_a_new_one_its_category():
    unit, code, fresh = make_unit(), credit_code(), credit_code()
    make_facility(unit, uscc=code, permit_no=f"{code}001P", permit_category="SIMPLIFIED", name="甲厂")
    rows = [
        {"排污许可证编号": None, "名称": "无号厂"},
        {"排污许可证编号": f"{code}001P", "名称": "甲厂", "有效期至": "2030-02-28"},
        {"排污许可证编号": f"{fresh}001P", "名称": "新厂"},
    ]
    batch = check(BatchKind.PERMIT, rows, unit=unit)
    assert said(batch) == [
        "第 2 行 排污许可证／登记编号 没有填写排污许可证／登记编号",
        "第 4 行 排污许可管理类别 新增的对象没有写管理类别",
    ]
    assert batch.lines.get(number=3).content["new"] == {"permit_valid_to": "2030-02-28"}


def test_permit_data_know_the_firm_in_the_number_and_rename_nobody():
    unit, code = make_unit(), credit_code()
    make_facility(unit, uscc=code, name="甲厂")
    rows = [{"排污许可证编号": f"{code}001P", "名称": "乙厂", "管理类别": "简化管理"}]
    content = check(BatchKind.PERMIT, rows, unit=unit).lines.get().content
    assert (content["name"], content["new"]) == (
        "甲厂",
        {"permit_no": f"{code}001P", "permit_category": "SIMPLIFIED"},
    )


def test_permits_of_another_county_are_neither_added_nor_blamed():
    make_facility(make_unit("210503"), uscc=(known := credit_code()), name="溪湖的厂")
    rows = [
        {"排污许可证编号": f"{credit_code()}001P", "名称": "新厂", "管理类别": "简化管理", "所在区县": "溪湖区"},
        {"排污许可证编号": f"{known}001P", "名称": "溪湖的厂", "管理类别": "简化管理", "所在区县": None},
        {"排污许可证编号": f"{credit_code()}001P", "名称": "本区新厂", "管理类别": "简化管理", "所在区县": "明山区"},
    ]
    batch = check(BatchKind.PERMIT, rows)
    assert (said(batch), batch.counts["foreign"]) == ([], 2)
    assert [line.content["name"] for line in batch.lines.all()] == ["本区新厂"]


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


@pytest.mark.parametrize("kind", [k for k in BatchKind if k != BatchKind.ITEM])
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
        assert len(rules) == 2  # district and level


def test_every_kind_says_what_it_does_beyond_its_rows():
    assert set(sheets.REMARKS) == set(BatchKind) - {BatchKind.FACILITY, BatchKind.INSPECTOR, BatchKind.ITEM}
    assert Ground.SF4 in categories.DERIVED
