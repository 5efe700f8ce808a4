"""What pages of frequency have in common."""

from dataclasses import dataclass

from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.indicators.facts import Scope
from inspections.indicators.figures import Figure, figure
from inspections.indicators.of_frequency import Standing, standings


@dataclass(frozen=True)
class Report:
    """Everybody of the unit who is at a limit or beyond it, with the figures of the year."""

    lines: list[Standing]
    warned: int  # D-19: one before the limit
    often: Figure  # K10
    beyond: Figure  # K11
    random: Figure  # K8


def report(user, unit: Unit, year: int) -> Report:
    """As far as this reader may know it; a fixed number of queries."""
    scope = Scope.known_to(user, [unit], Quarter(year, 4), whole_year=True)
    found = standings(scope)
    lines = [one for one in found if one.over or one.full]
    return Report(lines, sum(one.warned for one in found), figure(scope, 10), figure(scope, 11), figure(scope, 8))


def note_view(request, page, *units) -> None:
    """Within the circle these counts hold what is sealed; by unit only, so that the trail names nobody (decisions.md 3)."""
    if inside := [unit for unit in units if unit is not None and request.user.may(P.SEE_SEALED, unit)]:
        trail.record("inspections.sealed.viewed", by=request.user, page=page, **trail.of_units(inside))
