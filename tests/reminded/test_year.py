"""The demo's year with two workers, killed at random, and a calendar that is corrected: everybody is told once, of what is open.

Played from December to the end of January, which has every step of the first quarter; `BENXI_TEST_UNTIL=2026-12-31` plays it to
its last day and reckons every figure anew.
The clock goes from event to event; of the mornings between them the workers see those on which something is due, and the
first of each month. What must be said is reckoned by `due`, and compared morning by morning.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.demo.player import Player
from benxi_shuangsuiji.demo.times import moment
from benxi_shuangsuiji.notices.first_use.actions import fixed_day
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays import actions as workday_actions
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.desk import city
from inspections.oversight.pages import City
from tests import database
from tests.killed.harness import Worker
from tests.recomputed import days, indicators
from tests.recomputed.test_year import LAST, told_otherwise
from tests.recomputed.world import World, rows

from .due import Books, Ledger

pytestmark = pytest.mark.slow("reminded")
PLAN, SEND = "benxi_shuangsuiji.notices.tasks.daily", "benxi_shuangsuiji.notices.tasks.deliver"
STEPS = {"before10", "before5", "before2", "before0", "after1", "after3"}
CORRECTED, ENTERED = date(2026, 1, 24), date(2026, 1, 12)  # a Saturday on which people work after all
UNTIL = date.fromisoformat(os.environ.get("BENXI_TEST_UNTIL", "2026-01-31"))


class Office(Player):
    """Plays the demo's events; before each, the mornings that lie between have had their workers."""

    def __init__(self, name, workers, **words):
        super().__init__(**words)
        self.name, self.workers, self.chance = name, workers, Random(20261201)
        self.morning = date(2025, 12, 2)
        self.ledger, self.killed, self.mornings, self.silent = Ledger(), 0, 0, 0
        self.late = {}

    def _morning(self, when):
        self._until(moment(when.date(), 0, 5))
        super()._morning(when)
        self._until(when)

    def _until(self, when):
        books = None
        while moment(self.morning, 7, 32) < when:
            today, self.morning = self.morning, self.morning + timedelta(1)
            books = books or Books.now()
            if today.day == 1 or any(one not in self.ledger.told for one in books.told_on(today)):
                self._work(today)
                books = None

    def _work(self, today):
        self._move(moment(today, 7, 31))
        self.mornings += 1
        last = rows("SELECT coalesce(max(id), 0) AS id FROM notices_message")[0].id
        down = (
            self.chance.random() < 0.15
        )  # they died between planning and sending, and nobody began them anew till later
        self._together(PLAN if down else f"{PLAN}+{SEND}")
        self.silent += down
        books = Books.now()
        self.ledger.note(books, today)
        if not down:
            said = rows("SELECT user_id, duty_id FROM notices_message WHERE id > %s", last)
            digest = "SELECT user_id FROM notices_outgoingmail WHERE key LIKE %s"
            mails = [row.user_id for row in rows(digest, f"digest:{today}:%")]
            self.ledger.compare(books, today, [(row.user_id, row.duty_id) for row in said], mails)
            assert len(self.ledger.wrong) < 20, self.ledger.wrong

    def _together(self, job):
        """Both at once; each may be killed at any of its steps, and what is left the other one does, or whoever is begun anew."""
        deaths = [self.chance.randrange(1, 300) if self.chance.random() < 0.3 else 0 for _ in self.workers]
        with ThreadPoolExecutor(2) as both:
            ends = list(both.map(lambda worker, step: worker.do(job, step), self.workers, deaths))
        killed = sum(end.endswith("killed") for end in ends)
        self.killed += killed
        if killed:
            assert self.workers[0].do(job).endswith("ended")


def correct(office):
    """Whoever keeps the calendar enters it; the oracle's days are told too."""
    by = User.objects.filter(grants__role=Role.ADMIN_SYSTEM).first()
    day, document = CORRECTED, "国办发明电〔2026〕9号"
    days.WORKED.add(day)
    _, moved = workday_actions.correct_day(day=day, is_workday=True, name="调休上班", source_document=document, by=by)
    office.late["moved"] = len(moved)


def dashboards() -> list[str]:
    """What is late on the supervisor's home, and K1, K2 of 全市进度 for an observer, against the rows."""
    supervisor, observer = (User.objects.filter(grants__role=role).first() for role in (Role.SUPERVISOR, Role.OBSERVER))
    today, calendar, units = clock.today(), workdays.calendar(), list(Unit.objects.drawing())
    shown = city.of(supervisor, None, units, "", today, calendar).count
    late = rows(
        "SELECT count(*) AS n FROM notices_duty WHERE closed_at IS NULL AND due < %s "
        "AND due >= (SELECT day FROM notices_firstuse WHERE state = 'APPROVED')",
        today,
    )[0].n
    found = [] if shown == late > 0 else [f"{today}: {shown} late, rows {late}"]
    for number in range(1, Quarter.of(today).number + 1):
        page = City(observer, Quarter(today.year, number), clock.now(), calendar)
        due = indicators.figures(World(), today.year, number, clock.now())
        whole = [sum(due[2, unit][n] for unit in World().units) for n in (0, 1)]
        told = [page.prompt[None].counted, page.prompt[None].n]
        found += [] if told == whole else [f"{today} K2 of {number}: {told}, rows {whole}"]
    return found


def test_everybody_is_told_once_of_what_is_open_whatever_becomes_of_the_workers(own_database, monkeypatch, tmp_path):
    fixed_day.forget()
    monkeypatch.setattr(first_use, "_loader", fixed_day)  # the demo fixes the day of first use itself (二-a)
    monkeypatch.setattr(days, "WORKED", set(days.WORKED))
    workers = [Worker(own_database, tmp_path) for _ in range(2)]
    last = moment(UNTIL, 10)
    office = Office(
        own_database,
        workers,
        until=last,
        set_clock=lambda when: database.set_clock(own_database, when),
        progress=lambda *_: None,
    )
    office.at(moment(ENTERED, 15), "更正放假安排", lambda: correct(office))
    for month in (1, 3, 6, 9):
        office.at(moment(date(2026, month, 28), 16), "看全市", lambda: office.ledger.wrong.extend(dashboards()))
    try:
        office.play()
        office._until(last)
        office._work(UNTIL + timedelta(1))
    finally:
        for worker in workers:
            worker.end()
    wrong, heard = office.ledger.wrong, office.ledger.heard
    print("\n", wrong[:10], office.mornings, office.silent, office.killed, office.late, dict(heard))  # noqa: T201
    assert wrong == []
    assert set(heard) == STEPS and office.killed > 1 and office.silent > 1
    assert office.late["moved"] > 0
    if LAST.date() == UNTIL:
        database.set_clock(own_database, LAST)
        assert dashboards() == []
        assert told_otherwise() == []
