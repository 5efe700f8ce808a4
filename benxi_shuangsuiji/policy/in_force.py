"""Which version of 《实施方案》 is in force on a day, with what was changed by data (附-a, 附-b)."""

from datetime import date
from typing import TYPE_CHECKING

from .versions import VERSIONS, Policy

if TYPE_CHECKING:
    from .changes import Step


def line() -> tuple[Policy, ...]:
    """Return every version, earliest first: those of VERSIONS, and between them what was changed by data (附-b)."""
    from .changes import known

    return known(VERSIONS)


def history() -> "tuple[Step, ...]":
    """Every number that was changed by data, in order, with the document (附-b)."""
    from .changes import steps

    return steps(VERSIONS)


def begins() -> date:
    """Return the first day of the first version; before it nothing of the plan was in force (附-a)."""
    return VERSIONS[0].effective_from


def on(day: date, versions: tuple[Policy, ...] = VERSIONS) -> Policy:
    """Return the version in force on `day` (附-a, 附-b), with the changes that were approved as data."""
    if versions is VERSIONS:
        versions = line()
    in_force = [version for version in versions if version.effective_from <= day]
    if not in_force:
        first = min(versions, key=lambda version: version.effective_from)
        begins = first.effective_from
        raise LookupError(
            f"《实施方案》{first.label}自 {begins.year} 年 {begins.month} 月 {begins.day} 日起执行，"
            f"{day.year} 年 {day.month} 月 {day.day} 日没有生效的版本。"
        )
    return max(in_force, key=lambda version: version.effective_from)
