"""The to-do of a list of checks says which places it is about to whoever decides it (desk.md A3, decisions.md 3)."""

import re
from collections.abc import Sequence

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import ApprovalState, CheckApproval, InspectionStatus
from plans.models import DrawStatus
from registry.frames import public_name

from .duties import DECISION

_LIST = re.compile(r"[0-9A-Za-z]+-[0-9]{4}-P[0-9]+")


def by_name(duties: Sequence[Duty], user: User) -> int:
    """甲厂等 4 件 instead of P004, of those lists that the reader may open; how many of the checks only the circle knows."""
    lists: dict[tuple[str, int | None], list[Duty]] = {}
    for duty in duties:
        if duty.rule == DECISION.id:
            lists.setdefault((duty.period, duty.unit_id), []).append(duty)
        elif not duty.rule and _LIST.fullmatch(duty.period):  # what was told about a list: whoever decides it
            lists.setdefault((duty.period, None), []).append(duty)
    if not lists:
        return 0
    known = CheckApproval.objects.visible_to(user).filter(no__in={no for no, _ in lists}).order_by("inspection__no")
    found: dict[tuple[str, int | None], list[CheckApproval]] = {}
    for row in known.select_related("inspection__facility", "inspection__draw").distinct():
        found.setdefault((row.no, row.decided_in_id), []).append(row)
        found.setdefault((row.no, None), []).append(row)
    sealed = 0
    for rows, duty in ((found.get(key, []), duty) for key, of_it in lists.items() for duty in of_it):
        asked = duty.rule and not duty.closed_at
        left = [row for row in rows if row.state == ApprovalState.ASKED or not asked] or rows
        if not left:
            continue
        first = left[0].inspection
        which = f"{public_name(first.facility)}等 {len(left)} 件" if len(left) > 1 else public_name(first.facility)
        title = re.sub(rf"审批 [0-9]+ 件检查（{duty.period}）", f"审批检查：{which}", duty.title)
        agenda.say(duty, title.replace(f"（{duty.period}）", f"：{which}"), duty.period, place=which)
        sealed += not _known(first)
    return sealed


def _known(check) -> bool:
    """To everybody: by its result, or as one of the drawn since these are public."""
    released = check.draw is not None and check.draw.status == DrawStatus.RELEASED
    return released or check.status == InspectionStatus.PUBLISHED
