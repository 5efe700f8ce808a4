"""上季同日 on the page of 合规体检: reckoned once a day, whoever opens it (decision 0106)."""

from datetime import date

import pytest

from inspections.models import SelfCheckBefore
from inspections.selfcheck import evenings, standing
from tests.browsing import enter
from tests.factories import make_city_team, make_planner, make_supervisor, make_unit

from .test_selfcheck import PAGE, Q3, Q4, duty, noon

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(monkeypatch):
    """The quarters of which every rule was asked."""
    quarters, of = [], standing.of
    monkeypatch.setattr(
        standing, "of", lambda units, quarter, **how: quarters.append(quarter) or of(units, quarter, **how)
    )
    return quarters


def test_the_night_reckons_the_quarter_before_and_opening_the_page_asks_it_no_more(at, client, asked):
    make_city_team()
    unit, other = make_unit(), make_unit("210521")
    for one in (unit, other):
        duty("D-4", one, "2026Q3", date(2026, 7, 10))
    at("2026-11-12 00:20")
    assert evenings.count_nightly() and not evenings.count_nightly() and asked == [Q3]
    at("2026-11-12 10:00")
    asked.clear()
    enter(client, make_supervisor())
    found = client.get(f"{PAGE}?quarter=2026Q4").context["page"].before
    assert {("d4", unit.pk), ("d4", other.pk)} <= found and asked == [Q4]
    enter(client, make_planner(unit))  # of what was reckoned for all, a unit reads its own
    assert {pk for _, pk in client.get(f"{PAGE}?quarter=2026Q4").context["page"].before} == {unit.pk}


def test_without_the_night_whoever_comes_first_reckons_for_the_whole_day(at, client, asked):
    make_city_team()
    unit = make_unit()
    made = duty("D-4", unit, "2026Q3", date(2026, 7, 10))
    enter(client, make_supervisor())
    for day, kept in (("2026-11-12", False), ("2026-11-13", True)):
        at(f"{day} 09:00")
        type(made).objects.filter(pk=made.pk).update(closed_at=noon(date(2026, 7, 9)) if kept else None)
        for _ in range(2):
            assert (("d4", unit.pk) in client.get(f"{PAGE}?quarter=2026Q4").context["page"].before) is not kept
    assert asked.count(Q3) == 2 and SelfCheckBefore.objects.count() == 1
