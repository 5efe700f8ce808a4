from registry.facilities.rules import why_not_edit_facility
from registry.models import Facility

from .sheet import Lines


def why_not_enter(facility: Facility, by) -> str:
    """The registrar enters what stands in the permit; without a permit there is nothing to enter (三-o3)."""
    if reason := why_not_edit_facility(facility, by):
        return reason
    if not facility.permit_no:
        return "名录没有登记排污许可证编号。先登记许可证，再登记许可事项。"
    return ""


def why_not_lines(faults: list[str]) -> str:
    return f"{'；'.join(faults[:5])}。{f'另有 {len(faults) - 5} 处。' if len(faults) > 5 else ''}" if faults else ""


def why_nothing_new(lines: Lines, standing: set) -> str:
    return "和现在登记的一样，没有改动。" if set(lines) == standing else ""
