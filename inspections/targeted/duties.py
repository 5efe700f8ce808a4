"""A targeted check waits for the leader's approval; an emergency goes out at once and has it made up (七(一)3-b, N-6)."""

from datetime import datetime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Due
from inspections.models import Source, TargetedCheck

APPROVAL = Step("N-6", stage="检查")


def approval_asked(asked: TargetedCheck) -> None:
    words, due = "批准针对性检查", Due(asked.finish_by, asked.finish_by)
    if asked.source == Source.EMERGENCY:
        on = asked.asked_at.date()
        within = policy.on(on).recommended.retro_approval_within_workdays
        words, due = "补办批准", workdays.calendar().within_workdays(on, within)
    APPROVAL.open(
        asked.unit,
        asked.no,
        role=Role.APPROVER,
        title=f"{words} {asked.no}",
        due=due,
        url=asked.get_absolute_url(),
        consequence="没有批准不能检查；突发环境事件没有补办的，结果不能审核。",
    )


def approval_settled(asked: TargetedCheck, event: str, at: datetime) -> None:
    APPROVAL.close(asked.unit, asked.no, event, at)
