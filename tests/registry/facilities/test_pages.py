"""The registry's pages: who sees what, what is masked, how many queries a list takes."""

import io
import uuid
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benxi_shuangsuiji.audit.models import AuditEntry
from registry.facilities import actions as facilities_actions
from registry.imports import actions as imports_actions
from registry.interests import actions as interests_actions
from registry.models import BatchState, Category, ConflictOfInterest, Facility, ImportBatch, Inspector
from registry.proposals import actions as proposals_actions
from tests.browsing import enter, post, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_inspector,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
)
from tests.registry.factories import all_approved, approved_ground
from tests.registry.workbooks import credit_code, facility_row, inspector_row, workbook

pytestmark = pytest.mark.django_db


def uploaded(content, name="名录.xlsx"):
    return SimpleUploadedFile(name, content)


def test_the_list_shows_the_unit_with_categories_tags_and_counts(client):
    unit = make_unit()
    make_facility(unit, category=Category.KEY, name="本溪枫岭焦化有限公司")
    make_facility(unit, name="本溪棠汀印刷有限公司")
    make_facility(make_unit("210503"), name="溪湖的企业")
    page = enter(client, make_planner(unit)).get(reverse("registry:facility-list"))
    words = text_of(page)
    assert page.status_code == 200
    assert "本溪枫岭焦化有限公司" in words and "本溪棠汀印刷有限公司" in words
    assert "溪湖的企业" not in words
    assert "全部 2" in words and "重点 1" in words and "一般 1" in words and "排污重点名录" in words


@pytest.mark.parametrize("kind", ["facility", "inspector"])
def test_lists_take_the_same_few_queries_at_one_row_and_at_thirty(client, kind):
    unit = make_unit()
    by = make_planner(unit)
    client.force_login(by)
    url = reverse(f"registry:{kind}-list")

    def grow(n):
        for _ in range(n):
            make_facility(unit, category=Category.KEY) if kind == "facility" else make_inspector(unit)

    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return [q["sql"] for q in seen]

    grow(1)
    client.get(url)
    one = queries()
    grow(29)
    thirty = queries()
    assert len(one) == len(thirty)
    own = [q for q in thirty if "registry_" in q]
    assert len(own) <= 8 + 2  # two are the navigation's counts of the two registries


# --- lists --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-q")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=枫岭", ["枫岭焦化"]),
        ("q=fengling", ["枫岭焦化"]),
        ("q=FLJH", ["枫岭焦化"]),
        ("q=91210504DEM000030E", ["棠汀印刷"]),
        ("view=key", ["枫岭焦化"]),
        ("view=stopped", ["棠汀印刷"]),
        ("district=210503", ["棠汀印刷"]),
        ("status=SUSPENDED", ["棠汀印刷"]),
        ("tag=KF1", ["枫岭焦化"]),
        ("permit=KEY", []),
        ("q=没有", []),
        ("sort=-name", ["棠汀印刷", "枫岭焦化"]),
        ("sort=password&view=x&district=x&page=abc&tag=%00", ["枫岭焦化", "棠汀印刷"]),
        ("page=-1", ["枫岭焦化", "棠汀印刷"]),
        ("page=99999999999999999999999", ["枫岭焦化", "棠汀印刷"]),
    ],
)
def test_filters_searches_and_sorts(client, asked, found):
    unit = make_unit()
    make_facility(unit, code="A", category=Category.KEY, name="枫岭焦化", search_text="枫岭焦化 fenglingjiaohua fljh a")
    Facility.objects.create(
        code="B",
        name="棠汀印刷",
        unit=unit,
        division_code="210503",
        status="SUSPENDED",
        entered_on=date(2025, 1, 1),
        search_text="棠汀印刷 tangtingyinshua ttys b 91210504dem000030e",
    )
    page = enter(client, make_planner(unit)).get(reverse("registry:facility-list") + "?" + asked)
    assert page.status_code == 200
    assert [f.name for f in page.context["page"]] == found


