"""Pages of 更换: asked for, decided, followed, printed (ui.md 7.2 amendment; `/desk/draws/<id>/amend/`)."""

from functools import partial

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, pdf
from benxi_shuangsuiji.forms.pages import Decide, Row, act_page, decision_page
from benxi_shuangsuiji.notices.agenda import badge_of
from benxi_shuangsuiji.refusal import Refused
from inspections.checks.forms import DecisionForm
from inspections.dispatch import rules
from inspections.models import Inspection, InspectionStatus, Swap
from inspections.paperwork.blocks import written
from inspections.swaps import actions as swaps
from plans.amendments import duties as amend_duties
from plans.amendments import rules as amend_rules
from plans.models import AmendmentRequest, ChangeReason, Draw, RequestState
from registry.models import Inspector, OperatingStatus

from . import actions, paper
from .forms import OwnReplacementForm, ReplacementForm

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

    def facts():
        found = AmendmentRequest.objects.filter(draw=draw).select_related("asked_by", "decided_by", "inspector")
        trail.record("plans.sealed.viewed", by=request.user, about=draw, page="replacements")
        return {"rows": [_row(asked, draw) for asked in found.prefetch_related("picks__facility")]}

    return act_page(
        request,
        "inspections/replacements/replacements.html",
        ReplacementForm(
            request.POST or None, request.FILES or None, draw=draw, initial={"reason": request.GET.get("reason")}
        )
        if may_ask and not obstacle
        else None,
        partial(actions.ask, draw=draw, by=request.user),
        lambda asked: redirect("inspections:draw-replacement", draw.draw_id, asked.pk),
        lambda asked: f"更换申请已提交，等{asked.decider}批准。",
        facts=facts,
        draw=draw,
        may_ask=may_ask,
        obstacle=obstacle,
    )


def _row(asked: AmendmentRequest, draw: Draw) -> Row:
    url = reverse("inspections:draw-replacement", args=[draw.draw_id, asked.pk])
    return Row(asked, TONES[asked.state], asked.get_reason_display(), url=url, more=paper.subject_of(asked))


@requires(P.SEE_SEALED)
def replacement_detail(request, draw_id, pk):
    """One request: what is asked, by whom, and, once approved, what the draw made of it; that only inside the circle."""
    user = request.user
    asked = get_object_or_404(_requests(AmendmentRequest.objects.visible_to(user)), draw__draw_id=draw_id, pk=pk)
    draw, inside = asked.draw, user.may(P.SEE_SEALED, asked.draw.unit_id)
    what = paper.subject_of(asked)

    def facts():
        if not inside:
            return {"pdf_missing": ""}
        trail.record("plans.sealed.viewed", by=user, about=draw, page="replacement")
        return {
            "outcome": paper.outcome_of(asked),
            "paper": paper.kind_of(asked),
            "pdf_missing": "" if pdf.available() else pdf.MISSING,
        }

    return decision_page(
        request,
        about=asked,
        template="inspections/replacements/replacement.html",
        pending=asked if asked.waits else None,
        rows=[Row(asked, TONES[asked.state], what, notes=paper.grounds_of(asked), links=_file_of(asked, inside))],
        decide=_decide(asked, user) if asked.waits and user.may(P.APPROVE_AMENDMENT, asked.decided_in) else None,
        nobody=f"由{asked.decider}批准更换。" if asked.waits else "",
        due=badge_of(amend_duties.open_of(asked), clock.today()),
        facts=facts,
        draw=draw,
        asked=asked,
        inside=inside,
        tone=TONES[asked.state],
        may_dispatch=user.may(P.DISPATCH, draw.unit),
    )


def _decide(asked: AmendmentRequest, user) -> Decide:
    his = amend_rules.why_not_open_decision(asked, user)
    return Decide(
        DecisionForm,
        partial(actions.approve, request=asked, by=user),
        partial(actions.reject, request=asked, by=user),
        approved="已批准更换，结果已按签号算出。",
        rejected="已退回更换申请。",
        obstacle=his or actions.why_not_replace(asked.picks.all(), asked.reason),
        notes=[f"同时批准名录变更：{p.facility.name} {_status_of(p)}" for p in actions.proposals_of(asked)],
        may_return=not his,
        approve_button="批准更换",
    )


