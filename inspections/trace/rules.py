"""Who may read the whole trace of a check (decisions.md 3)."""

from django.db.models import Q, QuerySet

from benxi_shuangsuiji.accounts.roles import Permission
from inspections.models import Inspection, InspectionStatus


def open_to(user) -> QuerySet[Inspection]:
    """The circle at any time; who reads the log, once the result is public and the list of its draw is released."""
    told = Q(draw__isnull=True) | Q(draw__released_at__isnull=False)
    public = Q(status=InspectionStatus.PUBLISHED, withdrawn_at__isnull=True)
    reads = Q(unit__in=user.units_with(Permission.SEE_LOG))
    circle = Inspection.objects.in_circle_of(user).values("pk")
    return Inspection.objects.filter(Q(pk__in=circle) | told & public & reads)
