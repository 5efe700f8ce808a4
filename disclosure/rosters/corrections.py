"""What 更正 of a roster means: a row reads as the registry now has it, put right there before (八(二)-c, decision 0042).

Who is on it and in which category was sealed with the draw and cannot change. A row is offered once the registry says of
its facility something else than the row; what else has changed since the freeze is left as it was public.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from disclosure.models import Publication
from registry.models import Facility

from .snapshots import row_of

COLUMNS = {
    "name": "名称",
    "uscc": "统一社会信用代码",
    "former_names": "曾用名",
    "address": "地址",
    "district": "县区",
    "industry_code": "行业代码",
    "industry": "行业",
}


def places_of(publication: Publication) -> Iterator[tuple[str, str]]:
    """(key, label) of every place where the registry differs, or that some request is about."""
    asked = {key for changes in publication.revisions.values_list("changes", flat=True) for key in changes}
    for n, said, now in _rows(publication):
        for name, label in COLUMNS.items():
            if (key := f"rows.{n}.{name}") in asked or (now and said[name] != now[name]):
                yield key, f"{said['name']} {label}"


def why_not(publication: Publication, changes: Mapping[str, str]) -> str:
    """The new words are those of the registry, where two people have put them right."""
    right = {
        f"rows.{n}.{name}": "\n".join(now[name]) if name == "former_names" else now[name]
        for n, _, now in _rows(publication)
        if now
        for name in COLUMNS
    }
    if wrong := next((key for key, value in changes.items() if right.get(key) != value), ""):
        return f"名录库里写的是“{right.get(wrong, '')}”。先在名录库改正，再更正公开的名录。"
    return ""


def _rows(publication: Publication) -> Iterator[tuple[int, dict[str, Any], dict[str, Any] | None]]:
    """The place of each row, what it says, and what the registry would say now; None of what it no longer has."""
    rows = publication.snapshot["rows"]
    found = Facility.objects.filter(code__in=[row["code"] for row in rows]).select_related("unit")
    facilities = {facility.code: facility for facility in found}
    for n, said in enumerate(rows):
        facility = facilities.get(said["code"])
        yield n, said, row_of(facility) if facility else None
