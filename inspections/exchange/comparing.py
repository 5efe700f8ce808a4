"""What the platform says of one of our checks otherwise than we do: field by field, in words that people read."""

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from inspections.models import Answer, CodeKind, FollowUpStep, Inspection, Mode, Outcome, RecordKind

from .records import HANDED_IN, Codes
from .taking import ours_of

Said = tuple[str, str, str]  # which field, ours, theirs
NOTHING = "没有"


def differences(kind: str, record: dict, check: Inspection, codes: Codes) -> list[Said]:
    """Those fields that differ; codes without a counterpart are refused on the way (docs/exchange/ 6)."""
    rows = FIELDS[kind](record, check, codes)
    return [(name, ours[:2000], theirs[:2000]) for name, ours, theirs in rows if ours.strip() != theirs.strip()]


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
    outcome = Outcome(ours_of(codes, CodeKind.OUTCOME, record["outcome"])).label
    theirs = {(ours_of(codes, CodeKind.ITEM, a["item"]), a["number"]): a["answer"] for a in record["answers"]}
    if check.status not in HANDED_IN:
        return [("检查结果", NOTHING, str(outcome))]
    found = [
        ("检查结果", check.get_outcome_display(), str(outcome)),
        ("到达时间", _minute(check.there_since), _minute(record["started_at"])),
        ("结束时间", _minute(check.ended_at), _minute(record["ended_at"])),
        ("发现的问题", check.finding, record["finding"]),
        ("现场处理", check.measures, record["measures"]),
        ("整改期限", str(check.rectify_by or NOTHING), str(record["rectify_by"] or NOTHING)),
    ]
    ours = {(a.item_code, a.number): a.answer for a in check.answers.all() if a.answer}
    for item, n in sorted(ours.keys() | theirs.keys()):
        said = [str(Answer(a).label) if a else NOTHING for a in (ours.get((item, n)), theirs.get((item, n)))]
        found.append((f"{item} 第 {n} 点", *said))
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
    return [(f"后续处理 {label}", theirs if ours != NOTHING else NOTHING, theirs)]


FIELDS = {
    RecordKind.TASKS: _task,
    RecordKind.TEAMS: _team,
    RecordKind.NOTICES: _notice,
    RecordKind.RESULTS: _result,
    RecordKind.EVIDENCE: _evidence,
    RecordKind.FOLLOWUPS: _followup,
}
