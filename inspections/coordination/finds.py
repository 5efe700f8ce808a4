"""督办、指导和协调 for the box of the frame: by number or matter."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of

from .models import Instruction


def instructions(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_PROGRESS):
        return None
    return Found(
        Instruction.objects.visible_to(user).select_related("unit").order_by("-sent_at", "-pk"),
        lambda one: Hit(one.title, one.get_absolute_url(), one.no, f"{one.unit}　{one.get_kind_display()}"),
        any_is(asked, "no"),
        part_of(asked, "no", "title", "unit__short_name"),
    )
