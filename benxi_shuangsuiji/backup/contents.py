"""What a backup says of its database, so that a restored one can be compared with it row by row (P27)."""

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from benxi_shuangsuiji import sealing
from benxi_shuangsuiji.database import rules
from benxi_shuangsuiji.database.logins import DRAW, LOGINS

FORMAT = 1
# The sum over the rows, so that none needs to be sorted; 64 bits of SHA-256 of each find whatever went wrong by accident.
DIGEST = """
SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(t::text, 'UTF8')), 'hex'), 16))::bit(64)::bigint::numeric), 0)::text
FROM public."{}" t
"""
POWERS = """
SELECT r.rolname, concat_ws(' ', CASE WHEN r.rolcanlogin THEN 'LOGIN' END, CASE WHEN r.rolinherit THEN 'INHERIT' END,
    CASE WHEN r.rolsuper THEN 'SUPERUSER' END, CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END, CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
    (SELECT string_agg(m.roleid::regrole::text, ',' ORDER BY m.roleid::regrole::text) FROM pg_auth_members m
     WHERE m.member = r.oid AND m.roleid::regrole::text = ANY(%s)))
FROM pg_roles r WHERE r.rolname = ANY(%s)
"""


def tables() -> dict[str, list]:
    """Each table with how many rows it has and what they come to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(DIGEST.format(name))
            found[name] = list(cursor.fetchone())
        return found


def powers() -> dict[str, str]:
    """What the logins may do on this server; their passwords are nobody's business."""
    names = [*LOGINS, DRAW]
    with connection.cursor() as cursor:
        cursor.execute(POWERS, [names, names])
        return dict(cursor.fetchall())


def migrations() -> list[list[str]]:
    return [list(label_and_name) for label_and_name in sorted(MigrationRecorder(connection).applied_migrations())]


def rules_changed() -> str:
    with connection.cursor() as cursor:
        return rules.why_changed(cursor)


def data_key() -> str:
    return sealing.fingerprint()
