"""What a process loads before anybody has asked it for anything."""

import subprocess
import sys

import pytest
from django.conf import settings

from benxi_shuangsuiji.database.logins import URLS
from benxi_shuangsuiji.machine import devdb, standalone

LOADED = """
import sys, django
django.setup()
from django.urls import get_resolver
get_resolver().reverse_dict
print(*sorted(name for name in sys.modules if name in sys.argv[1:]))
"""
LATER = ["openpyxl", "pypinyin", "docx", "weasyprint", "python_calamine"]


def test_a_start_loads_nothing_that_only_some_work_needs():
    """A second of every start, of every worker, every command and every test process."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", LOADED, *LATER],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.split() == []


@pytest.fixture
def nothing_given(monkeypatch, tmp_path):
    for name in (*URLS, "BENXI_OWN_DATABASE", "BENXI_AS"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setattr(standalone, "ROOT", tmp_path)  # without somebody's .env
    monkeypatch.setenv("BENXI_VAR", str(tmp_path))
    monkeypatch.setattr(devdb, "start", lambda var, volatile=False: "/socket")


@pytest.mark.parametrize("inherited", [{}, devdb.urls("/socket")], ids=["alone", "inherited"])
def test_an_address_that_was_given_is_never_replaced_nor_joined_by_another_databases(
    nothing_given, monkeypatch, inherited
):
    """A child of a process with a database of its own, sent to another one: that of a drill, or of a restore."""
    for name, url in inherited.items():
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("BENXI_OWN_DATABASE", str(standalone.var()))
    monkeypatch.setenv("DATABASE_URL", "postgres://sj_web@/drill")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://sj_owner@/drill")
    standalone.settle("restore")
    given = {name: standalone.os.environ[name] for name in URLS if name in standalone.os.environ}
    assert given == {"DATABASE_URL": "postgres://sj_web@/drill", "DATABASE_OWNER_URL": "postgres://sj_owner@/drill"}
    assert "BENXI_OWN_DATABASE" not in standalone.os.environ


def test_a_child_of_the_own_database_has_all_of_its_addresses(nothing_given, monkeypatch):
    own = devdb.urls("/socket")
    monkeypatch.setenv("BENXI_OWN_DATABASE", str(standalone.var()))
    monkeypatch.setenv("DATABASE_URL", own["DATABASE_URL"])
    standalone.settle("worker")
    assert {name: standalone.os.environ[name] for name in URLS} == own


def test_one_other_address_among_those_of_the_own_database_stops_the_command(nothing_given, monkeypatch):
    for name, url in devdb.urls("/socket").items():
        monkeypatch.setenv(name, url)
    monkeypatch.setenv("BENXI_OWN_DATABASE", str(standalone.var()))
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://sj_owner@/drill")
    with pytest.raises(SystemExit, match="写了 DATABASE_OWNER_URL，没有写 DATABASE_URL"):
        standalone.settle("restore")


def test_one_address_without_that_of_the_site_stops_the_command(nothing_given, monkeypatch):
    monkeypatch.setenv("DATABASE_BACKUP_URL", "postgres://sj_backup@/benxi")
    with pytest.raises(SystemExit, match="写了 DATABASE_BACKUP_URL，没有写 DATABASE_URL"):
        standalone.settle("backup")
    assert "DATABASE_URL" not in standalone.os.environ
