"""完成情况 of a quarter and 重点全覆盖 of a year: how far, what is left and why (六(一)2-g, 七(一)1-b)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji import clock, shell, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks_out import OutColumn, table
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import short_date

from . import gap_actions as actions
from . import gap_rules as rules
from . import gaps
from .gap_forms import ApprovalForm, ReasonForm

REFUSED = 409
OUTSIDE = ("这个单位的名单不公开", "只有这个单位的计划员、分管负责人和市执法队监督员能看。")
COLUMNS = [
    OutColumn("名录编号", 24),
    OutColumn("检查对象", 30),
    OutColumn("类别", 8),
    OutColumn("情况", 12),
    OutColumn("原因", 40),
    OutColumn("填写人", 12),
    OutColumn("批准人", 12),
    OutColumn("意见", 30),
]


@requires(P.SEE_SEALED)
def unfinished(request):
    """The drawn checks of the quarter that are not finished."""
    unit, quarter, today = shell.current_unit(request), shell.current_quarter(request), clock.today()
    found = gaps.gaps_of_quarter(request.user, unit, quarter)
    due = quarter.close_due(workdays.calendar())

    def enter(of, words):
        actions.explain_pick(unit=unit, quarter=quarter, pick=of, words=words, by=request.user)

    def approve(approved, opinion):
        actions.approve_pick_reason(unit=unit, quarter=quarter, pick=approved, opinion=opinion, by=request.user)

    more = {
        "title": "完成情况",
        "period": quarter.label,
        "bar": f"查完 {found.done} / {found.total} 家",
        "missing": rules.why_not_complete(found, due, today),
        "export": "inspections:unfinished-export",
        "nothing": ("没有没查完的检查", "抽取之后，没有查完的检查在这里列出。"),
    }
    return _page(request, unit, found, enter, approve, page="unfinished", with_kind=False, **more)


@requires(P.SEE_SEALED)
def coverage(request):
    """The facilities with a key ground that no check of the year has reached (K6)."""
    unit, year, today = shell.current_unit(request), shell.current_quarter(request).year, clock.today()
    found = gaps.gaps_of_year(request.user, unit, year, today)

    def enter(of, kind, words):
        actions.explain_facility(unit=unit, year=year, facility=of, kind=kind, words=words, by=request.user)

    def approve(approved, opinion):
        actions.approve_facility_reason(unit=unit, year=year, facility=approved, opinion=opinion, by=request.user)

    listed, since = gaps.gaps_are_listed(year, today), short_date(gaps.listed_from(year))
    more = {
        "title": "重点全覆盖",
        "period": f"{year} 年",
        "bar": f"查过 {found.done} / {found.total} 家，{found.share}%",
        "missing": f"还有 {found.without_reason} 家本年没有检查，也没有写原因。由计划员逐家写明。"
        if found.without_reason
        else "",
        "export": "inspections:coverage-export",
        "nothing": ("没有缺口", "有重点情形的企业本年都查过了。")
        if listed
        else (f"{since}起列出", f"{since}起，本年还没有检查的企业在这里列出，逐家写明原因。"),
    }
    return _page(request, unit, found, enter, approve, page="coverage", with_kind=True, **more)


def _page(request, unit, found, enter, approve, *, page, with_kind, **more):
    trail.record("inspections.sealed.viewed", by=request.user, unit=unit, page=page, tasks=len(found.lines))
    may_enter = unit is not None and request.user.may(P.DISPATCH, unit)
    may_approve = unit is not None and request.user.may(P.APPROVE_CHECK, unit)
    open_lines = [line for line in found.lines if not (line.reason and line.reason.approved_at)]
    waiting = [line for line in open_lines if line.reason]
    data = request.POST if request.method == "POST" else None
    approves = bool(data) and "approved" in data
    form = (
        ReasonForm(None if approves else data, lines=open_lines, with_kind=with_kind)
        if may_enter and open_lines
        else None
    )
    approval = ApprovalForm(data if approves else None, lines=waiting) if may_approve and waiting else None
    given, act, status = (approval, approve, 200) if approves else (form, enter, 200)
    if data is not None and given is not None and given.is_valid():
        try:
            act(**given.cleaned_data)
        except Refused as refusal:
            given.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "已批准原因。" if approves else "原因已保存，等分管负责人批准。")
            return redirect(request.get_full_path())
    elif data is not None and given is None:
        messages.error(request, rules.NOT_LISTED)
        return redirect(request.get_full_path())
    if not gaps.in_circle(request.user, unit):
        more |= {"bar": "", "nothing": OUTSIDE}
    context = {"unit": unit, "found": found, "form": form, "approval": approval, **more}
    return TemplateResponse(request, "inspections/gaps.html", context, status=status)


@requires(P.SEE_SEALED)
@require_GET
def unfinished_export(request):
    unit, quarter = shell.current_unit(request), shell.current_quarter(request)
    return _export(request, unit, gaps.gaps_of_quarter(request.user, unit, quarter), "完成情况", str(quarter))


@requires(P.SEE_SEALED)
@require_GET
def coverage_export(request):
    unit, year = shell.current_unit(request), shell.current_quarter(request).year
    return _export(request, unit, gaps.gaps_of_year(request.user, unit, year, clock.today()), "重点全覆盖", str(year))


def _export(request, unit, found, sheet, period):
    trail.record("inspections.gap.exported", by=request.user, unit=unit, period=period, tasks=len(found.lines))
    content = table(sheet=sheet, columns=COLUMNS, rows=(_row(line) for line in found.lines))
    return files.attachment(content, name=f"{sheet}_{unit.code if unit else ''}_{period}.xlsx", content_type=files.XLSX)


def _row(line: gaps.Line) -> list[str]:
    facility, reason = line.facility, line.reason
    kind = f"{reason.get_kind_display()}：" if hasattr(reason, "kind") else ""
    return [
        facility.code,
        facility.name,
        facility.get_category_display(),
        line.about,
        f"{kind}{reason.words}" if reason else "",
        reason.entered_by.full_name if reason else "",
        reason.approved_by.full_name if reason and reason.approved_by else "",
        reason.opinion if reason else "",
    ]
