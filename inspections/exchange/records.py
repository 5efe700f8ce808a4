"""The records of our checks as docs/exchange/ writes them, and which of them the platform has not got yet."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import Unit
from inspections.checks.states import DROPPED
from inspections.models import (
    CheckAnswer,
    CodeKind,
    Connection,
    Delivery,
    DifferenceState,
    Evidence,
    ExchangePackage,
    ExchangeRecord,
    FollowUp,
    Inspection,
    InspectionStatus,
    Paper,
    PlatformCode,
    PlatformDifference,
    RecordKind,
    RecordState,
    Side,
    VisitMember,
)

from . import leading

IDENTITY = ("record_version", "task", "platform_task")  # who it is; the rest is what it says
HANDED_IN = (InspectionStatus.FINISHED, InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED)


def canonical(value) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(record: dict) -> str:
    """Of what it says: to be given a number changes nothing of it (docs/exchange/ 4)."""
    said = {name: value for name, value in record.items() if name not in IDENTITY}
    return hashlib.sha256(canonical(said).encode()).hexdigest()


def moment(at: datetime | None) -> str | None:
    return localtime(at).isoformat(timespec="seconds") if at else None


def _day(day) -> str | None:
    return day.isoformat() if day else None


class Codes:
    """The codes of both sides as they stand."""

    def __init__(self) -> None:
        self._all = list(PlatformCode.objects.order_by("pk"))
        self._then: dict[datetime, dict[tuple[str, str], str]] = {}
        standing = [code for code in self._all if code.ended_at is None]
        self.theirs = {(c.kind, c.ours): c.theirs for c in standing}
        self.ours = {(c.kind, c.theirs): c.ours for c in standing}

    def pair(self, kind: str, ours: str, name: str) -> dict:
        return {"bxs": ours, "mep": self.theirs.get((kind, ours)), "name": name[:120]}

    def says(self, record: dict, digest: str, at: datetime) -> bool:
        """Whether a record says what it said then: a pair of codes that was changed since changes nothing of it (decision 0117)."""
        if at not in self._then:
            stood = [c for c in self._all if c.entered_at <= at and (c.ended_at is None or c.ended_at > at)]
            self._then[at] = {(c.kind, c.ours): c.theirs for c in stood}
        if (then := self._then[at]) == self.theirs:
            return False
        told = deepcopy(record)
        for kind, pair in pairs_of(told):
            pair["mep"] = then.get((kind, pair["bxs"]))
        return digest_of(told) == digest


CODED = {"unit": CodeKind.UNIT, "items": CodeKind.ITEM, "item": CodeKind.ITEM, "outcome": CodeKind.OUTCOME}


def pairs_of(said: Any, kind: str = "") -> Iterator[tuple[str, dict]]:
    """The codes of both sides that stand in a record, each with its kind, which is that of the field (docs/exchange/ 3)."""
    if isinstance(said, dict) and "bxs" in said:
        yield kind, said
    elif isinstance(said, dict):
        for name, value in said.items():
            yield from pairs_of(value, CODED.get(name, ""))
    elif isinstance(said, list):
        for value in said:
            yield from pairs_of(value, kind)


def missing_in(lines: Iterable["Line"]) -> set[tuple[str, str]]:
    """Our codes in what is to be sent that have none there. What the platform has got is not asked for."""
    return {(kind, pair["bxs"]) for line in lines for kind, pair in pairs_of(line.record) if pair["mep"] is None}


def name_of(record: dict) -> str:
    """A record of the platform in our rows and sentences: its key where that is made of numbers as agreed (docs/exchange/ 2),
    its digest where it says anything else, a name perhaps: queue rows and logs hold numbers only (decisions.md 3). The number of
    a notice or of a step of the follow-up is its maker's, which nobody can tell from a name: of these always the digest."""
    key = record["key"]
    numbers = {record["task"], record["platform_task"], record.get("package"), *RecordKind.values}
    if all(part in numbers or re.fullmatch(r"[0-9a-f]{16}", part) for part in re.split("[:/]", key)):
        return key
    return _digest_name(key)


def _digest_name(key: str) -> str:
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"


def names_of(record: dict) -> set[str]:
    """Every name under which a record may have been kept: a row of before has the key itself, and one that came before its
    task had its number has the digest of a key that is plain now."""
    return {record["key"], _digest_name(record["key"])}


def line_of(kind: str, n: int, record: dict) -> str:
    """Where it stands in its file, for whoever has to find it there: a digest alone finds nothing."""
    return f"{kind}.jsonl 第 {n} 行的 {name_of(record)} "


class Sent(NamedTuple):
    """The last row of a record that went out."""

    pk: int
    package: int
    number: str  # of its package
    at: datetime
    kind: str
    key: str
    version: int
    digest: str
    state: str


