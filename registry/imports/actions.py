"""Importing a workbook: check, confirm in one transaction, withdraw as a whole (ui.md 4.10, reliability.md P13).

A small workbook is checked and written while the registrar waits; a large one by the worker, through the same functions.
"""

from django.db import transaction
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, jobs
from benxi_shuangsuiji.documents.workbooks.reading import is_large, open_workbook, why_not_open
from benxi_shuangsuiji.refusal import Refused, refuse_if
from registry import book, book_rules
from registry.models import BatchKind, BatchState, FacilityRating, ImportBatch, ImportLine
from registry.past_checks import actions as past_checks
from registry.ratings import actions as ratings

from . import checking, rules
from .copying import copy_in
from .write_facilities import withdraw_facilities, write_facilities
from .write_inspectors import withdraw_inspectors, write_inspectors

__all__ = [
    "check_batch",
    "check_workbook",
    "choose_columns",
    "confirm_import",
    "discard_import",
    "withdraw_batch",
    "withdraw_import",
    "write_batch",
]

# What a confirmed batch writes and how it is taken back: lists about facilities as the facilities themselves.
FACILITIES = write_facilities, withdraw_facilities
WRITERS = {
    BatchKind.INSPECTOR: (write_inspectors, withdraw_inspectors),
    BatchKind.HISTORY: (past_checks.enter, past_checks.take_back),
}
AT_ONCE = 2_000  # above this many rows a batch is written and withdrawn by the worker


@transaction.atomic
def check_workbook(
    *, file_name: str, content: bytes, kind: BatchKind, unit: Unit, by: User, asked: dict | None = None
) -> ImportBatch:
    """Take an uploaded workbook and check it, now or in the background. Writes nothing in the registry.

    `asked`: what is the same for every row of a list, such as its year and document.
    """
    refuse_if(book_rules.why_not_import(kind, unit, by) or why_not_open(content))
    file = files.store(content=content, name=file_name, content_type=files.XLSX, by=by)
    batch = ImportBatch.objects.create(
        kind=kind,
        unit=unit,
        file=file,
        asked=asked or {},
        state=BatchState.CHECKING,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    if is_large(content):
        return _in_background(batch, "registry_import_check", f"核对 {file.name}", by)
    return check_batch(batch=batch, content=content)


@transaction.atomic
def choose_columns(*, batch: ImportBatch, sheet: str, header_row: int, places: dict[str, int], by: User) -> ImportBatch:
    """Say by hand where the table is and which column means what, and check again (X19, X21)."""
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_choose_columns(batch, by))
    batch.layout = {"sheet": sheet, "header_row": header_row, "places": places}
    batch.state, batch.trouble = BatchState.CHECKING, ""
    batch.save(update_fields=["layout", "state", "trouble"])
    content = files.read(batch.file)
    if is_large(content):
        return _in_background(batch, "registry_import_check", f"核对 {batch.file.name}", by)
    return check_batch(batch=batch, content=content)


def check_batch(*, batch: ImportBatch, content: bytes, progress=None) -> ImportBatch:
    """Read the workbook of a batch and keep, row by row, what it would change."""
    batch.lines.all().delete()
    seen = book.digest(batch.kind, batch.unit)
    layout = batch.layout if "places" in batch.layout else None
    with open_workbook(content) as workbook:
        try:
            checked = checking.check(
                workbook,
                kind=batch.kind,
                unit=batch.unit,
                today=clock.today(),
                keep=lambda outcomes: _keep(batch, outcomes),
                layout=layout,
                asked=batch.asked,
                progress=progress,
            )
        except checking.Unclear as unclear:
            batch.state, batch.trouble = BatchState.ASKS, str(unclear)[:500]
            batch.layout = {"sheets": checking.sheets_seen(workbook.sheets), **unclear.found()}
            batch.save(update_fields=["state", "trouble", "layout"])
            return batch
    _blame_later(batch, checked.later)
    batch.registry_digest, batch.notes = seen, checked.notes
    if earlier := _imported_before(batch):
        text = f"这份表已于 {localtime(earlier.confirmed_at):%Y-%m-%d %H:%M} 导入过（批次 {earlier.pk}）"
        batch.notes = [checking.entry(0, "", batch.file.name, text, "核对是否拿错了文件"), *batch.notes]
    batch.counts = checked.counts | _count(batch, checked.counts)
    batch.state = BatchState.CHECKED
    batch.save(update_fields=["registry_digest", "notes", "counts", "state"])
    trail.record(
        "registry.import.checked", by=batch.uploaded_by, about=batch, sha256=batch.file.sha256, **_figures(batch)
    )
    return batch


def _keep(batch: ImportBatch, outcomes) -> None:
    copy_in(
        ImportLine,
        [
            {
                "batch_id": batch.pk,
                "number": o.number,
                "code": o.content["code"] if o.content else "",
                "groups": checking.groups_of(o.content) if o.content else [],
                "content": o.content,
                "problems": o.problems,
            }
            for o in outcomes
        ],
    )


