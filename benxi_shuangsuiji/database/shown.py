"""What everybody may read, as the login `sj_public` sees it (四(3)-a, 八(二)-c, S6).

A table or view named with no columns is read as it is. For any other a view of the same name stands in the schema `shown`,
which that login looks through first, with these columns in place of the table's: no query has to know which of the two it
reads. `migrate` lays the views down after the rights, and the rules keep watch over them like over every rule.
"""

from .logins import PUBLIC, SHOWN

NOBODY, NOTHING = "NULL::bigint", "''::text"

# Words that a later withdrawal has sealed (PUB1 §1). What is counted of them stays: the number, the day, the place, and how
# each item was answered; what names somebody or says what was found does not.
_SEALED = (
    "EXISTS (SELECT FROM public.disclosure_publication w WHERE w.kind = t.kind AND w.no = t.no AND w.version > t.version"
    " AND w.state = 'WITHDRAWN')"
)
_COUNTED = (
    "jsonb_build_object('draw', t.snapshot -> 'draw', 'publish_by', t.snapshot -> 'publish_by', 'quarter_due',"
    " t.snapshot -> 'quarter_due', 'items', (SELECT coalesce(jsonb_agg(jsonb_build_object('code', i -> 'code', 'name',"
    " i -> 'name', 'answer', i -> 'answer')), '[]') FROM jsonb_array_elements(CASE jsonb_typeof(t.snapshot -> 'items')"
    " WHEN 'array' THEN t.snapshot -> 'items' ELSE '[]' END) AS i))"
)


# For each number the last withdrawal: looked up once for all columns and rows, and not at all where no such column is read.
_WITHDRAWN = (
    "LEFT JOIN (SELECT w.kind, w.no, max(w.version) AS until FROM public.disclosure_publication w"
    " WHERE w.state = 'WITHDRAWN' GROUP BY w.kind, w.no) sealed ON sealed.kind = t.kind AND sealed.no = t.no"
)
BESIDE = {"disclosure_publication": _WITHDRAWN}


def _unless_sealed(column: str, otherwise: str = NOTHING) -> str:
    return f"CASE WHEN sealed.until > t.version THEN {otherwise} ELSE t.{column} END"


WHOLE: dict[str, str] = {}
TABLES: dict[str, dict[str, str]] = {
    "accounts_unit": WHOLE,
    "accounts_cityrecord": WHOLE,
    "workdays_calendarexception": {"entered_by_id": NOBODY},
    "workdays_publishedyear": WHOLE,
    "notices_policychange": {"proposed_by_id": NOBODY},
    "notices_policydecision": {"by_id": NOBODY, "opinion": NOTHING},
    "notices_firstuse": {"asked_by_id": NOBODY, "decided_by_id": NOBODY, "opinion": NOTHING},
    "plans_public_document": WHOLE,
    "plans_public_chain": WHOLE,
    "plans_public_carry": WHOLE,
    "plans_public_value": WHOLE,
    "plans_public_lateness": WHOLE,
    "plans_public_correction": WHOLE,
    "disclosure_publication": {
        "title": _unless_sealed("title"),
        "text": _unless_sealed("text"),
        "snapshot": _unless_sealed("snapshot", _COUNTED),
        "facility_name": _unless_sealed("facility_name"),
        "late_reason": _unless_sealed("late_reason"),
        "search_text": _unless_sealed("search_text"),
        "csv_line": _unless_sealed("csv_line"),
        "published_by_id": NOBODY,
    },
    "disclosure_registerentry": WHOLE,
    "disclosure_registernode": WHOLE,
    "disclosure_checkpoint": WHOLE,
    "disclosure_rosterrow": WHOLE,
    "disclosure_witness": WHOLE,
    "disclosure_cosignature": WHOLE,
    "disclosure_objection": {"more": NOTHING},
    # Of a ruling the days are public; what it says becomes a publication.
    "disclosure_ruling": {
        "asked_by_id": NOBODY,
        "decided_by_id": NOBODY,
        "opinion": NOTHING,
        "outcome": NOTHING,
        "reason": NOTHING,
        "document_no": NOTHING,
        "revision_id": NOBODY,
    },
}

# The search goes by an index, which no column of a view above has: it finds what no withdrawal has sealed, and says only which
# rows those are. The web's login has a function of the same name (disclosure/rules.sql).
SEARCH = f"""
CREATE VIEW {SHOWN}.publications_searched AS
    SELECT t.id, t.search_text FROM public.disclosure_publication t WHERE NOT {_SEALED};
CREATE FUNCTION {SHOWN}.publications_holding(pattern text) RETURNS SETOF bigint LANGUAGE sql STABLE
AS 'SELECT s.id FROM {SHOWN}.publications_searched s WHERE s.search_text LIKE pattern';
GRANT SELECT ON {SHOWN}.publications_searched TO {PUBLIC};
"""


def take_away(cursor) -> None:
    """Before tables change: a view would hold them as they are."""
    cursor.execute(f"DROP SCHEMA IF EXISTS {SHOWN} CASCADE")


def lay_out(cursor, there: list[str]) -> None:
    """Let the public login read this and nothing else; `there`: what the database has."""
    take_away(cursor)
    cursor.execute(f"CREATE SCHEMA {SHOWN}")
    cursor.execute(f"GRANT USAGE ON SCHEMA {SHOWN} TO {PUBLIC}")
    for table, columns in TABLES.items():
        if table not in there:
            continue
        if columns:
            cursor.execute(_view(cursor, table, columns))
        cursor.execute(f"GRANT SELECT ON {SHOWN if columns else 'public'}.{table} TO {PUBLIC}")
    cursor.execute(SEARCH)


def _view(cursor, table: str, columns: dict[str, str]) -> str:
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
        " AND NOT attisdropped ORDER BY attnum",
        [f"public.{table}"],
    )
    found = [name for (name,) in cursor.fetchall()]
    if unknown := columns.keys() - set(found):
        raise LookupError(f"{table} has no {', '.join(sorted(unknown))}")
    chosen = ", ".join(f"{columns.get(name, 't.' + name)} AS {name}" for name in found)
    return f"CREATE VIEW {SHOWN}.{table} AS SELECT {chosen} FROM public.{table} t {BESIDE.get(table, '')}"