def test_a_search_from_the_top_bar_looks_in_every_unit_in_sight(client):
    for code in ("210504", "210503"):
        make_facility(make_unit(code), name=f"棠汀{code}", search_text=f"棠汀{code}")
    client.force_login(make_supervisor())
    url = reverse("registry:facility-list")
    assert len(client.get(url, {"q": "棠汀"}).context["page"].object_list) == 2
    assert len(client.get(url, {"q": "棠汀", "unit": "210503"}).context["page"].object_list) == 1


def test_fifty_rows_are_on_a_page(client):
    unit = make_unit()
    for _ in range(51):
        make_facility(unit)
    client.force_login(make_planner(unit))
    first = client.get(reverse("registry:facility-list"))
    assert len(first.context["page"].object_list) == 50
    assert "共 51 家，每页 50 家" in text_of(first)
    assert len(client.get(reverse("registry:facility-list"), {"page": 2}).context["page"].object_list) == 1


def test_an_empty_registry_says_how_to_begin(client):
    unit = make_unit()
    words = text_of(enter(client, make_registrar(unit)).get(reverse("registry:facility-list")))
    assert "名录里还没有检查对象" in words and "下载模板" in words
    words = text_of(enter(client, make_planner(unit)).get(reverse("registry:facility-list")))
    assert "由本单位的名录管理员导入" in words and "下载模板" not in words


def sheet_of(response):
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def test_the_export_is_the_filter_without_personal_data_for_readers(client):
    unit = make_unit()
    make_facility(unit, name="甲厂", contact_name="齐小山", category=Category.KEY)
    make_facility(unit, name="乙厂")
    url = reverse("registry:facility-export") + "?view=key&unit=210504"
    sheet = sheet_of(enter(client, make_planner(unit)).get(url))
    assert [row[1].value for row in sheet.iter_rows(min_row=3)] == ["甲厂"]
    assert "环保负责人" not in [c.value for c in sheet[2]]
    sheet = sheet_of(enter(client, make_registrar(unit)).get(url))
    assert "环保负责人" in [c.value for c in sheet[2]]
    noted = AuditEntry.objects.filter(verb="registry.facilities.exported").order_by("pk")
    assert [n.details["personal"] for n in noted] == [False, True]


def test_the_history_of_a_facility_is_its_page_as_a_workbook(client):
    unit = make_unit()
    by, other = make_registrar(unit), make_registrar(make_unit("210503"))
    facility = make_facility(unit, name="甲厂", uscc=credit_code(), contact_name="齐小山")
    changed = {"values": {"contact_name": "孟小川"}, "version": 1, "reason": "企业来函", "by": by}
    facilities_actions.change_facility(facility=facility, **changed)
    url = reverse("registry:facility-history", args=[facility.code])
    page = text_of(enter(client, by).get(facility.get_absolute_url()))
    rows = [[cell.value for cell in row] for row in sheet_of(client.get(url)).iter_rows(min_row=3)]
    assert rows and "企业来函" in rows[0][2] and all(word in page for row in rows for word in row)
    assert "孟小川" not in str(rows) and "齐小山" not in str(rows)
    assert enter(client, other).get(url).status_code == 404


# --- one facility -------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(二)-s")
def test_the_detail_page_says_why_and_shows_the_factors(client):
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, name="甲厂", uscc=credit_code(), credit_level="蓝")
    facilities_actions.change_facility(
        facility=facility, values={"permit_category": "KEY"}, version=1, reason="换发许可证", by=by
    )
    all_approved()
    approved_ground(facility, "KF3", evidence="两高清单第 12 号", by=by)
    words = text_of(enter(client, make_planner(unit)).get(facility.get_absolute_url()))
    assert "为什么是重点对象" in words
    assert "涉及“两高”项目 两高清单第 12 号" in words and "实行排污许可重点管理" in words
    assert "环境信用蓝" in words and "类别 一般 → 重点" in words
    assert "变更生产状态" not in words


