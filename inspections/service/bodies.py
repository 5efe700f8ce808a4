"""Whose name and seal every paper of a check carries alike (五-2a, N-1): one answer for all of them."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from inspections.models import Inspection

from .models import Body, PaperBody

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


def why_not_set(by) -> str:
    return "" if by.units_with(Permission.EDIT_CITY_ITEMS) else "由市执法队牵头部门登记。"


@transaction.atomic
def set_body(*, body: str, document: str, valid_from: date, by: User) -> PaperBody:
    """From a day on, by a document; papers of checks dispatched before keep theirs."""
    today = timezone.localtime(clock.now()).date()
    refuse_if(
        why_not_set(by)
        or why_not_reason(document, "依据文件")
        or ("起始日不能早于今天，已经派发的检查不改。" if valid_from < today else "")
    )
    made = PaperBody.objects.create(
        body=body, document=document.strip(), valid_from=valid_from, entered_by=by, entered_at=clock.now()
    )
    trail.record("inspections.paper_body.set", by=by, body=body, document=made.document, valid_from=valid_from)
    return made
