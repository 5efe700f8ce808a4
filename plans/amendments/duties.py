"""更换 waits for the word of a second person, in the days of every such decision (七(二)-f, D-20)."""

from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Calendar
from plans.models import AmendmentRequest
from registry.interests.duties import DECISION


def asked(request: AmendmentRequest, calendar: Calendar) -> None:
    draw = request.draw
    DECISION.open(
        request.decided_in,
        _period(request),
        role=Role.APPROVER,
        title=f"审批更换申请 {draw.draw_id}",
        due=decision_due(request.asked_at.date(), calendar),
        url=reverse("inspections:draw-replacement", args=[draw.draw_id, request.pk]),
        consequence=DECISION.law.consequence,
    )


def open_of(request: AmendmentRequest) -> Duty | None:
    return DECISION.duties.filter(unit=request.decided_in, period=_period(request)).first()


def decided(request: AmendmentRequest, event: str) -> None:
    DECISION.close(request.decided_in, _period(request), event, request.decided_at)


def _period(request: AmendmentRequest) -> str:
    return f"{request.draw.draw_id}:{request.pk}"
