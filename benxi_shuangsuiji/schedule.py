"""The worker's timetable: the rounds that the nameplates of the rooms name, in their turn, in three lanes (decision 0062).

Rows of our own say what is due, so a round that is missed is made up by the next, and one that runs twice does nothing
the second time (reliability.md P12). Each lane goes on by itself: a mail server that says nothing, a night's recomputation or a long job
never keeps the public release, the duties and the seals from their minute (operations.md 4).
"""

import logging
from dataclasses import dataclass
from datetime import timedelta

from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.utils.module_loading import import_string

from benxi_shuangsuiji import clock, subjects

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Lane:
    """`every`: seconds between two beginnings. `silence`: longer without an end of it, and it is not well. `longest`: it hangs,
    and its process is begun anew."""

    beat: str
    words: str
    every: float
    silence: timedelta
    longest: timedelta


LANES = {
    "round": Lane("tick", "公开、期限和入链", 60, timedelta(minutes=3), timedelta(minutes=11)),
    "night": Lane("tick:night", "每日核算和清理", 60, timedelta(hours=4), timedelta(hours=4)),
    "mail": Lane("tick:mail", "发邮件", 30, timedelta(minutes=15), timedelta(minutes=30)),
}


class Away(Exception):
    """The database does not answer: nothing was done, and it is tried again soon."""


def tick(lane: str = "round") -> None:
    """Do every round of a lane; one that fails is logged, told by `doctor`, and does not keep the others from theirs."""
    from benxi_shuangsuiji.notices.tasks import beat

    failed = []
    for name in subjects.house().rounds_in(lane):
        close_old_connections()
        try:
            import_string(name)()
        except Exception as trouble:
            if isinstance(trouble, (OperationalError, InterfaceError)) and not connection.is_usable():
                raise Away from trouble
            log.exception("round %s failed", name)
            failed.append(f"{name}（{type(trouble).__name__}）")
    beat(LANES[lane].beat, clock.now(), "、".join(failed))
