"""What happens before Django: packages, keys and database addresses without any setting."""

import importlib.util
import os

import pytest

from benxi_shuangsuiji.database.logins import URLS
from benxi_shuangsuiji.machine import standalone, suite


@pytest.fixture
def manage(tmp_path, monkeypatch):
    """manage.py of a checkout of its own, with a lock file and an environment that is there already."""
    spec = importlib.util.spec_from_file_location("manage_of_the_test", standalone.ROOT / "manage.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv/bin/python")
    for group in ("base", "dev"):
        module.lock(group).parent.mkdir(parents=True, exist_ok=True)
        module.lock(group).write_text(f"# {group}\n")
    module.PYTHON.parent.mkdir(parents=True)
    module.PYTHON.touch()
    return module


def stamp(manage, group):
    (manage.VENV / f".ready-{group}").write_text(manage.fingerprint(group))


def test_packages_count_as_installed_until_their_lock_changes(manage):
    assert not manage.is_ready("base")
    stamp(manage, "base")
    assert manage.is_ready("base")

    manage.lock("base").write_text("# base, one package newer\n")
    assert not manage.is_ready("base")


def test_packages_of_another_python_do_not_count(manage):
    stamp(manage, "base")
    newer = manage.VENV / "bin/python3.99"
    newer.touch()
    manage.PYTHON.unlink()
    manage.PYTHON.symlink_to(newer)

    assert not manage.is_ready("base")


def test_bootstrap_does_nothing_when_the_larger_group_is_there(manage, monkeypatch):
    stamp(manage, "dev")
    monkeypatch.setattr(manage.subprocess, "run", lambda *a, **k: pytest.fail(f"started {a}"))

    manage.bootstrap("base")


def test_failed_installation_ends_with_a_sentence_and_is_tried_again(manage):
    manage.PYTHON.unlink()
    manage.PYTHON.symlink_to("/bin/false")

    with pytest.raises(SystemExit, match="没有装齐"):
        manage.bootstrap("base")
    assert not manage.is_ready("base")


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """An environment without any setting, and a folder of its own."""
    for name in (*URLS, "BENXI_AS", "BENXI_OWN_DATABASE", *standalone.NEEDED_SECRETS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    monkeypatch.setenv("BENXI_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


def test_keys_are_written_once_readable_only_by_their_owner(bare, monkeypatch):
    standalone.keep_secrets()
    first = {name: os.environ[name] for name in standalone.NEEDED_SECRETS}
    for name in standalone.NEEDED_SECRETS:
        monkeypatch.delenv(name)
    standalone.keep_secrets()

    assert {name: os.environ[name] for name in standalone.NEEDED_SECRETS} == first
    assert len(set(first.values())) == 3
    assert (bare / "secrets.env").stat().st_mode & 0o777 == 0o600


def test_keys_given_by_the_environment_are_not_written(bare, monkeypatch):
    monkeypatch.setenv("DJANGO_SECRET_KEY", "given")
    standalone.keep_secrets()

    assert os.environ["DJANGO_SECRET_KEY"] == "given"
    assert (bare / "secrets.env").read_text().startswith("DJANGO_DATA_KEY=")


def test_production_with_its_own_database_gets_no_invented_keys(bare, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://sj_web@db/benxi")
    standalone.settle("runserver")

    assert "DJANGO_SECRET_KEY" not in os.environ
    assert not bare.exists()


@pytest.mark.parametrize("command", ["demo", "test"])
def test_a_trial_on_another_server_writes_its_own_keys(bare, monkeypatch, command):
    monkeypatch.setenv("DATABASE_URL", "postgres://sj_web@db/benxi")
    standalone.settle(command)

    assert os.environ["DATABASE_URL"] == "postgres://sj_web@db/benxi"
    assert all(os.environ[name] for name in standalone.NEEDED_SECRETS)
    assert (bare / "secrets.env").exists()


@pytest.mark.parametrize(
    ("command", "acting"),
    [("runserver", None), ("mirror", None), ("worker", "worker"), ("qcluster", "worker"), ("migrate", "owner")],
)
def test_only_commands_that_change_tables_work_as_the_owner_and_the_worker_has_its_own_login(
    bare, monkeypatch, command, acting
):
    monkeypatch.setenv("DATABASE_URL", "postgres://sj_web@db/benxi")
    standalone.settle(command)
    assert os.environ.get("BENXI_AS") == acting


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        ([], ["-n", "2"]),
        (["-q", "-x"], ["-n", "2"]),
        (["-n", "0"], []),
        (["-n4"], []),
        (["tests/setup"], []),
        (["tests/setup/test_manage.py::test_anything"], []),
        (["--version"], []),
    ],
)
def test_whole_suite_is_shared_among_processes(arguments, added):
    assert suite.in_parallel(arguments) == added


def test_last_words_count_the_tests(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        '<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="20"/></testsuites>'
    )

    assert suite.count(report) == (
        "共运行 17 项测试：通过 14，未通过 3；另跳过 3。\n17 tests ran: 14 passed, 3 failed; 3 skipped."
    )
    assert suite.count(tmp_path / "absent.xml") == "没有运行任何测试。No test ran."
