"""What moved a unit's pool in the 30 days before a freeze (六(二)-d, SSJ1 D9).

Counted by the moment of entry: who enters a closure on the eve of a draw is found here, whatever day it was said to hold
from. The history cannot be altered, so the ledger of a frozen draw stays what it was. Nothing here knows of picks.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit
from registry.facilities import wording
from registry.frames import public_name
from registry.models import BatchKind, BatchState, ChangeKind, FacilityChange

WINDOW = timedelta(days=30)
# What decides whether and how a facility can be drawn; everything else may change without anybody's chance moving.
DECIDING = ("status", "category", "unit", "positive_list")


@dataclass(frozen=True)
class LedgerLine:
    """One change: which facility, what, from which day, old → new, when it was entered and by whom approved."""

    code: str
    name: str
    kind: str
    effective_on: date
    entered_at: datetime
    moves: tuple[str, ...]
    people: str


def changes_before(unit: Unit, moment: datetime) -> list[LedgerLine]:
    """The deciding changes entered for the unit's facilities in the 30 days up to `moment`, newest first.

    Three queries, whatever the size.
    """
    moved = FacilityChange.objects.filter(values__has_key="unit").filter(
        Q(values__unit__0=unit.code) | Q(values__unit__1=unit.code)
    )
    belonged: dict[int, str] = {}  # facility → unit at `moment`, where it moved later
    for pk, at, (old, new) in moved.order_by("-at", "-seq").values_list("facility_id", "at", "values__unit"):
        if at > moment:
            belonged[pk] = old
        else:
            belonged.setdefault(pk, new)
    told = Q(kind=ChangeKind.NEW) | Q(values__has_any_keys=DECIDING)
    changes = (
        FacilityChange.objects.filter(told, at__gt=moment - WINDOW, at__lte=moment)
        .filter(Q(facility__unit=unit) | Q(facility__in=list(belonged)))
        .exclude(batch__state=BatchState.WITHDRAWN)
        .select_related("facility", "entered_by", "approved_by")
        .order_by("-at", "-pk")
    )
    units = dict(Unit.objects.values_list("code", "short_name"))
    return [
        _line(change, units)
        for change in changes
        if belonged.get(change.facility_id, unit.code) == unit.code or unit.code in change.values.get("unit", ())
    ]


def _line(change: FacilityChange, units: dict[str, str]) -> LedgerLine:
    values = {name: pair for name, pair in change.values.items() if name in DECIDING}
    if change.kind == ChangeKind.NEW:
        values = {}
    people = change.entered_by.full_name if change.entered_by else "系统"
    if change.approved_by:
        people = f"{people}提出，{change.approved_by.full_name}批准"
    return LedgerLine(
        code=change.facility_code,
        name=public_name(change.facility),
        kind=change.get_kind_display(),
        effective_on=change.effective_on,
        entered_at=change.at,
        moves=tuple(wording.change_lines(BatchKind.FACILITY, values, units)) or ("新进名录",),
        people=people,
    )
