"""What was handed in waits for the lead office, or comes back from it; then the city's summary of plans (D-3b).

A unit's own deadline (D-3, D-4b) ends with its sending. The office has a step of its own for the receipt, and what it gives
back is a step of the unit with days of its own: nobody is late by another's days (docs/decisions/0022).
"""

from datetime import datetime

from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import receipt_due, summary_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Calendar, Due, Quarter
from plans.draw.duties import FILING, filing_due_from
from plans.models import Draw, Filing, FilingKind, FilingState
from plans.quarterly.duties import PUBLICATION

ROLLUP = {FilingKind.PLAN: "/desk/city/plans/", FilingKind.DRAW: "/desk/city/draws/"}


def _counted_from_the_last_plan(duty: Duty, calendar: Calendar) -> Due | None:
    if not duty.counted_from:
        return None
    return summary_due(Quarter.parse(duty.period), calendar, duty.counted_from)


SUMMARY = Step("D-3b", button="汇总计划", noun="计划汇总", stage="公开", reckoned=_counted_from_the_last_plan)
RECEIPT = {
    FilingKind.PLAN: Step("D-3s", "签收季度计划", button="签收计划", stage="公开", of_the_city=True),
    FilingKind.DRAW: Step(
        "D-4s", "签收抽取结果备案", button="签收备案", noun="备案签收", stage="抽取", of_the_city=True
    ),
}
# What was given back keeps its deadline met, as a report does (D-7r).
MENDING = {
    FilingKind.PLAN: Step(
        "D-3m",
        "补正报送的计划",
        serves=PUBLICATION.id,
        button="补正计划",
        noun="计划补正",
        stage="公开",
        of_the_city=True,
    ),
    FilingKind.DRAW: Step(
        "D-4m",
        "补正报送的抽取结果",
        serves=FILING.id,
        button="补正备案",
        noun="备案补正",
        stage="抽取",
        of_the_city=True,
    ),
}


def sent(filing: Filing) -> None:
    """With the lead office now, which has days of its own to sign for it or to give it back."""
    quarter, kind = Quarter(filing.year, filing.number), FilingKind(filing.kind)
    for step in (MENDING[kind], RECEIPT[kind]):  # of what was sent before, given back or not
        _drop_open(step, filing, "已重新报送", filing.asked_at)
    what = "抽查工作计划" if kind == FilingKind.PLAN else "抽查结果备案"
    step, period = RECEIPT[kind], _period(filing)
    url, title = f"{ROLLUP[kind]}?quarter={quarter}", f"签收 {quarter.label}{what}"
    step.open(
        filing.unit,
        period,
        role=Role.LEAD_OFFICE,
        title=title,
        due=receipt_due(localtime(filing.asked_at).date(), workdays.calendar()),
        url=url,
        consequence="签收以后单位才有回执；缺内容的写明意见退回。",
    )
    step.hand_over(filing.unit, period, role=Role.LEAD_OFFICE, title=title, url=url, by=filing.asked_by)


def received(filing: Filing) -> None:
    RECEIPT[filing.kind].close(filing.unit, _period(filing), f"回执 {filing.receipt_no}", filing.decided_at)


def given_back(filing: Filing, by: User) -> None:
    """The unit sends it once more, within a few days of its own."""
    quarter, kind = Quarter(filing.year, filing.number), FilingKind(filing.kind)
    RECEIPT[kind].close(filing.unit, _period(filing), "已退回", filing.decided_at)
    step, what, url = MENDING[kind], "抽查工作计划", ""
    if kind == FilingKind.DRAW:
        what, url = "抽查结果", reverse("plans:draw-file", args=[filing.draw.draw_id])
    title, url = f"补正并重新报送 {quarter.label}{what}", url or filing.plan.get_absolute_url()
    step.open(
        filing.unit,
        _period(filing),
        role=Role.PLANNER,
        title=title,
        due=filing_due_from(localtime(filing.decided_at).date(), workdays.calendar()),
        url=url,
        consequence=f"牵头部门退回：{filing.opinion}"[:200],
    )
    body = f"牵头部门退回：{filing.opinion}"
    step.hand_over(filing.unit, _period(filing), role=Role.PLANNER, title=title, url=url, by=by, body=body)


def all_plans_received(quarter: Quarter) -> None:
    """With the last unit's plan the city's summary can be made public. Its days began when that plan was sent (D-3b):
    the office's own days for signing are not added to them."""
    law = SUMMARY.law
    last = (
        Filing.objects.of(quarter)
        .filter(kind=FilingKind.PLAN, state=FilingState.RECEIVED)
        .aggregate(at=Max("asked_at"))
    )
    SUMMARY.open(
        Unit.objects.drawing().get(kind=UnitKind.CITY_TEAM),
        str(quarter),
        role=law.role,
        title=law.title_for(str(quarter)),
        due=summary_due(quarter, workdays.calendar(), localtime(last["at"]).date()),
        url=f"{law.url}?quarter={quarter}",
        consequence=law.consequence,
    )


def draw_filed(draw: Draw, at: datetime) -> None:
    """Filed for the first time, or again after a correction: the unit has done its part (D-4b)."""
    FILING.close(draw.unit, _filing_period(draw), "抽取结果已报备案", at)


def draw_corrected(draw: Draw, by: User, at: datetime) -> None:
    """The digests that hold now are to be filed; their days begin with the correction (SSJ1 9.1)."""
    for filing in draw.filings.exclude(run=draw.run):  # nothing of an earlier run is signed for or mended any more
        for step in (RECEIPT[FilingKind.DRAW], MENDING[FilingKind.DRAW]):
            step.close(draw.unit, _period(filing), "公开随机数更正，重新报备案", at)
    period, url = _filing_period(draw), reverse("plans:draw-file", args=[draw.draw_id])
    title = f"{Quarter(draw.year, draw.number).label}公开随机数更正，抽取结果重新报备案"
    FILING.open(
        draw.unit,
        period,
        role=Role.PLANNER,
        title=title,
        due=filing_due_from(localtime(at).date(), workdays.calendar()),
        url=url,
        consequence=FILING.law.consequence,
    )
    FILING.hand_over(draw.unit, period, role=Role.PLANNER, title=title, url=url, by=by)


def _filing_period(draw: Draw) -> str:
    """What the duty to file is about: the quarter, or a later run of its draw where the quarter's own is done."""
    quarter = str(Quarter(draw.year, draw.number))
    periods = [quarter, *(f"{quarter}r{run}" for run in range(2, draw.run + 1))]
    waiting = FILING.duties.open().filter(unit=draw.unit, period__in=periods)
    found = set(waiting.values_list("period", flat=True))
    return next((period for period in periods if period in found), periods[-1])


def _period(filing: Filing) -> str:
    """What a duty about one sending is kept under."""
    return f"{Quarter(filing.year, filing.number)}-{filing.pk}"


def _drop_open(step: Step, filing: Filing, event: str, at: datetime) -> None:
    quarter = f"{Quarter(filing.year, filing.number)}-"
    for period in (
        step.duties.open().filter(unit=filing.unit, period__startswith=quarter).values_list("period", flat=True)
    ):
        step.close(filing.unit, period, event, at)
