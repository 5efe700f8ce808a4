"""How accounts stand, as the list and the administrators' home count them."""

from django.db.models import Count, Exists, OuterRef, Q

from .models import RoleGrant, User

VIEWS = {
    "all": ("全部", Q()),
    "none": ("没有授权", Q(granted=False, is_active=True)),
    "first": ("待改密码", Q(must_change_password=True, is_active=True)),
    "off": ("已停用", Q(is_active=False)),
}


def accounts_of(user, today):
    """The accounts this administrator sees, each with `granted`: whether it has a role today."""
    in_force = RoleGrant.objects.in_force(today).filter(user=OuterRef("pk"))
    return User.objects.visible_to(user).annotate(granted=Exists(in_force))


def counts_of(rows) -> dict[str, int]:
    """How many there are in each view."""
    counted = rows.aggregate(**{f"n_{name}": Count("pk", filter=condition) for name, (_, condition) in VIEWS.items()})
    return {name: counted[f"n_{name}"] for name in VIEWS}
