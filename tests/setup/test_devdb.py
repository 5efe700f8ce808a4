"""The embedded database server: one per folder, shared by processes, gone with its last user."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from benxi_shuangsuiji.database import demo_clock
from benxi_shuangsuiji.database.logins import LOGINS, URLS, WEB
from benxi_shuangsuiji.machine import devdb, standalone
from benxi_shuangsuiji.management.commands.demo import Command
from tests.setup.running import descendants, gone, is_running

pytestmark = pytest.mark.slow("processes")

USE_UNTIL_TOLD = """
import sys
from pathlib import Path
from benxi_shuangsuiji.machine import devdb
print(devdb.start(Path(sys.argv[1]), volatile=True), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def var():
    """A folder that the server's account may enter when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="benxi-setup-", dir="/tmp") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)
        devdb.leave(Path(folder))


@pytest.fixture
def process():
    """Start other users of a server; none outlives the test."""
    started = []

    def start(var):
        child = subprocess.Popen(
            [sys.executable, "-c", USE_UNTIL_TOLD, str(var)],
            cwd=standalone.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        child.socket = child.stdout.readline().strip()
        return child

    yield start
    for child in started:
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()


def ask(socket, query, user=devdb.SUPERUSER):
    with psycopg.connect(host=socket, port=5432, user=user, dbname=devdb.DATABASE) as db:
        return db.execute(query).fetchone()[0]


def server_pid(var):
    return int((var / "pg/data/postmaster.pid").read_text().split("\n", 1)[0])


def test_start_gives_both_logins_and_a_database_that_sees_chinese(var):
    socket = devdb.start(var, volatile=True)

    rights = (
        "SELECT string_agg(format('%s %s %s %s', rolname, rolcanlogin, rolcreatedb, rolinherit), ',' ORDER BY rolname) "
    )
    assert ask(socket, rights + "FROM pg_roles WHERE rolname ~ '^sj_' AND rolname <> 'sj_super'") == (
        "sj_backup t f t,sj_draw f f t,sj_owner t t t,sj_public t f f,sj_web t f f,sj_worker t f f"
    )
    owner = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'benxi'"
    assert ask(socket, owner, user="sj_web") == "sj_owner"
    assert ask(socket, "SELECT datcollate || datlocale FROM pg_database WHERE datname = 'benxi'") == "C.UTF-8C.UTF-8"


def test_start_twice_uses_the_same_server(var):
    first = devdb.start(var, volatile=True)
    pid = server_pid(var)

    assert devdb.start(var, volatile=True) == first
    assert server_pid(var) == pid


@pytest.mark.story("S11")
def test_a_killed_server_is_started_again_by_whoever_keeps_it_up(var, process):
    socket = devdb.start(var, volatile=True)
    other = process(var)
    assert not devdb.keep_up(var)
    pid = server_pid(var)
    os.kill(pid, signal.SIGKILL)
    assert gone([pid])
    assert devdb.keep_up(var) and not devdb.keep_up(var)
    assert server_pid(var) != pid and ask(socket, "SELECT 1") == ask(other.socket, "SELECT 1") == 1


def test_leave_stops_the_server_and_keeps_its_data(var):
    socket = devdb.start(var)
    with psycopg.connect(host=socket, port=5432, user="sj_owner", dbname="benxi") as db:
        db.execute("CREATE TABLE kept AS SELECT '本溪' AS name")
    pid = server_pid(var)
    devdb.leave(var)

    assert not is_running(pid)
    assert ask(devdb.start(var), "SELECT name FROM kept") == "本溪"


def test_leave_removes_a_volatile_server_with_its_data(var):
    devdb.start(var, volatile=True)
    pid = server_pid(var)
    devdb.leave(var)

    assert not is_running(pid)
    assert not (var / "pg").exists()


def test_second_process_joins_and_the_last_one_stops_the_server(var, process):
    socket = devdb.start(var, volatile=True)
    other = process(var)
    assert other.socket == socket
    pid = server_pid(var)

    devdb.leave(var)
    assert ask(socket, "SELECT 1") == 1
    other.stdin.close()
    other.wait(30)

    assert not is_running(pid)


def test_server_of_a_test_run_has_stopped_when_the_run_ends():
    program = "from tests import database; print(open(database.own_server() + '/postmaster.pid').readline())"
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=standalone.ROOT, capture_output=True, text=True, check=True
    )

    assert not is_running(int(run.stdout))


def test_terminated_process_stops_the_server_in_order(var, process):
    user = process(var)
    pid = server_pid(var)
    user.send_signal(signal.SIGTERM)

    assert user.wait(30) == 128 + signal.SIGTERM
    assert not is_running(pid)


def test_server_of_a_killed_process_is_taken_over_and_stopped(var, process):
    killed = process(var)
    pid = server_pid(var)
    killed.kill()
    killed.wait()

    assert ask(devdb.start(var, volatile=True), "SELECT 1") == 1
    assert server_pid(var) == pid
    devdb.leave(var)
    assert not is_running(pid)


def test_start_after_the_server_was_killed_keeps_committed_rows(var):
    socket = devdb.start(var)
    with psycopg.connect(host=socket, port=5432, user="sj_owner", dbname="benxi") as db:
        db.execute("CREATE TABLE kept AS SELECT 719 AS facilities")
    killed = server_pid(var)
    os.kill(killed, signal.SIGKILL)
    while is_running(killed):
        time.sleep(0.01)
    devdb.leave(var)

    assert ask(devdb.start(var), "SELECT facilities FROM kept") == 719
    assert server_pid(var) != killed


def test_note_of_a_process_that_no_longer_exists_does_not_block_a_start(var):
    devdb.start(var)
    note = (var / "pg/data/postmaster.pid").read_text()
    devdb.leave(var)
    (var / "pg/data/postmaster.pid").write_text(note)

    assert ask(devdb.start(var), "SELECT 1") == 1


def test_processes_that_start_at_once_share_one_server(var):
    users = [
        subprocess.Popen(
            [sys.executable, "-c", USE_UNTIL_TOLD, str(var)],
            cwd=standalone.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    sockets = [user.stdout.readline().strip() for user in users]
    pid = server_pid(var)
    for user in users:
        user.communicate(timeout=60)

    assert sockets == [str(var / "pg/data")] * 3
    assert [user.returncode for user in users] == [0, 0, 0]
    assert not is_running(pid)


def test_long_folder_gets_a_short_private_socket_folder(var):
    long = var / ("很长的目录名" * 8)
    socket = Path(devdb.start(long, volatile=True))

    assert len(os.fsencode(socket)) <= devdb.LONGEST_SOCKET_FOLDER
    assert socket.stat().st_mode & 0o777 == 0o700
    assert ask(str(socket), "SELECT 1") == 1
    devdb.leave(long)
    assert not socket.exists()


def test_urls_reach_the_database_as_django_environ_reads_them(var, monkeypatch):
    from environ import Env

    for name, url in devdb.urls(devdb.start(var, volatile=True)).items():
        monkeypatch.setenv(name, url)

    for login in LOGINS.values():
        config = Env().db(login.url)
        with psycopg.connect(user=config["USER"], dbname=config["NAME"], **config["OPTIONS"]) as db:
            assert db.execute("SELECT current_user").fetchone()[0] == login.name


def test_demo_touches_only_an_empty_database_or_one_that_it_began(var, monkeypatch):
    """On a server where nobody has made the logins yet, and whatever else lies in the database."""
    socket = devdb.start(var, volatile=True)
    monkeypatch.setenv("DATABASE_URL", devdb.urls(socket)["DATABASE_URL"].replace(WEB, devdb.SUPERUSER))
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname="postgres", autocommit=True) as db:
        db.execute(f"DROP ROLE {WEB}")
    state = Command()._state
    assert state() == "empty"

    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname=devdb.DATABASE, autocommit=True) as db:
        db.execute("CREATE TABLE salaries (name text)")
        assert state() == "foreign"
        db.execute("CREATE TABLE django_migrations (app text)")
        assert state() == "foreign"
        db.execute("DROP TABLE salaries")
        demo_clock.mark(db)
        assert state() == "unfinished"  # interrupted while the tables were made


def test_ctrl_c_while_the_demo_is_prepared_ends_with_a_sentence_and_no_process(var):
    """Ctrl-C goes to everything in the terminal's foreground."""
    given = (*URLS, "BENXI_AS", "BENXI_OWN_DATABASE")
    environment = {name: value for name, value in os.environ.items() if name not in given}
    demo = subprocess.Popen(
        [sys.executable, str(standalone.ROOT / "manage.py"), "demo", "--prepare-only"],
        env={**environment, "BENXI_PYTHON_READY": "1", "BENXI_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert "正在建表" in demo.stdout.readline()
    running = descendants(demo.pid) | {server_pid(var)}
    os.killpg(demo.pid, signal.SIGINT)

    assert demo.communicate(timeout=60)[0].strip() == "已停止。再运行同一命令会接着准备。"
    assert demo.returncode == 130
    assert gone(running)
