"""Which status of a check may follow which (七(四): no step is skipped)."""

from inspections.models import (
    Inspection,
    Outcome,
)
from inspections.models import InspectionStatus as S

NEXT: dict[str, set[str]] = {
    S.DISPATCHED: {S.STARTED, S.REPLACED, S.CANCELLED},
    S.STARTED: {S.FINISHED},
    S.FINISHED: {S.REVIEWED, S.RETURNED},
    S.RETURNED: {S.FINISHED},
    S.REVIEWED: {S.PUBLISHED, S.RETURNED},
    S.PUBLISHED: set(),
    S.REPLACED: set(),
    S.CANCELLED: set(),
}


# The visit itself is over: what these count is what was checked.
ENDED = [S.FINISHED, S.RETURNED, S.REVIEWED, S.PUBLISHED]


# Nobody went, and nobody will.
DROPPED = [S.REPLACED, S.CANCELLED]


# How each sentence begins that says so: what a phone has kept of such a visit waits for the arrival (inspections.outbox).
NOT_SHOWN = "还没有出示执法证件。"
NOT_YET_THERE = ("检查还没有开始。", "还没有登记到场。", NOT_SHOWN)


# The team may still write.
OPEN_TO_THE_TEAM = [S.STARTED, S.RETURNED]


def why_not_move(inspection: Inspection, to: str) -> str:
    if to in NEXT[inspection.status]:
        return ""
    return f"这次检查现在是“{inspection.get_status_display()}”，不能改为“{S(to).label}”。重新打开页面看最新的情况。"


def move_to(inspection: Inspection, to: str) -> None:
    """Set the status; the caller holds the row's lock and has refused what may not be."""
    if to not in NEXT[inspection.status]:
        raise ValueError(f"{inspection.status} → {to}")
    inspection.status = to


# 未能检查: somebody went there, and there was no check.
NOT_CARRIED_OUT = {Outcome.NOT_OPERATING, Outcome.UNREACHABLE, Outcome.REFUSED}


# Of them those that leave the list: who refuses a check stays on it, as a finding with its case.
SHUT_OR_NOBODY = {Outcome.NOT_OPERATING, Outcome.UNREACHABLE}
