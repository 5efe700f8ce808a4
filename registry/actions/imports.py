"""Importing a workbook: check, confirm in one transaction, withdraw as a whole (ui.md 4.10, reliability.md P13)."""

from collections import Counter
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks_in import read_workbook
from benxi_shuangsuiji.refusal import Refused, refuse_if

from .. import book, categories, certificates, checking, rules, search
from ..models import (
    BatchKind,
    BatchState,
    CategoryGround,
    ChangeKind,
    Facility,
    FacilityChange,
    ImportBatch,
    Inspector,
    InspectorChange,
    OperatingStatus,
    PositiveListEntry,
)
from ..sheets import COLUMNS

_DATES = {"permit_valid_to", "entered_on", "certificate_from", "certificate_to", "entered_service_on"}
_DECIMALS = {"longitude", "latitude"}
STATUS_CHANGE = {
    OperatingStatus.OPERATING: ChangeKind.RESUMED,
    OperatingStatus.SUSPENDED: ChangeKind.SUSPENDED,
    OperatingStatus.SEASONAL: ChangeKind.SEASONAL,
    OperatingStatus.LONG_SUSPENDED: ChangeKind.SUSPENDED,
    OperatingStatus.BUILDING: ChangeKind.CHANGED,
    OperatingStatus.CLOSED: ChangeKind.CLOSED,
    OperatingStatus.CANCELLED: ChangeKind.CANCELLED,
    OperatingStatus.MOVED_OUT: ChangeKind.MOVED_OUT,
}


@transaction.atomic
def check_workbook(*, file_name: str, content: bytes, kind: BatchKind, unit: Unit, by: User) -> ImportBatch:
    """Read an uploaded workbook and keep, beside it, what it would change. Writes nothing in the registry."""
    refuse_if(rules.why_not_import(kind, unit, by))
    now = clock.now()
    sheets = read_workbook(content)
    seen = book.digest(kind, unit)
    checked = checking.check(sheets, kind=kind, unit=unit, today=now.date())
    file = files.store(content=content, name=file_name, content_type=files.XLSX, by=by)
    problems = checked.problems
    if earlier := _imported_before(file.sha256, kind, unit):
        text = f"这份表已于 {localtime(earlier.confirmed_at):%Y-%m-%d %H:%M} 导入过（批次 {earlier.pk}）"
        note = {
            "row": 0,
            "column": "",
            "value": file.name,
            "problem": text,
            "remedy": "核对是否拿错了文件",
            "note": True,
        }
        problems = [note, *problems]
    batch = ImportBatch.objects.create(
        kind=kind,
        unit=unit,
        file=file,
        rows=checked.rows,
        problems=problems,
        counts=checked.counts,
        registry_digest=seen,
        uploaded_by=by,
        uploaded_at=now,
    )
    trail.record("registry.import.checked", by=by, about=batch, sha256=file.sha256, **_figures(batch))
    return batch


def _imported_before(sha256: str, kind: str, unit: Unit) -> ImportBatch | None:
    return ImportBatch.objects.filter(file__sha256=sha256, kind=kind, unit=unit, state=BatchState.CONFIRMED).first()


@transaction.atomic
def confirm_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Write what the check page showed: all of it, or nothing (reliability.md P13, X61)."""
    book.lock_for_import()
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit", "file").get(pk=batch.pk)
    refuse_if(rules.why_not_confirm(batch, by))
    if book.digest(batch.kind, batch.unit) != batch.registry_digest:
        raise Refused("核对之后名录有了变化。重新上传这份表，再核对一遍。")
    now = clock.now()
    write = _write_facilities if batch.kind == BatchKind.FACILITY else _write_inspectors
    write(batch, by, now)
    batch.state, batch.confirmed_by, batch.confirmed_at = BatchState.CONFIRMED, by, now
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at"])
    trail.record("registry.import.confirmed", by=by, about=batch, sha256=batch.file.sha256, **_figures(batch))
    return batch


@transaction.atomic
def discard_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Put a checked workbook aside without importing it."""
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    refuse_if(rules.why_not_discard(batch, by))
    batch.state = BatchState.DISCARDED
    batch.save(update_fields=["state"])
    trail.record("registry.import.discarded", by=by, about=batch)
    return batch


