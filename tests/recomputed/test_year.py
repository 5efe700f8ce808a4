"""The demo's year, played to its last day, and computed anew: lists, quotas, coverage, caps, teams, days, public numbers.

To look at differences without playing the year each time, keep a played one:

    BENXI_VAR=/tmp/year python3 manage.py demo --on 2026-12-31 --prepare-only
    BENXI_VAR=/tmp/year BENXI_TEST_TEMPLATE=- python3 manage.py shell -c \
        "from tests.recomputed.test_year import told_otherwise; print(*told_otherwise(), sep='\\n')"
"""

from datetime import date

import pytest
from django.db import connection
from django.test import Client, override_settings

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.demo.player import Player
from benxi_shuangsuiji.demo.times import moment
from benxi_shuangsuiji.notices.first_use.actions import fixed_day
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.bulletins import content
from inspections.models import BulletinKind
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


def told_otherwise() -> list[str]:
    """Every figure that the pages, reports, 通报, evaluations and statistics of the year say other than the rows."""
    with override_settings(ALLOWED_HOSTS=["testserver"], PUBLIC_PAGES_MIB=0, PUBLIC_PACE={"files": 0, "api": 0}):
        found = differences(Client(), 2026, 4)
    world = World()
    for unit in Unit.objects.drawing():
        told = reporting.figures_of(unit, Period(2026))
        due = quarters.figures(world, unit.code, 2026, None, LAST)
        found += quarters.differences(f"{unit} 2026", told, due)
    for number in (1, 2, 3, 4, None):
        due = indicators.figures(world, 2026, number, LAST)
        found += indicators.differences(indicators_told(2026, number), due)
        told, due = statistics_told(2026, number), papers.statistics(world, 2026, number, LAST)
        found += [f"{number} {k}: {told.get(k)}; rows {due.get(k)}" for k in told | due if told.get(k) != due.get(k)]
    found += papers.locked(world)
    for one in content.subjects_of(2026):  # as they would be locked today
        about = one.unit.code if one.kind == BulletinKind.YEAR else ""
        found += papers.said(world, content.figures_of(one, LAST.date()), about, 2026, one.number, LAST)
    found += papers.compared(content.trend((2025, 2027), LAST.date()), world, LAST)
    return found


@pytest.mark.clause(
    "一-f", "七(一)1-a", "七(一)4-c", "七(五)-b", "八(二)-d", "七(六)-b", "五-2c", "五-2d", "五-4k", "二-c"
)
def test_a_year_of_the_city_is_what_its_rows_say(own_database, monkeypatch):
    fixed_day.forget()
    monkeypatch.setattr(first_use, "_loader", fixed_day)  # the demo fixes the day of first use itself (二-a)
    play(LAST)
    assert told_otherwise() == []
    assert len(list(World().held(2026))) >= 31  # one is left to whoever tries the demo
    assert Quarter(2026, 4).last_day == LAST.date()
