"""To-dos of a draw (七(二)-j)."""

from django.urls import reverse

from benxi_shuangsuiji.notices import duties
from benxi_shuangsuiji.workdays.days import Quarter
from plans.models import Draw

DRAW_RULE = "D-4b"


def open_draw_duty(draw: Draw) -> None:
    """A draw that is held is to be filed (D-4b)."""
    duties.ensure(
        DRAW_RULE,
        draw.unit,
        str(Quarter(draw.year, draw.number)),
        url=reverse("plans:draw-file", args=[draw.draw_id]),
    )
