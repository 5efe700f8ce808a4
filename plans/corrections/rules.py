"""Why a public value cannot be corrected, in one sentence (SSJ1 9.1, 14.4; 七(二)-d).

Lists, quotas and the sealed number do not change, so the true value has one result and nobody has a choice. What could be
abused is the word “true”: who asks and who approves each type the value, and whoever typed the wrong one does not approve.
Who approves is never told what the other typed, nor where the two differ.
There is no date after which a false result would become right, so none is set here.
"""

from collections.abc import Mapping

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from plans.draw import ssj1
from plans.draw.rules import why_names_somebody
from plans.draw.values import SourceState
from plans.models import CorrectionRequest, Draw, DrawStatus, ValueEntry
from registry.inspectors import rules as registry_rules

CORRECT_WORD = "更正"
LONGEST_DOCUMENT_NO = 60


def why_not_correctable(draw: Draw, states: list[SourceState]) -> str:
    if draw.status == DrawStatus.PREPARED:
        return "名单还没有封存，没有公开随机数可以更正。"
    if draw.status == DrawStatus.ABORTED:
        return "本次抽取已经作废，没有结果可以更正。"
    if all(state.agreed is None for state in states):
        return "还没有两人一致的公开随机数。录错的，各自重新录入，不用更正。"
    return ""


def why_not_open_request(draw: Draw, user, states: list[SourceState]) -> str:
    """What stands in the way of this person asking: the circle of those who type public values (decisions.md 7)."""
    if not user.may(Permission.ENTER_VALUE, draw.unit_id):
        return "由本单位计划员、分管负责人或市执法队监督员申请更正。"
    if reason := why_not_correctable(draw, states):
        return reason
    if draw.correction_requests.pending().exists():
        return "已有一份更正申请等批准。"
    return ""


def why_not_ask(
    draw: Draw,
    user,
    *,
    values: Mapping[int, str],
    reason: str,
    evidence: str,
    scan: tuple[str, bytes] | None,
    states: list[SourceState],
) -> str:
    if refusal := why_not_open_request(draw, user, states):
        return refusal
    if not values:
        return "录错的那一项，录入公告上的号码。"
    known = {state.position: state for state in states}
    for position, value in values.items():
        state = known.get(position)
        if state is None:
            return "封存清单里没有这一项公开随机源。"
        if state.agreed is None:
            return f"{state.label}还没有两人一致，各自重新录入，不用更正。"
        if refusal := ssj1.why_not_value(state.kind, value):
            return f"{state.label}：{refusal}。"
        if value == state.agreed:
            return f"{state.label}录入的与现在公开的号码相同，没有要更正的。没有录错的一项留空。"
    if refusal := why_not_reason(reason, "录错的经过"):
        return refusal
    if not ssj1.is_a("TEXT", reason):
        return "录错的经过最长 200 个字，写成一段，不换行。它随更正立即公开。"
    if not ssj1.is_a("TEXT", evidence):
        return "写明核对的公告：名称、期号、发布的地方，例如中国福利彩票网快乐8 第 2026183 期开奖公告。"
    return registry_rules.why_not_scan(scan) or why_names_somebody(draw, f"{reason}\n{evidence}", "更正的经过和公告")


def why_not_open_decision(request: CorrectionRequest, user, states: list[SourceState]) -> str:
    """What stands in the way of this person approving; the database asks the same."""
    if refusal := why_not_decide(request, user):
        return refusal
    held = {state.position: state.agreed for state in states}
    mine = ValueEntry.objects.filter(draw=request.draw, entered_by=user, position__in=positions_of(request))
    if any(entry.value == held.get(entry.position) for entry in mine):
        return "原来的号码有本人录入的一次，由另一位分管负责人或市执法队监督员批准。"
    return ""


def why_not_decide(request: CorrectionRequest, user) -> str:
    """Whoever typed the wrong value may still return a request of somebody else."""
    return decision.why_not_decide(
        request,
        user,
        may=user.may(Permission.APPROVE_CORRECTION, request.draw.unit_id),
        role="由本单位分管负责人或市执法队监督员批准更正。",
        own="申请和批准不能是同一个人，由另一位分管负责人或市执法队监督员批准。",
    )


def positions_of(request: CorrectionRequest) -> list[int]:
    """The sources that it is about, in their order."""
    return sorted({entry.position for entry in request.entries.all()})


def why_not_approve(
    request: CorrectionRequest,
    user,
    *,
    values: Mapping[int, str],
    word: str,
    document_no: str,
    states: list[SourceState],
) -> str:
    if refusal := why_not_open_decision(request, user, states) or why_not_correctable(request.draw, states):
        return refusal
    known = {state.position: state for state in states}
    asked = {entry.position: entry.value for entry in request.entries.all()}
    for position, value in asked.items():
        state = known[position]
        if refusal := ssj1.why_not_value(state.kind, values.get(position, "")):
            return f"{state.label}：{refusal}。批准的人也要对照公告录入一次。"
        if values[position] != value:
            return f"{state.label}：录入的与申请人录入的不同。对照公告再录入一次；申请人录错的，退回申请。"
    if word != CORRECT_WORD:
        return f"更正不能撤回。确认更正的，在框里写“{CORRECT_WORD}”两个字。"
    if not ssj1.is_a("TEXT", document_no) or len(document_no) > LONGEST_DOCUMENT_NO:
        return f"填写批准文号，最长 {LONGEST_DOCUMENT_NO} 个字。文号随更正公开。"
    return ""


def why_not_reject(request: CorrectionRequest, user, *, opinion: str) -> str:
    if refusal := why_not_decide(request, user):
        return refusal
    return why_no_opinion(opinion, "不批准的理由")
