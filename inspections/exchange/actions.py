"""Outward: who leads, which codes, packages made and made again, what the platform said of them (五-4h, 七(二)-h, 七(五)-m)."""

import hashlib
from collections import defaultdict
from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import numbers
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import (
    Connection,
    DifferenceState,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PackageRefusal,
    PackageState,
    PlatformCode,
    PlatformDifference,
    PlatformState,
    PlatformTask,
    RecordKind,
    RecordState,
    Side,
)

from . import acks, differing, duties, leading, packing, records, rules

# Settings


@transaction.atomic
def connect(*, in_use: bool, tasks: str, dispatch: str, results: str, key: str, document: str, by: User) -> Connection:
    """Whose record leads from now on; checks dispatched before keep the setting of their day."""
    numbers.lock_of_city()
    key = key.strip()
    refuse_if(packing.why_not_key(key))
    was, now = leading.now(), clock.now()
    made = Connection.objects.create(
        in_use=in_use,
        tasks=tasks,
        dispatch=dispatch,
        results=results,
        key=key,
        document=document.strip(),
        entered_by=by,
        entered_at=now,
    )
    if was.in_use and not in_use:
        duties.platform_left(now)
    if was.in_use != in_use:
        for unit in Unit.objects.drawing().order_by("pk"):
            duties.look_again(unit, now, by)
    leads = {"tasks": tasks, "dispatch": dispatch, "results": results}
    trail.record("inspections.exchange.connected", by=by, about=made, in_use=in_use, document=made.document, **leads)
    return made


@transaction.atomic
def add_code(*, kind: str, ours: str, theirs: str, by: User) -> PlatformCode:
    numbers.lock_of_city()  # two who enter at once
    ours, theirs = ours.strip(), theirs.strip()
    refuse_if(rules.why_not_code(kind, ours, theirs))
    made = PlatformCode.objects.create(kind=kind, ours=ours, theirs=theirs, entered_by=by, entered_at=clock.now())
    trail.record("inspections.exchange.code_added", by=by, about=made, kind=kind, ours=ours, theirs=theirs)
    return made


@transaction.atomic
def end_code(*, code: PlatformCode, by: User) -> PlatformCode:
    code = PlatformCode.objects.locked(code.pk)
    refuse_if("这条对照已经停用。" if code.ended_at else "")
    code.ended_by, code.ended_at = by, clock.now()
    code.save(update_fields=["ended_by", "ended_at"])
    trail.record("inspections.exchange.code_ended", by=by, about=code, kind=code.kind, ours=code.ours)
    return code


# Packages


@transaction.atomic
def make(*, unit: Unit, by: User) -> tuple[ExchangePackage, bytes]:
    """Everything that waits, handed over once: the content is not kept here (docs/exchange/ 9)."""
    numbers.lock_of(unit)
    refuse_if(rules.why_not_exchange(unit, by))
    return _instead_of(rules.lost(unit), unit, by)


@transaction.atomic
def make_again(*, package: ExchangePackage, by: User) -> tuple[ExchangePackage, bytes]:
    """Lost or given back as a whole: a new package with all of it and of those after it, as it now is (docs/exchange/ 5)."""
    numbers.lock_of(package.unit)
    package = ExchangePackage.objects.locked(package.pk, "unit", "replaced_by")
    refuse_if(rules.why_not_exchange(package.unit, by) or rules.why_not_again(package, rules.later_than(package)))
    return _instead_of(rules.lost(package.unit, package), package.unit, by)


def _instead_of(lost: list[ExchangePackage], unit: Unit, by: User) -> tuple[ExchangePackage, bytes]:
    """The next package, which stands for those that the platform has not taken: their records are in it (docs/exchange/ 5)."""
    left = ExchangePackage.objects.filter(pk__in=[row.pk for row in lost if row.state != PackageState.REPLACED])
    ours = list(left.values_list("pk", flat=True))
    ExchangeRecord.objects.filter(package__in=ours, state__in=[RecordState.EXPORTED, RecordState.REFUSED]).update(
        state=RecordState.AGAIN
    )
    left.update(state=PackageState.REPLACED)
    made, content = _make(unit, by, clock.now(), lost)
    left.update(replaced_by=made)
    return made, content


