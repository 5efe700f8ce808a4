from benxi_shuangsuiji.refusal import why_not_reason
from registry.facilities.rules import GONE, why_not_edit_facility


def why_not_enter_positive_list(facility, user, *, batch: str) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if facility.status in GONE:
        return f"检查对象已{facility.get_status_display()}，不能纳入正面清单。"
    if not batch.strip():
        return "写明批次或文号。"
    if facility.positive_entries.filter(valid_to__isnull=True).exists():
        return "已经在正面清单里。"
    return ""


def why_not_leave_positive_list(facility, user, *, reason: str) -> str:
    if obstacle := why_not_edit_facility(facility, user):
        return obstacle
    if not facility.positive_entries.filter(valid_to__isnull=True).exists():
        return "不在正面清单里。"
    return why_not_reason(reason, "移出原因")