@dataclass(frozen=True)
class Line:
    """One record to send. `again` is the row under which the platform gave it back, or lost it."""

    kind: str
    record: dict
    digest: str
    check: Inspection
    again: Sent | None = None

    @property
    def key(self) -> str:
        return self.record["key"]

    @property
    def version(self) -> int:
        return self.record["record_version"]

    @property
    def label(self) -> str:
        return RecordKind(self.kind).label


def checks_of(unit: Unit):
    """What the platform is told about: everything dispatched since packages go there, of the run that holds or begun."""
    since = leading.since()
    if since is None:
        return Inspection.objects.none()
    people = VisitMember.objects.select_related("inspector").order_by("-is_leader", "inspector__code")
    served = Delivery.objects.filter(paper=Paper.NOTICE).order_by("pk")
    disputed = PlatformDifference.objects.filter(
        inspection=OuterRef("pk"), kind=RecordKind.TEAMS, state=DifferenceState.OPEN
    )
    return (
        Inspection.objects.filter(unit=unit, dispatched_at__gte=since)
        .annotate(is_team_disputed=Exists(disputed))
        .select_related("facility", "unit", "draw", "pick", "notice_number", "platform_task")
        .prefetch_related(
            # As plain lists: a queryset for each of six relations of each of thousands of checks is half of the time.
            Prefetch("members", people, to_attr="told_members"),
            Prefetch("answers", CheckAnswer.objects.order_by("item_code", "number"), to_attr="told_answers"),
            Prefetch("deliveries", served, to_attr="told_deliveries"),
            Prefetch(
                "evidence", Evidence.objects.select_related("file", "struck").order_by("pk"), to_attr="told_evidence"
            ),
            Prefetch("followups", FollowUp.objects.order_by("pk"), to_attr="told_followups"),
            Prefetch("targeted", to_attr="told_targeted"),
        )
        .order_by("no")
    )


def waiting(unit: Unit, codes: Codes, lost: Iterable[ExchangePackage] = ()) -> list[Line]:
    """What the platform has not got as it now is: never sent, changed since, given back or lost.

    `lost` are those that the next package will stand for (`rules.lost`), for whoever asks before it is made.
    """
    gone = {package.pk for package in lost}
    sent = ExchangeRecord.objects.filter(unit=unit, package__sender=Side.OURS).exclude(kind=RecordKind.ACKS)
    newest = sent.order_by("kind", "key", "-pk").distinct("kind", "key")  # of each name; there are years of them
    told = newest.values_list(
        "pk", "package", "package__number", "package__at", "kind", "key", "version", "digest", "state"
    )
    last = {(row.kind, row.key): row for row in map(Sent._make, told)}
    found: dict[str, list[Line]] = defaultdict(list)
    settings = leading.course()
    for check in checks_of(unit):
        known = (RecordKind.TASKS, check.no) in last
        for kind, record in of_check(check, codes, settings, known=known):
            digest, row = digest_of(record), last.get((kind, record["key"]))
            same = row is not None and row.digest == digest
            again = row is not None and _goes_again(row, gone)
            if row is not None and not again and (same or codes.says(record, row.digest, row.at)):
                continue
            record["record_version"] = (row.version if same else row.version + 1) if row else 1
            back = row if row is not None and row.state == RecordState.REFUSED else None
            found[kind].append(Line(kind, record, digest, check, back))
    return [line for kind in RecordKind.values for line in found[kind]]


def _goes_again(row: Sent, gone: set[int]) -> bool:
    """What the platform took by itself was taken, whatever came of its package."""
    unanswered = row.state == RecordState.EXPORTED and row.package in gone
    return unanswered or row.state in (RecordState.REFUSED, RecordState.AGAIN)


def of_check(check: Inspection, codes: Codes, settings: list[Connection], *, known: bool) -> Iterable[tuple[str, dict]]:
    """Every record of one check as it now is. What nobody goes to any more is told only where it was told before."""
    over = check.status in DROPPED or (check.is_superseded and check.started_at is None)
    if over and not known:
        return
    led = leading.at(check.dispatched_at, settings)
    waits = leading.is_proposal(check, settings)
    yield RecordKind.TASKS, _task(check, codes, "CANCELLED" if over else "PROPOSED" if waits else "ISSUED")
    members = check.told_members
    if over or not members:
        return
    # Where the platform hands out, its number says that it has: from there on the team is as it stands here; unless it said
    # another team, till a person has decided.
    unanswered = led.dispatch == Side.PLATFORM and (not leading.number_of(check) or check.is_team_disputed)
    proposed = waits or (unanswered and check.started_at is None)
    yield RecordKind.TEAMS, _team(check, members, "PROPOSED" if proposed else "ISSUED")
    if hasattr(check, "notice_number"):
        yield RecordKind.NOTICES, _notice(check)
    if check.status in HANDED_IN:
        yield RecordKind.RESULTS, _result(check, codes)
        for pieces in _by_file(check):
            yield RecordKind.EVIDENCE, _evidence(check, pieces)
    for step in check.told_followups:
        yield RecordKind.FOLLOWUPS, _followup(check, step)


