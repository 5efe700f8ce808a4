"""Reports on their way: of a quarter to the lead office (D-7), of a year to the bureau (D-11), figures to the province (D-12)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import receipt_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.models import ReportState, WorkReport

from .periods import Period, due_again


def until_all_have_reported(duties: Sequence[Duty], today: date) -> dict[int, str]:
    """What is made of all reports waits for them while the quarter runs, as `rules.why_not_export` refuses it."""
    found = {}
    for duty in duties:
        quarter = Quarter.parse(duty.period)
        there = WorkReport.objects.of(quarter.year, quarter.number).filter(state=ReportState.RECEIVED)
        if today <= quarter.last_day and Unit.objects.working(quarter).exclude(pk__in=there.values("unit")).exists():
            found[duty.pk] = "各单位报告"
    return found


RESULTS = Step("D-7", button="编写报告", noun="结果报告", stage="报告")
YEAR = Step("D-11", button="编写报告", stage="报告")
PROVINCE = Step("D-12", button="报送数据", noun="报省数据", stage="报告", held_up=until_all_have_reported)
# A report that was given back keeps its deadline met; what is missing is a step of our own.
RESULTS_AGAIN = Step(
    "D-7r", "补正检查结果报告", serves=RESULTS.id, button="编写报告", noun="报告补正", stage="报告", of_the_city=True
)
YEAR_AGAIN = Step(
    "D-11r", "补正年度工作报告", serves=YEAR.id, button="编写报告", noun="报告补正", stage="报告", of_the_city=True
)
RESULTS_RECEIPT = Step("D-7s", "签收检查结果报告", button="签收报告", noun="报告签收", stage="报告", of_the_city=True)
YEAR_RECEIPT = Step("YEAR", "签收年度工作报告", button="签收报告", noun="报告签收", stage="报告", of_the_city=True)


def report_sent(report: WorkReport, period: Period, last_returned: WorkReport | None) -> None:
    """Handed over, the first time or again; it waits for a receipt within a few days of our own (docs/decisions/0022)."""
    at, event = report.asked_at, f"{'检查结果' if period.quarter else '年度'}报告报出 {report.no}"
    sending(period).close(report.unit, str(period), event, at)
    if last_returned:
        sending_again(period).close(report.unit, period_of(last_returned), event, at)
    receipt(period).open(
        report.unit,
        period_of(report),
        role=Role.LEAD_OFFICE if period.quarter else Role.BUREAU_READER,
        title=f"签收 {period.name}",
        due=receipt_due(localtime(at).date(), workdays.calendar()),
        url=report.get_absolute_url(),
        consequence="签收以后单位才有回执；缺内容的写明意见退回。",
    )


def report_received(report: WorkReport, period: Period) -> None:
    _answered(report, period, f"回执 {report.receipt_no}")


def report_given_back(report: WorkReport, period: Period, title: str, words: str) -> None:
    """The unit sends it once more, within a few days."""
    _answered(report, period, "已退回")
    sending_again(period).open(
        report.unit,
        period_of(report),
        role=Role.PLANNER,
        title=title,
        due=due_again(localtime(report.decided_at).date(), workdays.calendar()),
        url=report.get_absolute_url(),
        consequence=words[:200],
    )


def sent_to_province(lead: Unit, quarter: Quarter, document_no: str, at: datetime) -> None:
    PROVINCE.close(lead, str(quarter), f"报省厅 {document_no}"[:60], at)


def period_of(report: WorkReport) -> str:
    """What a duty about one sending is kept under."""
    return f"{report.no}-{report.pk}"


def sending(period: Period) -> Step:
    return RESULTS if period.quarter else YEAR


def sending_again(period: Period) -> Step:
    return RESULTS_AGAIN if period.quarter else YEAR_AGAIN


def receipt(period: Period) -> Step:
    return RESULTS_RECEIPT if period.quarter else YEAR_RECEIPT


def _answered(report: WorkReport, period: Period, event: str) -> None:
    receipt(period).close(report.unit, period_of(report), event, report.decided_at)
