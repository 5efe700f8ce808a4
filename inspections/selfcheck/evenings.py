"""上季同日: what was not kept in the quarter before by the evening of the same day of it, once a day (ui-2.md 23, decision 0106).

It asks all rules over all units a second time, for a number that moves once a day: the night's round has it ready before anybody comes.
"""

from datetime import date

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat
from benxi_shuangsuiji.workdays.days import Quarter, end_of

from . import standing
from .asking import why_not_asked
from .models import SelfCheckBefore

BEAT = "selfcheck:before"


def has_before(quarter: Quarter) -> bool:
    """Whether the quarter before was one of the plan, and of this system."""
    previous = quarter.previous()
    return previous.first_day >= policy.begins() and not why_not_asked(previous)


def broken_before(quarter: Quarter) -> set[tuple[str, int]]:
    """The rule and the unit of each, of all units that worked in it; whoever opens the page first without the night counts for all."""
    if not has_before(quarter):
        return set()
    today = clock.today()
    kept = SelfCheckBefore.objects.filter(year=quarter.year, number=quarter.number, counted_on=today).first()
    return {(rule, pk) for rule, pk in (kept or _count(quarter, today)).broken}


def _count(quarter: Quarter, today: date) -> SelfCheckBefore:
    """A quarter that was closed by then is taken as it was closed (`standing.of`)."""
    previous = quarter.previous()
    evening = end_of(today - (quarter.first_day - previous.first_day))
    broken = standing.of(Unit.objects.working(previous), previous, moment=evening).broken
    row, _ = SelfCheckBefore.objects.update_or_create(
        year=quarter.year, number=quarter.number, defaults={"counted_on": today, "broken": sorted(broken)}
    )
    return row


def count_nightly() -> bool:
    """Once a day, of the running quarter: that is the one with which the page opens."""
    now = clock.now()
    last = Heartbeat.objects.filter(name=BEAT).first()
    if last and last.at.astimezone(now.tzinfo).date() >= now.date():
        return False
    broken_before(Quarter.of(now.date()))
    beat(BEAT, now)
    return True
