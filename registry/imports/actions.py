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
from benxi_shuangsuiji.documents.workbooks.reading import content_type, is_large, open_workbook, why_not_open
from benxi_shuangsuiji.refusal import Refused, refuse_if
from registry import book
from registry.models import BatchKind, BatchState, FacilityRating, ImportBatch, ImportLine, PermitRecord
from registry.positive_list import ending
from registry.ratings import actions as ratings

from . import checking, duties, kinds, rules
from .copying import copy_in

AT_ONCE = 2_000  # above this many rows a batch is written and withdrawn by the worker


@transaction.atomic
def check_workbook(
    *, file_name: str, content: bytes, kind: BatchKind, unit: Unit, by: User, asked: dict | None = None
) -> ImportBatch:
    """Take an uploaded workbook and check it, now or in the background. Writes nothing in the registry.

    `asked`: what is the same for every row of a list, such as its year and document; `whole` is what a list of the whole city
    is asked, which the lead office brings and which each unit's registrar confirms for his own.
    """
    refuse_if(kinds.of(kind).why_not(unit, by, asked or {}) or why_not_open(content))
    file = files.store(content=content, name=file_name, content_type=content_type(content), by=by)
    batch = ImportBatch.objects.create(
        kind=kind,
        unit=unit,
        file=file,
        asked=asked or {},
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    return _check_now_or_later(batch, content, by)


@transaction.atomic
def choose_columns(*, batch: ImportBatch, by: User, **layout) -> ImportBatch:
    """Say by hand where the table is and which column means what, and check again (X19, X21).

    `layout`: sheet, header_row, heads, places, ticks and all, as `checking.tables.tables_by_choice` takes them.
    """
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_choose_columns(batch, by))
    batch.layout = layout
    return _check_now_or_later(batch, files.read(batch.file), by)


