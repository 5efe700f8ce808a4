"""工作报告: written, sent with its figures, received or returned (七(六)-b, 五-4l, 八(一)-c)."""

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import ReportState, WorkReport
from registry.facilities import nine_steps

from . import duties, figures, rules, years
from .periods import Period


def standing(unit: Unit, period: Period) -> WorkReport | None:
    """The report of this unit and period that counts."""
    found = WorkReport.objects.standing().of(period.year, period.number).filter(unit=unit)
    return found.select_related("unit", "asked_by", "decided_by", "written_by").first()


def returned(unit: Unit, period: Period) -> WorkReport | None:
    """The last one that was given back."""
    found = WorkReport.objects.of(period.year, period.number).filter(unit=unit, state=ReportState.RETURNED)
    return found.select_related("decided_by").first()


def figures_of(unit: Unit, period: Period) -> dict:
    """Counted now, from what is public now; with who answers for each step today (八(一)-b)."""
    calendar, today = workdays.calendar(), clock.today()
    if period.quarter:
        counted = figures.of_quarter(unit, period.quarter, calendar)
    else:
        counted = years.of_year(unit, period.year, today, calendar)
    return counted | {"responsible": nine_steps.printed(unit, today)}


@transaction.atomic
def save_report(*, unit: Unit, period: Period, text: dict[str, str], by: User) -> WorkReport:
    """Keep the text as a draft; it may be unfinished."""
    unit = Unit.objects.locked(unit.pk)
    report = standing(unit, period)
    refuse_if(rules.why_not_write(unit, period, report, by, clock.today()))
    return _keep(unit, period, report, text, by)


@transaction.atomic
def send_report(*, unit: Unit, period: Period, text: dict[str, str], by: User) -> WorkReport:
    """Count, freeze and hand over: a quarter to the lead office, which ends D-7, a year to the bureau, which ends D-11."""
    unit = Unit.objects.locked(unit.pk)
    report, now = standing(unit, period), clock.now()
    today, calendar = localtime(now).date(), workdays.calendar()
    refuse_if(rules.why_not_send(unit, period, report, by, today, calendar) or rules.why_not_text(text, period))

    report = _keep(unit, period, report, text, by)
    report.figures = figures_of(unit, period)
    report.state, report.asked_by, report.asked_at = ReportState.SENT, by, now
    report.save()
    duties.report_sent(report, period, returned(unit, period))
    tell(
        role=Role.LEAD_OFFICE if period.quarter else Role.BUREAU_READER,
        unit=unit,
        key=f"report:{report.pk}",
        title=f"{unit}：签收 {period.name}",
        url=report.get_absolute_url(),
        by=by,
    )
    trail.record("inspections.report.sent", by=by, about=report, period=str(period))
    return report


@transaction.atomic
def receive_report(*, report: WorkReport, by: User) -> WorkReport:
    """Sign for a report; the receipt has a number and a time."""
    numbers.lock_of_city()
    report = WorkReport.objects.locked(report.pk, "unit")
    refuse_if(rules.why_not_receive(report, by))

    now, period = clock.now(), Period.of(report)
    receipts = Numbering(f"{rules.receipt_letters(period)}{period}-", 3)
    receipt = receipts.next(WorkReport.objects.of(report.year, report.number), "receipt_no")
    report.decide(ReportState.RECEIVED, by=by, at=now, receipt_no=receipt)
    duties.report_received(report, period)
    trail.record("inspections.report.received", by=by, about=report, receipt=report.receipt_no)
    return report


@transaction.atomic
def return_report(*, report: WorkReport, by: User, opinion: str) -> WorkReport:
    """Give a report back with what is missing; the unit sends it once more (A-16: who collects does not approve)."""
    report = WorkReport.objects.locked(report.pk, "unit")
    refuse_if(rules.why_not_receive(report, by) or rules.why_not_return_reason(opinion))

    period = Period.of(report)
    report.decide(ReportState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    _ask_again(report, period, by)
    trail.record("inspections.report.returned", by=by, about=report, opinion=report.opinion)
    return report


def _keep(unit, period, report, text, by) -> WorkReport:
    report = report or WorkReport(unit=unit, year=period.year, number=period.number)
    report.text = {c.key: text.get(c.key, "").strip()[: rules.MOST_WORDS] for c in period.chapters}
    report.written_by, report.written_at = by, clock.now()
    report.save()
    return report


def _ask_again(report: WorkReport, period: Period, by: User) -> None:
    """It was reported, and its deadline stays met; what is missing is a step of our own, of a few days."""
    title = f"补正并重新报送 {period.name}"
    body = f"{'牵头部门' if period.quarter else '市局'}退回：{report.opinion}"
    duties.report_given_back(report, period, title, body)
    tell(
        role=Role.PLANNER,
        unit=report.unit,
        key=f"report-back:{report.pk}",
        title=f"{report.unit}：{title}",
        body=body,
        url=report.get_absolute_url(),
        by=by,
    )
