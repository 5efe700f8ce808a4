"""省厅报送: the quarter's data, the workbook, and the record of what was sent (七(六)-c)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.notices.deadlines.timetable import provincial_due
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import ProvincialReport
from plans.pages import due_badge

from . import provincial, rules
from .forms import ProvincialForm


@requires(P.RECEIVE_REPORTS, P.SEE_CITY)
def rollup_provincial(request):
    """What would be sent, who is missing, every sending so far; the lead office marks one."""
    quarter, today, calendar = shell.current_quarter(request), clock.today(), workdays.calendar()
    reports = provincial.received(quarter)
    missing = provincial.missing(quarter, reports)
    obstacle = rules.why_not_export(quarter, missing, request.user, today)
    may_send = bool(request.user.units_with(P.RECEIVE_REPORTS))
    form = ProvincialForm(request.POST or None, initial={"sent_on": today}) if may_send else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            marked = provincial.mark_sent(quarter=quarter, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已登记报省厅：{marked.document_no}。")
            return redirect(request.get_full_path())
    sent = list(
        ProvincialReport.objects.filter(year=quarter.year, number=quarter.number).select_related("file", "marked_by")
    )
    due = provincial_due(quarter, calendar)
    context = {
        "quarter": quarter,
        "columns": [title.partition("（")[0] for title, _, _ in provincial.UNIT_COLUMNS],
        "rows": provincial.unit_rows(reports) if reports else [],
        "missing": missing,
        "obstacle": obstacle,
        "may_send": may_send,
        "form": form,
        "sent": sent,
        "due": due_badge(due.date, today, done=bool(sent), mark=due.mark),
        "due_day": full_date(due.date),
        "section": "provincial",
    }
    return TemplateResponse(request, "inspections/reports/rollup_provincial.html", context)


@requires(P.RECEIVE_REPORTS)
@require_GET
def provincial_export(request):
    """The workbook as it would be sent now."""
    quarter = shell.current_quarter(request)
    left = provincial.missing(quarter, provincial.received(quarter))
    if reason := rules.why_not_export(quarter, left, request.user, clock.today()):
        messages.error(request, reason)
        return redirect(f"/desk/city/provincial/?quarter={quarter}")
    trail.record("inspections.province.exported", by=request.user, quarter=str(quarter))
    return files.attachment(
        provincial.workbook(quarter), name=provincial.file_name(quarter, clock.today()), content_type=files.XLSX
    )


@requires(P.RECEIVE_REPORTS, P.SEE_CITY)
@require_GET
def provincial_file(request, pk):
    """The data of one sending, byte for byte."""
    return files.download(get_object_or_404(ProvincialReport.objects.select_related("file"), pk=pk).file)
