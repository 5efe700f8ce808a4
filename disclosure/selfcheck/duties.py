"""A quarter's summary is public by the day from which the quarter no longer changes (`self_check_day`, docs/decisions/0085)."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import MORNING, beat
from benxi_shuangsuiji.workdays.days import Due, Quarter
from inspections.models import SelfCheckSummary
from inspections.selfcheck.asking import closes_on, why_not_asked

from . import rules

SUMMARY = Step(
    "CHECKUP",
    "公开合规体检摘要",
    button="拟体检摘要",
    buttons={Role.SUPERVISOR: "批准体检摘要"},
    noun="体检摘要",
    stage="报告",
    of_the_city=True,
)
AGAIN = "重新拟 {}合规体检公开摘要"
MOVED = "公开得早，那以后这一季度的数字有变。按定下来的数字重新拟。"


def url_of(quarter: Quarter) -> str:
    return reverse("disclosure:selfcheck-summary", args=[str(quarter).lower()])


def due_of(quarter: Quarter) -> Due:
    return workdays.calendar().fixed(closes_on(quarter))


def open_for(quarter: Quarter) -> None:
    """Once the quarter is over; one of before first use is not asked (二-a)."""
    if why_not_asked(quarter):
        return
    SUMMARY.open(
        Unit.objects.city_team(),
        str(quarter),
        role=Role.LEAD_OFFICE,
        title=f"拟 {quarter.label}合规体检公开摘要",
        due=due_of(quarter),
        url=url_of(quarter),
        consequence="监督员批准以后公开。",
    )


def asked(summary: SelfCheckSummary, by: User) -> None:
    open_for(summary.quarter)
    SUMMARY.reopen(Unit.objects.city_team(), summary.no)  # a version before it was public, and closed the step
    _hand_over(summary.quarter, Role.SUPERVISOR, f"批准 {summary.quarter.label}合规体检公开摘要", by)


def given_back(summary: SelfCheckSummary, by: User) -> None:
    quarter = summary.quarter
    _hand_over(quarter, Role.LEAD_OFFICE, AGAIN.format(quarter.label), by, body=f"退回意见：{summary.opinion}")


def _hand_over(quarter: Quarter, role: str, title: str, by: User | None, body: str = "") -> None:
    SUMMARY.hand_over(
        Unit.objects.city_team(), str(quarter), role=role, title=title, url=url_of(quarter), by=by, body=body
    )


def published(quarter: Quarter, at: datetime) -> None:
    SUMMARY.close(Unit.objects.city_team(), str(quarter), "合规体检摘要公开", at)


def withdrawn(quarter: Quarter, by: User) -> None:
    """What closed it is public no longer: the lead office has it once more, on the day it had (八(二)-c)."""
    open_for(quarter)
    SUMMARY.reopen(Unit.objects.city_team(), str(quarter))
    _hand_over(quarter, Role.LEAD_OFFICE, AGAIN.format(quarter.label), by, body="公开的一版已撤下。")


def moved(quarter: Quarter) -> None:
    """It was made public before the quarter stood as it stays: the lead office has it once more, with a month for it, so that
    nobody is late because he was early (decision 0085)."""
    city, closed = Unit.objects.city_team(), closes_on(quarter)
    # A quarter closes in January, April, July or October.
    due = workdays.calendar().fixed(closed.replace(month=closed.month + 1))
    SUMMARY.give_back(city, str(quarter), title=AGAIN.format(quarter.label), due=due)
    _hand_over(quarter, Role.LEAD_OFFICE, AGAIN.format(quarter.label), None, body=MOVED)


def open_daily(*, force: bool = False) -> bool:
    """The morning's look whether a quarter has ended, or stands otherwise than was made public. Runs once a day."""
    now = clock.now()
    last = Heartbeat.objects.filter(name="selfcheck").first()
    if not force and (now.time() < MORNING or (last and last.at.astimezone(now.tzinfo).date() >= now.date())):
        return False
    quarter = Quarter.of(now.date()).previous()
    if Unit.objects.filter(kind=UnitKind.CITY_TEAM).exists():  # a house that nobody has furnished yet has nobody to ask
        open_for(quarter)
    done = SUMMARY.duties.filter(period=str(quarter), closed_at__isnull=False).exists()
    if done and rules.has_moved(quarter, now.date()):
        moved(quarter)
    beat("selfcheck", now)
    return True
