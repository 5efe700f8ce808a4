"""A proposed cap waits for its second person; the cap of the plan itself has a date without a to-do (七(一)4-c)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell
from inspections.models import FrequencyCap

CAP_PER_ITEM = Step("D-19", noun="检查上限", stage="抽取")
DECISION = Step("CAP", "审批入企检查上限", button="审批上限", noun="上限审批", stage="检查")


def cap_proposed(cap: FrequencyCap, by: User) -> None:
    """The leader has it to do and is told; the days are those of every second person's word (D-20)."""
    title, url = f"审批 {cap.year} 年{cap.get_category_display()}对象的入企检查上限", address_of(cap)
    due = decision_due(clock.today(), workdays.calendar())
    consequence = "批准以前，原来的上限照旧。"
    DECISION.open(cap.unit, str(cap.pk), role=Role.APPROVER, title=title, due=due, url=url, consequence=consequence)
    key, title = f"{DECISION}:{cap.pk}", f"{cap.unit}：{title}"
    tell(role=Role.APPROVER, unit=cap.unit, key=key, title=title, body=cap.document, url=url, by=by)


def cap_decided(cap: FrequencyCap, event: str, at: datetime) -> None:
    DECISION.close(cap.unit, str(cap.pk), event, at)


def address_of(cap: FrequencyCap) -> str:
    return f"{reverse('inspections:frequency-list')}?unit={cap.unit.code}&quarter={cap.year}Q1"
