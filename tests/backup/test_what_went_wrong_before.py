"""A key that is lost or was changed, rules that were changed, a proof that fails: each is said, and there is a way on."""

import hashlib
import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import override_settings

from benxi_shuangsuiji.accounts.models import Authenticator, RecoveryCode
from benxi_shuangsuiji.backup import checks, restoring, sealed
from benxi_shuangsuiji.refusal import Refused
from disclosure.models import Applicant
from disclosure.objections.models import FORGOTTEN, ApplicantKey, Objection
from tests import database
from tests.backup.test_backup import NEW_KEY, acting, empty_database, refused, run

pytestmark = pytest.mark.commits


def test_files_of_a_key_of_before_open_beside_those_of_the_new_one(tmp_path):
    old, new, both = tmp_path / "old", tmp_path / "new", tmp_path / "both"
    digests = []
    for key in (old, new):
        call_command("backup_key", key, stdout=io.StringIO())
        content = key.name.encode()
        digests.append(hashlib.sha256(content).hexdigest())
        to = [one.to_public() for one in sealed.identities(key)]
        sealed.write(sealed.file_of(tmp_path, digests[-1]), io.BytesIO(content), to)
    both.write_text(old.read_text() + new.read_text())
    facts = {"files": digests, "missing": []}
    assert restoring._damaged(tmp_path, facts, sealed.identities(both)) == []
    with pytest.raises(sealed.WrongKey, match="新旧几把写进同一个文件"):  # not: damaged, which would leave it out
        restoring._damaged(tmp_path, facts, sealed.identities(new))


def test_what_cannot_be_read_is_not_called_damaged(tmp_path):
    call_command("backup_key", tmp_path / "key", stdout=io.StringIO())
    keys = sealed.identities(tmp_path / "key")
    (tmp_path / "folder.age").mkdir()
    with pytest.raises(Refused, match="读不出来：Is a directory"):
        sealed.open_into(tmp_path / "folder.age", keys, sealed.Sink())
    sealed.write(tmp_path / "whole.age", io.BytesIO(b"words"), [one.to_public() for one in keys])

    def gone(data):
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        sealed.open_into(tmp_path / "whole.age", keys, sealed.Sink(gone))


def test_changed_rules_a_failed_proof_and_a_lost_data_key(filled, place, monkeypatch):
    with database.owner_connection(name=filled) as cursor:
        cursor.execute("DROP TRIGGER trail_insert ON accounts_authenticator")
        cursor.execute("CREATE VIEW everything AS SELECT * FROM plans_drawsecret")
    with pytest.raises(CommandError, match=r"备份已经做成，但是.*trail_insert 不在了"):
        run(filled, "backup", "backup", place / "backups")
    backup, key = max((place / "backups").glob("benxi-*")), place / "private"
    with empty_database(f"{filled}_b") as empty:
        refused(empty, backup, key, "加 --rules-changed")
        with monkeypatch.context() as patch, pytest.raises(CommandError, match="没有给登录名任何权力"):
            patch.setattr(restoring, "prove", lambda: [("操作记录", "第 1 条断了。")])
            run(empty, "owner", "restore", backup, key=key, rules_changed=True)
        for who in ("web", "worker"):
            with acting(empty, who), pytest.raises(Exception, match="permission denied"):
                Objection.objects.count()
    with empty_database(f"{filled}_c") as empty, override_settings(DATA_KEY=NEW_KEY):
        said = run(empty, "owner", "restore", backup, key=key, rules_changed=True, data_key_lost=True)
        assert "恢复完成" in said and "另加的已经删掉：视图 everything。" in said
        for who in ("worker", "owner"):  # the worker sees no sealed number, the owner sees those that stay shut
            with acting(empty, who):
                assert checks.data_key(None, databases=["default"]) == []
        with acting(empty, "owner"):
            assert not Authenticator.objects.exists() and not RecoveryCode.objects.exists()
            assert not ApplicantKey.objects.exists() and Applicant.objects.get().name == FORGOTTEN
            with override_settings(DATA_KEY=NEW_KEY[::-1]):  # a third key is nobody's
                assert [fault.id for fault in checks.data_key(None, databases=["default"])] == ["benxi.E015"]
    connection.close()


@pytest.mark.promise("P27")
def test_a_database_restored_unlike_its_backup_is_refused(filled, place, monkeypatch):
    """Whatever lost a row on the way, and however quietly: nobody gets a right to what came of it."""
    run(filled, "backup", "backup", place / "backups")
    backup, load = max((place / "backups").glob("benxi-*")), restoring._load

    def lossy(*args):
        load(*args)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM notices_heartbeat; DELETE FROM accounts_recoverycode")
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER; UPDATE audit_auditentry SET verb = 'x'")

    monkeypatch.setattr(restoring, "_load", lossy)
    with empty_database(f"{filled}_d") as empty:
        refused(empty, backup, place / "private", "恢复出来的表与备份时不同：audit_auditentry")
    connection.close()
