"""What the platform says of one of our checks otherwise than we do: field by field, in words that people read."""

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from inspections.models import Answer, CodeKind, Conclusion, FollowUpStep, Inspection, Mode, Outcome, RecordKind

from .records import HANDED_IN, Codes
from .taking import ours_of

Said = tuple[str, str, str]  # which field, ours, theirs
NOTHING = "没有"
OUTCOME = "检查结果"  # the field that stands open as long as we have none
# What the platform says of how and when its officers were there: taking its result over does not change ours.
NOT_TAKEN_OVER = ("检查方式", "到达时间", "结束时间", "交齐时间")


def fields(kind: str, record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Those fields of which both sides say something; codes without a counterpart are refused on the way (docs/exchange/ 6)."""
    return [(name, ours[:2000], theirs[:2000]) for name, ours, theirs in FIELDS[kind](record, check, codes)]


def _minute(at) -> str:
    moment = parse_datetime(at) if isinstance(at, str) else at
    return f"{localtime(moment):%Y-%m-%d %H:%M}" if moment else NOTHING


def _task(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    ours_of(codes, CodeKind.UNIT, record["unit"])
    theirs = sorted({ours_of(codes, CodeKind.ITEM, pair) for pair in record["items"]})
    ours = sorted({answer.item_code for answer in check.answers.all()})
    place = record["facility"]
    same = place["code"] == check.facility.code or (not place["code"] and place["uscc"] == check.facility.uscc)
    found = [
        ("检查对象", check.facility.name, check.facility.name if same else place["name"]),
        ("检查方式", check.get_mode_display(), str(Mode(record["mode"]).label)),
        ("检查事项", "、".join(ours), "、".join(theirs)),
        ("完成不晚于", check.finish_by.isoformat(), record["finish_by"]),
    ]
    if record["state"] == "CANCELLED":
        found.append(("任务状态", check.get_status_display(), "平台已取消"))
    return found


def _team(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    def words(rows) -> str:
        return "、".join(sorted(f"{name}（{number}）{'组长' if leads else ''}" for name, number, leads in rows))

    ours = words((m.inspector.name, m.certificate_no, m.is_leader) for m in check.members.all())
    return [
        ("检查小组", ours, words((m["name"], m["certificate_no"], m["leader"]) for m in record["members"])),
    ]


def _notice(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    number = getattr(check, "notice_number", None)
    return [("检查通知书文号", number.text if number else NOTHING, record["number"])]


def _result(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Whatever both sides have by now: before ours is handed in, what the team has written so far."""
    outcome = str(Outcome(ours_of(codes, CodeKind.OUTCOME, record["outcome"])).label)
    found = [("检查方式", check.get_mode_display(), str(Mode(record["mode"]).label))]
    if check.there_since:
        found.append(("到达时间", _minute(check.there_since), _minute(record["started_at"])))
    if check.status in HANDED_IN:
        ours = check
        found += [
            ("结束时间", _minute(check.ended_at), _minute(record["ended_at"])),
            ("交齐时间", _minute(check.uploaded_at or check.ended_at), _minute(record["handed_in_at"])),
        ]
    else:
        ours = Conclusion.objects.filter(inspection=check).first()
    found.append((OUTCOME, ours.get_outcome_display() if ours else NOTHING, outcome))
    if ours:
        found += [
            ("发现的问题", ours.finding, record["finding"]),
            ("现场处理", ours.measures, record["measures"]),
            ("整改期限", str(ours.rectify_by or NOTHING), str(record["rectify_by"] or NOTHING)),
        ]
    return found + _points(record, check, codes)


def _points(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Each point, and what was written at it; what our team has not come to yet is no difference."""
    theirs = {(ours_of(codes, CodeKind.ITEM, a["item"]), a["number"]): a for a in record["answers"]}
    ours = {(a.item_code, a.number): a for a in check.answers.all() if a.answer}
    keys = ours.keys() | theirs.keys() if check.status in HANDED_IN else ours.keys() & theirs.keys()
    found = []
    for item, n in sorted(keys):
        mine, told = ours.get((item, n)), theirs.get((item, n))
        name = f"{item} 第 {n} 点"
        said = mine.answer if mine else "", told["answer"] if told else ""
        found.append((name, *(str(Answer(a).label) if a else NOTHING for a in said)))
        # A remark at a point without a problem has no place here, so only one side can have it (`visits.adopting:words_of`).
        words = mine.words.strip() if mine else "", told["words"].strip() if told else ""
        if all(words) or said == (Answer.FOUND, Answer.FOUND):
            found.append((f"{name}的情况", *(w or NOTHING for w in words)))
    return found


def _evidence(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    mine = {piece.file.sha256 for piece in check.evidence.all()}
    name = f"证据 {record['sha256'][:16]}"
    return [(name, record["words"] if record["sha256"] in mine else NOTHING, record["words"])]


def _followup(record: dict, check: Inspection, codes: Codes) -> list[Said]:
    label = str(FollowUpStep(record["step"]).label)
    theirs = f"{record['happened_on']} {record['words']}"
    same = [step for step in check.followups.all() if step.step == record["step"]]
    ours = next((f"{s.happened_on} {s.words}" for s in same if str(s.happened_on) == record["happened_on"]), NOTHING)
    # With its day, for a step such as 复查 may come twice.
    return [(f"后续处理 {label} {record['happened_on']}", theirs if ours != NOTHING else NOTHING, theirs)]


FIELDS = {
    RecordKind.TASKS: _task,
    RecordKind.TEAMS: _team,
    RecordKind.NOTICES: _notice,
    RecordKind.RESULTS: _result,
    RecordKind.EVIDENCE: _evidence,
    RecordKind.FOLLOWUPS: _followup,
}
