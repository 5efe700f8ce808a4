"""What may be written about a check that is missing, and by whom (六(一)2-g, 七(一)1-b)."""

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Due, full_date

from .gaps import Gaps, Line
from .models import CoverageReason, GapKind, UnfinishedReason

NOT_LISTED = "这家企业不在没有检查的名单里，不用写原因。重新打开页面看最新的名单。"


def why_not_complete(gaps: Gaps, due: Due, today) -> str:
    """D-5: who is not checked by the 25th is explained, one by one (六(一)2-g)."""
    if not due.is_over(today) or not gaps.without_reason:
        return ""
    return (
        f"本季度的检查应在 {full_date(due.date)}前完成，还有 {gaps.without_reason} 家没有查完，也没有写原因。"
        "由计划员逐家写明。"
    )


def why_not_enter(unit, by, line: Line | None, words: str) -> str:
    if not by.may(Permission.DISPATCH, unit):
        return "由本单位的计划员写原因。"
    if line is None:
        return NOT_LISTED
    if line.reason and line.reason.approved_at:
        return "这条原因已经批准，不能再改。"
    return "" if words.strip() else "写明原因。"


def why_not_kind(kind: str) -> str:
    return "" if kind in GapKind.values else "从列表里选情形。"


def why_not_approve(unit, by, reason: UnfinishedReason | CoverageReason | None, opinion: str) -> str:
    if not by.may(Permission.APPROVE_CHECK, unit):
        return "由本单位的分管负责人批准原因。"
    if reason is None:
        return NOT_LISTED
    if reason.approved_at:
        return "这条原因已经批准，不用再办。"
    if reason.entered_by_id == by.pk:
        return "写原因的人不能自己批准，由分管负责人批准。"
    return "" if opinion.strip() else "写明意见。"
