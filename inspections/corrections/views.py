"""更正 of a public value: asked for by one person, typed and approved by another (SSJ1 9.1, 14.4; ui.md 7.2)."""

from types import SimpleNamespace

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from plans.corrections import actions as correct_actions
from plans.corrections import rules
from plans.corrections.forms import CorrectionDecisionForm, CorrectionForm, CorrectionReturnForm
from plans.draw.pages import draw_or_404, tone_of
from plans.draw.rules import parts_of, source_states
from plans.models import CorrectionRequest, DrawStatus, RequestStatus

from . import actions

REFUSED = 409
TONES = {RequestStatus.REQUESTED: "warn", RequestStatus.APPROVED: "ok", RequestStatus.REJECTED: "wait"}


@requires(P.ENTER_VALUE, P.APPROVE_CORRECTION)
def draw_correct(request, draw_id):
    """One page for the whole course: the request, the decision, and what was decided before."""
    draw = draw_or_404(request, draw_id)
    states = source_states(draw)
    agreed = [state for state in states if state.agreed is not None]
    pending = _requests(request, draw).filter(status=RequestStatus.REQUESTED).first()
    asking = pending is None and request.user.may(P.ENTER_VALUE, draw.unit)
    deciding = pending is not None and request.user.may(P.APPROVE_CORRECTION, draw.unit)
    obstacle = ""
    if asking:
        obstacle = rules.why_not_open_request(draw, request.user, states)
    elif deciding:
        obstacle = rules.why_not_open_decision(pending, request.user, states)
    form, status = None, 200
    if deciding and obstacle:
        may_return = not rules.why_not_decide(pending, request.user)
        form = CorrectionReturnForm(request.POST or None) if may_return else None
    elif deciding:
        asked = rules.positions_of(pending)
        form = CorrectionDecisionForm(
            request.POST or None,
            states=[s for s in states if s.position in asked],
            returning=request.POST.get("decision") == "reject",
        )
    elif asking and not obstacle:
        form = CorrectionForm(request.POST or None, request.FILES or None, states=agreed)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            messages.success(request, _done(draw, pending, form.cleaned_data, request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            return redirect("inspections:draw-correct", draw.draw_id)
    context = {
        "draw": draw,
        "quarter": draw.plan.quarter,
        "tone": tone_of(draw),
        "states": [SimpleNamespace(label=s.label, numbers=parts_of(s.kind, s.agreed)) for s in agreed],
        "form": form,
        "pending": pending,
        "deciding": deciding,
        "asking": asking,
        "obstacle": obstacle,
        "released": draw.status == DrawStatus.RELEASED,
        "rows": [_row(asked, states) for asked in _requests(request, draw)],
    }
    return TemplateResponse(request, "inspections/corrections/draw_correct.html", context, status=status)


def _row(asked: CorrectionRequest, states) -> SimpleNamespace:
    """Until it is decided the value stays with who asked: the other reads the notice himself (SSJ1 14.1)."""
    labels = {state.position: (state.kind, state.label) for state in states}
    values = {}
    for entry in asked.entries.all():
        kind, label = labels[entry.position]
        hidden = asked.status == RequestStatus.REQUESTED
        values[label] = [] if hidden else parts_of(kind, entry.value)
    return SimpleNamespace(asked=asked, tone=TONES[asked.status], values=sorted(values.items()))


def _requests(request, draw):
    found = CorrectionRequest.objects.visible_to(request.user).filter(draw=draw).prefetch_related("entries")
    return found.select_related("requested_by", "decided_by", "draw__unit", "draw__plan")


def _done(draw, pending, typed: dict, request) -> str:
    if pending is None:
        correct_actions.ask_to_correct(draw=draw, by=request.user, **typed)
        return "更正申请已提交，等分管负责人或市执法队监督员对照公告批准。"
    if request.POST.get("decision") == "reject":
        correct_actions.reject_correction(request=pending, by=request.user, opinion=typed["opinion"])
        return "已退回更正申请，公开随机数不变。"
    approved = actions.approve(
        request=pending,
        by=request.user,
        values=typed.get("values", {}),
        document_no=typed.get("document_no", ""),
        word=typed.get("word", "").strip(),
        opinion=typed["opinion"],
    )
    if approved.run == 1:
        return "公开随机数已更正并公开，可以抽取。"
    return f"公开随机数已更正，名单已重算（第 {approved.run} 次计算），更正记录已公开。"


@requires(P.ENTER_VALUE, P.APPROVE_CORRECTION)
@require_GET
def correction_scan(request, draw_id, pk):
    """The scanned notice, for those who type and decide."""
    draw = draw_or_404(request, draw_id)
    asked = get_object_or_404(_requests(request, draw).filter(scan__isnull=False), pk=pk)
    return files.download(asked.scan)
