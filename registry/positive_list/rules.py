from benxi_shuangsuiji.refusal import why_not_paper_number, why_not_reason
from registry.facilities.rules import why_not_edit_facility
from registry.models import OFF_BOOKS

SUBJECT = "positive"  # one proposal about it at a time


def why_not_enter(facility) -> str:
    """The same when it is asked for and when it is decided."""
    if facility.status in OFF_BOOKS:
        return f"检查对象已{facility.get_status_display()}，不能纳入正面清单。"
    return "已经在正面清单里。" if _entry(facility) else ""


def why_not_leave(facility) -> str:
    return "" if _entry(facility) else "不在正面清单里。"


def why_not_ask(facility, user) -> str:
    """By the registrar of the unit, and once at a time."""
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if facility.proposals.pending().filter(subject=SUBJECT).exists():
        return "这家的正面清单变更已经提出，正等牵头部门批准。先撤回，再提出新的。"
    return ""


def why_not_ask_to_enter(facility, user, *, batch: str, document: str, reason: str) -> str:
    """Reason, batch and document; the day is that of the decision, never an earlier one (七(三)-e)."""
    if obstacle := why_not_ask(facility, user) or why_not_enter(facility):
        return obstacle
    if not batch.strip():
        return "写明批次。"
    return why_not_paper_number(document, "文号") or why_not_reason(reason, "纳入理由")


def why_not_ask_to_leave(facility, user, *, reason: str) -> str:
    return why_not_ask(facility, user) or why_not_leave(facility) or why_not_reason(reason, "移出原因")


def _entry(facility) -> bool:
    return facility.positive_entries.filter(valid_to__isnull=True).exists()
