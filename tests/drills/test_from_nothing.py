"""An empty database that gets its tables at once is the one that every migration has built step by step (decision 0105)."""

import os
import re
import subprocess
import sys
from difflib import unified_diff

import psycopg
import pytest

from benxi_shuangsuiji.machine import devdb, standalone
from tests.drills.clusters import open_folder

pytestmark = pytest.mark.slow("drills")
STEPS = """
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
"""
# Numbered as they come: Django gives these rows their ids in an order of its own.
BY_CHANCE = re.compile(r"INSERT INTO public\.(auth_permission|django_content_type|django_migrations) \(id, ")


def run(socket, name, *words, given=None):
    env = {**os.environ, **devdb.urls(socket, name), "BENXI_AS": "owner", "BENXI_PYTHON_READY": "1"}
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=standalone.ROOT,
        env=env,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]


def dumped(server, name):
    """The database as a file, and apart from it those rows that have their number by chance."""
    options = ["-h", server.socket, "-p", "5432", "-U", devdb.SUPERUSER, "--column-inserts", "--restrict-key=x", name]
    command = list(map(str, (server.programs / "pg_dump", *options)))
    lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    rows = sorted(line for line in lines if line.startswith("INSERT "))
    return (
        [line for line in lines if not line.startswith(("INSERT ", "-- Data for Name"))],
        [row for row in rows if not BY_CHANCE.match(row)],
    )


def differs(one, other):
    return [] if one == other else list(unified_diff(one, other, n=0, lineterm=""))[:40]


def known(socket, name):
    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname=name) as line:
        return (
            line.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2").fetchall(),
            line.execute(
                "SELECT app_label, model, codename FROM auth_permission p"
                " RIGHT JOIN django_content_type t ON t.id = p.content_type_id ORDER BY 1, 2, 3"
            ).fetchall(),
        )


@pytest.fixture
def server():
    with open_folder() as folder:
        devdb.start(folder, volatile=True)
        try:
            yield devdb._servers[(folder / "pg").resolve()]
        finally:
            devdb.leave(folder)


def test_tables_made_at_once_are_those_that_the_steps_make(server):
    socket = str(server.socket)
    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname="postgres", autocommit=True) as line:
        for name in ("once", "steps"):
            line.execute(f"CREATE DATABASE {name} OWNER sj_owner")
    run(socket, "once", "migrate", "-v", "0")
    run(socket, "steps", "shell", "-v", "0", given=STEPS)
    run(socket, "steps", "migrate", "-v", "0")

    once, steps = dumped(server, "once"), dumped(server, "steps")
    assert differs(once[0], steps[0]) == []
    assert differs(once[1], steps[1]) == []
    assert len(once[1]) > 20  # what every system begins with: levels, days of drawing, the city, the rules
    assert known(socket, "once") == known(socket, "steps")
