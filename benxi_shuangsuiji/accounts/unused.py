"""An account that nobody uses is a door that nobody watches: after 90 days without a sign-in it is switched off (GB/T 22239 8.1.4.2 c).

Whoever it belongs to is told 14 days before, and one sign-in is enough. The last account of each administrator's part stays, or
nobody could switch another on again. A demo's accounts are signed in to by whoever looks at it, and stay.
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import holders_of, notify, tell

from . import rules
from .actions import lock_administrators
from .models import RoleGrant, Unit, UnitKind, User
from .roles import Role
from .standing import LAST_SIGN_IN, LAST_USE, NEVER

MOST_NAMED = 10  # a message is short, and leads to the list that has all


def switch_off_unused() -> tuple[int, int]:
    """The worker's round: how many were told, and how many switched off."""
    return (0, 0) if clock.is_demo() else _switch_off_unused()


@transaction.atomic
def _switch_off_unused() -> tuple[int, int]:
    now, told, gone = clock.now(), 0, []
    if not (unused := _unused(now)).exists():
        return 0, 0
    lock_administrators()
    for account in unused.select_for_update(of=("self",)):
        if rules.why_last(account, now.date()):
            _stays(account)
            continue
        if (day := gone_at(account)) is None:
            _tell(account, now)
            told += 1
        elif day <= now:
            _switch_off(account, now)
            gone.append(account)
    if gone:
        _tell_administrators(gone, now)
        _tell_what_is_held_no_more(gone, now)
    return told, len(gone)


def _unused(now: datetime) -> QuerySet[User]:
    """Who has not signed in for so long that he is told; who was there last comes last, and so stays as the last of a part."""
    before = now - _days(now, "account_unused_days") + _days(now, "account_unused_told_days")
    return (
        User.objects.filter(is_active=True)
        .annotate(last_use=LAST_USE)
        .filter(last_use__lte=before)
        .order_by("last_use", "pk")
    )


def goes_at(account: User, today: date) -> datetime | None:
    """The day that its page shows: none of the last of an administrator's part, which stays though it was told."""
    return None if rules.why_last(account, today) else gone_at(account)


def gone_at(account: User) -> datetime | None:
    """When it is switched off, unless somebody signs in: never sooner after it was told than was said; None before that."""
    told_at = account.unused_told_at
    if told_at is None or told_at < account.last_use:
        return None
    return max(
        account.last_use + _days(told_at, "account_unused_days"), told_at + _days(told_at, "account_unused_told_days")
    )


def _days(moment: datetime, name: str) -> timedelta:
    return timedelta(days=getattr(policy.on(moment.date()).recommended, name))


def _since(account: User) -> str:
    """Who last signed in whole; one that was given a password and never came has not."""
    last = User.objects.filter(pk=account.pk).values_list(LAST_SIGN_IN, flat=True).get()
    return "一直没有登录" if last is None else f"从 {localtime(last):%Y-%m-%d} 起没有登录"


def _stays(account: User) -> None:
    """The other one of its part has gone meanwhile: what it was told counts no longer. With another to come it is told anew."""
    if account.unused_told_at is not None:
        account.unused_told_at = None
        account.save(update_fields=["unused_told_at"])


def _tell(account: User, now: datetime) -> None:
    account.unused_told_at = now
    account.save(update_fields=["unused_told_at"])
    notify(
        user=account,
        key=f"unused:{now.isoformat()}",
        title=f"账号 {account.username} 将于 {localtime(gone_at(account)):%Y-%m-%d} 停用",
        body=f"{_since(account)}。这以前登录一次，就不停用；停用以后要用的，由系统管理员启用。",
        url=reverse("accounts:devices"),
        at=now,
    )


def _switch_off(account: User, now: datetime) -> None:
    account.is_active = False
    account.save(update_fields=["is_active"])
    trail.record(
        "accounts.account.unused",
        by=None,
        about=account,
        days=(now - account.last_use).days if account.last_use > NEVER else "",
        told=localtime(account.unused_told_at).date(),
    )


def _tell_administrators(gone: list[User], now: datetime) -> None:
    names = "、".join(f"{account.full_name}（{account.username}）" for account in gone[:MOST_NAMED])
    more = f"等 {len(gone)} 个" if len(gone) > MOST_NAMED else ""
    for bureau in Unit.objects.filter(kind=UnitKind.CITY_BUREAU):
        tell(
            role=Role.ADMIN_SYSTEM,
            unit=bureau,
            key=f"unused:{now.isoformat()}",
            title=f"{len(gone)} 个长期没有登录的账号已停用",
            body=f"{names}{more}。还要用的，核实是本人以后启用。",
            url=f"{reverse('accounts:account-list')}?view=off",
        )


def _tell_what_is_held_no_more(gone: list[User], now: datetime) -> None:
    """Where the last of a role has gone, its work stands still: who runs the unit learns it, and who can give the role anew."""
    grants = RoleGrant.objects.in_force(now.date()).filter(user__in=gone).select_related("unit__serves", "unit__parent")
    held = {(grant.unit.drawing_unit, grant.role) for grant in grants}
    lost: dict[Unit, list[str]] = {}
    for unit, role in sorted(held, key=lambda one: (one[0].position, one[0].pk, one[1])):
        if not holders_of(role, unit, now):
            lost.setdefault(unit, []).append(Role(role).label)
    for unit, roles in lost.items():
        about = {
            "key": f"unheld:{unit.pk}:{now.isoformat()}",
            "title": f"{unit.short_name}没有人担任{'、'.join(roles)}"[:120],
            "body": "原来的账号长期没有登录，已经停用。由系统管理员启用，或者由授权管理员另外授权，这些事才有人办。",
        }
        runs = Role.PLANNER if holders_of(Role.PLANNER, unit, now) else Role.APPROVER
        tell(role=runs, unit=unit, **about)
        for bureau in Unit.objects.filter(kind=UnitKind.CITY_BUREAU):
            tell(role=Role.ADMIN_GRANTS, unit=bureau, url=f"{reverse('accounts:account-list')}?view=off", **about)
