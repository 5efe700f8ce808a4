"""Between the seal of a draw and the next backup: the archive of docs/deploy/备份与恢复.md brings back the last minute's work (P27)."""

import os
import re
import shutil
import signal
import tempfile
import time
from pathlib import Path

import psycopg
import pytest

from benxi_shuangsuiji.machine import devdb, standalone

GUIDE = (standalone.ROOT / "docs/deploy/备份与恢复.md").read_text(encoding="utf-8")


def ask(socket: str, query: str):
    address = {"host": socket, "port": 5432, "user": devdb.SUPERUSER, "dbname": devdb.DATABASE}
    with psycopg.connect(**address, autocommit=True) as line:
        found = line.execute(query)
        return found.fetchone()[0] if found.description else None


def wait_for(wanted, seconds: float = 60) -> None:
    latest = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < latest
        time.sleep(0.1)


@pytest.mark.story("O8")
@pytest.mark.promise("P27")
@pytest.mark.slow("processes")
def test_what_was_sealed_after_the_base_comes_back_from_the_archive(request):
    """The guide's own lines, with its folder in another place; the server is killed, its data are gone."""
    var = Path(tempfile.mkdtemp(prefix="benxi-wal-", dir="/tmp"))  # where the account of the server may go
    request.addfinalizer(lambda: shutil.rmtree(var, ignore_errors=True))
    var.chmod(0o755)
    wal = var / "wal"
    wal.mkdir()
    wal.chmod(0o777)  # whoever the server runs as
    settings = dict(re.findall(r"^(archive_\w+) = (.+)$", GUIDE, re.M))
    assert settings.keys() == {"archive_mode", "archive_timeout", "archive_command"}
    restoring = re.search(r"`restore_command = ('.+?')`", GUIDE)[1].replace("/wal/", f"{wal}/")
    socket = devdb.start(var)
    try:
        for name, value in settings.items():
            ask(socket, f"ALTER SYSTEM SET {name} = {value.replace('/wal/', f'{wal}/')}")
        devdb.leave(var)
        socket = devdb.start(var)
        server = devdb._servers[(var / "pg").resolve()]
        base = re.search(r"`pg_basebackup -D /wal/base-日期 (.+?)`", GUIDE)[1].split()
        server._run("pg_basebackup", "-D", wal / "base", *base, "-h", socket, "-p", "5432", "-U", devdb.SUPERUSER)
        ask(socket, "CREATE TABLE sealed AS SELECT 'of today' AS secret")
        was = ask(socket, "SELECT pg_walfile_name(pg_switch_wal())")
        wait_for(lambda: (wal / was).exists())
        os.kill(int((server.data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGKILL)
        wait_for(lambda: not server._accepts())

        owner = server.data.stat()
        shutil.rmtree(server.data)
        shutil.copytree(wal / "base", server.data)
        with open(server.data / "postgresql.auto.conf", "a") as lines:
            lines.write(f"restore_command = {restoring}\n")
        (server.data / "recovery.signal").touch()
        for path in [server.data, *server.data.rglob("*")]:
            os.chown(path, owner.st_uid, owner.st_gid)
        server.data.chmod(0o700)
        server._launch()
        wait_for(lambda: not ask(socket, "SELECT pg_is_in_recovery()"))
        assert ask(socket, "SELECT secret FROM sealed") == "of today"
        # The server archives the first files of its new timeline meanwhile.
        wait_for(lambda: not list(wal.glob(".new-*")))
    finally:
        devdb.leave(var)
