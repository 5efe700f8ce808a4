"""A statement is considered by the team's leader within days (七(五)-k)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.duties import of_the_leader
from inspections.models import Statement

STATEMENT = Step("STATE", "复核企业的陈述申辩", button="复核申辩", noun="申辩复核", stage="处理")


def handed_in(statement: Statement, due: Due) -> None:
    """Who has it to do is told at once, and the rest of the team too, in words that name no place."""
    check = statement.inspection
    url = reverse("inspections:statement", args=[check.no, statement.pk])
    title = f"{STATEMENT.title} {statement.no}"
    STATEMENT.open(
        check.unit,
        statement.no,
        **of_the_leader(check),
        title=title,
        due=due,
        url=url,
        consequence="答复写在企业办理的网页上，企业看得到。",
    )
    team = check.members.values_list("inspector__user_id", flat=True)
    tell_people(team, title, f"检查 {check.no}，企业交来 1 份陈述申辩。", url, _open_of(statement))


def _open_of(statement: Statement) -> Duty | None:
    return STATEMENT.duties.open().filter(unit=statement.inspection.unit_id, period=statement.no).first()


def answered(statement: Statement, at: datetime) -> None:
    STATEMENT.close(statement.inspection.unit, statement.no, "已答复", at)
