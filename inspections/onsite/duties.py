"""A request to enter a place on the 正面清单 waits for the leader, in the days of every second person's word (七(三)-c, D-20)."""

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell_people
from inspections.checks import told
from inspections.models import OnsiteRequest

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


def over(request: OnsiteRequest) -> None:
    """Nobody need decide any more; who asked is told that nobody did."""
    check, event = request.inspection, "检查已经结束，不用再批"
    DECISION.close(check.unit, f"{check.no}:{request.pk}", event, request.decided_at)
    in_team = check.members.filter(inspector__user=request.asked_by_id).exists()
    url = reverse("inspections:field-tasks") if in_team else check.get_absolute_url()
    tell_people([request.asked_by_id], "1 份现场检查申请不再办理", f"{check.no}。{event}。", url)
