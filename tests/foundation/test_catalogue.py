"""Migrations began anew in issue 9, and the rules of the database moved into files: nothing was lost on the way."""

import os
import re
from difflib import unified_diff
from pathlib import Path

import pytest

from tests import database
from tests.foundation import catalogue
from tests.foundation.catalogue_changes import GONE, NEW, RENAMED, Renamed

BEFORE = Path(__file__).with_name("catalogue_before.txt")
MADE_BY = 18  # the version of PostgreSQL that worded it; another one lays out views and functions in its own way


def subject(key: str) -> str:
    """The table, view or function that an entry is about: `plans_draw`, `draw_states()`."""
    kind, _, about = key.removeprefix("rights ").partition(" ")
    return about.partition("(")[0] + "()" if kind == "function" else about.partition(".")[0]


def concerns(where: str, key: str) -> bool:
    return where in (key, subject(key))


def renamed(entries: dict[str, str], changes: list[Renamed]) -> dict[str, str]:
    """The entries with the words of today."""
    for change in changes:
        word = re.compile(rf"(?<!\w){re.escape(change.old)}(?!\w)")
        touched = {key: word.sub(change.new, key) for key in entries if concerns(change.where, key)}
        if not any(word.search(f"{key} {entries[key]}") for key in touched):
            raise LookupError(f"renames nothing: {change}")
        entries = {
            touched.get(key, key): word.sub(change.new, value) if key in touched else value
            for key, value in entries.items()
        }
    return entries


def without(entries: dict[str, str], places: dict[str, str]) -> dict[str, str]:
    """The entries less those of these places; each place has to hold some."""
    for where in places:
        assert any(concerns(where, key) for key in entries), f"nothing there: {where}"
    return {key: value for key, value in entries.items() if not any(concerns(where, key) for where in places)}


def without_rights(entries: dict[str, str]) -> dict[str, str]:
    """Less who may do what with tables, views and schema: of these there is one manifest, and a test of its own (`test_rights`)."""
    manifest = ("rights table ", "rights view ", "rights sequence ", "schema ", "database")
    return {key: value for key, value in entries.items() if not key.startswith(manifest)}


def test_the_database_is_what_it_was_but_for_what_is_written(db):
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        if cursor.fetchone()[0] != MADE_BY:
            pytest.skip(f"the kept catalogue is in the words of PostgreSQL {MADE_BY}")
        found = catalogue.as_text(catalogue.read(cursor, os.environ["BENXI_TEST_TEMPLATE"]))
    today = without(without_rights(catalogue.as_entries(found)), NEW)
    before = renamed(without(without_rights(catalogue.as_entries(BEFORE.read_text())), GONE), RENAMED)
    lost = unified_diff(
        catalogue.as_text(before).splitlines(), catalogue.as_text(today).splitlines(), "before", "today", "", "", 0, ""
    )
    assert "\n".join(lost) == ""


def test_every_change_says_why():
    assert all(change.why for change in RENAMED)
    assert all(NEW.values()) and all(GONE.values())


OLD = {
    "column plans_correctionrequest.requested_by_id": "bigint not null",
    "column plans_abortrequest.requested_by_id": "bigint not null",
    "constraint plans_correctionrequest.foreign key of requested_by_id": "FOREIGN KEY (requested_by_id) REFERENCES accounts_user(id)",
    "constraint plans_correctionrequest.another_decides": "CHECK ((decided_by_id <> requested_by_id))",
    "function correction_request()": "begin\n  NEW.requested_by_id := 1;\nend",
    "function leads(the_user bigint)": "requested_by_id",
}


def test_a_renamed_column_is_one_line_and_one_for_each_function_that_speaks_of_it():
    column = Renamed("plans_correctionrequest", "requested_by_id", "asked_by_id", "…")
    rule = column._replace(where="correction_request()")
    entries = renamed(OLD, [column, rule])
    assert list(entries) == [
        "column plans_correctionrequest.asked_by_id",
        "column plans_abortrequest.requested_by_id",
        "constraint plans_correctionrequest.foreign key of asked_by_id",
        "constraint plans_correctionrequest.another_decides",
        "function correction_request()",
        "function leads(the_user bigint)",
    ]
    assert entries["constraint plans_correctionrequest.another_decides"] == "CHECK ((decided_by_id <> asked_by_id))"
    assert entries["function correction_request()"] == "begin\n  NEW.asked_by_id := 1;\nend"
    assert entries["function leads(the_user bigint)"] == "requested_by_id"


def test_a_renamed_constraint_is_one_line():
    change = Renamed("plans_correctionrequest", "another_decides", "who_asked_does_not_decide", "…")
    assert "constraint plans_correctionrequest.who_asked_does_not_decide" in renamed(OLD, [change])


def test_one_entry_alone_can_change():
    change = Renamed("column plans_correctionrequest.requested_by_id", "bigint", "integer", "…")
    entries = renamed(OLD, [change])
    assert entries["column plans_correctionrequest.requested_by_id"] == "integer not null"
    assert entries["column plans_abortrequest.requested_by_id"] == "bigint not null"


def test_a_line_that_changes_nothing_is_refused():
    with pytest.raises(LookupError):
        renamed(OLD, [Renamed("plans_abortrequest", "decided_by_id", "settled_by_id", "…")])


def test_the_text_and_the_entries_are_the_same():
    entries = {"column a.b": "text", "function f()": "one\n\n  two", "view v": ""}
    assert catalogue.as_entries(catalogue.as_text(entries)) == entries


def test_the_catalogue_sees_what_is_taken_away(db):
    from django.db import connection

    name = connection.settings_dict["NAME"]
    with database.owner_connection(name=name) as cursor:
        before = catalogue.read(cursor, name)
        cursor.execute("BEGIN")
        cursor.execute("ALTER TABLE plans_draw DISABLE TRIGGER draw_states")
        cursor.execute("ALTER TABLE plans_draw DROP CONSTRAINT draw_serials_differ")
        cursor.execute("ALTER TABLE plans_draw ALTER COLUMN draw_id DROP NOT NULL")
        cursor.execute("GRANT SELECT ON plans_drawsecret TO sj_web")
        cursor.execute("DROP INDEX facility_search")
        after = catalogue.read(cursor, name)
        cursor.execute("ROLLBACK")
    assert before["trigger plans_draw.draw_states"].endswith("; fires always")
    assert {key for key in before if before[key] != after.get(key)} == {
        "trigger plans_draw.draw_states",
        "constraint plans_draw.draw_serials_differ",
        "column plans_draw.draw_id",
        "rights table plans_drawsecret",
        "index registry_facility.facility_search",
    }
