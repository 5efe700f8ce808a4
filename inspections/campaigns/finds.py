"""专项检查 for the box of the frame: by number, title or document; it stands in the list of its unit."""

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.models import Campaign

from .duties import address_of

SEES = (P.RAISE_CHECK, P.APPROVE_CHECK, P.SEE_SEALED)  # who opens the list


def campaigns(user, asked: Asked) -> Found | None:
    units = set().union(*(user.units_with(permission) for permission in SEES))
    if not units:
        return None
    rows = Campaign.objects.filter(Q(unit__in=units) | Q(unit__kind=UnitKind.CITY_TEAM))
    return Found(
        rows.select_related("unit").order_by("-asked_at", "-pk"),
        lambda one: Hit(one.title, address_of(one), one.no, f"{one.unit}　{one.get_state_display()}"),
        any_is(asked, "no", "document"),
        part_of(asked, "no", "title", "document"),
    )
