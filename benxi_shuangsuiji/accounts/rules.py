"""Why an account, a password or a grant may not be changed; "" when nothing stands in the way.

The administrator's three parts are apart (decisions.md 7, GB/T 22239 8.1.4.2 d): the system administrator keeps the
accounts and gives no rights, the grants administrator gives rights and makes no accounts, the audit administrator reads
what both did. So nobody alone makes somebody who may act.
"""

import re
from datetime import date

from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import SHORTEST_REASON, why_not_reason

from . import passwords
from .models import Authenticator, RoleGrant, SecondFactorReset, UnitKind, User
from .roles import ADMIN_PARTS, CITY_WIDE, FINISHING, PERMISSIONS, Permission, Role

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}")
LONGEST_NAME = 40

_DRAWING = {UnitKind.CITY_TEAM, UnitKind.BRANCH}
# Where a role can be held: a city-wide one reaches every unit, so it is never given in a branch (五).
HOMES: dict[str, set[str]] = {
    **dict.fromkeys(Role, _DRAWING),
    Role.APPROVER: {*_DRAWING, UnitKind.CITY_BUREAU},  # of checks, where a unit's chain says so (N-6)
    Role.SECTION_HEAD: {UnitKind.HQ_SECTION, UnitKind.COUNTY_SECTION},
    Role.INSPECTOR: {*_DRAWING, UnitKind.HQ_SECTION, UnitKind.COUNTY_SECTION},
    **{role: {UnitKind.CITY_BUREAU, UnitKind.CITY_TEAM} for role in CITY_WIDE},
}


def _has(by: User, permission: str, account: User | None = None) -> bool:
    if account is None or account.unit_id is None:
        return bool(by.units_with(permission))
    return by.may(permission, account.unit_id)


def why_not_keep_accounts(by: User, account: User | None = None) -> str:
    return "" if _has(by, Permission.MANAGE_SYSTEM, account) else "账号由系统管理员建立和管理。"


def why_not_keep_grants(by: User, account: User | None = None) -> str:
    return "" if _has(by, Permission.MANAGE_GRANTS, account) else "授权由授权管理员办理。"


def why_not_username(username: str) -> str:
    """One account, one person (GB/T 22239 8.1.4.1 a)."""
    if not USERNAME.fullmatch(username):
        return "账号用 3 到 40 个小写字母、数字、点、横线或下划线，以字母开头。"
    if User.objects.filter(username=username).exists():
        return f"账号 {username} 已经有人用，换一个。"
    return ""


def why_not_open_account(by: User, *, unit, username: str, full_name: str) -> str:
    if reason := why_not_keep_accounts(by):
        return reason
    if not by.may(Permission.MANAGE_SYSTEM, unit):
        return f"不能在{unit.short_name}建账号。"
    if unit.closed_on:
        return unit.closed_words
    if not full_name.strip():
        return "填写姓名。"
    return why_not_username(username)


def why_not_switch_off(account: User, by: User, *, reason: str, today: date) -> str:
    if obstacle := why_not_keep_accounts(by, account):
        return obstacle
    if account.pk == by.pk:
        return "不能停用自己的账号，由另一名系统管理员停用。"
    if not account.is_active:
        return "这个账号已经停用。"
    return why_last(account, today) or why_not_reason(reason)


def why_not_switch_on(account: User, by: User) -> str:
    if obstacle := why_not_keep_accounts(by, account):
        return obstacle
    return "这个账号没有停用。" if account.is_active else ""


def why_not_unlock(account: User, by: User, *, paused: bool) -> str:
    if obstacle := why_not_keep_accounts(by, account):
        return obstacle
    return "" if paused else "这个账号没有暂停登录。"


def why_not_reset_password(account: User, by: User, today: date) -> str:
    """An administrator's password is not the other's to reset: with it he would hold two parts (decisions.md 7)."""
    if obstacle := why_not_keep_accounts(by, account):
        return obstacle
    if account.pk == by.pk:
        return "自己的密码在“改密码”里改。"
    if not account.is_active:
        return "这个账号已经停用，先启用。"
    if account.grants.in_force(today).filter(role__in=ADMIN_PARTS).exists():
        return "管理员账号的密码不在这里重设：在服务器上运行 manage.py admin_password。"
    return ""


def why_not_open_reset(account: User, by: User) -> str:
    if reason := why_not_keep_accounts(by, account):
        return reason
    if account.pk == by.pk:
        return "不能重置自己的动态口令，由另外两名管理员办理。"
    if not Authenticator.objects.filter(user=account).exists():
        return "这个账号没有设置动态口令，不用重置。"
    if SecondFactorReset.objects.pending().filter(account=account).exists():
        return "已经有一份重置申请在等批准。"
    return ""


def why_not_ask_for_reset(account: User, by: User, *, reason: str) -> str:
    return why_not_open_reset(account, by) or why_not_reason(reason)


def why_not_decide_reset(asked: SecondFactorReset, by: User) -> str:
    """Two administrators of different parts, and neither about himself: one alone never takes an account over (S10)."""
    if reason := why_not_decide(
        asked,
        by,
        may=_has(by, Permission.MANAGE_GRANTS, asked.account),
        role="重置由授权管理员批准。",
        own="不能批准自己提出的重置，由另一名管理员批准。",
    ):
        return reason
    return "不能批准重置自己的动态口令。" if asked.account_id == by.pk else ""


def why_not_rename(account: User, by: User, *, full_name: str, document: str) -> str:
    """A person's name changes by a document; who acted stands in the trail under the account, not under the name."""
    if reason := why_not_keep_accounts(by, account):
        return reason
    if not full_name.strip():
        return "填写姓名。"
    if full_name.strip() == account.full_name:
        return "姓名没有变。"
    return _why_no_document(document)


