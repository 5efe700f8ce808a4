from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from registry.facilities.rules import why_not_edit_facility
from registry.models import Facility


def why_not_note(facility: Facility, by) -> str:
    return why_not_edit_facility(facility, by)


def why_not_words(text: str, told_by: str, told_on, today) -> str:
    """What is written protects whoever comes next; an empty text takes the note away (七(五)-p)."""
    if text.strip() and (reason := why_not_reason(text, "安全说明")):
        return reason
    if not told_by.strip():
        return "写明由谁说明。"
    return f"说明的日期 {full_date(told_on)}晚于今天。核对日期。" if told_on > today else ""
