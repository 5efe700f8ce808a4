"""Doors for the worker."""

from datetime import time

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat
from registry.inspectors import certificates, expiry, turnover
from registry.interests import standing as interests
from registry.positive_list import ending
from registry.positive_list import exits as compliance

from .audits import duties as audit_duties
from .models import Book

MORNING = time(7, 20)  # before the reminders of the day are planned


def people_daily(*, force: bool = False) -> bool:
    """The morning's round over the inspectors: cards that begin today, cards that end soon, roles that ended, missing
    declarations.

    Runs once a day, whenever the worker first can; returns whether it ran.
    """
    now = clock.now()
    last = Heartbeat.objects.filter(name="people").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    certificates.turn(now)
    expiry.remind(now)
    turnover.remind(now)
    for unit in Unit.objects.drawing().open():
        interests.remind(unit, now)
    beat("people", now)
    return True


def audits_daily(*, force: bool = False) -> bool:
    """The morning's round over the registries: each has its open duty of D-13. Runs once a day."""
    now = clock.now()
    last = Heartbeat.objects.filter(name="audits").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    for unit in Unit.objects.drawing().open():
        for book in Book:
            audit_duties.sync(unit, book, now)
    beat("audits", now)
    return True


def positive_monthly(*, force: bool = False) -> bool:
    """Once a month: propose who leaves the 正面清单 (七(三)-d)."""
    now = clock.now()
    last = Heartbeat.objects.filter(name="positive").first()
    this_month = last and last.at.astimezone(now.tzinfo).date() >= now.date().replace(day=1)
    if not force and (now.time() < MORNING or this_month):
        return False
    with transaction.atomic():
        ending.end_groundless(now)
    compliance.propose_exits(now)
    beat("positive", now)
    return True
