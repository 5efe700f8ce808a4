"""Why a cap on visits cannot be proposed or approved, as a sentence (一-e, N-4)."""

from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.models import Consent, FrequencyCap

from .caps import caps_of


def why_not_propose_cap(unit: Unit, by, *, year: int, category: str, max_visits: int, document: str, day: date) -> str:
    if not by.may(Permission.DISPATCH, unit):
        return "由本单位的计划员提出上限。"
    if year < day.year:
        return f"{year} 年已经过去，不能再定上限。"
    if year > day.year + 1:
        return f"只定本年和下一年的上限，{year} 年的到时候再提出。核对年度。"
    if year < policy.on(day).coverage_from_year:
        return "年度早于《实施方案》施行。"
    if not document.strip():
        return "写明上限的依据文件。"
    return why_not_above_city(unit, year, category, max_visits)


def why_not_above_city(unit: Unit, year: int, category: str, max_visits: int) -> str:
    """The city's cap binds every unit: its own may only be lower (一-e, N-4)."""
    city = [] if unit.kind == UnitKind.CITY_TEAM else caps_of(year).of_city(category)
    if not city or max_visits <= city[-1].max_visits:
        return ""
    return f"全市上限是每年 {city[-1].max_visits} 次（{city[-1].document}），本单位的上限不能更高。改为不超过 {city[-1].max_visits} 次。"


def why_not_decide_cap(cap: FrequencyCap, by) -> str:
    return why_not_decide(
        cap,
        by,
        may=by.may(Permission.APPROVE_CHECK, cap.unit_id),
        role="由本单位分管负责人批准上限。",
        own="提出上限的人不能自己批准，由分管负责人批准。",
        over={Consent.APPROVED: "这条上限已经批准。", Consent.RETURNED: "这条上限没有同意，由计划员按意见重新提出。"},
    )


def why_not_return_cap(cap: FrequencyCap, by, opinion: str) -> str:
    return why_not_decide_cap(cap, by) or why_not_reason(opinion, "意见")


def why_not_approve_cap(cap: FrequencyCap, by) -> str:
    return why_not_decide_cap(cap, by) or why_not_above_city(cap.unit, cap.year, cap.category, cap.max_visits)
