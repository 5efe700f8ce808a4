"""What papers of a check say alike: whose name and seal they carry, and the place as the registry had it (五-2a, N-1)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from inspections.models import Body, Inspection, PaperBody
from registry.facilities.past import facility_on
from registry.models import Facility

BUREAU = "本溪市生态环境局"


@dataclass(frozen=True)
class Issuer:
    """`body` is 检查主体 and whose seal; `by` who carries the check out, where that is another unit."""

    body: str
    by: str


def issuer_of(inspection: Inspection) -> Issuer:
    """By the setting that held when the check was dispatched; the plan's own word is 市执法队."""
    day = timezone.localtime(inspection.dispatched_at).date()
    standing = in_force(day)
    team = Unit.objects.filter(kind=UnitKind.CITY_TEAM).first()
    chosen = standing.body if standing else Body.TEAM
    if inspection.unit.kind == UnitKind.CITY_TEAM:
        chosen = Body.TEAM
    body = {
        Body.TEAM: team.name if team else inspection.unit.name,
        Body.BRANCH: inspection.unit.name,
        Body.BUREAU: BUREAU,
    }[chosen]
    by = inspection.executing_unit.name
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
