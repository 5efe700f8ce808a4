"""Importing: nothing before it is confirmed, all or nothing then, and back again (ui.md 4.10, reliability.md P13)."""

import time
from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from registry import questions, sheets
from registry.facilities import actions as facilities_actions
from registry.facilities import chain as history
from registry.imports import actions as imports_actions
from registry.interests import actions as interests_actions
from registry.models import (
    BatchKind,
    BatchState,
    Category,
    CategoryGround,
    ChangeProposal,
    Facility,
    FacilityChange,
    Ground,
    Inspector,
    InspectorChange,
    PositiveListEntry,
)
from tests.factories import make_facility, make_inspector, make_planner, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.workbooks import credit_code, facility_row, inspector_row, workbook

pytestmark = pytest.mark.django_db
CODE = "91210504DEM000030E"


def check(content, *, unit=None, by=None, kind=BatchKind.FACILITY, name="名录.xlsx"):
    unit = unit or make_unit()
    content = content if isinstance(content, bytes) else workbook(content)
    return imports_actions.check_workbook(
        file_name=name, content=content, kind=kind, unit=unit, by=by or make_registrar(unit)
    )


def imported(rows, *, unit=None, kind=BatchKind.FACILITY):
    unit = unit or make_unit()
    by = make_registrar(unit)
    return approved_import(imports_actions.confirm_import(batch=check(rows, unit=unit, by=by, kind=kind), by=by))


def state() -> list:
    """The whole registry but for versions and history."""
    facilities = [
        {k: v for k, v in row.items() if k not in ("version",)} for row in Facility.objects.order_by("code").values()
    ]
    grounds = CategoryGround.objects.order_by("facility__code", "kind").values_list(
        "facility__code", "kind", "valid_to"
    )
    entries = PositiveListEntry.objects.order_by("facility__code").values_list("facility__code", "batch", "valid_to")
    people = [{k: v for k, v in row.items() if k != "version"} for row in Inspector.objects.order_by("code").values()]
    return [facilities, list(grounds), list(entries), people]


