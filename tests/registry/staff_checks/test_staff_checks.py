"""人员核对: the personnel office's list beside the registry, and the signature (六(三)-b)."""

import io
import uuid
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from benxi_shuangsuiji.refusal import Refused
from registry.models import StaffCheck
from registry.staff_checks import actions
from tests.browsing import text_of
from tests.factories import make_approver, make_inspector, make_planner, make_registrar, make_unit
from tests.registry.workbooks import workbook

pytestmark = pytest.mark.django_db


def people(unit):
    none = {"certificate_no": "", "certificate_from": None, "certificate_to": None}
    make_inspector(unit, name="甲", certificate_no="21050400001")
    make_inspector(unit, name="乙", certificate_no="21050400002")
    make_inspector(unit, name="丙", code="Z-C", **none)
    make_inspector(unit, name="多出", code="Z-X", certificate_no="21050400009")
    make_inspector(unit, name="已走", left_on=date(2026, 1, 1))
    make_inspector(unit, name="同名", certificate_no="21050400021")
    make_inspector(unit, name="同名", certificate_no="21050400022")


ROWS = [
    {"序号": 1, "姓名": "甲（改名）", "执法证号": "21050400001"},
    {"序号": 2, "姓名": "乙", "执法证号": "21050400003"},
    {"序号": 3, "姓名": "丙", "执法证号": None},
    {"序号": 4, "姓名": "丁", "执法证号": "21050400004"},
    {"序号": 5, "姓名": "戊", "执法证号": None},
    {"序号": 6, "姓名": "同名", "执法证号": None},
    {"序号": 7, "姓名": None, "执法证号": "21050400099"},
]


@pytest.mark.clause("六(三)-b")
def test_who_is_certified_and_not_in_the_registry_is_named_and_the_other_way_round():
    unit = make_unit()
    people(unit)
    make_inspector(make_unit("210503"), name="丁", certificate_no="21050300004")
    check = actions.check_staff(
        unit=unit, file_name="人事.xlsx", content=workbook(ROWS, before=[["人员名单"]]), by=make_registrar(unit)
    )
    assert (check.listed, check.matched) == (6, 3)
    assert [(f["kind"], f["name"], f["row"]) for f in check.findings] == [
        ("uncertain", "同名", 8),
        ("missing", "丁", 6),
        ("unlisted", "戊", 7),
        ("number", "乙", 4),
        ("extra", "多出", None),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"名字": "甲"}], "没有“姓名”一列"),
        ([{"姓名": None}], "没有人"),
        ([{"姓名": "甲", "执法证号": "12"}], "第 2 行的执法证号：不是执法证号"),
    ],
)
def test_a_list_that_cannot_be_compared_is_refused(rows, words):
    unit = make_unit()
    with pytest.raises(Refused, match=words):
        actions.check_staff(unit=unit, file_name="人事.xlsx", content=workbook(rows), by=make_registrar(unit))
    assert not StaffCheck.objects.exists()


@pytest.mark.clause("六(三)-b")
def test_the_leader_signs_what_the_registrar_checked(client):
    unit = make_unit()
    people(unit)
    registrar, leader = make_registrar(unit), make_approver(unit)
    client.force_login(registrar)
    url = reverse("registry:staff-check-list")
    answer = client.post(url, {"form_key": str(uuid.uuid4()), "file": SimpleUploadedFile("人事.xlsx", workbook(ROWS))})
    check = StaffCheck.objects.get()
    result = reverse("registry:staff-check", args=[check.pk])
    assert answer["Location"] == result
    words = text_of(client.get(result))
    assert "名单 6 人，名录里有 3 人，5 处要处理" in words and "有执法证，名录里没有" in words and "待签字" in words
    with pytest.raises(Refused, match="由本单位的分管负责人签字"):
        actions.sign_staff_check(check=check, remark="同意处理", by=registrar)
    client.force_login(leader)
    sign = {"form_key": str(uuid.uuid4()), "remark": "丁、戊本周补录"}
    assert client.post(result, sign).status_code == 302
    check.refresh_from_db()
    assert (check.signed_by, check.remark) == (leader, "丁、戊本周补录")
    with pytest.raises(Refused, match="已经签字"):
        actions.sign_staff_check(check=check, remark="再签一次", by=leader)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffCheck.objects.filter(pk=check.pk).update(signed_by=registrar)
    client.force_login(make_planner(make_unit("210503")))
    assert client.get(result).status_code == 404


@pytest.mark.clause("五-4e")
def test_every_unit_has_its_registry_and_export(client):
    unit = make_unit()
    make_inspector(unit, name="本单位的人", gender="F")
    make_inspector(make_unit("210503"), name="外单位的人")
    client.force_login(make_planner(unit))
    content = client.get(reverse("registry:inspector-export"), {"unit": unit.code}).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    rows = [[c.value for c in row] for row in sheet.iter_rows()]
    rows = rows[next(n for n, row in enumerate(rows) if "姓名" in row) :]  # below the title
    assert [r[rows[0].index("姓名")] for r in rows[1:]] == ["本单位的人"]
    assert {"行政区域", "性别", "业务专长", "部门岗位", "专业类别", "在编在岗"} <= set(rows[0])
