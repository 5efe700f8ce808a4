"""作废 that was asked for waits for the leader (七(二)-d); what becomes of the draw afterwards is the draw's own duty."""

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from plans.models import AbortRequest

DECISION = Step("DRAWVOID", "批准作废抽取", button="审批作废", noun="作废申请", stage="抽取")


def asked(request: AbortRequest, by: User) -> None:
    """The leader has it to do and is told."""
    draw, role = request.draw, Role.APPROVER
    url = reverse("plans:draw-abort", args=[draw.draw_id])
    DECISION.open(
        draw.unit,
        str(request.pk),
        role=role,
        title=f"审批作废申请 {draw.draw_id}",
        due=decision_due(localtime(request.asked_at).date(), workdays.calendar()),
        url=url,
        consequence="批准以前，这一次抽取仍是封存的，不能另行抽取。",
    )
    tell(
        role=role,
        unit=draw.unit,
        key=f"abort:{request.pk}",
        title=f"{draw.unit}：1 份作废申请等批准",
        body=f"{draw.draw_id}，写明文号后批准。",
        url=url,
        by=by,
    )


def decided(request: AbortRequest, event: str) -> None:
    DECISION.close(request.draw.unit, str(request.pk), event, request.decided_at)