def fails_at_the_end(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    monkeypatch.setattr("registry.ratings.actions.note_ratings_of", broken)


def test_checking_writes_nothing_in_the_registry():
    batch = check([facility_row()])
    assert (batch.state, batch.counts["added"]) == (BatchState.CHECKED, 1)
    assert Facility.objects.count() == FacilityChange.objects.count() == 0


@pytest.mark.clause("六(二)-a")
@pytest.mark.clause("六(二)-g")
@pytest.mark.clause("六(二)-h")
@pytest.mark.clause("六(二)-i")
@pytest.mark.clause("六(二)-j")
@pytest.mark.clause("六(二)-k")
@pytest.mark.clause("六(二)-l")
@pytest.mark.clause("六(二)-n")
@pytest.mark.clause("六(二)-o")
def test_confirming_writes_every_fact_of_the_row():
    imported(
        [
            facility_row(
                name="本溪示例化工有限公司",
                uscc=CODE,
                permit_no=f"{CODE}001P",
                permit_category="简化管理",
                permit_valid_to="2028-08-14",
                managed_by_city="否",
                division_code="平山区",
                address="某路 1 号",
                longitude="123.765432",
                latitude="41.298765",
                industry_code="C2521",
                industry_name="炼焦",
                legal_person="甲乙",
                contact_name="丙丁",
                contact_phone="13912345678",
                pollution_types="水、大气",
                hazwaste="经营单位",
                hazwaste_licence="辽本危废〔2025〕3号",
                air_grade="B级",
                credit_level="绿",
                credit_risk="B",
                scopes="危险废物",
                status="季节性停产",
                former_names="旧名一；旧名二",
                entered_on="2025-03-01",
            )
        ]
    )
    facility = Facility.objects.get()
    assert facility.code == facility.permit_no == f"{CODE}001P"
    assert (facility.permit_category, facility.permit_valid_to) == ("SIMPLIFIED", date(2028, 8, 14))
    assert (facility.managed_by_city, facility.division_code, facility.address) == (False, "210502", "某路 1 号")
    assert (str(facility.longitude), str(facility.latitude)) == ("123.765432", "41.298765")
    assert (facility.industry_code, facility.industry_name) == ("C2521", "炼焦")
    assert (facility.legal_person, facility.contact_name, facility.contact_phone) == ("甲乙", "丙丁", "13912345678")
    assert (facility.pollution_types, facility.air_grade) == (["WATER", "AIR"], "B")
    assert (facility.hazwaste, facility.hazwaste_licence) == ("OPERATOR", "辽本危废〔2025〕3号")
    assert (facility.credit_level, facility.credit_risk, facility.scopes) == ("绿", "B", ["HW"])
    assert (facility.status, facility.former_names) == ("SEASONAL", ["旧名一", "旧名二"])
    assert facility.entered_on == date(2025, 3, 1)
    assert facility.search_text.startswith("本溪示例化工有限公司 benxishilihuagongyouxiangongsi bxslhgyxgs")


@pytest.mark.parametrize(
    ("fields", "ground", "category"),
    [
        pytest.param(
            {"key_grounds": "重点排污单位名录"}, Ground.KF1, Category.KEY, marks=pytest.mark.clause("六(二)-t")
        ),
        pytest.param({"permit_category": "重点管理"}, Ground.KF2, Category.KEY, marks=pytest.mark.clause("六(二)-u")),
        pytest.param({"key_grounds": "两高"}, Ground.KF3, Category.KEY, marks=pytest.mark.clause("六(二)-v")),
        pytest.param({"key_grounds": "危险废物"}, Ground.KF4, Category.KEY, marks=pytest.mark.clause("六(二)-w")),
        pytest.param({"key_grounds": "尾矿库"}, Ground.KF5, Category.KEY, marks=pytest.mark.clause("六(二)-x")),
        pytest.param({"key_grounds": "KF6 危化品"}, Ground.KF6, Category.KEY, marks=pytest.mark.clause("六(二)-y")),
        pytest.param({"key_grounds": "重金属"}, Ground.KF7, Category.KEY, marks=pytest.mark.clause("六(二)-z")),
        pytest.param({"key_grounds": "垃圾填埋场"}, Ground.KF8, Category.KEY, marks=pytest.mark.clause("六(二)-aa")),
        pytest.param({"key_grounds": "KF9"}, Ground.KF9, Category.KEY, marks=pytest.mark.clause("六(二)-ab")),
        pytest.param({"key_grounds": "重要环保设施"}, Ground.KF10, Category.KEY, marks=pytest.mark.clause("六(二)-ac")),
        pytest.param(
            {"special_grounds": "挂牌督办"}, Ground.SF1, Category.SPECIAL, marks=pytest.mark.clause("六(二)-ae")
        ),
        pytest.param(
            {"special_grounds": "媒体曝光"}, Ground.SF2A, Category.SPECIAL, marks=pytest.mark.clause("六(二)-af")
        ),
        pytest.param(
            {"special_grounds": "群众反复投诉", "special_evidence": "信访1号、信访2号、信访3号"},
            Ground.SF2B,
            Category.SPECIAL,
            marks=pytest.mark.clause("六(二)-ag"),
        ),
        pytest.param({"special_grounds": "涉刑"}, Ground.SF3, Category.SPECIAL, marks=pytest.mark.clause("六(二)-ah")),
        pytest.param({"credit_level": "严重失信"}, Ground.SF4, Category.SPECIAL, marks=pytest.mark.clause("六(二)-ai")),
        pytest.param(
            {"special_grounds": "环境风险等级高"}, Ground.SF5, Category.SPECIAL, marks=pytest.mark.clause("六(二)-aj")
        ),
    ],
)
def test_each_ground_makes_its_category(fields, ground, category):
    imported([facility_row(**{"key_evidence": "甲号文", "special_evidence": "乙号文", **fields})])
    facility = Facility.objects.get()
    kept = facility.grounds.get()
    assert (facility.category, facility.has_key_ground) == (category, category == Category.KEY)
    assert (kept.kind, bool(kept.evidence)) == (ground, True)


@pytest.mark.clause("六(二)-al")
def test_no_ground_is_general_and_special_wins_over_key():
    imported(
        [
            facility_row(name="一般厂"),
            facility_row(
                name="两样都有",
                key_grounds="两高；重金属",
                key_evidence="甲号文；乙号文",
                special_grounds="媒体曝光",
                special_evidence="某报 2025-11-03",
                category="特殊",
            ),
        ]
    )
    general, both = Facility.objects.get(name="一般厂"), Facility.objects.get(name="两样都有")
    assert (general.category, general.has_key_ground) == (Category.GENERAL, False)
    assert (both.category, both.has_key_ground) == (Category.SPECIAL, True)
    assert dict(both.grounds.values_list("kind", "evidence")) == {
        "KF3": "甲号文",
        "KF7": "乙号文",
        "SF2A": "某报 2025-11-03",
    }


def test_a_row_that_says_little_gets_what_every_new_facility_has():
    unit = make_unit("210503")
    imported([{"名称": "甲厂", "统一社会信用代码": CODE}], unit=unit)
    usual = Facility(
        name="甲厂",
        uscc=CODE,
        code=CODE,
        unit=unit,
        division_code="210503",
        entered_on=clock.today(),
        search_text=f"甲厂 jiachang jc {CODE.lower()} 溪湖区",
    )
    facility = Facility.objects.get()
    assert {f.name: getattr(facility, f.name) for f in Facility._meta.concrete_fields if f.name != "id"} == {
        f.name: getattr(usual, f.name) for f in Facility._meta.concrete_fields if f.name != "id"
    }


def test_what_a_row_says_goes_in_to_the_letter():
    odd = ['旧"名"', r"名\n\\", "{乙,丙}", "NULL", "%s %(name)s", "$1 ' --"]
    imported([facility_row(name="甲'厂\"\\", former_names="；".join(odd), permit_category="重点管理", uscc=CODE)])
    facility, change = Facility.objects.get(), FacilityChange.objects.get(kind="NEW")
    assert (facility.name, facility.former_names) == ("甲'厂\"\\", odd)
    assert change.values["former_names"] == [None, odd]
    assert history.check(facility).whole


def test_codes_follow_permit_then_credit_code_then_a_number():
    other = make_unit("210503")
    make_facility(other, code="BX-0041", uscc="", is_natural_person=True)
    shared = credit_code()
    imported(
        [
            facility_row(name="有许可证", uscc=CODE, permit_no=f"{CODE}001P"),
            facility_row(name="只有信用代码", uscc=(own := credit_code())),
            facility_row(name="两处之一", uscc=shared, permit_no=f"{shared}001P"),
            facility_row(name="两处之二", uscc=shared, permit_no=f"{shared}002P"),
        ]
    )
    imported([{"名称": "张三养殖户", "统一社会信用代码": None, "自然人": "是"}])
    codes = dict(Facility.objects.values_list("name", "code"))
    assert codes["有许可证"] == f"{CODE}001P"
    assert codes["只有信用代码"] == own
    assert codes["两处之二"] == f"{shared}002P"
    assert codes["张三养殖户"] == "BX-0042"


@pytest.mark.clause("六(二)-f")
def test_changes_keep_their_old_values_with_reason_and_batch():
    unit = make_unit()
    make_facility(unit, uscc=CODE, code=CODE, name="老厂", address="旧址")
    batch = imported(
        [
            facility_row(
                uscc=CODE,
                name="新厂",
                address="新址",
                status="停产",
                status_on="2026-06-20",
                status_evidence="现场核查",
                key_grounds="两高",
                key_evidence="清单",
            )
        ],
        unit=unit,
    )
    facility, (change, *approved) = Facility.objects.get(), FacilityChange.objects.order_by("pk")
    assert (facility.name, facility.former_names, facility.version) == ("新厂", ["老厂"], 4)
    assert change.values == {
        "former_names": [[], ["老厂"]],
        "name": ["老厂", "新厂"],
        "address": ["旧址", "新址"],
    }
    assert (change.kind, change.batch, change.reason) == ("CHANGED", batch, "导入 名录.xlsx")
    ground, status = approved
    assert ground.values == {"grounds": [None, ["KF3"]], "category": ["general", "key"]}
    assert (status.kind, status.effective_on, status.evidence) == ("SUSPENDED", date(2026, 6, 20), "现场核查")
    assert status.values == {"status": ["OPERATING", "SUSPENDED"]}
    assert all(c.approved_by and c.approved_by != c.entered_by == change.entered_by for c in approved)


def test_faulty_rows_stay_out_and_the_others_go_in():
    batch = imported([facility_row(name="好的"), facility_row(name="坏的", uscc="x")])
    assert list(Facility.objects.values_list("name", flat=True)) == ["好的"]
    assert batch.state == BatchState.CONFIRMED


@pytest.mark.promise("P13")
def test_a_failure_on_the_way_leaves_nothing(monkeypatch):
    unit = make_unit()
    by = make_registrar(unit)
    batch = check([facility_row() for _ in range(5)], unit=unit, by=by)
    before = state()
    with monkeypatch.context() as m:
        fails_at_the_end(m)
        with pytest.raises(RuntimeError):
            imports_actions.confirm_import(batch=batch, by=by)
    batch.refresh_from_db()
    assert (state(), batch.state) == (before, BatchState.CHECKED)


@pytest.mark.promise("P13")
def test_a_registry_that_changed_meanwhile_asks_for_a_new_check():
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, uscc=CODE, name="甲厂")
    batch = check([facility_row(uscc=CODE, name="乙厂")], unit=unit, by=by)
    facilities_actions.change_facility(
        facility=facility, values={"address": "新址"}, version=1, reason="企业搬家", by=by
    )
    with pytest.raises(Refused, match="核对之后名录有了变化"):
        imports_actions.confirm_import(batch=batch, by=by)
    assert Facility.objects.get().name == "甲厂"


