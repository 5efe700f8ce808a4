"""What pages show of draws that wait for dispatch."""

from django.db.models import Exists, OuterRef

from benxi_shuangsuiji.accounts.roles import Permission as P
from plans.models import Draw, DrawStatus, Pick


def undispatched(user, unit, quarter) -> Draw | None:
    """The draw of the quarter that still has picks to dispatch, for its planner."""
    if unit is None or not user.may(P.DISPATCH, unit):
        return None
    waiting = Pick.objects.standing().filter(draw=OuterRef("pk"), inspection__isnull=True)
    return (
        Draw.objects.visible_to(user)
        .filter(unit=unit, year=quarter.year, number=quarter.number)
        .filter(Exists(waiting), status__in=[DrawStatus.DRAWN, DrawStatus.RELEASED])
        .first()
    )
