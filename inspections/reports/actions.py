"""工作报告: written, sent with its figures, received or returned (七(六)-b, 五-4l, 八(一)-c)."""

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.documents.numbers import Numbering
from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import ReportState, WorkReport

from . import figures, rules, years
from .periods import Period, due_again

AGAIN = {"D-7": "D-7r", "D-11": "D-11r"}  # the step of a report that was given back, by the deadline it serves
RECEIPT_DUTY = "YEAR"


def standing(unit: Unit, period: Period) -> WorkReport | None:
    """The report of this unit and period that counts."""
    found = WorkReport.objects.standing().of(period.year, period.number).filter(unit=unit)
    return found.select_related("unit", "sent_by", "decided_by", "written_by").first()


def returned(unit: Unit, period: Period) -> WorkReport | None:
    """The last one that was given back."""
    found = WorkReport.objects.of(period.year, period.number).filter(unit=unit, state=ReportState.RETURNED)
    return found.select_related("decided_by").first()


def figures_of(unit: Unit, period: Period) -> dict:
    """Counted now, from what is public now."""
    calendar = workdays.calendar()
    if period.quarter:
        return figures.of_quarter(unit, period.quarter, calendar)
    return years.of_year(unit, period.year, clock.today(), calendar)


@transaction.atomic
def save_report(*, unit: Unit, period: Period, text: dict[str, str], by: User) -> WorkReport:
    """Keep the text as a draft; it may be unfinished."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    report = standing(unit, period)
    refuse_if(rules.why_not_write(unit, period, report, by, clock.today()))
    return _keep(unit, period, report, text, by)


@transaction.atomic
def send_report(*, unit: Unit, period: Period, text: dict[str, str], by: User) -> WorkReport:
    """Count, freeze and hand over: a quarter to the lead office, which ends D-7, a year to the bureau, which ends D-11."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    report, now = standing(unit, period), clock.now()
    today, calendar = localtime(now).date(), workdays.calendar()
    refuse_if(rules.why_not_send(unit, period, report, by, today, calendar) or rules.why_not_text(text, period))

    report = _keep(unit, period, report, text, by)
    report.figures = figures_of(unit, period)
    report.state, report.sent_by, report.sent_at = ReportState.SENT, by, now
    report.save()
    event = f"{'检查结果' if period.quarter else '年度'}报告报出 {report.no}"
    duties.close(rule=period.rule, unit=unit, period=str(period), event=event, at=now)
    if last := returned(unit, period):
        duties.close(rule=AGAIN[period.rule], unit=unit, period=_again(last), event=event, at=now)
    if not period.quarter:
        _await_receipt(report, period)
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
    report = _locked(report)
    refuse_if(rules.why_not_receive(report, by))

    now, period = clock.now(), Period.of(report)
    report.state, report.decided_by, report.decided_at = ReportState.RECEIVED, by, now
    receipts = Numbering(f"{rules.RECEIPT_LETTERS[period.rule]}{period}-", 3)
    report.receipt_no = receipts.next(WorkReport.objects.of(report.year, report.number), "receipt_no")
    report.save()
    if not period.quarter:
        _received(report, f"年度报告回执 {report.receipt_no}")
    trail.record("inspections.report.received", by=by, about=report, receipt=report.receipt_no)
    return report


@transaction.atomic
def return_report(*, report: WorkReport, by: User, opinion: str) -> WorkReport:
    """Give a report back with what is missing; the unit sends it once more (A-16: who collects does not approve)."""
    report = _locked(report)
    refuse_if(rules.why_not_receive(report, by) or rules.why_not_return_reason(opinion))

    period = Period.of(report)
    report.state, report.decided_by, report.decided_at = ReportState.RETURNED, by, clock.now()
    report.opinion = opinion.strip()[:200]
    report.save()
    if not period.quarter:
        _received(report, "年度报告退回")
    _ask_again(report, period, by)
    trail.record("inspections.report.returned", by=by, about=report, opinion=report.opinion)
    return report


def _keep(unit, period, report, text, by) -> WorkReport:
    report = report or WorkReport(unit=unit, year=period.year, number=period.number)
    report.text = {c.key: text.get(c.key, "").strip()[: rules.MOST_WORDS] for c in period.chapters}
    report.written_by, report.written_at = by, clock.now()
    report.save()
    return report


def _locked(report: WorkReport) -> WorkReport:
    return WorkReport.objects.select_for_update(of=["self"]).select_related("unit").get(pk=report.pk)


def _await_receipt(report: WorkReport, period: Period) -> None:
    """The bureau has it to sign for, or to give back, within a few days of our own."""
    today = clock.today()
    within = policy.on(today).recommended.filing_within_workdays
    duties.open(
        rule=RECEIPT_DUTY,
        unit=report.unit,
        role=Role.BUREAU_READER,
        period=_again(report),
        title=f"签收 {period.name}",
        due=workdays.calendar().within_workdays(today, within),
        url=report.get_absolute_url(),
        consequence="签收以后单位才有回执；缺内容的写明意见退回。",
    )


def _received(report: WorkReport, event: str) -> None:
    duties.close(rule=RECEIPT_DUTY, unit=report.unit, period=_again(report), event=event, at=report.decided_at)


def _ask_again(report: WorkReport, period: Period, by: User) -> None:
    """It was reported, and its deadline stays met; what is missing is a step of our own, of a few days."""
    title = f"补正并重新报送 {period.name}"
    body = f"{'牵头部门' if period.quarter else '市局'}退回：{report.opinion}"
    duties.open(
        rule=AGAIN[period.rule],
        unit=report.unit,
        role=Role.PLANNER,
        period=_again(report),
        title=title,
        due=due_again(localtime(report.decided_at).date(), workdays.calendar()),
        url=report.get_absolute_url(),
        consequence=body[:200],
    )
    tell(
        role=Role.PLANNER,
        unit=report.unit,
        key=f"report-back:{report.pk}",
        title=f"{report.unit}：{title}",
        body=body,
        url=report.get_absolute_url(),
        by=by,
    )


def _again(report: WorkReport) -> str:
    return f"{report.no}-{report.pk}"
