"""Why a year cannot be closed, or not yet (二-b)."""

from datetime import date

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Inspection, YearClosing
from plans.models import Draw, DrawStatus

from .figures import Line, lines_of, running_of
from .models import leads_the_city

LEADER = "由市执法队分管负责人批准年度办结。"


def why_not_count(year: int, today: date) -> str:
    """Before every list of the year is open nobody outside its circle counts what has been checked (decisions.md 3)."""
    if today <= (last := date(year, 12, 31)):
        return f"{year} 年还没有结束，{full_date(last)}以后办结。"
    if not Inspection.objects.filter(year=year).exists():
        return f"{year} 年系统里没有检查，不用办结。"
    waiting = [DrawStatus.PREPARED, DrawStatus.FROZEN, DrawStatus.DRAWN]
    units = Unit.objects.filter(pk__in=Draw.objects.filter(year=year, status__in=waiting).values("unit"))
    sealed = "、".join(units.order_by("code").values_list("short_name", flat=True))
    return f"{sealed}还有没有公开的抽取名单。名单公开以后再办结。" if sealed else ""


def why_not_ready(year: int, today: date, lines: list[Line] | None = None) -> str:
    """The year is over, every list is open, no check is being made, and each result is public or lawfully kept back."""
    if early := why_not_count(year, today):
        return early
    if running := running_of(year):
        return f"还有检查没有结束：{'、'.join(f'{name} {n} 项' for name, n in running.items())}。检查结束、结果公开以后再办结。"
    left = "、".join(f"{line.name} {line.open} 项" for line in lines or lines_of(year) if line.open)
    return f"还有结果没有公开，也没有批准依法不公开：{left}。公开，或者写明依据报批，再办结。" if left else ""


def why_not_open_ask(year: int, by, today: date, lines: list[Line] | None = None) -> str:
    if not by.units_with(Permission.PUBLISH_CITY):
        return "由市执法队牵头部门申请年度办结。"
    if standing := YearClosing.objects.exclude(state="RETURNED").filter(year=year).first():
        return f"{year} 年{'已经办结' if not standing.waits else '的办结等批准'}。"
    return why_not_ready(year, today, lines)


def why_not_open_decision(closing: YearClosing, by) -> str:
    return why_not_decide(
        closing,
        by,
        may=leads_the_city(by),
        role=LEADER,
        own="申请年度办结和批准不能是同一个人，由市执法队另一位分管负责人批准。",
    )


def why_not_approve(closing: YearClosing, by, today: date) -> str:
    """What was true when it was asked is asked again: a ground may have ended since."""
    return why_not_open_decision(closing, by) or why_not_ready(closing.year, today)


def why_not_reject(closing: YearClosing, by, *, opinion: str) -> str:
    return why_not_open_decision(closing, by) or why_not_reason(opinion, "退回的理由")
