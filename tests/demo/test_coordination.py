"""The demo's coordination, played alone: every state of an instruction stands in the log on the demo's day."""

from datetime import date, datetime

import pytest

from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.demo.cast import Cast
from benxi_shuangsuiji.demo.coordination import Coordination
from benxi_shuangsuiji.demo.names import Names
from benxi_shuangsuiji.demo.quarters import LATE_BRANCH
from benxi_shuangsuiji.demo.times import moment
from benxi_shuangsuiji.demo.year import LIVELY_BRANCH
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coordination import log as coordination

pytestmark = pytest.mark.django_db


class Plays:
    """What the player offers to those who lay out events."""

    def __init__(self):
        self.units = benxi.establish()
        self.drawing_units = [self.units[code] for code in benxi.DRAWING]
        self.cast = Cast(self.units, Names(1))
        self.events: list[tuple[datetime, object]] = []

    def at(self, when, what, act, by):
        self.events.append((when, act))


def test_the_demo_shows_every_state_of_an_instruction(at):
    plays = Plays()
    plays.cast.enter()
    Coordination(plays, moment).lay_out(late=LATE_BRANCH, lively=LIVELY_BRANCH)
    for when, act in sorted(plays.events, key=lambda event: event[0]):
        at(f"{when:%Y-%m-%d %H:%M}")
        act()
    at("2026-08-19 10:00")

    lead = plays.cast.of("LEAD_OFFICE", "210500")
    found = coordination.lines(lead, quarter=Quarter(2026, 3), whole_year=True)
    log = coordination.entries(lead, list(found), date(2026, 8, 19))

    assert {(entry.kind, entry.state) for entry in log} == {
        ("REMIND", "ACCEPTED"),
        ("REMIND", "SENT"),
        ("GUIDE", "ANSWERED"),
        ("COORDINATE", "SENT"),
    }
    assert len(log) == len(plays.drawing_units) + 3
    assert [entry.unit.code for entry in log if entry.late] == [LATE_BRANCH]
