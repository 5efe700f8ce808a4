"""Why a step of what followed a result cannot be published (八(二)-b, -e)."""

from benxi_shuangsuiji.accounts.models import User
from disclosure.models import Publication
from disclosure.publishing.rules import why_not_officer
from inspections.followups import rules
from inspections.models import FollowUp, InspectionStatus


def result_of(step: FollowUp) -> Publication | None:
    """The public result that it belongs to."""
    return Publication.objects.results().filter(no=step.inspection.no).first()


def why_not_publish(step: FollowUp, by: User) -> str:
    """By the unit's officer who did not do it, beside a result that is public, without personal data."""
    if reason := why_not_officer(step.inspection.unit, by) or rules.why_not_mark_published(step, by):
        return reason
    if step.inspection.status != InspectionStatus.PUBLISHED:
        return "检查结果还没有公开。先公开结果，再公开后续处理。"
    if result_of(step) is None:
        return "检查结果已经撤下，后续处理不再公开。"
    facts = {fact["label"]: fact["value"] for fact in step.facts}
    return rules.why_not_public(step.inspection, step.words, facts)
