"""Public pages read from a server that follows: older at most, never of two states at once, and never in the way (decision 0069)."""

import os
import shutil
import signal
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import Client

from benxi_shuangsuiji.database import logins, reading
from benxi_shuangsuiji.health import questions
from benxi_shuangsuiji.machine import devdb
from disclosure import kept
from tests import database
from tests.disclosure.factories import make_published_result
from tests.factories import make_unit

pytestmark = [pytest.mark.slow("processes"), pytest.mark.commits]


class Follower(devdb.Server):
    """A second server, made from the first one as docs/deploy/副本.md says, which goes on with what the first one writes."""

    def __init__(self, base: Path, of: str):
        super().__init__(base, volatile=True)
        self.of = of

    def _create(self) -> None:
        self._make_private(self.data)
        first = ["-h", self.of, "-p", "5432", "-U", devdb.SUPERUSER]
        assert self._run("pg_basebackup", *first, "-D", self.data, "-R", "-X", "stream", "-c", "fast") == 0
        (self.data / ".s.PGSQL.5432.lock").unlink(missing_ok=True)  # the first one keeps its socket there

    def _provide_logins(self) -> None:
        """They came with the rest."""

    def ask(self, query: str, name: str = "postgres"):
        with psycopg.connect(
            host=str(self.socket), port=5432, user=devdb.SUPERUSER, dbname=name, autocommit=True
        ) as db:
            answer = db.execute(query)
            return answer.fetchone()[0] if answer.description else None

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop", check=False)


@pytest.fixture
def follower(own_database, tmp_path, settings, monkeypatch):
    socket = Path(connections["public"].settings_dict["OPTIONS"].get("host", "elsewhere"))
    if not socket.is_absolute() or not (socket / "PG_VERSION").exists():
        pytest.skip("这里的数据库服务器不是自带的，另一台做不成")
    folder = Path(tempfile.mkdtemp(prefix="benxi-replica-"))
    folder.chmod(0o755)  # the servers' account goes through it
    follower = Follower(folder / "pg", str(socket))
    follower.start()
    follower.name = own_database
    url = f"postgres://{logins.PUBLIC}@/{own_database}?host={follower.socket}&port=5432"
    monkeypatch.setenv(logins.REPLICA_URL, url)
    from environ import Env

    connections.settings["replica"] = {**connections.settings["public"], **logins.databases(Env(), "")["replica"]}
    settings.PUBLIC_PAGES_MIB, settings.PUBLIC_FILES_ROOT = 32, tmp_path / "public"
    for module in (kept, reading):
        monkeypatch.setattr(module, "ASK_AGAIN", 0)
    monkeypatch.setattr(reading, "REST", 0)
    kept.SHELF.clear()
    reading.SOURCE.forget()
    try:
        yield follower
    finally:
        connections["replica"].close()
        del connections["replica"], connections.settings["replica"]
        kept.SHELF.clear()
        reading.SOURCE.forget()
        follower.leave()
        shutil.rmtree(folder, ignore_errors=True)


def caught_up(follower: Follower) -> None:
    with database.owner_connection() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()")
        written = cursor.fetchone()[0]
    latest = time.monotonic() + 60
    while not follower.ask(f"SELECT pg_last_wal_replay_lsn() >= '{written}'"):
        assert time.monotonic() < latest
        time.sleep(0.05)


def shown(*results) -> tuple[set[str], str]:
    """Which of these the public pages show, every page the same, and from which server."""
    client, said = Client(), []
    for _ in range(2):  # made, and kept
        lists = [client.get(path) for path in ("/results/", "/results/export.csv", "/data/results.json", "/feed/")]
        assert {answer.status_code for answer in lists} == {200}
        texts = [answer.getvalue().decode() for answer in lists]
        said += [{r.no for r in results if r.no in text} for text in texts]
        said.append({r.no for r in results if client.get(f"/results/{r.no}/").status_code == 200})
    assert all(one == said[0] for one in said), said
    return said[0], kept.SHELF.now().source


@contextmanager
def first_away():
    """The first server answers everybody no more."""
    connections["public"].close()
    options = connections["public"].settings_dict["OPTIONS"]
    place, options["host"] = options["host"], "/nonexistent"
    try:
        yield
    finally:
        options["host"] = place


