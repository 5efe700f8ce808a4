"""What a decision says in public: on which publication, when, what, why; nothing about who asked (四(3)-f, domain.md 7.8)."""

from datetime import date
from typing import Any

from benxi_shuangsuiji import workdays
from disclosure.models import Publication, PublicationKind
from disclosure.revisions import places

from .models import Objection, Ruling


def title_of(objection: Objection) -> str:
    """Names the publication by its number, so that it still holds when that is withdrawn."""
    p = objection.publication
    return f"对{PublicationKind(p.kind).label} {p.no} 的{objection.get_demand_display()}的决定"


def of_ruling(ruling: Ruling, became: Publication | None, today: date) -> dict[str, Any]:
    """`became`: the version that it led to. Old and new words stand in the versions alone, where a withdrawal seals them."""
    objection, p = ruling.objection, ruling.objection.publication
    calendar, changed = workdays.calendar(), []
    if ruling.revision and not ruling.revision.is_withdrawal:
        changes = ruling.revision.changes
        asked = ruling.revision.publication
        changed = [
            {"key": place.key, "label": place.label} for place in places.places_of(asked) if place.key in changes
        ]
    return {
        "title": title_of(objection),
        "receipt": objection.receipt,
        "record": {
            "kind": p.kind,
            "no": p.no,
            "version": ruling.revision.publication.version if changed else p.version,
        },
        "became": became.version if became else None,
        "unit": {"code": objection.unit.code, "name": objection.unit.short_name},
        "relation": objection.relation,
        "relation_label": objection.get_relation_display(),
        "demand": objection.demand,
        "demand_label": objection.get_demand_display(),
        "received_on": objection.received_on.isoformat(),
        "decided_on": today.isoformat(),
        "due": objection.due(calendar).date.isoformat(),
        "workday_number": objection.used(calendar, today),
        "late_reason": objection.late_reason,
        "outcome": ruling.outcome,
        "outcome_label": ruling.get_outcome_display(),
        "reason": ruling.reason,
        "document_no": ruling.document_no,
        "places": changed,
        "checked_by": f"{objection.unit.short_name}核查 1 人，没有参加原检查",
        "decided_by": f"{objection.unit.short_name}分管负责人",
    }