def test_personal_data_are_masked_and_looking_is_noted(client):
    unit = make_unit()
    facility = make_facility(unit, legal_person="欧阳青山", contact_name="齐山", contact_phone="13912340427")
    client.force_login(make_planner(unit))
    words = text_of(client.get(facility.get_absolute_url()))
    assert "欧**山" in words and "齐*" in words and "139 **** 0427" in words
    assert "欧阳青山" not in words and "13912340427" not in words
    words = text_of(post(client, reverse("registry:facility-personal", args=[facility.code])))
    assert "欧阳青山" in words and "13912340427" in words
    assert AuditEntry.objects.get(verb="registry.facility.personal_shown").about_key == facility.code


def test_the_history_is_checked_in_place(client):
    unit = make_unit()
    facility = make_facility(unit)
    client.force_login(make_planner(unit))
    assert "历史完好" in text_of(client.get(facility.get_absolute_url() + "?verify=1"))


@pytest.mark.clause("四(2)-a")
@pytest.mark.parametrize(
    "name",
    [
        "facility-detail",
        "facility-personal",
        "facility-change",
        "facility-status",
        "ground-add",
        "positive-enter",
        "positive-leave",
        "inspector-detail",
        "inspector-change",
        "absence-new",
        "conflict-new",
    ],
)
def test_another_units_record_is_not_found(client, name):
    other = make_unit("210503")
    record = make_inspector(other) if name.startswith(("insp", "abs", "conf")) else make_facility(other)
    url = reverse(f"registry:{name}", args=[record.code])
    client.force_login(make_registrar(make_unit()))
    # What only reads is sent nothing, whoever's it is and whether it is there or not.
    assert post(client, url).status_code == (405 if name.endswith("-detail") else 404)
    if name != "facility-personal":
        assert client.get(url).status_code == 404


def test_a_batch_of_another_unit_is_not_found(client):
    other = make_unit("210503")
    batch = imports_actions.check_workbook(
        file_name="a.xlsx", content=workbook([facility_row()]), kind="FACILITY", unit=other, by=make_registrar(other)
    )
    client.force_login(make_registrar(make_unit()))
    for what in ("check", "marked"):
        assert client.get(reverse(f"registry:facility-import-{what}", args=[batch.pk])).status_code == 404
    for what in ("confirm", "discard", "withdraw"):
        assert post(client, reverse(f"registry:facility-import-{what}", args=[batch.pk])).status_code == 404
    assert Facility.objects.count() == 0


def test_a_reader_opens_no_form(client):
    unit = make_unit()
    facility = make_facility(unit)
    client.force_login(make_planner(unit))
    for name, args in (
        ("facility-new", []),
        ("facility-change", [facility.code]),
        ("facility-import", []),
        ("inspector-new", []),
    ):
        assert client.get(reverse(f"registry:{name}", args=args)).status_code == 403


def test_a_change_through_the_page_and_the_second_editor(client):
    unit = make_unit()
    facility = make_facility(unit, uscc=credit_code(), name="甲厂")
    client.force_login(make_registrar(unit))
    url = reverse("registry:facility-change", args=[facility.code])
    form = client.get(url).context["form"]
    data = {n: v for n, v in form.initial.items() if v not in (None, "", [], False)}
    data |= {"address": "甲路", "reason": "企业搬家"}
    assert post(client, url, **data).status_code == 302
    again = post(client, url, **{**data, "address": "乙路"})
    words = text_of(again)
    assert "刚才被别人改过" in words and "地址 — → 甲路" in words
    assert 'name="version" value="2"' in again.content.decode()
    assert Facility.objects.get().address == "甲路"


