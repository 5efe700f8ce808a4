"""通知书 for the box of the frame: by its 文号; it is read on the page of its check."""

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks.finds import address, note
from inspections.models import Inspection

from .models import NoticeNumber


def notices(user, asked: Asked) -> Found:
    """The circle's: that a place has a notice says that it is being checked."""
    circle = Inspection.objects.in_circle_of(user).values("pk")
    mine = set(Inspection.objects.in_my_team(user).values_list("pk", flat=True))
    rows = NoticeNumber.objects.filter(inspection__in=circle).select_related("inspection__facility", "unit")
    return Found(
        rows.order_by("-year", "-number"),
        lambda one: Hit(
            f"{one.inspection.facility.name}：检查通知书",
            address(user, one.inspection, mine),
            one.text,
            one.unit.short_name,
        ),
        any_is(asked, "text"),
        part_of(asked, "text"),
        noted=lambda rows: note(user, [one.inspection for one in rows]),
    )
