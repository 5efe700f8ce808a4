"""Why the past cannot be carried into the chain, in one sentence (二-a, SSJ1 10)."""

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_paper_number
from plans.draw.seal_rules import why_no_first_use
from plans.models import Carry, ChainEntry
from registry.past_checks.rules import why_no_past

BEGUN = "公示链已经有第 1 条，历史抽查只能在全市第一次封存以前结转。以后补录的检查计入覆盖率和次数，不改公示链。"


def why_not_now(found: Carry | None) -> str:
    """Only as the first entry of the chain, and once."""
    if found is not None:
        return f"结转{found.get_state_display()}，不再变动。" if not found.waits else "结转已经提出，等批准。"
    if ChainEntry.objects.exists():
        return BEGUN
    return why_no_first_use() or why_no_past()


def why_not_ask(found: Carry | None, document_no: str, by) -> str:
    return why_not_ask_at_all(by) or why_not_now(found) or why_not_paper_number(document_no, "文号")


def why_not_ask_at_all(by) -> str:
    return "" if by.units_with(Permission.RECEIVE_PLANS) else "结转由牵头部门提出。"


def may_decide(by) -> bool:
    """Another of the lead office, or the leader of the city team."""
    teams = Unit.objects.filter(kind=UnitKind.CITY_TEAM)
    return bool(by.units_with(Permission.RECEIVE_PLANS)) or any(by.may(Permission.APPROVE_PLANS, u) for u in teams)


def why_not_decide(asked: Carry, by) -> str:
    return decision.why_not_decide(
        asked,
        by,
        may=may_decide(by),
        role="结转由牵头部门另一个人或者市执法队分管负责人批准。",
        own="提出和批准不能是同一个人。",
    )


def why_not_approve(asked: Carry, by) -> str:
    return why_not_decide(asked, by) or (BEGUN if ChainEntry.objects.exists() else "")