def test_a_wrong_code_is_explained_at_the_field(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    page = post(
        client,
        reverse("registry:facility-new"),
        name="甲厂",
        uscc="91210504DEM000030A",
        permit_category="NONE",
        division_code="210504",
        hazwaste="NONE",
        air_grade="UNRATED",
        reason="新建投产",
    )
    assert "校验位应为 E，现为 A" in text_of(page)
    assert "有错误：" in page.content.decode()
    assert Facility.objects.count() == 0


def test_the_approver_approves_on_the_page(client):
    unit = make_unit()
    facility = make_facility(unit)
    proposal = proposals_actions.propose_ground(
        facility=facility, kind="KF11", evidence="会议纪要", by=make_registrar(unit)
    )
    client.force_login(make_approver(unit))
    assert "待批准：增加依据：其他应当进行重点监管的" in text_of(client.get(facility.get_absolute_url()))
    assert post(client, reverse("registry:proposal-list"), chosen=proposal.pk).status_code == 302
    facility.refresh_from_db()
    assert facility.category == Category.KEY


# --- importing ----------------------------------------------------------------------------------------------------


def test_an_import_from_upload_to_withdrawal(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    content = workbook([facility_row(name="好厂", key_grounds="两高", key_evidence="清单"), facility_row(uscc="x")])
    sent = post(client, reverse("registry:facility-import"), file=uploaded(content, "明山 名录.xlsx"))
    batch = ImportBatch.objects.get()
    check = reverse("registry:facility-import-check", args=[batch.pk])
    assert (sent.status_code, sent["Location"]) == (302, check)
    words = text_of(client.get(check))
    assert "1 行有问题，其余 1 行可以导入" in words and "应为 18 位，现为 1 位" in words
    assert "导入 1 行，跳过 1 行" in words and "尚未写入名录" in words
    marked = sheet_of(client.get(reverse("registry:facility-import-marked", args=[batch.pk])))
    assert marked["B3"].fill.start_color.rgb == "00F6C9C3"
    assert "应为 18 位，现为 1 位" in marked["B3"].comment.text
    assert Facility.objects.count() == 0
    post(client, reverse("registry:facility-import-confirm", args=[batch.pk]))
    assert list(Facility.objects.values_list("name", flat=True)) == ["好厂"]
    assert "可以整批撤回" in text_of(client.get(check))
    withdraw = reverse("registry:facility-import-withdraw", args=[batch.pk])
    assert "撤回这一批导入？" in text_of(client.get(withdraw))
    post(client, withdraw)
    batch.refresh_from_db()
    assert (batch.state, Facility.objects.count()) == (BatchState.WITHDRAWN, 0)


def test_the_second_press_of_confirm_changes_nothing(client):
    unit = make_unit()
    by = make_registrar(unit)
    client.force_login(by)
    batch = imports_actions.check_workbook(
        file_name="a.xlsx", content=workbook([facility_row()]), kind="FACILITY", unit=unit, by=by
    )
    url = reverse("registry:facility-import-confirm", args=[batch.pk])
    key = str(uuid.uuid4())
    first, second = client.post(url, {"form_key": key}), client.post(url, {"form_key": key})
    assert (first.status_code, second.status_code, first["Location"]) == (302, 302, second["Location"])
    assert Facility.objects.count() == 1
    assert AuditEntry.objects.filter(verb="registry.import.confirmed").count() == 1


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (b"", 409, "文件是空的"),
        (b"<table><tr><td>1</td></tr></table>", 409, "这是网页表格"),
        (b"PK" + bytes(31 * 1024 * 1024), 200, "31.1 MB，最多 30 MB"),  # the form itself sees that
    ],
    ids=["empty", "web page", "too large"],
)
def test_an_upload_that_is_no_workbook_is_explained_at_the_field(client, content, status, said):
    client.force_login(make_registrar(make_unit()))
    page = post(client, reverse("registry:facility-import"), file=uploaded(content))
    assert (page.status_code, said in text_of(page)) == (status, True)
    assert ImportBatch.objects.count() == 0