def test_a_code_that_another_unit_took_meanwhile_asks_for_a_new_check():
    unit = make_unit()
    by = make_registrar(unit)
    batch = check([facility_row(uscc=CODE)], unit=unit, by=by)
    make_facility(make_unit("210503"), uscc=CODE)
    with pytest.raises(Refused, match="其他单位登记了相同的代码"):
        imports_actions.confirm_import(batch=batch, by=by)


def test_a_batch_is_confirmed_once_and_only_by_its_registrar():
    unit = make_unit()
    by = make_registrar(unit)
    batch = check([facility_row()], unit=unit, by=by)
    for stranger in (make_planner(unit), make_registrar(make_unit("210503"))):
        with pytest.raises(Refused, match="没有维护明山分局检查对象名录的权限"):
            imports_actions.confirm_import(batch=batch, by=stranger)
    imports_actions.confirm_import(batch=batch, by=by)
    with pytest.raises(Refused, match="这一批已于 2026-07-06 10:00 导入"):
        imports_actions.confirm_import(batch=batch, by=by)
    assert AuditEntry.objects.filter(verb="registry.import.confirmed").count() == 1


def test_a_discarded_batch_cannot_be_confirmed():
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.discard_import(batch=check([facility_row()], unit=unit, by=by), by=by)
    with pytest.raises(Refused, match="已放弃"):
        imports_actions.confirm_import(batch=batch, by=by)
    assert Facility.objects.count() == 0


