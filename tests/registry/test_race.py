"""Two people at one moment: the result is that of one after the other (reliability.md P13, P15)."""

import threading

import pytest
from django.db import connections

from benxi_shuangsuiji.refusal import Refused
from registry.facilities import actions as facilities_actions
from registry.imports import actions as imports_actions
from registry.models import Facility, FacilityChange
from tests.factories import make_facility, make_registrar, make_unit
from tests.registry.workbooks import credit_code, facility_row, workbook

pytestmark = pytest.mark.commits


def at_once(*acts) -> list:
    """Run each in a thread of its own, all starting together; returns what each gave or raised."""
    results, start = [None] * len(acts), threading.Barrier(len(acts))

    def run(n, act):
        try:
            start.wait(10)
            results[n] = act()
        except Refused as refusal:
            results[n] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.promise("P13")
def test_two_imports_of_the_same_rows_write_them_once(own_database):
    unit = make_unit()
    rows = [facility_row(name=f"厂{n}") for n in range(30)]
    users = [make_registrar(unit), make_registrar(unit)]
    batches = [
        imports_actions.check_workbook(file_name="a.xlsx", content=workbook(rows), kind="FACILITY", unit=unit, by=by)
        for by in users
    ]
    results = at_once(
        *(
            lambda b=b, by=by: imports_actions.confirm_import(batch=b, by=by)
            for b, by in zip(batches, users, strict=True)
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["ImportBatch", "Refused"]
    assert (Facility.objects.count(), FacilityChange.objects.count()) == (30, 30)


def test_two_units_that_import_the_same_codes_do_not_both_get_them(own_database):
    units = [make_unit(), make_unit("210503")]
    users = [make_registrar(unit) for unit in units]
    content = workbook([facility_row()])
    batches = [
        imports_actions.check_workbook(file_name="a.xlsx", content=content, kind="FACILITY", unit=unit, by=by)
        for unit, by in zip(units, users, strict=True)
    ]
    results = at_once(
        *(
            lambda b=b, by=by: imports_actions.confirm_import(batch=b, by=by)
            for b, by in zip(batches, users, strict=True)
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["ImportBatch", "Refused"]
    assert Facility.objects.count() == 1


@pytest.mark.promise("P15")
def test_eight_editors_of_one_record_leave_one_change(own_database):
    unit = make_unit()
    by = make_registrar(unit)
    facility = make_facility(unit, uscc=credit_code())
    results = at_once(
        *(
            lambda n=n: facilities_actions.change_facility(
                facility=facility, values={"address": f"第 {n} 路"}, version=1, reason="企业搬家", by=by
            )
            for n in range(8)
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["Facility"] + ["Refused"] * 7
    assert (FacilityChange.objects.count(), Facility.objects.get().version) == (1, 2)


def test_eight_new_facilities_without_a_code_get_eight_numbers(own_database):
    unit = make_unit()
    by = make_registrar(unit)
    values = {"name": "养殖户", "is_natural_person": True}
    at_once(
        *(lambda: facilities_actions.add_facility(unit=unit, values=values, reason="新建", by=by) for _ in range(8))
    )
    assert sorted(Facility.objects.values_list("code", flat=True)) == [f"BX-{n:04d}" for n in range(1, 9)]
