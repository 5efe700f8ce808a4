"""What a cell says beyond its own column, and that every way into the registry knows the same words (issue 11 C, E, F)."""

from datetime import date

import pytest
from django.urls import reverse

from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.facilities.forms import FacilityForm
from registry.imports import actions
from registry.inspectors import actions as inspectors_actions
from registry.inspectors.forms import InspectorForm
from registry.models import BatchKind, Facility, FacilityRating, Inspector
from registry.ratings import actions as ratings_actions
from tests.browsing import post
from tests.factories import make_facility, make_inspector, make_registrar, make_unit
from tests.registry.imports.test_checking import check, contents, notes, one_problem, problems
from tests.registry.imports.test_list_imports import imported, row
from tests.registry.workbooks import credit_code, facility_row, inspector_row, workbook

pytestmark = pytest.mark.django_db
CODE = "91210504DEM000030E"


# --- one cell, two columns -----------------------------------------------------------------------------------------


@pytest.mark.clause("六(三)-g")
@pytest.mark.parametrize("begins", ["absent", "blank"])
def test_one_column_of_validity_fills_the_first_and_the_last_day(begins):
    values = {"姓名": "示例甲", "执法证号": "06050400901", "执法证有效期": "2024.03.01-2029.02.28"}
    batch = check([values | ({} if begins == "absent" else {"发证日期": None})], kind=BatchKind.INSPECTOR)
    new = contents(batch)[0]["new"]
    assert (new["certificate_from"], new["certificate_to"]) == ("2024-03-01", "2029-02-28")
    assert notes(batch) == ["已读作 2024-03-01 至 2029-02-28"]


def test_what_a_column_says_itself_counts_before_what_another_says_for_it():
    rows = [
        {
            "姓名": "示例甲",
            "执法证号": "06050400901",
            "发证日期": "2024-05-01",
            "执法证有效期": "2024.03.01-2029.02.28",
        },
        {"姓名": "示例乙", "执法证号": "06050400902", "发证日期": None, "执法证有效期": "2024.03.01-2029.02.28"},
    ]
    first, second = (c["new"] for c in contents(check(rows, kind=BatchKind.INSPECTOR)))
    assert (first["certificate_from"], second["certificate_from"]) == ("2024-05-01", "2024-03-01")


def test_the_same_range_in_many_rows_fills_every_one():
    """A text is read once for a column; what it says for another is not lost by that."""
    rows = [
        {"姓名": "示例" + n, "执法证号": f"0605040090{at}", "执法证有效期": "2024.03.01-2029.02.28"}
        for at, n in enumerate("甲乙丙丁")
    ]
    found = contents(check(rows, kind=BatchKind.INSPECTOR))
    assert [c["new"]["certificate_from"] for c in found] == ["2024-03-01"] * 4


def test_a_range_is_the_last_day_where_only_that_is_kept():
    batch = check([facility_row(permit_valid_to="2025-03-01至2030-02-28")])
    assert contents(batch)[0]["new"]["permit_valid_to"] == "2030-02-28"


def test_the_kind_of_industry_with_its_code_fills_both():
    batch = check([facility_row(industry_name="C2511原油加工及石油制品制造"), facility_row(industry_name="机械")])
    new = [c["new"] for c in contents(batch)]
    assert (new[0]["industry_code"], new[0]["industry_name"]) == ("C2511", "原油加工及石油制品制造")
    assert (new[1].get("industry_code"), new[1]["industry_name"]) == (None, "机械")
    said = check([facility_row(industry_code="C31", industry_name="C2511原油加工")])
    assert contents(said)[0]["new"]["industry_code"] == "C31"


# --- one vocabulary ------------------------------------------------------------------------------------------------


def by_registry_workbook(unit, by, text):
    actions.confirm_import(batch=check([facility_row(uscc=CODE, credit_level=text)], unit=unit), by=by)


def by_list(unit, by, text):
    facility = make_facility(unit, uscc=CODE, name="甲厂")
    imported(BatchKind.CREDIT, [row(facility, 环境信用评价=text)], {"year": 2026, "source": "省厅公告"}, unit=unit)


def by_form(unit, by, text):
    facility = make_facility(unit, uscc=CODE, name="甲厂", permit_category="NONE")
    form = FacilityForm.of(facility)
    data = {n: "" if v is None else v for n, v in form.initial.items()} | {"credit_level": text, "reason": "评价通报"}
    form = FacilityForm.of(facility, data)
    assert form.is_valid(), form.errors
    facilities_actions.change_facility(
        facility=facility, values=form.values(), version=facility.version, reason="评价通报", by=by
    )


def by_action(unit, by, text):
    facility = make_facility(unit, uscc=CODE, name="甲厂")
    facilities_actions.change_facility(
        facility=facility, values={"credit_level": text}, version=facility.version, reason="评价通报", by=by
    )


def by_new_entry(unit, by, text):
    values = {"name": "甲厂", "uscc": CODE, "credit_level": text}
    facilities_actions.add_facility(unit=unit, values=values, reason="新建投产", by=by)


def by_rating(unit, by, text):
    facility = make_facility(unit, uscc=CODE, name="甲厂")
    ratings_actions.enter_rating(
        facility=facility, kind="credit_level", level=text, year=2026, month=None, source="评价通报", by=by
    )


WAYS = (by_registry_workbook, by_list, by_form, by_action, by_new_entry, by_rating)


@pytest.mark.clause("六(二)-n")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("text", "level"), [("环保诚信企业（绿牌企业）", "绿"), ("蓝牌企业", "蓝"), ("环保诚信", "绿")]
)
def test_every_way_in_reads_a_level_alike_and_stores_its_code(way, text, level):
    unit = make_unit()
    way(unit, make_registrar(unit), text)
    assert Facility.objects.get(uscc=CODE).credit_level == level
    assert set(FacilityRating.objects.filter(kind="credit_level").values_list("code", flat=True)) == {level}