def full_rows():
    return [
        facility_row(name="新厂", uscc=credit_code(), positive="是", positive_batch="第一批"),
        facility_row(
            uscc=CODE,
            name="改名厂",
            permit_category="重点管理",
            address="新址",
            longitude="123.7",
            permit_valid_to="2028-01-01",
            positive="是",
            positive_batch="第一批",
            status="停产",
            status_on="2026-06-20",
            status_evidence="核查",
        ),
    ]


def test_a_withdrawn_batch_leaves_the_registry_exactly_as_before():
    unit = make_unit()
    by = make_registrar(unit)
    make_facility(unit, uscc=CODE, name="老厂", search_text="老厂 laochang lc " + CODE.lower() + " 明山区", code=CODE)
    make_facility(unit, name="不相干", uscc=credit_code())
    before = state()
    batch = imports_actions.confirm_import(batch=check(full_rows(), unit=unit, by=by), by=by)
    assert state() != before
    imports_actions.withdraw_import(batch=batch, by=by)
    assert state() == before
    batch.refresh_from_db()
    assert (batch.state, batch.withdrawn_by) == (BatchState.WITHDRAWN, by)
    kinds = FacilityChange.objects.filter(batch=batch).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["NEW", "CHANGED", "WITHDRAWN", "WITHDRAWN"]


