"""执法范围: whose certificate does not cover what is to be checked there is neither drawn nor sent (六(三)-h)."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch import actions as dispatching
from inspections.dispatch import rules as dispatch_rules
from plans.draw import actions as drawing
from plans.draw import frames, ssj1, staffing
from plans.models import TeamMember
from registry.imports import cells
from registry.inspectors import actions as inspectors
from registry.inspectors import card_scope
from registry.models import Facility, Inspector
from registry.sheets import COLUMNS
from tests.factories import make_planner, make_registrar
from tests.plans.draw.factories import make_published_plan, make_sealed_draw

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


@pytest.fixture
def plan():
    """Four facilities that let out water; of six people the first two have a card for 大气 alone."""
    plan = make_published_plan(key=4, general=4, special=0, inspectors=6)
    Facility.objects.update(pollution_types=["WATER"])
    for person in Inspector.objects.order_by("code")[:2]:
        Inspector.objects.filter(pk=person.pk).update(enforcement_kinds="大气")
    return plan


@pytest.mark.clause("六(三)-h")
def test_a_card_for_air_is_never_drawn_for_water(plan):
    draw = make_sealed_draw(plan=plan, values_agreed=True)
    draw = drawing.hold_draw(draw=draw, by=make_planner(draw.unit))

    sent = set(TeamMember.objects.values_list("inspector__enforcement_kinds", flat=True))
    assert sent == {""}
    frame = ssj1.parse_frame(draw.documents.filter(kind="FRAME").first().text)
    assert {row.scopes for row in frame.rows} == {("WATER",)}
    made = dispatching.dispatch(draw=draw, by=make_planner(draw.unit))
    assert made


@pytest.mark.clause("六(三)-h")
def test_cards_that_cover_everything_add_nothing_to_the_lists(plan):
    Inspector.objects.update(enforcement_kinds="生态环境")
    found = frames.outlook(plan, clock.now())
    assert {row.scopes for stratum in found.strata() for row in stratum.rows} == {()}
    assert {person.scopes for person in found.inspectors} == {()}


@pytest.mark.clause("六(三)-h")
def test_the_page_before_the_seal_names_whom_nobody_can_be_sent_to(plan):
    Inspector.objects.update(enforcement_kinds="大气、土壤")
    gaps = staffing.gaps(frames.outlook(plan, clock.now()), plan.team_size)
    assert "除去资格不符的只剩 0 人可派往" in gaps.sentences[0]


@pytest.mark.clause("六(三)-h")
def test_a_card_that_was_narrowed_after_the_draw_is_not_dispatched(plan):
    draw = make_sealed_draw(plan=plan, values_agreed=True)
    draw = drawing.hold_draw(draw=draw, by=make_planner(draw.unit))
    person = TeamMember.objects.first().inspector
    inspectors.change_inspector(
        inspector=person,
        values={"enforcement_kinds": "大气"},
        version=person.version,
        reason="换发执法证，范围缩小",
        by=make_registrar(draw.unit),
    )
    obstacles = [task.obstacle for task in dispatch_rules.waiting(draw, clock.today())]
    assert f"{person.name}的执法证范围是“大气”，不含水。由分管负责人批准更换。" in obstacles


@pytest.mark.clause("六(三)-h")
def test_the_scope_has_words_of_its_own_in_the_form_and_in_the_workbook(plan):
    assert card_scope.covered("水、固体废物；危废") == {"WATER", "SOLID", "HAZWASTE"}
    assert card_scope.covered("") == card_scope.covered("生态环境") == card_scope.covered("生态环境、水")
    person = Inspector.objects.first()
    with pytest.raises(Refused, match="执法范围里没有“光”"):
        inspectors.change_inspector(
            inspector=person,
            values={"enforcement_kinds": "水、光"},
            version=person.version,
            reason="换发执法证",
            by=make_registrar(person.unit),
        )
    column = next(c for c in COLUMNS["INSPECTOR"] if c.field == "enforcement_kinds")
    assert cells.read("水、光", column).problem == "执法范围不是认得的词"
    assert cells.read("大气、水", column).value == "大气、水"


def test_somebody_who_joins_later_gets_the_limits_of_the_sealed_lists(plan):
    make_sealed_draw(plan=plan)
    lines = {line.code: line.scopes for line in frames.roster_of(plan, plan.window_from)}
    assert sorted(lines.values()) == [(), (), *[("WATER",)] * 4]
