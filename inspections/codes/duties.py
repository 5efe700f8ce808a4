"""A report of an impostor is answered within hours, by the unit's leader and the lead office: whoever is first (七(五)-i)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import holders_of, notify

from .models import ImpostorReport

TITLE = "答复有人冒充检查人员的反映"
LEADER = Step("IMPOST", TITLE, button="答复反映", noun="冒充反映", stage="检查")
OFFICE = Step("IMPOSTC", TITLE, button="答复反映", noun="冒充反映", stage="检查")


def reported(report: ImpostorReport) -> None:
    """Told and mailed at once, in words that name neither place nor person (decisions.md 3)."""
    by = localtime(report.answer_by)
    title, url = (
        f"{TITLE} {report.no}，{by:%-m 月 %-d 日 %H:%M} 前",
        reverse("inspections:impostor-report", args=[report.pk]),
    )
    due = workdays.calendar().fixed(by.date())
    for step, role in ((LEADER, Role.APPROVER), (OFFICE, Role.LEAD_OFFICE)):
        step.open(
            report.unit, report.no, role=role, title=title, due=due, url=url, consequence="可能有人正在冒充执法。"
        )
        for user in holders_of(role, report.unit, report.at):
            body = f"{report.unit} 收到反映，{by:%H:%M} 前核实并答复。登录后看。"
            notify(user=user, key=f"impostor:{report.pk}:{role}", title=title, body=body, url=url, at=report.at)


def answered(report: ImpostorReport, at: datetime) -> None:
    for step in (LEADER, OFFICE):
        step.close(report.unit, report.no, "反映已答复", at)
