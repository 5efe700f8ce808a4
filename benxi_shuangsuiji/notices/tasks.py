"""Doors for the worker."""

from datetime import time

from benxi_shuangsuiji import clock, subjects, workdays

from . import duties, mails, moving, reminders, webhook
from .models import Heartbeat

MORNING = time(7, 30)


def daily(*, force: bool = False) -> bool:
    """The morning's duty check: open what is due, plan reminders. Runs once a day, whenever the worker first can.

    Returns whether it ran. A worker that was down for days sends each reminder once.
    """
    now = clock.now()
    last = Heartbeat.objects.filter(name="daily").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    calendar = workdays.calendar()
    duties.open_due(now.date(), calendar)
    for step in subjects.house().steps.values():
        if step.waiting:
            step.waiting()
    moving.recompute(calendar, at=now, because="随程序更新的放假安排")
    reminders.plan_reminders(now.date(), calendar)
    webhook.plan(now)
    beat("daily", now)
    return True


def deliver() -> None:
    """Turn reminders that are due into messages, and mails into the outbox."""
    reminders.send_reminders(clock.now())


def send_mails() -> None:
    """Send what is in the outbox."""
    mails.send_due()


def beat(name: str, at, trouble: str = "") -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": at, "trouble": trouble[:300]})
