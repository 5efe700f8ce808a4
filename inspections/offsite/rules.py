"""Why a look cannot be entered, and why an off-site check cannot end yet, as a sentence (七(三)-b, domain.md 7.5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from benxi_shuangsuiji.refusal import why_not_reason
from inspections.approvals.rules import standing as standing_approval
from inspections.approvals.rules import why_not_approved
from inspections.checks.rules import why_not_team
from inspections.checks.states import OPEN_TO_THE_TEAM
from inspections.evidence.rules import why_not_file
from inspections.models import (
    ApprovalState,
    EvidenceKind,
    Inspection,
    InspectionStatus,
    LookResult,
    Mode,
    OffsiteLook,
    OffsiteMeans,
    Outcome,
)

from .models import METHODS

EARLIEST = date(2000, 1, 1)  # no data is older; an earlier year is a slip of the pen
MOST_FILES = 5  # of one look; what is more is a look of its own


@dataclass(frozen=True)
class Seen:
    """One look as it was typed. `points`: key of a check point → what was seen of it; `files`: (name, bytes)."""

    method: str
    source: str
    period_from: date
    period_to: date
    result: str
    points: Mapping[int, str]
    files: Sequence[tuple[str, bytes]]
    clue: str = ""
    asks_enterprise: bool = False
    instead_of: OffsiteLook | None = None
    instead_why: str = ""


def why_not_look(inspection: Inspection, by) -> str:
    """Looks belong to an off-site check, from its beginning until it is handed in."""
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.mode != Mode.OFFSITE:
        return "这次检查是现场检查，不登记非现场查看。"
    if inspection.status == InspectionStatus.DISPATCHED:
        return "检查还没有开始。先登记开始时间，再登记查看。"
    if inspection.status not in OPEN_TO_THE_TEAM:
        return "检查已经提交，不能再登记查看。要补充的，由审核人退回。"
    return ""


def why_not_seen(inspection: Inspection, seen: Seen, now: datetime) -> str:
    if seen.method not in METHODS:
        return "选择查看的方式。"
    if not seen.source.strip():
        return "填写来源系统。"
    if seen.period_from < EARLIEST:
        return f"数据时段的起日不能早于 {EARLIEST.isoformat()}。核对时段。"
    if seen.period_to < seen.period_from:
        return "数据时段的止日早于起日。核对时段。"
    if seen.period_to > now.date():
        return "数据时段还没有过完。止日不能晚于今天。"
    return (
        _why_not_points(inspection, seen)
        or _why_not_result(seen)
        or _why_not_help(inspection, seen, now)
        or _why_not_instead(inspection, seen)
        or why_not_files(seen.files)
    )


def _why_not_points(inspection: Inspection, seen: Seen) -> str:
    if not any(words.strip() for words in seen.points.values()):
        return "至少在一个检查点写明看到了什么。"
    known = set(inspection.answers.filter(pk__in=seen.points).values_list("pk", flat=True))
    return "" if known == set(seen.points) else "这次检查没有这个检查点。"


def _why_not_result(seen: Seen) -> str:
    if seen.result not in LookResult.values:
        return "选择结论：未发现，或者发现线索。"
    if seen.result == LookResult.CLUE:
        return "" if seen.clue.strip() else "发现线索的，写明是什么线索。"
    return "结论是未发现，却写了线索。改选“发现线索”，或删去线索。" if seen.clue.strip() else ""


def _why_not_help(inspection: Inspection, seen: Seen, now: datetime) -> str:
    """An enterprise that has to lend a hand is disturbed: as a visit, only where it was approved (domain.md 7.5)."""
    if not seen.asks_enterprise:
        return ""
    if seen.method != OffsiteMeans.CALL:
        return "只有视频连线才要企业配合。改选方式，或不勾选企业配合。"
    asked = standing_approval(inspection)
    if asked is None or asked.state != ApprovalState.APPROVED:
        return "视频连线要企业配合的，先经分管负责人批准。"
    return why_not_approved(inspection, now)


def _why_not_instead(inspection: Inspection, seen: Seen) -> str:
    """A correction says why. One that takes a clue back looks at the same source in the same way: what another shows is a
    look beside it, and leaves the clue standing (N-14, docs/decisions/0119)."""
    other = seen.instead_of
    if other is None:
        return "不是更正的，不写更正的原因。删去原因，或选更正哪一次。" if seen.instead_why.strip() else ""
    if other.inspection_id != inspection.pk or hasattr(other, "corrected_by"):
        return "要更正的那一次不在这次检查里，或者已经更正过。重新打开页面再选。"
    if other.result == LookResult.CLUE and seen.result != LookResult.CLUE and not _same_look(seen, other):
        return (
            f"第 {other.number} 次查看发现的线索来自{other.get_method_display()}、{other.source}。撤销它的更正要用同样的方式和来源；"
            "用其他方式看的，另登记一次，不选更正。"
        )
    return why_not_reason(seen.instead_why, "更正的原因")


def _same_look(seen: Seen, other: OffsiteLook) -> bool:
    return (seen.method, seen.source.strip()) == (other.method, other.source)


def why_not_files(files: Sequence[tuple[str, bytes]]) -> str:
    """What was looked at comes along, told by its bytes as every scan (四(3)-b)."""
    if not files:
        return "附上看到的内容：截图，或者导出的 PDF。"
    if len(files) > MOST_FILES:
        return f"一次查看最多附 {MOST_FILES} 个文件。多的另登记一次查看。"
    for name, content in files:
        if reason := why_not_file(EvidenceKind.SCAN, content):
            return f"“{name}”：{reason}"
    return ""


def why_not_end(inspection: Inspection, outcome: str) -> str:
    """What was looked at from outside is said as exactly as what is seen inside (七(三)-b)."""
    if waits_to_enter(inspection):
        return "已经批准现场核实，还没有登记到场。到现场登记以后再写结果。"
    if inspection.mode != Mode.OFFSITE:
        return ""
    if not inspection.looks.standing().exists():
        return "还没有登记非现场查看。先登记用什么方式、看了什么，再写结果。"
    if waits_for_approval(inspection):
        return "现场核实的申请还在等批准。批准或者退回以后再写结果。"
    return why_not_without_a_problem(inspection) if outcome == Outcome.NO_ISSUE else ""


def why_not_without_a_problem(inspection: Inspection) -> str:
    """A clue is followed to the place, or is a problem, or another look says that it was none (N-14)."""
    clue = inspection.looks.with_clue().first()
    if clue is None or inspection.onsite_requests.filter(looks=clue).exists():
        return ""
    return (
        f"第 {clue.number} 次查看发现线索，结果不能是“{Outcome.NO_ISSUE.label}”。"
        "申请现场核实；查清不是问题的，用同样的方式和来源再看一次，更正它，写明原因。"
    )


def waits_for_approval(inspection: Inspection) -> bool:
    """A clue was found, and whether it is followed to the place has not been decided."""
    return inspection.onsite_requests.pending().filter(looks__isnull=False).exists()


def waits_to_enter(inspection: Inspection) -> bool:
    """It began off-site, and whoever goes on at the place has not come there yet (N-14)."""
    begun = inspection.status == InspectionStatus.STARTED and inspection.mode == Mode.ONSITE
    return begun and inspection.entered_at is None and inspection.looks.exists()
