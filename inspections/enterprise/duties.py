"""A statement is considered by the team's leader, an objection answered by who publishes, each within days (七(五)-k)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell, tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.duties import of_the_leader
from inspections.models import Statement, StatementKind

STATEMENT = Step("STATE", "复核企业的陈述申辩", button="去复核", stage="处理")
OBJECTION = Step("OBJECT", "答复企业的异议", button="去答复", stage="公示")


def step_of(statement: Statement) -> Step:
    return OBJECTION if statement.kind == StatementKind.OBJECTION else STATEMENT


def handed_in(statement: Statement, due: Due) -> None:
    """Who has it to do is told at once, and of a statement the rest of the team too, in words that name no place."""
    check, step = statement.inspection, step_of(statement)
    url = reverse("inspections:statement", args=[check.no, statement.pk])
    title = f"{step.title} {statement.no}"
    objection = step is OBJECTION
    whose = {"role": Role.DISCLOSURE_OFFICER} if objection else of_the_leader(check)
    step.open(
        check.unit,
        statement.no,
        **whose,
        title=title,
        due=due,
        url=url,
        consequence="答复写在企业办理的网页上，企业看得到。",
    )
    if objection:
        key = f"objection:{statement.pk}"
        tell(role=Role.DISCLOSURE_OFFICER, unit=check.unit, key=key, title=f"{check.unit}：{title}", url=url)
    else:
        team = check.members.values_list("inspector__user_id", flat=True)
        tell_people(team, title, f"检查 {check.no}，企业交来 1 份陈述申辩。", url)


def answered(statement: Statement, at: datetime) -> None:
    step_of(statement).close(statement.inspection.unit, statement.no, "已答复", at)
