"""A backup goes to a server on which nothing stands: `roles.sql`, then `restore` (operations.md 8, 9; P27).

Its transaction numbers begin anew, far below those that the old server's entries bear.
"""

import io
import time

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.machine import devdb
from disclosure.register import signing
from tests.backup.conftest import filled, place  # noqa: F401  (fixtures)
from tests.backup.test_backup import acting, back_up, opens, run
from tests.drills.clusters import cluster

pytestmark = [pytest.mark.slow("drills"), pytest.mark.commits]
HEAD = "SELECT seq, link FROM audit_auditlink ORDER BY seq DESC LIMIT 1"


def one(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


@pytest.mark.clause("四(3)-b", "七(二)-d")
def test_a_backup_comes_back_on_a_new_server(filled, place, at, monkeypatch, tmp_path, settings):  # noqa: F811
    was, (linked, head) = opens(), one(HEAD)
    (number,) = one("SELECT pg_current_xact_id()::text::bigint")
    began = time.monotonic()
    backup = back_up(filled, place)
    taken = time.monotonic() - began
    with cluster() as new, monkeypatch.context() as there:
        for name, url in new.urls().items():
            there.setenv(name, url)
        settings.VAR_DIR = tmp_path / "var"
        settings.MEDIA_ROOT = tmp_path / "var/media"
        settings.REGISTER_HEAD = str(tmp_path / "var/head")
        new.run("psql", "-q", "-c", "CREATE ROLE sj_owner LOGIN CREATEDB", "-c", "CREATE DATABASE benxi OWNER sj_owner")
        with pytest.raises(CommandError, match="没有登录名 sj_backup、sj_draw、sj_public、sj_web、sj_worker"):
            run(devdb.DATABASE, "owner", "restore", backup, key=place / "private")
        new.lay_roles()
        new.lay_roles()  # may be run again
        with pytest.raises(CommandError, match="sj_web 的权力与备份时不同"):  # what the tests' own server gives it
            run(devdb.DATABASE, "owner", "restore", backup, key=place / "private")
        new.let_tests_change_roles()

        began = time.monotonic()
        said = run(devdb.DATABASE, "owner", "restore", backup, key=place / "private")
        took = time.monotonic() - began
        assert "数据库与备份逐表一致" in said and "恢复完成" in said

        with acting(devdb.DATABASE, "web"):
            (here,) = one("SELECT pg_current_xact_id()::text::bigint")
            assert here < number < 4_000_000_000  # of the entry that waited for its link
            assert opens() == was
            assert files.read(files.StoredFile.objects.get(name="照片.jpg")) == b"a photograph"
            before = AuditEntry.objects.get(verb="backup.restored")
            assert not AuditEntry.objects.filter(pk__lt=before.pk, link=None).exists()
            assert one(f"SELECT link FROM audit_auditlink WHERE seq = {linked}") == (
                head,
            )  # the chain of before, and on
            trail.record("audit.alarm", by=None, words="新的服务器")
        with acting(devdb.DATABASE, "worker"):
            assert trail.seal() > 0
            verdict = trail.verify()
            assert (verdict.broken_at, verdict.unsealed) == (None, 0)
            last = AuditEntry.objects.order_by("-link__seq").first()
            assert (last.verb, last.xid < 4_000_000_000) == ("audit.alarm", True)  # behind those of the old server
            assert signing.sign_newest() is None  # nobody has said yet which head is known outside
        with acting(devdb.DATABASE, "owner"):
            call_command("migrate", check_unapplied=True, stdout=io.StringIO())
    print(f"\n备份 {taken:.1f} 秒，在新的服务器上恢复 {took:.1f} 秒")  # noqa: T201