@pytest.mark.clause("六(二)-n")
@pytest.mark.parametrize("way", WAYS)
def test_no_way_in_stores_a_word_that_is_no_level(way):
    unit = make_unit()
    with pytest.raises((Refused, AssertionError)):
        way(unit, make_registrar(unit), "特别好")
    assert not Facility.objects.exclude(credit_level="").exists() and not FacilityRating.objects.exists()


@pytest.mark.parametrize(("text", "risk"), [("B类", "B"), ("Ｃ", "C"), ("D级", "D"), ("a", "A"), ("B 较低", "B")])
def test_the_classes_of_risk_are_read_alike_in_both_workbooks(text, risk):
    unit = make_unit()
    assert contents(check([facility_row(credit_risk=text)], unit=unit))[0]["new"]["credit_risk"] == risk
    facility = make_facility(unit, uscc=CODE)
    imported(
        BatchKind.RISK, [row(facility, 信用风险分类=text)], {"year": 2026, "month": 5, "source": "市监局"}, unit=unit
    )
    facility.refresh_from_db()
    assert facility.credit_risk == risk


def test_what_is_not_rated_changes_nothing_and_is_no_fault():
    unit = make_unit()
    facility = make_facility(unit, uscc=CODE, name="甲厂", credit_level="蓝")
    other = make_facility(unit, uscc=credit_code(), name="乙厂")
    asked = {"year": 2026, "source": "省厅公告"}
    rows = [row(facility, 环境信用评价="不评定等级"), row(other, 环境信用评价="绿牌")]
    imported(BatchKind.CREDIT, rows, asked, unit=unit)
    facility.refresh_from_db()
    assert facility.credit_level == "蓝"
    assert list(FacilityRating.objects.values_list("facility", "code")) == [(other.pk, "绿")]
    batch = check([facility_row(uscc=CODE, name="甲厂", credit_level="未参评")], unit=unit)
    assert (batch.counts["unchanged"], batch.counts["faulty"]) == (1, 0)


def test_unknown_levels_are_refused_with_the_list():
    row_, column_, _, problem, remedy = one_problem(check([facility_row(credit_level="特别好")]))
    assert (row_, column_, problem) == (2, "环境信用评价", "不是可用的环境信用评价")
    assert remedy == "可填：绿、蓝、黄、红、黑"


# --- people --------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(三)-b")
def test_a_blank_in_a_known_name_is_the_same_person():
    unit = make_unit()
    person = make_inspector(unit, name="张三", certificate_no="06050400901")
    batch = check([inspector_row(name="张　三", certificate_no="06050400901")], kind=BatchKind.INSPECTOR, unit=unit)
    assert problems(batch) == []
    assert "name" not in contents(batch)[0]["new"] if contents(batch) else True
    assert Inspector.objects.get().name == person.name


@pytest.mark.clause("六(三)-b")
@pytest.mark.parametrize("text", ["合计", "6人", "填报人：李某"])
def test_no_door_enters_a_line_that_is_no_person(client, text):
    unit = make_unit()
    by = make_registrar(unit)
    rows = [{"姓名": text, "职务": "科员"}, inspector_row(name="示例乙")]
    assert [c["name"] for c in contents(check(rows, kind=BatchKind.INSPECTOR, unit=unit))] == ["示例乙"]
    with pytest.raises(Refused):
        inspectors_actions.add_inspector(unit=unit, values={"name": text, "employment": "IN_POST"}, by=by)
    person = make_inspector(unit, name="示例甲")
    with pytest.raises(Refused):
        inspectors_actions.change_inspector(
            inspector=person, values={"name": text}, version=person.version, reason="改正姓名", by=by
        )
    form = InspectorForm({"name": text, "unit": unit.pk, "employment": "IN_POST"}, drawing_unit=unit, new=True)
    assert "name" in form.errors
    client.force_login(by)
    post(client, reverse("registry:inspector-new"), name=text, unit=unit.pk, employment="IN_POST")
    assert [i.name for i in Inspector.objects.all()] == ["示例甲"]


def test_the_form_takes_a_name_without_its_blanks():
    unit = make_unit()
    form = InspectorForm({"name": "张　三", "unit": unit.pk, "employment": "IN_POST"}, drawing_unit=unit, new=True)
    form.is_valid()
    assert form.cleaned_data["name"] == "张三"


# --- the form of a facility ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("typed", "kept"), [("炼焦", "C2521"), ("2521", "C2521"), ("C2521 炼焦", "C2521"), ("", "")])
def test_the_form_takes_an_industry_by_code_or_name(typed, kept):
    form = FacilityForm({"industry_code": typed}, new=True)
    form.is_valid()
    assert form.cleaned_data["industry_code"] == kept


def test_the_form_refuses_an_industry_that_is_none():
    form = FacilityForm({"industry_code": "C9999"}, new=True)
    assert "GB/T 4754—2017 里没有 C9999" in str(form.errors["industry_code"])


def test_a_number_cell_that_lost_its_zero_keeps_its_row_out():
    rows = [facility_row(industry_code=311, permit_valid_to=date(2028, 1, 1)), facility_row(contact_phone=2442812345)]
    assert [(p[0], p[1], p[3]) for p in problems(check(workbook(rows)))] == [
        (2, "行业代码", "是数字 311，前面的 0 可能丢了"),
        (3, "联系电话", "区号前的 0 可能丢了"),
    ]
    (found,) = problems(check([inspector_row(certificate_no=6050400902)], kind=BatchKind.INSPECTOR))
    assert found[3] == "执法证号是数字格式，前面的 0 可能丢了"
