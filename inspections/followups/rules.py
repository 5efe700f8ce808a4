"""Why a step cannot be handed over for publication, or not be noted as public (八(二)-c, -e)."""

from collections.abc import Mapping

from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.states import ENDED
from inspections.models import FollowUp, Inspection
from inspections.privacy import findings as privacy

LONGEST = 300


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
