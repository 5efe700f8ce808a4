from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import why_not_move
from inspections.models import Inspection, InspectionStatus


# Review
def may_review(inspection: Inspection, by, day: date) -> bool:
    """The unit's leader, or another member of the team whose certificate is valid."""
    if by.may(Permission.REVIEW_RESULTS, inspection.unit_id):
        return True
    return any(
        m.inspector.certified_on(day)
        for m in inspection.members.filter(inspector__user=by).select_related("inspector")
        if by.units_with(Permission.FIELD_WORK)
    )


def why_not_review(inspection: Inspection, by, day: date) -> str:
    """A second person reviews, never the recorder (七(四)-5, 八(二)-b)."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能审核自己的记录。"
    if not may_review(inspection, by, day):
        return "由分管负责人，或持有效执法证的其他小组成员审核。"
    if inspection.draw_id is None and inspection.targeted.pending().exists():
        return "这次检查还没有补办批准。由分管负责人先补办，再审核结果。"  # N-6
    return why_not_move(inspection, InspectionStatus.REVIEWED)


def why_not_return(inspection: Inspection, by, opinion: str, day: date) -> str:
    """Before the review the reviewer, after it also the officer who publishes, sends a record back."""
    publishes = inspection.status == InspectionStatus.REVIEWED and by.may(Permission.PUBLISH, inspection.unit_id)
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能退回自己的记录。"
    if not publishes and not may_review(inspection, by, day):
        return "由分管负责人，或持有效执法证的其他小组成员退回。"
    if reason := why_not_move(inspection, InspectionStatus.RETURNED):
        return reason
    if not opinion.strip():
        return "退回时写明哪里要改。"
    return why_not_reason(opinion, "退回的意见")


def why_not_mark_published(inspection: Inspection, by) -> str:
    """Who records does not publish (decisions.md 7); the other rules of publishing are those of `disclosure`."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人公开，记录人不能公开自己的记录。"
    return why_not_move(inspection, InspectionStatus.PUBLISHED)
