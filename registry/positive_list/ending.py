"""Proposed exits that end by themselves: nothing is left to decide on (七(三)-d, -e, decision 0103).

Whoever takes away what a proposal may rest on calls `end_groundless` in the same transaction: an import that corrects, one
that is withdrawn, a level that is put right, a public result that is corrected or withdrawn; the monthly round sees to what the
calendar took away.
"""

from collections.abc import Collection
from datetime import datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.audit import trail
from registry.models import ExitState, Facility, PositiveExit

from . import exits

GROUNDLESS = "提出以后登记的次数有更正、撤回或者过了期限，现在达不到移出的条件，这条建议自行终止。"
LEFT = "这家已经由另一项决定移出正面清单，这条建议自行终止。"


def end_groundless(at: datetime, **whose) -> int:
    """End what waits without a ground, among the facilities that `whose` names (`facility=`, `facility__unit=`); return how many.

    Held before the signs are read: whoever decides at the same moment is first, or finds it ended.
    """
    waiting = _held(**whose)
    today = localtime(at).date()
    signs = exits.by_place([proposal.facility_id for proposal in waiting], today) if waiting else {}
    return _end([p for p in waiting if not exits.reasons(signs.get(p.facility_id, []), today)], at, GROUNDLESS)


def rated(facility: Facility, at: datetime) -> None:
    """A level that is put right by form may have been the ground."""
    end_groundless(at, facility=facility)


def end_of(facility: Facility, at: datetime) -> None:
    """Nobody has to decide any more whether it leaves: it has left."""
    _end(_held(facility=facility), at, LEFT)


def _held(**whose) -> list[PositiveExit]:
    waiting = PositiveExit.objects.pending().filter(**whose).select_related("facility")
    return list(waiting.select_for_update(of=("self",)).order_by("pk"))


def _end(proposals: Collection[PositiveExit], at: datetime, why: str) -> int:
    for proposal in proposals:
        proposal.decide(ExitState.ENDED, by=None, at=at, opinion=why)
        trail.record("registry.positive_list.ended", by=None, about=proposal.facility, why=why)
    return len(proposals)
