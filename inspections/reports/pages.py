from types import SimpleNamespace

from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Due, full_date
from inspections.models import ReportState, WorkReport
from plans.pages import due_badge

from .periods import Period, due_again


def row_of(
    unit: Unit, period: Period, report: WorkReport | None, today, calendar, returned=None, *, begun: bool = True
) -> SimpleNamespace:
    """One line of a list of reports.

    `returned` is the last that was given back, when `report` may be a draft after it; `begun`: it has a deadline, as the
    system was there by that year.
    """
    due = _due_of(period, report, returned, calendar)
    done = report is not None and report.asked_at is not None and report.state != ReportState.RETURNED
    return SimpleNamespace(
        unit=unit,
        period=period,
        no=f"{unit.code}-{period}",
        report=report,
        tone=TONES[report.state] if report else "wait",
        words=report.get_state_display() if report else "未报送",
        due=due_badge(due, today, done=done, calendar=calendar) if begun else None,
        due_day=full_date(due.date),
    )


TONES = {
    ReportState.DRAFT: "run",
    ReportState.SENT: "warn",
    ReportState.RECEIVED: "ok",
    ReportState.RETURNED: "bad",
}


def _due_of(period: Period, report: WorkReport | None, returned: WorkReport | None, calendar) -> Due:
    """The day of the deadline, or of the days given when a report went back."""
    back = report if report and report.state == ReportState.RETURNED else returned
    if back and (report is None or report.state in (ReportState.DRAFT, ReportState.RETURNED)):
        return due_again(localtime(back.decided_at).date(), calendar)
    return period.due(calendar)
