"""A campaign waits for its second person; until then no check is raised under it (三-j, N-13)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.models import Campaign

DECISION = Step("CAMP", "审批专项检查", button="审批专项", stage="检查")


def campaign_made(campaign: Campaign) -> None:
    DECISION.open(
        campaign.unit,
        campaign.no,
        role=Role.APPROVER,
        title=f"审批专项检查 {campaign.no}",
        due=decision_due(campaign.asked_at.date(), workdays.calendar()),
        url=address_of(campaign),
        consequence="批准以前，不能按它发起检查。",
    )


def campaign_decided(campaign: Campaign, event: str, at: datetime) -> None:
    DECISION.close(campaign.unit, campaign.no, event, at)


def address_of(campaign: Campaign) -> str:
    return f"{reverse('inspections:targeted-campaigns')}?unit={campaign.unit.code}"
