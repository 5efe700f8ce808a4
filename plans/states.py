"""Which status may follow which; the whole life of an item list and of a quarterly plan (六(一), 七(四)-2, -3)."""

from benxi_shuangsuiji.refusal import Refused

from .models import ItemList, ListStatus, PlanStatus, QuarterlyPlan

NEXT_OF_LIST: dict[str, set[str]] = {
    ListStatus.DRAFT: {ListStatus.SUBMITTED},
    ListStatus.SUBMITTED: {ListStatus.RETURNED, ListStatus.APPROVED},
    ListStatus.RETURNED: {ListStatus.SUBMITTED},
    ListStatus.APPROVED: {ListStatus.PUBLISHED},
    ListStatus.PUBLISHED: set(),
}


NEXT_OF_PLAN: dict[str, set[str]] = {
    PlanStatus.DRAFT: {PlanStatus.SUBMITTED},
    PlanStatus.SUBMITTED: {PlanStatus.RETURNED, PlanStatus.APPROVED},
    PlanStatus.RETURNED: {PlanStatus.SUBMITTED},
    PlanStatus.APPROVED: {PlanStatus.PUBLISHED},
    PlanStatus.PUBLISHED: {PlanStatus.DRAFT},  # changed: the next version, while nothing is sealed
}


NEXT = {ItemList: NEXT_OF_LIST, QuarterlyPlan: NEXT_OF_PLAN}


WORDS = {ItemList: "清单", QuarterlyPlan: "计划"}


# Still in the planner's hands.
EDITABLE = {"DRAFT", "RETURNED"}


def why_not_move(record, status) -> str:
    """Why this list or plan cannot take this status now; "" if it can."""
    if status in NEXT[type(record)][record.status]:
        return ""
    word = WORDS[type(record)]
    now, then = record.get_status_display(), type(record)._meta.get_field("status").choices
    return f"{word}现在是“{now}”，不能变为“{dict(then)[status]}”。刷新页面看最新的情况。"


def not_any_more(record, verb: str) -> str:
    """“计划已退回，没有批准。”: somebody was faster (two windows, two people)."""
    word, now = WORDS[type(record)], record.get_status_display()
    return f"{word}{'还是' if record.status == 'DRAFT' else ''}{now}，没有{verb}。刷新页面看最新的情况。"


def move_to(record, status) -> None:
    """Give the record its next status; the caller holds the row's lock and saves it."""
    if reason := why_not_move(record, status):
        raise Refused(reason)
    record.status = status


FINAL = "名单一经确定不得随意变更"
