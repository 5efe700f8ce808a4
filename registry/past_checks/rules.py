"""Why checks from before the day of first use cannot be entered, approved or taken back, in one sentence (二-a)."""

import re
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.workdays.days import full_date
from registry.models import ImportBatch, NoPastChecks, PastChecks, PastState

_ITEM = re.compile(r"[0-9A-Z][0-9A-Z_-]{0,31}")  # CODE of SSJ1 1.2


def why_no_past() -> str:
    """Whether there is a past to enter."""
    first = first_use.day()
    if first is None:
        return "还没有定启用日期。先由系统管理员或者牵头部门提出、牵头部门确定，再补录以前的检查。"
    if not first_use.has_past():
        return f"《实施方案》从 {full_date(policy.begins())}起执行，当天就已启用，没有以前的检查。"
    return ""


def why_not_day(day: date, today: date) -> str:
    """Of the plan's time, and before the day of first use: what came later is done in the system."""
    first = first_use.day()
    if first is None or not policy.begins() <= day < first:
        until = f"，到启用日期（{first:%Y-%m-%d}）前一天为止" if first else ""
        return f"补录的检查从 {policy.begins():%Y-%m-%d} 起{until}"
    return "检查日期还没有到" if day > today else ""


def why_not_item(code: str) -> str:
    return "" if _ITEM.fullmatch(code) else f"“{code[:32]}”不是事项编号"


def why_not_decide(request: PastChecks, by) -> str:
    return decision.why_not_decide(
        request,
        by,
        may=by.may(Permission.APPROVE_REGISTRY, request.unit),
        role=f"补录的检查由{request.unit.short_name}分管负责人批准。",
        own="补录和批准不能是同一个人，由另一位分管负责人批准。",
    )


def why_not_say_none(unit: Unit, by) -> str:
    if reason := why_no_past():
        return reason
    if not by.may(Permission.APPROVE_REGISTRY, unit):
        return f"由{unit.short_name}分管负责人声明。"
    if NoPastChecks.objects.filter(unit=unit).exists():
        return "已经声明没有需要补录的检查。"
    if PastChecks.objects.filter(unit=unit, state__in=[PastState.ASKED, PastState.APPROVED]).exists():
        return "本单位已经补录了检查，不用再声明。"
    return ""


def why_not_take_back(batch: ImportBatch) -> str:
    """An import of this kind, until it counts."""
    request = PastChecks.objects.filter(batch=batch).first()
    if request and request.state == PastState.APPROVED:
        return "补录的检查已经批准，计入覆盖率和次数，不能撤回。"
    return ""
