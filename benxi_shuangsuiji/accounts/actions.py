"""What is done to accounts and rights (五, decisions.md 7). Each act is one transaction and one line of the trail."""

from datetime import date, datetime

from django.db import connection, transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import mail_out, notify
from benxi_shuangsuiji.refusal import SHORTEST_REASON, Refused, refuse_if

from . import benxi, lockouts, passwords, rules, second_factor_actions
from .filling import Filling, establish
from .models import RoleGrant, Unit, User
from .roles import ADMIN_PARTS, Role


def lock_administrators() -> None:
    """Take the administrators' grants, so that two of them do not remove each other at one moment."""
    list(RoleGrant.objects.select_for_update(no_key=True).filter(role__in=ADMIN_PARTS).order_by("pk").values("pk"))


def _set_password(account: User, password: str, *, must_change: bool) -> None:
    account.set_password(password)
    account.password_changed_at = clock.now()
    account.must_change_password = must_change
    account.save(update_fields=["password", "password_changed_at", "must_change_password"])


@transaction.atomic
def found(*, people: dict[str, tuple[str, str, str]], document: str, filling: Filling = benxi.FILLING) -> list[User]:
    """Make the units and the first system and grants administrators of an empty system.

    `filling` says of which city; that of Benxi where nothing is said. `people` maps the two roles to (account, name, password). Whoever runs this has the server; once the two are there,
    the pages do the rest, and this refuses.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_still('accounts_rolegrant')")
    first = (Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS)
    if RoleGrant.objects.filter(role__in=first).exists():
        raise Refused("已经有系统管理员或授权管理员，不能再建首批管理员。在网页上由他们建账号和授权。")
    if len(document.strip()) < SHORTEST_REASON:
        raise Refused("写明任命文件，至少 4 个字，如“本环办〔2026〕3 号”。")
    trail.act_as(None)
    bureau = next(u for u in establish(filling).values() if u.parent_id is None)
    made = []
    for role in first:
        username, full_name, password = people[role]
        account = User(username=username, full_name=full_name.strip(), unit=bureau)
        if not account.full_name:
            raise Refused(f"{role.label}：填写姓名。")
        if obstacle := rules.why_not_username(username) or passwords.why_not(password, account):
            raise Refused(f"{role.label}：{obstacle}")
        account.set_password(password)
        account.password_changed_at = clock.now()
        account.must_change_password = True  # somebody else may have read it from the terminal or the file
        account.save()
        RoleGrant.objects.create(
            user=account, unit=bureau, role=role, valid_from=clock.today(), document=document.strip()
        )
        trail.record("accounts.founded", by=None, about=account, unit=bureau, role=role, document=document.strip())
        made.append(account)
    return made


@transaction.atomic
def set_administrators_password(*, account: User, password: str, forget_second_factor: bool = False) -> User:
    """Give an administrator who cannot sign in a new password, from the server's command line.

    `forget_second_factor`: where both parts of the administration have lost their phones, nobody is left to reset it.
    """
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    trail.act_as(None)
    if not account.grants.in_force(clock.today()).filter(role__in=ADMIN_PARTS).exists():
        raise Refused(f"{account.username} 不是管理员账号，由系统管理员在网页上重设密码。")
    refuse_if(passwords.why_not(password, account))
    _set_password(account, password, must_change=True)
    lockouts.clear(account.username)
    trail.record("accounts.password.reset", by=None, about=account)
    if forget_second_factor:
        second_factor_actions.forget(account)
        trail.record("accounts.second_factor.reset", by=None, about=account)
    return account


@transaction.atomic
def open_account(*, unit: Unit, username: str, full_name: str, by: User, email: str = "") -> tuple[User, str]:
    """Make an account without any right; return it and its first password, which nobody can read again."""
    username = username.strip().lower()
    refuse_if(rules.why_not_open_account(by, unit=unit, username=username, full_name=full_name))
    account = User(username=username, full_name=full_name.strip(), email=email.strip(), unit=unit)
    password = passwords.first_password()
    account.set_password(password)
    account.password_changed_at = clock.now()
    account.must_change_password = True
    account.save()
    trail.record("accounts.account.opened", by=by, about=account)
    return account, password


@transaction.atomic
def rename(*, account: User, full_name: str, document: str, by: User) -> User:
    """改名: the new name on every page from now on; papers and publications keep the name that they were made with."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_rename(account, by, full_name=full_name, document=document))
    before, account.full_name = account.full_name, full_name.strip()
    account.save(update_fields=["full_name"])
    trail.record(
        "accounts.account.renamed",
        by=by,
        about=account,
        before=before,
        after=account.full_name,
        document=document.strip(),
    )
    return account


