"""Why a grant may not be asked for, or such a request not be decided; "" when nothing stands in the way (decision 0081)."""

from collections.abc import Sequence

from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason

from .models import GrantRequest, User, roles_with
from .roles import Permission, Role
from .rules import why_not_together

NOTHING_ASKED = "从写着“没有权限”的页面按【申请授权】进来，这里才知道申请什么。"


def why_not_open(by: User, permissions: Sequence[Permission]) -> str:
    """Before anything is typed. What the account can never have beside its roles is said at once, not by the administrator."""
    if not permissions:
        return NOTHING_ASKED
    if by.unit_id is None:
        return "这个账号没有单位，由授权管理员先调入单位。"
    if any(by.units_with(one) for one in permissions):
        return "这项权限已经有了，重新打开那一页。"
    same = GrantRequest.objects.pending().filter(asked_by=by, permissions=",".join(permissions))
    if same.exists():
        return "已经申请过，等授权管理员决定。结果发到“消息”。"
    reasons = [_why_not_beside(role, by) for role in roles_with(permissions)]
    return reasons[0] if reasons and all(reasons) else ""


def _why_not_beside(role: Role, by: User) -> str:
    held = [grant.role for grant in by.grants_in_force()]
    return next(filter(None, (why_not_together(role, other) for other in held)), "")


def why_not_ask(by: User, permissions: Sequence[Permission], reason: str) -> str:
    return why_not_open(by, permissions) or why_not_reason(reason)


def why_not_decide_request(asked: GrantRequest, by: User) -> str:
    return why_not_decide(
        asked,
        by,
        may=bool(by.units_with(Permission.MANAGE_GRANTS)),
        role="授权申请由授权管理员决定。",
        own="申请授权的人不能自己决定，由另一名授权管理员决定。",
    )


def why_not_this_role(asked: GrantRequest, role: str) -> str:
    """Not more than was asked for: another role is another act, on the page of the account."""
    if role in asked.roles:
        return ""
    return (
        f"这个角色打不开申请的那一页。选{'、'.join(one.label for one in asked.roles)}，或者退回申请，在账号页另行授权。"
    )
