"""A list of checks waits for the leader's approval (N-6): one duty for each list, which names nobody (decisions.md 3)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell
from inspections.models import CheckApproval

DECISION = Step("APPROVE", "审批检查", button="审批检查", stage="检查")


def asked(no: str, decided_in: Unit, count: int, by: User, at: datetime) -> None:
    """The leader has it to do and is told, a count and no name."""
    title, url = f"审批 {count} 件检查（{no}）", f"{reverse('inspections:approval-list')}?no={no}"
    consequence = "没有批准，检查小组不能到场。"
    due = decision_due(at.date(), workdays.calendar())
    role = Role.APPROVER if decided_in == decided_in.drawing_unit else Role.SECTION_HEAD
    DECISION.open(decided_in, no, role=role, title=title, due=due, url=url, consequence=consequence)
    key = f"{DECISION}:{no}"
    tell(role=role, unit=decided_in, key=key, title=f"{decided_in}：{title}", body=consequence, url=url, by=by)


def open_of(row: CheckApproval) -> Duty | None:
    """The one of the list in which this check waits."""
    return DECISION.duties.filter(unit=row.decided_in_id, period=row.no).first()


def settle(no: str, decided_in: Unit, at: datetime) -> None:
    """Done with the last of the list."""
    left = CheckApproval.objects.pending().filter(no=no, decided_in=decided_in)
    DECISION.close_if(not left.exists(), decided_in, no, "检查已审批", at)
