"""Deadlines and figures of checks as pages show them (ui.md 4.2)."""

from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.agenda import left_of_due
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.workdays.days import Calendar, due_date
from inspections.models import Inspection, InspectionStatus

from .publication_days import publication_limit
from .states import DROPPED, OPEN_TO_THE_TEAM

TEAM_WORK = [InspectionStatus.DISPATCHED, *OPEN_TO_THE_TEAM]
SHAPES = {
    InspectionStatus.DISPATCHED: "wait",
    InspectionStatus.STARTED: "run",
    InspectionStatus.FINISHED: "warn",
    InspectionStatus.RETURNED: "warn",
    InspectionStatus.REVIEWED: "run",
    InspectionStatus.PUBLISHED: "ok",
    InspectionStatus.REPLACED: "wait",
    InspectionStatus.CANCELLED: "wait",
}


@dataclass(frozen=True)
class Badge:
    text: str
    state: str
    title: str


def due_badge(inspection: Inspection, today: date, calendar: Calendar) -> Badge | None:
    """Until the visit is over the plan's window counts (D-5), then the 20 working days (D-8)."""
    if inspection.status in (InspectionStatus.PUBLISHED, *DROPPED):
        return None
    if inspection.publish_by is None:
        due = calendar.fixed(inspection.finish_by)
        return Badge(*left_of_due(due, today, calendar), f"{due_date(due.date, today)}前查完{due.mark}")
    due = publication_limit(inspection, calendar)
    return Badge(*left_of_due(due, today, calendar), f"{due_date(due.date, today)}前公开{due.mark}")


def my_open_tasks(user, unit, quarter):
    """What the signed-in inspector has still to do."""
    return Waiting((Inspection.objects.in_my_team(user).filter(status__in=TEAM_WORK),))


def waiting_for_review(user, unit, quarter):
    """Only for the circle that may know (decisions.md 3)."""
    if unit is None or not user.may(Permission.SEE_SEALED, unit):
        return None
    waiting = Inspection.objects.filter(
        unit=unit, year=quarter.year, number=quarter.number, status=InspectionStatus.FINISHED
    )
    return Waiting((waiting,))
