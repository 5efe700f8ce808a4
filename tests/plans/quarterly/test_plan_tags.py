"""Tags in plans, exports and on public pages: an item can be about one public tag, and nothing else is public (六(二)-q)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji import clock
from inspections.dispatch import actions as inspecting
from plans.draw import actions as draw_actions
from plans.models import InspectionItem, ItemCategory, PlanItem, PlanStatus
from plans.quarterly import actions as planning
from plans.quarterly import rules
from plans.quotas import quotas
from registry.facilities import public_tags
from registry.models import Category, Facility
from registry.tags import actions as registering
from tests.browsing import text_of
from tests.factories import make_facility, make_planner, make_registrar, make_unit
from tests.plans.draw.factories import make_held_draw, make_published_plan, make_sealed_draw
from tests.registry.workbooks import reopened

pytestmark = pytest.mark.django_db


def with_item(plan, only_tag):
    """A second item of the plan, about one tag."""
    item = InspectionItem.objects.create(
        list=plan.item_list,
        code="F01",
        category=ItemCategory.WASTE,
        name="固体废物及危险废物管理情况",
        content="危险废物是否按规定贮存",
        objects_text="产废单位",
        modes="ONSITE",
        ratio_text="25%",
        frequency_text="每季度一次",
        body="市生态环境保护综合行政执法队",
        legal_basis="《中华人民共和国固体废物污染环境防治法》第七十九条",
        valid_from=plan.item_list.items.first().valid_from,
    )
    return PlanItem.objects.create(
        plan=plan, item=item, key=True, general=True, special=True, mode="ONSITE", only_tag=only_tag
    )


@pytest.mark.clause("六(二)-q")
def test_an_item_about_a_tag_is_checked_only_where_the_tag_is(at):
    unit = make_unit()
    plan = make_published_plan(unit, key=0, general=8, special=0)
    with_item(plan, "hw")
    odd = [f.pk for n, f in enumerate(Facility.objects.order_by("code")) if n % 2]
    Facility.objects.filter(pk__in=odd).update(hazwaste="PRODUCER_KEY")
    plan.strata.filter(category=Category.GENERAL).update(basis_points=10000)
    draw = make_sealed_draw(plan=plan, values_agreed=True)
    draw = draw_actions.hold_draw(draw=draw, by=make_planner(unit))
    made = inspecting.dispatch(draw=draw, by=make_planner(unit))
    assert len(made) > 1
    for inspection in made:
        names = set(inspection.answers.values_list("item_code", flat=True))
        assert names == ({"A01", "F01"} if inspection.facility.pk in odd else {"A01"})


@pytest.mark.clause("六(二)-q")
def test_the_editor_offers_public_tags_keeps_the_choice_and_every_category_keeps_an_item_without_one(client, at):
    unit = make_unit()
    plan = make_published_plan(unit, status=PlanStatus.DRAFT)
    planner = make_planner(unit)
    client.force_login(planner)
    page = client.get(reverse("plans:plan-edit", args=[unit.code, str(plan.quarter).lower()])).content.decode()
    assert 'name="only_A01"' in page and "污染类型：危废" in page and "涉危险废物" in page
    chosen = {"key": True, "general": True, "special": True, "mode": "ONSITE", "only_tag": "hw"}
    plan = planning.save_plan(plan=plan, by=planner, data={"items": {"A01": chosen}})
    assert plan.items.get().only_tag == "hw"
    figures = quotas.figures_of(
        plan, quotas.pools(unit, plan.quarter, ["A01"], positive_out=False, today=clock.today())
    )
    problems = [p.sentence for p in rules.item_problems(plan, figures, clock.today())]
    assert "重点对象的事项都限了标识，没有标识的就没有可查的。至少一项选“不限”" in problems


@pytest.mark.clause("六(二)-q")
def test_only_facts_of_permit_and_place_are_public_tags():
    assert {value.partition(":")[0] for value, _ in public_tags.CHOICES} == {"p", "hw", "permit"}
    facility = Facility(pollution_types=["AIR"], hazwaste="NONE", permit_category="KEY", credit_level="严重失信")
    held = [value for value, _ in public_tags.CHOICES if public_tags.holds(facility, value)]
    assert held == ["p:AIR", "permit:KEY"]


@pytest.mark.clause("六(二)-q")
def test_the_public_roster_shows_no_tag_of_the_staff(client, at):
    unit = make_unit()
    plan = make_published_plan(unit)
    by = make_registrar(unit)
    Facility.objects.filter(unit=unit).update(
        credit_level="暗黑级", credit_risk="D", air_grade="B_MINUS", hazwaste="PRODUCER_KEY", industry_name="炼焦行业"
    )
    tag = registering.make_tag(unit=unit, name="秋冬攻坚", by=by)
    registering.put_tag(tag=tag, facilities=Facility.objects.filter(unit=unit), by=by)
    draw = make_held_draw(plan=plan, released=True)
    texts = "\n".join(draw.documents.values_list("text", flat=True))
    pages = "\n".join(
        client.get(address, follow=True).content.decode()
        for address in (f"/draws/{draw.draw_id}/", f"/draws/{draw.draw_id}/frames/key/", "/enterprises/")
    )
    name = Facility.objects.filter(unit=unit, category=Category.KEY).first().name
    assert name in texts and name in pages
    for word in ("秋冬攻坚", "暗黑级", "PRODUCER_KEY", "B_MINUS", "2026 年名录", "KF1"):
        assert word not in texts and word not in pages, word


@pytest.mark.clause("六(二)-q")
def test_the_export_follows_the_tag_filter(client):
    unit = make_unit()
    by = make_registrar(unit)
    chosen, other = make_facility(unit, pollution_types=["AIR"]), make_facility(unit, pollution_types=["WATER"])
    tag = registering.make_tag(unit=unit, name="秋冬攻坚", by=by)
    registering.put_tag(tag=tag, facilities=Facility.objects.filter(pk=other.pk), by=by)
    client.force_login(by)
    for asked, expected in (("p:AIR", chosen), (f"t:{tag.pk}", other)):
        sheet = reopened(client.get(reverse("registry:facility-export"), {"tag": asked}).content)
        assert [row[0].value for row in sheet.iter_rows(min_row=3)] == [expected.code]
    assert "秋冬攻坚" in text_of(client.get(reverse("registry:facility-list"), {"tag": f"t:{tag.pk}"}))
