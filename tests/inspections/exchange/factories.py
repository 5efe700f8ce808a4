"""A unit that exchanges with the platform, and packages as the platform makes them (docs/exchange/)."""

import hashlib
import io
import json
import zipfile

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit
from inspections.exchange import actions
from inspections.exchange.records import canonical
from inspections.models import CodeKind, Connection, Outcome, RecordKind
from tests.factories import make_facility, make_lead_office
from tests.inspections.factories import POINTS, make_inspection

ITEMS = {"A01": "SX-101", "B01": "SX-201"}
OUTCOMES = {str(outcome): f"JG-{n}" for n, outcome in enumerate(Outcome, 1)}


def connect(by=None, **changes) -> Connection:
    said = {
        "in_use": True,
        "tasks": "BXS",
        "dispatch": "BXS",
        "results": "BXS",
        "key": "",
        "document": "本环发〔2026〕9号",
    }
    return actions.connect(**said | changes, by=by or make_lead_office())


def map_codes(*units: Unit, items=ITEMS, by=None) -> None:
    from plans.models import InspectionItem

    by = by or make_lead_office()
    known = set(InspectionItem.objects.values_list("code", flat=True))
    rows = [(CodeKind.UNIT, unit.code, f"DW-{unit.code}") for unit in units]
    rows += [(CodeKind.ITEM, ours, theirs) for ours, theirs in items.items()]
    rows += [(CodeKind.OUTCOME, ours, theirs) for ours, theirs in OUTCOMES.items()]
    from inspections.models import PlatformCode

    for kind, ours, theirs in rows:
        if kind == CodeKind.ITEM and ours not in known:
            # The items of checks made without a plan stand on no list: written as they would be.
            PlatformCode.objects.create(kind=kind, ours=ours, theirs=theirs, entered_by=by, entered_at=clock.now())
        else:
            actions.add_code(kind=kind, ours=ours, theirs=theirs, by=by)


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def told(content: bytes, kind: str) -> list[dict]:
    member = opened(content).get(f"{kind}.jsonl", b"")
    return [json.loads(line) for line in member.decode().splitlines()]


def number(unit, n: int, side="MEP") -> str:
    return f"{side}-{unit.code}-{n:06d}"


def pack(unit, n: int, *, supersedes=(), previous=None, change=None, more=None, **kinds) -> bytes:
    """The n-th package of the platform; `change` is made to the manifest, `more` are members that it does not name."""
    files = {
        f"{kind}.jsonl": "".join(canonical(record) + "\n" for record in kinds[kind]).encode()
        for kind in RecordKind.values
        if kinds.get(kind)
    }
    manifest = {
        "format": "BXS-EXCHANGE",
        "version": 1,
        "package": number(unit, n),
        "previous": previous or (number(unit, n - 1) if n > 1 else None),
        "supersedes": list(supersedes),
        "sender": "MEP",
        "receiver": "BXS",
        "unit": unit.code,
        "made_at": "2026-07-10T09:00:00+08:00",
        "leads": {"tasks": "BXS", "dispatch": "BXS", "results": "BXS"},
        "kinds": [kind for kind in RecordKind.values if f"{kind}.jsonl" in files],
        "files": [
            {
                "name": name,
                "size": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "records": content.count(b"\n"),
            }
            for name, content in sorted(files.items())
        ],
    } | (change or {})
    return zipped({"manifest.json": json.dumps(manifest).encode(), **files, **(more or {})})


def zipped(members: dict[str, bytes], how=zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out.getvalue()


def ack(package: str, *, kind=None, record=None, version=None, refused="", **ids) -> dict:
    return {
        "key": f"{package}/{kind}/{record}" if kind else package,
        "record_version": 1,
        "task": None,
        "platform_task": None,
        "package": package,
        "kind": kind,
        "record": record,
        "version": version,
        "state": "REFUSED" if refused else "ACCEPTED",
        "reason_code": "OTHER" if refused else "",
        "reason": refused,
        "at": "2026-07-10T09:00:00+08:00",
        **ids,
    }


def task_there(unit, facility=None, /, **changes) -> dict:
    """A task that was begun on the platform."""
    facility = facility or make_facility(unit)
    number = changes.pop("number", "PT-0815")
    return {
        "key": number,
        "record_version": 1,
        "task": None,
        "platform_task": number,
        "state": "ISSUED",
        "source": "COMPLAINT",
        "mode": "ONSITE",
        "facility": {
            "code": facility.code,
            "uscc": facility.uscc,
            "name": facility.name,
            "address": facility.address,
        },
        "unit": {"bxs": None, "mep": f"DW-{unit.code}", "name": "分局"},
        "items": [{"bxs": None, "mep": "SX-101", "name": "设施"}],
        "year": 2026,
        "quarter": 3,
        "dispatched_at": None,
        "finish_by": "2026-09-20",
        "reason": "有人反映夜间有异味",
        **changes,
    }


__all__ = ["POINTS", "ack", "connect", "map_codes", "number", "opened", "pack", "task_there", "told", "zipped"]


def member(inspector, leader=True, **changes) -> dict:
    """Somebody of a team as the platform writes him."""
    said = {"code": "", "name": inspector.name, "certificate_no": inspector.certificate_no, "certificate_to": None}
    return said | {"leader": leader, **changes}


def dispatched_now(unit, **fields):
    return make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now(), **fields)
