"""What was handed in waits for the lead office, or comes back from it (D-3, D-4b); then the city's summary (D-3b)."""

from datetime import date, datetime

from django.urls import reverse

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import summary_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from plans.draw.duties import FILING, to_file
from plans.models import Draw, Filing, QuarterlyPlan
from plans.quarterly.duties import PUBLICATION, of_version


def _counted_from_the_last_plan(duty: Duty, calendar: Calendar) -> Due | None:
    if not duty.counted_from:
        return None
    return summary_due(Quarter.parse(duty.period), calendar, duty.counted_from)


SUMMARY = Step("D-3b", stage="公开", reckoned=_counted_from_the_last_plan)


def plan_passes(
    plan: QuarterlyPlan, role: str, title: str, waiting_for: str = "", *, body: str = "", by: User | None = None
) -> None:
    step, period = of_version(PUBLICATION, plan.quarter, plan.revision)
    url = plan.get_absolute_url()
    step.hand_over(plan.unit, period, role=role, title=title, url=url, waiting_for=waiting_for, by=by, body=body)


def plan_received(filing: Filing, at: datetime) -> None:
    """A later version that is received also ends the first one's duty, if that was returned."""
    quarter = Quarter(filing.year, filing.number)
    for step, period in {of_version(PUBLICATION, quarter, revision) for revision in (1, filing.revision)}:
        step.close(filing.unit, period, "plans.plan.received", at)


def all_plans_received(quarter: Quarter, last_on: date) -> None:
    """With the last unit's plan the city's summary can be made public, and its days begin (D-3b)."""
    law = SUMMARY.law
    SUMMARY.open(
        Unit.objects.drawing().get(kind=UnitKind.CITY_TEAM),
        str(quarter),
        role=law.role,
        title=law.title_for(str(quarter)),
        due=summary_due(quarter, workdays.calendar(), last_on),
        url=f"{law.url}?quarter={quarter}",
        consequence=law.consequence,
    )


def draw_filed(draw: Draw) -> None:
    """Filed for the first time or again, it waits for the lead office's receipt."""
    if draw.run == 1:
        to_file(draw)
    FILING.hand_over(
        draw.unit,
        period_of(draw),
        role=Role.PLANNER,
        title=FILING.law.title_for(str(Quarter(draw.year, draw.number))),
        url=draw.get_absolute_url(),
        waiting_for="市执法队牵头部门签收",
    )


def draw_received(filing: Filing, at: datetime) -> None:
    FILING.close(filing.unit, period_of(filing.draw), f"备案回执 {filing.receipt_no}", at)


def draw_given_back(filing: Filing, by: User) -> None:
    FILING.hand_over(
        filing.unit,
        period_of(filing.draw),
        role=Role.PLANNER,
        title=f"补正并重新报送 {Quarter(filing.year, filing.number).label}抽查结果",
        url=reverse("plans:draw-file", args=[filing.draw.draw_id]),
        by=by,
        body=f"牵头部门退回：{filing.opinion}",
    )


def draw_corrected(draw: Draw, by: User, on: date) -> None:
    """The digests that hold now are to be filed; their days begin with the correction (SSJ1 9.1)."""
    period, url = period_of(draw), reverse("plans:draw-file", args=[draw.draw_id])
    title = f"{Quarter(draw.year, draw.number).label}公开随机数更正，抽取结果重新报备案"
    FILING.open(
        draw.unit,
        period,
        role=Role.PLANNER,
        title=title,
        due=workdays.calendar().within_workdays(on, policy.on(on).recommended.filing_within_workdays),
        url=url,
        consequence=FILING.law.consequence,
    )
    FILING.hand_over(draw.unit, period, role=Role.PLANNER, title=title, url=url, by=by)


def period_of(draw: Draw) -> str:
    """What the duty to file is about: the quarter, or a later run of its draw where the quarter's own is done."""
    quarter = str(Quarter(draw.year, draw.number))
    periods = [quarter, *(f"{quarter}r{run}" for run in range(2, draw.run + 1))]
    waiting = FILING.duties.open().filter(unit=draw.unit, period__in=periods)
    found = set(waiting.values_list("period", flat=True))
    return next((period for period in periods if period in found), periods[-1])
