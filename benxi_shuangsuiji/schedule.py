"""The worker's timetable: the rounds that the nameplates of the rooms name, in their turn.

One wake-up a minute does every round in turn; rows of our own say what is due, so a round that is missed is made up by
the next, and one that runs twice does nothing the second time (reliability.md P12).
"""

import logging

from django.db import close_old_connections
from django.utils.module_loading import import_string
from django_q.models import Schedule

from benxi_shuangsuiji import clock, subjects

log = logging.getLogger(__name__)


def install() -> None:
    """Make sure the one schedule exists, once, however many workers start."""
    Schedule.objects.update_or_create(
        name="every minute",
        defaults={
            "func": "benxi_shuangsuiji.schedule.tick",
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
        },
    )


def tick() -> None:
    """Do every round; one that fails is logged and does not keep the others from theirs."""
    from benxi_shuangsuiji.notices.tasks import beat

    for name in subjects.house().rounds:
        close_old_connections()
        try:
            import_string(name)()
        except Exception:
            log.exception("round %s failed", name)
    beat("tick", clock.now())
