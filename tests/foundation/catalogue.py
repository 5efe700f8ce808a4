"""What the database holds, as text: columns, constraints, indexes, functions, triggers, views, rights.

`catalogue_before.txt` is this text for the database that the migrations before issue 9 left, in the template of a test
run; `test_catalogue.py` compares the database of today with it, so that nothing is lost when migrations begin anew. Names
of owner and database are replaced, names that nobody chose (keys and the indexes of foreign keys) are left out, and of
the tables of other people's apps only rights and triggers are told. `python -m tests.foundation.catalogue` prints the
text for the database that DATABASE_OWNER_URL names.
"""

import os
import re
import sys

OTHERS = ("django_", "auth_", "axes_")
# How PostgreSQL and Django name what was given no name: `x_pkey`, `x_code_key`, `x_unit_id_1f2e3d4c_fk_y_id`.
MADE_UP = re.compile(r"_(pkey|key|fkey)$|_[0-9a-f]{8}(_|$)")
# An entry of several lines goes on in lines that begin with this.
MARGIN = "    "

COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
       || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
       || CASE a.attidentity WHEN 'd' THEN ' identity by default' WHEN 'a' THEN ' identity always' ELSE '' END
       || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
       || CASE WHEN a.attcollation NOT IN (0, t.typcollation) THEN ' collate ' || a.attcollation::regcollation ELSE '' END
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid), ARRAY(
           SELECT a.attname FROM unnest(k.conkey) WITH ORDINALITY u(n, i) JOIN pg_attribute a ON (a.attrelid, a.attnum) = (c.oid, u.n)
           ORDER BY u.i)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('p', 'u', 'f', 'c', 'x')
"""
INDEXES = """
SELECT c.relname, i.relname, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
"""
FUNCTIONS = """
SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', pg_get_userbyid(p.proowner),
       pg_get_functiondef(p.oid), coalesce(p.proacl, acldefault('f', p.proowner))::text
FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
TRIGGERS = """
SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid), CASE t.tgenabled
           WHEN 'A' THEN 'always' WHEN 'O' THEN 'unless a replica' WHEN 'R' THEN 'only in a replica' ELSE 'disabled' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal
"""
RELATIONS = """
SELECT c.relname, CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'v' THEN 'view' ELSE 'table' END, pg_get_userbyid(c.relowner),
       coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))::text,
       CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) ELSE '' END,
       coalesce((SELECT format('%s from %s by %s, %s to %s', format_type(seqtypid, NULL), seqstart, seqincrement, seqmin, seqmax)
                 FROM pg_sequence WHERE seqrelid = c.oid), ''),
       ARRAY(SELECT a.attname || ' ' || a.attacl::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL ORDER BY 1)
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
"""
ALL = {
    "arwdDxtm",
    "rwU",
    "X",
    "UC",
    "CTc",
}  # what the owner of a table, a sequence, a function, a schema, a database may
RIGHTS = "rSELECT aINSERT wUPDATE dDELETE DTRUNCATE xREFERENCES tTRIGGER mMAINTAIN UUSAGE CCREATE cCONNECT TTEMPORARY XEXECUTE"
LETTERS = {word[0]: word[1:] for word in RIGHTS.split()}


def read(cursor, database: str) -> dict[str, str]:
    """Every entry of the database the cursor is in; the rights on the database are those of the one named."""
    cursor.execute(
        "SELECT datname, pg_get_userbyid(datdba), datacl::text FROM pg_database WHERE datname = %s", [database]
    )
    _, owner, rights_on_it = cursor.fetchone()
    found = {"database": rights(rights_on_it, owner)}
    for name, owned_by, acl in _rows(
        cursor, "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname = 'public'"
    ):
        found[f"schema {name}"] = rights(acl, owned_by)
    for name, about in _rows(cursor, "SELECT extname, extnamespace::regnamespace::text FROM pg_extension"):
        found[f"extension {name}"] = f"in {about}"
    for name, kind, acl in _rows(
        cursor, "SELECT defaclrole::regrole::text, defaclobjtype::text, defaclacl::text FROM pg_default_acl"
    ):
        found[f"default rights of {name} on {kind}"] = rights(acl, owner)
    for (name,) in _rows(cursor, "SELECT collname FROM pg_collation WHERE collnamespace = 'public'::regnamespace"):
        found[f"collation {name}"] = ""
    found |= _tables(cursor, owner)
    for name, owned_by, definition, acl in _rows(cursor, FUNCTIONS):
        found[f"function {name}"] = definition.rstrip()
        found[f"rights function {name}"] = f"owner {_known(owned_by, owner)}; {rights(acl, owner)}"
    for table, name, definition, fires in _rows(cursor, TRIGGERS):
        found[f"trigger {table}.{name}"] = f"{definition}; fires {fires}"
    return found


