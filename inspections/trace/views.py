"""全过程留痕 of one check, as a page and as PDF (七(五)-n)."""

from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail, watch
from benxi_shuangsuiji.documents import files, pdf
from inspections.exchange import leading
from inspections.models import Inspection, InspectionStatus

from . import linked, papers, rules


def _check(request, no: str, page: str) -> Inspection:
    check = get_object_or_404(
        rules.open_to(request.user)
        .select_related("facility", "unit", "executing_unit", "draw", "dispatched_by", "recorded_by", "reviewed_by")
        .prefetch_related("members__inspector", "members__acceptance"),
        no=no,
    )
    if check.status != InspectionStatus.PUBLISHED:
        trail.record("inspections.sealed.viewed", by=request.user, about=check, page=page)
    return check


@requires(P.SEE_SEALED, P.FIELD_WORK, P.SEE_LOG)
@require_safe
def task_trace(request, no):
    """Every event in order, and whether the links of its entries hold."""
    check = _check(request, no, "task-trace")
    trace = linked.of(check)
    context = {
        "inspection": check,
        "trace": trace,
        "proposal": leading.why_not_begin(check) if check.status == InspectionStatus.DISPATCHED else "",
        "verdict": papers.verdict(trace),
        "watched": _watched(),
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
        "may_log": bool(request.user.units_with(P.SEE_LOG)),
    }
    return TemplateResponse(request, "inspections/trace/task_trace.html", context)


def _watched() -> str:
    """How far the worker has looked after the whole chain."""
    mark = watch.state()
    if mark is None:
        return ""
    broken = f"，第 {mark.broken_at} 条接不上" if mark.broken_at else "，没有接不上的"
    return f"整条链已核到第 {mark.seq} 条{broken}。"


@requires(P.SEE_SEALED, P.FIELD_WORK, P.SEE_LOG)
@require_safe
def task_trace_paper(request, no):
    check = _check(request, no, "task-trace-paper")
    made = papers.made(check, linked.of(check), clock.now(), request.user)
    return files.attachment(made, name=f"{papers.TITLE}_{no}.pdf", content_type=pdf.PDF)
