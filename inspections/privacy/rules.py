from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import ENDED, OPEN_TO_THE_TEAM
from inspections.models import Inspection, InspectionStatus

from .findings import findings, unsettled


def why_not_settle(inspection: Inspection, by) -> str:
    """The team while it writes, then who reviews and who publishes: each at his turn (八(二)-c)."""
    if inspection.status == InspectionStatus.PUBLISHED:
        return "结果已经公开。需要改的，提出更正。"
    if inspection.status in OPEN_TO_THE_TEAM and inspection.members.filter(inspector__user=by).exists():
        return ""
    may = by.may(Permission.REVIEW_RESULTS, inspection.unit_id) or by.may(Permission.PUBLISH, inspection.unit_id)
    if inspection.status in ENDED and may:
        return ""
    return "由检查小组、审核人和公示员核对文字里的姓名。"


def why_not_keep(inspection: Inspection, by, name: str, reason: str) -> str:
    """A name stays for a reason that a second person can judge; a number never does."""
    if refusal := why_not_settle(inspection, by):
        return refusal
    found = findings(inspection)
    if not any(f.name == name for f in unsettled(inspection, found)):
        return "文字里没有这个姓名，或者已经写明理由。"
    return why_not_reason(reason, "公开这个姓名的理由")
