"""随机抽查事项清单 for the box of the frame: versions by number or unit."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, of_unit_and_period, part_of

from .models import ItemList


def item_lists(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_ITEMS):
        return None
    rows = ItemList.objects.visible_to(user).select_related("unit").alias(called=of_unit_and_period(quarterly=False))
    return Found(
        rows.order_by("-year", "unit__position", "-version"),
        lambda one: Hit(str(one), one.get_absolute_url(), f"{one.unit.code}-{one.year}", one.get_status_display()),
        any_is(asked, "called"),
        part_of(asked, "called", "unit__name", "unit__short_name"),
    )