def test_the_end_of_a_derived_ground_is_asked_for_and_taken_back_with_the_withdrawal():
    unit = make_unit()
    by = make_registrar(unit)
    imported([facility_row(uscc=CODE, permit_category="重点管理")], unit=unit)
    before = state()
    batch = imports_actions.confirm_import(
        batch=check([facility_row(uscc=CODE, permit_category="简化管理")], unit=unit, by=by), by=by
    )
    assert Facility.objects.get().category == Category.KEY
    assert ChangeProposal.objects.pending().get().kind == "GROUND_END"
    imports_actions.withdraw_import(batch=batch, by=by)
    assert state() == before and not ChangeProposal.objects.pending().exists()


def test_a_batch_can_be_withdrawn_for_24_hours(at):
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.confirm_import(batch=check([facility_row()], unit=unit, by=by), by=by)
    at(clock.now() + timedelta(hours=24, seconds=1))
    with pytest.raises(Refused, match="超过 24 小时"):
        imports_actions.withdraw_import(batch=batch, by=by)
    at(clock.now() - timedelta(seconds=2))
    imports_actions.withdraw_import(batch=batch, by=by)
    assert Facility.objects.count() == 0


def test_a_batch_whose_rows_changed_later_is_not_withdrawn():
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.confirm_import(batch=check([facility_row(name="甲厂")], unit=unit, by=by), by=by)
    facility = Facility.objects.get()
    facilities_actions.change_facility(
        facility=facility, values={"address": "新址"}, version=1, reason="企业搬家", by=by
    )
    with pytest.raises(Refused, match="“甲厂”在导入之后又有变更"):
        imports_actions.withdraw_import(batch=batch, by=by)
    assert Facility.objects.get().address == "新址"


def test_a_batch_that_something_stands_on_is_not_withdrawn(monkeypatch):
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.confirm_import(batch=check([facility_row(uscc=CODE)], unit=unit, by=by), by=by)
    asked = []

    def frozen(batch, codes):
        asked.append((batch.pk, codes))
        return "名单已于 7 月 6 日封存，用到了这一批。"

    monkeypatch.setattr(questions.ask, "why_not_withdraw", frozen)
    with pytest.raises(Refused, match="封存"):
        imports_actions.withdraw_import(batch=batch, by=by)
    assert asked == [(batch.pk, [CODE])]
    assert Facility.objects.count() == 1


def test_a_new_facility_that_is_in_use_elsewhere_is_not_withdrawn():
    unit = make_unit()
    by = make_registrar(unit)
    batch = imports_actions.confirm_import(batch=check([facility_row()], unit=unit, by=by), by=by)
    interests_actions.declare_conflict(
        inspector=make_inspector(unit), facility=Facility.objects.get(), kind="OTHER", reason="配偶在该厂", by=by
    )
    with pytest.raises(Refused, match="已经在别处用到"):
        imports_actions.withdraw_import(batch=batch, by=by)
    batch.refresh_from_db()
    assert (Facility.objects.count(), batch.state) == (1, BatchState.CONFIRMED)


@pytest.mark.promise("P18")
@pytest.mark.clause("六(二)-q")
def test_an_export_imported_again_changes_nothing():
    unit = make_unit()
    imported(
        [
            *full_rows()[:1],
            facility_row(name="九厂", key_grounds="两高；KF7", key_evidence="甲；乙", pollution_types="水、碳"),
            facility_row(
                name="十厂", special_grounds="SF5", special_evidence="评估报告", air_grade="B−", scopes="辐射"
            ),
            facility_row(name="停产厂", status="停产", former_names="甲；乙", longitude="123.7", latitude="41.1"),
        ],
        unit=unit,
    )
    rows = Facility.objects.prefetch_related("grounds", "positive_entries").select_related("unit")
    batch = check(sheets.facility_export(rows, unit=unit, day=date(2026, 7, 1), with_personal_data=True), unit=unit)
    assert (list(batch.lines.all()), batch.counts["unchanged"]) == ([], 4)


