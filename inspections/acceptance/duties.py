"""Tasks wait for each of their people (七(五)-c, -o): one duty for a draw, or for a check of another source; it names nobody."""

from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.models import Inspection, InspectionStatus, VisitMember

ACCEPTANCE = Step("ACCEPT", "督促接受检查任务", button="看任务", stage="检查")


def _of(check: Inspection) -> str:
    return check.draw.draw_id if check.draw_id else check.no


def not_accepted(check: Inspection):
    """The people of the same draw, or of this check, who have a task before them and have not taken it on."""
    same = Q(inspection__draw=check.draw_id) if check.draw_id else Q(inspection=check)
    waiting = VisitMember.objects.filter(same, inspection__status=InspectionStatus.DISPATCHED)
    return waiting.filter(acceptance__accepted_at__isnull=True)


def handed_out(check: Inspection, at: datetime) -> None:
    """The planner sees to it that everybody takes his tasks on; who comes into a team later has the same days."""
    ACCEPTANCE.keep(
        check.unit,
        _of(check),
        wanted=not_accepted(check).exists(),
        role=Role.PLANNER,
        title=f"督促检查小组声明并接受任务 {_of(check)}",
        due=decision_due(at.date(), workdays.calendar()),
        event="任务已全部接受",
        at=at,
        url=f"{reverse('inspections:task-list')}?unit={check.unit.code}&quarter={check.year}Q{check.number}",
        consequence="没有声明并接受的人不能到场。",
    )


def settle(check: Inspection, at: datetime) -> None:
    if ACCEPTANCE.duties.open().filter(unit=check.unit, period=_of(check)).exists():
        ACCEPTANCE.close_if(not not_accepted(check).exists(), check.unit, _of(check), "任务已全部接受", at)
