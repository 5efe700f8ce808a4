"""A version of what a unit decides for itself waits for its leader, in the days of every second person's word (五-4a, 五-4b)."""

from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from plans.models import LocalDecision

DECISION = Step("UNITRULE", "批准本单位规定", button="审批规定", noun="本单位规定", stage="规定")


def asked(made: LocalDecision, by: User) -> None:
    """The leader has it to do and is told."""
    role, title, url = Role.APPROVER, f"批准{made._meta.verbose_name}", made.get_absolute_url()
    DECISION.open(
        made.unit,
        _period(made),
        role=role,
        title=f"{title}（第 {made.version} 版）",
        due=decision_due(localtime(made.asked_at).date(), workdays.calendar()),
        url=url,
        consequence="批准以前，计划仍按原来的编制。",
    )
    key = f"local:{made.slug}:{made.pk}"
    tell(role=role, unit=made.unit, key=key, title=f"{made.unit}：{title}", url=url, by=by)


def decided(decision: LocalDecision, event: str, at: datetime) -> None:
    DECISION.close(decision.unit, _period(decision), event, at)


def _period(decision: LocalDecision) -> str:
    return f"{decision.slug}:{decision.pk}"
