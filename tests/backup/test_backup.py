"""A backup proves itself when it is restored; whatever is wrong with it, or with where it goes, is said before anything changes."""

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import environ
import pytest
from cryptography.exceptions import InvalidTag
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, connections
from django.test import override_settings

from benxi_shuangsuiji import sealing
from benxi_shuangsuiji.accounts import second_factor
from benxi_shuangsuiji.accounts.models import Authenticator
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.backup import checks, health, restoring, rotation, sealed
from benxi_shuangsuiji.database import checks as database_checks
from benxi_shuangsuiji.database import logins
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Applicant, Publication
from disclosure.objections.models import Objection
from disclosure.register import daily, log, pub1, signing
from plans.draw import secrets
from plans.models import Draw
from tests import database, putting
from tests.disclosure.factories import make_published_result
from tests.factories import make_unit
from tests.test_layers import SOURCES

pytestmark = pytest.mark.commits
NEW_KEY = "bmV3IGtleSBuZXcga2V5IG5ldyBrZXkgbmV3IGtleSE="


@contextmanager
def acting(name: str, who: str):
    """Inside, the connection is one of this login to the database of this name, as its commands would have it."""
    before = connections["default"]
    own = before.copy()
    own.settings_dict.update(logins.databases(environ.Env(), who)["default"], NAME=name)
    connections["default"] = own
    try:
        yield
    finally:
        own.close()
        connections["default"] = before


def run(name: str, who: str, *words, **options) -> str:
    said = io.StringIO()
    with acting(name, who):
        call_command(*words, stdout=said, stderr=said, **options)
    return said.getvalue()


@contextmanager
def empty_database(name: str):
    with database.owner_connection() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield name
    finally:
        with database.owner_connection() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def back_up(name: str, place: Path) -> Path:
    said = run(name, "backup", "backup", place / "backups")
    assert "备份完成" in said
    assert health.backed_up().ok
    return max((place / "backups").glob("benxi-*"))


