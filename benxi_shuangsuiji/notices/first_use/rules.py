"""Why a day cannot become the day of first use, in one sentence (二-a)."""

from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.notices.models import FirstUse
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, full_date

QUARTERS_AHEAD = 8


def quarters(today: date, calendar: Calendar) -> list[Quarter]:
    """The quarters that it may begin with: the running one as long as its plan is not due, and those after it."""
    running = Quarter.of(max(today, policy.begins()))
    found = [running]
    while len(found) < QUARTERS_AHEAD:
        found.append(found[-1].next())
    return found[1:] if today > running.plan_due(calendar).date else found


def why_not_day(day: date, today: date, calendar: Calendar) -> str:
    """Nobody becomes late by the choice itself."""
    allowed = quarters(today, calendar)
    if day in [quarter.first_day for quarter in allowed]:
        return ""
    running = Quarter.of(today)
    if day == running.first_day:
        due = full_date(running.plan_due(calendar).date)
        return (
            f"{running.label}的计划应在 {due}前完成，现在启用就已经逾期。从 {full_date(allowed[0].first_day)}起启用。"
        )
    return (
        f"启用日期是一个季度的第一天，从 {full_date(allowed[0].first_day)}到 {full_date(allowed[-1].first_day)}。"
        "更早的检查另行补录。"
    )


def why_not_once(found: FirstUse | None) -> str:
    """It is said once: reports, figures and the public chain rest on it."""
    if found is None:
        return ""
    if found.waits:
        return f"{full_date(found.day)}起启用已经提出，等牵头部门确定。"
    return f"启用日期已定为 {full_date(found.day)}，不能再改。"


def why_not_ask(found: FirstUse | None, day: date, document: str, by, today: date, calendar: Calendar) -> str:
    return (
        why_not_ask_at_all(by)
        or why_not_once(found)
        or why_not_day(day, today, calendar)
        or why_not_reason(document, "依据文件")
    )


def why_not_ask_at_all(by) -> str:
    may = by.units_with(Permission.MANAGE_SYSTEM) | by.units_with(Permission.KEEP_BASES)
    return "" if may else "启用日期由系统管理员或者牵头部门提出。"


def why_not_decide(asked: FirstUse, by) -> str:
    return decision.why_not_decide(
        asked,
        by,
        may=bool(by.units_with(Permission.KEEP_BASES)),
        role="启用日期由牵头部门确定。",
        own="启用日期是本人提出的，由牵头部门另一个人确定。",
    )
