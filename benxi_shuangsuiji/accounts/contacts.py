"""Where a unit is found and reached, for everybody: kept by its registrar or the system administrator (四(3)-f, 0-c)."""

from django.db import transaction

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if

from .models import Unit, UnitKind, User
from .roles import Permission

KINDS = (UnitKind.CITY_BUREAU, UnitKind.CITY_TEAM, UnitKind.BRANCH)
FIELDS = ("telephone", "email", "address", "hours")
LEAST_DIGITS = 7


def units():
    """Those that the public turns to: the bureau, the team, the branches that are there."""
    return Unit.objects.open().filter(kind__in=KINDS).order_by("position", "code")


def kept_by(user: User):
    """The units whose contact this person keeps."""
    if user.units_with(Permission.MANAGE_SYSTEM):
        return units()
    return units().filter(pk__in=user.units_with(Permission.EDIT_FACILITIES))


def why_not_keep(unit: Unit, user: User, *, telephone: str) -> str:
    if not kept_by(user).filter(pk=unit.pk).exists():
        return "单位的地址和电话由本单位名录管理员或者系统管理员登记。"
    few = sum(c.isdigit() for c in telephone) < LEAST_DIGITS
    return f"电话至少 {LEAST_DIGITS} 位数字，写明区号。" if few else ""


@transaction.atomic
def keep(*, unit: Unit, telephone: str, email: str, address: str, hours: str, by: User) -> Unit:
    """Public at once, on /contact/ and on each result."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    refuse_if(why_not_keep(unit, by, telephone=telephone))
    unit.telephone, unit.email, unit.address, unit.hours = (word.strip() for word in (telephone, email, address, hours))
    unit.save(update_fields=list(FIELDS))
    trail.record(
        "accounts.contact.kept", by=by, about=unit, unit=unit, **{name: getattr(unit, name) for name in FIELDS}
    )
    return unit
