"""更正 of a public value: asked for by one person, typed and approved by another (SSJ1 9.1, 14.4; ui.md 7.2)."""

from functools import partial

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.forms.pages import Ask, Decide, Row, decision_page
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from plans.corrections import actions as correct_actions
from plans.corrections import rules
from plans.corrections.forms import CorrectionDecisionForm, CorrectionForm
from plans.draw.pages import draw_or_404, tone_of
from plans.draw.values import SourceState, parts_of, source_states
from plans.models import CorrectionRequest, Draw, DrawStatus, RequestState
from plans.pages import due_badge

from . import actions

TONES = {RequestState.ASKED: "warn", RequestState.APPROVED: "ok", RequestState.RETURNED: "wait"}
WHO = [
    ("录入号码的人", "申请更正；不能批准本人的申请"),
    ("本单位分管负责人、市执法队监督员", "对照公告把号码录入一次，批准或者退回"),
    ("原来录错的人", "可以申请、可以退回，不能批准"),
]


@requires(P.ENTER_VALUE, P.APPROVE_CORRECTION)
def draw_correct(request, draw_id):
    """One page for the whole course: the request, the decision, and what was decided before."""
    draw, user = draw_or_404(request, draw_id), request.user
    states = source_states(draw)
    rows = [_row(asked, states, draw) for asked in _requests(user, draw)]
    pending = next((row.asked for row in rows if row.asked.waits), None)
    return decision_page(
        request,
        about=draw,
        template="inspections/corrections/draw_correct.html",
        pending=pending,
        rows=rows,
        ask=_ask(draw, user, states) if user.may(P.ENTER_VALUE, draw.unit) else None,
        decide=_decide(pending, user, states) if pending and user.may(P.APPROVE_CORRECTION, draw.unit) else None,
        nobody="更正由录入号码的人申请，本单位分管负责人或市执法队监督员批准；原来录错的人不能批准。",
        who=WHO,
        due=_due(pending) if pending else None,
        draw=draw,
        quarter=draw.plan.quarter,
        tone=tone_of(draw),
        states=[(s.label, parts_of(s.kind, s.agreed)) for s in states if s.agreed is not None],
        released=draw.status == DrawStatus.RELEASED,
    )


def _requests(user, draw: Draw):
    found = CorrectionRequest.objects.visible_to(user).filter(draw=draw).prefetch_related("entries")
    return found.select_related("asked_by", "decided_by", "draw__unit", "draw__plan")


def _row(asked: CorrectionRequest, states: list[SourceState], draw: Draw) -> Row:
    """Until it is decided the value stays with who asked: the other reads the notice himself (SSJ1 14.1)."""
    known = {state.position: state for state in states}
    values = {}
    for entry in asked.entries.all():
        state = known[entry.position]
        values[state.label] = [] if asked.waits else parts_of(state.kind, entry.value)
    scan = reverse("inspections:correction-scan", args=[draw.draw_id, asked.pk]) if asked.scan_id else ""
    return Row(
        asked,
        TONES[asked.state],
        asked.reason,
        notes=[asked.evidence],
        links=[("公告的扫描件", scan)] if scan else [],
        more=sorted(values.items()),
    )


def _ask(draw: Draw, user, states: list[SourceState]) -> Ask:
    return Ask(
        partial(CorrectionForm, states=[state for state in states if state.agreed is not None]),
        partial(correct_actions.ask_to_correct, draw=draw, by=user),
        "更正申请已提交，等分管负责人或市执法队监督员对照公告批准。",
        obstacle=rules.why_not_open_request(draw, user, states),
        title="申请更正",
        button="提交更正申请",
    )


def _decide(pending: CorrectionRequest, user, states: list[SourceState]) -> Decide:
    def approve(*, word, **typed):
        return actions.approve(request=pending, by=user, word=word.strip(), **typed)

    asked = rules.positions_of(pending)
    return Decide(
        partial(CorrectionDecisionForm, states=[state for state in states if state.position in asked]),
        approve,
        partial(correct_actions.reject_correction, request=pending, by=user),
        approved=_approved,
        rejected="已退回更正申请，公开随机数不变。",
        obstacle=rules.why_not_open_decision(pending, user, states),
        may_return=not rules.why_not_decide(pending, user),
        approve_button="批准更正",
        danger=True,
        notes=["不看申请人录入的，自己打开公告，把号码录入一次；两人一致才能批准。"],
    )


def _approved(request: CorrectionRequest) -> str:
    if request.run == 1:
        return "公开随机数已更正并公开，可以抽取。"
    return f"公开随机数已更正，名单已重算（第 {request.run} 次计算），更正记录已公开。"


def _due(pending: CorrectionRequest):
    due = decision_due(localtime(pending.asked_at).date(), workdays.calendar())
    return due_badge(due, clock.today())


@requires(P.ENTER_VALUE, P.APPROVE_CORRECTION)
@require_safe
def correction_scan(request, draw_id, pk):
    """The scanned notice, for those who type and decide."""
    draw = draw_or_404(request, draw_id)
    asked = get_object_or_404(_requests(request.user, draw).filter(scan__isnull=False), pk=pk)
    return files.download(asked.scan)
