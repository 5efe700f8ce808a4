"""The rules of the database stand in files, are applied by `migrate`, and whoever changes one by hand is found out."""

import re
import subprocess
import sys

import pytest
from django.db import connection

from benxi_shuangsuiji.database import checks, rights, rules
from benxi_shuangsuiji.management.commands.migrate import of_another_program
from tests import database


@pytest.fixture
def owner(own_database):
    with database.owner_connection(name=own_database) as cursor:
        yield cursor


@pytest.fixture
def trial(django_db_setup):
    """A cursor of the owner whose changes are taken back."""
    with database.owner_connection(name=connection.settings_dict["NAME"]) as cursor:
        cursor.execute("BEGIN")
        yield cursor
        cursor.execute("ROLLBACK")


@pytest.fixture
def copied(tmp_path):
    """The files, in a folder where one may be changed."""
    for path, text in rules.files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return tmp_path


def migrate(cursor, root=rules.ROOT):
    """What `migrate` does when the tables stand."""
    cursor.execute("BEGIN")
    try:
        rules.apply(cursor, root)
        rights.apply(cursor)
        rules.note(cursor, root)
    except BaseException:
        cursor.execute("ROLLBACK")
        raise
    cursor.execute("COMMIT")


# --- the files ------------------------------------------------------------------------------------------------------


def test_each_file_stands_behind_what_it_needs():
    seen = []
    for path, text in rules.files().items():
        assert set(rules.needed_by(text)) <= set(seen), path
        seen.append(path)
    assert "plans/draw/rules.sql" in seen and "disclosure/rules.sql" in seen


@pytest.mark.parametrize("path", rules.files())
def test_each_file_opens_with_what_it_guards_and_each_function_with_why(path):
    text = rules.files()[path]
    assert text.startswith("-- "), "no heading"
    assert re.match(r"(--.*\n)+\n", text), "no empty line behind the heading"
    for made in re.finditer(r"^CREATE OR REPLACE FUNCTION (\w+)", text, re.M):
        assert text[: made.start()].splitlines()[-1].startswith("--"), made.group(1)


@pytest.mark.promise("P28")
@pytest.mark.parametrize("path", rules.files())
def test_every_statement_may_be_run_again(path):
    once = re.findall(
        r"^CREATE (?!OR REPLACE |INDEX IF NOT EXISTS )(?:CONSTRAINT )?(\w+) (\w+)", rules.files()[path], re.M
    )
    for kind, name in once:
        assert f"DROP {kind} IF EXISTS {name}" in rules.files()[path]


# --- in force -------------------------------------------------------------------------------------------------------


def test_after_migrate_the_rules_are_in_force(db):
    with connection.cursor() as cursor:
        assert rules.why_not_in_force(cursor) == ""


def test_every_trigger_also_holds_in_a_session_that_calls_itself_a_replica(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A'")
        assert cursor.fetchall() == []


BY_HAND = {
    "DROP TRIGGER draw_states ON plans_draw": "触发器 plans_draw.draw_states 不在了",
    "DROP TRIGGER sealed_rows ON plans_pick": "触发器 plans_pick.sealed_rows 不在了",
    "ALTER TABLE plans_draw DISABLE TRIGGER draw_run": "触发器 plans_draw.draw_run 被改过",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$": (
        "函数 refuse_change() 被改过"
    ),
    "ALTER FUNCTION draw_complete() SECURITY INVOKER": "函数 draw_complete() 被改过",
    "CREATE FUNCTION sj_now(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'": "函数 sj_now(integer) 是另加的",
    "CREATE VIEW everything AS SELECT * FROM plans_drawsecret": "视图 everything 是另加的",
    "ALTER TABLE plans_drawdocument DROP CONSTRAINT digest_is_that_of_the_text": (
        "约束 plans_drawdocument.digest_is_that_of_the_text 不在了"
    ),
}


@pytest.mark.parametrize("statement", BY_HAND)
def test_what_is_changed_by_hand_is_seen(trial, statement):
    trial.execute(statement)
    assert rules.why_not_in_force(trial) == f"数据库里的规则被人改动过：{BY_HAND[statement]}。"


def test_what_was_changed_by_hand_is_put_back_but_nothing_is_taken_away(owner):
    for statement, words in BY_HAND.items():
        if not words.endswith("另加的"):
            owner.execute(statement)
    migrate(owner)
    assert rules.why_not_in_force(owner) == ""
    owner.execute("CREATE FUNCTION sj_now(integer) RETURNS integer LANGUAGE sql AS 'SELECT 1'")
    with pytest.raises(rules.NotNamed, match=r"程序文件没有写到：函数 sj_now\(integer\)"):
        migrate(owner)


def test_the_runtime_login_asks_too(owner):
    assert checks.rules_in_force(None, databases=["default"]) == []
    owner.execute("DROP TRIGGER chain_entry ON plans_chainentry")
    (error,) = checks.rules_in_force(None, databases=["default"])
    assert "触发器 plans_chainentry.chain_entry 不在了" in error.msg
    assert checks.rules_in_force(None) == []  # without a database there is nothing to ask


def test_a_database_without_rules_is_told(trial):
    trial.execute("DROP TABLE rules_in_force")
    assert "先用拥有者的登录名运行 manage.py migrate" in rules.why_not_in_force(trial)
    assert rules.why_changed(trial) == ""


