"""作废 of a sealed draw: asked for by one person, decided by another (ui.md 4.7, 7.2; SSJ1 9.2)."""

from types import SimpleNamespace

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import Refused
from plans.draw.pages import draw_or_404, tone_of
from plans.draw.rules import source_states
from plans.models import AbortRequest, DrawStatus, RequestStatus

from . import actions, rules
from .forms import AbortDecisionForm, AbortForm

REFUSED = 409
TONES = {RequestStatus.REQUESTED: "warn", RequestStatus.APPROVED: "bad", RequestStatus.REJECTED: "wait"}


@requires(Permission.ASK_ABORT, Permission.APPROVE_ABORT, Permission.SEE_SEALED)
def draw_abort(request, draw_id):
    """One page for the whole course: the request, the decision, and what was decided before."""
    draw = draw_or_404(request, draw_id)
    now, states = clock.now(), source_states(draw)
    pending = _requests(request, draw).filter(status=RequestStatus.REQUESTED).first()
    asking = pending is None and request.user.may(Permission.ASK_ABORT, draw.unit)
    deciding = pending is not None and request.user.may(Permission.APPROVE_ABORT, draw.unit)
    obstacle = ""
    if asking:
        obstacle = rules.why_not_open_abort(draw, request.user)
    elif deciding:
        obstacle = rules.why_not_open_decision(pending, request.user)
    form, status = None, 200
    if deciding:
        form = AbortDecisionForm(request.POST or None)
    elif asking and not obstacle:
        form = AbortForm(request.POST or None, states=states, now=now)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            messages.success(request, _done(draw, pending, form.cleaned_data, request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            return redirect("plans:draw-abort", draw.draw_id)
    aborted = [d for d in draw.plan.draws.all() if d.status == DrawStatus.ABORTED]
    labels = {state.position: state.label for state in states}
    context = {
        "draw": draw,
        "quarter": draw.plan.quarter,
        "tone": tone_of(draw),
        "form": form,
        "pending": pending,
        "deciding": deciding,
        "asking": asking,
        "obstacle": obstacle,
        "determined": rules.why_determined(draw, states, [], now) if draw.status == DrawStatus.FROZEN else "",
        "rows": [
            SimpleNamespace(asked=asked, tone=TONES[asked.status], missing=[labels[n] for n in asked.missing])
            for asked in _requests(request, draw)
        ],
        "times": len(aborted),
    }
    return TemplateResponse(request, "plans/aborts/draw_abort.html", context, status=status)


def _requests(request, draw):
    found = AbortRequest.objects.visible_to(request.user).filter(draw=draw)
    return found.select_related("requested_by", "decided_by", "draw__unit", "draw__plan")


def _done(draw, pending, typed: dict, request) -> str:
    if pending is None:
        actions.ask_to_abort(draw=draw, by=request.user, **typed)
        return "作废申请已提交，等分管负责人批准。"
    if request.POST.get("decision") != "approve":
        actions.reject_abort(request=pending, by=request.user, opinion=typed["opinion"])
        return "已退回作废申请，抽取照常进行。"
    actions.approve_abort(
        request=pending,
        by=request.user,
        document_no=typed["document_no"],
        word=typed["word"].strip(),
        opinion=typed["opinion"],
    )
    return "本次抽取已作废，记录已公开。"
