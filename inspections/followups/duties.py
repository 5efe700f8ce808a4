"""A step is made public within the days that every result has (八(二)-d, -e)."""

from datetime import datetime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step

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