def _identity(check: Inspection, key: str) -> dict:
    return {"key": key, "record_version": 1, "task": check.no, "platform_task": leading.number_of(check) or None}


def _task(check: Inspection, codes: Codes, state: str) -> dict:
    place, items = check.facility, {a.item_code: a.item_name for a in check.told_answers}
    return {
        **_identity(check, check.no),
        "state": state,
        "source": check.source,
        "mode": check.mode,
        "facility": {"code": place.code, "uscc": place.uscc, "name": place.name, "address": place.address},
        "unit": codes.pair(CodeKind.UNIT, check.unit.code, _unit_name(check)),
        "items": [codes.pair(CodeKind.ITEM, code, name) for code, name in sorted(items.items())],
        "year": check.year,
        "quarter": check.number,
        "dispatched_at": moment(check.dispatched_at),
        "finish_by": _day(check.finish_by),
        "reason": check.draw.draw_id if check.draw_id else _why(check),
    }


def _unit_name(check: Inspection) -> str:
    """Of the day of its dispatch: a unit that is called otherwise later says nothing new of a check."""
    return check.unit.on(localtime(check.dispatched_at).date()).short_name


def _why(check: Inspection) -> str:
    """What was typed when it was raised; of several that one visit answers (综合查一次), each."""
    said = dict.fromkeys(asked.reason for asked in sorted(check.told_targeted, key=lambda asked: asked.no))
    return "；".join(said)[:300] or check.get_source_display()


def _team(check: Inspection, members: list, state: str) -> dict:
    people = [
        {
            "code": m.inspector.code,
            "name": m.inspector.name,
            "certificate_no": m.certificate_no,
            "certificate_to": _day(m.certificate_to),
            "leader": m.is_leader,
        }
        for m in members
    ]
    return {**_identity(check, check.no), "state": state, "members": people}


def _notice(check: Inspection) -> dict:
    number, served = check.notice_number, check.told_deliveries
    return {
        **_identity(check, number.text),
        "number": number.text,
        "given_on": _day(localtime(number.given_at).date()),
        "served_at": moment(served[-1].at) if served else None,
        "accepted": served[-1].accepted if served else None,
    }


def _result(check: Inspection, codes: Codes) -> dict:
    return {
        **_identity(check, check.no),
        "started_at": moment(check.there_since),
        "ended_at": moment(check.ended_at),
        "mode": check.mode,
        "outcome": codes.pair(CodeKind.OUTCOME, check.outcome, check.get_outcome_display()),
        "finding": check.finding,
        "measures": check.measures,
        "rectify_by": _day(check.rectify_by),
        "answers": [
            {
                "item": codes.pair(CodeKind.ITEM, a.item_code, a.item_name),
                "number": a.number,
                "text": a.text,
                "answer": a.answer,
                "words": a.words,
            }
            for a in check.told_answers
            if a.answer
        ],
        "handed_in_at": moment(check.uploaded_at or check.ended_at),
    }


def _by_file(check: Inspection) -> Iterable[list[Evidence]]:
    """A file is named by its SHA-256, so one that was kept at two points of the list is one record (docs/exchange/ 2, 3.5)."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for piece in check.told_evidence:
        found[piece.file.sha256].append(piece)
    return found.values()


def _evidence(check: Inspection, pieces: list[Evidence]) -> dict:
    """As it was kept first where it still counts; struck once it was struck out everywhere."""
    standing = [piece for piece in pieces if not hasattr(piece, "struck")]
    said = standing or pieces
    first, file = said[0], pieces[0].file
    return {
        **_identity(check, f"{check.no}:{file.sha256[:16]}"),
        "kind": first.kind,
        "sha256": file.sha256,
        "size": file.size,
        "content_type": file.content_type[:80],
        "taken_at": moment(first.taken_at),
        "words": "；".join(dict.fromkeys(piece.words for piece in said if piece.words))[:100],
        "struck": not standing,
        "path": None,
    }


def _followup(check: Inspection, step: FollowUp) -> dict:
    facts = [{"label": str(f["label"])[:40], "value": str(f["value"])[:2000]} for f in step.facts]
    return {
        **_identity(check, step.no),
        "kind": step.kind,
        "step": step.step,
        "happened_on": _day(step.happened_on),
        "words": step.words,
        "facts": facts,
    }
