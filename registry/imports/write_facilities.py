"""What a confirmed batch writes about 检查对象, and how it is taken back."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models
from django.db.models import Max, Min
from django.utils.timezone import localtime

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.database.arrays import text_array
from benxi_shuangsuiji.refusal import Refused
from registry import book
from registry.columns import COLUMNS
from registry.facilities import search
from registry.models import BatchKind, ChangeKind, Facility, FacilityChange, FacilityRating, ImportBatch

from . import write_added
from .copying import copy_in
from .write_proposals import Asking, forget, take_back

AT_A_TIME = 2_000
_DATES = {"permit_valid_to", "entered_on", "certificate_from", "certificate_to", "entered_service_on"}
_DECIMALS = {"longitude", "latitude"}


def stored(name: str, value):
    """A value of the batch's JSON as the model keeps it."""
    if value is None:
        return None
    if name in _DATES:
        return date.fromisoformat(value)
    return Decimal(value) if name in _DECIMALS else value


def ranges_of(batch: ImportBatch) -> Iterator[tuple[int, int]]:
    """Ranges of row numbers, some thousands of rows each: so each part is found by the index however new the table is."""
    ends = batch.lines.aggregate(first=Min("number"), last=Max("number"))
    if ends["last"] is not None:
        for start in range(ends["first"], ends["last"] + 1, AT_A_TIME):
            yield start, min(start + AT_A_TIME, ends["last"] + 1)


# The search index collects new texts and takes them in together: the more at once, the less work.
_FOR_MANY = "SET LOCAL gin_pending_list_limit = '64MB'; SET LOCAL work_mem = '64MB'"


def write_facilities(batch: ImportBatch, by: User, now, progress: Callable[[int, int], None]) -> None:
    today = now.date()
    common = history_of(batch, by, now, f"导入 {batch.file.name}")
    if batch.counts["added"] + batch.counts["changed"] > AT_A_TIME:
        with connection.cursor() as cursor:
            cursor.execute(_FOR_MANY)
    codes = _codes_for(batch)
    asking = Asking(batch, by, now)
    done, total = 0, batch.counts["added"] + batch.counts["changed"]
    for part in write_added.parts_of(batch, ranges_of(batch), codes):
        asking.ask(
            write_added.add_facilities(batch, part, codes, today=today, reason=common["reason"], by_id=by.pk, now=now)
        )
        changed = _change_facilities(batch, part.first, part.end, common, asking)
        done += len(part.lines) + changed
        progress(done, total)


def _change_facilities(batch: ImportBatch, first: int, end: int, common: dict, asking: Asking) -> int:
    """Write what these rows change of facilities that are there already; how many."""
    found = batch.lines.filter(number__gte=first, number__lt=end, content__isnull=False).exclude(code="")
    lines = list(found.order_by("number").values_list("number", "code", "content"))
    if not lines:
        return 0
    keys = dict(Facility.objects.filter(code__in=[code for _, code, _ in lines]).values_list("code", "pk"))
    asking.ask((keys[code], content) for _, code, content in lines)
    lines = [line for line in lines if _written(line[2]) or line[2].get("rating")]
    _change(lines)
    rows = [(keys[code], code, content) for _, code, content in lines]
    copy_in(
        FacilityRating,
        [
            content["rating"] | {"facility_id": pk, "batch_id": batch.pk, "entered_at": common["at"]}
            for pk, _, content in rows
            if content.get("rating")
        ],
    )
    changed = common | {"kind": ChangeKind.CHANGED.value}
    copy_in(
        FacilityChange,
        [
            changed | {"facility_id": pk, "facility_code": code, "values": old_and_new(content, _written(content))}
            for pk, code, content in rows
        ],
    )
    return len(keys)


def _written(content: dict) -> dict:
    """The fields that one person may write: everything but the status of a facility that is there (六(二)-d)."""
    return {name: value for name, value in content["new"].items() if name != "status"}


def _change(lines) -> None:
    """Write the changed facilities of these lines."""
    changed = {code: content for _, code, content in lines}
    facilities = list(Facility.objects.select_for_update().filter(code__in=changed))
    for facility in facilities:
        put(facility, _written(changed[facility.code]), search.facility_text)
        facility.version += 1
    fields = [c for c in _facility_fields() if c != "code"]
    overwrite(Facility, facilities, [*fields, "search_text", "version"])


_CODES_ASKED = """
SELECT number, coalesce(content->'new'->>'permit_no', ''), coalesce(content->'new'->>'uscc', '')
FROM registry_importline WHERE batch_id = %s AND code = '' AND content IS NOT NULL ORDER BY number
"""


def _codes_for(batch: ImportBatch) -> dict[int, str]:
    """Row → the code of the new facility; refused when another unit entered one of the codes since the check."""
    with connection.cursor() as cursor:
        cursor.execute(_CODES_ASKED, [batch.pk])
        asked = cursor.fetchall()
    permits, usccs = [p for _, p, _ in asked if p], [u for _, _, u in asked if u]
    alone = [u for _, p, u in asked if u and not p]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM registry_facility WHERE permit_no <> '' AND permit_no = ANY(%s::text[]))"
            " OR EXISTS (SELECT 1 FROM registry_facility WHERE uscc <> '' AND permit_no = '' AND uscc = ANY(%s::text[]))",
            [text_array(permits), text_array(alone)],
        )
        if cursor.fetchone()[0]:
            raise Refused("核对之后名录有了变化（其他单位登记了相同的代码）。按“重新核对”，看过新的结果再导入。")
        cursor.execute("SELECT DISTINCT uscc FROM registry_facility WHERE uscc = ANY(%s::text[])", [text_array(usccs)])
        in_use = {uscc for (uscc,) in cursor.fetchall()}
    often = Counter(usccs)
    codes = book.Codes([*usccs, *permits])
    return {
        number: codes.new(permit_no=permit, uscc=uscc, uscc_in_use=uscc in in_use or often[uscc] > 1)
        for number, permit, uscc in asked
    }


