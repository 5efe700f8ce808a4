"""Why something with a visit's evidence cannot be done, as a sentence (四(3)-b, 七(五)-h)."""

import math
import re
from datetime import datetime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.documents import pictures, videos
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.checks.rules import why_not_team
from inspections.checks.states import DROPPED, ENDED
from inspections.models import (
    CheckAnswer,
    Evidence,
    EvidenceKind,
    Inspection,
    InspectionStatus,
    Mode,
    Recorder,
    Recording,
)

from . import recordings as of_recordings

# What stands on the housing of a recorder. The boxes of the phone ask the same before anything is kept there.
RECORDER_NO = r"(?=.*[0-9])[A-Za-z0-9\-]+"
RECORDER_NO_WORDS = "记录仪编号由字母、数字和连字符组成，至少有一个数字，例如 BX-MS-07。照机身上的编号写。"
MOST_BYTES = 10 * pictures.MIB
SHOTS = {EvidenceKind.PHOTO, EvidenceKind.VIDEO}  # made at the place, while the visit lasts


def most_bytes(kind: str) -> int:
    """How large a file of a kind may be; of a video the policy says it."""
    if kind != EvidenceKind.VIDEO:
        return MOST_BYTES
    return policy.on(clock.today()).recommended.video_most_megabytes * pictures.MIB


def word_for(kind: str) -> str:
    return {EvidenceKind.SCAN: "扫描件", EvidenceKind.VIDEO: "视频"}.get(kind, "照片")


def why_too_large(kind: str, size: int) -> str:
    """Asked before the bytes are read."""
    if kind != EvidenceKind.VIDEO or size <= most_bytes(kind):
        return pictures.why_too_large(size, most_bytes(kind), word_for(kind))
    most = most_bytes(kind) // pictures.MIB
    return f"视频 {math.ceil(size / pictures.MIB)} MB，最多 {most} MB。拍短一点，或把手机录像改成 720P，再传。"


def why_not_keep(inspection: Inspection, by, *, taken_at: datetime | None = None, kind: str = "") -> str:
    """A photograph belongs to the visit in which it was taken, whenever the network lets it come (四(3)-b)."""
    # Signed papers also come back to the planner of the unit, before the visit (审批表) as after it.
    # And, once the result is public, to the archivist, who scans the paper file.
    dispatches = by.may(Permission.DISPATCH, inspection.unit_id)
    archives = by.may(Permission.KEEP_ARCHIVE, inspection.unit_id) and inspection.status == InspectionStatus.PUBLISHED
    of_the_unit = kind == EvidenceKind.SCAN and (dispatches or archives)
    if reason := "" if of_the_unit else why_not_team(inspection, by):
        return reason
    what = "视频" if kind == EvidenceKind.VIDEO else "照片"
    if inspection.status in DROPPED:
        return f"这次检查不再进行，{what}没有收。"
    if of_the_unit:
        return ""
    if inspection.started_at is None:
        return "检查还没有开始。先登记到场，再拍照。"
    if taken_at is None:
        return ""
    if taken_at < inspection.started_at.replace(second=0, microsecond=0):
        return f"{what}拍在登记到场以前，没有收。到场以后再拍。"
    if inspection.status == InspectionStatus.RETURNED or kind not in SHOTS:
        return ""
    if inspection.ended_at and taken_at > inspection.ended_at and inspection.status in ENDED:
        return f"检查已经提交，只收检查期间拍的{what}。要补充的，由审核人退回。"
    return ""


def why_not_strike(inspection: Inspection, by, thing) -> str:
    """Until the result is reviewed the team strikes out what does not belong there; it is never deleted (四(3)-b)."""
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.status in (*DROPPED, InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED):
        return "检查结果已经审核，证据不能再划去。要改的，由审核人退回。"
    if isinstance(thing, Evidence) and thing.looks.filter(look__corrected_by__isnull=True).exists():
        return "这份材料是一次非现场查看看到的内容，不能划去。登记错的，另登记一次查看更正它。"
    return "已经划去。" if hasattr(thing, "struck") else ""


def why_not_point(inspection: Inspection, point: CheckAnswer | None) -> str:
    return "" if point is None or point.inspection_id == inspection.pk else "这次检查没有这个检查点。"


def why_not_file(kind: str, content: bytes) -> str:
    """Told by the bytes, whatever the name says."""
    if reason := why_too_large(kind, len(content)):
        return reason
    if kind == EvidenceKind.VIDEO:
        return videos.why_not_video(content, policy.on(clock.today()).recommended.video_most_seconds)
    photo = kind == EvidenceKind.PHOTO
    return pictures.why_not_photo(content) if photo else pictures.why_not_scan(content)


def why_not_same(told: str, found: str) -> str:
    """What arrived is what the phone sent."""
    return "指纹对不上，没有收。重传。" if told and told.lower() != found else ""


