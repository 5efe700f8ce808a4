"""The to-do of a case or a referral names the place instead of the number of its paper (desk.md A3, decisions.md 3)."""

import re
from collections.abc import Sequence

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.models import Case, InspectionStatus, Referral
from plans.models import DrawStatus
from registry.frames import public_name

# 210522-2026-L001, 210522-2026-Y001, and what tells several duties about one apart.
_PAPER = re.compile(r"[0-9A-Za-z]+-[0-9]{4}-[LY][0-9]+")


def by_name(duties: Sequence[Duty], user: User) -> int:
    """Of those that the reader may open; how many of their checks nobody outside the circle knows yet."""
    asked: dict[str, list[Duty]] = {}
    for duty in duties:
        if (found := _PAPER.match(duty.period)) and found[0] in duty.title:
            asked.setdefault(found[0], []).append(duty)
    sealed = 0
    for rows in (Case.objects.visible_to(user), Referral.objects.visible_to(user)) if asked else ():
        for row in rows.filter(no__in=asked).select_related("inspection__facility", "inspection__draw"):
            check = row.inspection
            known = check.status == InspectionStatus.PUBLISHED or (
                check.draw is not None and check.draw.status == DrawStatus.RELEASED
            )
            for duty in asked[row.no]:
                place = public_name(check.facility)
                agenda.say(duty, duty.title.replace(row.no, place), row.no, place=place)
                sealed += not known
    return sealed
