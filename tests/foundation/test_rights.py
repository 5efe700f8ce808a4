"""The manifest of rights against what the database says (decisions.md 10)."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import rights
from tests.factories import make_planner, make_unit

pytestmark = pytest.mark.django_db
# On a server with one login for everything the rights rest on SET ROLE (decisions.md 10).
LOGIN = "sj_web" if settings.OWNER_URL else settings.DATABASES["default"]["USER"]


def granted():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s"
            " AND table_schema = 'public'",
            [rights.WEB],
        )
        found = {}
        for table, privilege in cursor.fetchall():
            found.setdefault(table, set()).add(privilege)
    return found


def test_every_table_has_exactly_the_rights_of_the_manifest():
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {name for (name,) in cursor.fetchall()}
    wanted = {t: {rights.WORDS[g] for g in rights.TABLES[t].grants} for t in tables if rights.TABLES[t].grants}
    assert {t: p for t, p in granted().items() if t not in rights.VIEWS} == wanted


def test_the_runtime_login_is_not_the_owner_and_cannot_make_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("sj_web", LOGIN)
    for sql in ("CREATE TABLE extra (a int)", "CREATE TEMPORARY TABLE extra (a int)"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


SEALED = sorted(t for t, r in rights.TABLES.items() if r.sealed)


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize(
    "attack",
    ["UPDATE {t} SET {c} = {c}", "DELETE FROM {t}", "TRUNCATE {t} CASCADE", "ALTER TABLE {t} DISABLE TRIGGER ALL"],
)
def test_a_sealed_table_refuses(table, attack):
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table])
        row = cursor.fetchone()
    column = row[0] if row else "draw_id"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack.format(t=table, c=column))


@pytest.mark.parametrize("table", SEALED)
def test_a_sealed_table_has_its_triggers_always_on(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'sealed%%'", [table]
        )
        assert dict(cursor.fetchall()) == {"sealed_rows": "A", "sealed_table": "A"}


@pytest.mark.clause("七(五)-n", "四(3)-b")
def test_a_changed_row_leaves_its_old_and_new_values():
    unit = make_unit()
    user = make_planner(unit)
    with transaction.atomic():
        trail.act_as(user)
        unit.short_name = "明山"
        unit.save()
    entry = AuditEntry.objects.get(verb="row.update", about_type="accounts_unit", about_key=str(unit.pk))
    assert entry.details == {"old": {"short_name": "明山分局"}, "new": {"short_name": "明山"}}
    assert entry.actor == user


def test_the_trail_writes_its_own_time_and_login():
    user = make_planner(make_unit())
    entry = AuditEntry.objects.create(verb="test", actor=user, login="somebody", xid=1)
    entry.refresh_from_db()
    assert (entry.login, entry.at.isoformat()) == (LOGIN, "2026-07-06T02:00:00+00:00")
