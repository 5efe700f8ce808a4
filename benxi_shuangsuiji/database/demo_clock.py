"""A clock that can be shifted, installed only in a database created as a demo or for tests (decisions.md 8).

Needs the owner's login: the runtime login can neither create the table nor replace the function.
"""

from datetime import datetime

MARK = """
CREATE TABLE IF NOT EXISTS demo_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    shown timestamptz NOT NULL DEFAULT clock_timestamp(),
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    running boolean NOT NULL DEFAULT true
);
INSERT INTO demo_clock DEFAULT VALUES ON CONFLICT DO NOTHING;
REVOKE ALL ON demo_clock FROM PUBLIC;
"""
INSTALL = """
CREATE OR REPLACE FUNCTION sj_now() RETURNS timestamptz LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT shown + CASE WHEN running THEN clock_timestamp() - since ELSE interval '0' END FROM demo_clock $$;
"""


def mark(cursor) -> None:
    """Say of an empty database that it is going to be a demo, so that one left unfinished is known again."""
    cursor.execute(MARK)


def install(cursor) -> None:
    """Turn the database of this owner cursor into a demo."""
    mark(cursor)
    cursor.execute(INSTALL)


def set_to(cursor, moment: datetime, *, running: bool) -> None:
    """Set the demo clock; a running one goes on from there, a stopped one stays."""
    cursor.execute("UPDATE demo_clock SET shown = %s, since = clock_timestamp(), running = %s", [moment, running])
