"""Pages of 更换: asked for, decided, followed, printed (ui.md 7.2 amendment; `/desk/draws/<id>/amend/`)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, pdf
from benxi_shuangsuiji.forms.pages import Row
from benxi_shuangsuiji.refusal import Refused
from inspections.checks.forms import DecisionForm
from inspections.dispatch import rules
from inspections.models import Inspection, InspectionStatus
from plans.amendments import rules as amend_rules
from plans.models import AmendmentRequest, Draw, RequestState
from registry.models import Inspector

from . import actions, paper
from .forms import OwnReplacementForm, ReplacementForm

REFUSED = 409
TONES = {RequestState.ASKED: "warn", RequestState.APPROVED: "ok", RequestState.RETURNED: "bad"}


def _draw(request, draw_id) -> Draw:
    draws = Draw.objects.filter(unit__in=request.user.units_with(P.SEE_SEALED)).select_related(
        "unit", "plan", "plan__executing_unit"
    )
    draw = get_object_or_404(draws, draw_id=draw_id)
    return draw


@requires(P.SEE_SEALED)
def replacement_list(request, draw_id):
    """The requests of one draw, and the form for a further one."""
    draw = _draw(request, draw_id)
    may_ask = request.user.may(P.ASK_AMENDMENT, draw.unit)
    obstacle = ""
    if may_ask:
        obstacle = amend_rules.why_not_open_request(draw, request.user) or rules.why_nothing_to_replace(draw)
    form = ReplacementForm(request.POST or None, draw=draw) if may_ask and not obstacle else None
    status = 200
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            asked = actions.ask(draw=draw, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "更换申请已提交，等分管负责人批准。")
            return redirect("inspections:replacement", draw.draw_id, asked.pk)
    found = (
        AmendmentRequest.objects.filter(draw=draw)
        .select_related("asked_by", "decided_by", "inspector")
        .prefetch_related("picks__facility")
    )
    rows = [_row(asked, draw) for asked in found]
    trail.record("plans.sealed.viewed", by=request.user, about=draw, page="replacements")
    context = {"draw": draw, "rows": rows, "form": form, "may_ask": may_ask, "obstacle": obstacle}
    return TemplateResponse(request, "inspections/replacements/replacements.html", context, status=status)


def _row(asked: AmendmentRequest, draw: Draw) -> Row:
    url = reverse("inspections:replacement", args=[draw.draw_id, asked.pk])
    return Row(asked, TONES[asked.state], asked.get_reason_display(), url=url, more=paper.subject_of(asked))


@requires(P.SEE_SEALED)
def replacement_detail(request, draw_id, pk):
    """One request: what is asked, by whom, and, once approved, what the draw made of it."""
    draw = _draw(request, draw_id)
    asked = _request_of(draw, pk)
    form, status = DecisionForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("decision") == "approve":
                actions.approve(request=asked, by=request.user, **form.cleaned_data)
                messages.success(request, "已批准更换，结果已按签号算出。")
            else:
                opinion = form.cleaned_data["opinion"]
                actions.reject(request=asked, by=request.user, opinion=opinion)
                messages.success(request, "已退回更换申请。")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            return redirect("inspections:replacement", draw.draw_id, asked.pk)
    trail.record("plans.sealed.viewed", by=request.user, about=draw, page="replacement")
    may_decide = asked.state == RequestState.ASKED and request.user.may(P.APPROVE_AMENDMENT, draw.unit)
    asked = _request_of(draw, pk)
    context = {
        "draw": draw,
        "asked": asked,
        "what": paper.subject_of(asked),
        "tone": TONES[asked.state],
        "outcome": paper.outcome_of(asked),
        "may_dispatch": request.user.may(P.DISPATCH, draw.unit),
        "form": form if may_decide else None,
        "obstacle": amend_rules.why_not_open_decision(asked, request.user) or actions.why_not_replace(asked.picks.all())
        if may_decide
        else "",
        "pdf_missing": "" if pdf.available() else pdf.MISSING,
    }
    return TemplateResponse(request, "inspections/replacements/replacement.html", context, status=status)


@requires(P.SEE_SEALED)
@require_GET
def replacement_form(request, draw_id, pk):
    """更换审批表, for the circle that may see the names (domain.md 3.2 (h))."""
    draw = _draw(request, draw_id)
    asked = _request_of(draw, pk)
    try:
        made = paper.paper_pdf(asked, site=f"{request.scheme}://{request.get_host()}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:replacement", draw.draw_id, asked.pk)
    trail.record("plans.amendment.form_downloaded", by=request.user, about=draw, request=asked.pk)
    return files.attachment(made, name=f"更换审批表_{draw.draw_id}_{asked.pk}.pdf", content_type=pdf.PDF)


@requires(P.FIELD_WORK)
def field_replace(request, no):
    """An inspector asks to be taken off his own task (四(2), 七(五)-c)."""
    inspection = get_object_or_404(
        Inspection.objects.in_my_team(request.user)
        .filter(status=InspectionStatus.DISPATCHED, pick__isnull=False)
        .select_related("draw", "facility", "pick"),
        no=no,
    )
    me = get_object_or_404(Inspector, user=request.user, visits__inspection=inspection, visits__left_at__isnull=True)
    form, status = OwnReplacementForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(
                draw=inspection.draw, by=request.user, picks=[inspection.pick], inspector=me, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "更换申请已提交。批准以前，任务还在本人名下，先不去现场。")
            return redirect("inspections:field-task", inspection.no)
    context = {"inspection": inspection, "form": form, "waiting": own_requests(inspection, request.user)}
    return TemplateResponse(request, "inspections/replacements/field_replace.html", context, status=status)


def own_requests(inspection: Inspection, user) -> list[AmendmentRequest]:
    """What this person has asked for about this task."""
    return list(AmendmentRequest.objects.filter(asked_by=user, picks=inspection.pick_id)) if inspection.pick_id else []


def _request_of(draw: Draw, pk: int) -> AmendmentRequest:
    found = AmendmentRequest.objects.select_related("draw__unit", "draw__plan", "asked_by", "decided_by", "inspector")
    return get_object_or_404(found.prefetch_related("picks__facility"), draw=draw, pk=pk)
