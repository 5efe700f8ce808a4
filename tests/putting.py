"""What a test writes by itself, with the ORM, it puts there as the owner of the tables would.

The guards (`benxi_shuangsuiji/database/guards.sql`) let nobody but the owner write a decided, drawn or published thing as it
pleases. Tests need such things. What the program writes on its way, called by a test or not, goes as the runtime login and
meets every guard; so does a test's own SQL.
"""

import sys
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

import psycopg
from django.db import connections

TESTS = str(Path(__file__).resolve().parent)
DJANGO = str(Path(sys.modules["django"].__file__).parent)
COMPILER = str(Path(DJANGO, "db", "models", "sql", "compiler.py"))
BESIDE = ("contextlib.py", "functools.py")
# In a schema of its own: the rules in force are asked of `public` alone.
PUT = """
CREATE SCHEMA IF NOT EXISTS tests;
CREATE OR REPLACE FUNCTION tests.put(statement text) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE n integer;
BEGIN
    EXECUTE statement;
    GET DIAGNOSTICS n = ROW_COUNT;
    RETURN n;
END $$;
GRANT USAGE ON SCHEMA tests TO sj_web, sj_worker;
"""
# And only what the login itself may do with the table: it is the guards that the owner passes, not the rights.
GUARDED = """
SELECT g.tgrelid::regclass::text, verb FROM (
    SELECT DISTINCT t.tgrelid FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE p.prosrc LIKE '%owns(TG_RELID)%'
) g CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) verb
WHERE CASE verb WHEN 'DELETE' THEN has_table_privilege(g.tgrelid, verb) ELSE has_any_column_privilege(g.tgrelid, verb) END
"""


_as_owner = ContextVar("_as_owner", default=False)


@contextmanager
def owner():
    """Inside, the program's own writing of guarded tables goes as the owner's too: an act at a moment that is not now."""
    before = _as_owner.set(True)
    try:
        yield
    finally:
        _as_owner.reset(before)


def on_connection(*, connection, **_) -> None:
    """For the signal of every new connection."""
    if connection.vendor == "postgresql" and as_owner not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, as_owner)


def as_owner(execute, sql, params, many, context):
    """Execute wrapper: a test's own INSERT, UPDATE or DELETE of a guarded table."""
    words = sql.split(None, 3) if isinstance(sql, str) and sql[:6] in ("INSERT", "UPDATE", "DELETE") else []
    if not words or many or not (_as_owner.get() or _is_a_tests_own()):
        return execute(sql, params, many, context)
    table = words[1 if words[0] == "UPDATE" else 2].strip('"')
    line = context["connection"]
    if (table, words[0]) not in _guarded(line.alias):
        return execute(sql, params, many, context)
    statement, returned, _ = sql.partition(" RETURNING ")
    statement = psycopg.ClientCursor(line.connection).mogrify(statement, params)
    result = execute("SELECT tests.put(%s)", [statement], False, context)
    if returned:
        rows = context["cursor"].fetchone()[0]
        newest = "SELECT currval(pg_get_serial_sequence(%s, 'id')) - %s + n FROM generate_series(1, %s) n"
        return execute(newest, [table, rows, rows], False, context)
    return result


def _is_a_tests_own() -> bool:
    """Whether the ORM was called by a test: nothing but Django lies between, and a model's own `save`."""
    frame, by_orm = sys._getframe(2), False
    while frame:
        file = frame.f_code.co_filename
        by_orm = by_orm or file == COMPILER
        beside = file.startswith(DJANGO) or file.endswith(BESIDE) or file == __file__
        if not beside and (frame.f_code.co_name, file.rpartition("/")[2]) != ("save", "models.py"):
            return by_orm and file.startswith(TESTS)
        frame = frame.f_back
    return False


@cache
def _guarded(alias: str) -> frozenset[tuple[str, str]]:
    with connections[alias].connection.cursor() as cursor:
        return frozenset(cursor.execute(GUARDED).fetchall())
