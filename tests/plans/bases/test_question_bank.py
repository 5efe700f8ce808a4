"""题库, what an item takes from it, and what the registry's permit makes of a check sheet (三-o3, 三-o5)."""

from datetime import date

import pytest
from django.urls import reverse

from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch.actions import points_for
from plans.bases import actions as basis_actions
from plans.lists import actions, permits
from plans.models import AppliesTo, BankPoint, ItemCategory
from registry.models import Facility
from tests.factories import make_facility, make_lead_office, make_planner, make_unit
from tests.plans.factories import advance_list, make_list
from tests.plans.lists.test_item_lists import LOCAL_ITEM, POINTS, cites

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 2)
PERMIT_NO = "91210504DEM000030E001P"


def untagged(items):
    return [("", item) for item in items]


def sheet(facility, codes=("C01", "C02", "C03"), known=False):
    items = make_list().items.filter(code__in=codes).prefetch_related("points").order_by("code")
    points = points_for(untagged(items), Facility.objects.get(pk=facility.pk), DAY)
    return [p["known"] for p in points if p["known"]] if known else [(p["item_code"], p["text"]) for p in points]


def test_the_bank_holds_every_point_of_the_starting_list_with_method_and_basis():
    item_list = make_list(upto="DRAFT")

    points = [p for item in item_list.items.prefetch_related("points__bank") for p in item.points.all()]
    assert all(p.bank and p.bank.text == p.text and p.method == p.bank.method for p in points)
    waste = BankPoint.objects.get(text="转移联单")
    assert (waste.basis_text, waste.method) == (
        "《中华人民共和国固体废物污染环境防治法》第八十二条",
        "现场查看、查阅记录",
    )


def test_a_point_of_the_bank_is_written_retired_and_refused_to_others():
    make_list(upto="DRAFT")
    lead = make_lead_office()
    data = {"category": 6, "text": "应急物资", "standard": "齐全", "method": "现场查看", "applies_to": ""}
    with pytest.raises(Refused, match="牵头部门维护"):
        basis_actions.save_bank_point(by=make_planner(make_unit()), data=data)
    point = basis_actions.save_bank_point(by=lead, data=data)
    with pytest.raises(Refused, match="已有同样的要点"):
        basis_actions.save_bank_point(by=lead, data=data)

    basis_actions.retire_bank_point(point=point, by=lead)

    assert not BankPoint.objects.in_use().filter(pk=point.pk).exists()
    with pytest.raises(Refused, match="已经停用"):
        basis_actions.retire_bank_point(point=point, by=lead)


def test_an_item_takes_points_from_the_bank_on_its_page(client):
    city = make_list(upto="DRAFT")
    item = city.items.get(code="A01")
    item.points.all().delete()
    client.force_login(city.created_by)
    url = reverse("plans:item-edit", args=[city.unit.code, 2026, 1, "A01"])
    page = client.get(url)
    wanted = BankPoint.objects.get(text="噪声污染防治措施")
    assert f'value="{wanted.pk}"' in page.content.decode()
    form = page.context["form"].initial
    data = {name: form[name] for name in ("code", "category", "name", "content", "objects_text", "importance", "modes")}
    data |= {name: form[name] for name in ("ratio_text", "frequency_text", "body")}
    data |= {"valid_from": "2026-01-01", "points-TOTAL_FORMS": 0, "points-INITIAL_FORMS": 0, "bank": [wanted.pk]}
    data |= {"cites-TOTAL_FORMS": 1, "cites-INITIAL_FORMS": 0, "cites-0-basis": item.cites.first().basis_id}
    key = page.content.decode().split('name="form_key" value="')[1].split('"')[0]

    assert client.post(url, {"form_key": key, **data})["Location"] == city.get_absolute_url()

    point = item.points.get()
    assert (point.text, point.bank, point.basis) == (wanted.text, wanted, "《中华人民共和国噪声污染防治法》")