def _make(unit: Unit, by: User, now: datetime, instead: list[ExchangePackage]) -> tuple[ExchangePackage, bytes]:
    led = leading.now()
    lines = records.waiting(unit, records.Codes())
    answers = acks.records(unit)
    refuse_if(rules.why_not_make(lines, bool(answers), records.missing_in(lines)))
    told: dict[str, list[dict]] = defaultdict(list)
    for line in lines:
        told[line.kind].append(line.record)
    told[RecordKind.ACKS] = answers
    n = packing.last_of(unit, Side.OURS)
    number, files = packing.number(Side.OURS, unit, n + 1), packing.lines(told)
    manifest = packing.manifest(
        number,
        unit=unit,
        previous=packing.number(Side.OURS, unit, n) if n else "",
        supersedes=[row.number for row in instead],
        made_at=now,
        led=led,
        files=files,
    )
    content = packing.zipped(manifest, files)
    if led.key:
        content = packing.sealed(content, led.key)
    made = ExchangePackage.objects.create(
        number=number,
        sender=Side.OURS,
        unit=unit,
        previous=packing.number(Side.OURS, unit, n) if n else "",
        digest=hashlib.sha256(manifest).hexdigest(),
        size=len(content),
        records=len(lines) + len(answers),
        state=PackageState.EXPORTED,
        by=by,
        at=now,
    )
    _keep(made, lines, answers)
    duties.look_again(unit, now, by)
    # Numbers only: who looks into the log learns how much went out, not about whom (decisions.md 3).
    trail.record("inspections.exchange.exported", by=by, about=made, records=made.records, encrypted=bool(led.key))
    checks = len({line.check.pk for line in lines})
    if checks:
        trail.record("inspections.sealed.viewed", by=by, unit=unit, page="exchange", tasks=checks)
    return made, content


def _keep(made: ExchangePackage, lines: list[records.Line], answers: list[dict]) -> None:
    back = [line.again.pk for line in lines if line.again is not None]
    ExchangeRecord.objects.filter(pk__in=back).update(state=RecordState.AGAIN)
    kept = [
        ExchangeRecord(
            package=made,
            unit=made.unit,
            inspection=line.check,
            kind=line.kind,
            key=line.key,
            version=line.version,
            digest=line.digest,
            state=RecordState.EXPORTED,
        )
        for line in lines
    ]
    kept += [
        ExchangeRecord(
            package=made,
            unit=made.unit,
            kind=RecordKind.ACKS,
            key=answer["key"],
            version=answer["record_version"],
            digest=records.digest_of(answer),
            state=RecordState.EXPORTED,
        )
        for answer in answers
    ]
    ExchangeRecord.objects.bulk_create(kept)
    acks.packages(made.unit).update(answered_in=made)
    PackageRefusal.objects.filter(pk__in=[row.pk for row in acks.refused().filter(unit=made.unit)]).update(told_in=made)
    PlatformTask.objects.filter(pk__in=[task.pk for task in acks.tasks(made.unit)]).update(told_in=made)


# What the platform said of them


@transaction.atomic
def answer(*, package: ExchangePackage, accepted: bool, reason: str, by: User) -> ExchangePackage:
    """The platform's word on a whole package, entered by hand where no acknowledgement came as a package."""
    package = ExchangePackage.objects.locked(package.pk, "unit")
    refuse_if(
        rules.why_not_exchange(package.unit, by) or rules.why_not_answer(package, accepted=accepted, reason=reason)
    )
    settle_package(package, accepted=accepted, reason=reason.strip(), by=by, at=clock.now())
    duties.look_again(package.unit, clock.now(), by)
    trail.record("inspections.exchange.answered", by=by, about=package, accepted=accepted)
    return package


