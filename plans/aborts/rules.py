"""Why a draw cannot be closed without a result, in one sentence (SSJ1 9.2, 七(二)-d).

Once every public value exists the result is determined, though nobody knows it yet: who could still close the draw
could close those he expects to dislike. So it ends there, unless a result can no longer be had.
"""

from datetime import datetime

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import shown_moment
from plans.draw import secrets, ssj1
from plans.draw.values import SourceState
from plans.models import AbortRequest, Draw, DrawStatus
from plans.states import FINAL

ABORT_WORD = "作废"
LONGEST_DOCUMENT_NO = 60
DETERMINED = (
    "公开随机数都已产生，结果已经确定，不能作废重抽，多晚都要抽完。只有某一期没有开出，或者密封随机数丢失，才能作废。"
)


def why_not_abortable(draw: Draw) -> str:
    if draw.status == DrawStatus.PREPARED:
        return "名单还没有封存，不用作废：更改计划以后重新核对。"
    if draw.status == DrawStatus.ABORTED:
        return "本次抽取已经作废。"
    if draw.status != DrawStatus.FROZEN:
        return f"本次抽取已于 {shown_moment(draw.drawn_at)} 完成，{FINAL}，不能作废。"
    return ""


def why_not_open_abort(draw: Draw, user) -> str:
    """What stands in the way of this person asking."""
    if reason := why_not_abortable(draw):
        return reason
    if not user.may(Permission.ASK_ABORT, draw.unit_id):
        return "由本单位计划员申请作废，分管负责人批准。"
    if draw.abort_requests.pending().exists():
        return "已有一份作废申请等批准。"
    return ""


def why_determined(draw: Draw, states: list[SourceState], missing: list[int], now: datetime) -> str:
    """From the latest announced time on only a source that failed or a lost secret closes a draw (SSJ1 9.2)."""
    if any(now < state.due for state in states) or missing or secrets.is_lost(draw):
        return ""
    return DETERMINED


def why_not_missing(states: list[SourceState], missing: list[int], now: datetime) -> str:
    """A source is missing when its time has passed and it did not take place."""
    known = {state.position: state for state in states}
    for position in missing:
        state = known.get(position)
        if state is None:
            return "封存清单里没有这一项公开随机数来源。"
        if now < state.due:
            return f"{state.label} {shown_moment(state.due)} 才{state.event}，还不能说没有{state.event}。"
        if state.agreed is not None:
            return f"{state.label}已由两人一致录入，不能说没有{state.event}。"
    return ""


def why_not_ask_abort(
    draw: Draw, user, *, reason: str, evidence: str, missing: list[int], states: list[SourceState], now: datetime
) -> str:
    if refusal := why_not_open_abort(draw, user):
        return refusal
    if refusal := why_not_reason(reason, "作废的原因"):
        return refusal
    if not ssj1.is_a("TEXT", reason):
        return "作废的原因最长 200 个字，写成一段，不换行。原因随作废记录永久公开。"
    if not evidence.strip():
        return "写明证明材料的名称、编号，例如开奖机构的停售公告。"
    return why_not_missing(states, missing, now) or why_determined(draw, states, missing, now)


def why_not_open_decision(request: AbortRequest, user) -> str:
    """What stands in the way of this person deciding."""
    return why_not_decide(
        request,
        user,
        may=user.may(Permission.APPROVE_ABORT, request.draw.unit_id),
        role="由本单位分管负责人批准作废。",
        own="申请和批准不能是同一个人，由另一位分管负责人批准。",
    )


def why_not_approve_abort(
    request: AbortRequest, user, *, word: str, document_no: str, states: list[SourceState], now: datetime
) -> str:
    if refusal := why_not_open_decision(request, user) or why_not_abortable(request.draw):
        return refusal
    if word != ABORT_WORD:
        return f"作废不能撤回。确认作废的，在框里写“{ABORT_WORD}”两个字。"
    if not ssj1.is_a("TEXT", document_no) or len(document_no) > LONGEST_DOCUMENT_NO:
        return f"填写批准文号，最长 {LONGEST_DOCUMENT_NO} 个字。文号随作废记录公开。"
    return why_not_missing(states, request.missing, now) or why_determined(request.draw, states, request.missing, now)


def why_not_reject_abort(request: AbortRequest, user, *, opinion: str) -> str:
    if refusal := why_not_open_decision(request, user):
        return refusal
    return why_no_opinion(opinion, "不批准的理由")
