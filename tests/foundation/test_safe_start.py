"""Web and worker do not start where that would be unsafe, and say why (S7, reliability P29)."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.database import checks as database_checks
from benxi_shuangsuiji.database import rights
from benxi_shuangsuiji.machine import standalone
from benxi_shuangsuiji.web import start
from tests.database import owner_connection

SAFE = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["shuangsuiji.example.gov.cn", "localhost"],
    "HTTPS": True,
    "TRUSTED_PROXIES": ["172.30.21.0/24", "unix"],
    "REGISTER_KEY": "ab" * 32,
    "SECRET_KEY": "s" * 50,
    "DATA_KEY": "d" * 44,
}


@pytest.fixture
def safe(settings, monkeypatch):
    """As if the database were no demo's, under settings that are safe; the login of CI may own everything."""
    monkeypatch.setattr(clock, "is_demo", lambda: False)
    for name, value in SAFE.items():
        setattr(settings, name, value)
    return settings


@pytest.fixture
def server(db, safe):
    return safe


def ids():
    return {reason.rpartition("（")[2].rstrip("）") for reason in start.why_not_start()}


OWN = set() if os.environ.get("DATABASE_OWNER_URL") else {"benxi.E011"}  # with one login for everything


@pytest.mark.story("S7")
@pytest.mark.promise("P29")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({}, ""),
        ({"DEBUG": True}, "benxi.E006"),
        ({"SECRET_KEY": "short"}, "benxi.E001"),
        ({"DATA_KEY": "s" * 50}, "benxi.E002"),
        ({"REGISTER_KEY": "ab" * 31}, "benxi.E007"),
        ({"REGISTER_KEY": ""}, ""),
        ({"ALLOWED_HOSTS": ["*"]}, "benxi.E008"),
        ({"ALLOWED_HOSTS": [".gov.cn"]}, "benxi.E008"),
        ({"ALLOWED_HOSTS": []}, "benxi.E008"),
        ({"HTTPS": False}, "benxi.E009"),
        ({"HTTPS": False, "ALLOWED_HOSTS": ["localhost"], "TRUSTED_PROXIES": []}, ""),
        ({"TRUSTED_PROXIES": []}, "benxi.E010"),
        ({"TRUSTED_PROXIES": ["the proxy"]}, "benxi.E010"),
        ({"TRUSTED_PROXIES": ["0.0.0.0/0"]}, "benxi.E010"),
        ({"TRUSTED_PROXIES": ["::/0"]}, "benxi.E010"),
    ],
)
def test_what_is_unsafe_is_named(server, change, named):
    for name, value in change.items():
        setattr(server, name, value)
    assert ids() == ({named} if named else set()) | OWN


def test_tables_that_are_behind_and_rights_that_were_added_are_named(safe, monkeypatch, own_database):
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("plans.0009_next", False)])
    with owner_connection(name=own_database) as cursor:
        cursor.execute(f"GRANT UPDATE (title) ON disclosure_publication TO {rights.WEB}")
    reasons = start.why_not_start()
    assert any("1 项迁移没有做，第一项是 plans.0009_next" in reason for reason in reasons)
    assert any("能改动已封存的表：disclosure_publication" in reason for reason in reasons)


@pytest.mark.story("O12")
@pytest.mark.skipif(not os.environ.get("DATABASE_OWNER_URL"), reason="needs the owner's login")
def test_the_owners_login_does_not_run_the_site(own_database):
    from django.conf import settings

    kept = connection.settings_dict["USER"], connection.settings_dict.get("OPTIONS", {})
    connection.close()
    try:
        connection.settings_dict["USER"] = settings.OWNER_URL.partition("://")[2].partition("@")[0].partition(":")[0]
        found = database_checks.login(None, databases=["default"])
    finally:
        connection.close()
        connection.settings_dict["USER"], connection.settings_dict["OPTIONS"] = kept
    assert [error.id for error in found] == ["benxi.E011"] and "拥有数据表" in found[0].msg


