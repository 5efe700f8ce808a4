"""检查结果汇总: the lead office's table of reports, and its publication (七(六)-b)."""

from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import ReportState, WorkReport
from inspections.reports import rules as report_rules
from inspections.reports.pages import row_of
from inspections.reports.periods import Period

from . import roundups
from .pages import public_url


@requires(P.RECEIVE_REPORTS, P.SEE_CITY)
@require_safe
def rollup_results(request):
    """Every unit's report of the quarter: sent, received or returned, and the city's summary."""
    shell.show_whole_city(request)
    quarter, today, calendar, user = shell.current_quarter(request), clock.today(), workdays.calendar(), request.user
    units = list(Unit.objects.drawing().visible_to(user, P.SEE_PROGRESS))
    found = WorkReport.objects.visible_to(user).of(quarter.year, quarter.number).filter(unit__in=units)
    found = found.exclude(state=ReportState.DRAFT).select_related("unit", "asked_by", "decided_by")
    latest = {report.unit_id: report for report in found.order_by("pk")}
    units = [unit for unit in units if unit.works_in(quarter) or unit.pk in latest]
    rows = [row_of(unit, Period.of(quarter), latest.get(unit.pk), today, calendar) for unit in units]
    for row in rows:
        row.may_decide = row.report is not None and not report_rules.why_not_receive(row.report, user)
    now = roundups.standing(quarter)
    context = {
        "quarter": quarter,
        "rows": rows,
        "due_day": full_date(quarter.close_due(calendar).date),
        "now": now,
        "is_due": now.is_due(today),
        "summary_url": reverse("disclosure:publish-detail", args=["results", str(quarter)]),
        "public_url": public_url(quarter) if now.published else "",
        "may_publish": bool(user.units_with(P.PUBLISH_CITY)),
        "section": "results",
    }
    return TemplateResponse(request, "disclosure/city/rollup_results.html", context)
