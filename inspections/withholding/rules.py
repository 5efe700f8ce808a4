"""Why a result cannot be kept from the public, or no longer (二-b, 八(二))."""

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.models import Ground, Inspection, InspectionStatus, Withholding
from plans.amendments.rules import LONGEST_DOCUMENT_NO, is_numbered

LEADER = "由本单位分管负责人批准。"


def why_not_open_ask(inspection: Inspection, by) -> str:
    """The officer who would publish it, once it is reviewed and before it is public."""
    if not by.may(Permission.PUBLISH, inspection.unit_id):
        return "由本单位的公示员申请不公开。"
    if inspection.status == InspectionStatus.PUBLISHED:
        return "这项结果已经公开。公开错了的，走更正和撤下。"
    if inspection.status != InspectionStatus.REVIEWED:
        return "结果审核通过以后才能申请不公开。"
    if inspection.withheld_at:
        return "这项结果已经批准不公开。"
    if inspection.withholdings.pending().exists():
        return "这项结果已有一份不公开的申请等批准。"
    return ""


def why_not_ask(inspection: Inspection, by, *, ground: str, words: str) -> str:
    if refusal := why_not_open_ask(inspection, by):
        return refusal
    if ground not in Ground:
        return "选择不公开的依据。没有依据的，按期公开。"
    return why_not_reason(words, "哪些内容、为什么不公开")


def why_not_open_decision(withholding: Withholding, by) -> str:
    """Another leader than who asked, and nobody who recorded the result: he would hide his own work."""
    check = withholding.inspection
    if refusal := why_not_decide(
        withholding,
        by,
        may=by.may(Permission.APPROVE_REVISION, check.unit_id),
        role=LEADER,
        own="申请不公开和批准不能是同一个人，由本单位另一位分管负责人批准。",
    ):
        return refusal
    if by.pk == check.recorded_by_id:
        return "记录检查结果的人不批准它不公开，由另一位分管负责人批准。"
    return ""


def why_not_approve(withholding: Withholding, by, *, document_no: str) -> str:
    if refusal := why_not_open_decision(withholding, by):
        return refusal
    if withholding.inspection.status != InspectionStatus.REVIEWED:
        return f"这次检查{withholding.inspection.get_status_display()}，不能再批准不公开。写明理由退回。"
    if not is_numbered(document_no):
        return "填写批准文号。不公开要有文件。"
    if len(document_no.strip()) > LONGEST_DOCUMENT_NO:
        return f"批准文号最长 {LONGEST_DOCUMENT_NO} 个字。"
    return ""


def why_not_reject(withholding: Withholding, by, *, opinion: str) -> str:
    return why_not_open_decision(withholding, by) or why_not_reason(opinion, "不批准的理由")


def why_not_lift(withholding: Withholding, by, *, because: str) -> str:
    """When the ground is gone, by the leader; then it is published like every other."""
    if refusal := why_not_open_lift(withholding, by):
        return refusal
    return why_not_reason(because, "终止的原因")


def why_not_open_lift(withholding: Withholding | None, by) -> str:
    if withholding is None or withholding.lifted_at:
        return "这项结果没有批准不公开，不用终止。"
    return "" if by.may(Permission.APPROVE_REVISION, withholding.inspection.unit_id) else LEADER
