"""The to-do of a list of checks says which places it is about to whoever decides it (desk.md A3, decisions.md 3)."""

from collections.abc import Sequence

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import ApprovalState, CheckApproval, InspectionStatus
from plans.models import DrawStatus
from registry.frames import public_name

from .duties import DECISION


def by_name(duties: Sequence[Duty], user: User) -> int:
    """甲厂等 4 件 instead of P004, of those lists that the reader may open; how many of the checks only the circle knows."""
    lists = {(duty.period, duty.unit_id): duty for duty in duties if duty.rule == DECISION.id}
    if not lists:
        return 0
    rows = CheckApproval.objects.visible_to(user).filter(no__in={no for no, _ in lists}).order_by("inspection__no")
    found: dict[tuple[str, int], list[CheckApproval]] = {}
    for row in rows.select_related("inspection__facility", "inspection__draw").distinct():
        found.setdefault((row.no, row.decided_in_id), []).append(row)
    sealed = 0
    for key in lists.keys() & found.keys():
        duty = lists[key]
        left = [row for row in found[key] if row.state == ApprovalState.ASKED or duty.closed_at] or found[key]
        first = left[0].inspection
        which = f"{public_name(first.facility)}等 {len(left)} 件" if len(left) > 1 else public_name(first.facility)
        agenda.say(duty, f"审批检查：{which}", duty.period, place=which)
        sealed += not _known(first)
    return sealed


def _known(check) -> bool:
    """To everybody: by its result, or as one of the drawn since these are public."""
    released = check.draw is not None and check.draw.status == DrawStatus.RELEASED
    return released or check.status == InspectionStatus.PUBLISHED