def why_not_change_email(account: User, by: User, *, email: str, reason: str) -> str:
    if obstacle := why_not_keep_accounts(by, account):
        return obstacle
    return "邮箱没有变。" if email.strip() == account.email else why_not_reason(reason)


def why_not_move(account: User, by: User, *, unit, document: str, today: date) -> str:
    """调动: the grants of the old unit end with it, so it is the grants administrator's (五, decisions.md 7)."""
    if reason := why_not_keep_grants(by, account):
        return reason
    if account.pk == by.pk:
        return "自己的调动由另一名授权管理员办理。"
    if not by.may(Permission.MANAGE_GRANTS, unit):
        return f"不能调到{unit.short_name}。"
    if unit.closed_on:
        return unit.closed_words
    if account.unit_id == unit.pk:
        return f"这个账号已经在{unit.short_name}。"
    if account.grants.in_force(today).filter(role__in=ADMIN_PARTS).exists() and (why := why_last(account, today)):
        return why
    return _why_no_document(document)


def _why_no_document(document: str) -> str:
    if len(document.strip()) < SHORTEST_REASON:
        return "写明任命文件或依据，至少 4 个字，如“本环办〔2026〕3 号”。"
    return ""


def why_not_change_password(account: User, by: User, *, new: str) -> str:
    if account.pk != by.pk:
        return "只能改自己的密码。"
    if account.check_password(new):
        return "新密码和原来的一样，换一个。"
    return passwords.why_not(new, account)


def why_not_grant(
    account: User,
    by: User,
    *,
    unit,
    role: str,
    valid_from: date,
    valid_to: date | None,
    document: str,
    today: date,
) -> str:
    """A role is given by somebody else, where it can be held, by a document, and beside what it can stand beside."""
    if obstacle := why_not_keep_grants(by, account):
        return obstacle
    if account.pk == by.pk:
        return "不能给自己授权，由另一名授权管理员办理。"
    if not account.is_active:
        return "这个账号已经停用，由系统管理员启用以后再授权。"
    if role not in Role.values:
        return "没有这个角色。"
    label = Role(role).label
    if not by.may(Permission.MANAGE_GRANTS, unit) or unit.kind not in HOMES[role]:
        return f"{label}不能设在{unit.short_name}。{_where(role)}"
    if unit.closed_on and role not in FINISHING:
        finishing = "、".join(one.label for one in FINISHING)
        return f"{unit.closed_words}只授权{finishing}，由接管的人办留下的事。"
    if valid_from < today:
        return "起始日不能早于今天：授权不追溯。"
    if valid_to and valid_to < valid_from:
        return "截止日早于起始日。"
    if obstacle := _why_no_document(document):
        return obstacle
    held = list(account.grants.filter(ended_at__isnull=True).select_related("unit"))
    for grant in held:
        if (
            grant.role == role
            and grant.unit_id == unit.pk
            and (valid_to is None or grant.valid_from <= valid_to)
            and (grant.valid_to is None or grant.valid_to >= valid_from)
        ):
            return f"这个账号在{unit.short_name}已经有{label}的授权，期限相重。先终止那一项，再重新授权。"
    counting = [g for g in held if g.valid_to is None or g.valid_to >= today or g.role in ADMIN_PARTS]
    return next(filter(None, (why_not_together(role, g.role) for g in counting)), "")


def _where(role: str) -> str:
    if role in CITY_WIDE:
        return "它看得到各单位，只设在市局或市执法队。"
    if role == Role.SECTION_HEAD:
        return "它设在执法科室，只审核本科室的检查报批。"
    if role == Role.INSPECTOR:
        return "它设在市执法队、分局和它们的执法科室。"
    return "它设在市执法队或分局；执法科室的人设在所服务的分局。"


def why_not_together(role: str, other: str) -> str:
    """Which roles one account never holds side by side (decisions.md 7)."""
    pair = {role, other}
    if role in ADMIN_PARTS and other in ADMIN_PARTS:
        return f"这个账号还有{Role(other).label}的授权，系统、授权、审计三种管理员不能由同一个账号兼任。先终止那一项。"
    if pair & set(ADMIN_PARTS):
        return f"这个账号还有{Role(other).label}的授权。管理员没有业务权限，不能兼任别的角色；另建一个账号。"
    if Role.OBSERVER in pair and any(not p.startswith("SEE_") for r in pair for p in PERMISSIONS[r]):
        return f"这个账号还有{Role(other).label}的授权。监督只看不办，不能和办理业务的角色兼任。"
    return ""


def why_not_end_grant(grant: RoleGrant, by: User, *, reason: str, today: date) -> str:
    if obstacle := why_not_keep_grants(by, grant.user):
        return obstacle
    if grant.user_id == by.pk:
        return "自己的授权由另一名授权管理员终止。"
    if grant.ended_at:
        return "这一项授权已经终止。"
    if grant.role in ADMIN_PARTS and (obstacle := why_last(grant.user, today)):
        return obstacle
    return why_not_reason(reason)


def why_last(account: User, today: date) -> str:
    """Without one of each, nobody could open accounts or give rights any more, or watch those who do."""
    for role in ADMIN_PARTS:
        holders = RoleGrant.objects.in_force(today).filter(role=role, user__is_active=True)
        if holders.filter(user=account).exists() and not holders.exclude(user=account).exists():
            return f"这是最后一名{Role(role).label}。先有另一名，再办这一件。"
    return ""
