"""Plays quarters through the same actions as the pages, on a clock that is moved from event to event.

Nothing is written behind the rules: whatever the player does, an action of the applications decides whether it may.
"""

import heapq
from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from random import Random

from django.db import connection, transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts import benxi
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.machine import collector
from benxi_shuangsuiji.workdays.days import Quarter
from registry.facilities import recompute

from .ahead import Ahead
from .archive import Archive
from .august import August
from .cast import Cast
from .coordination import Coordination
from .endings import Endings
from .exchange import Exchange
from .feedback import Feedback
from .names import Names
from .objections import Objections
from .past import Past
from .quarters import LATE_BRANCH, Quarters
from .reports import Reports
from .revisions import Revisions
from .targeted import TargetedChecks
from .times import moment
from .year import LIVELY_BRANCH, Year

WITHOUT_PAST = "210503"  # says that it has no checks of before to enter


def whence(by: User | None) -> dict[str, str]:
    """Whence somebody of the demo acts, as the trail keeps it of everybody: a team its phones, all others a desk (七(五)-n)."""
    if by is None:
        return {}
    phone = by.username.startswith("jiancha-")
    address = f"10.21.{'9' if phone else '4'}.{by.pk % 250 + 1}"
    return {"address": address, "device": "安卓手机 · Chrome" if phone else "Windows 电脑 · Edge"}


class Player:
    """Keeps events in order of time and carries them out until a day comes.

    `set_clock` moves the demo's clock (it needs the owner's login); `progress` is told (done, planned, words).
    """

    def __init__(
        self, *, until: datetime, set_clock: Callable[[datetime], None], progress: Callable[[int, int, str], None]
    ):
        self.until, self.set_clock, self.progress = until, set_clock, progress
        self.random = Random(20260105)
        self.names = Names()
        self.calendar = workdays.built_in_calendar()
        self._queue: list = []
        self._order = count()
        self.done = 0
        self._today: date | None = None

    def at(self, when: datetime, words: str, act: Callable[[], object], by=None) -> None:
        """Plan an event; one that lies after the end of the demo is left out."""
        if when < self.until:
            heapq.heappush(self._queue, (when, next(self._order), words, act, by))

    def play(self) -> None:
        collector.relax()
        # An act that fails ends the demo, so that none needs a point to come back to.
        connection.features.uses_savepoints = False
        # While an act is played the clock stands where the player has set it: nobody needs to ask the database.
        asked, clock.now = clock.now, lambda: self._now
        try:
            self._play()
        finally:
            clock.now = asked
            trail.whence.set({})
            del connection.features.uses_savepoints

    def _play(self) -> None:
        self._begin()
        while self._queue:
            when, _, words, act, by = heapq.heappop(self._queue)
            self._morning(when)
            self._move(when)
            with transaction.atomic():
                trail.act_as(by)
                trail.whence.set(whence(by))
                act()
            self.done += 1
            self.progress(self.done, self.done + len(self._queue), words)

    def _move(self, when: datetime) -> None:
        self.set_clock(when)
        self._now = localtime(when)

    def _morning(self, when: datetime) -> None:
        """What the worker does at the beginning of each day that something happens on: labels follow the calendar (六(二)-am)."""
        day = when.date()
        if day != self._today:
            self._today = day
            self._move(moment(day, 0, 10))
            with transaction.atomic():
                trail.act_as(None)
                recompute.recompute_categories()

    def _begin(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")  # a demo may be played again; it need not wait for the disk
        self._move(moment(date(2025, 12, 1), 9))
        with transaction.atomic():
            self.units = benxi.establish()
            self.cast = Cast(self.units, self.names)
            self.cast.enter()
            past = Past(self)
            past.begin()
        self.drawing_units = list(Unit.objects.drawing())
        year = Year(self)
        for n, unit in enumerate(self.drawing_units):
            year.of_unit(unit, n)
            Ahead(self).of_unit(unit, n, lively=unit == self.units[LIVELY_BRANCH])
        August(self).of_lively_branch(self.units[LIVELY_BRANCH])
        past.lay_out(self.units["210500"], self.units[LIVELY_BRANCH], self.units[WITHOUT_PAST])
        TargetedChecks(self, moment).lay_out()
        Coordination(self, moment).lay_out(late=LATE_BRANCH, lively=LIVELY_BRANCH)
        Reports(self, moment, without_draw=(LATE_BRANCH, 3)).lay_out()
        Revisions(self, moment).lay_out()
        Objections(self, moment).lay_out()
        Endings(self).in_august()
        Archive(self).of_lively_branch(self.units[LIVELY_BRANCH])
        Feedback(self).lay_out(self.units[LIVELY_BRANCH])
        Exchange(self).lay_out()
        year.of_city(self.units["210500"])
        quarters = Quarters(self)
        for number in (1, 2, 3, 4):
            quarters.lay_out(Quarter(2026, number))
