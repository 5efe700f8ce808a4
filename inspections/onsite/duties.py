"""A request to enter a place on the 正面清单 waits for the leader, in the days of every second person's word (七(三)-c, D-20)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from inspections.checks import told
from inspections.models import Inspection, InspectionStatus, OnsiteRequest

DECISION = Step("ENTER", "审批现场检查申请", button="审批", noun="现场检查申请", stage="检查")


def asked(request: OnsiteRequest) -> None:
    """The leader has it to do and is told, by the number of the check alone (decisions.md 3)."""
    check = request.inspection
    url = reverse("inspections:task-onsite", args=[check.no])
    DECISION.open(
        check.unit,
        f"{check.no}:{request.pk}",
        role=Role.APPROVER,
        title=f"审批现场检查申请 {check.no}",
        due=decision_due(request.asked_at.date(), workdays.calendar()),
        url=url,
        consequence="没有批准，检查小组不能进入现场。",
    )
    body = f"{check.no}，非现场检查，改为现场检查要批准。"
    told.tell_leaders(check.unit, "有 1 份现场检查申请等批准", body, url, by=request.asked_by)


def open_of(request: OnsiteRequest) -> Duty | None:
    check = request.inspection
    return DECISION.duties.filter(unit=check.unit_id, period=f"{check.no}:{request.pk}").first()


def decided(request: OnsiteRequest) -> None:
    check = request.inspection
    DECISION.close(check.unit, f"{check.no}:{request.pk}", "现场检查申请已审批", request.decided_at)


def moved(check: Inspection, at: datetime) -> None:
    """Nobody can enter any more: it was handed in, or called off; what was begun from outside may still be returned."""
    if check.status in (InspectionStatus.DISPATCHED, InspectionStatus.STARTED):
        return
    for request in check.onsite_requests.pending():
        DECISION.close(check.unit, f"{check.no}:{request.pk}", "检查已经结束，不用再批", at)