@transaction.atomic
def withdraw_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Take a whole batch back: new rows go, changed rows get their old values again; the history says both."""
    book.lock_for_import()
    batch = ImportBatch.objects.select_for_update(of=("self",)).select_related("unit").get(pk=batch.pk)
    now = clock.now()
    refuse_if(rules.why_not_withdraw(batch, by, now))
    withdraw = _withdraw_facilities if batch.kind == BatchKind.FACILITY else _withdraw_inspectors
    try:
        with transaction.atomic():
            withdraw(batch, by, now)
    except (ProtectedError, RestrictedError):
        raise Refused("这一批新增的记录已经在别处用到（计划、抽取或回避登记），不能整批撤回。") from None
    batch.state, batch.withdrawn_by, batch.withdrawn_at = BatchState.WITHDRAWN, by, now
    batch.save(update_fields=["state", "withdrawn_by", "withdrawn_at"])
    trail.record("registry.import.withdrawn", by=by, about=batch, **_figures(batch))
    return batch


def _figures(batch: ImportBatch) -> dict:
    return {name: batch.counts[name] for name in ("added", "changed", "unchanged", "faulty", "missing")}


def stored(name: str, value):
    """A value of the batch's JSON as the model keeps it."""
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if name in _DECIMALS else value


# --- facilities ---------------------------------------------------------------------------------------------------


def _write_facilities(batch: ImportBatch, by: User, now) -> None:
    today = now.date()
    reason = f"导入 {batch.file.name}"[:200]
    fresh, changed = [r for r in batch.rows if not r["code"]], [r for r in batch.rows if r["code"]]
    _refuse_what_others_took(fresh)
    added = _new_facilities(fresh, batch.unit, today)
    Facility.objects.bulk_create(added, batch_size=500)
    existing = {f.code: f for f in Facility.objects.select_for_update().filter(code__in=[r["code"] for r in changed])}
    for row in changed:
        facility = existing[row["code"]]
        _apply(facility, row)
        facility.version += 1
    fields = [c for c in _facility_fields() if c != "code"]
    if existing:
        _overwrite(Facility, list(existing.values()), [*fields, "category", "has_key_ground", "search_text", "version"])
    facilities = added + [existing[r["code"]] for r in changed]
    rows = fresh + changed
    _end_grounds(rows, facilities, today)
    CategoryGround.objects.bulk_create(
        [
            CategoryGround(
                facility=f,
                kind=g["kind"],
                evidence=g["evidence"],
                year=today.year,
                valid_from=today,
                entered_by=by,
            )
            for f, row in zip(facilities, rows, strict=True)
            for g in row["grounds"]
        ]
    )
    PositiveListEntry.objects.bulk_create(
        [
            PositiveListEntry(
                facility=f, batch=row["positive"]["batch"], valid_from=date.fromisoformat(row["positive"]["from"])
            )
            for f, row in zip(facilities, rows, strict=True)
            if row["positive"]
        ]
    )
    FacilityChange.objects.bulk_create(
        [
            _facility_change(f, row, batch=batch, by=by, at=now, reason=reason)
            for f, row in zip(facilities, rows, strict=True)
        ],
        batch_size=500,
    )


def _facility_fields() -> list[str]:
    model_fields = {f.name for f in Facility._meta.concrete_fields}
    return [
        c.field for c in COLUMNS[BatchKind.FACILITY] if c.field in model_fields and c.field not in ("unit", "category")
    ]


def _new_facilities(rows, unit: Unit, today: date) -> list[Facility]:
    usccs = [r["new"].get("uscc", "") for r in rows]
    permits = [r["new"].get("permit_no", "") for r in rows]
    in_use = set(Facility.objects.filter(uscc__in={u for u in usccs if u}).values_list("uscc", flat=True))
    often = Counter(usccs)
    codes = book.Codes([*usccs, *permits])
    added = []
    for row, uscc, permit in zip(rows, usccs, permits, strict=True):
        shared = uscc in in_use or often[uscc] > 1
        facility = Facility(
            code=codes.new(permit_no=permit, uscc=uscc, uscc_in_use=shared),
            unit=unit,
            division_code=unit.division_code or "210500",
            entered_on=today,
        )
        _apply(facility, row)
        added.append(facility)
    return added


def _apply(facility: Facility, row: dict) -> None:
    for name, value in row["new"].items():
        if name == "name" and facility.pk and facility.name not in facility.former_names:
            facility.former_names = [*facility.former_names, facility.name]
        setattr(facility, name, stored(name, value))
    facility.category, facility.has_key_ground = row["category"][1], row["has_key"]
    facility.search_text = search.facility_text(facility)


