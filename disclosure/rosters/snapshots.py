"""What the public roster of a freeze holds: who is on the books, where, in what business; nothing that a visit taught (7.8)."""

from typing import Any

from disclosure.words import district_of
from plans.draw import ssj1
from plans.models import Draw
from registry.frames import public_address, public_name, public_uscc
from registry.models import Facility

OFF_BOOKS = ("out:CLOSED", "out:MOVED")


def number_of(draw: Draw) -> str:
    return f"{draw.unit.code}-{draw.plan.quarter}"


def of_draw(draw: Draw, facilities: dict[str, Facility] | None = None) -> dict[str, Any]:
    """In the order of the codes, which tells nothing of what will be drawn; the category is that of the sealed list.

    `facilities`: as they were at the freeze, where that is past; else as they are.
    """
    texts = dict(draw.documents.filter(kind="MANIFEST").values_list("kind", "digest"))
    frames = [ssj1.parse_frame(text) for text in draw.documents.filter(kind="FRAME").values_list("text", flat=True)]
    on_books = {r.id: (r.name, f.category) for f in frames for r in f.rows if r.state not in OFF_BOOKS}
    if facilities is None:
        found = Facility.objects.filter(code__in=list(on_books)).select_related("unit")
        facilities = {facility.code: facility for facility in found}
    return {
        "unit": {"code": draw.unit.code, "name": draw.unit.short_name},
        "year": draw.year,
        "quarter": draw.number,
        "draw": draw.draw_id,
        "manifest": texts["MANIFEST"],
        "rows": [
            row_of(facilities[code], name=name, category=category)
            for code, (name, category) in sorted(on_books.items())
        ],
    }


def row_of(facility: Facility, *, name: str = "", category: str = "") -> dict[str, Any]:
    """One line of a roster; `name` and `category` as they are sealed."""
    return {
        "code": facility.code,
        "name": name or public_name(facility),
        "uscc": public_uscc(facility),
        "former_names": [] if facility.is_natural_person else facility.former_names,
        "address": public_address(facility),
        "district": district_of(facility.division_code, facility.unit.code, facility.unit.short_name),
        "industry_code": facility.industry_code,
        "industry": facility.industry_name,
        "category": category or facility.category,
        "natural_person": facility.is_natural_person,
    }
