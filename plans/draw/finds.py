"""随机抽取 for the box of the frame: draws, by number or unit. Who was drawn is on no line of it (decisions.md 3)."""

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, part_of
from benxi_shuangsuiji.workdays.days import Quarter

from .models import Draw


def draws(user, asked: Asked) -> Found | None:
    if not user.units_with(P.SEE_DRAWS):
        return None
    return Found(
        Draw.objects.visible_to(user).select_related("unit").order_by("-year", "-number", "unit__position", "-pk"),
        lambda draw: Hit(
            f"{draw.unit} {Quarter(draw.year, draw.number).label}随机抽取",
            draw.get_absolute_url(),
            draw.draw_id,
            draw.get_status_display(),
        ),
        Q(draw_id=asked.number),
        part_of(asked, "draw_id", "unit__name", "unit__short_name"),
    )
