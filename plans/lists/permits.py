"""What the registry knows of a facility's permit, put to the check points (三-o3, 三-o5)."""

from collections.abc import Iterable
from datetime import date

from benxi_shuangsuiji.workdays.days import full_date
from plans.models import AppliesTo
from registry.models import Facility, HazwasteKind, PermitCategory, PollutionType, Scope

PERMITTED = {PermitCategory.KEY, PermitCategory.SIMPLIFIED}


def applies(condition: str, facility: Facility) -> bool:
    """Whether a point is looked at there."""
    return {
        AppliesTo.ALL: lambda: True,
        AppliesTo.PERMITTED: lambda: facility.permit_category in PERMITTED,
        AppliesTo.PERMIT_KEY: lambda: facility.permit_category == PermitCategory.KEY,
        AppliesTo.PERMIT_SIMPLIFIED: lambda: facility.permit_category == PermitCategory.SIMPLIFIED,
        AppliesTo.REGISTERED: lambda: facility.permit_category == PermitCategory.REGISTERED,
        AppliesTo.WATER: lambda: PollutionType.WATER in facility.pollution_types,
        AppliesTo.AIR: lambda: PollutionType.AIR in facility.pollution_types,
        AppliesTo.HAZWASTE: lambda: facility.hazwaste != HazwasteKind.NONE,
        AppliesTo.RADIATION: lambda: uses_radiation(facility),
    }[condition]()


def uses_radiation(facility) -> bool:
    return PollutionType.RADIATION in facility.pollution_types or Scope.RAD in facility.scopes


def known_of(facility: Facility, today: date) -> str:
    """The head of the permit as the registry has it: number, class, end; limits and outlets stand in the permit itself."""
    if facility.permit_category == PermitCategory.NONE and not facility.permit_no:
        return "名录没有登记排污许可"
    word = "排污登记" if facility.permit_category == PermitCategory.REGISTERED else "排污许可证"
    parts = [f"{word}编号 {facility.permit_no}" if facility.permit_no else f"{word}没有登记编号"]
    parts.append(facility.get_permit_category_display())
    if facility.permit_valid_to:
        over = "，已过有效期" if facility.permit_valid_to < today else ""
        parts.append(f"有效期至 {full_date(facility.permit_valid_to)}{over}")
    else:
        parts.append("没有登记有效期")
    return "，".join(parts)


def scopes_for(facility, needs: Iterable[str]) -> tuple[str, ...]:
    """What the people sent there must be qualified for: what the registry asks, and radiation where it is checked.

    `needs`: the scopes of the items that the plan checks in the facility's category (三-o5).
    """
    found = set(facility.scopes)
    if Scope.RAD in needs and PollutionType.RADIATION in facility.pollution_types:
        found.add(Scope.RAD)
    return tuple(sorted(found))