@transaction.atomic
def check_again(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Compare the same workbook with the registry as it is now: whoever confirms a part of a city's list has no file to bring.

    So does what the worker gave up; a withdrawal that it gave up is as if it had never been asked for.
    """
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_check_again(batch, by))
    if batch.state == BatchState.WITHDRAWING:
        batch.state = BatchState.CONFIRMED
        batch.save(update_fields=["state"])
        return batch
    return _check_now_or_later(batch, files.read(batch.file), by)


def _check_now_or_later(batch: ImportBatch, content: bytes, by: User) -> ImportBatch:
    batch.state, batch.trouble = BatchState.CHECKING, ""
    batch.save(update_fields=["layout", "state", "trouble"])
    if is_large(content):
        return _in_background(batch, "registry_import_check", f"核对 {batch.file.name}", by)
    return check_batch(batch=batch, content=content)


def check_batch(*, batch: ImportBatch, content: bytes, progress=None) -> ImportBatch:
    """Read the workbook of a batch and keep, row by row, what it would change; of a list of the whole city, unit by unit."""
    batch.lines.all().delete()
    batch.permit_records.all().delete()
    with open_workbook(content) as workbook:
        try:
            if batch.whole:
                return _split(batch, workbook, progress)
            seen = kinds.of(batch.kind).seen(batch.unit, batch.asked)
            checked = _check(batch, workbook, lambda outcomes: _keep(batch, outcomes), progress)
        except checking.Unclear as unclear:
            batch.state, batch.trouble = BatchState.ASKS, str(unclear)[:500]
            batch.layout = {"sheets": checking.sheets_seen(workbook.sheets), **unclear.found()}
            batch.save(update_fields=["state", "trouble", "layout"])
            return batch
    return _note(batch, checked, seen)


def _check(batch: ImportBatch, workbook, keep, progress=None) -> checking.Checked:
    return checking.check(
        workbook,
        kind=batch.kind,
        unit=batch.unit,
        today=clock.today(),
        keep=keep,
        layout=batch.layout if "places" in batch.layout else None,
        asked=batch.asked,
        progress=progress,
        file_name=batch.file.name,
    )


def _note(batch: ImportBatch, checked: checking.Checked, seen: str) -> ImportBatch:
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


@transaction.atomic
def _split(whole: ImportBatch, workbook, progress=None) -> ImportBatch:
    """A batch for each unit that the list, or last year's, concerns; whoever keeps its registry is told.

    All of them or none: a worker that was stopped on the way begins again.
    """
    rows = parts = 0
    units = list(Unit.objects.drawing().open())
    for at, unit in enumerate(units):
        part = ImportBatch(
            kind=whole.kind,
            unit=unit,
            file=whole.file,
            asked={n: x for n, x in whole.asked.items() if n != "whole"} | {"part": True},
            layout=whole.layout,
            uploaded_by=whole.uploaded_by,
            uploaded_at=whole.uploaded_at,
            part_of=whole,
        )
        outcomes: list[checking.Outcome] = []
        seen = kinds.of(part.kind).seen(unit, part.asked)
        checked = _check(part, workbook, outcomes.extend, progress and _share(progress, at, len(units)))
        rows = checked.counts["rows"]
        if rows > checked.counts["foreign"] + checked.counts["same"] or checked.counts["absent"]:
            part.save()
            _keep(part, outcomes)
            _note(part, checked, seen)
            duties.wait_for(part)
            parts += 1
    whole.counts, whole.state = {"rows": rows, "parts": parts}, BatchState.SPLIT
    whole.save(update_fields=["counts", "state"])
    by = whole.uploaded_by
    trail.record("registry.import.split", by=by, about=whole, sha256=whole.file.sha256, rows=rows, parts=parts)
    return whole


def _share(progress, at: int, of: int):
    """How far the whole has come while it is read for one of several units."""
    return lambda done, total: progress(at * total + done, of * total)


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
            if o.content is not None or o.problems
        ],
    )
    copy_in(PermitRecord, [{"batch_id": batch.pk, "number": o.number, **o.said} for o in outcomes if o.said])


def _blame_later(batch: ImportBatch, later: dict[int, list[dict]]) -> None:
    """What only a later row showed about an earlier one: it will not be written either."""
    there = {line.number: line for line in batch.lines.filter(number__in=list(later))}
    batch.permit_records.filter(number__in=list(later)).delete()
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
        "unchanged": counts["rows"] - faulty - (all_good - counts["absent"]) - counts["same"] - counts["foreign"],
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
    how = kinds.of(batch.kind)
    refuse_if(rules.why_out_of_date(batch))
    now = clock.now()
    how.write(batch, by, now, progress or (lambda done, total: None))
    if batch.kind == BatchKind.FACILITY:
        ratings.note_ratings_of(batch, now.date())
    batch.state, batch.confirmed_by, batch.confirmed_at = BatchState.CONFIRMED, by, now
    batch.trouble = ""
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at", "trouble"])
    ending.end_groundless(now, facility__unit=batch.unit)  # a count or a rating that is corrected
    duties.decided(batch, now)
    trail.record("registry.import.confirmed", by=by, about=batch, sha256=batch.file.sha256, **_figures(batch))
    return batch


@transaction.atomic
def discard_import(*, batch: ImportBatch, by: User) -> ImportBatch:
    """Put a workbook aside without importing it; of a list of the whole city, the parts that nobody has confirmed."""
    batch = ImportBatch.objects.locked(batch.pk, "unit", "file")
    refuse_if(rules.why_not_discard(batch, by))
    for one in (
        *batch.parts.select_for_update(of=("self",)).select_related("unit").filter(state__in=rules.WAITING),
        batch,
    ):
        one.state = BatchState.DISCARDED
        one.save(update_fields=["state"])
        duties.decided(one, clock.now())
        trail.record("registry.import.discarded", by=by, about=one)
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
    # First: what a batch brought goes only with a batch that is taken back (`goes_with`), and that is asked part by part.
    batch.state, batch.withdrawn_by, batch.withdrawn_at, batch.trouble = BatchState.WITHDRAWN, by, now, ""
    batch.save(update_fields=["state", "withdrawn_by", "withdrawn_at", "trouble"])
    FacilityRating.objects.filter(batch=batch).delete()
    try:
        with transaction.atomic():
            kinds.of(batch.kind).withdraw(batch, by, now, progress or (lambda done, total: None))
    except (ProtectedError, RestrictedError):
        raise Refused("这一批新增的记录已经在别处用到（计划、抽取或回避登记），不能整批撤回。") from None
    ending.end_groundless(now, facility__unit=batch.unit)
    trail.record("registry.import.withdrawn", by=by, about=batch, **_figures(batch))
    return batch


def _in_background(batch: ImportBatch, kind: str, title: str, by: User) -> ImportBatch:
    batch.job = jobs.ask_for(kind=kind, title=title[:120], params={"batch": batch.pk}, by=by)
    batch.save(update_fields=["job"])
    return batch


def _figures(batch: ImportBatch) -> dict:
    return {name: batch.counts[name] for name in ("added", "changed", "unchanged", "faulty", "missing")}
