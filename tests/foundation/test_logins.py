"""The logins themselves, each on a connection of its own: who they are, what they are pinned to, what nobody gives them (S3, S8, S12)."""

import os
import socket

import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connections
from django.test import RequestFactory
from environ import Env
from psycopg.conninfo import make_conninfo
from psycopg.pq import PGconn

from benxi_shuangsuiji.database import logins
from benxi_shuangsuiji.web import views
from tests import database

ALONE = not settings.OWNER_URL  # one login for everything, which takes their roles


@pytest.fixture
def line(own_database):
    """A connection as one of them, to a database of the test's own."""
    opened = []

    def connect(login):
        made = connections["default"].copy()
        acting = {logins.WORKER: "worker"}.get(login, "")
        made.settings_dict.update(logins.databases(Env(), acting)["public" if login == logins.PUBLIC else "default"])
        made.settings_dict["NAME"] = own_database
        opened.append(made)
        return made

    yield connect
    for made in opened:
        made.close()


def ask(line, sql):
    with line.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone() if cursor.description else None


@pytest.mark.story("S12")
@pytest.mark.commits
def test_each_login_is_itself_and_pinned_whatever_was_set_for_it(line, own_database):
    with database.owner_connection(name=own_database) as owner:
        for login in logins.RUNTIME:
            if not ALONE:  # as an administrator might, or the login for itself
                owner.execute(f'ALTER DATABASE "{own_database}" SET search_path = nowhere')
                owner.execute(f'ALTER DATABASE "{own_database}" SET standard_conforming_strings = off')
            limits = logins.LOGINS[login]
            assert ask(line(login), "SELECT current_user") == (login,)
            for name, value in {
                "search_path": limits.path,
                "TimeZone": "UTC",
                "standard_conforming_strings": "on",
                "default_transaction_read_only": "on" if limits.reads else "off",
            }.items():
                assert ask(line(login), f"SELECT replace(current_setting('{name}'), ' ', '')") == (value,)
            assert ask(
                line(login),
                "SELECT (extract(epoch FROM current_setting('statement_timeout')::interval),"
                " extract(epoch FROM current_setting('lock_timeout')::interval),"
                " extract(epoch FROM current_setting('idle_in_transaction_session_timeout')::interval))::text",
            ) == (f"({limits.statement:.6f},{limits.lock:.6f},{limits.idle:.6f})",)


@pytest.mark.story("S12")
@pytest.mark.commits
def test_what_nobody_gives_them(line):
    """The queue of the worker, whose tasks are called by name (S3), files of the server, tables and settings of all."""
    forbidden = {
        logins.WEB: ("SELECT * FROM django_q_ormq", "INSERT INTO django_q_schedule (func) VALUES ('os.system')"),
        logins.WORKER: ("SELECT ciphertext FROM plans_drawsecret",),
        logins.PUBLIC: (
            "SELECT text FROM public.disclosure_publication",
            "SELECT * FROM accounts_user",
            "SELECT nextval('disclosure_publication_id_seq')",
            "SET default_transaction_read_only = off; INSERT INTO shown.disclosure_publication (no) VALUES ('x')",
        ),
    }
    for login, attempts in forbidden.items():
        everybody = (
            "SELECT pg_read_file('/etc/passwd')",
            "CREATE TABLE mine (a int)",
            "ALTER SYSTEM SET log_statement = 'none'",
        )
        for sql in (*attempts, *everybody):
            with pytest.raises(DatabaseError) as refused:
                ask(line(login), sql)
            # No right, a connection that only reads, or a view into which nothing can be put.
            assert refused.value.__cause__.sqlstate in ("42501", "25006", "55000"), (login, sql)


@pytest.mark.story("S8")
@pytest.mark.promise("P25")
@pytest.mark.commits
def test_whoever_waits_too_long_is_told_and_holds_nothing_up(line):
    """A table that somebody holds is waited for as long as the login may wait, then the page says so (S8)."""
    holder, web = line(logins.WORKER), line(logins.WEB)
    ask(holder, "SELECT pg_advisory_lock(1)")
    ask(web, "SET lock_timeout = '50ms'")
    with pytest.raises(OperationalError) as locked:
        ask(web, "SELECT pg_advisory_lock(1)")
    ask(web, "SET statement_timeout = '50ms'")
    with pytest.raises(OperationalError) as slow:
        ask(web, "SELECT pg_sleep(2)")
    for trouble in (locked.value, slow.value):
        request = RequestFactory().post("/corrections/new/", {"words": "写好的话"})
        try:
            raise trouble
        except OperationalError:
            page = views.server_error(request)
        said = page.content.decode()
        assert page.status_code == 503 and page["Retry-After"] == "60" and "没有执行" in said and "写好的话" in said


def test_a_server_that_takes_the_call_and_says_nothing_is_given_up(line, monkeypatch):
    monkeypatch.setattr(logins, "CONNECT_SECONDS", 2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made = line(logins.WEB)
        made.settings_dict.update(HOST="127.0.0.1", PORT=str(silent.getsockname()[1]))
        with pytest.raises(OperationalError, match="timeout"):
            ask(made, "SELECT 1")


def test_a_server_that_vanishes_under_a_request_is_noticed_within_half_a_minute(monkeypatch):
    """As the kernel has it: nobody can pull the cable in a test, but this is what it goes by (P25)."""
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setenv("DATABASE_URL", f"postgres://sj_web:x@127.0.0.1:{server.getsockname()[1]}/benxi")
        asked = logins.databases(Env(), "")["default"]
        said = {"host": asked["HOST"], "port": asked["PORT"], "user": asked["USER"], **asked["OPTIONS"]}
        line = PGconn.connect_start(make_conninfo(**said).encode())
        try:
            with socket.socket(fileno=os.dup(line.socket)) as kernel:
                found = {
                    name: kernel.getsockopt(socket.IPPROTO_TCP, getattr(socket, name))
                    for name in ("TCP_USER_TIMEOUT", "TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT")
                }
                assert kernel.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
        finally:
            line.finish()
    assert found["TCP_USER_TIMEOUT"] <= 30_000
    assert 0 < found["TCP_KEEPIDLE"] + found["TCP_KEEPINTVL"] * found["TCP_KEEPCNT"] <= 30
