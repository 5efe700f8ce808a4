"""When an open duty is due by a calendar, and what moves when calendar or number changed (decisions.md 5)."""

from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.workdays.days import Calendar, Due

from .deadlines.timetable import RULES
from .duties import of_timetable
from .models import Duty, DutyMove


def reckoned(duty: Duty, calendar: Calendar) -> Due:
    """When a duty is due by this calendar: by the table, counted again from its first day, or on the day it has."""
    step = subjects.house().steps.get(duty.rule)
    if step and step.reckoned and (due := step.reckoned(duty, calendar)):
        return due
    if duty.counted_from:
        return calendar.within_workdays(duty.counted_from, duty.workdays)
    if of_timetable(duty.rule, duty.period):
        return RULES[duty.rule].due_for(duty.period, calendar)
    return calendar.fixed(duty.due)


def would_move(calendar: Calendar) -> int:
    """How many open duties this calendar would give another day."""
    reckonings = ((duty, reckoned(duty, calendar)) for duty in Duty.objects.open().select_related("unit"))
    return sum((duty.due, duty.target) != (due.date, due.target) for duty, due in reckonings)


@transaction.atomic
def recompute(calendar: Calendar, *, at: datetime, because: str, by: User | None = None) -> list[DutyMove]:
    """Set open duties' dates anew after the calendar or a number changed; log and return each that moved (decisions.md 5)."""
    moved, log = [], []
    for duty in Duty.objects.open().select_related("unit").select_for_update(of=("self",)).order_by("pk"):
        due = reckoned(duty, calendar)
        if (duty.due, duty.target, duty.provisional) == (due.date, due.target, due.provisional):
            continue
        log.append(
            DutyMove(
                duty=duty,
                due_before=duty.due,
                due_after=due.date,
                target_before=duty.target,
                target_after=due.target,
                provisional_after=due.provisional,
                because=because[:200],
                by=by,
                at=at,
            )
        )
        duty.due, duty.target, duty.provisional = due.date, due.target, due.provisional
        moved.append(duty)
    Duty.objects.bulk_update(moved, ["due", "target", "provisional"], batch_size=500)
    for heard in subjects.house().heard:
        if heard.calendar_moved:
            heard.calendar_moved(calendar)
    return DutyMove.objects.bulk_create(log)
