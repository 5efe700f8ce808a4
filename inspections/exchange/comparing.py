"""What the platform says of one of our checks otherwise than we do: field by field, in words that people read."""

from collections.abc import Iterable
from datetime import date

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from inspections.checks.states import DROPPED
from inspections.models import (
    Answer,
    CodeKind,
    Conclusion,
    FollowUpStep,
    Inspection,
    Mode,
    Outcome,
    PlatformDifference,
    RecordKind,
    Source,
)

from .records import HANDED_IN, Codes
from .taking import known_people, ours_of

Said = tuple[str, str, str]  # which field, ours, theirs
NOTHING = "没有"
CALLED_OFF = "平台已取消"
OUTCOME = "检查结果"  # the field that stands open as long as we have none
# What the platform says of how and when its officers were there: taking its result over does not change ours.
NOT_TAKEN_OVER = ("检查方式", "到达时间", "结束时间", "交齐时间")


def fields(kind: str, record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Those fields of which both sides say something; codes without a counterpart are refused on the way (docs/exchange/ 6)."""
    return [(name, ours[:2000], theirs[:2000]) for name, ours, theirs in FIELDS[kind](record, check, codes)]


def _minute(at) -> str:
    moment = parse_datetime(at) if isinstance(at, str) else at
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else NOTHING


def _beside(ours: dict[str, str], theirs: dict[str, str]) -> list[Said]:
    return [(name, ours[name], words) for name, words in theirs.items() if name in ours]


def _task(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    ours_of(codes, CodeKind.UNIT, record["unit"])
    items = sorted({ours_of(codes, CodeKind.ITEM, pair) for pair in record["items"]})
    place = record["facility"]
    same = place["code"] == check.facility.code or (not place["code"] and place["uscc"] == check.facility.uscc)
    theirs = {
        "来源": str(Source(record["source"]).label),
        "检查方式": str(Mode(record["mode"]).label),
        "检查事项": "、".join(items),
        "完成不晚于": record["finish_by"],
    }
    if record["state"] == "CANCELLED":
        theirs["任务状态"] = CALLED_OFF
    where = ("检查对象", check.facility.name, check.facility.name if same else place["name"])
    return [where, *_beside(_our_task(check), theirs)]


def _our_task(check: Inspection) -> dict[str, str]:
    return {
        "来源": check.get_source_display(),
        "检查方式": check.get_mode_display(),
        "检查事项": "、".join(sorted({answer.item_code for answer in check.answers.all()})),
        "完成不晚于": check.finish_by.isoformat(),
        "任务状态": CALLED_OFF if check.status in DROPPED else check.get_status_display(),
    }


def _members(rows: Iterable[tuple[str, str, bool]]) -> str:
    return "、".join(sorted(f"{name}（{number}）{'组长' if leads else ''}" for name, number, leads in rows))


def _team(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    known_people(record, check)
    theirs = _members((m["name"], m["certificate_no"], m["leader"]) for m in record["members"])
    return _beside(_our_team(check), {"检查小组": theirs})


def _our_team(check: Inspection) -> dict[str, str]:
    return {"检查小组": _members((m.inspector.name, m.certificate_no, m.is_leader) for m in check.members.all())}


def _notice(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    return _beside(_our_notice(check), {"检查通知书文号": record["number"]})


def _our_notice(check: Inspection) -> dict[str, str]:
    number = getattr(check, "notice_number", None)
    return {"检查通知书文号": number.text if number else NOTHING}


def _result(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Whatever both sides have by now: before ours is handed in, what the team has written so far."""
    theirs = {
        "检查方式": str(Mode(record["mode"]).label),
        "到达时间": _minute(record["started_at"]),
        "结束时间": _minute(record["ended_at"]),
        "交齐时间": _minute(record["handed_in_at"]),
        OUTCOME: str(Outcome(ours_of(codes, CodeKind.OUTCOME, record["outcome"])).label),
        "发现的问题": record["finding"],
        "现场处理": record["measures"],
        "整改期限": str(record["rectify_by"] or NOTHING),
    }
    return _beside(_our_result(check), theirs) + _points(record, check, codes)


def _our_result(check: Inspection) -> dict[str, str]:
    found = {"检查方式": check.get_mode_display()}
    if check.there_since:
        found["到达时间"] = _minute(check.there_since)
    if check.status in HANDED_IN:
        ours = check
        found["结束时间"] = _minute(check.ended_at)
        found["交齐时间"] = _minute(check.uploaded_at or check.ended_at)
    else:
        ours = Conclusion.objects.filter(inspection=check).first()
    found[OUTCOME] = ours.get_outcome_display() if ours else NOTHING
    if ours:
        found["发现的问题"], found["现场处理"] = ours.finding, ours.measures
        found["整改期限"] = str(ours.rectify_by or NOTHING)
    return found


def _points(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Each point, and what was written at it; what our team has not come to yet is no difference."""
    theirs = {(ours_of(codes, CodeKind.ITEM, a["item"]), a["number"]): a for a in record["answers"]}
    ours = {(a.item_code, a.number): a for a in check.answers.all() if a.answer}
    keys = ours.keys() | theirs.keys() if check.status in HANDED_IN else ours.keys() & theirs.keys()
    found = []
    for item, n in sorted(keys):
        mine, told = ours.get((item, n)), theirs.get((item, n))
        name = _point(item, n)
        said = mine.answer if mine else "", told["answer"] if told else ""
        found.append((name, *(str(Answer(a).label) if a else NOTHING for a in said)))
        # A remark at a point without a problem has no place here, so only one side can have it (`visits.adopting:words_of`).
        words = mine.words.strip() if mine else "", told["words"].strip() if told else ""
        if all(words) or said == (Answer.FOUND, Answer.FOUND):
            found.append((f"{name}的情况", *(w or NOTHING for w in words)))
    return found


def _our_points(check: Inspection) -> dict[str, str]:
    found = {}
    for a in check.answers.all():
        name = _point(a.item_code, a.number)
        found[name] = a.get_answer_display() if a.answer else NOTHING
        found[f"{name}的情况"] = a.words.strip() or NOTHING
    return found


def _point(item: str, n: int) -> str:
    return f"{item} 第 {n} 点"


# Of these a check has as many as it has: one that both sides have is the same, whatever words stand beside it.


def _evidence(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    return _held(_piece(record["sha256"]), _our_pieces(check), record["words"])


def _our_pieces(check: Inspection) -> set[str]:
    return {_piece(piece.file.sha256) for piece in check.evidence.all()}


def _piece(sha256: str) -> str:
    return f"证据 {sha256[:16]}"


def _followup(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    name = _step(FollowUpStep(record["step"]).label, record["happened_on"])
    return _held(name, _our_steps(check), f"{record['happened_on']} {record['words']}")


def _our_steps(check: Inspection) -> set[str]:
    return {_step(step.get_step_display(), step.happened_on) for step in check.followups.all()}


def _step(label: str, day: date | str) -> str:
    """With its day, for a step such as 复查 may come twice."""
    return f"后续处理 {label} {day}"


def _held(name: str, ours: set[str], theirs: str) -> list[Said]:
    return [(name, theirs if name in ours else NOTHING, theirs)]


FIELDS = {
    RecordKind.TASKS: _task,
    RecordKind.TEAMS: _team,
    RecordKind.NOTICES: _notice,
    RecordKind.RESULTS: _result,
    RecordKind.EVIDENCE: _evidence,
    RecordKind.FOLLOWUPS: _followup,
}
OURS = {
    RecordKind.TASKS: _our_task,
    RecordKind.TEAMS: _our_team,
    RecordKind.NOTICES: _our_notice,
    RecordKind.RESULTS: lambda check: {**_our_result(check), **_our_points(check)},
}
HELD = {RecordKind.EVIDENCE: _our_pieces, RecordKind.FOLLOWUPS: _our_steps}


def ours_now(difference: PlatformDifference) -> str:
    """What ours says by now of the field that differed, for it may have been mended since; where it says nothing of it, as it was."""
    kind, name, check = RecordKind(difference.kind), difference.field, difference.inspection
    if kind in HELD:
        return difference.theirs if name in HELD[kind](check) else difference.ours
    return OURS[kind](check).get(name, difference.ours)[:2000]
