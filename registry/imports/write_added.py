"""What a confirmed batch writes about new 检查对象: their rows and their history, each by one statement over many lines.

The facts go from the checked lines to the registry inside the database. From here come only the key, the code and the
search text of each; reading a hundred thousand lines and sending them back would take longer than everything else.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace

from django.db import connection

from registry.columns import COLUMNS
from registry.facilities import rules, search
from registry.models import BatchKind, Category, ChangeKind, Facility, ImportBatch

from .copying import empty_value, new_keys, text_array

_LINES = """
SELECT number, content->'new'->>'name', content->'new'->'former_names', content->'new'->>'operator_name',
       content->'new'->>'uscc', content->'new'->>'permit_no', content->'new'->>'division_code',
       CASE WHEN content->'grounds' <> '[]' OR content->'positive' <> 'null' THEN content - 'new' - 'old' END
FROM registry_importline
WHERE batch_id = %s AND number >= %s AND number < %s AND code = '' AND content IS NOT NULL ORDER BY number
"""
# Line by line through the index: nothing is known yet of how the values of so new a table are spread.
_OF_THE_LINES = """
FROM unnest(%(numbers)s::integer[], %(keys)s::bigint[], %(codes)s::text[], %(texts)s::text[])
         AS given(number, id, code, search_text)
CROSS JOIN LATERAL (SELECT content, content->'new' AS new FROM registry_importline
                    WHERE batch_id = %(batch)s AND number = given.number OFFSET 0) line
"""
_CHANGES = f"""
INSERT INTO registry_facilitychange
    (facility_id, facility_code, kind, effective_on, reason, evidence, "values", entered_by_id, batch_id, at)
SELECT given.id, given.code, %(kind)s,
       CASE WHEN new ? 'status' THEN coalesce((content->>'status_on')::date, %(today)s) ELSE %(today)s END,
       %(reason)s, left(content->>'status_evidence', 200),
       (SELECT jsonb_object_agg(name, jsonb_build_array(NULL, value)) FROM (
            SELECT name, value FROM jsonb_each(new) AS facts(name, value)) said),
       %(by)s, %(batch)s, %(now)s
{_OF_THE_LINES}
"""


@dataclass(frozen=True)
class Part:
    """Some thousand rows of the sheet: what its new facilities are called, and their search texts as soon as spelled."""

    first: int
    end: int
    lines: list[tuple]
    texts: Future


@dataclass(frozen=True)
class Added:
    """A facility just written whose line asks for more than one person may write."""

    pk: int
    asks: dict  # grounds, ended, positive: what waits for a second person


def parts_of(batch: ImportBatch, ranges: Iterable[tuple[int, int]], codes: dict[int, str]) -> Iterator[Part]:
    """The batch part by part. While the database writes one, the search texts of the next are spelled beside it."""
    division = _division(batch)
    with ThreadPoolExecutor(1) as spelling, connection.cursor() as cursor:
        ahead = None
        for first, end in ranges:
            cursor.execute(_LINES, [batch.pk, first, end])
            lines = cursor.fetchall()
            part = Part(first, end, lines, spelling.submit(_texts, lines, codes, division))
            if ahead:
                yield ahead
            ahead = part
        if ahead:
            yield ahead


def add_facilities(
    batch: ImportBatch, part: Part, codes: dict[int, str], *, today: date, reason: str, by_id: int, now: datetime
) -> list[Added]:
    """Write the new facilities of a part, and the first entry of each one's history; return those that ask for more."""
    if not part.lines:
        return []
    numbers = [line[0] for line in part.lines]
    keys = new_keys(Facility, len(numbers))
    given = {
        "batch": batch.pk,
        "numbers": numbers,
        "keys": keys,
        "codes": text_array(codes[number] for number in numbers),
        "texts": text_array(part.texts.result()),
    }
    said = {"kind": ChangeKind.NEW.value, "today": today, "reason": reason, "by": by_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_facilities(), given | _usual(batch, today) | {"unit": batch.unit_id})
        cursor.execute(_CHANGES, given | said)
    return [Added(pk, json.loads(asks) | {"new": {}}) for pk, (*_, asks) in zip(keys, part.lines, strict=True) if asks]


def _texts(lines: Sequence[tuple], codes: dict[int, str], division: str) -> list[str]:
    return [
        search.facility_text(
            SimpleNamespace(
                name=name or "",
                former_names=json.loads(former or "[]"),
                operator_name=operator or "",
                uscc=uscc or "",
                permit_no=permit or "",
                code=codes[number],
                division_code=district or division,
            )
        )
        for number, name, former, operator, uscc, permit, district, _ in lines
    ]


@cache
def _facilities() -> str:
    """The statement for the rows themselves: every column of the template that is a field of the facility."""
    fields = _fields()
    columns = ", ".join(f'"{f.column}"' for f in fields)
    types = ", ".join(f'"{f.name}" {f.db_type(connection)}' for f in fields)
    values = ", ".join(f'coalesce(fact."{f.name}", %({f.name})s)' for f in fields)
    return f"""
INSERT INTO registry_facility (id, code, unit_id, search_text, category, has_key_ground, version, {columns})
SELECT given.id, given.code, %(unit)s, given.search_text, '{Category.GENERAL}', false, 1,
       {values}
{_OF_THE_LINES}
CROSS JOIN LATERAL jsonb_to_record(new) AS fact({types})
"""


def _usual(batch: ImportBatch, today: date) -> dict:
    """What a new facility has where its row says nothing."""
    return {f.name: empty_value(f) for f in _fields()} | {
        "managed_by_city": rules.managed_by_city(batch.unit),
        "division_code": _division(batch),
        "entered_on": today,
    }


def _division(batch: ImportBatch) -> str:
    return batch.unit.division_code or "210500"


@cache
def _fields() -> list:
    asked = {c.field for c in COLUMNS[BatchKind.FACILITY]} - {"unit", "category", "code"}
    return [f for f in Facility._meta.concrete_fields if f.name in asked]
