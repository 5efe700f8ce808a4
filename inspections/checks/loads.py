"""How many checks of a quarter each inspector has, as far as the reader may know (decisions.md 3, ui.md 7.4)."""

from collections import Counter

from django.db.models import Count, F, Q

from benxi_shuangsuiji.accounts.roles import Permission
from inspections.models import InspectionStatus
from plans.models import DrawStatus, TeamMember
from registry import book


def known_to(user, unit, quarter) -> Counter:
    """Inspector → teams he is in. Outside the circle a pick counts once its result is public or its draw released."""
    known = (
        Q(team__pick__draw__unit__in=user.units_with(Permission.SEE_SEALED))
        | Q(team__pick__draw__status=DrawStatus.RELEASED)
        | Q(team__pick__inspection__status=InspectionStatus.PUBLISHED)
    )
    rows = (
        TeamMember.objects.filter(
            inspector__in=book.inspectors_of(unit),
            team__pick__run=F("team__pick__draw__run"),
            team__pick__draw__year=quarter.year,
            team__pick__draw__number=quarter.number,
            team__pick__draw__status__in=[DrawStatus.DRAWN, DrawStatus.RELEASED],
        )
        .filter(known)
        .order_by()
        .values_list("inspector")
        .annotate(n=Count("pk", distinct=True))
    )
    return Counter(dict(rows))