@transaction.atomic
def settle(*, record: ExchangeRecord, accepted: bool, number: str, reason: str, by: User) -> ExchangeRecord:
    """The platform's word on one record, with its number of the task."""
    record = ExchangeRecord.objects.locked(record.pk, "package", "unit", "inspection")
    number = number.strip()
    refuse_if(
        rules.why_not_exchange(record.unit, by)
        or rules.why_not_settle(record, accepted=accepted, number=number, reason=reason)
    )
    if not rules.waits_for_its_number(record):
        settle_record(record, accepted=accepted, reason=reason.strip(), by=by, at=clock.now())
    if accepted and number:
        link(record.inspection, number, by=by, at=clock.now())
    duties.look_again(record.unit, clock.now(), by)
    trail.record("inspections.exchange.answered", by=by, about=record.package, accepted=accepted, kind=record.kind)
    return record


WITH_ALL = "随整个包退回"  # at each of its records; the platform's words stand at the package, once


def settle_package(package: ExchangePackage, *, accepted: bool, reason: str, by: User, at: datetime) -> None:
    """All its records that nobody has settled yet go with it; with a package that is taken after all, those refused with it."""
    open_ones = (
        [RecordState.EXPORTED, RecordState.REFUSED] if package.state == PackageState.REFUSED else [RecordState.EXPORTED]
    )
    package.state = PackageState.ACCEPTED if accepted else PackageState.REFUSED
    package.reason, package.settled_at = ("" if accepted else reason), at
    package.save(update_fields=["state", "reason", "settled_at"])
    for record in package.lines.filter(state__in=open_ones).select_related("inspection__unit").order_by("pk"):
        settle_record(record, accepted=accepted, reason=WITH_ALL, by=by, at=at)


def settle_record(
    record: ExchangeRecord, *, accepted: bool, reason: str, by: User, at: datetime, code: str = ""
) -> None:
    record.state = RecordState.ACCEPTED if accepted else RecordState.REFUSED
    record.reason, record.reason_code = ("", "") if accepted else (reason, code)
    record.settled_at, record.settled_by = at, by
    record.save(update_fields=["state", "reason", "reason_code", "settled_at", "settled_by"])
    if accepted and record.kind == RecordKind.RESULTS:
        duties.acknowledged(record.inspection, at)


def link(check: Inspection, number: str, *, by: User, at: datetime) -> PlatformTask:
    """The two numbers of one check, for good; a task that waited here becomes this check."""
    told = {"inspection": check, "state": PlatformState.LINKED, "decided_by": by, "decided_at": at}
    task = PlatformTask.objects.filter(number=number).first()
    if task is None:
        return PlatformTask.objects.create(number=number, unit=check.unit, came_at=at, **told)
    if task.inspection_id is None:
        if task.facility_id is None:  # registered since it came
            told["facility"] = check.facility
        for name, value in told.items():
            setattr(task, name, value)
        task.save(update_fields=list(told))
        if task.begun_there:  # whichever door the numbers met at: what it says otherwise than the check is for a person
            differing.Comparing(check, task.package, records.Codes(), by, at).all_of(task)
    return task


# Tasks that were begun there


@transaction.atomic
def decline(*, task: PlatformTask, reason: str, by: User) -> PlatformTask:
    task = PlatformTask.objects.locked(task.pk, "unit")
    refuse_if(rules.why_not_exchange(task.unit, by) or rules.why_not_decline(task, reason))
    task.state, task.reason, task.decided_by, task.decided_at = PlatformState.DECLINED, reason.strip(), by, clock.now()
    task.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    duties.look_again(task.unit, clock.now(), by)
    trail.record("inspections.exchange.declined", by=by, about=task.unit, number=task.number)
    return task


# Differences


@transaction.atomic
def decide(*, difference: PlatformDifference, ours: bool, words: str, by: User) -> PlatformDifference:
    """A person says which record holds; ours is then mended by its own act, theirs in the platform (issue 17)."""
    difference = PlatformDifference.objects.locked(difference.pk, "unit", "inspection")
    refuse_if(rules.why_not_decide(difference, by, words))
    difference.state = DifferenceState.OURS if ours else DifferenceState.THEIRS
    difference.words, difference.decided_by, difference.decided_at = words.strip(), by, clock.now()
    difference.save(update_fields=["state", "words", "decided_by", "decided_at"])
    duties.look_again(difference.unit, clock.now(), by)
    trail.record("inspections.exchange.decided", by=by, about=difference.unit, ours=ours)
    return difference
