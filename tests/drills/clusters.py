"""Database servers of their own for drills: made as on a new machine, safe against a crash, ended with the drill."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benxi_shuangsuiji.machine import devdb, standalone
from tests.database import let_tests_change_roles

ROLES = standalone.ROOT / "docs/deploy/roles.sql"
PASSWORDS = {f"{who}_PASSWORD": f"{who.lower()}0" for who in ("OWNER", "WEB", "WORKER", "PUBLIC", "BACKUP")}


class Empty(devdb.Server):
    """As `initdb` leaves it: logins and database come by `roles.sql`, as on a machine that follows the guide."""

    def _provide_logins(self) -> None:
        return


@dataclass
class Cluster:
    server: Empty

    @property
    def admin(self) -> str:
        return f"postgres://{devdb.SUPERUSER}@/postgres?host={self.server.socket}&port=5432"

    def urls(self) -> dict[str, str]:
        return devdb.urls(str(self.server.socket))

    def run(self, program: str, *arguments, **options) -> subprocess.CompletedProcess:
        """One of PostgreSQL's programs, as the administrator of this server."""
        where = {
            "PGHOST": str(self.server.socket),
            "PGPORT": "5432",
            "PGUSER": devdb.SUPERUSER,
            "PGDATABASE": "postgres",
        }
        command = [str(self.server.programs / program), *map(str, arguments)]
        return subprocess.run(
            command, env={**os.environ, **where, **PASSWORDS}, check=True, capture_output=True, **options
        )

    def lay_roles(self) -> None:
        self.run("psql", "-q", "-d", "postgres", "-f", "-", input=ROLES.read_bytes())

    def let_tests_change_roles(self) -> None:
        """What every server of the tests gives, and a backup of theirs says of its logins."""
        let_tests_change_roles(self.admin)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the server's own account may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="benxi-test-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def cluster() -> Iterator[Cluster]:
    with open_folder() as folder:
        server = Empty(folder / "pg", volatile=False)
        try:
            server.start()
            yield Cluster(server)
        finally:
            server.leave()
