"""What the recorder holds is entered after the visit, within days (七(五)-h)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.notices.deadlines.due_days import recording_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.checks.duties import of_the_leader
from inspections.models import Inspection, Mode, Told

READING = Step("READOUT", "读出执法记录仪", button="登记录像", noun="录像登记", stage="检查")


def visit_ended(check: Inspection, at: datetime) -> None:
    """The team's leader sees to it; a visit without a recorder has nothing to read."""
    if check.mode != Mode.ONSITE or not check.recorder_no or is_read(check):
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


def is_read(check: Inspection) -> bool:
    return check.recordings.filter(told=Told.DEVICE).exists()


def read(check: Inspection, at: datetime) -> None:
    if check.ended_at:
        READING.close(check.unit, check.no, "录像已登记", at)
