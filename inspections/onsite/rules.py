from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_paper_number, why_not_reason
from inspections.checks.listed import listed
from inspections.models import (
    PAPER_OF,
    Inspection,
    InspectionStatus,
    Mode,
    OnsiteReason,
    OnsiteRequest,
    OnsiteState,
)

# Somebody may still go there: what is asked for before is decided, and is over once it is not.
CAN_ENTER = (InspectionStatus.DISPATCHED, InspectionStatus.STARTED)
TOO_LATE = "检查已经结束，不能再改检查方式。"


def why_not_ask_onsite(inspection: Inspection, by) -> str:
    """Before anybody goes: the team or the planner asks (七(三)-a, -c)."""
    in_team = by.units_with(Permission.FIELD_WORK) and inspection.members.filter(inspector__user=by).exists()
    if not in_team and not by.may(Permission.DISPATCH, inspection.unit_id):
        return "由检查小组或本单位的计划员申请。"
    if inspection.mode != Mode.OFFSITE:
        return "这次检查本来就是现场检查。"
    if inspection.status == InspectionStatus.STARTED and not inspection.looks.with_clue().exists():
        return "检查已经开始，没有发现线索，不能改检查方式。在非现场查看里登记了线索的，再申请现场核实。"
    if inspection.status not in CAN_ENTER:
        return TOO_LATE
    if inspection.onsite_requests.pending().exists():
        return "已有一份申请等批准。"
    return ""


def reasons(inspection: Inspection) -> list[OnsiteReason]:
    """Those that can be given now: once it goes on from outside, only what was seen there (N-14); 其他 for no listed place."""
    if inspection.status == InspectionStatus.STARTED:
        return [OnsiteReason.CLUE]
    listed_place = is_listed(inspection)
    return [reason for reason in OnsiteReason if not (listed_place and reason == OnsiteReason.OTHER)]


def is_listed(inspection: Inspection) -> bool:
    return Inspection.objects.filter(listed(), pk=inspection.pk).exists()


def why_not_paper(reason: str, reference: str) -> str:
    """A reason of the list names its paper, at every door; 其他 is on none and says in words what it is (七(三)-c)."""
    if reason not in PAPER_OF:
        return ""
    if not reference.strip():
        return f"进现场的原因选“{OnsiteReason(reason).label}”的，写明{PAPER_OF[reason]}。"
    return why_not_paper_number(reference, "编号")


def why_not_onsite_words(inspection: Inspection, reason: str, reference: str, words: str) -> str:
    if reason not in OnsiteReason.values:
        return "从列表里选原因。"
    if reason not in reasons(inspection):
        if reason == OnsiteReason.OTHER and inspection.status != InspectionStatus.STARTED:
            return "正面清单内的企业，只能从列表里选原因，不能选“其他”。"
        return f"检查已经开始，只能以“{OnsiteReason.CLUE.label}”申请现场核实。"
    return why_not_paper(reason, reference) or why_not_paper_number(reference, "编号") or why_not_reason(words, "情况")


def why_not_open_onsite(request: OnsiteRequest, by) -> str:
    if reason := why_not_decide(
        request,
        by,
        may=by.may(Permission.APPROVE_AMENDMENT, request.inspection.unit_id),
        role="由本单位的分管负责人批准。",
        own="申请的人不能批准自己的申请。",
        over={state: f"这份申请{state.label}，不用再办。" for state in OnsiteState}
        | {OnsiteState.OVER: "检查已经结束，这份申请不再办理。"},
    ):
        return reason
    return "" if request.inspection.status in CAN_ENTER else TOO_LATE


def why_not_enter_now(request: OnsiteRequest) -> str:
    """What waited while the check began from outside is returned; only a clue that came up there is followed (N-14)."""
    if request.inspection.status == InspectionStatus.STARTED and not request.looks.exists():
        return "检查已经开始，不能再改检查方式。不批准并写明理由，发现线索后另行申请。"
    return ""
