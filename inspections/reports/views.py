"""工作报告: what a unit reports of a quarter and of a year, and who signs for it (七(六)-b, 八(一)-c, ui.md 7.2)."""

from functools import partial

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, official, pdf
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import ReportState, WorkReport

from . import actions, papers, rules
from . import periods as reports
from .figures import had_begun
from .forms import SEND, ReportForm, ReportReturnForm
from .pages import TONES, _due_of, row_of
from .periods import Period

MAKE = {"pdf": (official.as_pdf, pdf.PDF), "docx": (official.as_docx, official.DOCX)}


@requires(P.SEE_PROGRESS)
@require_safe
def report_list(request):
    """The unit's reports of a year: four quarters and the year."""
    unit, today, calendar = shell.current_unit(request), clock.today(), workdays.calendar()
    if unit is None or not request.user.may(P.SEE_PROGRESS, unit):
        raise Http404
    year = shell.current_quarter(request).year
    periods = [*(Period(year, n) for n in (1, 2, 3, 4)), Period(year)]
    begun = had_begun(year, today)
    found = WorkReport.objects.visible_to(request.user).filter(unit=unit, year=year).select_related("unit")
    found = list(found.order_by("pk"))
    latest = {(r.year, r.number): r for r in found}
    returned = {(r.year, r.number): r for r in found if r.state == ReportState.RETURNED}
    keys = [(p, (p.year, p.number)) for p in periods]
    context = {
        "unit": unit,
        "year": year,
        "rows": [row_of(unit, p, latest.get(key), today, calendar, returned.get(key), begun=begun) for p, key in keys],
    }
    return TemplateResponse(request, "inspections/reports/report_list.html", context)


@requires(P.SEE_PROGRESS)
def report_detail(request, report_no):
    """The report as the paper has it: with live figures and a form until it is sent, frozen afterwards."""
    unit, period = _asked(request, report_no)
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    report, last = actions.standing(unit, period), actions.returned(unit, period)
    shown, form = _shown(user, report), None
    obstacle = rules.why_not_write(unit, period, report, user, today)
    if not obstacle:
        text = (report or last).text if (report or last) else {}
        form = ReportForm(request.POST or None, period=period, initial=text)

    def write(*, act, **_):
        """Save or send what the form says."""
        write = actions.send_report if act == SEND else actions.save_report
        return write(unit=unit, period=period, text=form.text(), by=user)

    def facts():
        due = _due_of(period, shown, last, calendar)
        return {
            "report": shown,
            "returned": last if last and (shown is None or shown.state == ReportState.DRAFT) else None,
            "paper": _paper(unit, period, shown),
            "obstacle": rules.why_not_yet(unit, period, today, calendar) if form else "",
            "tone": TONES[shown.state] if shown else "wait",
            "due": row_of(unit, period, shown, today, calendar, begun=had_begun(period.year, today)).due,
            "due_day": full_date(due.date),
            "may_have_paper": shown is not None or user.may(P.SEND_REPORTS, unit),
            "may_decide": shown is not None and not rules.why_not_receive(shown, user),
            "receiver": "市执法队牵头部门" if period.quarter else "市生态环境局",
            "pdf_missing": "" if pdf.available() else pdf.MISSING,
        }

    return act_page(
        request,
        "inspections/reports/report_detail.html",
        form,
        write,
        request.path,
        lambda kept: "已报送，数字一并固定，等待签收。" if kept.waits else "草稿已保存。",
        late=obstacle,
        facts=facts,
        unit=unit,
        period=period,
        no=report_no,
    )


@requires(P.SEE_PROGRESS)
@require_safe
def report_paper(request, report_no, form):
    """The report as PDF or Word; of one that is not sent, marked as a draft, for who writes it."""
    unit, period = _asked(request, report_no)
    report = _shown(request.user, actions.standing(unit, period))
    if report is None and not request.user.may(P.SEND_REPORTS, unit):
        raise Http404
    make, content_type = MAKE[form]
    paper = _paper(unit, period, report)
    try:
        content = make(paper)
    except Refused as refusal:
        return HttpResponse(str(refusal), status=503, content_type="text/plain; charset=utf-8")
    trail.record("inspections.report.downloaded", by=request.user, unit=unit, report=report_no.upper(), form=form)
    return files.attachment(content, name=f"{paper.title}.{form}", content_type=content_type)


@require_POST
@requires(P.RECEIVE_REPORTS, P.RECEIVE_YEAR)
def report_receive(request, pk):
    report = _to_decide(request, pk)
    act = partial(actions.receive_report, report=report, by=request.user)
    return press(request, act, report, lambda received: f"已签收，回执编号 {received.receipt_no}。")


@requires(P.RECEIVE_REPORTS, P.RECEIVE_YEAR)
def report_return(request, pk):
    """Ask what is missing and give it back."""
    report = _to_decide(request, pk)
    return act_page(
        request,
        "inspections/reports/report_return.html",
        ReportReturnForm(request.POST or None),
        partial(actions.return_report, report=report, by=request.user),
        report,
        f"已退回{report.unit}。",
        refusals_at="opinion",
        report=report,
        period=Period.of(report),
        obstacle=rules.why_not_receive(report, request.user),
        back=report.get_absolute_url(),
    )


@requires(P.RECEIVE_YEAR, P.SEE_CITY)
@require_safe
def rollup_years(request):
    """Every unit's report of the year to the bureau: sent, received, returned (八(一)-c)."""
    today, calendar, year = clock.today(), workdays.calendar(), shell.current_quarter(request).year
    units = list(Unit.objects.drawing().visible_to(request.user, P.SEE_PROGRESS))
    found = WorkReport.objects.visible_to(request.user).of(year, None).filter(unit__in=units)
    latest = {r.unit_id: r for r in found.exclude(state=ReportState.DRAFT).select_related("unit").order_by("pk")}
    context = {
        "quarter": shell.current_quarter(request),
        "year": year,
        "rows": [row_of(unit, Period(year), latest.get(unit.pk), today, calendar) for unit in units],
        "section": "years",
    }
    return TemplateResponse(request, "inspections/reports/rollup_years.html", context)


def _asked(request, report_no: str) -> tuple[Unit, Period]:
    found = reports.parse(report_no)
    if found is None:
        raise Http404
    units = Unit.objects.drawing().visible_to(request.user, P.SEE_PROGRESS)
    return get_object_or_404(units, code=found[0]), found[1]


def _shown(user, report: WorkReport | None) -> WorkReport | None:
    """The report if this user may read it: a draft only who writes it."""
    if report and report.state == ReportState.DRAFT and not user.may(P.SEND_REPORTS, report.unit):
        return None
    return report


def _paper(unit: Unit, period: Period, report: WorkReport | None):
    sent = report is not None and report.asked_at is not None
    return papers.of_report(
        unit,
        period,
        figures=report.figures if sent else actions.figures_of(unit, period),
        text=report.text if report else {},
        report=report if sent else None,
        today=clock.today(),
    )


def _to_decide(request, pk) -> WorkReport:
    """What is sent to the lead office, or to the bureau, by whoever of the two asks."""
    user = request.user
    quarters = WorkReport.objects.filter(number__isnull=False, unit__in=user.units_with(P.RECEIVE_REPORTS))
    years = WorkReport.objects.filter(number__isnull=True, unit__in=user.units_with(P.RECEIVE_YEAR))
    found = (quarters | years).exclude(state=ReportState.DRAFT).select_related("unit")
    return get_object_or_404(found, pk=pk)
