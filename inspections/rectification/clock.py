"""How long is left: the day that was ordered, counted from service, longer where a leader said so (八(二)-e, D-21)."""

from datetime import date, timedelta

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.workdays.days import Calendar, Due, full_date
from inspections.models import Inspection, Paper, Rectification
from inspections.service.models import Delivery


def served(check: Inspection) -> Delivery | None:
    """That the order was taken or refused; before that no period runs. A correction of it stops none."""
    return next((d for d in reversed(check.deliveries.all()) if d.paper == Paper.RESULT), None)


def ordered_until(check: Inspection) -> date:
    """The day on the paper; where it was served later than that, as many days from the service as it had given.

    Nobody is late by a paper that did not reach him (docs/decisions/0036).
    """
    standing = served(check)
    day = localtime(standing.at).date() if standing else None
    if day is None or day <= check.rectify_by:
        return check.rectify_by
    return day + (check.rectify_by - localtime(check.ended_at).date())


def check_again_by(rectification: Rectification, calendar: Calendar | None = None) -> Due:
    """D-21: so many working days after the day."""
    within = policy.on(rectification.due).recommended.reinspection_within_workdays
    return (calendar or workdays.calendar()).within_workdays(rectification.due, within)


def longer_by(rectification: Rectification, resumed_on: date) -> timedelta:
    """The days on which the place stood still are not counted."""
    return resumed_on - rectification.halted_on


def day_of(check: Inspection | None) -> str:
    return full_date(localtime(check.ended_at).date()) if check else ""
