"""Who handles what follows from a result and who decides it, and why a step is not handed over or noted (八(二)-c, -e, -f)."""

from collections.abc import Mapping

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import ENDED
from inspections.evidence.rules import MOST_BYTES
from inspections.models import FollowUp, Inspection, InspectionStatus, Outcome
from inspections.privacy import findings as privacy
from inspections.visits.rules import AFTER_A_PROBLEM
from plans.amendments.rules import is_numbered

from .models import ANOTHER

LONGEST = 300
REVIEWED = (InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED)
CALLS_FOR_ONE = AFTER_A_PROBLEM | {Outcome.REFUSED, Outcome.PENDING}
OF_THE_TEAM = "承办案件和参加检查的人不能决定，由另一位分管负责人决定。"


def why_not_hand_over(inspection: Inspection, words: str, facts: Mapping[str, str]) -> str:
    """Its words hold nobody's personal data when they are written: the officer publishes them as they are."""
    if inspection.status not in ENDED:
        return "检查还没有结束，没有后续处理。"
    if reason := why_not_reason(words, "公开的内容"):
        return reason
    if len(words) > LONGEST:
        return f"公开的内容最多 {LONGEST} 个字。"
    return why_not_public(inspection, words, facts)


def why_not_public(inspection: Inspection, words: str, facts: Mapping[str, str]) -> str:
    texts = [("公开的内容", words), *((label, value) for label, value in facts.items() if value)]
    return privacy.why_not_clean(privacy.unsettled(inspection, privacy.findings(inspection, texts)))


def why_not_mark_published(step: FollowUp, by) -> str:
    """Who handed it over does not publish it (decisions.md 7)."""
    if step.published_at:
        return "这一步已经公开。"
    return "办理这一步的人不能自己公开，由另一名公示员公开。" if step.by_id == by.pk else ""


def why_not_file(name: str, content: bytes) -> str:
    """A picture or a PDF, whole and not too large."""
    if reason := pictures.why_too_large(len(content), MOST_BYTES, f"文件“{name}”"):
        return reason
    reason = pictures.why_not_scan(content)
    return f"文件“{name}”没有收：{reason}" if reason else ""


def of_the_team(inspection: Inspection, by) -> bool:
    return inspection.members.filter(inspector__user=by).exists()


def why_not_handler(inspection: Inspection, by) -> str:
    """The team that was there, or the unit's planner, handles what follows."""
    if by.units_with(Permission.FIELD_WORK) and of_the_team(inspection, by):
        return ""
    return "" if by.may(Permission.DISPATCH, inspection.unit_id) else "由检查小组或本单位的计划员办理。"


def why_nothing_follows(inspection: Inspection, by) -> str:
    """Of a result that stands and has found something, by whoever handles it: for cases and referrals alike."""
    if refusal := why_not_handler(inspection, by):
        return refusal
    if inspection.status not in REVIEWED:
        return "检查结果还没有审核。审核以后再办理后续处理。"
    if inspection.outcome not in CALLS_FOR_ONE:
        return f"检查结果是“{inspection.get_outcome_display()}”，没有要处理的违法情形。"
    return ""


def why_not_decide(asked, inspection: Inspection, by, *, role: str, over=None, may: bool = False) -> str:
    """By a leader of the unit, who neither asked nor was there; `may`: another who has the right too."""
    may = may or by.may(Permission.APPROVE_CHECK, inspection.unit_id)
    refusal = decision.why_not_decide(asked, by, may=may, role=role, own=ANOTHER, over=over)
    return refusal or (OF_THE_TEAM if of_the_team(inspection, by) else "")


def why_not_numbered(document_no: str, what: str = "文号") -> str:
    return "" if is_numbered(document_no) else f"填写{what}。"
