"""Doors for the worker."""

from datetime import time

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat

from . import certificates, expiry, interests

MORNING = time(7, 20)


def people_daily(*, force: bool = False) -> bool:
    """The morning's round over the inspectors: cards that begin today, cards that end soon, missing declarations.

    Runs once a day, whenever the worker first can; returns whether it ran.
    """
    now = clock.now()
    last = Heartbeat.objects.filter(name="people").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    certificates.turn(now)
    expiry.remind(now)
    for unit in Unit.objects.drawing():
        interests.remind(unit, now)
    beat("people", now)
    return True
