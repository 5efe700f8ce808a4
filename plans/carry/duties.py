"""The past that was put forward waits for one of two people: the city team's leader or another of the lead office (二-a)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from plans.models import Carry

DECISION = Step("CARRYIN", "批准历史抽查结转", button="审批结转", noun="历史抽查结转", stage="名录")
DECIDERS = (Role.APPROVER, Role.LEAD_OFFICE)


def asked(carry: Carry, by: User) -> None:
    """Whichever of them comes first; both have it to do and are told."""
    city, url = Unit.objects.city_team(), reverse("plans:carry")
    due = decision_due(localtime(carry.asked_at).date(), workdays.calendar())
    for role in DECIDERS:
        DECISION.open(
            city,
            _period(carry, role),
            role=role,
            title=f"批准历史抽查结转 {carry.document_no}",
            due=due,
            url=url,
            consequence="批准以前，全市不能封存。由市执法队分管负责人或者牵头部门另一个人办理。",
        )
        tell(
            role=role,
            unit=city,
            key=f"carry:{carry.pk}",
            title="历史抽查结转等批准",
            body="批准以后写入公示链第 1 条，不能再改；全市这才可以第一次封存。",
            url=url,
            by=by,
        )


def decided(carry: Carry, event: str, at: datetime) -> None:
    for role in DECIDERS:
        DECISION.close(Unit.objects.city_team(), _period(carry, role), event, at)


def _period(carry: Carry, role: Role) -> str:
    return f"{carry.pk}:{role.value}"