def _blame_later(batch: ImportBatch, later: dict[int, list[dict]]) -> None:
    """What only a later row showed about an earlier one: it will not be written either."""
    there = {line.number: line for line in batch.lines.filter(number__in=list(later))}
    fresh = []
    for number, problems in later.items():
        if line := there.get(number):
            line.content, line.groups, line.problems = None, [], line.problems + problems
            line.save(update_fields=["content", "groups", "problems"])
        else:
            fresh.append(ImportLine(batch=batch, number=number, problems=problems))
    ImportLine.objects.bulk_create(fresh)


def _count(batch: ImportBatch, counts: dict) -> dict:
    good = batch.lines.filter(content__isnull=False)
    added, all_good = good.filter(code="").count(), good.count()
    faulty = batch.lines.filter(content__isnull=True).count()
    return {
        "added": added,
        "changed": all_good - added,
        "unchanged": counts["rows"] - faulty - (all_good - counts["absent"]) - counts["same"],
        "faulty": faulty,
    }


def _imported_before(batch: ImportBatch) -> ImportBatch | None:
    same = ImportBatch.objects.filter(file__sha256=batch.file.sha256, kind=batch.kind, unit=batch.unit)
    return same.filter(state=BatchState.CONFIRMED).first()


@transaction.atomic
def confirm_import(*, batch: ImportBatch, by: User, ending: str = "") -> ImportBatch:
    """Write what the check page showed, now or in the background: all of it, or nothing (reliability.md P13, X61).

    Category, status and positive list are asked for. `ending`: why those whom a year's list leaves out should leave it;
    without it nothing is asked about them (六(二)-t).
    """
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_confirm(batch, by, ending))
    batch.asked = batch.asked | {"ending": ending.strip()}
    batch.save(update_fields=["asked"])
    if batch.counts["added"] + batch.counts["changed"] > AT_ONCE:
        batch.state, batch.confirmed_by, batch.trouble = BatchState.WRITING, by, ""
        batch.save(update_fields=["state", "confirmed_by", "trouble"])
        return _in_background(batch, "registry_import_write", f"导入 {batch.file.name}", by)
    return write_batch(batch=batch, by=by)


@transaction.atomic
def write_batch(*, batch: ImportBatch, by: User, progress=None) -> ImportBatch:
    """The writing itself, in one transaction."""
    book.lock_for_import()
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_write(batch, by))
    if book.digest(batch.kind, batch.unit) != batch.registry_digest:
        raise Refused("核对之后名录有了变化。重新上传这份表，再核对一遍。")
    now = clock.now()
    write, _ = WRITERS.get(batch.kind, FACILITIES)
    write(batch, by, now, progress or (lambda done, total: None))
    if batch.kind == BatchKind.FACILITY:
        ratings.note_ratings_of(batch, now.date())
    batch.state, batch.confirmed_by, batch.confirmed_at = BatchState.CONFIRMED, by, now
    batch.trouble = ""
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at", "trouble"])
    trail.record("registry.import.confirmed", by=by, about=batch, sha256=batch.file.sha256, **_figures(batch))
    return batch


@transaction.atomic
def discard_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Put a workbook aside without importing it."""
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_discard(batch, by))
    batch.state = BatchState.DISCARDED
    batch.save(update_fields=["state"])
    trail.record("registry.import.discarded", by=by, about=batch)
    return batch


@transaction.atomic
def withdraw_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Take a whole batch back, now or in the background (ui.md 4.10)."""
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_withdraw(batch, by, clock.now()))
    if batch.counts["added"] + batch.counts["changed"] > AT_ONCE:
        batch.state, batch.withdrawn_by, batch.trouble = BatchState.WITHDRAWING, by, ""
        batch.save(update_fields=["state", "withdrawn_by", "trouble"])
        return _in_background(batch, "registry_import_withdraw", f"撤回 {batch.file.name}", by)
    return withdraw_batch(batch=batch, by=by)


@transaction.atomic
def withdraw_batch(*, batch: ImportBatch, by: User, progress=None) -> ImportBatch:
    """New rows go, changed rows get their old values again; the history says both."""
    book.lock_for_import()
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    now = clock.now()
    refuse_if(rules.why_not_withdraw(batch, by, now, begun=batch.state == BatchState.WITHDRAWING))
    _, withdraw = WRITERS.get(batch.kind, FACILITIES)
    FacilityRating.objects.filter(batch=batch).delete()
    try:
        with transaction.atomic():
            withdraw(batch, by, now, progress or (lambda done, total: None))
    except (ProtectedError, RestrictedError):
        raise Refused("这一批新增的记录已经在别处用到（计划、抽取或回避登记），不能整批撤回。") from None
    batch.state, batch.withdrawn_by, batch.withdrawn_at = BatchState.WITHDRAWN, by, now
    batch.trouble = ""
    batch.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "trouble"])
    trail.record("registry.import.withdrawn", by=by, about=batch, **_figures(batch))
    return batch


def _in_background(batch: ImportBatch, kind: str, title: str, by: User) -> ImportBatch:
    batch.job = jobs.ask_for(kind=kind, title=title[:120], params={"batch": batch.pk}, by=by)
    batch.save(update_fields=["job"])
    return batch


def _figures(batch: ImportBatch) -> dict:
    return {name: batch.counts[name] for name in ("added", "changed", "unchanged", "faulty", "missing")}
