"""What guards a state in the database is laid before every table that has one, and says what the code says (decision 0056)."""

import pytest
from django.apps import apps
from django.db import connection

from benxi_shuangsuiji.database import guards, rights
from inspections.checks import states as checks
from plans import states as plans

pytestmark = pytest.mark.django_db
# Why a state moves freely.
FREE = {
    "documents_job": "work of the machine: its row is how the worker knows what waits",
    "registry_facility": "whether a plant runs: every change is an entry of its own linked history",
}


def triggers() -> dict[str, dict[str, str]]:
    """Of each table, its triggers against changes of rows and how each is laid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgenabled = 'A' AND t.tgname !~ '^(trail|sealed)_' AND t.tgtype & 16 = 16"
        )
        found: dict[str, dict[str, str]] = {}
        for table, name, laid in cursor.fetchall():
            found.setdefault(table, {})[name] = laid
        return found


def with_a_state() -> list[str]:
    return [
        model._meta.db_table
        for model in apps.get_models()
        if any(f.name in ("state", "status") and f.choices for f in model._meta.concrete_fields)
    ]


def test_a_state_without_a_guard_is_found():
    laid = triggers()
    changed = [table for table in with_a_state() if "U" in rights.TABLES[table].grants]
    assert [table for table in changed if table not in laid and table not in FREE] == []
    assert set(FREE) <= set(changed)  # no reason for what is not there


def test_whatever_one_asks_and_another_decides_is_decided_once():
    laid = triggers()
    tables = [model._meta.db_table for model in guards.decisions()]
    assert len(tables) > 30
    assert [table for table in tables if guards.NAME not in laid[table]] == []


@pytest.mark.promise("P14")
@pytest.mark.parametrize(
    ("table", "moves"),
    [
        ("plans_itemlist", plans.NEXT_OF_LIST),
        ("plans_quarterlyplan", plans.NEXT_OF_PLAN),
        ("inspections_inspection", checks.NEXT),
    ],
)
def test_the_moves_of_the_database_are_those_of_the_code(table, moves):
    laid = triggers()[table]["states_move"]
    said = laid.rpartition("states_move(")[2].split("', '")[2].rstrip("')")
    assert sorted(said.split()) == sorted(f"{a}>{b}" for a, following in moves.items() for b in following)
