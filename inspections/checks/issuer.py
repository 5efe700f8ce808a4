"""What papers of a check say alike: whose name and seal they carry, and the place as the registry had it (五-2a, N-1)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from inspections.models import Body, Inspection, PaperBody
from registry.facilities.past import facility_on
from registry.models import Facility


@dataclass(frozen=True)
class Issuer:
    """`body` is 检查主体 and whose seal; `by` who carries the check out, where that is another unit."""

    body: str
    by: str


def issuer_of(inspection: Inspection) -> Issuer:
    """By the setting that held when the check was dispatched, under the names of that day; the plan's own word is 市执法队."""
    day = timezone.localtime(inspection.dispatched_at).date()
    standing = in_force(day)
    above = {u.kind: u for u in Unit.objects.filter(kind__in=(UnitKind.CITY_TEAM, UnitKind.CITY_BUREAU))}
    chosen = standing.body if standing else Body.TEAM
    if inspection.unit.kind == UnitKind.CITY_TEAM:
        chosen = Body.TEAM
    kind = {Body.TEAM: UnitKind.CITY_TEAM, Body.BUREAU: UnitKind.CITY_BUREAU}.get(chosen)
    body = above.get(kind, inspection.unit).on(day).signed
    by = inspection.executing_unit.on(day).signed
    return Issuer(body, "" if by == body else by)


def in_force(day: date) -> PaperBody | None:
    return PaperBody.objects.filter(valid_from__lte=day).first()


def place_of(inspection: Inspection) -> Facility:
    """The place as the registry had it: on the day of the check when the result is handed in, before that at dispatch.

    What is changed or entered later changes no paper.
    """
    day, known = inspection.dispatched_at, inspection.dispatched_at
    if inspection.ended_at and inspection.uploaded_at:
        day, known = inspection.ended_at, inspection.uploaded_at
    return facility_on(inspection.facility, timezone.localtime(day).date(), known) or inspection.facility
