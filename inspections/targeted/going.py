"""Why a targeted check does not go to the place, as a sentence (七(三)-a, -c; N-5, N-14; docs/decisions/0114)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.timezone import localtime

from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks import from_outside
from inspections.checks.listed import entry_on
from inspections.models import Mode, OffsiteLook, OnsiteReason, Source, TargetedCheck
from inspections.onsite.rules import why_not_paper

if TYPE_CHECKING:
    from .rules import Request

# Sources that are themselves a reason of the closed list, as in `OnsiteReason` (七(三)-a, -c).
ENTERS_LISTED_PLACES = (Source.COMPLAINT, Source.EMERGENCY, Source.ASSIGNED)
# A clue of the data takes people to any other place; to a listed one only what was seen from outside does (N-14).
A_REASON = (*ENTERS_LISTED_PLACES, Source.DATA_CLUE)


def why_not_go(request: Request, day: date) -> str:
    return _why_not_listed(request, day) or _why_not_without_a_reason(request)


def _why_not_listed(request: Request, day: date) -> str:
    """A place on the 正面清单 is checked off-site, but for complaints and what the closed list names (七(三)-a, -c)."""
    if request.mode != Mode.ONSITE or entry_on(request.facility, day) is None:
        return ""
    if request.onsite_reason == OnsiteReason.OTHER:
        return "这家企业在正面清单内，进现场的原因只能从列表里选，不能选“其他”。"
    if request.source in ENTERS_LISTED_PLACES:
        return ""
    if request.source == Source.DATA_CLUE:
        return _why_not_for_a_clue(request)
    return "这家企业在正面清单内，先按非现场发起；查不清的，派发以后在这次检查的页面上申请现场检查。"


def _why_not_for_a_clue(request: Request) -> str:
    """What the data say of a listed place is first looked at from outside: its look says whether anybody has to go (N-14)."""
    if not request.onsite_reason:
        return "这家企业在正面清单内，数据线索先按非现场核实；要进现场的，从列表里选进现场的原因，写明编号和情况。"
    if reason := why_not_paper(request.onsite_reason, request.onsite_reference):
        return reason
    if reason := why_not_reason(request.onsite_words, "进现场的情况"):
        return reason
    looks = OffsiteLook.objects.standing().filter(
        inspection__facility=request.facility,
        inspection__unit=request.unit,
        at__gte=(request.reference or {})["reference_at"],
    )
    if request.onsite_reason == OnsiteReason.CLUE and not looks.with_clue().exists():
        return "线索时间以后，没有对这家企业登记过发现线索的非现场查看。先按非现场发起，登记查看，再进现场。"
    if request.onsite_reason == OnsiteReason.UNCLEAR and not looks.exists():
        return "线索时间以后，没有对这家企业登记过非现场查看，说不上查不清。先按非现场发起，登记查看，再进现场。"
    return ""


def _why_not_without_a_reason(request: Request) -> str:
    """Where from outside would do, whoever goes there says why; the sources of the closed list are a reason (N-5)."""
    reason, words, paper = request.onsite_reason, request.onsite_words.strip(), request.onsite_reference.strip()
    if request.mode != Mode.ONSITE:
        return "检查方式不是现场，却写了进现场的原因。删去原因，或改选现场。" if reason or words or paper else ""
    if reason and reason not in OnsiteReason.values:
        return "进现场的原因从列表里选。"
    if (words or paper) and not reason:
        return "写了进现场的编号或情况，没有选原因。从列表里选原因。"
    if reason != request.source and (missing := why_not_paper(reason, paper)):  # the source names the same paper itself
        return missing
    if reason == OnsiteReason.OTHER and not words:
        return "进现场的原因选“其他”的，写明情况。"
    if reason or request.source in A_REASON or not from_outside.would_do(request.items):
        return ""
    return "所选事项都可以用非现场或者书面方式查。要进现场的，选进现场的原因；不进的，改选非现场或者书面。"


def listed_words(asked: TargetedCheck, today: date) -> str:
    """For whoever approves: that the place was on the 正面清单 when its team was sent (else today), and by what it is entered."""
    sent = asked.inspection and localtime(asked.inspection.dispatched_at).date()
    entry = entry_on(asked.facility, sent or today)
    if entry is None:
        return ""
    if asked.mode != Mode.ONSITE:
        return f"在正面清单内（{entry.batch}），不进现场"
    source = Source(asked.source).label if asked.source in ENTERS_LISTED_PLACES else ""
    by = "；".join(filter(None, [source, asked.onsite_why]))
    return f"在正面清单内（{entry.batch}），除信访举报等情形外不进现场。这次进现场，因为：{by or '没有写'}"
