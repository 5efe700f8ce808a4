"""执法记录仪 for the box of the frame: the checks in which a recorder was worn, by its number, for whoever may see the check."""

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks import finds as checks
from inspections.models import Inspection


def recorded(user, asked: Asked) -> Found | None:
    """The number is not public with a result (八(二)-c): those who follow the check, and its team, find by it (decisions.md 3)."""
    sees = user.units_with(P.SEE_SEALED)
    team = Inspection.objects.in_my_team(user).values("pk") if user.units_with(P.FIELD_WORK) else None
    if not sees and team is None:
        return None
    mine = set(team.values_list("pk", flat=True)) if team is not None else set()
    rows = Inspection.objects.filter(
        Q(unit__in=sees) | Q(pk__in=mine), pk__in=Inspection.objects.visible_to(user).values("pk")
    )
    return Found(
        rows.exclude(recorder_no="").select_related("facility", "unit", "draw").order_by("-pk"),
        lambda check: Hit(
            check.facility.name,
            checks.address(user, check, mine),
            check.no,
            f"{check.unit.short_name}　执法记录仪 {check.recorder_no}",
        ),
        any_is(asked, "recorder_no"),
        part_of(asked, "recorder_no"),
        noted=lambda found: checks.note(user, found),
    )
