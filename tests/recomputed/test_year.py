"""The demo's year, played to its last day, and computed anew: lists, quotas, coverage, caps, teams, days, public numbers."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.demo.player import Player
from benxi_shuangsuiji.demo.times import moment
from benxi_shuangsuiji.notices.first_use.actions import fixed_day
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.bulletins import content
from inspections.reports import actions as reporting
from inspections.reports.periods import Period
from tests import database

from . import indicators, papers, quarters
from .all import differences
from .test_small_world import indicators_told, statistics_told
from .world import World

pytestmark = pytest.mark.slow("recomputed")
LAST = moment(date(2026, 12, 31), 10)


def play(until) -> None:
    """As `manage.py demo` plays it."""
    name = connection.settings_dict["NAME"]
    Player(until=until, set_clock=lambda when: database.set_clock(name, when), progress=lambda *_: None).play()
    database.set_clock(name, until)


@pytest.mark.clause("一-f", "七(一)1-a", "七(一)4-c", "七(五)-b", "八(二)-d", "七(六)-b", "五-4k")
def test_a_year_of_the_city_is_what_its_rows_say(own_database, monkeypatch):
    fixed_day.forget()
    monkeypatch.setattr(first_use, "_loader", fixed_day)  # the demo fixes the day of first use itself (二-a)
    play(LAST)
    found = differences(Client(), 2026, 4)
    world = World()
    for unit in Unit.objects.drawing():
        told = reporting.figures_of(unit, Period(2026))
        due = quarters.figures(world, unit.code, 2026, None, LAST)
        found += quarters.differences(f"{unit} 2026", told, due)
    for number in (1, 2, 3, 4, None):
        due = indicators.figures(world, 2026, number, LAST)
        found += indicators.differences(indicators_told(2026, number), due)
        assert statistics_told(2026, number) == papers.statistics(world, 2026, number, LAST)
    found += papers.locked(world)
    found += papers.compared(content.trend((2025, 2027), LAST.date()), world, LAST)
    assert found == []
    assert len(list(world.held(2026))) >= 31  # one is left to whoever tries the demo
    assert Quarter(2026, 4).last_day == LAST.date()
