"""The manifest of rights against what the database says (decisions.md 10)."""

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.database import rights, shown
from tests.factories import make_planner, make_unit

pytestmark = pytest.mark.django_db
# On a server with one login for everything the rights rest on SET ROLE (decisions.md 10).
LOGIN = "sj_web" if settings.OWNER_URL else settings.DATABASES["default"]["USER"]


def granted(login):
    """Schema and relation → what the login may do with the whole of it, and the columns that it may change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relnamespace::regnamespace || '.' || c.relname, a.privilege_type, NULL"
            " FROM pg_class c, aclexplode(c.relacl) a WHERE c.relkind IN ('r', 'v') AND a.grantee = %s::regrole"
            " UNION ALL SELECT c.relnamespace::regnamespace || '.' || c.relname, a.privilege_type, t.attname"
            " FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a WHERE a.grantee = %s::regrole",
            [login, login],
        )
        found = {}
        for relation, privilege, column in cursor.fetchall():
            found.setdefault(relation, set()).add(f"{privilege} {column}" if column else privilege)
    return found


def there(relations="pg_tables"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {relations[3:-1]}name FROM {relations} WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


@pytest.mark.parametrize("login", [rights.WEB, rights.WORKER])
def test_every_table_has_exactly_the_rights_of_the_manifest(login):
    with connection.cursor() as cursor:
        columns = rights.changeable(cursor)
    wanted = {f"public.{view}": {"SELECT"} for view in rights.VIEWS}
    for table in there():
        letters = rights.TABLES[table].of(login)
        words = {rights.WORDS[letter] for letter in letters if letter != "U"}
        words |= {f"UPDATE {column}" for column in columns[table] if "U" in letters}
        wanted |= {f"public.{table}": words} if words else {}
    assert granted(login) == wanted


@pytest.mark.promise("P08")
def test_everybody_reads_what_is_shown_and_nothing_else_and_the_draw_role_the_sealed_numbers():
    shown_there = {name: columns for name, columns in shown.TABLES.items() if name in there() | there("pg_views")}
    assert shown_there.keys() == shown.TABLES.keys()
    wanted = {f"{'shown' if columns else 'public'}.{name}": {"SELECT"} for name, columns in shown_there.items()}
    assert granted(rights.PUBLIC) == wanted | {"shown.publications_searched": {"SELECT"}}
    assert granted(rights.DRAW) == {"public.plans_drawsecret": {"SELECT"}}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
            " AND prorettype <> 'trigger'::regtype"
        )
        # Whoever may call one reads with the owner's rights: the clock of a demo, and a value that two people typed alike.
        assert {name for (name,) in cursor.fetchall()} == {
            "sj_now()",
            "draw_value_valid(bigint,integer,bigint)",
            "hold_still(regclass[])",
        }


def refused(sql) -> bool:
    """42501 for the statement itself, whatever rows it would meet."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return error.__cause__.sqlstate == "42501"
    return False


ATTACKS = {
    "S": "SELECT count(*) FROM public.{t}",
    "I": "INSERT INTO public.{t} DEFAULT VALUES",
    "U": 'UPDATE public.{t} SET "{c}" = "{c}" WHERE false',
    "D": "DELETE FROM public.{t} WHERE false",
}


@pytest.mark.story("S1")
@pytest.mark.parametrize("login", [rights.WEB, rights.WORKER, rights.PUBLIC])
def test_no_key_changes_and_what_the_manifest_does_not_give_is_refused_by_every_table(login):
    """S1: whoever could change a key with the words of a row would leave the trail nothing to compare."""
    with connection.cursor() as cursor:
        columns = rights.changeable(cursor)
        cursor.execute(
            "SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON"
            " a.attrelid = c.oid AND a.attnum = ANY (i.indkey) WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace"
        )
        keys = cursor.fetchall()
        cursor.execute(f"SET LOCAL ROLE {login}")
    tables = {table for table, _ in keys}
    assert tables == there() and len(tables) > 100
    given = {table: rights.TABLES[table].of(login) for table in tables}
    if login == rights.PUBLIC:
        given = {table: "S" if shown.TABLES.get(table) == {} else "" for table in tables}
    open_doors = [f"{t}.{key}" for t, key in keys if not refused(ATTACKS["U"].format(t=t, c=key))]
    open_doors += [
        f"{letter} {table}"
        for table, letters in given.items()
        for letter, sql in ATTACKS.items()
        if letter not in letters and not refused(sql.format(t=table, c=columns[table][0] if columns[table] else "ctid"))
    ]
    assert open_doors == []


def test_the_runtime_login_is_not_the_owner_and_cannot_make_tables():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, session_user")
        assert cursor.fetchone() == ("sj_web", LOGIN)
    for sql in ("CREATE TABLE extra (a int)", "CREATE TEMPORARY TABLE extra (a int)"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


SEALED = sorted(t for t, r in rights.TABLES.items() if r.sealed)


@pytest.mark.promise("P02")
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


@pytest.mark.promise("P10")
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


@pytest.mark.story("S2")
@pytest.mark.promise("P10")
def test_of_a_hidden_column_the_trail_says_that_it_changed_and_not_to_what():
    user = make_planner(make_unit())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET password = 'another' WHERE id = %s", [user.pk])
    entry = AuditEntry.objects.get(verb="row.update", about_type="accounts_user", about_key=str(user.pk))
    assert entry.details == {"old": {}, "new": {}, "changed": ["password"]}


@pytest.mark.promise("P10")
def test_every_table_is_told_in_the_trail_as_the_manifest_says():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, count(*) FILTER (WHERE t.tgenabled = 'A'), min(encode(t.tgargs, 'escape')) FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname IN ('trail_insert', 'trail_update', 'trail_delete')"
            " GROUP BY c.relname"
        )
        told = {table: (always, args.split("\\000")[:-1]) for table, always, args in cursor.fetchall()}
    assert told == {
        table: (3, [word for word in (wanted.trail, " ".join(wanted.hidden)) if word])
        for table, wanted in rights.TABLES.items()
        if wanted.trail
    }


def test_the_trail_writes_its_own_time_and_login():
    user = make_planner(make_unit())
    entry = AuditEntry.objects.create(verb="test", actor=user, login="somebody", xid=1)
    entry.refresh_from_db()
    assert (entry.login, entry.at.isoformat()) == (LOGIN, "2026-07-06T02:00:00+00:00")