def _refuse_what_others_took(rows) -> None:
    """What another unit entered since the check: a permit or a credit code now in use there."""
    permits = {r["new"]["permit_no"] for r in rows if r["new"].get("permit_no")}
    usccs = {r["new"]["uscc"] for r in rows if r["new"].get("uscc") and not r["new"].get("permit_no")}
    if (
        Facility.objects.filter(permit_no__in=permits).exists()
        or Facility.objects.filter(uscc__in=usccs, permit_no="").exclude(uscc="").exists()
    ):
        raise Refused("核对之后名录有了变化（其他单位登记了相同的代码）。重新上传这份表，再核对一遍。")


def _overwrite(model, objects, fields) -> None:
    """One statement for all rows; an update by CASE would take seconds for a few hundred."""
    model.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=500
    )


def _end_grounds(rows, facilities, today: date) -> None:
    for facility, row in zip(facilities, rows, strict=True):
        if row["ended"]:
            CategoryGround.objects.filter(facility=facility, kind__in=row["ended"], valid_to__isnull=True).update(
                valid_to=today
            )


def _facility_change(facility, row, *, batch, by, at, reason) -> FacilityChange:
    values = {name: [row["old"].get(name), new] for name, new in row["new"].items()}
    if row["grounds"]:
        values["grounds"] = [None, [g["kind"] for g in row["grounds"]]]
    if row["ended"]:
        values["grounds_ended"] = [row["ended"], None]
    if row["positive"]:
        values["positive_list"] = [None, row["positive"]["batch"]]
    if row["category"][0] != row["category"][1]:
        values["category"] = row["category"]
    if not row["code"]:
        kind = ChangeKind.NEW
    else:
        kind = STATUS_CHANGE[facility.status] if "status" in row["new"] else ChangeKind.CHANGED
    effective = date.fromisoformat(row["status_on"]) if "status" in row["new"] and row["status_on"] else at.date()
    return FacilityChange(
        facility=facility,
        facility_code=facility.code,
        kind=kind,
        effective_on=effective,
        reason=reason,
        evidence=row["status_evidence"][:200],
        values=values,
        entered_by=by,
        batch=batch,
        at=at,
    )


def _withdraw_facilities(batch: ImportBatch, by: User, now) -> None:
    changes = list(batch.facility_changes.exclude(kind=ChangeKind.WITHDRAWN))
    facilities = {f.pk: f for f in Facility.objects.select_for_update().filter(pk__in=[c.facility_id for c in changes])}
    _refuse_if_changed_later(FacilityChange, "facility_id", batch, facilities)
    back, new = [], []
    for change in changes:
        facility = facilities[change.facility_id]
        if change.kind == ChangeKind.NEW:
            new.append(facility)
            continue
        _undo(facility, change, batch)
        back.append(facility)
    if back:
        _overwrite(
            Facility,
            back,
            [c for c in _facility_fields() if c != "code"] + ["category", "has_key_ground", "search_text", "version"],
        )
    Facility.objects.filter(pk__in=[f.pk for f in new]).delete()
    FacilityChange.objects.bulk_create(
        [
            FacilityChange(
                facility_id=c.facility_id,
                facility_code=c.facility_code,
                kind=ChangeKind.WITHDRAWN,
                effective_on=now.date(),
                reason=f"撤回 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 的导入（批次 {batch.pk}）",
                values={n: [b, a] for n, (a, b) in c.values.items()},
                entered_by=by,
                batch=batch,
                at=now,
            )
            for c in changes
        ],
        batch_size=500,
    )


def _undo(facility: Facility, change: FacilityChange, batch: ImportBatch) -> None:
    renamed = change.values.get("name")
    for name, (old, _) in change.values.items():
        if name == "grounds":
            kinds = change.values[name][1]
            facility.grounds.filter(
                kind__in=kinds, valid_to__isnull=True, valid_from=localtime(batch.confirmed_at).date()
            ).delete()
        elif name == "grounds_ended":
            facility.grounds.filter(kind__in=old, valid_to=localtime(batch.confirmed_at).date()).update(valid_to=None)
        elif name == "positive_list":
            facility.positive_entries.filter(valid_to__isnull=True).delete()
        else:
            setattr(facility, name, stored(name, old))
    if renamed and "former_names" not in change.values:
        facility.former_names = [n for n in facility.former_names if n != renamed[0]]
    categories.put_label(facility, categories.open_kinds(facility))
    facility.search_text = search.facility_text(facility)
    facility.version += 1


