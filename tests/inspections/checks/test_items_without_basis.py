"""An item that lost its basis, or its place on the public list, is not drawn for, dispatched or inspected (N-3)."""

from datetime import date

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch import actions as dispatch_actions
from inspections.models import Answer
from inspections.visits import actions as visits_actions
from plans.bases import actions as bases_actions
from plans.draw import actions as draw_actions
from plans.lists import basis_changes
from plans.models import BasisArticle, InspectionItem, ItemBasis, LegalBasis, Pick, PlanItem
from registry.models import Category
from tests.factories import make_approver, make_facility, make_inspector, make_lead_office, make_planner, make_unit
from tests.inspections.factories import ready, start, team_of
from tests.plans.draw.factories import make_held_draw, make_prepared_draw, make_published_plan

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def make_cited_plan(**fields):
    """A plan whose one item A01 cites one law, article 24."""
    plan = make_published_plan(**fields)
    law = bases_actions.enter_basis(
        by=make_lead_office(), data={"title": "示例保护法", "kind": "LAW"}, articles=["第二十四条"]
    )
    ItemBasis.objects.create(
        item=plan.items.get().item, basis=law, article=BasisArticle.objects.get(basis=law), position=1
    )
    return plan, law


def repeal(law: LegalBasis, day: date):
    return basis_changes.record_change(
        basis=law, by=make_lead_office(), kind="REPEALED", effective_on=day, document="决定（示例）", summary="废止"
    )


def add_item(plan, code, **fields) -> InspectionItem:
    first = plan.items.first().item
    item = InspectionItem.objects.create(
        **{
            "list": first.list,
            "code": code,
            "category": 6,
            "name": f"事项{code}",
            "content": "内容",
            "objects_text": "全部",
            "modes": "ONSITE",
            "ratio_text": "—",
            "frequency_text": "—",
            "body": "市执法队",
            "legal_basis": "另一部法",
            "valid_from": date(2026, 1, 1),
            **fields,
        }
    )
    PlanItem.objects.create(plan=plan, item=item, key=True, general=True, special=True, mode="ONSITE")
    return item


def test_a_list_of_names_is_not_sealed_for_an_item_without_a_basis():
    plan, law = make_cited_plan()
    draw = make_prepared_draw(plan=plan)
    repeal(law, plan.window_from)

    with pytest.raises(Refused, match=r"没有有效的法律依据（《示例保护法》已废止）.*由计划员更改计划里的事项"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


def test_nothing_is_dispatched_when_no_item_has_a_basis_left():
    plan, law = make_cited_plan()
    draw = make_held_draw(plan=plan)
    repeal(law, clock.today())

    with pytest.raises(Refused, match="A01“污染防治设施运行情况”没有有效的法律依据"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))


def test_an_item_without_a_basis_is_left_out_of_the_sheet_and_the_others_go_on():
    plan, law = make_cited_plan()
    other = add_item(plan, "B01")
    draw = make_held_draw(plan=plan)
    repeal(law, clock.today())

    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))

    assert {a.item_code for i in made for a in i.answers.all()} == {"B01"}
    assert made[0].answers.get().item == other


def test_a_visit_does_not_begin_when_its_only_item_lost_its_basis():
    plan, law = make_cited_plan()
    inspection = dispatch_actions.dispatch(draw=make_held_draw(plan=plan), by=make_planner(plan.unit))[0]
    ready(inspection)
    repeal(law, clock.today())

    with pytest.raises(Refused, match="没有可以检查的事项"):
        start(inspection)


def test_at_the_visit_what_lost_its_basis_is_not_applicable_and_stays_so():
    plan, law = make_cited_plan()
    add_item(plan, "B01")
    inspection = dispatch_actions.dispatch(draw=make_held_draw(plan=plan), by=make_planner(plan.unit))[0]
    leader = team_of(inspection)[0].user
    ready(inspection)
    repeal(law, clock.today())

    started = start(inspection)

    answers = {a.item_code: a for a in started.answers.all()}
    assert (answers["A01"].answer, answers["B01"].answer) == (Answer.NOT_APPLICABLE, "")
    assert AuditEntry.objects.filter(verb="inspections.items.struck").count() == 1
    with pytest.raises(Refused, match="这一项记为不涉及"):
        visits_actions.answer_point(
            inspection=started, pk=answers["A01"].pk, answer=Answer.FOUND, words="坏了", by=leader
        )
    visits_actions.answer_point(inspection=started, pk=answers["B01"].pk, answer=Answer.NONE_FOUND, by=leader)


def test_an_item_that_keeps_one_basis_is_checked():
    plan, law = make_cited_plan()
    item = plan.items.get().item
    kept = bases_actions.enter_basis(by=make_lead_office(), data={"title": "示例条例", "kind": "REGULATION"})
    ItemBasis.objects.create(item=item, basis=kept, position=2)
    draw = make_held_draw(plan=plan)
    repeal(law, clock.today())

    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))

    assert len(made) == Pick.objects.standing().filter(draw=draw).count()


@pytest.mark.clause("三-o5")
def test_where_radiation_is_checked_only_people_with_the_speciality_are_sent():
    """The plan's item asks for 辐射, the registry says who uses sources; the sealed list carries it into the draw."""
    unit = make_unit()
    plan = make_published_plan(unit, key=1, general=0, special=0, inspectors=4)
    make_facility(unit, category=Category.KEY, name="示例医院", pollution_types=["RADIATION"])
    experts = {make_inspector(unit, scopes=["RAD"], scope_basis="培训合格证（示例）").pk for _ in range(2)}
    add_item(plan, "E01", category=5, needs_scope="RAD")
    plan.strata.filter(category="key").update(basis_points=10000, planned=2)

    draw = make_held_draw(plan=plan)

    picks = {p.facility.name: p for p in draw.picks.select_related("facility").prefetch_related("teams__members")}
    assert len(picks) == 2
    team = {m.inspector_id for m in picks.pop("示例医院").team.members.all()}
    assert team == experts


@pytest.mark.clause("三-o5")
def test_without_enough_people_of_the_speciality_the_hospital_stays_without_a_team():
    unit = make_unit()
    plan = make_published_plan(unit, key=0, general=0, special=0, inspectors=4)
    make_facility(unit, category=Category.KEY, name="示例医院", pollution_types=["RADIATION"])
    add_item(plan, "E01", category=5, needs_scope="RAD")

    draw = make_held_draw(plan=plan)

    assert draw.picks.get().team.open_reason == "FEW"
    with pytest.raises(Refused, match="可派的检查人员不足"):
        dispatch_actions.dispatch(draw=draw, by=make_planner(unit))