@pytest.mark.promise("P22")
def test_markup_in_a_workbook_is_shown_as_text(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    post(client, reverse("registry:facility-import"), file=uploaded(workbook([facility_row(name="<script>alert(1)")])))
    batch = ImportBatch.objects.get()
    post(client, reverse("registry:facility-import-confirm", args=[batch.pk]))
    for url in (
        reverse("registry:facility-import-check", args=[batch.pk]),
        reverse("registry:facility-list"),
        Facility.objects.get().get_absolute_url(),
    ):
        body = client.get(url).content.decode()
        assert "<script>alert" not in body


def test_inspectors_are_imported_on_their_own_page(client):
    unit = make_unit()
    client.force_login(make_registrar(unit))
    post(client, reverse("registry:inspector-import"), file=uploaded(workbook([inspector_row()], sheet="检查人员")))
    batch = ImportBatch.objects.get()
    assert "新增 1 人" in text_of(client.get(reverse("registry:inspector-import-check", args=[batch.pk])))
    assert client.get(reverse("registry:facility-import-check", args=[batch.pk])).status_code == 404
    post(client, reverse("registry:inspector-import-confirm", args=[batch.pk]))
    assert Inspector.objects.get().name == "示例甲"


@pytest.mark.parametrize("kind", ["facility", "inspector"])
def test_the_template_is_downloaded_as_an_attachment(client, kind):
    client.force_login(make_registrar(make_unit()))
    answer = client.get(reverse(f"registry:{kind}-import-template"))
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[-1] == "填表说明"


# --- people -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(三)-l")
@pytest.mark.clause("六(三)-n")
def test_people_are_listed_with_certificate_duty_and_interests(client):
    unit = make_unit()
    section = make_unit("210504-S", kind="COUNTY_SECTION", name="明山执法科", serves=unit)
    soon = make_inspector(
        section, name="快到期", certificate_to=date(2026, 12, 1), position="科长", entered_service_on=date(2010, 7, 7)
    )
    make_inspector(unit, name="没有证", certificate_no="", certificate_from=None, certificate_to=None)
    make_inspector(make_unit("210503"), name="外单位")
    client.force_login(make_planner(unit))
    url = reverse("registry:inspector-list")
    words = text_of(client.get(url))
    assert "全部 2" in words and "可参加抽取 1" in words and "证件半年内到期 1" in words and "外单位" not in words
    assert "有效期至 2026-12-01，将到期" in words and "没有执法证，不参加抽取" in words
    assert [line.inspector.name for line in client.get(url, {"view": "soon"}).context["page"]] == ["快到期"]
    words = text_of(client.get(soon.get_absolute_url()))
    assert "工作年限 15 年（2010-07-07 起）" in words and "职务 科长" in words


def test_an_inspector_sees_and_declares_only_for_himself(client):
    unit = make_unit()
    own, colleague = make_inspector(unit, with_user=True), make_inspector(unit, with_user=True)
    facility = make_facility(unit, name="清砚环保")
    client.force_login(own.user)
    assert client.get(reverse("registry:inspector-list"))["Location"] == own.get_absolute_url()
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(colleague.get_absolute_url()).status_code == 404
    assert client.get(facility.get_absolute_url()).status_code == 403
    url = reverse("registry:conflict-new", args=[own.code])
    assert "没有“不存在”" in text_of(post(client, url, facility="不存在", kind="RELATIVE", reason="配偶任职"))
    assert post(client, url, facility="清砚环保", kind="RELATIVE", reason="配偶在该厂任职").status_code == 302
    assert ConflictOfInterest.objects.get().inspector == own
    assert "配偶在该厂任职" in text_of(client.get(own.get_absolute_url()))


def test_a_declared_interest_is_read_only_by_those_who_need_it(client):
    unit = make_unit()
    person = make_inspector(unit, with_user=True)
    interests_actions.declare_conflict(
        inspector=person, facility=make_facility(unit), kind="RELATIVE", reason="配偶在该厂任职", by=person.user
    )
    make_city_team()
    seen = {
        who.__name__: "配偶在该厂任职" in text_of(enter(client, who(unit)).get(person.get_absolute_url()))
        for who in (make_planner, make_registrar, make_approver)
    }
    assert seen == {"make_planner": False, "make_registrar": True, "make_approver": True}
    assert "配偶在该厂任职" in text_of(enter(client, make_supervisor()).get(person.get_absolute_url()))