# --- files that are not those of the database -----------------------------------------------------------------------


def test_a_missing_file_that_others_need_is_told_by_its_name(trial, copied):
    (copied / "plans/draw/values.sql").unlink()
    assert "文件 plans/draw/values.sql 不在了" in rules.why_not_in_force(trial, copied)


def test_a_missing_file_is_seen_and_its_rules_are_not_forgotten(owner, copied):
    (copied / "plans/aborts/rules.sql").unlink()
    assert "文件 plans/aborts/rules.sql 不在了" in rules.why_not_in_force(owner, copied)
    with pytest.raises(rules.NotNamed) as refused:
        migrate(owner, copied)
    assert "函数 draw_document_abort()" in str(refused.value)
    assert "触发器 plans_drawdocument.draw_document_abort" in str(refused.value)
    assert rules.why_not_in_force(owner) == ""  # nothing was changed


def test_a_changed_and_a_new_file_are_seen_until_migrate_has_run(owner, copied):
    with (copied / "disclosure/rules.sql").open("a") as file:
        file.write("\n-- Nothing.\nCREATE OR REPLACE FUNCTION nothing() RETURNS int LANGUAGE sql AS 'SELECT 1';\n")
    (copied / "inspections/privacy").mkdir(parents=True, exist_ok=True)
    (copied / "inspections/privacy/rules.sql").write_text("-- Nothing yet.\n")
    said = rules.why_not_in_force(owner, copied)
    assert "文件 disclosure/rules.sql 与数据库里的不同" in said
    assert "文件 inspections/privacy/rules.sql 与数据库里的不同" in said
    migrate(owner, copied)
    assert rules.why_not_in_force(owner, copied) == ""


def test_what_a_file_drops_is_gone(owner, copied):
    (copied / "plans/aborts/rules.sql").write_text(
        "-- Not kept any more.\nDROP FUNCTION IF EXISTS draw_document_abort() CASCADE;\n"
    )
    migrate(owner, copied)
    assert rules.why_not_in_force(owner, copied) == ""
    owner.execute("SELECT count(*) FROM pg_proc WHERE proname = 'draw_document_abort'")
    assert owner.fetchone() == (0,)


def test_a_constraint_that_no_file_writes_any_more_is_not_forgotten(owner, copied):
    file = copied / "plans/draw/rules.sql"
    file.write_text(re.sub(r"ALTER TABLE plans_drawdocument\n.*?;\n", "", file.read_text(), count=1, flags=re.S))
    with pytest.raises(rules.NotNamed, match=r"约束 plans_drawdocument\.kind_is_one_that_is_kept"):
        migrate(owner, copied)


def test_a_demo_keeps_its_clock(owner):
    migrate(owner)
    owner.execute("SELECT sj_now()")
    assert owner.fetchone()[0] == database.START


# --- `manage.py migrate` --------------------------------------------------------------------------------------------


def run_migrate(name, *arguments):
    return subprocess.run(
        [sys.executable, "-W", "ignore", str(database.ROOT / "manage.py"), "migrate", "-v", "0", *arguments],
        env={**database.on(name), "BENXI_AS": "owner", "BENXI_PYTHON_READY": "1"},
        capture_output=True,
        text=True,
        cwd=database.ROOT,
    )


@pytest.mark.promise("P28")
def test_migrate_refuses_a_database_changed_by_hand_until_somebody_has_found_out_why(own_database, owner):
    owner.execute("DROP TRIGGER draw_names ON plans_pick")
    done = run_migrate(own_database)
    assert done.returncode and "触发器 plans_pick.draw_names 不在了" in done.stderr, done.stderr
    assert "--restore-rules" in done.stderr
    assert run_migrate(own_database, "--restore-rules").returncode == 0
    assert rules.why_not_in_force(owner) == ""


def test_what_was_added_by_hand_goes_when_somebody_has_found_out_why_it_was_there(own_database, owner):
    """Also a view on a view and a trigger with its function; where something of ours rests on it, nothing changes."""
    added = [
        "CREATE FUNCTION peeked() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER peek BEFORE UPDATE ON plans_draw FOR EACH ROW EXECUTE FUNCTION peeked()",
        "CREATE VIEW a_view AS SELECT * FROM plans_drawsecret",
        "CREATE VIEW b_view AS SELECT * FROM a_view",
        "CREATE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    ]
    for statement in added:
        owner.execute(statement)
    owner.execute("ALTER TABLE notices_message ADD extra integer DEFAULT one()")
    done = run_migrate(own_database, "--restore-rules")
    assert done.returncode and "另加的规则删不掉，什么也没有改" in done.stderr, done.stderr
    owner.execute("ALTER TABLE notices_message DROP extra")
    done = run_migrate(own_database, "--restore-rules")
    assert "视图 a_view、视图 b_view、触发器 plans_draw.peek" in done.stdout and done.returncode == 0, done.stderr
    assert rules.why_not_in_force(owner) == ""


@pytest.mark.promise("P28")
def test_migrate_refuses_the_database_of_another_program(own_database, owner):
    assert of_another_program(connection) == []
    owner.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('plans', '0099_tomorrow', now())")
    assert of_another_program(connection) == ["plans.0099_tomorrow"]
