"""What of picks and checks everybody may know; the registry counts only these (decisions.md 3, ui.md 7.4)."""

from django.db.models import Q

from plans.models import DrawStatus, Pick

from .models import Inspection, InspectionStatus


def picks():
    """Standing picks whose result is public or whose draw is released."""
    public = Q(draw__status=DrawStatus.DRAWN, inspection__status=InspectionStatus.PUBLISHED)
    return Pick.objects.filter(Q(draw__status=DrawStatus.RELEASED) | public)


def checks():
    """Finished checks, of whatever source, once their result is public or their draw released."""
    known = Q(status=InspectionStatus.PUBLISHED) | Q(draw__status=DrawStatus.RELEASED)
    return Inspection.objects.filter(known, ended_at__isnull=False)
