"""针对性检查 for the box of the frame: asked for and not yet a check, by number; any of them by the 文号 of its source or approval."""

from django.db.models import Q

from benxi_shuangsuiji.search.finding import Asked, Found, Hit, any_is, part_of
from inspections.checks.finds import note
from registry.facilities import finds as facilities

from .models import TargetedCheck


def targeted(user, asked: Asked) -> Found:
    waiting = Q(inspection__isnull=True)
    about = Q(facility__in=facilities.called(asked))
    return Found(
        TargetedCheck.objects.visible_to(user).select_related("facility", "unit", "inspection").order_by("-pk"),
        lambda one: Hit(one.facility.name, one.get_absolute_url(), one.no, f"{one.unit}　{one.get_state_display()}"),
        any_is(asked, "reference_no", "document_no") | Q(no=asked.number) & waiting,
        waiting & (part_of(asked, "no", "reference_no", "document_no") | about),
        noted=lambda rows: note(user, [one.inspection for one in rows if one.inspection]),
    )
