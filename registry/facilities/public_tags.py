"""The tags that a public page may name, and that a plan may therefore aim at (六(二)-q).

Facts of the permit and of the place only. A unit's own tags, grounds of a category, credit and risk ratings stay with the
staff: a plan that named them would say in public what the registry thinks of somebody.
"""

from registry.models import Facility, HazwasteKind, PermitCategory, PollutionType

CHOICES: list[tuple[str, str]] = [
    *((f"p:{p.value}", f"污染类型：{p.label}") for p in PollutionType),
    ("hw", "涉危险废物"),
    *((f"permit:{c.value}", f"排污许可{c.label}") for c in PermitCategory if c != PermitCategory.NONE),
]
LABELS = dict(CHOICES)


def holds(facility: Facility, tag: str) -> bool:
    """Whether the facility has the tag today; no tag means every facility."""
    kind, _, value = tag.partition(":")
    if not tag:
        return True
    if kind == "p":
        return value in facility.pollution_types
    if kind == "permit":
        return facility.permit_category == value
    return facility.hazwaste != HazwasteKind.NONE
