"""How accounts stand, as the list and the administrators' home count them."""

from datetime import datetime

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest

from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.workdays.days import short_date

from .models import KnownDevice, RoleGrant, SecondFactorReset, User
from .roles import ADMIN_PARTS, CITY_WIDE, Permission

NEVER = datetime.fromisoformat("2000-01-01T00:00:00+08:00")
# The last whole sign-in: a password alone, which Django notes as `last_login`, is none where a code is asked for after it.
_PROVEN = KnownDevice.objects.filter(user=OuterRef("pk"), proven_at__isnull=False).order_by("-proven_at")
LAST_SIGN_IN = Subquery(_PROVEN.values("proven_at")[:1])
# The last that is known of the use of an account: a sign-in, or the password that it was opened with, set or reset.
LAST_USE = Greatest(
    *(Coalesce(when, Value(NEVER), output_field=DateTimeField()) for when in (LAST_SIGN_IN, F("password_changed_at")))
)
# Unless somebody signs in, or it has become the last of its part (`unused`).
GOES = Q(is_active=True, unused_told_at__gte=F("last_use"), is_last=False)
VIEWS = {
    "all": ("全部", Q()),
    "none": ("没有授权", Q(granted=False, is_active=True)),
    "first": ("待改密码", Q(must_change_password=True, is_active=True)),
    "reset": ("等批准重置动态口令", Q(waits_for_reset=True)),
    "goes": ("快要停用", GOES),
    "off": ("已停用", Q(is_active=False)),
}


def accounts_of(user, today):
    """The accounts this administrator sees, each with `granted`: whether it has a role today, `waits_for_reset`, `last_use`,
    and `is_last`: whether nobody else holds its administrator's part."""
    in_force = RoleGrant.objects.in_force(today).filter(user=OuterRef("pk"))
    asked = SecondFactorReset.objects.pending().filter(account=OuterRef("pk"))
    parts = RoleGrant.objects.in_force(today).filter(role__in=ADMIN_PARTS, user__is_active=True)
    others = parts.filter(role=OuterRef("role")).exclude(user=OuterRef("user"))
    last = parts.filter(~Exists(others), user=OuterRef("pk"))
    return User.objects.visible_to(user).annotate(
        granted=Exists(in_force), waits_for_reset=Exists(asked), last_use=LAST_USE, is_last=Exists(last)
    )


def resets_to_decide(user, unit, quarter) -> Waiting | None:
    """What waits for the grants administrator, beside the door of the accounts."""
    if not user.units_with(Permission.MANAGE_GRANTS):
        return None
    return Waiting((SecondFactorReset.objects.pending().exclude(account=user),), red=True)


def who_decides(role: str, unit, today) -> list[tuple[str, str]]:
    """Who holds the role now or later, each with his days where it is his for a time only, as a deputy's is (decisions.md 7)."""
    return [(grant.user.full_name, when_of(grant, today)) for grant in holders(role, unit, today)]


def holders(role: str, unit, today) -> list[RoleGrant]:
    """The grants behind `who_decides`, each with its account."""
    held = RoleGrant.objects.filter(role=role, ended_at__isnull=True, user__is_active=True).select_related("user")
    if role not in CITY_WIDE:
        held = held.filter(unit=unit)
    still = held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).order_by("valid_from", "pk")
    return list(still[:20])


def when_of(grant, today) -> str:
    if grant.valid_to is None and grant.valid_from <= today:
        return "可以决定"
    days = f"{short_date(grant.valid_from)}" + (f"至 {short_date(grant.valid_to)}" if grant.valid_to else "起")
    return f"{days}可以决定（{grant.document}）"


def counts_of(rows) -> dict[str, int]:
    """How many there are in each view."""
    counted = rows.aggregate(**{f"n_{name}": Count("pk", filter=condition) for name, (_, condition) in VIEWS.items()})
    return {name: counted[f"n_{name}"] for name in VIEWS}
