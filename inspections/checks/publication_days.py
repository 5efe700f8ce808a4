"""The day by which each result must be public, counted again when the calendar changes (八(二)-d, decisions.md 5)."""

from dataclasses import replace

from django.utils.timezone import localtime

from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Calendar, Due
from inspections.models import Inspection


def publication_limit(inspection: Inspection, calendar: Calendar) -> Due:
    """Of a check that has ended: the day that stands in its row, with the working days by which it was counted."""
    due = days.publication_due(localtime(inspection.ended_at).date(), calendar)
    return replace(due, date=inspection.publish_by)


def count_again(calendar: Calendar) -> None:
    """Set the day anew of every check that has ended and is not public; the duty (D-8) keeps the log of the move."""
    waiting = Inspection.objects.filter(ended_at__isnull=False, published_at__isnull=True).order_by("pk")
    moved = []
    for inspection in waiting.select_for_update(of=("self",)):
        due = days.publication_due(localtime(inspection.ended_at).date(), calendar).date
        if inspection.publish_by != due:
            inspection.publish_by = due
            moved.append(inspection)
    Inspection.objects.bulk_update(moved, ["publish_by"], batch_size=500)
