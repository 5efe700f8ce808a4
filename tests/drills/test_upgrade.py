"""A filled `0.1.0` becomes this version: its tree out of git, its demo, then this tree's `migrate` (P27, operations.md 0).

Every row is there with every word of then, the chains hold, what was sealed opens, and the pages come.
"""

import os
import subprocess
import sys
import tarfile
import time
from io import BytesIO

import psycopg
import pytest

from benxi_shuangsuiji.database.logins import URLS
from benxi_shuangsuiji.machine import devdb, standalone
from tests.drills.clusters import open_folder

pytestmark = pytest.mark.slow("drills")
TAG, COMMIT = "0.1.0", "1589d9f7"  # a clone of the last commits, or without tags, may know only the one or neither
UNTIL = "2026-03-10"
# What an upgrade writes of itself; everything else stays as it is, word for word.
OF_ITSELF = {"django_migrations", "rules_in_force", "django_content_type", "auth_permission"}
COLUMNS = """
SELECT table_name, string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
JOIN pg_tables ON schemaname = table_schema AND tablename = table_name WHERE table_schema = 'public' GROUP BY 1
"""
ROWS = "SELECT count(*), md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM (SELECT {} FROM public.\"{}\") t"
PROVE = """
import re
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.backup import checks, restoring
from django.test import Client
trail.seal()
wrong = [problem for _, problem in restoring.prove() if problem]
wrong += [fault.msg for fault in checks.data_key(None, databases=["default"])]
site, seen, waiting = Client(headers={"host": "localhost"}), set(), ["/"]
while waiting and len(seen) < 60:
    address = waiting.pop(0)
    if address in seen:
        continue
    seen.add(address)
    answer = site.get(address)
    if answer.status_code not in (200, 302):
        wrong.append(f"{address}: {answer.status_code}")
    elif "text/html" in answer.get("Content-Type", ""):
        waiting += re.findall(r'<a[^>]* href="(/[^"#?]*/)"', answer.content.decode())
print(f"proved {len(seen)} pages {wrong}")
"""


def old_tree(folder):
    """The files of 0.1.0, or a sentence why this clone has none."""
    if not (standalone.ROOT / ".git").exists():
        pytest.skip("这里不是 git 的克隆，取不到 0.1.0 的程序。")
    for version in (f"refs/tags/{TAG}", COMMIT):
        got = subprocess.run(["git", "archive", version], cwd=standalone.ROOT, capture_output=True, check=False)
        if got.returncode == 0:
            with tarfile.open(fileobj=BytesIO(got.stdout)) as packed:
                packed.extractall(folder, filter="data")
            return folder
    pytest.skip(f"这个克隆里没有标签 {TAG}，也没有提交 {COMMIT}：历史不全，取不到 0.1.0 的程序。")


def manage(tree, var, *words, given=None, **options):
    env = {k: v for k, v in os.environ.items() if k not in URLS and not k.startswith(("BENXI", "DJANGO", "REGISTER"))}
    env |= {"BENXI_VAR": str(var), "BENXI_PYTHON_READY": "1", "PYTHONWARNINGS": "ignore", **(given or {})}
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=tree, env=env, capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


def rows(socket, columns):
    """Of each table how many rows it has and what these columns of them come to."""
    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname=devdb.DATABASE) as line:
        return {table: line.execute(ROWS.format(names, table)).fetchone() for table, names in columns.items()}


def columns_of(socket):
    with psycopg.connect(host=socket, port=5432, user=devdb.SUPERUSER, dbname=devdb.DATABASE) as line:
        return {table: names for table, names in line.execute(COLUMNS) if table not in OF_ITSELF}


@pytest.fixture
def var():
    with open_folder() as folder:
        yield folder


@pytest.mark.clause("四(3)-b")
def test_a_filled_0_1_0_becomes_this_version(tmp_path, var, monkeypatch):
    tree = old_tree(tmp_path)
    began = time.monotonic()
    said = manage(tree, var, "demo", "--prepare-only", "--on", UNTIL, timeout=1500)
    assert "演示数据已备好" in said
    filled = time.monotonic() - began

    monkeypatch.delenv("BENXI_OWN_DATABASE", raising=False)
    socket = devdb.start(var)
    try:
        columns = columns_of(socket)
        before = rows(socket, columns)
        assert sum(count for count, _ in before.values()) > 3000
        began = time.monotonic()
        manage(standalone.ROOT, var, "migrate", "-v", "0", timeout=900)
        took = time.monotonic() - began
        after = rows(socket, {table: columns[table] for table in columns_of(socket) if table in columns})
        assert {t: (before[t], after.get(t)) for t in before if before[t] != after.get(t)} == {}
        said = manage(standalone.ROOT, var, "shell", "-v", "0", given={"BENXI_AS": "owner"}, input=PROVE, timeout=900)
        assert said.strip().endswith("pages []"), said
        assert "benxi.E" not in manage(standalone.ROOT, var, "check", "--database", "default")
    finally:
        devdb.leave(var)
    count = sum(count for count, _ in before.values())
    print(f"\n0.1.0 填到 {UNTIL}：{count} 行，{filled:.0f} 秒；migrate {took:.1f} 秒，逐行不变")  # noqa: T201