# --- inspectors ---------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(三)-a")
@pytest.mark.clause("六(三)-b")
@pytest.mark.clause("六(三)-d")
@pytest.mark.clause("六(三)-e")
@pytest.mark.clause("六(三)-f")
@pytest.mark.clause("六(三)-g")
@pytest.mark.clause("六(三)-h")
@pytest.mark.clause("六(三)-k")
@pytest.mark.clause("六(三)-m")
@pytest.mark.clause("六(三)-o")
@pytest.mark.clause("六(三)-p")
def test_inspectors_are_imported_with_every_fact():
    unit = make_unit()
    section = make_unit("210504-S", kind="COUNTY_SECTION", name="明山执法科", serves=unit)
    imported(
        [
            inspector_row(
                name="示例甲",
                gender="女",
                unit="明山执法科",
                position="科长",
                certificate_kind="部颁",
                enforcement_kinds="大气、水",
                scopes="危废、辐射",
                can_lead="是",
                employment="在编在岗",
                entered_service_on="2010-07-01",
                expertise="固废",
                field_of_study="环境工程",
            ),
            {"姓名": "示例乙", "职务": "科员"},
        ],
        unit=unit,
        kind=BatchKind.INSPECTOR,
    )
    first, second = Inspector.objects.order_by("code")
    assert (first.code, second.code) == ("210504-01", "210504-02")
    assert (first.unit, first.gender, first.position) == (section, "F", "科长")
    assert (first.certificate_no, first.certificate_kind) == ("21050400001", "MINISTRY")
    assert (first.certificate_from, first.certificate_to) == (date(2024, 3, 1), date(2028, 2, 28))
    assert (first.enforcement_kinds, first.scopes, first.can_lead) == ("大气、水", ["HW", "RAD"], True)
    assert (first.employment, first.entered_service_on) == ("IN_POST", date(2010, 7, 1))
    assert (first.expertise, first.field_of_study) == (["SOLID"], "环境工程")
    assert (second.unit, second.certificate_no, second.certificate_to) == (unit, "", None)
    assert InspectorChange.objects.filter(kind="NEW").count() == 2


@pytest.mark.clause("六(三)-i")
def test_inspectors_change_by_certificate_and_come_back_with_the_withdrawal():
    unit = make_unit()
    by = make_registrar(unit)
    imported([inspector_row(name="示例甲"), {"姓名": "示例乙", "职务": "科员"}], unit=unit, kind=BatchKind.INSPECTOR)
    before = state()
    rows = [
        inspector_row(name="示例甲", position="科长", certificate_to="2030-01-01"),
        inspector_row(name="示例丙", certificate_no="21050400003"),
    ]
    checked = check(rows, unit=unit, by=by, kind=BatchKind.INSPECTOR)
    assert {n: checked.counts[n] for n in ("added", "changed", "missing")} == {"added": 1, "changed": 1, "missing": 1}
    batch = imports_actions.confirm_import(batch=checked, by=by)
    changed = Inspector.objects.get(name="示例甲")
    assert (changed.position, changed.certificate_to, changed.version) == ("科长", date(2030, 1, 1), 2)
    imports_actions.withdraw_import(batch=batch, by=by)
    assert state() == before


def test_an_export_of_inspectors_imported_again_changes_nothing():
    unit = make_unit()
    imported([inspector_row(), {"姓名": "示例乙", "职务": "科员"}], unit=unit, kind=BatchKind.INSPECTOR)
    make_inspector(
        unit,
        name="示例丁",
        certificate_no="21050499999",
        certificate_to=date(2025, 1, 1),
        certificate_from=date(2024, 1, 1),
    )
    content = sheets.inspector_export(Inspector.objects.select_related("unit"), unit=unit, day=date(2026, 7, 1))
    batch = check(content, unit=unit, kind=BatchKind.INSPECTOR)
    assert [line.problems or line.content for line in batch.lines.all()] == []


def test_seven_hundred_rows_are_confirmed_in_about_a_second():
    unit = make_unit()
    by = make_registrar(unit)
    rows = [
        facility_row(name=f"本溪示例{n}有限公司", permit_category="重点管理" if n % 4 == 0 else "登记管理")
        for n in range(700)
    ]
    batch = check(rows, unit=unit, by=by)
    started = time.perf_counter()
    imports_actions.confirm_import(batch=batch, by=by)
    took = time.perf_counter() - started
    assert Facility.objects.count() == 700
    assert ChangeProposal.objects.filter(kind="GROUND", subject="KF2").count() == 175
    assert took < 6  # about one second on an idle machine; room for a busy one
