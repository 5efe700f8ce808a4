"""The plan as PDF and Word, and 试抽 (六(一)2, 八(二)-a, ui.md 7.2)."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, official, pdf
from benxi_shuangsuiji.refusal import Refused
from plans.draw import frames, staffing
from plans.models import PlanStatus
from plans.pages import plan_of

from . import papers
from .public_facts import PlanFacts

KINDS = {"pdf": (official.as_pdf, pdf.PDF), "docx": (official.as_docx, official.DOCX)}


@requires(P.SEE_PLANS)
@require_safe
def plan_paper(request, unit, quarter, form):
    """The text that is or will be public, as a file; a draft says that it is one."""
    plan = plan_of(request, unit, quarter)
    make, content_type = KINDS[form]
    public = plan.status == PlanStatus.PUBLISHED
    at = localtime(plan.published_at or plan.saved_at)
    paper = papers.plan_paper(
        PlanFacts.of(plan, now=clock.now()).as_snapshot(),
        number=f"公示编号 {plan.unit.code}-{plan.quarter}" if public else f"{plan.get_status_display()}，没有公开",
        dated=at.date() if public else None,
        made_at=at.isoformat(timespec="seconds"),
    )
    try:
        content = make(paper)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    trail.record("plans.plan.paper_downloaded", by=request.user, about=plan, quarter=str(plan.quarter), form=form)
    draft = "" if public else f"（{plan.get_status_display()}）"
    return files.attachment(content, name=f"{paper.title}{draft}.{form}", content_type=content_type)


@requires(P.EDIT_PLANS, P.APPROVE_PLANS)
@require_safe
def plan_rehearse(request, unit, quarter):
    """试抽: numbers only. Nothing is kept but that it was done (decisions.md 3)."""
    plan = plan_of(request, unit, quarter)
    if plan.unit_id not in request.user.units_with(P.EDIT_PLANS) | request.user.units_with(P.APPROVE_PLANS):
        raise Http404
    now = clock.now()
    outlook = frames.outlook(plan, localtime(now))
    result = None
    if "run" in request.GET:
        result = staffing.rehearse(outlook, plan.team_size)
        trail.record("plans.plan.rehearsed", by=request.user, about=plan, quarter=str(plan.quarter))
    context = {
        "plan": plan,
        "quarter_path": str(plan.quarter).lower(),
        "result": result,
        "gaps": staffing.gaps(outlook, plan.team_size).sentences,
        "people": len(outlook.usable_inspectors()),
        "leaders": len(outlook.leaders()),
    }
    return TemplateResponse(request, "plans/quarterly/plan_rehearse.html", context)
