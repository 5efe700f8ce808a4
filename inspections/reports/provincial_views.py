"""省厅报送: the quarter's data, the workbook, and the record of what was sent (七(六)-c)."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.notices.deadlines.due_days import provincial_due
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import ProvincialLayout, ProvincialReport, ProvincialSheet
from plans.pages import due_badge

from . import layouts, provincial, rules
from .forms import ColumnsForm, ProvincialForm


@requires(P.RECEIVE_REPORTS, P.SEE_CITY)
def rollup_provincial(request):
    """What would be sent, who is missing, every sending so far; the lead office marks one."""
    shell.show_whole_city(request)
    quarter, today = shell.current_quarter(request), clock.today()
    may_send = bool(request.user.units_with(P.RECEIVE_REPORTS))
    return act_page(
        request,
        "inspections/reports/rollup_provincial.html",
        ProvincialForm(request.POST or None, initial={"sent_on": today}) if may_send else None,
        partial(provincial.mark_sent, quarter=quarter, by=request.user),
        request.get_full_path(),
        lambda marked: f"已登记报省厅：{marked.document_no}。",
        facts=lambda: _facts(quarter, request.user, today),
        quarter=quarter,
        may_send=may_send,
        section="provincial",
    )


def _facts(quarter, user, today) -> dict:
    reports = provincial.received(quarter)
    missing = provincial.missing(Unit.objects.working(quarter), reports)
    sent = ProvincialReport.objects.filter(year=quarter.year, number=quarter.number)
    sent = list(sent.select_related("file", "marked_by"))
    layout = layouts.of(ProvincialSheet.UNITS)
    due = provincial_due(quarter, workdays.calendar())
    return {
        "columns": [title.partition("（")[0] for title in layout.titles],
        "rows": layout.laid_out(provincial.unit_rows(reports)) if reports else [],
        "missing": missing,
        "obstacle": rules.why_not_export(quarter, missing, user, today),
        "sent": sent,
        "due": due_badge(due, today, done=bool(sent)),
        "due_day": full_date(due.date),
    }


@requires(P.RECEIVE_REPORTS)
def provincial_columns(request, sheet):
    """The province's columns as a mapping that the lead office keeps (七(六)-c)."""
    sheet = next((s for s in ProvincialSheet if s.value.lower() == sheet), None)
    if sheet is None:
        raise Http404
    form = ColumnsForm(request.POST or None, initial={"columns": layouts.written(sheet)})
    return act_page(
        request,
        "inspections/reports/provincial_columns.html",
        form,
        lambda columns, document: layouts.keep(
            sheet=sheet, columns=layouts.read(columns), document=document, by=request.user
        ),
        request.path,
        "已登记栏目，下一次导出按它排列。",
        facts=lambda: {"kept": ProvincialLayout.objects.filter(sheet=sheet).select_related("made_by")},
        sheet=sheet,
        sheets=ProvincialSheet,
        ours=list(layouts.OURS[sheet]),
    )


@requires(P.RECEIVE_REPORTS)
@require_safe
def provincial_export(request):
    """The workbook as it would be sent now."""
    quarter = shell.current_quarter(request)
    left = provincial.missing(Unit.objects.working(quarter), provincial.received(quarter))
    if reason := rules.why_not_export(quarter, left, request.user, clock.today()):
        messages.error(request, reason)
        return redirect(f"/desk/city/provincial/?quarter={quarter}")
    trail.record("inspections.province.exported", by=request.user, quarter=str(quarter))
    return files.attachment(
        provincial.workbook(quarter), name=provincial.file_name(quarter, clock.today()), content_type=files.XLSX
    )


@requires(P.RECEIVE_REPORTS, P.SEE_CITY)
@require_safe
def provincial_file(request, pk):
    """The data of one sending, byte for byte."""
    return files.download(get_object_or_404(ProvincialReport.objects.select_related("file"), pk=pk).file)
