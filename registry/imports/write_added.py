"""What a confirmed batch writes about new 检查对象: their rows and their history, by one statement over many lines.

The facts go from the checked lines to the registry inside the database. From here come only the code and the search text
of each; reading a hundred thousand lines and sending them back would take longer than everything else.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from types import SimpleNamespace

from django.db import connection

from benxi_shuangsuiji.database.arrays import text_array
from registry.columns import COLUMNS
from registry.divisions import DIVISIONS, whole_city
from registry.facilities import rules, search
from registry.models import BatchKind, Category, ChangeKind, Facility, ImportBatch

from .copying import empty_value

_LINES = """
SELECT number, content->'new'->>'name', content->'new'->'former_names', content->'new'->>'operator_name',
       content->'new'->>'uscc', content->'new'->>'permit_no', content->'new'->>'division_code'
FROM registry_importline
WHERE batch_id = %s AND number >= %s AND number < %s AND code = '' AND content IS NOT NULL ORDER BY number
"""
# Line by line through the index: nothing is known yet of how the values of so new a table are spread. The values of the
# history are put together as text, name by name, which takes less time than as jsonb or from each key that a line has.
_WRITE = """
WITH line AS MATERIALIZED (
    SELECT nextval((SELECT pg_get_serial_sequence('registry_facility', 'id')::regclass)) AS id, given.code, search_text,
           content, content->'new' AS new
    FROM unnest(%(numbers)s::integer[], %(codes)s::text[], %(texts)s::text[]) AS given(number, code, search_text)
    CROSS JOIN LATERAL (SELECT content FROM registry_importline
                        WHERE batch_id = %(batch)s AND number = given.number OFFSET 0) found
), facility AS (
    INSERT INTO registry_facility (id, code, unit_id, search_text, category, has_key_ground, version, {columns})
    SELECT id, code, %(unit)s, search_text, %(category)s, false, 1, {values}
    FROM line CROSS JOIN LATERAL jsonb_to_record(new) AS fact({types})
), change AS (
    INSERT INTO registry_facilitychange
        (facility_id, facility_code, kind, effective_on, reason, evidence, "values", entered_by_id, batch_id, at)
    SELECT id, code, %(kind)s,
           CASE WHEN new ? 'status' THEN coalesce((content->>'status_on')::date, %(today)s) ELSE %(today)s END,
           %(reason)s, left(content->>'status_evidence', 200),
           ('{{' || concat_ws(', ', {history}) || '}}')::jsonb,
           %(by)s, %(batch)s, %(now)s
    FROM line
)
SELECT id, content - 'new' - 'old' FROM line WHERE content->'grounds' <> '[]' OR content->'positive' <> 'null'
"""


@dataclass(frozen=True)
class Part:
    """Some thousand rows of the sheet: what its new facilities are called, and their search texts as soon as spelled."""

    first: int
    end: int
    lines: list[tuple]
    texts: Future


def parts_of(batch: ImportBatch, ranges: Iterable[tuple[int, int]], codes: dict[int, str]) -> Iterator[Part]:
    """The batch part by part. While the database writes one, the search texts of the next are spelled beside it."""
    # Read here, once: a thread of its own would ask for them on a connection that nobody closes.
    division, divisions = _division(batch), dict(DIVISIONS)
    with ThreadPoolExecutor(1) as spelling, connection.cursor() as cursor:
        ahead = None
        for first, end in ranges:
            cursor.execute(_LINES, [batch.pk, first, end])
            lines = cursor.fetchall()
            part = Part(first, end, lines, spelling.submit(_texts, lines, codes, division, divisions))
            if ahead:
                yield ahead
            ahead = part
        if ahead:
            yield ahead


def add_facilities(
    batch: ImportBatch, part: Part, codes: dict[int, str], *, today: date, reason: str, by_id: int, now: datetime
) -> list[tuple[int, dict]]:
    """Write the new facilities of a part, and the first entry of each one's history.

    Returned are those whose line asks for more than one person may write: their keys, and what waits for a second one.
    """
    if not part.lines:
        return []
    numbers = [line[0] for line in part.lines]
    given = {
        "batch": batch.pk,
        "unit": batch.unit_id,
        "numbers": text_array(map(str, numbers)),
        "codes": text_array(codes[number] for number in numbers),
        "texts": text_array(part.texts.result()),
        "category": Category.GENERAL.value,
        "kind": ChangeKind.NEW.value,
    }
    said = {"today": today, "reason": reason, "by": by_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_statement(), given | said | _usual(batch, today))
        return [(pk, json.loads(asks) | {"new": {}}) for pk, asks in cursor.fetchall()]


def _texts(lines: Sequence[tuple], codes: dict[int, str], division: str, divisions: Mapping[str, str]) -> list[str]:
    """The search text of each line; no question to the database."""
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
            ),
            divisions,
        )
        for number, name, former, operator, uscc, permit, district in lines
    ]


@cache
def _statement() -> str:
    """With every column of the template that is a field of the facility."""
    fields = _fields()
    return _WRITE.format(
        columns=", ".join(f'"{f.column}"' for f in fields),
        types=", ".join(f'"{f.name}" {f.db_type(connection)}' for f in fields),
        values=", ".join(f'coalesce(fact."{f.name}", %({f.name})s)' for f in fields),
        history=", ".join(f"""'"{f.name}": [null, ' || (new->'{f.name}')::text || ']'""" for f in fields),
    )


def _usual(batch: ImportBatch, today: date) -> dict:
    """What a new facility has where its row says nothing."""
    return {f.name: empty_value(f) for f in _fields()} | {
        "managed_by_city": rules.managed_by_city(batch.unit),
        "division_code": _division(batch),
        "entered_on": today,
    }


def _division(batch: ImportBatch) -> str:
    return batch.unit.division_code or whole_city()


@cache
def _fields() -> list:
    asked = {c.field for c in COLUMNS[BatchKind.FACILITY]} - {"unit", "category", "code"}
    return [f for f in Facility._meta.concrete_fields if f.name in asked]
