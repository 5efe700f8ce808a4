"""What pages of frequency have in common."""

from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail


def note_view(request, unit, page) -> None:
    """Within the circle these counts hold what is sealed; by unit only, so that the trail names nobody (decisions.md 3)."""
    if unit is not None and request.user.may(P.SEE_SEALED, unit):
        trail.record("inspections.sealed.viewed", by=request.user, unit=unit, page=page)