@pytest.mark.clause("三-o3")
@pytest.mark.parametrize(
    ("permit", "items"),
    [
        ("KEY", [("C01", 5), ("C02", 3)]),
        ("SIMPLIFIED", [("C01", 5), ("C02", 3)]),
        ("REGISTERED", [("C01", 1), ("C03", 3)]),
        ("NONE", [("C01", 1)]),
    ],
)
def test_the_permit_points_of_a_sheet_follow_the_class_of_the_permit(permit, items):
    facility = make_facility(make_unit(), permit_category=permit)
    found = [code for code, _ in sheet(facility)]
    assert [(code, found.count(code)) for code in sorted(set(found))] == items


@pytest.mark.clause("三-o3")
def test_the_sheet_shows_what_the_registry_has_of_the_permit():
    unit = make_unit()
    held = make_facility(unit, permit_no=PERMIT_NO, permit_category="KEY", permit_valid_to=date(2027, 3, 1))
    over = make_facility(unit, permit_category="REGISTERED", permit_valid_to=date(2026, 7, 1))

    assert permits.known_of(held, DAY) == f"排污许可证编号 {PERMIT_NO}，重点管理，有效期至 2027 年 3 月 1 日"
    assert permits.known_of(over, DAY) == "排污登记没有登记编号，登记管理，有效期至 2026 年 7 月 1 日，已过有效期"
    assert permits.known_of(make_facility(unit), DAY) == "名录没有登记排污许可"
    assert sheet(held, known=True) == [permits.known_of(held, DAY)] * 2  # once for C01, once for C02


@pytest.mark.clause("三-o5")
def test_radiation_points_are_asked_where_radiation_is_used_and_a_sheet_is_never_empty():
    unit = make_unit()
    user, other = make_facility(unit, pollution_types=["RADIATION"]), make_facility(unit, pollution_types=["AIR"])

    assert len(sheet(user, ("E01", "A01"))) == 9
    assert {code for code, _ in points_of(other, ("E01", "A01"))} == {"A01"}
    assert len(points_of(other, ("E01",))) == 5  # nothing else is asked, so all of it is


def points_of(facility, codes):
    from plans.lists.rules import list_in_force

    items = list_in_force(2026).items.filter(code__in=codes).prefetch_related("points").order_by("code")
    return [(p["item_code"], p["text"]) for p in points_for(untagged(items), facility, DAY)]


@pytest.mark.clause("三-o5")
@pytest.mark.parametrize(
    ("types", "needs", "expected"),
    [
        (["RADIATION", "AIR"], {"RAD", ""}, ("RAD",)),
        (["RADIATION"], {""}, ()),
        (["AIR"], {"RAD"}, ()),
    ],
)
def test_where_radiation_is_checked_the_team_needs_the_speciality(types, needs, expected):
    facility = make_facility(make_unit(), pollution_types=types)
    assert permits.scopes_for(facility, needs) == expected


def test_every_condition_asks_the_registry_something():
    facility = make_facility(make_unit(), pollution_types=["WATER"], hazwaste="OPERATOR", permit_category="SIMPLIFIED")
    met = {c.value for c in AppliesTo if permits.applies(c, facility)}
    assert met == {"", "PERMITTED", "SIMPLIFIED", "WATER", "HAZWASTE"}


def test_a_branch_uses_the_bank_for_its_own_items():
    make_list()
    branch = make_unit()
    planner = make_planner(branch)
    local = actions.draft_list(unit=branch, year=2026, by=planner)
    point = BankPoint.objects.in_use().filter(category=ItemCategory.MEASURES).first()
    points = [*POINTS, basis_actions.as_check_point(point)]

    item = actions.save_item(item_list=local, by=planner, data=LOCAL_ITEM, points=points, cites=cites())

    assert [p.text for p in item.points.all()] == ["净化设施", point.text]


def test_the_bank_counts_the_items_of_the_newest_public_lists_only(client):
    first = make_list()
    lead = make_lead_office()
    client.force_login(lead)

    def uses():
        groups = client.get(reverse("plans:bank-list")).context["groups"]
        return {point.pk: point.uses for group in groups for point in group.points}

    before = uses()
    advance_list(actions.draft_list(unit=first.unit, year=2026, by=lead, reason="新法施行了"), "PUBLISHED", lead)

    assert before[BankPoint.objects.get(text="转移联单").pk] == 1
    assert uses() == before
