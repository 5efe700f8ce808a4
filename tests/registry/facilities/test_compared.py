"""The page of a place tells what the last list of 排污许可信息 says otherwise (ui.md 7.2; PNG 08)."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from registry.facilities import actions as facilities
from registry.facilities.compared import in_another_category
from registry.imports import actions
from registry.models import BatchKind, Facility, PermitRecord
from tests.browsing import html_of, signed_in, text_of
from tests.factories import make_facility, make_planner, make_registrar, make_unit
from tests.registry.factories import approved_import
from tests.registry.workbooks import credit_code, workbook

pytestmark = pytest.mark.django_db


def listed(unit, *rows):
    heads = ("排污许可证编号", "名称", "管理类别", "有效期至")
    return actions.check_workbook(
        file_name="许可.xlsx",
        content=workbook([dict(zip(heads, row, strict=True)) for row in rows]),
        kind=BatchKind.PERMIT,
        unit=unit,
        by=make_registrar(unit),
    )


def confirmed(batch):
    return approved_import(actions.confirm_import(batch=batch, by=make_registrar(batch.unit)))


def place(unit, **more):
    code = credit_code()
    return make_facility(unit, uscc=code, permit_no=f"{code}001P", permit_category="SIMPLIFIED", **more)


def page(user, facility):
    return text_of(signed_in(user).get(reverse("registry:facility-detail", args=[facility.code])))


def test_a_place_is_compared_with_the_last_list_that_names_it_as_both_are_today(at):
    at("2026-07-06 10:00")
    unit = make_unit()
    one, other, wrong, unnamed = (place(unit, name=f"{n}厂") for n in "甲乙丙丁")
    by, new = make_registrar(unit), credit_code()
    reader = make_planner(unit)
    assert "没有与排污许可信息比对过" in page(reader, one)
    rows = [
        [one.permit_no, "甲厂", "简化管理", None],  # changes nothing, and is kept all the same
        [other.permit_no, "乙厂", "简化管理", "2029-05-31"],
        [wrong.permit_no, "丙厂", "没有这一类", None],  # refused: says nothing
        [f"{new}001P", "新厂", "登记管理", None],
    ]
    batch = listed(unit, *rows)
    assert set(PermitRecord.objects.values_list("number", flat=True)) == {2, 3, 5}
    words = page(reader, other)
    assert "2026-07-06 上传，还没有导入的排污许可信息里：有效期至 2029-05-31，名录里是 —。" in words
    assert "由名录管理员对照许可证核对" in words and "对照许可证核对：名录不对的" in page(by, other)

    confirmed(batch)
    fresh = Facility.objects.get(permit_no=f"{new}001P")
    for facility in (one, other, fresh):
        assert "2026-07-06 与排污许可信息比对，一致" in page(reader, facility)
    for facility in (wrong, unnamed):
        assert "没有与排污许可信息比对过" in page(reader, facility)

    # What is changed by hand afterwards is told; what a later list says counts from then.
    other.refresh_from_db()
    facilities.change_facility(
        facility=other, values={"permit_valid_to": "2028-05-31"}, reason="照许可证", version=other.version, by=by
    )
    assert "导入的排污许可信息里：有效期至 2029-05-31，名录里是 2028-05-31。" in page(reader, other)
    at("2026-08-03 10:00")
    put_aside = listed(unit, [one.permit_no, "甲厂", "重点管理", None])
    assert "管理类别 重点管理，名录里是 简化管理" in page(reader, one)
    actions.discard_import(batch=put_aside, by=by)
    assert "2026-07-06 与排污许可信息比对，一致" in page(reader, one)
    listed(unit, [other.permit_no, "乙厂", "简化管理", "2028-05-31"])
    assert "2026-08-03 与排污许可信息比对，一致" in page(reader, other)


def test_the_home_counts_the_places_whose_category_is_another_in_the_last_list_and_leads_to_them():
    unit, elsewhere = make_unit(), make_unit("210502")
    same, other, gone, silent = (place(unit, name=f"{n}厂") for n in "甲乙丙丁")
    there, planner = place(elsewhere, name="戊厂"), make_planner(unit)
    browser = signed_in(planner)

    def home():
        return text_of(browser.get("/desk/"))

    def rows():
        address = re.search(r'href="([^"]*compared=category[^"]*)"', html_of(browser.get("/desk/")))
        return text_of(browser.get(unescape(address[1])))

    assert "许可类别" not in home()
    Facility.objects.filter(pk=gone.pk).update(status="CLOSED")
    said = [[f.permit_no, f.name, "重点管理", None] for f in (other, gone)]
    listed(unit, [same.permit_no, "甲厂", "简化管理", None], [silent.permit_no, "丁厂", None, "2029-05-31"], *said)
    listed(elsewhere, [there.permit_no, "戊厂", "重点管理", None])
    assert "1 家许可类别与许可信息不一致" in home()
    found = rows()
    assert "乙厂" in found and "最近的许可信息：管理类别不一致" in found
    assert not any(name in found for name in ("甲厂", "丙厂", "丁厂", "戊厂"))
    with CaptureQueriesContext(connection) as told:
        in_another_category(unit).count()
    assert len(told) == 1
    listed(unit, [other.permit_no, "乙厂", "简化管理", None])  # a later one counts, however few it names
    assert "许可类别" not in home()


def test_of_two_rows_that_contradict_each_other_neither_is_kept():
    unit = make_unit()
    one = place(unit, name="甲厂")
    listed(unit, [one.permit_no, "甲厂", "简化管理", None], [one.permit_no, "甲厂", "登记管理", None])
    assert not PermitRecord.objects.exists()