def why_not_covered(inspection: Inspection, at: datetime) -> str:
    """From arrival to end the recorder ran, or it is said why it did not (七(五)-h)."""
    gaps = of_recordings.unexplained(inspection, inspection.recordings.all(), at)
    return f"执法记录仪 {'、'.join(map(str, gaps))} 没有录像，写明原因。" if gaps else ""


def why_not_explain(inspection: Inspection, by) -> str:
    """Why nothing was recorded the team can say at any time, with its name and the day: it changes no recording."""
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.mode != Mode.ONSITE:
        return "非现场检查没有执法记录仪录像。"
    return "检查还没有开始。先登记到场。" if inspection.started_at is None else ""


def why_not_record(inspection: Inspection, by) -> str:
    """Recordings are entered by the team, during the visit and after it; once the result is reviewed only what the devices
    hold and nobody has read out yet: each entry keeps its own day, and nothing that was reviewed is changed by it."""
    if reason := why_not_explain(inspection, by):
        return reason
    reviewed = inspection.status in (InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED)
    if reviewed and of_recordings.is_complete(inspection):
        return "检查结果已经审核，从到场到结束的录像都登记了，不能再改。"
    return ""


def why_not_span(inspection: Inspection, starts_at: datetime, ends_at: datetime | None, now: datetime) -> str:
    if (ends_at or starts_at) > now:
        return "录像时间晚于现在。核对时间。"
    if ends_at and ends_at < starts_at:
        return "录像的结束时间早于开始时间。核对时间。"
    if (ends_at and ends_at <= inspection.started_at) or (inspection.ended_at and starts_at >= inspection.ended_at):
        return "这段录像不在检查期间。核对时间，或选对检查。"
    return ""


def why_not_stop(running: list[Recording], at: datetime, now: datetime) -> str:
    if not running:
        return "记录仪没有在录。"
    if len(running) > 1:
        return f"{'、'.join(r.recorder_no for r in running)}都在录。写明停的是哪一台。"
    if at > now:
        return "停止时间晚于现在。核对时间。"
    return "停止时间早于开始时间。核对时间。" if at < running[0].starts_at else ""


def why_not_sample(inspection: Inspection, by, *, taken_at: datetime, no: str, now: datetime) -> str:
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.started_at is None:
        return "检查还没有开始。先登记到场，再采样。"
    if inspection.status in (*DROPPED, InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED):
        return "检查结果已经审核，不能再登记采样。"
    if taken_at > now:
        return "采样时间晚于现在。核对时间。"
    if taken_at < inspection.there_since.replace(second=0, microsecond=0):
        return "采样时间早于到场时间。核对时间。"
    if inspection.samples.filter(no=no.strip()).exists():  # a number that was struck out is not used again
        return f"这次检查里已有样品 {no.strip()}。换一个编号。"
    return ""


# The register of recorders
def why_not_keep_recorders(unit, by) -> str:
    return "" if unit and by.may(Permission.DISPATCH, unit) else "由本单位的计划员登记执法记录仪。"


def why_not_number(no: str) -> str:
    """Nothing reads the device: that what was declared can be a number at all is all that can be asked (七(五)-h)."""
    return "" if re.fullmatch(RECORDER_NO, no.strip()) else RECORDER_NO_WORDS


def why_not_recorder(unit, no: str, keeper, in_use: bool, why: str, this: Recorder | None = None) -> str:
    if not no.strip():
        return "填写执法记录仪编号。"
    if (this is None or no.strip() != this.no) and (reason := why_not_number(no)):  # one of before may keep its own
        return reason
    same = Recorder.objects.filter(unit=unit, no=no.strip()).exclude(pk=this.pk if this else None)
    if same.exists():
        return f"本单位已有编号 {no.strip()} 的执法记录仪。"
    if keeper and keeper.unit_id != unit.pk and keeper.unit.drawing_unit != unit:
        return "保管人不是本单位的检查人员。"
    return "" if in_use else why_not_reason(why, "停用原因")


def why_not_this_recorder(inspection: Inspection, no: str) -> str:
    """A unit that keeps a register takes its own devices, in use; one without a register types the number (七(五)-h)."""
    known = {r.no: r for r in Recorder.objects.filter(unit__in={inspection.unit_id, inspection.executing_unit_id})}
    recorder = known.get(no.strip())
    if not no.strip() or (recorder and recorder.in_use):
        return ""
    if not known:  # the one declared at arrival stands as it was declared, so that it can be read out
        return "" if no.strip() == inspection.recorder_no else why_not_number(no)
    if recorder:
        return f"执法记录仪 {recorder.no} 已停用：{recorder.why_not_in_use}。换一台。"
    return f"没有登记编号 {no.strip()} 的执法记录仪。核对编号，或由计划员先登记。"