def _refuse_if_changed_later(history, name: str, batch: ImportBatch, records: dict) -> None:
    """Only untouched rows are taken back (rights.py): a later change would be lost with the batch."""
    last = max(history.objects.filter(batch=batch).values_list("pk", flat=True), default=0)
    later = history.objects.filter(**{f"{name}__in": list(records)}, pk__gt=last).exclude(batch=batch)
    if touched := later.values_list(name, flat=True).first():
        raise Refused(f"“{records[touched].name}”在导入之后又有变更，不能整批撤回。逐个在详情页面改正。")


# --- inspectors ---------------------------------------------------------------------------------------------------


def _write_inspectors(batch: ImportBatch, by: User, now) -> None:
    reason = f"导入 {batch.file.name}"[:200]
    fresh, changed = [r for r in batch.rows if not r["code"]], [r for r in batch.rows if r["code"]]
    numbers = {r["new"]["certificate_no"] for r in fresh if r["new"].get("certificate_no")}
    codes = {r["new"]["code"] for r in fresh if r["new"].get("code")}
    if (
        Inspector.objects.filter(certificate_no__in=numbers).exists()
        or Inspector.objects.filter(code__in=codes).exists()
    ):
        raise Refused("核对之后名录有了变化（其他单位登记了相同的编号或证号）。重新上传这份表，再核对一遍。")
    given = book.StaffCodes(batch.unit)
    added = []
    for row in fresh:
        inspector = Inspector(code=row["new"].get("code") or given.new())
        _apply_inspector(inspector, row)
        added.append(inspector)
    Inspector.objects.bulk_create(added, batch_size=500)
    existing = {i.code: i for i in Inspector.objects.select_for_update().filter(code__in=[r["code"] for r in changed])}
    for row in changed:
        inspector = existing[row["code"]]
        _apply_inspector(inspector, row)
        inspector.version += 1
    if existing:
        _overwrite(Inspector, list(existing.values()), [*_inspector_fields(), "search_text", "version"])
    InspectorChange.objects.bulk_create(
        [
            InspectorChange(
                inspector=i,
                inspector_code=i.code,
                kind=ChangeKind.CHANGED if row["code"] else ChangeKind.NEW,
                effective_on=now.date(),
                reason=reason,
                values={n: [row["old"].get(n), x] for n, x in row["new"].items()},
                entered_by=by,
                batch=batch,
                at=now,
            )
            for i, row in zip(added + [existing[r["code"]] for r in changed], fresh + changed, strict=True)
        ]
    )
    certificates.state_columns([*added, *existing.values()], by=by, at=now, batch=batch, reason=reason)


def _inspector_fields() -> list[str]:
    return [c.field for c in COLUMNS[BatchKind.INSPECTOR] if c.field != "code"]


def _apply_inspector(inspector: Inspector, row: dict) -> None:
    for name, value in row["new"].items():
        setattr(inspector, name, stored(name, value))
    inspector.search_text = search.inspector_text(inspector)


def _withdraw_inspectors(batch: ImportBatch, by: User, now) -> None:
    changes = list(batch.inspector_changes.exclude(kind=ChangeKind.WITHDRAWN))
    people = {i.pk: i for i in Inspector.objects.select_for_update().filter(pk__in=[c.inspector_id for c in changes])}
    _refuse_if_changed_later(InspectorChange, "inspector_id", batch, people)
    new, back = [], {}
    for change in changes:
        inspector = people[change.inspector_id]
        if change.kind == ChangeKind.NEW:
            new.append(inspector)
            continue
        for name, (old, _) in change.values.items():
            setattr(inspector, name, stored(name, old))
        inspector.search_text = search.inspector_text(inspector)
        inspector.version += 1
        back[inspector.pk] = inspector
    if any(i.user_id for i in new):
        raise Refused("这一批新增的检查人员已有账号，不能整批撤回。")
    if back:
        _overwrite(
            Inspector, list(back.values()), [*_inspector_fields(), "certificate_status", "search_text", "version"]
        )
    Inspector.objects.filter(pk__in=[i.pk for i in new]).delete()
    InspectorChange.objects.bulk_create(
        [
            InspectorChange(
                inspector_id=c.inspector_id,
                inspector_code=c.inspector_code,
                kind=ChangeKind.WITHDRAWN,
                effective_on=now.date(),
                reason=f"撤回 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 的导入（批次 {batch.pk}）",
                values={n: [b, a] for n, (a, b) in c.values.items()},
                entered_by=by,
                batch=batch,
                at=now,
            )
            for c in changes
        ]
    )
    certificates.take_back(batch, list(back.values()), by=by, at=now, reason="随导入一起撤回")
