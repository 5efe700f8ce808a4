"""Whose signature is still missing, and why one cannot be given (N-10; domain.md 3)."""

from collections.abc import Iterable
from datetime import datetime

from inspections.checks.rules import why_not_team
from inspections.checks.states import NOT_CARRIED_OUT, OPEN_TO_THE_TEAM
from inspections.models import Conclusion, Inspection, InspectionStatus, Mode, Signature, Signer, Unsigned
from registry.models import Inspector

from .covered import digest_of
from .marks import Mark, why_not_mark


def standing(inspection: Inspection) -> list[Signature]:
    """Those that count: a signature given again has taken the place of the earlier one."""
    return list(inspection.signatures.filter(replaced_at__isnull=True).select_related("inspector", "by"))


def is_signed(inspection: Inspection, outcome: str) -> bool:
    """Whether this check ends with signatures: somebody went there, and something was checked."""
    return inspection.mode == Mode.ONSITE and outcome not in NOT_CARRIED_OUT


def why_not_sign(inspection: Inspection, by) -> str:
    if reason := why_not_team(inspection, by):
        return reason
    if inspection.mode != Mode.ONSITE:
        return f"{inspection.get_mode_display()}检查不用现场签名。"
    if inspection.status == InspectionStatus.DISPATCHED:
        return "检查还没有开始。先登记到场。"
    if inspection.status not in OPEN_TO_THE_TEAM and not to_sign_again(inspection):
        return "检查已经提交，签名不能再改。"
    if not Conclusion.objects.filter(inspection=inspection).exists():
        return "还没有写检查结果。先写结果，给现场负责人看过再签名。"
    return ""


def why_not_this_signature(inspection: Inspection, mark: Mark | None, *, at: datetime, now: datetime) -> str:
    return why_not_mark(mark) or why_not_then(inspection, at=at, now=now)


def why_not_then(inspection: Inspection, *, at: datetime, now: datetime) -> str:
    if at > now:
        return "签名时间晚于现在。核对签名时间。"
    if at < inspection.there_since.replace(second=0, microsecond=0):
        return "签名时间早于到场时间。核对签名时间。"
    return ""


def why_not_this_person(name: str) -> str:
    return "" if name.strip() else "写明谁在签：姓名和职务。"


def why_not_theirs(inspection: Inspection, people: Iterable[Inspector]) -> str:
    """Those who were there sign, nobody else (七(五)-a)."""
    came = set(inspection.members.filter(arrived_at__isnull=False).values_list("inspector_id", flat=True))
    stranger = next((person for person in people if person.pk not in came), None)
    return f"{stranger.name}没有到场，不在这次检查的记录上签名。" if stranger else ""


def why_not_refused(because: str, words: str, witness: str, mark: Mark | None) -> str:
    """Why there is no signature, and who saw it (domain.md 3): a witness signs, or the two inspectors alone do."""
    if because not in Unsigned.values:
        return "选择没有签名的原因。"
    if because == Unsigned.OTHER and not words.strip():
        return "写明没有签名的原因。"
    if not witness.strip():
        return "写了没有见证人，却有见证人的签名。填写见证人的姓名。" if mark else ""
    return why_not_mark(mark).replace("还没有签名", "见证人还没有签名")


def missing(inspection: Inspection, found: Iterable[Signature]) -> list[str]:
    """Whose signature is still wanted, by name where there is one."""
    found = list(found)
    nobody = [] if any(s.signer == Signer.RESPONSIBLE for s in found) else ["现场负责人"]
    return nobody + [person.name for person in unsigned(inspection, found)]


def unsigned(inspection: Inspection, found: Iterable[Signature]) -> list[Inspector]:
    """Who came and has not signed."""
    signed = {s.inspector_id for s in found if s.signer == Signer.INSPECTOR}
    came = inspection.members.filter(arrived_at__isnull=False).select_related("inspector")
    return [m.inspector for m in came if m.inspector_id not in signed]


def why_not_signed(inspection: Inspection, outcome: str) -> str:
    """Nothing is handed in without the signatures, or the note that the person in charge refused (N-10)."""
    if not is_signed(inspection, outcome):
        return ""
    found = standing(inspection)
    if wanted := missing(inspection, found):
        return f"还差{'、'.join(wanted)}的签名。签在框里的，按框下面的“签好了”才算。"
    return why_outdated(inspection, found)


def to_sign_again(inspection: Inspection) -> list[Signature]:
    """Of a record that was mended and handed in again, until it is reviewed: whoever has signed what it said before."""
    if inspection.status != InspectionStatus.FINISHED:
        return []
    return outdated(inspection, standing(inspection))


def outdated(inspection: Inspection, found: Iterable[Signature]) -> list[Signature]:
    """Those below something else than what the record says now."""
    now = digest_of(inspection)
    return [s for s in found if s.covers != now]


def why_outdated(inspection: Inspection, found: Iterable[Signature]) -> str:
    """Whoever signed has signed what he read: a record changed afterwards is read and signed again."""
    if late := [s.name or "现场负责人" for s in outdated(inspection, found)]:
        return f"{'、'.join(late)}签名以后改过记录。再看一遍现在的记录，重新签名。"
    return ""
