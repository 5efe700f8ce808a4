"""What we owe the platform as an answer: packages taken from it or refused, tasks taken up or declined (docs/exchange/ 3.7)."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from benxi_shuangsuiji.accounts.models import Unit
from inspections.models import (
    ExchangePackage,
    ExchangeRecord,
    PackageRefusal,
    PackageState,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
)

from . import packing, taking
from .records import digest_of, moment

NAMES = "names"  # in the content of a task begun there: its records that were given back, by our name of them, for the word on each
GONE = (PackageState.REPLACED, PackageState.REFUSED)  # what went in it the platform does not know
Lost = Iterable[ExchangePackage]  # those that the next package will stand for (`rules.lost`), asked before it is made


def _unheard(told: str, lost: Lost) -> Q:
    """Not told, or in a package that the platform has not taken."""
    gone = Q(**{f"{told}__isnull": True}) | Q(**{f"{told}__state__in": GONE})
    return gone | Q(**{f"{told}__in": [package.pk for package in lost]})


def heard_in(package: ExchangePackage) -> ExchangePackage | None:
    """Ours that told the platform what became of this one of theirs."""
    told = package.answered_in
    return told if told is not None and told.state not in GONE else None


def packages(unit: Unit, lost: Lost = ()):
    """Taken and not answered, or answered in a package that was lost; what holds answers alone is not answered."""
    taken = ExchangePackage.objects.filter(
        _unheard("answered_in", lost), unit=unit, sender=Side.PLATFORM, state=PackageState.TAKEN
    )
    # Counted, for a retransmission of what we have had holds no new line, and is to be answered all the same.
    told = taken.annotate(said=Count("lines", filter=Q(lines__kind=RecordKind.ACKS))).filter(records__gt=F("said"))
    return ExchangePackage.objects.filter(pk__in=told.values("pk")).order_by("pk")


def tasks(unit: Unit, lost: Lost = ()):
    """Begun there and decided here, not told yet."""
    decided = [PlatformState.LINKED, PlatformState.DECLINED]
    rows = PlatformTask.objects.filter(_unheard("told_in", lost), unit=unit, state__in=decided, content__isnull=False)
    return rows.select_related("package", "inspection").order_by("pk")


def standing() -> QuerySet[PackageRefusal]:
    """Of each number that was refused and neither taken nor replaced since, the newest word; without those that are not answered."""
    came = ExchangePackage.objects.filter(number=OuterRef("number"))
    later = PackageRefusal.objects.filter(unit=OuterRef("unit"), number=OuterRef("number"), pk__gt=OuterRef("pk"))
    rows = PackageRefusal.objects.filter(~Exists(came), ~Exists(later), dropped_at__isnull=True)
    return rows.select_related("told_in", "by", "unit").order_by("number")


def refused(lost: Lost = ()) -> QuerySet[PackageRefusal]:
    """Those that the platform was not told, or in a package that was lost."""
    return standing().filter(_unheard("told_in", lost))


def owed(unit: Unit, lost: Lost = ()) -> bool:
    return packages(unit, lost).exists() or refused(lost).filter(unit=unit).exists() or tasks(unit, lost).exists()


def records(unit: Unit, lost: Lost = ()) -> list[dict]:
    """Each in the version after the last one that said otherwise: refused first and taken later, say."""
    found = _said(unit, lost)
    keys = [record["key"] for record in found]
    sent = ExchangeRecord.objects.filter(
        unit=unit, package__sender=Side.OURS, kind=RecordKind.ACKS, key__in=keys
    ).order_by("pk")
    last = {row.key: row for row in sent}
    for record in found:
        if row := last.get(record["key"]):
            record["record_version"] = row.version + (row.digest != digest_of(record))
    return found


def _said(unit: Unit, lost: Lost) -> list[dict]:
    taken = list(packages(unit, lost))
    found = [_ack(row.number, row.at) for row in taken] + _given_back(taken)
    last = packing.last_of(unit, Side.PLATFORM)
    for row in refused(lost).filter(unit=unit):
        no = {"state": "REFUSED", "reason_code": row.reason_code, "reason": taking.said_now(row, last)}
        found.append(_ack(row.number, row.at) | no)
    for task in tasks(unit, lost):
        said = _ack(task.package.number, task.decided_at, key=task.number, version=task.content["record_version"])
        said |= {"platform_task": task.number, "task": task.inspection.no if task.inspection_id else None}
        if task.state == PlatformState.DECLINED:
            code = "OTHER" if task.facility_id else "UNKNOWN_FACILITY"
            said |= {"state": "REFUSED", "reason_code": code, "reason": task.reason}
        found.append(said)
    return list(
        {said["key"]: said for said in found}.values()
    )  # what a person said since of one given back goes before


def _given_back(taken: list[ExchangePackage]) -> list[dict]:
    """Single records that were not taken with their package: of a task that was declined here, or whose place is not registered."""
    rows = ExchangeRecord.objects.filter(package__in=taken, state=RecordState.REFUSED, platform_task__isnull=False)
    found = []
    for row in rows.select_related("package", "platform_task").order_by("pk"):
        theirs = row.platform_task.content[NAMES][row.key]
        no = {"state": "REFUSED", "reason_code": row.reason_code, "reason": row.reason}
        said = _ack(row.package.number, row.settled_at, key=theirs, version=row.version, kind=row.kind)
        found.append(said | no | {"platform_task": row.platform_task.number})
    return found


def _ack(package: str, at: datetime, key: str | None = None, version: int | None = None, kind: str = "tasks") -> dict:
    return {
        "key": f"{package}/{kind}/{key}" if key else package,
        "record_version": 1,
        "task": None,
        "platform_task": None,
        "package": package,
        "kind": kind if key else None,
        "record": key,
        "version": version,
        "state": "ACCEPTED",
        "reason_code": "",
        "reason": "",
        "at": moment(at),
    }
