"""Plugin, loaded before Django's settings: gives the run a database server and a template that the owner migrated.

Each pytest worker works on a copy of the template as the runtime login (decisions.md 10); a test that must commit
gets a copy of its own (`own_database`). With DATABASE_URL set, that server is used, and DATABASE_OWNER_URL for what only
the owner may; where it is not set, the one login does both, as in the running system.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from benxi_shuangsuiji.database.logins import PUBLIC, URLS, WEB, WORKER

ROOT = Path(__file__).resolve().parent.parent
CHINA = ZoneInfo("Asia/Shanghai")
# Monday morning in the third quarter of 2026; every test begins here, whatever day it runs on.
START = datetime(2026, 7, 6, 10, 0, tzinfo=CHINA)


def at_the_hour(moment: datetime) -> datetime:
    """The same day at the hour that the run asks for, such as 23:59:59 (BENXI_TEST_HOUR): of tests marked `dates` (P17)."""
    asked = os.environ.get("BENXI_TEST_HOUR")
    return datetime.combine(moment.date(), time.fromisoformat(asked), tzinfo=CHINA) if asked else moment


START = at_the_hour(START)


def with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + name))


def owner_url() -> str:
    return os.environ.get("DATABASE_OWNER_URL") or os.environ["DATABASE_URL"]


def on(name: str) -> dict[str, str]:
    """The environment of a process that works on the database of this name."""
    return {**os.environ, **{key: with_name(os.environ[key], name) for key in URLS if os.environ.get(key)}}


def own_server() -> str:
    """Start a server for this run, and return its socket folder."""
    from benxi_shuangsuiji.machine import devdb

    folder = Path(tempfile.mkdtemp(prefix="benxi-test-"))
    folder.chmod(0o755)
    # What is registered last runs first: the server must have stopped before its data go.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return devdb.start(folder, volatile=True)


def let_tests_change_roles(url: str) -> None:
    """A test that is rolled back has one connection, on which it becomes the worker, or everybody, for a while."""
    with owner_connection(url) as cursor:
        cursor.execute(f"GRANT {WORKER}, {PUBLIC} TO {WEB}")


def prepare() -> None:
    """Start the server (or use the one given), migrate a template as the owner, and tell the workers."""
    from benxi_shuangsuiji.machine import devdb, standalone

    if not os.environ.get("DATABASE_URL"):
        socket = own_server()
        os.environ.update(devdb.urls(socket))
        let_tests_change_roles(f"postgres://{devdb.SUPERUSER}@/postgres?host={socket}&port=5432")
    standalone.keep_secrets()
    owner = owner_url()
    template = f"benxi_test_{os.getpid()}"
    os.environ["BENXI_TEST_TEMPLATE"] = template
    with owner_connection(owner) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{template}"')
        cursor.execute(f'CREATE DATABASE "{template}"')
    from benxi_shuangsuiji.database import demo_clock

    with owner_connection(with_name(owner, template)) as cursor:
        demo_clock.mark(cursor)
    made = subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "migrate", "-v", "0"],
        env={**on(template), "BENXI_AS": "owner", "BENXI_PYTHON_READY": "1"},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if made.returncode:
        sys.exit(f"migrate failed:\n{made.stdout}\n{made.stderr}")
    from tests import putting

    with owner_connection(with_name(owner, template)) as cursor:
        demo_clock.set_to(cursor, START, running=False)
        cursor.execute(putting.PUT)


@contextmanager
def owner_connection(url: str | None = None, name: str | None = None):
    import psycopg

    url = url or owner_url()
    if name:
        url = with_name(url, name)
    with psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        yield connection.cursor()


_clocks = {}
moved = set()  # the databases whose clock is not where every test begins


def set_clock(name: str, moment: datetime, *, running: bool = False) -> None:
    """Move the one clock of this database. Only the owner may; his line stays open, since most tests move it twice."""
    import psycopg

    from benxi_shuangsuiji.database import demo_clock

    if name not in _clocks:
        url = with_name(owner_url(), name).replace("postgres://", "postgresql://", 1)
        _clocks[name] = psycopg.connect(url, autocommit=True)
    with _clocks[name].cursor() as cursor:
        demo_clock.set_to(cursor, moment, running=running)
    (moved.discard if moment == START and not running else moved.add)(name)


def forget_clock(name: str) -> None:
    """Close the line to a database that is going to be dropped."""
    if line := _clocks.pop(name, None):
        line.close()


@contextmanager
def copy_of_template(name: str):
    """A database of one's own, dropped afterwards."""
    template = os.environ["BENXI_TEST_TEMPLATE"]
    with owner_connection() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        # Rights on the database itself are not copied with a template.
        cursor.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{name}" FROM PUBLIC')
    try:
        yield name
    finally:
        forget_clock(name)
        with owner_connection() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


if "BENXI_TEST_TEMPLATE" not in os.environ and "no:django" not in sys.argv:
    prepare()
