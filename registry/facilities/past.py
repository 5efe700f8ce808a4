"""The registry as it was on any day, read from the sealed history (六(二)-f; decisions.md 6, SSJ1 D9).

A change counts from its effective day. Of the changes in force on a day the one entered last gives a field its value (so
that what was entered late, for an earlier day, corrects what stood there); where none had spoken yet, it is what the first
later change replaced, and else today's. A batch that was withdrawn never counted. The category is computed anew from the
grounds in force that day. Folded up to today this is the row itself; `differences` says where it is not.

With `known`, only what had been entered by that moment counts: a paper made then says the same for ever.

A fixed number of queries, for one facility or for a whole unit.
"""

import copy
import json
from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from benxi_shuangsuiji.accounts.models import Unit
from registry.models import Category, CategoryGround, Facility, FacilityChange, Ground, PositiveListEntry

from . import categories

FOLD = """
WITH told AS (
    SELECT c.facility_id, c.kind, c.effective_on, c.seq, c.at, v.key, v.value->0 AS old, v.value->1 AS new
    FROM registry_facilitychange c
    LEFT JOIN registry_importbatch b ON b.id = c.batch_id
    LEFT JOIN LATERAL jsonb_each(c."values") v ON true
    WHERE c.facility_id = ANY(%(ids)s) AND b.state IS DISTINCT FROM 'WITHDRAWN'
),
plain AS (SELECT * FROM told WHERE key NOT IN ('category', 'grounds', 'grounds_ended', 'grounds_pending', 'positive_list')),
before AS (
    SELECT DISTINCT ON (facility_id, key) facility_id, key, new AS value FROM plain
    WHERE effective_on <= %(day)s AND at <= %(known)s ORDER BY facility_id, key, seq DESC
),
after AS (
    SELECT DISTINCT ON (facility_id, key) facility_id, key, old AS value FROM plain
    WHERE effective_on > %(day)s OR at > %(known)s ORDER BY facility_id, key, seq
),
fields AS (
    SELECT facility_id, jsonb_object_agg(key, value) AS fields FROM (
        SELECT * FROM before UNION ALL
        SELECT * FROM after a WHERE NOT EXISTS (SELECT 1 FROM before b
                                                WHERE b.facility_id = a.facility_id AND b.key = a.key)
    ) s GROUP BY facility_id
),
steps AS (
    SELECT t.facility_id, t.effective_on, t.at, t.seq, k.kind, t.key = 'grounds' AS held
    FROM told t CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE WHEN jsonb_typeof(CASE t.key WHEN 'grounds' THEN t.new ELSE t.old END) = 'array'
             THEN CASE t.key WHEN 'grounds' THEN t.new ELSE t.old END ELSE '[]' END) AS k(kind)
    WHERE t.key IN ('grounds', 'grounds_ended')
),
last_step AS (
    SELECT DISTINCT ON (facility_id, kind) facility_id, kind, held FROM steps
    WHERE effective_on <= %(day)s AND at <= %(known)s ORDER BY facility_id, kind, seq DESC
),
held AS (
    SELECT facility_id, jsonb_agg(kind ORDER BY kind) AS kinds FROM (
        SELECT facility_id, kind FROM last_step WHERE held
        UNION  -- a ground that no change speaks of, from before there was a history
        SELECT g.facility_id, g.kind FROM registry_categoryground g
        WHERE g.facility_id = ANY(%(ids)s) AND g.valid_from <= %(day)s AND (g.valid_to IS NULL OR g.valid_to > %(day)s)
          AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.facility_id = g.facility_id AND s.kind = g.kind)
    ) s GROUP BY facility_id
),
listed AS (
    SELECT DISTINCT ON (facility_id) facility_id, new AS batch FROM told
    WHERE key = 'positive_list' AND effective_on <= %(day)s AND at <= %(known)s ORDER BY facility_id, seq DESC
),
meta AS (
    SELECT facility_id,
           min(CASE WHEN at > %(known)s THEN '9999-12-31' ELSE effective_on END) FILTER (WHERE kind = 'NEW') AS born,
           bool_or(key = 'positive_list') AS listing_told,
           count(DISTINCT seq) FILTER (WHERE effective_on <= %(day)s
                                       AND (at AT TIME ZONE 'Asia/Shanghai')::date > %(day)s) AS late
    FROM told GROUP BY facility_id
)
SELECT f.id, meta.born, fields.fields, coalesce(held.kinds, '[]'),
       CASE WHEN meta.listing_told THEN listed.batch #>> '{}' ELSE entry.batch END, coalesce(meta.late, 0)
FROM unnest(%(ids)s) AS f(id)
LEFT JOIN meta ON meta.facility_id = f.id
LEFT JOIN fields ON fields.facility_id = f.id
LEFT JOIN held ON held.facility_id = f.id
LEFT JOIN listed ON listed.facility_id = f.id
LEFT JOIN LATERAL (SELECT p.batch FROM registry_positivelistentry p WHERE p.facility_id = f.id
                   AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s) LIMIT 1) entry ON true
"""


