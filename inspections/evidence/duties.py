"""What the recorder holds is entered after the visit, within days (七(五)-h)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.notices.deadlines.due_days import recording_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.checks.duties import of_the_leader
from inspections.models import Inspection

from . import recordings

READING = Step("READOUT", "读出执法记录仪", button="登记录像", noun="录像登记", stage="检查")


def visit_ended(check: Inspection, at: datetime) -> None:
    """The team's leader sees to it; a visit without a recorder has nothing to read."""
    if not recordings.is_unread(check):
        return
    READING.open(
        check.unit,
        check.no,
        **of_the_leader(check),
        title=f"读出并登记执法记录仪录像 {check.no}",
        due=recording_due(check.ended_at.date(), workdays.calendar()),
        url=reverse("inspections:field-recorder", args=[check.no]),
        consequence="没有读出的录像可能被覆盖，全过程记录不完整。",
    )


def read(check: Inspection, at: datetime, event: str = "录像已登记") -> None:
    """Read out, or said why there is nothing to read."""
    if check.ended_at:
        READING.close(check.unit, check.no, event, at)
