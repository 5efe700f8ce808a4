"""Importing: nothing before it is confirmed, all or nothing then, and back again (ui.md 4.10, reliability.md P13)."""

import time

import pytest

from registry import actions
from registry.models import (
    BatchKind,
    Category,
    Facility,
)
from tests.factories import make_registrar, make_unit

from .workbooks import facility_row, workbook

pytestmark = pytest.mark.django_db


def check(content, *, unit=None, by=None, kind=BatchKind.FACILITY, name="名录.xlsx"):
    unit = unit or make_unit()
    return actions.check_workbook(file_name=name, content=content, kind=kind, unit=unit, by=by or make_registrar(unit))


def imported(rows, *, unit=None, by=None, kind=BatchKind.FACILITY):
    unit = unit or make_unit()
    by = by or make_registrar(unit)
    return actions.confirm_import(batch=check(workbook(rows), unit=unit, by=by, kind=kind), by=by)


def test_seven_hundred_rows_are_confirmed_in_about_a_second():
    unit = make_unit()
    by = make_registrar(unit)
    rows = [
        facility_row(name=f"本溪示例{n}有限公司", permit_category="重点管理" if n % 4 == 0 else "登记管理")
        for n in range(700)
    ]
    started = time.perf_counter()
    batch = check(workbook(rows), unit=unit, by=by)
    checked = time.perf_counter()
    actions.confirm_import(batch=batch, by=by)
    assert Facility.objects.count() == 700
    assert Facility.objects.filter(category=Category.KEY).count() == 175
    assert time.perf_counter() - checked < 5