def _facility_fields() -> list[str]:
    model_fields = {f.name for f in Facility._meta.concrete_fields}
    return [
        c.field for c in COLUMNS[BatchKind.FACILITY] if c.field in model_fields and c.field not in ("unit", "category")
    ]


def overwrite(model, objects, fields) -> None:
    """One statement for all rows; an update by CASE would take seconds for a few hundred."""
    model.objects.bulk_create(
        objects, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=500
    )


def history_of(batch: ImportBatch, by: User, now: datetime, reason: str) -> dict:
    """What every entry in the history has that one batch writes."""
    said = {"reason": reason[:200], "entered_by_id": by.pk, "batch_id": batch.pk}
    return said | {"at": now, "effective_on": now.date()}


def old_and_new(content: dict, written: dict) -> dict:
    return {name: [content["old"].get(name), value] for name, value in written.items()}


# Inside the database: nothing of a hundred thousand rows comes here.
_TURN_AROUND = """
INSERT INTO registry_{what}change
    ({what}_id, {what}_code, kind, effective_on, reason, "values", entered_by_id, batch_id, at{empty})
SELECT {what}_id, {what}_code, %(kind)s, %(effective_on)s, %(reason)s,
       (SELECT coalesce(jsonb_object_agg(name, jsonb_build_array(said->1, said->0)), '{{}}')
        FROM jsonb_each("values") AS was(name, said)),
       %(entered_by_id)s, %(batch_id)s, %(at)s{nothing}
FROM registry_{what}change WHERE id = ANY(%(changes)s::bigint[]) ORDER BY id
"""


def turn_around(what: str, changes: Iterable[int], batch: ImportBatch, by: User, now: datetime) -> None:
    """Enter in the history, of facilities or inspectors, that these entries were turned around."""
    reason = f"撤回 {localtime(batch.confirmed_at):%Y-%m-%d %H:%M} 的导入（批次 {batch.pk}）"
    said = history_of(batch, by, now, reason) | {"kind": ChangeKind.WITHDRAWN.value, "changes": list(changes)}
    with connection.cursor() as cursor:
        left = {"empty": ", evidence", "nothing": ", ''"} if what == "facility" else {"empty": "", "nothing": ""}
        cursor.execute(_TURN_AROUND.format(what=what, **left), said)


def put(entry, values: Mapping[str, Any], search_text: Callable) -> None:
    """Set an entry to values of the batch's JSON."""
    for name, value in values.items():
        setattr(entry, name, stored(name, value))
    entry.search_text = search_text(entry)


def put_back(entry, change, search_text: Callable) -> None:
    put(entry, {name: old for name, (old, _) in change.values.items()}, search_text)
    entry.version += 1


def withdraw_facilities(batch: ImportBatch, by: User, now, progress: Callable[[int, int], None]) -> None:
    changes = batch.facility_changes.exclude(kind=ChangeKind.WITHDRAWN).order_by("pk")
    refuse_if_changed_later("facility", batch)
    take_back(batch, now)
    last, done, total = 0, 0, changes.count()
    while some := list(changes.filter(pk__gt=last).values_list("pk", "facility_id", "kind")[:AT_A_TIME]):
        last = some[-1][0]
        _put_all_back(batch, [pk for pk, _, kind in some if kind != ChangeKind.NEW])
        _take_out(batch, [facility for _, facility, kind in some if kind == ChangeKind.NEW])
        turn_around("facility", [pk for pk, _, _ in some], batch, by, now)
        with connection.cursor() as cursor:
            # Here, and not all at the end: nobody could say how far that has come.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        done += len(some)
        progress(done, total)


def _put_all_back(batch: ImportBatch, keys: list[int]) -> None:
    """The values of before into what these entries changed."""
    changes = list(batch.facility_changes.filter(pk__in=keys).order_by("pk")) if keys else []
    found = Facility.objects.select_for_update().in_bulk([c.facility_id for c in changes])
    for change in changes:
        put_back(found[change.facility_id], change, search.facility_text)
    if found:
        fields = [c for c in _facility_fields() if c != "code"]
        overwrite(Facility, list(found.values()), [*fields, "search_text", "version"])


def _take_out(batch: ImportBatch, new: list[int]) -> None:
    """New rows, with what hangs on them; refused where something else rests on one."""
    if not new:
        return
    forget(new, batch)
    for link in Facility._meta.get_fields(include_hidden=True):
        if link.auto_created and not link.concrete and link.on_delete is not models.DO_NOTHING:
            resting = link.related_model._base_manager.filter(**{f"{link.field.name}__in": new})
            if link.on_delete is models.CASCADE:
                resting.delete()
            elif resting.exists():
                raise models.ProtectedError(link.name, set(resting[:1]))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_facility WHERE id = ANY(%s::bigint[])", [new])


def refuse_if_changed_later(what: str, batch: ImportBatch) -> None:
    """Only untouched rows are taken back (rights.py): a later change would be lost with the batch."""
    table, column = f"registry_{what}change", f"{what}_id"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT r.name FROM {table} mine JOIN {table} later ON later.{column} = mine.{column}"
            f" AND later.id > mine.id AND later.batch_id IS DISTINCT FROM mine.batch_id"
            f" JOIN registry_{what} r ON r.id = mine.{column} WHERE mine.batch_id = %s LIMIT 1",
            [batch.pk],
        )
        if touched := cursor.fetchone():
            raise Refused(f"“{touched[0]}”在导入之后又有变更，不能整批撤回。逐个在详情页面改正。")