def _tables(cursor, owner: str) -> dict[str, str]:
    found = {}
    for name, kind, owned_by, acl, definition, numbers, columns in _rows(cursor, RELATIONS):
        found[f"rights {kind} {name}"] = "; ".join([f"owner {_known(owned_by, owner)}", rights(acl, owner), *columns])
        if kind == "sequence":
            found[f"sequence {name}"] = numbers
        elif kind == "view":
            found[f"view {name}"] = definition.rstrip()
    for table, column, about in _rows(cursor, COLUMNS):
        found[f"column {table}.{column}"] = about
    kinds = {"p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclusion"}
    for table, name, kind, definition, columns in _rows(cursor, CONSTRAINTS):
        made_up = MADE_UP.search(name) or (name.endswith("_check") and name.startswith(table[:20]))
        key = f"{kinds[kind]} of {', '.join(columns)}" if made_up else name
        found[f"constraint {table}.{key}"] = definition
    for table, name, definition in _rows(cursor, INDEXES):
        made_up = MADE_UP.search(name)
        definition = definition.replace(f"INDEX {name} ", "INDEX ").replace(" ON public.", " ON ")
        found[f"index {table}.{'of ' + definition.partition(' USING ')[2] if made_up else name}"] = definition
    return {key: value for key, value in found.items() if not _is_of_others(key)}


def _is_of_others(key: str) -> bool:
    """Whether this tells how a table of somebody else's app looks, which is theirs to change."""
    return key.partition(" ")[2].startswith(OTHERS) and not key.startswith("rights ")


def _rows(cursor, sql: str) -> list[tuple]:
    cursor.execute(sql)
    return cursor.fetchall()


def _known(role: str, owner: str) -> str:
    return "<owner>" if role == owner else role


def rights(acl: str | None, owner: str) -> str:
    """An access list in words, without who gave each right."""
    shares = []
    for item in (acl or "{}").strip("{}").split(","):
        if item:
            who, _, letters = item.strip('"').partition("/")[0].partition("=")
            words = "ALL" if letters in ALL - {"X"} else " ".join(LETTERS.get(letter, letter) for letter in letters)
            shares.append(f"{_known(who, owner) or 'PUBLIC'}: {words}")
    return ", ".join(sorted(shares))


def as_text(entries: dict[str, str]) -> str:
    lines = []
    for key in sorted(entries):
        first, *more = entries[key].split("\n")
        lines.append(f"{key} := {first}".rstrip())
        lines += [(MARGIN + line).rstrip() for line in more]
    return "\n".join(lines) + "\n"


def as_entries(text: str) -> dict[str, str]:
    """The entries of a text that `as_text` made; spaces at the end of a line are not kept."""
    found: dict[str, str] = {}
    key = ""
    for line in text.rstrip("\n").split("\n"):
        if line.startswith(MARGIN) or not line:
            found[key] += "\n" + line.removeprefix(MARGIN)
        else:
            key, _, first = line.partition(" :=")
            found[key] = first.removeprefix(" ")
    return found


if __name__ == "__main__":
    import psycopg

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"].replace("postgres://", "postgresql://", 1)) as connection:
        sys.stdout.write(as_text(read(connection.cursor(), connection.info.dbname)))
