"""检查情况上传移动执法平台: by the second working day after the visit, done once the platform has said so (七(五)-m, D-10)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.states import ENDED
from inspections.models import Inspection

from . import leading

UPLOAD = Step("D-10", button="上传情况", stage="检查")


def due_of(day) -> Due:
    return workdays.calendar().within_workdays(day, policy.on(day).recommended.upload_within_workdays)


def visit_started(check: Inspection) -> None:
    UPLOAD.open(
        check.unit,
        check.no,
        role=Role.PLANNER,
        title=f"上传检查情况 {check.no}",
        due=due_of(check.started_at.date()),
        url=check.get_absolute_url(),
        consequence="检查情况要按时上传。",
    )


def visit_finished(check: Inspection, at: datetime) -> None:
    """Without the platform the record that was handed in is what is uploaded; with it the planner's package, until it is
    acknowledged."""
    if not leading.now().in_use:
        UPLOAD.close(check.unit, check.no, "检查情况已上传", at)
        return
    UPLOAD.hand_over(
        check.unit,
        check.no,
        role=Role.PLANNER,
        title=f"上传检查情况 {check.no}",
        url=address(check.unit),
        waiting_for="等移动执法平台确认",
    )


def acknowledged(check: Inspection, at: datetime) -> None:
    UPLOAD.close(check.unit, check.no, "移动执法平台已确认收到检查情况", at)


def platform_left(at: datetime) -> None:
    """The connection ends: what was handed in here is uploaded."""
    open_ones = UPLOAD.duties.filter(closed_at__isnull=True).values_list("period", flat=True)
    for check in Inspection.objects.filter(no__in=open_ones, status__in=ENDED).select_related("unit").order_by("no"):
        UPLOAD.close(check.unit, check.no, "对接停用，以本系统记录为准", at)


def address(unit: Unit) -> str:
    return f"{reverse('inspections:exchange')}?unit={unit.code}"
