from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from inspections.checks import told
from inspections.models import YearClosing
from plans.models import RequestState

BINDING = Step("YEARBOOK", button="年度卷成册", stage="处理", title="年度卷成册")
DECISION = Step("YEARDONE", "审批年度办结", button="审批办结", stage="公示")


def asked(closing: YearClosing) -> None:
    city, url = Unit.objects.city_team(), url_of(closing.year)
    DECISION.open(
        city,
        str(closing.pk),
        role=Role.APPROVER,
        title=f"审批 {closing.year} 年度办结",
        due=decision_due(closing.asked_at.date(), workdays.calendar()),
        url=url,
        consequence="办结以前，年度卷不能成册。",
    )
    told.tell_leaders(
        city, f"{closing.year} 年度办结等批准", "看各单位的公开率和依法不公开的结果。", url, by=closing.asked_by
    )


def decided(closing: YearClosing, event: str, at: datetime) -> None:
    DECISION.close(Unit.objects.city_team(), str(closing.pk), event, at)
    if closing.state == RequestState.APPROVED:
        _to_bind(closing, at)


def _to_bind(closing: YearClosing, at: datetime) -> None:
    """Each unit binds its year within the working days of K21, counted from the closing (七(七)-h)."""
    day, calendar = localtime(at).date(), workdays.calendar()
    due = calendar.within_workdays(day, policy.on(day).recommended.archive_within_workdays)
    for unit in Unit.objects.of_year(closing.year):
        BINDING.open(
            unit,
            str(closing.year),
            role=Role.ARCHIVIST,
            title=f"{closing.year} 年度卷成册",
            due=due,
            url=f"/desk/yearbook/?unit={unit.code}&year={closing.year}",
            consequence="年度卷没有成册，不能移交。",
        )


def bound(unit: Unit, year: int, at: datetime) -> None:
    """Told by `disclosure`, where what was published is bound."""
    BINDING.close(unit, str(year), "年度卷已成册", at)


def url_of(year: int) -> str:
    return reverse("inspections:year-closing", args=[year])