def _status_of(proposal) -> str:
    return OperatingStatus(proposal.payload["status"]).label


def _file_of(asked: AmendmentRequest, inside: bool) -> list[tuple[str, str]]:
    if asked.file_id is None or not inside:
        return []
    return [("证明材料的文件", reverse("inspections:draw-replacement-file", args=[asked.draw.draw_id, asked.pk]))]


@requires(P.SEE_SEALED)
@require_safe
def replacement_file(request, draw_id, pk):
    """What proves it, for the circle that may see the names."""
    asked = _request_of(_draw(request, draw_id), pk)
    if asked.file is None:
        raise Http404
    trail.record("plans.sealed.viewed", by=request.user, about=asked.draw, page="replacement-file")
    return files.download(asked.file)


@requires(P.SEE_SEALED)
@require_safe
def replacement_form(request, draw_id, pk, way):
    """更换审批表 or 回避申请和决定书, for the circle that may see the names (domain.md 3.2 (g), (h))."""
    draw = _draw(request, draw_id)
    asked = _request_of(draw, pk)
    try:
        made, content_type = written(paper.paper_of(asked, site=f"{request.scheme}://{request.get_host()}"), way)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:draw-replacement", draw.draw_id, asked.pk)
    trail.record("plans.amendment.form_downloaded", by=request.user, about=draw, request=asked.pk)
    name = f"{paper.kind_of(asked).label}_{draw.draw_id}_{asked.pk}.{way}"
    return files.attachment(made, name=name, content_type=content_type)


@requires(P.FIELD_WORK)
def field_replace(request, no):
    """An inspector asks to be taken off his own task (四(2), 七(五)-c)."""
    inspection = get_object_or_404(
        Inspection.objects.in_my_team(request.user)
        .filter(status=InspectionStatus.DISPATCHED)
        .select_related("draw", "facility", "pick"),
        no=no,
    )
    me = get_object_or_404(Inspector, user=request.user, visits__inspection=inspection, visits__left_at__isnull=True)
    return act_page(
        request,
        "inspections/replacements/field_replace.html",
        OwnReplacementForm(request.POST or None, initial=_of_declaration(request)),
        _asks_for_himself(inspection, me, request.user),
        inspection.field_url,
        "更换申请已提交。批准以前，任务还在本人名下，先不去现场。",
        facts=lambda: {"waiting": own_requests(inspection, request.user)},
        inspection=inspection,
    )


def _asks_for_himself(inspection: Inspection, me: Inspector, user):
    """Of a drawn check the draw says who comes; of another the leader names him (`inspections.swaps`)."""
    if inspection.pick_id is None:
        return partial(swaps.ask, inspection=inspection, leaving=me, by=user)
    return partial(actions.ask, draw=inspection.draw, by=user, picks=[inspection.pick], inspector=me)


def _of_declaration(request) -> dict:
    """Who declares an interest, before he takes the task on, finds the form filled in (七(五)-c)."""
    if request.GET.get("reason") != ChangeReason.RECUSE:
        return {}
    return {"reason": ChangeReason.RECUSE, "evidence": "接受任务时声明：和这家企业有利害关系。"}


def own_requests(inspection: Inspection, user) -> list[AmendmentRequest | Swap]:
    """What this person has asked for about this task."""
    if inspection.pick_id is None:
        return list(inspection.swaps.filter(asked_by=user))
    return list(AmendmentRequest.objects.filter(asked_by=user, picks=inspection.pick_id))


def _request_of(draw: Draw, pk: int) -> AmendmentRequest:
    return get_object_or_404(_requests(AmendmentRequest.objects.filter(draw=draw)), pk=pk)


def _requests(found):
    people = ("asked_by", "decided_by", "inspector__unit", "file")
    return found.select_related("draw__unit", "draw__plan", *people).prefetch_related("picks__facility")
