"""What is decided is what stood on the page, and an approved plan keeps its numbers (七(一), 七(四), reliability P15)."""

import uuid

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.workdays.days import Quarter
from plans.models import PlanStatus, QuarterlyPlan
from plans.quarterly import actions
from plans.quarterly.public_facts import PlanFacts
from plans.quotas.staff import Staff
from registry.models import Category
from tests.factories import make_approver, make_facility, make_observer, make_planner
from tests.plans.draw.factories import make_held_draw
from tests.plans.factories import make_branch, make_plan

pytestmark = pytest.mark.django_db


def decide(client, plan, do, **more):
    data = {"form_key": str(uuid.uuid4()), "do": do, "opinion": "", **more}
    return client.post(f"{plan.get_absolute_url()}review/", data, follow=True).content.decode()


def test_an_approval_that_comes_after_a_return_says_that_nothing_was_approved(client):
    plan = make_plan(upto="SUBMITTED")
    client.force_login(make_approver(plan.unit))
    decide(client, plan, "return", opinion="多抽两家", version=plan.version)
    assert "计划已退回，没有批准" in decide(client, plan, "approve", version=plan.version)
    assert QuarterlyPlan.objects.get(pk=plan.pk).status == PlanStatus.RETURNED


def test_a_plan_that_was_changed_and_handed_in_again_is_not_approved_unseen(client):
    plan = make_plan(upto="SUBMITTED")
    seen = plan.version
    plan = actions.return_plan(plan=plan, by=make_approver(plan.unit), opinion="多抽两家")
    actions.submit_plan(plan=plan, by=make_planner(plan.unit))
    client.force_login(make_approver(plan.unit))
    page = decide(client, plan, "approve", version=seen)
    assert "打开这一页之后计划改过" in page
    plan.refresh_from_db()
    assert plan.status == PlanStatus.SUBMITTED
    assert f'name="version" value="{plan.version}"' in page  # the page shows the new one, which can be approved
    decide(client, plan, "approve", version=plan.version)
    assert QuarterlyPlan.objects.get(pk=plan.pk).status == PlanStatus.APPROVED


@pytest.mark.parametrize("category", list(Category))
def test_more_than_take_part_is_not_accepted(category):
    plan = make_plan()
    actions.save_plan(
        plan=plan, by=plan.created_by, data={"strata": {category: {"basis_points": 10000, "planned": 999}}}
    )
    with pytest.raises(Exception, match=f"{category.label}对象最多抽"):
        actions.submit_plan(plan=plan, by=plan.created_by, late_reason="名录核对延误")


def test_the_inspectors_are_weighed_against_the_load():
    staff = Staff(people=4, leaders=1)
    assert staff.why_not_enough(objects=20, team_size=2, days=50) == ""
    assert "人手不够" in staff.why_not_enough(objects=200, team_size=2, days=50)
    assert "组长不够" in staff.why_not_enough(objects=60, team_size=2, days=50)
    assert "配不成" in Staff(people=4, leaders=0).why_not_enough(objects=1, team_size=2, days=50)
    assert "没有可派" in Staff(people=0, leaders=0).why_not_enough(objects=1, team_size=2, days=50)


def test_an_approved_plan_keeps_the_numbers_it_was_approved_with(client):
    unit = make_branch()
    plan = make_plan(unit, upto="APPROVED")
    before = PlanFacts.of(plan, now=clock.now()).strata
    for _ in range(5):
        make_facility(unit, category=Category.KEY)
    assert PlanFacts.of(QuarterlyPlan.objects.get(pk=plan.pk), now=clock.now()).strata == before
    client.force_login(make_planner(unit))
    home = client.get(f"/desk/?unit={unit.code}&quarter={plan.quarter}")
    rows = {row["label"]: row["registry"] for row in home.context["home"].quota}
    assert rows["重点"] == before[0].on_books


@pytest.mark.clause("七(一)2-b")
def test_the_text_of_a_plan_tells_no_pick_while_names_are_secret_and_is_one_for_all_readers(client, at):
    draw = make_held_draw(general=20)  # third quarter, names secret
    plan = actions.draft_plan(unit=draw.unit, quarter=Quarter(2026, 4), by=make_planner(draw.unit))
    general = {s.category: s for s in PlanFacts.of(plan, now=clock.now()).strata}["general"]
    reserved = draw.picks.filter(category="general", slot="R").count()
    assert reserved and general.unseen == 20 - reserved  # by the manifest, which is public; whoever was drawn
    assert f"按优先名额扣除 {reserved} 家" in general.lines[-2] and "每季至少" in general.lines[-2]
    pages = []
    for reader in (make_planner(draw.unit), make_observer()):
        client.force_login(reader)
        page = client.get(plan.get_absolute_url()).content.decode()
        pages.append([line in page for line in general.lines])
    assert pages == [[True] * len(general.lines)] * 2


def test_a_plan_field_left_empty_is_named(client):
    plan = make_plan(make_branch())
    client.force_login(plan.created_by)
    data = {"form_key": str(uuid.uuid4()), "do": "save", "version": plan.version}
    page = client.post(f"{plan.get_absolute_url()}edit/", data).content.decode()
    assert "重点对象填比例或家数" in page and "一般对象填比例或家数" in page and "填写抽取时间" in page
    assert "这个字段是必填项" not in page
