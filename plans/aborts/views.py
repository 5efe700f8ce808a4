"""作废 of a sealed draw: asked for by one person, decided by another (ui.md 4.7, 7.2; SSJ1 9.2)."""

from datetime import datetime
from functools import partial

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from plans.draw.pages import draw_or_404, tone_of
from plans.draw.values import SourceState, source_states
from plans.models import AbortRequest, Draw, DrawStatus, RequestState

from . import actions, rules
from .forms import AbortDecisionForm, AbortForm

TONES = {RequestState.ASKED: "warn", RequestState.APPROVED: "bad", RequestState.RETURNED: "wait"}
WHO = [
    ("本单位计划员", "申请作废"),
    ("本单位分管负责人", "批准，或者退回；不能批准本人的申请"),
]


@requires(Permission.ASK_ABORT, Permission.APPROVE_ABORT, Permission.SEE_SEALED)
def draw_abort(request, draw_id):
    """One page for the whole course: the request, the decision, and what was decided before."""
    draw, user = draw_or_404(request, draw_id), request.user
    states = source_states(draw)
    rows = [_row(asked, states) for asked in _requests(user, draw)]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    return decision_page(
        request,
        about=draw,
        template="plans/aborts/draw_abort.html",
        pending=pending,
        rows=rows,
        ask=_ask(draw, user, states, clock.now()) if user.may(Permission.ASK_ABORT, draw.unit) else None,
        decide=_decide(pending, user) if pending and user.may(Permission.APPROVE_ABORT, draw.unit) else None,
        nobody="作废由本单位计划员申请，分管负责人批准。",
        who=WHO,
        draw=draw,
        quarter=draw.plan.quarter,
        tone=tone_of(draw),
        times=sum(d.status == DrawStatus.ABORTED for d in draw.plan.draws.all()),
    )


def _requests(user, draw: Draw):
    found = AbortRequest.objects.visible_to(user).filter(draw=draw)
    return found.select_related("asked_by", "decided_by", "draw__unit", "draw__plan")


def _row(asked: AbortRequest, states: list[SourceState]) -> Row:
    labels = {state.position: state.label for state in states}
    missing = "、".join(labels[n] for n in asked.missing)
    return Row(asked, TONES[asked.state], asked.reason, notes=[asked.evidence], more=missing)


def _ask(draw: Draw, user, states: list[SourceState], now: datetime) -> Ask:
    determined = rules.why_determined(draw, states, [], now) if draw.status == DrawStatus.FROZEN else ""
    return Ask(
        partial(AbortForm, states=states, now=now),
        partial(actions.ask_to_abort, draw=draw, by=user),
        "作废申请已提交，等分管负责人批准。",
        obstacle=rules.why_not_open_abort(draw, user),
        title="申请作废",
        button="提交作废申请",
        notes=[determined] if determined else [],
    )


def _decide(pending: AbortRequest, user) -> Decide:
    def approve(*, document_no, word, opinion):
        actions.approve_abort(request=pending, by=user, document_no=document_no, word=word.strip(), opinion=opinion)

    return Decide(
        AbortDecisionForm,
        approve,
        partial(actions.reject_abort, request=pending, by=user),
        approved="本次抽取已作废，记录已公开。",
        rejected="已退回作废申请，抽取照常进行。",
        obstacle=rules.why_not_open_decision(pending, user),
        approve_button="批准作废",
        danger=True,
    )