def facility_on(facility: Facility, day: date, known: datetime | None = None) -> Facility | None:
    """The facility as it was on that day, or None when the registry did not have it yet."""
    return next(iter(_as_of([facility], day, known)), None)


def roster_on(unit: Unit, day: date) -> list[Facility]:
    """Every facility that belonged to the unit on that day, as it was then, in the order of the codes."""
    return rosters_on([unit], day)


def rosters_on(units: Iterable[Unit], day: date, known: datetime | None = None) -> list[Facility]:
    """Of several units, with as many queries as of one."""
    codes = [unit.code for unit in units]
    moved = FacilityChange.objects.filter(values__has_key="unit").filter(
        Q(values__unit__0__in=codes) | Q(values__unit__1__in=codes)
    )
    candidates = Facility.objects.filter(Q(unit__code__in=codes) | Q(pk__in=moved.values("facility_id")))
    found = _as_of(list(candidates.select_related("unit").order_by("code")), day, known)
    return [f for f in found if f.unit.code in codes]


def differences(facility: Facility, day: date) -> list[str]:
    """Fields whose value today is not what the history says: somebody wrote past it."""
    row = next(iter(_fold([facility.pk], day)))
    told = row[2] or {}
    wrong = [name for name, value in told.items() if not _same(facility, name, value)]
    if facility.category != categories.category_of(row[3]):
        wrong.append("category")
    return sorted(wrong)


def _same(facility: Facility, name: str, value) -> bool:
    if name == "unit":
        return facility.unit.code == value
    now = getattr(facility, name)
    told = _typed(name, value)
    return now == told or (now in (None, "", []) and told in (None, "", []))


def _fold(ids: list[int], day: date, known: datetime | None = None) -> list[tuple]:
    if not ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOLD, {"ids": ids, "day": day, "known": known or "infinity"})
        return [
            (pk, born, _loaded(fields), _loaded(kinds), batch, late)
            for pk, born, fields, kinds, batch, late in cursor.fetchall()
        ]


def _loaded(value):
    """Raw cursors of Django hand JSON over as text."""
    return json.loads(value) if isinstance(value, str) else value


def _as_of(facilities: list[Facility], day: date, known: datetime | None = None) -> list[Facility]:
    ids = [f.pk for f in facilities]
    folded = {row[0]: row[1:] for row in _fold(ids, day, known)}
    units = {u.code: u for u in Unit.objects.all()} if any("unit" in (r[1] or ()) for r in folded.values()) else {}
    evidence: dict[tuple[int, str], CategoryGround] = {}
    in_force = CategoryGround.objects.filter(facility__in=ids, valid_from__lte=day)
    for ground in in_force.select_related("entered_by", "approved_by").order_by("valid_from"):
        evidence[ground.facility_id, ground.kind] = ground
    entries = PositiveListEntry.objects.filter(facility__in=ids, valid_from__lte=day).order_by("valid_from")
    listed = {(entry.facility_id, entry.batch): entry for entry in entries}
    found = []
    for facility in facilities:
        born, fields, kinds, batch, late = folded[facility.pk]
        if facility.entered_on > day or (born and born > day):
            continue
        then = copy.copy(facility)
        for name, value in (fields or {}).items():
            setattr(then, name, units[value] if name == "unit" else _typed(name, value))
        then.category = categories.category_of(kinds)
        then.has_key_ground = any(Ground(k).makes == Category.KEY for k in kinds)
        then.held = [
            evidence.get((facility.pk, k)) or CategoryGround(facility=facility, kind=k, valid_from=day) for k in kinds
        ]
        then.positive_then = listed.get((facility.pk, batch)) or (batch and PositiveListEntry(batch=batch)) or None
        then.entered_later = late
        found.append(then)
    return found


def _typed(name: str, value):
    """A value of the history as the model keeps it; what was empty is None in the first entry."""
    field = Facility._meta.get_field(name)
    if value is None and not field.null:
        return field.get_default()
    return field.to_python(value)
