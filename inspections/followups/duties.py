"""What follows is decided by another in our few days, its asker is told, and each step made public (八(二)-d, -e)."""

from datetime import datetime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks import told

from .models import FollowUp

PUBLICATION = Step("FOLLOW", "公开后续处理", button="去公开", stage="公示")


def handed_over(step: FollowUp) -> None:
    within = policy.on(step.happened_on).publish_within_workdays
    title = f"公开{step.get_step_display()} {step.inspection.no}"
    PUBLICATION.open(
        step.inspection.unit,
        step.no,
        role=Role.DISCLOSURE_OFFICER,
        title=title,
        due=workdays.calendar().within_workdays(step.happened_on, within),
        url=f"/desk/publish/step/{step.no}/",
        consequence="公开页上只有发现的问题，没有后来怎样处理。",
    )


def published(step: FollowUp, at: datetime) -> None:
    PUBLICATION.close(step.inspection.unit, step.no, "后续处理已公开", at)


def our_days(at: datetime) -> Due:
    return decision_due(at.date(), workdays.calendar())


def to_decide(
    step: Step,
    unit: Unit,
    period: str,
    title: str,
    *,
    by: User,
    at: datetime,
    url: str,
    consequence: str,
    role: str = Role.APPROVER,
    due: Due | None = None,
) -> None:
    """It lies with another now; the leaders are told, but not `by`, who asked."""
    step.open(unit, period, role=role, title=title, due=due or our_days(at), url=url, consequence=consequence)
    if role == Role.APPROVER:
        told.tell_leaders(unit, f"等批准：{title}", "提出的人不能批准。", url, by=by)


def decided(step: Step, unit: Unit, period: str, asked, words: str, url: str) -> None:
    """`asked` (a `Decision`) has its answer, and who asked is told."""
    step.close(unit, period, words, asked.decided_at)
    tell_people([asked.asked_by_id], words, f"{period.split(':')[0]}，意见见办理页。", url)
