"""The day of first use that was put forward waits for another of the lead office (二-a)."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import FirstUse
from benxi_shuangsuiji.notices.telling import tell


def open_what_waits() -> None:
    for one in FirstUse.objects.pending():
        _open(one)


DECISION = Step(
    "FIRSTUSE",
    "确定启用日期",
    button="确定日期",
    noun="启用日期",
    stage="规定",
    of_the_city=True,
    waiting=open_what_waits,
)


def asked(one: FirstUse, by: User) -> None:
    """The lead office has it to do and is told."""
    team = _open(one)
    tell(
        role=Role.LEAD_OFFICE,
        unit=team,
        key=f"first-use:{one.pk}",
        title=_title(one),
        body=f"{by.full_name}提出，依据 {one.document}。确定以后不能再改。"[:400],
        url=reverse("notices:first-use"),
        by=by,
        duty=DECISION.duties.get(unit=team, period=str(one.pk)),
    )


def decided(one: FirstUse, event: str, at: datetime) -> None:
    DECISION.close(Unit.objects.city_team(), str(one.pk), event, at)


def _title(one: FirstUse) -> str:
    return f"确定启用日期：{one.day:%Y-%m-%d}"


def _open(one: FirstUse) -> Unit:
    team = Unit.objects.city_team()
    DECISION.open(
        team,
        str(one.pk),
        role=Role.LEAD_OFFICE,
        title=_title(one),
        due=decision_due(localtime(one.asked_at).date(), workdays.calendar()),
        url=reverse("notices:first-use"),
        consequence="没有确定以前，系统不列出《实施方案》的期限，也不提醒。",
    )
    return team
