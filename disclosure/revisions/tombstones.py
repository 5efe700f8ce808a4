"""What stands in place of withdrawn words: reason, day, document number, who decided; never the words (PUB1 §2)."""

from datetime import date
from typing import Any

from benxi_shuangsuiji.workdays.days import full_date
from disclosure.models import Publication, PublicationKind

from .models import Ground, Revision


def snapshot_of(revision: Revision, *, today: date, of: Publication | None = None) -> dict[str, Any]:
    """`of`: what goes with it, where that is not what was asked about."""
    p = of or revision.publication
    return {
        "title": f"{PublicationKind(p.kind).label} {p.no}",
        "unit": {"code": p.unit_code, "name": p.unit_name},
        "year": p.year,
        "quarter": p.number,
        "ground": revision.ground,
        "ground_label": Ground(revision.ground).label,
        "reason": revision.reason,
        "document_no": revision.document_no,
        "decided_by": decided_by(revision),
        "withdrawn_on": today.isoformat(),
    }


def correction_of(revision: Revision, *, today: date, places: list[str]) -> dict[str, Any]:
    """What a corrected text says of its correction; of a text issued anew no place is named."""
    return {
        "reason": revision.reason,
        "document_no": revision.document_no,
        "decided_by": decided_by(revision),
        "corrected_on": today.isoformat(),
        "places": places,
    }


def decided_by(revision: Revision) -> str:
    """The unit and its role; whose name it is stands in the trail (ui-2.md 27)."""
    return f"{revision.publication.unit_name}分管负责人"


def in_place_of(kind: str, version: str | int | None = None, **which) -> Publication | None:
    """The tombstone that a reader finds at the address of a withdrawn text: of that version, else of the newest."""
    found = Publication.everything.filter(kind=kind, **which)
    if version is not None:
        return found.tombstones().filter(version__gte=int(version)).order_by("version").first()
    newest = found.order_by("-version").first()
    return newest if newest and newest.is_withdrawn else None


def sentence(tombstone: Publication) -> str:
    """本条信息于 2026 年 8 月 19 日因决定被撤销或者变更撤下。"""
    s = tombstone.snapshot
    return f"本条信息于 {full_date(date.fromisoformat(s['withdrawn_on']))}因{s['ground_label']}撤下。"
