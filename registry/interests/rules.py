from datetime import date

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_not_reason
from registry.inspectors.rules import may_edit_inspector
from registry.models import InterestState


def why_not_declare_conflict(inspector, facility, user, *, today: date) -> str:
    """Everyone declares for himself; the registrar enters what was declared on paper (七(五)-c)."""
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能申报本人的回避，或由本单位的名录管理员代为登记。"
    held = inspector.conflicts.open().filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if held.filter(facility=facility).exists():
        return f"{inspector.name}对{facility.name}的回避已经登记。"
    return ""


def why_not_validity(start: date, end: date | None, today: date) -> str:
    if end and end < max(start, today):
        return "截止日早于起始日或今天。"
    return ""


def why_not_decide(thing, user) -> str:
    """An interest or a declaration is decided by the leader, never by who declared it or by the person himself."""
    own = "申报的人不能审核自己的申报。"
    obstacle = decision.why_not_decide(
        thing,
        user,
        may=user.may(Permission.APPROVE_REGISTRY, thing.inspector.unit.drawing_unit),
        role="由本单位的分管负责人审核。",
        own=own,
        over={state: f"这一条{state.label}，不用再审核。" for state in InterestState},
    )
    return own if not obstacle and user.pk == thing.inspector.user_id else obstacle


def why_not_end_conflict(conflict, user, *, reason: str) -> str:
    if not may_edit_inspector(conflict.inspector, user):
        return "只有本单位的名录管理员可以结束回避登记。"
    if conflict.state in (InterestState.RETURNED, InterestState.ENDED):
        return "这条回避登记已经结束。"
    return why_not_reason(reason)


def why_not_declare_year(inspector, user, *, year: int, none: bool, open_ones: int) -> str:
    if inspector.user_id != user.pk and not may_edit_inspector(inspector, user):
        return "只能作本人的年度申报，或由本单位的名录管理员代为登记。"
    if inspector.left_on:
        return f"{inspector.name}已调离，不用申报。"
    if inspector.declarations.filter(year=year).exclude(state=InterestState.RETURNED).exists():
        return f"{year} 年已经申报。新有利害关系的，登记回避即可。"
    if none and open_ones:
        return f"名下还有 {open_ones} 家要回避的企业，不能申报无利害关系。不再成立的，先由名录管理员结束。"
    if not none and not open_ones:
        return "还没有登记要回避的企业。先逐家登记，再作年度申报。"
    return ""
