"""An officer who must not go, or cannot, is replaced within the days of every second person's word (D-20)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from inspections.checks import told
from inspections.models import Swap

DECISION = Step("SWAP", "审批更换检查人员", button="审批更换", noun="人员更换", stage="检查")


def asked(swap: Swap) -> None:
    """The leader has it to do and is told, by the number of the check alone."""
    check = swap.inspection
    url = reverse("inspections:task-swaps", args=[check.no])
    DECISION.open(
        check.unit,
        f"{check.no}:{swap.pk}",
        role=Role.APPROVER,
        title=f"审批更换检查人员 {check.no}",
        due=decision_due(swap.asked_at.date(), workdays.calendar()),
        url=url,
        consequence="应当回避的人不能到场，换人以前检查不能开始。",
    )
    told.tell_leaders(check.unit, "有 1 份更换申请等批准", f"{check.no}，写明文号后批准。", url, by=swap.asked_by)


def open_of(swap: Swap) -> Duty | None:
    return DECISION.duties.filter(unit=swap.inspection.unit_id, period=f"{swap.inspection.no}:{swap.pk}").first()


def decided(swap: Swap, at: datetime) -> None:
    DECISION.close(swap.inspection.unit, f"{swap.inspection.no}:{swap.pk}", "更换已审批", at)
