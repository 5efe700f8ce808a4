from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import why_not_move
from inspections.models import Inspection, InspectionStatus

WITHHELD = "已批准依法不公开。依据没有了，先由分管负责人终止不公开，再公开。"
NOT_OF_THE_TEAM = "检查小组成员不审核本组的检查结果，由没有参加检查的分管负责人审核。"


def why_not_the_reviewer(inspection: Inspection, by) -> str:
    """A leader of the unit who was not there reviews: nothing is published on the word of its team alone (七(四)-5)."""
    if inspection.members.filter(inspector__user=by).exists():
        return NOT_OF_THE_TEAM
    return "" if by.may(Permission.REVIEW_RESULTS, inspection.unit_id) else "由分管负责人审核。"


def why_not_review(inspection: Inspection, by) -> str:
    """A second person reviews, never the recorder nor another of the team (七(四)-5, 八(二)-b)."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能审核自己的记录。"
    if reason := why_not_the_reviewer(inspection, by):
        return reason
    if inspection.approvals.pending().filter(made_up=True).exists():
        return "这次检查的审批还没有办完。审批以后再审核结果。"  # made up, where the bureau approves too
    if inspection.draw_id is None and inspection.targeted.pending().exists():
        return "这次检查还没有补办批准。由分管负责人先补办，再审核结果。"  # N-6
    return why_not_move(inspection, InspectionStatus.REVIEWED)


def why_not_return(inspection: Inspection, by, opinion: str) -> str:
    """Before the review the reviewer, after it also the officer who publishes, sends a record back."""
    if inspection.withheld_at:
        return WITHHELD
    publishes = inspection.status == InspectionStatus.REVIEWED and by.may(Permission.PUBLISH, inspection.unit_id)
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人审核，记录人不能退回自己的记录。"
    if not publishes and (reason := why_not_the_reviewer(inspection, by)):
        return reason
    if reason := why_not_move(inspection, InspectionStatus.RETURNED):
        return reason
    if not opinion.strip():
        return "退回时写明哪里要改。"
    return why_not_reason(opinion, "退回的意见")


def why_not_mark_published(inspection: Inspection, by) -> str:
    """Who records does not publish (decisions.md 7); the other rules of publishing are those of `disclosure`."""
    if inspection.recorded_by_id == by.pk:
        return "检查结果由另一人公开，记录人不能公开自己的记录。"
    if inspection.withheld_at:
        return WITHHELD
    return why_not_move(inspection, InspectionStatus.PUBLISHED)


def why_not_mark_corrected(inspection: Inspection) -> str:
    """What is corrected is public; before that a result goes back to its team."""
    return "" if inspection.status == InspectionStatus.PUBLISHED else "这项结果还没有公开，退回检查小组改正。"