@transaction.atomic
def change_email(*, account: User, email: str, reason: str, by: User) -> User:
    """What waits to be sent goes there too: a mail takes the address that its account has when it is sent (operations.md 4).

    Whoever changes it alone could read another's mails: the account is told, at the address of before as well.
    """
    account, now = User.objects.locked(account.pk, "unit", fresh_keys=True), clock.now()
    refuse_if(rules.why_not_change_email(account, by, email=email, reason=reason))
    before, account.email = account.email, email.strip()
    account.save(update_fields=["email"])
    title, key = f"账号 {account.username} 的邮箱改了", f"email:{account.pk}:{now.isoformat()}"
    words = "以后的提醒发到新的邮箱。不是本人要改的，告诉授权管理员或者审计管理员。"
    notify(user=account, key=key, title=title, body=words, url=reverse("accounts:devices"), at=now)
    if before:
        mail_out(to=before, key=key, subject=title, body=words, at=now)
    trail.record("accounts.account.email", by=by, about=account, reason=reason.strip())
    return account


@transaction.atomic
def move(*, account: User, unit: Unit, document: str, by: User) -> User:
    """调动: into another unit; what was granted ends at this moment, and is granted anew where it is to go on."""
    lock_administrators()
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    now = clock.now()
    refuse_if(rules.why_not_move(account, by, unit=unit, document=document, today=now.date()))
    before = account.unit
    for grant in account.grants.filter(ended_at__isnull=True).select_related("unit", "user"):
        if grant.valid_to is None or grant.valid_to >= now.date():
            _end(grant, f"调到{unit.short_name}：{document.strip()}", now, by)
    account.unit = unit
    account.save(update_fields=["unit"])
    trail.record(
        "accounts.account.moved",
        by=by,
        about=account,
        unit=unit,
        before=before.short_name if before else "",
        document=document.strip(),
    )
    return account


@transaction.atomic
def switch_off(*, account: User, reason: str, by: User) -> User:
    """Keep somebody out from his next click on; his grants and his traces stay."""
    lock_administrators()
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_switch_off(account, by, reason=reason, today=clock.today()))
    account.is_active = False
    account.save(update_fields=["is_active"])
    trail.record("accounts.account.switched_off", by=by, about=account, reason=reason.strip())
    return account


@transaction.atomic
def switch_on(*, account: User, by: User) -> User:
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_switch_on(account, by))
    account.is_active, account.unused_told_at = True, None  # whoever has it again has time to sign in
    account.save(update_fields=["is_active", "unused_told_at"])
    trail.record("accounts.account.switched_on", by=by, about=account)
    return account


@transaction.atomic
def unlock(*, account: User, by: User) -> User:
    """End the pause after five wrong passwords before its time."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_unlock(account, by, paused=lockouts.is_paused(account.username)))
    lockouts.clear(account.username)
    trail.record("accounts.account.unlocked", by=by, about=account)
    return account


@transaction.atomic
def reset_password(*, account: User, by: User) -> tuple[User, str]:
    """Replace a forgotten password by a first one; every sign-in of the account ends with the old one."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_reset_password(account, by, clock.today()))
    password = passwords.first_password()
    _set_password(account, password, must_change=True)
    lockouts.clear(account.username)
    trail.record("accounts.password.reset", by=by, about=account)
    return account, password


@transaction.atomic
def change_password(*, account: User, new: str, by: User) -> User:
    """Somebody sets his own password; the caller has asked for the old one."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(rules.why_not_change_password(account, by, new=new))
    _set_password(account, new, must_change=False)
    trail.record("accounts.password.changed", by=by, about=account)
    return account


@transaction.atomic
def grant_role(
    *, account: User, unit: Unit, role: str, document: str, valid_from: date, by: User, valid_to: date | None = None
) -> RoleGrant:
    """Give somebody a role in a unit, from a day, by a document."""
    account = User.objects.locked(account.pk, "unit", fresh_keys=True)
    refuse_if(
        rules.why_not_grant(
            account,
            by,
            unit=unit,
            role=role,
            valid_from=valid_from,
            valid_to=valid_to,
            document=document,
            today=clock.today(),
        )
    )
    grant = RoleGrant.objects.create(
        user=account,
        unit=unit,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document.strip(),
        granted_by=by,
    )
    trail.record(
        "accounts.role.granted",
        by=by,
        about=account,
        unit=unit,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
        document=document.strip(),
    )
    return grant


@transaction.atomic
def end_grant(*, grant: RoleGrant, reason: str, by: User) -> RoleGrant:
    """End a role at this moment, not at midnight; the row stays with its reason."""
    lock_administrators()
    grant = RoleGrant.objects.locked(grant.pk, "user", "unit")
    now = clock.now()
    refuse_if(rules.why_not_end_grant(grant, by, reason=reason, today=now.date()))
    _end(grant, reason, now, by)
    return grant


def _end(grant: RoleGrant, reason: str, now: datetime, by: User) -> None:
    grant.ended_at = now
    grant.end_reason = reason.strip()[:200]
    grant.valid_to = max(grant.valid_from, min(grant.valid_to or now.date(), now.date()))
    grant.save(update_fields=["ended_at", "end_reason", "valid_to"])
    trail.record(
        "accounts.role.ended", by=by, about=grant.user, unit=grant.unit, role=grant.role, reason=grant.end_reason
    )
