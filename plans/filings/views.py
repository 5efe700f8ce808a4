"""Pages on which a unit reports: a draw to the city team, a returned plan once more, the year to the justice bureau."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import full_date
from plans.draw.pages import draw_or_404
from plans.lists.duties import JUSTICE
from plans.models import Filing, FilingKind
from plans.pages import due_badge, plan_of
from plans.quarterly import papers

from . import actions, pages, rules
from .forms import DrawFilingForm, JusticeForm, SendAgainForm


@requires(P.HOLD_DRAW)
def draw_file(request, draw_id):
    """报市执法队备案: what is reported, the signed record, one button (七(二)-j)."""
    draw = draw_or_404(request, draw_id, P.HOLD_DRAW)
    obstacle = rules.why_not_file_draw(draw, request.user)
    form = DrawFilingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.file_draw(draw=draw, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已报市执法队备案，等牵头部门签收。")
            return redirect(draw)
    context = {
        "draw": draw,
        "form": form,
        "obstacle": obstacle,
        "lines": [] if draw.drawn_at is None else pages.summary_of_draw(draw),
        "returned": draw.filings.filter(run=draw.run, state="RETURNED").first(),
    }
    return TemplateResponse(request, "plans/filings/draw_file.html", context)


@requires(P.SEE_PLANS)
def filing_record(request, pk):
    """The signed record of a draw, scanned: for the unit and the city team."""
    filing = get_object_or_404(
        Filing.objects.visible_to(request.user).filter(record__isnull=False, kind=FilingKind.DRAW), pk=pk
    )
    return files.download(filing.record)


@requires(P.EDIT_PLANS)
def plan_send(request, unit, quarter):
    """Send a returned plan once more, with what was missing (七(六)-a)."""
    plan = plan_of(request, unit, quarter, P.EDIT_PLANS)
    form = SendAgainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.send_plan_again(plan=plan, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error("note", str(refusal))
        else:
            messages.success(request, "已重新报送，等牵头部门签收。")
            return redirect(plan)
    context = {
        "plan": plan,
        "form": form,
        "obstacle": rules.why_not_send_plan_again(plan, request.user),
        "filing": actions.filing_of_plan(plan),
    }
    return TemplateResponse(request, "plans/filings/plan_send.html", context)


@requires(P.SEE_PLANS)
def justice_filing(request, unit, year):
    """报司法局备案: the year in six columns, as a workbook, and the mark that it was sent (D-24)."""
    found = _branch(request, unit)
    today = clock.today()
    form = JusticeForm(request.POST or None, initial={"sent_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            actions.mark_justice_filing(unit=found, year=year, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{year} 年度的备案已登记。")
            return redirect("plans:justice-filing", found.code, year)
    due = JUSTICE.law.due_for(str(year), workdays.calendar())
    marked = found.justice_filings.filter(year=year).select_related("marked_by").first()
    context = {
        "unit": found,
        "year": year,
        "rows": papers.justice_rows(found, year, today),
        "columns": [column.title for column in papers.JUSTICE_COLUMNS],
        "form": form,
        "marked": marked,
        "due": due_badge(due.date, today, done=marked is not None),
        "due_day": full_date(due.date),
        "may_mark": marked is None and request.user.may(P.EDIT_PLANS, found),
    }
    return TemplateResponse(request, "plans/filings/justice_filing.html", context)


@requires(P.SEE_PLANS)
def justice_workbook(request, unit, year):
    found = _branch(request, unit)
    content = papers.justice_workbook(found, year, clock.today())
    return files.attachment(
        content, name=f"{found.short_name}_{year}年度随机抽查计划_报司法局.xlsx", content_type=files.XLSX
    )


def _branch(request, code) -> Unit:
    units = Unit.objects.drawing().filter(kind=UnitKind.BRANCH, pk__in=request.user.units_with(P.SEE_PLANS))
    return get_object_or_404(units, code=code)
