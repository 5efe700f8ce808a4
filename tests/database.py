"""Plugin, loaded before Django's settings: gives the run a database server and a template that the owner migrated.

Each pytest worker works on a copy of the template as the runtime login (decisions.md 10); a test that must commit
gets a copy of its own (`own_database`). With DATABASE_URL and DATABASE_OWNER_URL set, that server is used.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
CHINA = ZoneInfo("Asia/Shanghai")
# Monday morning in the third quarter of 2026; every test begins here, whatever day it runs on.
START = datetime(2026, 7, 6, 10, 0, tzinfo=CHINA)


def with_name(url: str, name: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/" + name))


def prepare() -> None:
    """Start the server (or use the one given), migrate a template as the owner, and tell the workers."""
    if not os.environ.get("DATABASE_URL"):
        from benxi_shuangsuiji import devdb, standalone

        folder = Path(tempfile.mkdtemp(prefix="benxi-test-"))
        folder.chmod(0o755)
        socket = devdb.start(folder, volatile=True)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = devdb.urls(socket)
        standalone.keep_secrets()
    owner = os.environ["DATABASE_OWNER_URL"]
    template = f"benxi_test_{os.getpid()}"
    os.environ["BENXI_TEST_TEMPLATE"] = template
    with owner_connection(owner) as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{template}"')
        cursor.execute(f'CREATE DATABASE "{template}"')
    made = subprocess.run(
        [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), "migrate", "-v", "0"],
        env={
            **os.environ,
            "BENXI_AS": "owner",
            "BENXI_PYTHON_READY": "1",
            "DATABASE_URL": with_name(os.environ["DATABASE_URL"], template),
            "DATABASE_OWNER_URL": with_name(owner, template),
        },
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    if made.returncode:
        sys.exit(f"migrate failed:\n{made.stdout}\n{made.stderr}")
    from benxi_shuangsuiji import demo_clock

    with owner_connection(with_name(owner, template)) as cursor:
        demo_clock.install(cursor)
        demo_clock.set_to(cursor, START, running=False)


@contextmanager
def owner_connection(url: str | None = None, name: str | None = None):
    import psycopg

    url = url or os.environ["DATABASE_OWNER_URL"]
    if name:
        url = with_name(url, name)
    with psycopg.connect(url.replace("postgres://", "postgresql://", 1), autocommit=True) as connection:
        yield connection.cursor()


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
        with owner_connection() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


if "BENXI_TEST_TEMPLATE" not in os.environ and "no:django" not in sys.argv:
    prepare()
