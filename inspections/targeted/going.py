"""Why a targeted check does not go to the place, as a sentence (七(三)-a, -c; N-5)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from inspections.checks import from_outside
from inspections.models import Mode, OnsiteReason, Source

if TYPE_CHECKING:
    from .rules import Request

# Sources that are themselves a reason of the closed list, as in `OnsiteReason` (七(三)-a, -c).
ENTERS_LISTED_PLACES = (Source.COMPLAINT, Source.EMERGENCY, Source.DATA_CLUE, Source.ASSIGNED)


def why_not_go(request: Request, day: date) -> str:
    return _why_not_listed(request, day) or _why_not_without_a_reason(request)


def _why_not_listed(request: Request, day: date) -> str:
    """A place on the 正面清单 is checked off-site, but for complaints and what the closed list names (七(三)-a, -c)."""
    if request.mode != Mode.ONSITE or request.source in ENTERS_LISTED_PLACES:
        return ""
    entries = request.facility.positive_entries.filter(valid_from__lte=day)
    if not entries.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).exists():
        return ""
    return "这家企业在正面清单内，先按非现场发起；查不清的，再申请改为现场检查。"


def _why_not_without_a_reason(request: Request) -> str:
    """Where from outside would do, whoever goes there says why; the sources of the closed list are a reason (N-5)."""
    reason, words = request.onsite_reason, request.onsite_words.strip()
    if request.mode != Mode.ONSITE:
        return "检查方式不是现场，却写了进现场的原因。删去原因，或改选现场。" if reason or words else ""
    if reason and reason not in OnsiteReason.values:
        return "进现场的原因从列表里选。"
    if words and not reason:
        return "写了进现场的情况，没有选原因。从列表里选原因。"
    if reason == OnsiteReason.OTHER and not words:
        return "进现场的原因选“其他”的，写明情况。"
    if reason or request.source in ENTERS_LISTED_PLACES or not from_outside.would_do(request.items):
        return ""
    return "所选事项都可以用非现场或者书面方式查。要进现场的，选进现场的原因；不进的，改选非现场或者书面。"
