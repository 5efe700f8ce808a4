"""What every change of a facility has in common: its lock, its row of history, its label."""

import json
from datetime import date
from decimal import Decimal

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from registry import book
from registry.models import Facility, FacilityChange, FacilityRating, Rating

from . import categories, chain, search


def locked(facility: Facility) -> Facility:
    """The facility as it is now, held until the transaction ends; refused when its history does not fit."""
    book.lock_for_edit()
    facility = Facility.objects.locked(facility.pk, "unit")
    refuse_if(chain.why_not_trust(facility))
    return facility


def change_of(facility, kind, now, *, by, reason, evidence="", on: date | None = None, approved_by=None):
    """A row of history that still has to say what changes."""
    return FacilityChange(
        facility=facility,
        facility_code=facility.code,
        kind=kind,
        effective_on=on or now.date(),
        reason=reason[:200],
        evidence=evidence[:200],
        values={},
        entered_by=by,
        approved_by=approved_by,
        at=now,
    )


def relabel(facility: Facility, change: FacilityChange) -> None:
    """Compute the category anew from the grounds in force, and note it where it moved."""
    before = facility.category
    if categories.put_label(facility, categories.open_kinds(facility)) and before != facility.category:
        change.values["category"] = [before, facility.category]


def record(verb: str, facility: Facility, change: FacilityChange, *, by: User | None, **details) -> None:
    """Write the row, its history and the trail, which keeps number and digest of the entry."""
    facility.version += 1
    facility.search_text = search.facility_text(facility)
    facility.save()
    change.save()
    trail.record(verb, by=by, about=facility, entry=chain.entry(change), **details)


def json_of(value):
    return json.loads(json.dumps(value, default=lambda v: str(v) if isinstance(v, Decimal) else v.isoformat()))


def note_ratings(facility: Facility, change: FacilityChange) -> None:
    """A level set by form is one of the running year (or month)."""
    day = change.effective_on
    FacilityRating.objects.bulk_create(
        FacilityRating(
            facility=facility,
            kind=kind,
            code=change.values[kind][1] or "",
            year=day.year,
            month=day.month if kind.monthly else None,
            source=change.reason,
            entered_by=change.entered_by,
            entered_at=change.at,
        )
        for kind in Rating
        if kind in change.values
    )