def refused(name: str, backup: Path, key: Path, words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(name, "owner", "restore", backup, key=key)


def opens() -> tuple:
    """Everything that lies under the data key, opened."""
    person = Authenticator.objects.get()
    return (
        secrets.open_secret(Draw.objects.get()),
        second_factor.opened(bytes(person.secret), person.user_id),
        Applicant.objects.get().name,
    )


@pytest.mark.story("O8")
@pytest.mark.promise("P27")
@pytest.mark.clause("四(3)-b", "七(二)-d")
def test_the_drill(filled, place, at):
    """docs/deploy/备份与恢复.md from its beginning to its end: what was published after the backup is there, and a witness stays content."""
    was = opens()
    backup = back_up(filled, place)
    at("2026-07-07 10:00")
    make_published_result(make_unit("210503"))
    head = signing.sign_newest()  # what the witness keeps
    call_command("mirror", place / "mirror", stdout=io.StringIO())
    published = list(Publication.everything.order_by("pk").values_list("no", "digest", "published_at"))

    connection.close()
    database.forget_clock(filled)
    with database.owner_connection() as cursor:  # the server is gone: database, files, the head beside it
        cursor.execute(f'DROP DATABASE "{filled}" WITH (FORCE)')
        shutil.rmtree(place / "var")
        cursor.execute(f'CREATE DATABASE "{filled}"')
        cursor.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{filled}" FROM PUBLIC')
    said = run(filled, "owner", "restore", backup, key=place / "private")
    assert "数据库与备份逐表一致" in said and "恢复完成" in said

    assert opens() == was
    assert files.read(files.StoredFile.objects.get(name="照片.jpg")) == b"a photograph"
    old = AuditEntry.objects.filter(xid=4000000000)
    assert old.exists() and not old.filter(link=None).exists()  # linked at once, and this server goes on behind them
    assert trail.seal() > 0
    verdict = trail.verify()
    assert (verdict.broken_at, verdict.unsealed) == (None, 0)
    assert AuditEntry.objects.get(verb="backup.restored").details["name"] == backup.name
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(born) FROM plans_drawdocument")
        assert cursor.fetchone() == (0,)
    assert signing.sign_newest() is None  # nobody has said yet which head is known outside

    assert "补回" in run(filled, "owner", "register_restore", place / "mirror")
    assert list(Publication.everything.order_by("pk").values_list("no", "digest", "published_at")) == published
    with database.owner_connection(name=filled) as cursor:
        cursor.execute(putting.PUT)
    at("2026-07-08 10:00")
    make_published_result(make_unit("210505"))
    now = signing.sign_newest()
    assert now.size == head.size + 1 and pub1.root(log.reader(), head.size).hex() == head.root
    assert daily.compute() == (now.size, "")


def test_what_is_wrong_is_said_before_anything_is_written(filled, place):
    backup, key = back_up(filled, place), place / "private"
    refused(filled, backup, key, "不是空的，没有恢复")
    with empty_database(f"{filled}_b") as empty:
        call_command("backup_key", place / "other", stdout=io.StringIO())
        refused(empty, backup, place / "other", "私钥打不开这份备份")
        refused(empty, backup, place / "nothing", "读不出来")
        refused(empty, backup / "nothing", key, "不是一份完整的备份")
        with override_settings(DATA_KEY=NEW_KEY):
            refused(empty, backup, key, "DJANGO_DATA_KEY 不是备份时的那一把")
        change = restoring.read_facts(backup, sealed.identities(key))
        for facts, words in (
            (
                {"migrations": [*change["migrations"], ["plans", "9999_later"]]},
                "更新的程序做成，本版程序没有这些迁移：plans.9999_later",
            ),
            ({"rules_changed": "数据库里的规则被人改动过：函数 sj_now() 被改过。"}, "用更早的备份"),
            ({"postgres": 99}, "换同样或更新的 PostgreSQL"),
            ({"logins": change["logins"] | {"sj_web": "LOGIN SUPERUSER"}}, "sj_web 的权力与备份时不同"),
            ({"logins": change["logins"] | {"sj_none": "LOGIN"}}, "没有登录名 sj_none"),
        ):
            with acting(empty, "owner"):
                assert words in restoring.why_not_restore(change | facts)
        whole = (backup / sealed.DUMP).read_bytes()
        for torn in (whole[:-1], whole[: len(whole) // 2], whole[:900] + bytes([whole[900] ^ 1]) + whole[901:]):
            (backup / sealed.DUMP).write_bytes(torn)
            refused(empty, backup, key, "不完整，或者被改动过")
        (backup / sealed.DUMP).write_bytes(whole)
        stored = next((place / "backups/files").rglob("*.age"))
        stored.write_bytes(stored.read_bytes()[:-1])
        refused(empty, backup, key, "缺少或者损坏")
        with acting(empty, "owner"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            assert cursor.fetchone() == (0,)  # none of it has left anything
        assert "恢复完成" in run(empty, "owner", "restore", backup, key=key, without_lost_files=True)


def test_one_that_was_broken_off_leaves_nothing_that_looks_whole(filled, place, monkeypatch):
    """The backup by the death of its process; the restore between the tables and the proof of them."""
    slow = place / "bin"
    slow.mkdir()
    version = restoring.tools.server_version()
    (slow / "pg_dump").write_text(
        f"#!/bin/sh\n[ $1 != --version ] && exec sleep 60\necho 'pg_dump (PostgreSQL) {version}.0 (Debian {version}.0-1)'\n"
    )
    (slow / "pg_dump").chmod(0o755)
    told = {"BENXI_PG_BIN": str(slow), "BENXI_AS": "backup", "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(place / "var")}
    with open(place / "said", "w") as said:
        taking = subprocess.Popen(
            [sys.executable, "manage.py", "backup", place / "backups"],
            env={**database.on(filled), **told, "BACKUP_RECIPIENTS": sealed_for(place)},
            cwd=database.ROOT,
            stderr=said,
            start_new_session=True,
        )
    latest = time.monotonic() + 60
    while not list(place.glob("backups/.unfinished-*/*")) and time.monotonic() < latest:
        assert taking.poll() is None, (place / "said").read_text()
        time.sleep(0.05)
    killed(taking)
    assert not list(place.glob("backups/benxi-*"))

    backup = back_up(filled, place)

    def dies(facts):
        raise KeyboardInterrupt

    with empty_database(f"{filled}_b") as half:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(restoring, "_why_not_same", dies)
            run(half, "owner", "restore", backup, key=place / "private")
        for who in ("web", "worker"):
            with acting(half, who), pytest.raises(Exception, match="permission denied"):
                Objection.objects.count()
        refused(half, backup, place / "private", "不是空的")


def sealed_for(place: Path) -> str:
    return (place / "private").read_text().split()[2]


def killed(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.mark.promise("P27")
def test_a_backup_reads_everything_and_changes_nothing(filled, place):
    with acting(filled, "web"), pytest.raises(CommandError, match="sj_web 读不了全部的表，没有备份"):
        call_command("backup", place / "backups")
    with override_settings(BACKUP_RECIPIENTS=[]), pytest.raises(CommandError, match="没有写备份的公钥"):
        call_command("backup", place / "backups")
    with (
        acting(filled, "backup"),
        connection.cursor() as cursor,
        pytest.raises(Exception, match=r"permission denied|read-only"),
    ):
        cursor.execute("SET default_transaction_read_only = off; DELETE FROM notices_message")
    back_up(filled, place)
    found = b"".join(path.read_bytes() for path in (place / "backups").rglob("*") if path.is_file())
    assert not [words for words in ("a photograph", "accounts_user", "sj_owner") if words.encode() in found]


@pytest.mark.parametrize(("user", "alone"), [("sj_backup", False), ("sj_web", False), ("benxi", True)])
def test_the_login_of_backups_is_not_taken_for_one_that_does_everything(settings, monkeypatch, user, alone):
    settings.OWNER_URL = ""
    monkeypatch.setitem(settings.DATABASES["default"], "USER", user)
    assert [warning.id for warning in database_checks.one_login(None)] == ["benxi.W001"] * alone


def test_a_backup_that_stops_being_made_is_noticed(place, own_database):
    assert health.backed_up().ok is None
    now = datetime.now(database.CHINA)
    for age, ok in ((timedelta(hours=30), True), (timedelta(hours=51), False)):
        health.note((now - age).strftime(health.NAME))
        assert health.backed_up().ok is ok and f"{now - age:%Y-%m-%d %H:%M}" in health.backed_up().words
    health.last_file().write_text("torn")
    assert health.backed_up().ok is False
    health.last_file().unlink()
    health.last_file().mkdir()
    with pytest.raises(Refused, match="已经做成，但是它的时间写不进"):
        health.note("benxi-2026-12-01-020000")


@pytest.mark.parametrize(
    ("state", "words", "ok"),
    [
        ((False, 0, False), "没有打开 WAL 归档", None),
        ((True, 0, False), "archive_timeout 是 0 秒", None),
        ((True, 3600, False), "archive_timeout 是 3600 秒", None),
        ((True, 60, True), "最近一次 WAL 归档失败", False),
        ((True, 60, False), "WAL 归档正常", True),
    ],
)
def test_where_each_minute_is_not_kept_elsewhere_it_is_said(monkeypatch, state, words, ok):
    monkeypatch.setattr(checks, "_archiving", lambda: state)
    found = [warning.id for warning in checks.archiving(None, databases=["default"])]
    assert found == ([] if ok else ["benxi.W005"])
    assert words in health.archived().words and health.archived().ok is ok


def test_the_data_key_turns_in_every_sealed_column_or_in_none(filled, place, settings):
    was = opens()
    old = settings.DATA_KEY
    with override_settings(DATA_KEY=NEW_KEY):
        with acting(filled, "worker"):
            assert [fault.id for fault in checks.data_key(None, databases=["default"])] == ["benxi.E015"]
        connection.close()
        with pytest.raises(CommandError, match="没有写原来的密钥"):
            run(filled, "owner", "data_key")
        with override_settings(DATA_KEY_OLD=NEW_KEY[::-1]), pytest.raises(CommandError, match="3 处两把密钥都打不开"):
            run(filled, "owner", "data_key")
        with override_settings(DATA_KEY_OLD=old):
            assert Draw.objects.count() == 1  # somebody is still at work
            with pytest.raises(CommandError, match="sj_web 还连着数据库"):
                run(filled, "owner", "data_key")
            connection.close()
            assert "换好 3 处" in run(filled, "owner", "data_key")
            assert "换好 3 处" in run(filled, "owner", "data_key")  # again: nothing is lost
        assert opens() == was
        with acting(filled, "worker"):
            assert checks.data_key(None, databases=["default"]) == []
        connection.close()
    with pytest.raises(InvalidTag):
        secrets.open_secret(Draw.objects.get())


def test_every_column_that_is_sealed_under_the_data_key_stands_on_a_nameplate(db):
    """What one forgot a new key would lose: whatever holds bytes is declared, or known to need no key; no other code has the key."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type = 'bytea'"
        )
        held = {name for (name,) in cursor.fetchall()}
    declared = {f"{one.table}.{one.column}" for one in rotation.columns()}
    hashes = {"disclosure_registerentry.leaf", "disclosure_registernode.hash"}
    assert held - declared == hashes | {"disclosure_applicant.sealed"}  # that one under a small key, which is declared
    knows = {path.relative_to(database.ROOT).as_posix() for path in SOURCES if "settings.DATA_KEY" in path.read_text()}
    stored_nowhere = "inspections/outbox/keys.py"
    asks = {"benxi_shuangsuiji/database/checks.py", "benxi_shuangsuiji/backup/rotation.py"}
    assert knows == {"benxi_shuangsuiji/sealing.py", stored_nowhere} | asks
    uses = {
        word
        for path in SOURCES
        for word in re.findall(r"sealing\.(?:un)?locked\([^()]*(?:\([^()]*\))?[^()]*, (\w+)\)", path.read_text())
    }
    assert uses == {"USE"} and {one.use for one in rotation.columns()} == {
        secrets.USE,
        second_factor.USE,
        sealing.SMALL_KEYS,
    }


@pytest.mark.story("O9")
def test_every_column_with_a_transaction_of_its_server_is_put_right_by_a_restore():
    rules = "".join(path.read_text() for path in database.ROOT.glob("*/**/rules.sql"))
    stamped = set(re.findall(r"NEW\.(\w+) := (?:this_transaction|pg_current_xact_id)", rules))
    assert stamped == {"born", "xid"}
    assert "SET born = 0" in restoring.NO_TRANSACTION and "ORDER BY e.xid" in restoring.SEAL_ALL
