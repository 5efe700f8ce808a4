"""A targeted check waits for the leader's approval; an emergency goes out at once and has it made up (七(一)3-b, N-6)."""

from datetime import datetime, timedelta

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Due
from inspections.models import Source, TargetedCheck

APPROVAL = Step("N-6", button="批准检查", stage="检查")


def approval_asked(asked: TargetedCheck) -> None:
    words, due = "批准针对性检查", Due(asked.finish_by, asked.finish_by)
    if asked.source == Source.EMERGENCY:
        hours = policy.on(asked.asked_at.date()).recommended.retro_approval_within_hours
        day = (asked.asked_at + timedelta(hours=hours)).date()
        words, due = "补办批准", Due(day, day)
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
