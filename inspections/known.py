"""What of picks and checks everybody may know; the registry counts only these (decisions.md 3, ui.md 7.4)."""

from django.db.models import Q
from django.utils.timezone import localtime

from plans.models import DrawStatus, Pick

from .models import Inspection, InspectionStatus, OnsiteRequest, RequestState


def picks():
    """Standing picks whose result is public or whose draw is released."""
    public = Q(draw__status=DrawStatus.DRAWN, inspection__status=InspectionStatus.PUBLISHED)
    return Pick.objects.filter(Q(draw__status=DrawStatus.RELEASED) | public)


def checks():
    """Finished checks, of whatever source, once their result is public or their draw released."""
    known = Q(status=InspectionStatus.PUBLISHED) | Q(draw__status=DrawStatus.RELEASED)
    return Inspection.objects.filter(known, ended_at__isnull=False)


def onsite(facility) -> list[str]:
    """Why a place on the 正面清单 was entered, by whose approval (七(三)-c)."""
    approved = OnsiteRequest.objects.filter(
        state=RequestState.APPROVED, inspection__in=checks().filter(facility=facility).values("pk")
    )
    return [
        f"{localtime(row.inspection.ended_at):%Y-%m-%d} 现场检查：{row.get_reason_display()}（{row.reference}），"
        f"{row.decided_by.full_name}批准"
        for row in approved.select_related("inspection", "decided_by").order_by("-inspection__ended_at")[:5]
    ]
