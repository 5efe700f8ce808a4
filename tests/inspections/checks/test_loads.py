"""How busy somebody is tells nobody outside the circle what was drawn (decisions.md 3, ui.md 7.4)."""

import pytest
from django.urls import reverse

from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks import loads
from plans.models import DrawStatus, TeamMember
from tests.factories import make_planner, make_registrar, make_supervisor, make_unit
from tests.inspections.factories import begun, make_dispatched

pytestmark = pytest.mark.django_db
QUARTER = Quarter(2026, 3)


@pytest.mark.clause("七(五)-o")
def test_outside_the_circle_a_pick_counts_once_it_is_public_or_released(client, at):
    unit = make_unit()
    checks = make_dispatched(unit)
    teams = TeamMember.objects.count()
    planner, registrar, supervisor = make_planner(unit), make_registrar(unit), make_supervisor()
    assert teams >= 2
    assert sum(loads.known_to(planner, unit, QUARTER).values()) == teams
    assert sum(loads.known_to(supervisor, unit, QUARTER).values()) == teams
    assert loads.known_to(registrar, unit, QUARTER) == {}
    assert loads.known_to(planner, unit, Quarter(2026, 2)) == {}
    client.force_login(registrar)
    page = client.get(reverse("registry:inspector-list"), {"quarter": "2026Q3"})
    assert {i.load for i in page.context["page"]} == {0}
    client.force_login(planner)
    page = client.get(reverse("registry:inspector-list"), {"quarter": "2026Q3"})
    assert sum(i.load for i in page.context["page"]) == teams
    check = checks[0]
    begun(check, status="PUBLISHED")
    assert sum(loads.known_to(registrar, unit, QUARTER).values()) == check.members.count()
    draw = check.draw
    type(draw).objects.filter(pk=draw.pk).update(status=DrawStatus.DRAWN)
    assert sum(loads.known_to(registrar, unit, QUARTER).values()) == check.members.count()
