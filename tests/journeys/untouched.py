"""Whether anything was written: a fingerprint of every table, before and after."""

from contextlib import contextmanager

from django.db import connection

# What every request may write: who was here, and who tried.
NOT_COUNTED = ("django_session", "axes_", "foundation_formkey", "audit_")


def fingerprints() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
            " AND has_table_privilege(oid, 'SELECT') ORDER BY relname"
        )
        tables = [name for (name,) in cursor.fetchall() if not name.startswith(NOT_COUNTED)]
        found = {}
        for table in tables:
            # Signing in is no change of what a person is or may do.
            cursor.execute(
                "SELECT md5(coalesce(string_agg(row, E'\\n' ORDER BY row), ''))"
                f" FROM (SELECT (to_jsonb(t) - 'last_login')::text AS row FROM \"{table}\" t) rows"
            )
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def nothing_changes(*, but=()):
    """Fail when a table other than those in `but` is different afterwards. Whoever is refused changes nothing."""
    before = fingerprints()
    yield
    after = fingerprints()
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed <= set(but), f"changed: {sorted(changed - set(but))}"
