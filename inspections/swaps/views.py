"""更换检查人员 of one check that was not drawn: the planner asks, the leader decides (七(五)-c)."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from benxi_shuangsuiji.notices.agenda import badge_of
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import leading
from inspections.models import Inspection, InspectionStatus, Swap
from inspections.paperwork.blocks import written
from plans.models import RequestState

from . import actions, duties, paper, rules
from .forms import SwapDecisionForm, SwapForm

TONES = {RequestState.ASKED: "warn", RequestState.APPROVED: "ok", RequestState.RETURNED: "bad"}
WAYS = (("pdf", "PDF "), ("docx", "Word "))
WHO = [
    ("本单位计划员，或检查人员本人", "申请更换"),
    ("本单位分管负责人", "选定换上的人员，写明文号后批准，或者退回；不能批准本人的申请，也不能批准涉及本人的更换"),
]


@requires(P.SEE_SEALED)
def swaps(request, no):
    user = request.user
    inspection = get_object_or_404(
        Inspection.objects.filter(unit__in=user.units_with(P.SEE_SEALED), pick__isnull=True).select_related(
            "facility", "unit"
        ),
        no=no,
    )
    people = ("asked_by", "decided_by", "leaving", "coming", "inspection__unit")
    rows = [_row(swap, inspection.no) for swap in inspection.swaps.select_related(*people)]
    pending = next((row.asked for row in rows if row.asked.waits), None)

    def facts():
        trail.record("inspections.sealed.viewed", by=user, about=inspection, page="swaps")
        waits = inspection.status == InspectionStatus.DISPATCHED
        return {"proposal": leading.why_not_begin(inspection) if waits else ""}

    may_ask = user.may(P.ASK_AMENDMENT, inspection.unit_id)
    may_decide = user.may(P.APPROVE_AMENDMENT, inspection.unit_id)
    return decision_page(
        request,
        about=inspection,
        template="inspections/swaps/swaps.html",
        pending=pending,
        rows=rows,
        ask=_ask(inspection, user) if may_ask else None,
        decide=_decide(pending, user) if pending and may_decide else None,
        nobody="由本单位分管负责人批准更换。" if pending else "",
        who=WHO,
        due=badge_of(duties.open_of(pending), clock.today()) if pending else None,
        facts=facts,
        inspection=inspection,
    )


@requires(P.SEE_SEALED)
@require_safe
def swap_form(request, no, pk, way):
    """检查人员更换审批表, for the circle that may see the names."""
    mine = Swap.objects.filter(inspection__unit__in=request.user.units_with(P.SEE_SEALED), inspection__no=no)
    people = ("asked_by", "decided_by", "leaving", "coming", "inspection__unit", "inspection__facility")
    swap = get_object_or_404(mine.select_related(*people), pk=pk)
    try:
        made, content_type = written(paper.paper_of(swap), way)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:task-swaps", no)
    trail.record("inspections.paper.downloaded", by=request.user, about=swap.inspection, paper=paper.KIND.label)
    return files.attachment(made, name=f"{paper.KIND.label}_{no}_{swap.pk}.{way}", content_type=content_type)


def _row(swap: Swap, no: str) -> Row:
    who = f"{swap.leaving.name} → {swap.coming.name if swap.coming else '由分管负责人选'}"
    links = [(f"{name}审批表", reverse("inspections:task-swap-form", args=[no, swap.pk, way])) for way, name in WAYS]
    return Row(swap, TONES[swap.state], f"{who}　{swap.get_reason_display()}", notes=[swap.evidence], links=links)


def _ask(inspection: Inspection, user) -> Ask:
    return Ask(
        partial(SwapForm, inspection=inspection),
        partial(actions.ask, inspection=inspection, by=user),
        "更换申请已提交，等分管负责人批准。",
        obstacle=rules.why_not_open_ask(inspection, user),
        title="申请更换检查人员",
    )


def _decide(swap: Swap, user) -> Decide:
    return Decide(
        partial(SwapDecisionForm, inspection=swap.inspection, initial={"coming": swap.coming_id}),
        partial(actions.approve, swap=swap, by=user),
        partial(actions.reject, swap=swap, by=user),
        approved="已批准更换，换上的人员已收到任务。",
        rejected="已退回更换申请。",
        obstacle=rules.why_not_open_decision(swap, user),
        approve_button="批准更换",
    )