def test_public_pages_follow_a_replica_through_lag_loss_and_promotion(follower, monkeypatch):
    unit = make_unit()
    one = make_published_result(unit)
    caught_up(follower)
    assert shown(one) == ({one.no}, "replica")
    assert questions.replica().ok

    # It refuses to write, whoever asks, also who takes the limit of the login away.
    for login in (logins.PUBLIC, logins.OWNER, devdb.SUPERUSER):
        with psycopg.connect(host=str(follower.socket), port=5432, user=login, dbname=follower.name) as line:
            with pytest.raises(psycopg.Error) as refused:
                line.execute("SET default_transaction_read_only = off").connection.commit()
                line.execute("DELETE FROM disclosure_publication")
            assert refused.value.sqlstate in ("25006", "0A000"), login

    # It lags: the older state, on every page, also beside what was kept of the newer one.
    follower.ask("SELECT pg_wal_replay_pause()")
    two = make_published_result(unit)
    assert shown(one, two) == ({one.no}, "replica")
    monkeypatch.setattr(reading, "MOST_LAG", 0)  # for too long
    assert shown(one, two) == ({one.no, two.no}, "public")
    assert questions.replica().ok is False
    monkeypatch.setattr(reading, "MOST_LAG", 3600)
    assert shown(one, two) == ({one.no}, "replica")
    with first_away():
        monkeypatch.setattr(reading, "MOST_LAG", 0)
        assert shown(one, two) == ({one.no}, "replica")  # better than nothing
    monkeypatch.setattr(reading, "MOST_LAG", 20)
    follower.ask("SELECT pg_wal_replay_resume()")
    caught_up(follower)
    assert shown(one, two) == ({one.no, two.no}, "replica")

    # Its line is half open: it is connected, and has shown all that it received.
    monkeypatch.setattr(reading, "MOST_LAG", 1)
    receiver = follower.ask("SELECT pid FROM pg_stat_wal_receiver")
    os.kill(receiver, signal.SIGSTOP)
    try:
        three = make_published_result(unit)
        reading.SOURCE.alias()
        time.sleep(1.1)
        assert shown(one, two, three) == ({one.no, two.no, three.no}, "public")
        assert questions.replica().ok is False
    finally:
        os.kill(receiver, signal.SIGCONT)
    monkeypatch.setattr(reading, "MOST_LAG", 20)
    caught_up(follower)
    assert shown(one, two, three) == ({one.no, two.no, three.no}, "replica")

    # It dies while it is read: nobody sees an error.
    follower.stop()
    assert shown(one, two) == ({one.no, two.no}, "public")
    follower._launch()
    latest = time.monotonic() + 60
    while reading.SOURCE.alias() != "replica":  # it has to find the first one again
        assert time.monotonic() < latest
        time.sleep(0.1)
    assert shown(one, two) == ({one.no, two.no}, "replica")

    # It is promoted: no replica any more, and read only where the first one is away.
    assert follower.ask("SELECT pg_promote()")
    assert shown(one, two)[1] == "public"
    with first_away():
        assert shown(one, two) == ({one.no, two.no}, "replica")
    follower.ask("CREATE TABLE written ()", follower.name)
    assert follower.ask("SELECT count(*) FROM written", follower.name) == 0


def test_a_replica_that_is_always_late_is_not_read_for_longer_than_it_may_be(monkeypatch):
    """It shows each time what was written 25 s ago: no moment at which it stands still, and yet too old."""
    now, source = [1000.0], reading.Source()
    monkeypatch.setattr(reading, "monotonic", lambda: now[0])
    followed = {}
    for late in (0, 19, 25):
        source.forget()
        followed[late] = []
        for _ in range(120):
            now[0] += 1
            written = int(now[0])
            followed[late].append(source._follows(written, now[0], True, True, written - late))
    assert all(followed[0]) and not any(followed[25])
    assert not any(followed[19][:19]) and all(followed[19][19:])  # what it shows has to be known first
    now[0] += 600  # nobody asked
    assert not source._follows(int(now[0]), now[0], True, True, int(now[0]) - 19)


def test_a_replica_that_keeps_up_is_read_where_something_is_always_written(monkeypatch):
    """Between the two questions too: what is written after the first server was asked is not missed on the replica."""
    source, written = reading.Source(), 0

    def ask(alias, query):
        nonlocal written
        written += 1
        return (written,) if alias == reading.PUBLIC_ALIAS else (True, True, written)

    monkeypatch.setattr(source, "_ask", ask)
    assert [source._choice() for _ in range(3)] == [reading.REPLICA_ALIAS] * 3
