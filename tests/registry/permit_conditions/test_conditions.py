"""许可事项: copied from the permit, kept, and asked point by point at the check (三-o3, 七(五)-l)."""

from datetime import date

import pytest

from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch.actions import points_for
from plans.models import ItemCategory
from registry.models import Facility, PermitCondition
from registry.permit_conditions import actions, sheet
from tests.browsing import post
from tests.factories import make_facility, make_observer, make_registrar, make_unit
from tests.plans.factories import make_list

pytestmark = pytest.mark.django_db
PERMIT_NO = "91210504DEM000030E001P"
LINES = """排放口|DA001 排气筒高度不低于 15 米
排放浓度和排放量｜DA001 颗粒物\t30 mg/m³
自行监测|DA001 每季度监测一次

台账|危险废物台账每日记录，保存五年"""


def permitted(unit=None):
    return make_facility(unit or make_unit(), permit_no=PERMIT_NO, permit_category="KEY")


def points(facility, item_list, *codes):
    items = item_list.items.filter(code__in=codes).prefetch_related("points").order_by("code")
    facility = Facility.objects.prefetch_related("permit_conditions").get(pk=facility.pk)
    return points_for([("", item) for item in items], facility, date(2026, 7, 2))


@pytest.mark.clause("三-o3")
@pytest.mark.clause("七(五)-l")
def test_each_condition_of_the_permit_is_a_point_behind_those_of_the_item_about_permits():
    facility, item_list = permitted(), make_list()
    assert item_list.items.get(code="C02").category == ItemCategory.PERMIT
    before = points(facility, item_list, "C01", "C02", "C03")
    assert actions.enter(facility=facility, lines=LINES, by=make_registrar(facility.unit)) == (4, 0)

    after = points(facility, item_list, "C01", "C02", "C03")
    new = [p for p in after if p not in before]
    assert [(p["item_code"], p["text"], p["standard"]) for p in new] == [
        ("C02", "排放口：DA001 排气筒高度不低于 15 米", ""),
        ("C02", "排放浓度和排放量：DA001 颗粒物", "30 mg/m³"),
        ("C02", "自行监测：DA001 每季度监测一次", ""),
        ("C02", "环境管理台账：危险废物台账每日记录，保存五年", ""),
    ]
    assert {p["basis"] for p in new} == {f"排污许可证 {PERMIT_NO}"}
    numbers = [p["number"] for p in after if p["item_code"] == "C02"]
    assert numbers == sorted(set(numbers)) and [p for p in after if p not in new] == before


def test_what_the_permit_no_longer_holds_is_ended_and_stays_on_record():
    facility = permitted()
    registrar = make_registrar(facility.unit)
    actions.enter(facility=facility, lines=LINES, by=registrar)
    kept = LINES.splitlines()[0] + "\n信息公开|年度执行报告公开"
    assert actions.enter(facility=facility, lines=kept, by=registrar) == (1, 3)
    assert PermitCondition.objects.count() == 5 and facility.permit_conditions.standing().count() == 2
    with pytest.raises(Refused, match="没有改动"):
        actions.enter(facility=facility, lines=kept, by=registrar)
    assert sheet.read(sheet.written(facility.permit_conditions.standing())) == (
        [c.key for c in facility.permit_conditions.standing()],
        [],
    )


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("废水|DW001", "第 1 行的类别“废水”认不出，写：排放口、"),
        ("排放口|", "第 1 行没有要求"),
        ("排放口|a|b|c", "第 1 行多于三段"),
        ("\n排放口|x\n排放口|x", "第 3 行和前面的一行相同"),
        ("排放口|" + "长" * 301, "第 1 行太长"),
        ("\n".join(f"排放口|{n}" for n in range(81)), "有 81 条，最多 80 条"),
    ],
)
def test_a_line_that_is_not_understood_says_which_and_how_to_write_it(lines, sentence):
    facility = permitted()
    with pytest.raises(Refused, match=sentence):
        actions.enter(facility=facility, lines=lines, by=make_registrar(facility.unit))
    assert not PermitCondition.objects.exists()


def test_without_a_permit_or_for_another_unit_nothing_is_entered():
    unit = make_unit()
    with pytest.raises(Refused, match="先登记许可证"):
        actions.enter(facility=make_facility(unit), lines=LINES, by=make_registrar(unit))
    with pytest.raises(Refused):
        actions.enter(facility=permitted(unit), lines=LINES, by=make_registrar(make_unit("210503")))


def test_the_registrar_enters_them_on_a_page_that_keeps_what_was_typed(client):
    facility = permitted()
    client.force_login(make_registrar(facility.unit))
    address = f"/desk/objects/{facility.code}/conditions/"
    assert address in client.get(facility.get_absolute_url()).content.decode()
    refused = post(client, address, lines="排放口|DA001\n废水|DW001")
    assert refused.status_code == 409 and "第 2 行的类别" in refused.content.decode()
    assert "排放口|DA001" in refused.content.decode()
    assert post(client, address, lines=LINES).status_code == 302
    assert "环境管理台账：危险废物台账每日记录" in client.get(facility.get_absolute_url()).content.decode()
    client.force_login(make_observer())
    assert client.get(address).status_code in (403, 404)
