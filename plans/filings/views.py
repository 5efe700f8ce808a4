"""Pages on which a unit reports: a draw to the city team, a returned plan once more, the year to the justice bureau."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.workdays.days import full_date
from plans.draw.pages import draw_or_404
from plans.lists.duties import JUSTICE
from plans.models import Filing, FilingKind, FilingState
from plans.pages import due_badge, plan_of
from plans.quarterly import papers

from . import actions, pages, rules
from .forms import DrawFilingForm, JusticeForm, SendAgainForm


@requires(P.HOLD_DRAW, asks_itself=True)  # a page between would lose the scan that was chosen
def draw_file(request, draw_id):
    """报市执法队备案: what is reported, the signed record, one button (七(二)-j)."""
    draw = draw_or_404(request, draw_id, P.HOLD_DRAW)
    return act_page(
        request,
        "plans/filings/draw_file.html",
        DrawFilingForm(request.POST or None, request.FILES or None),
        partial(actions.file_draw, draw=draw, by=request.user),
        draw,
        "已报市执法队备案，等牵头部门签收。",
        draw=draw,
        obstacle=rules.why_not_file_draw(draw, request.user),
        facts=lambda: {
            "lines": [] if draw.drawn_at is None else pages.summary_of_draw(draw),
            "returned": draw.filings.filter(run=draw.run, state=FilingState.RETURNED).first(),
        },
        fresh=True,
    )


@requires(P.SEE_PLANS)
@require_safe
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
    return act_page(
        request,
        "plans/filings/plan_send.html",
        SendAgainForm(request.POST or None),
        partial(actions.send_plan_again, plan=plan, by=request.user),
        plan,
        "已重新报送，等牵头部门签收。",
        refusals_at="note",
        plan=plan,
        obstacle=rules.why_not_send_plan_again(plan, request.user),
        filing=actions.filing_of_plan(plan),
    )


@requires(P.SEE_PLANS)
def justice_filing(request, unit, year):
    """报司法局备案: the year in six columns, as a workbook, and the mark that it was sent (D-24)."""
    found = _branch(request, unit)
    today = clock.today()

    def facts():
        due = JUSTICE.law.due_for(str(year), workdays.calendar())
        marked = found.justice_filings.filter(year=year).select_related("marked_by").first()
        return {
            "rows": papers.justice_rows(found, year, today),
            "columns": [column.title for column in papers.JUSTICE_COLUMNS],
            "marked": marked,
            "due": due_badge(due, today, done=marked is not None),
            "due_day": full_date(due.date),
            "may_mark": marked is None and request.user.may(P.EDIT_PLANS, found),
        }

    return act_page(
        request,
        "plans/filings/justice_filing.html",
        JusticeForm(request.POST or None, initial={"sent_on": today}),
        partial(actions.mark_justice_filing, unit=found, year=year, by=request.user),
        lambda _: redirect("plans:justice-filing", found.code, year),
        f"{year} 年度的备案已登记。",
        unit=found,
        year=year,
        facts=facts,
    )


@requires(P.SEE_PLANS)
@require_safe
def justice_workbook(request, unit, year):
    found = _branch(request, unit)
    content = papers.justice_workbook(found, year, clock.today())
    return files.attachment(
        content, name=f"{found.short_name}_{year}年度随机抽查计划_报司法局.xlsx", content_type=files.XLSX
    )


def _branch(request, code) -> Unit:
    units = Unit.objects.drawing().filter(kind=UnitKind.BRANCH, pk__in=request.user.units_with(P.SEE_PLANS))
    return get_object_or_404(units, code=code)
