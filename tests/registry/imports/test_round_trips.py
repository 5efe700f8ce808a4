"""An own export comes back unchanged, as it is and through the formats of a spreadsheet program (reliability.md P18)."""

from datetime import date

import pytest

from registry import sheets
from registry.models import BatchKind, Facility, Inspector
from tests.factories import make_inspector, make_unit
from tests.registry.imports.test_imports import check, imported
from tests.registry.workbooks import facility_row, workbook
from tests.spreadsheets import resaved

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 1)
# Each as somebody's spreadsheet program leaves it; the last opens its own csv again, in which digits are numbers.
FORMATS = [("xlsx",), ("ods",), ("xls",), ("csv",), ("ods", "xlsx"), ("xls", "ods")]


def a_registry(unit) -> None:
    """Facilities with whatever a spreadsheet program may take for something else."""
    rows = [
        facility_row(name="本溪示例（集团）有限公司", contact_phone="024-42812345", industry_code="C2521"),
        facility_row(
            name="=HYPERLINK(1)",
            address="+cmd|x",
            legal_person="甲·乙",
            contact_phone="04142812345",
            division_code="明山区",
        ),
        facility_row(
            name="三厂",
            permit_category="重点管理",
            permit_valid_to="2028-02-29",
            longitude="123.7",
            latitude="41.298765",
            pollution_types="水、大气、危废",
            hazwaste="产生单位（重点监管）",
            air_grade="B−",
            credit_risk="A",
        ),
        facility_row(
            name="四厂", key_grounds="两高；KF7", key_evidence="甲；乙", former_names="甲厂；乙厂", scopes="辐射"
        ),
        facility_row(name="五厂", positive="是", positive_batch="2026 年第一批", status="停产", operator_name="1-2"),
        {"名称": "王氏养殖户", "统一社会信用代码": None, "自然人": "是", "地址": "1/2"},
    ]

    def as_text(ws):
        for cell in (cell for line in ws.iter_rows(min_row=2) for cell in line if isinstance(cell.value, str)):
            cell.data_type = "s"

    imported(workbook(rows, change=as_text), unit=unit)
    assert Facility.objects.count() == 6


def exported() -> bytes:
    rows = Facility.objects.select_related("unit").prefetch_related("grounds", "positive_entries").order_by("code")
    return sheets.facility_export(rows, unit=rows[0].unit, day=DAY, with_personal_data=True)


def people(unit) -> bytes:
    for number, name in (("06050400912", "示例甲"), ("21050400001", "示例·乙")):
        make_inspector(unit, certificate_no=number, name=name, can_lead=number.startswith("0"))
    make_inspector(unit, certificate_no="", certificate_from=None, certificate_to=None, name="示例丙")
    return sheets.inspector_export(Inspector.objects.select_related("unit"), unit=unit, day=DAY)


def lines_of(batch) -> list:
    return [(line.number, line.content, line.problems) for line in batch.lines.all()]


def test_facilities_come_back_unchanged():
    unit = make_unit()
    a_registry(unit)
    batch = check(exported(), unit=unit)
    assert (lines_of(batch), batch.counts["unchanged"]) == ([], 6)


@pytest.mark.slow("office")
@pytest.mark.parametrize("formats", FORMATS, ids="-".join)
def test_facilities_come_back_unchanged_through_a_spreadsheet_program(formats):
    unit = make_unit()
    a_registry(unit)
    batch = check(resaved(exported(), *formats), unit=unit, name=f"名录.{formats[-1]}")
    assert (lines_of(batch), batch.counts["unchanged"]) == ([], 6)


def test_inspectors_come_back_unchanged_with_the_zeros_of_their_numbers():
    unit = make_unit()
    batch = check(people(unit), unit=unit, kind=BatchKind.INSPECTOR)
    assert (lines_of(batch), batch.counts["unchanged"]) == ([], 3)


@pytest.mark.slow("office")
@pytest.mark.parametrize("formats", FORMATS, ids="-".join)
def test_inspectors_come_back_unchanged_through_a_spreadsheet_program(formats):
    unit = make_unit()
    content = resaved(people(unit), *formats)
    batch = check(content, unit=unit, kind=BatchKind.INSPECTOR, name=f"人员.{formats[-1]}")
    assert (lines_of(batch), batch.counts["unchanged"]) == ([], 3)


@pytest.mark.slow("office")
@pytest.mark.parametrize("formats", [("csv", "csv"), ("csv", "xlsx"), ("csv", "ods")], ids="-".join)
def test_a_zero_that_a_spreadsheet_program_took_away_is_asked_about_and_changes_nothing(formats):
    unit = make_unit()
    content = resaved(people(unit), *formats)
    batch = check(content, unit=unit, kind=BatchKind.INSPECTOR, name=f"人员.{formats[-1]}")
    assert [line.content for line in batch.lines.all() if line.content] == []
    said = [p for line in batch.lines.all() for p in line.problems] + batch.notes
    assert any(p["column"] == "执法证号" and "0" in p["problem"] + p["remedy"] for p in said)
    assert Inspector.objects.filter(certificate_no="06050400912").exists()