def test_a_demo_is_started_as_it_is(db, settings):
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]
    assert clock.is_demo() and start.why_not_start() == []


@pytest.mark.promise("P29")
def test_web_and_worker_stop_with_the_sentences(server, monkeypatch, capsys):
    server.DEBUG = True
    monkeypatch.setattr(start.connections, "close_all", lambda: None)
    for begin in (lambda: start.Guarded(None), lambda: call_command("worker", skip_checks=True)):
        with pytest.raises(SystemExit) as end:
            begin()
        assert end.value.code == start.NOT_STARTED
        assert "系统没有启动：\n  " in (said := capsys.readouterr().err) and "DEBUG=true" in said


def test_a_worker_born_without_the_database_is_asked_once_it_is_there(monkeypatch, capsys):
    answers = iter([OperationalError(), OperationalError(), ["数据库登录名 x 拥有数据表。"], []])

    def why_not_start():
        if isinstance(answer := next(answers), Exception):
            raise answer
        return answer

    monkeypatch.setattr(start, "why_not_start", why_not_start)
    monkeypatch.setattr(start.connections, "close_all", lambda: None)
    guarded, told = start.Guarded(lambda environ, start_response: ["page"]), []
    ask = lambda: guarded({}, lambda status, headers: told.append(status))  # noqa: E731
    assert ask() == ["page"]  # which says by itself that the database is away
    assert "原因见网站的日志" in ask()[0].decode() and told == ["503 Service Unavailable"]
    assert "拥有数据表" in capsys.readouterr().err
    assert ask() == ["page"] and ask() == ["page"]


@pytest.mark.story("S7")
@pytest.mark.promise("P29")
def test_the_very_command_of_the_web_server_ends_on_unsafe_settings(own_database, tmp_path):
    """What `gunicorn` imports, in a process of its own: no database answers for it that would be a demo's."""
    environment = {**os.environ, "DEBUG": "true", "HTTPS": "false", "ALLOWED_HOSTS": "*"}
    code = "from benxi_shuangsuiji import clock; clock.is_demo = lambda: False; import benxi_shuangsuiji.wsgi"
    from tests.database import on

    ended = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=standalone.ROOT,
        env={**environment, **{k: v for k, v in on(own_database).items() if k.startswith("DATABASE")}},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == start.NOT_STARTED
    for id in ("benxi.E006", "benxi.E008", "benxi.E009"):
        assert id in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.story("O2")
@pytest.mark.parametrize(
    ("direct", "forwarded", "trusted", "address"),
    [
        ("203.0.113.7", "", [], "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", [], "203.0.113.7"),  # nobody is trusted
        ("203.0.113.7", "198.51.100.1", ["172.30.21.0/24"], "203.0.113.7"),  # past the proxy
        ("172.30.21.5", "198.51.100.1", ["172.30.21.0/24"], "198.51.100.1"),
        ("172.30.21.5", "1.2.3.4, 198.51.100.1", ["172.30.21.0/24"], "198.51.100.1"),  # the caller wrote the first
        ("172.30.21.5", "1.2.3.4, 198.51.100.1, 10.9.0.2", ["172.30.21.0/24", "10.9.0.2"], "198.51.100.1"),
        ("172.30.21.5", "rubbish, 10.9.0.2", ["172.30.21.0/24", "10.9.0.2"], "10.9.0.2"),
        ("172.30.21.5", "", ["172.30.21.0/24"], "172.30.21.5"),
        ("", "2001:db8::7", ["unix"], "2001:db8::7"),
        ("", "2001:db8::7", [], ""),
    ],
)
def test_the_callers_address_is_what_our_proxies_added(rf, settings, direct, forwarded, trusted, address):
    settings.TRUSTED_PROXIES = trusted
    request = rf.get("/", REMOTE_ADDR=direct, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == address
