"""A database and its files out of a backup, compared with what the backup says of them, everything computed anew.

No login may do anything with the new database before all of this is over: the rights come last, so that a restore that
was broken off, or whose proof fails, leaves nothing that works.
"""

import io
import json
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyrage
from django.core.management import call_command
from django.db import connection, transaction
from django.utils.module_loading import import_string

from benxi_shuangsuiji import sealing, subjects
from benxi_shuangsuiji.accounts.models import RecoveryCode
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.database import rights
from benxi_shuangsuiji.database.rules import listed
from benxi_shuangsuiji.documents import vault
from benxi_shuangsuiji.management.commands.migrate import unknown_here
from benxi_shuangsuiji.refusal import Refused, refuse_if

from . import contents, rotation, sealed, tools

# Entries that waited for their link bear transaction numbers of the old server, which mean nothing on this one (finding 9):
# those transactions are over, so all of them are linked now, in their order.
SEAL_ALL = """
DO $$
DECLARE entry audit_auditentry; last audit_auditlink;
BEGIN
    FOR entry IN SELECT e.* FROM audit_auditentry e WHERE NOT EXISTS (SELECT FROM audit_auditlink l WHERE l.entry_id = e.id)
                 ORDER BY e.xid, e.id LOOP
        SELECT * INTO last FROM audit_auditlink ORDER BY seq DESC LIMIT 1;
        INSERT INTO audit_auditlink (seq, entry_id, prev, link)
        VALUES (coalesce(last.seq, 0) + 1, entry.id, coalesce(last.link, repeat('0', 64)),
                audit_hash(coalesce(last.link, repeat('0', 64)), entry));
    END LOOP;
END $$
"""
# A document of a draw takes companions in its own transaction alone. None of this server's may be taken for it.
NO_TRANSACTION = """
ALTER TABLE plans_drawdocument DISABLE TRIGGER sealed_rows;
UPDATE plans_drawdocument SET born = 0;
ALTER TABLE plans_drawdocument ENABLE ALWAYS TRIGGER sealed_rows
"""
# Whoever was signed in then, or stole a sign-in that was ended since, signs in anew.
NOBODY_SIGNED_IN = "DELETE FROM django_session"


def restore(
    backup: Path,
    key_file: Path,
    say: Callable[[str], object],
    *,
    data_key_lost: bool = False,
    files_lost: bool = False,
    rules_changed: bool = False,
) -> list[tuple[str, str]]:
    """Into the empty database of the owner's connection. Answers what every room computed, and what is wrong: then nobody
    has been given a right.
    """
    keys = sealed.identities(key_file)
    facts = read_facts(backup, keys)
    refuse_if(why_not_restore(facts, data_key_lost=data_key_lost, rules_changed=rules_changed))
    say("备份完整，正在核对……")
    whole = sealed.Sink()
    sealed.open_into(backup / sealed.DUMP, keys, whole)
    damaged = _damaged(backup.parent, facts, keys)
    if damaged and not files_lost:
        raise Refused(
            f"备份里有 {len(damaged)} 个文件缺少或者损坏：{listed(damaged)}。"
            "先找别处的备份补进 files 目录；确实没有的，加 --without-lost-files 恢复其余的，缺的由夜间核对列出。"
        )
    say(f"正在恢复数据库，{len(facts['tables'])} 张表……")
    _load(backup / sealed.DUMP, keys)
    refuse_if(_why_not_same(facts))
    say(f"数据库与备份逐表一致。正在恢复 {len(facts['files']) - len(damaged)} 个文件……")
    for digest in facts["files"]:
        if digest not in damaged:
            _bring_back(backup.parent, digest, keys)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(SEAL_ALL)
        cursor.execute(NO_TRANSACTION)
        cursor.execute(NOBODY_SIGNED_IN)
    laid = io.StringIO()
    quiet = {"verbosity": 0, "interactive": False, "stdout": laid}
    call_command("migrate", restore_rules=True, without_rights=True, **quiet)
    if taken_away := laid.getvalue().strip():
        say(taken_away)
    if data_key_lost:
        _forget_what_no_key_opens()
    trail.record("backup.restored", by=None, name=facts["name"], files_lost=len(damaged), rules=taken_away)
    proved = prove()
    if not any(problem for _, problem in proved):
        with transaction.atomic(), connection.cursor() as cursor:
            rights.apply(cursor)
    return proved


def prove() -> list[tuple[str, str]]:
    """What each room computes anew, and what is wrong ("")."""
    return [import_string(room.proves)() for room in subjects.house().subjects if room.proves]


@transaction.atomic
def _forget_what_no_key_opens() -> None:
    """Authenticators are set up anew at the next sign-in, applicants stand as forgotten. A sealed number that was lost is kept
    as it is: its draw is called off. The start takes that from the trail (E015).
    """
    forgotten, left = rotation.forget_lost()
    RecoveryCode.objects.filter(user__authenticator=None).delete()
    trail.record("backup.data_key_lost", by=None, forgotten=forgotten, lost=left, key=sealing.fingerprint())


def read_facts(backup: Path, keys: list[pyrage.x25519.Identity]) -> dict:
    if not (backup / sealed.FACTS).is_file():
        raise Refused(f"{backup} 不是一份完整的备份：没有 {sealed.FACTS}。备份的目录名以 benxi- 开头。")
    found: list[bytes] = []
    sealed.open_into(backup / sealed.FACTS, keys, sealed.Sink(found.append))
    return json.loads(b"".join(found))


def why_not_restore(facts: dict, *, data_key_lost: bool = False, rules_changed: bool = False) -> str:
    """Asked before anything is written."""
    newer = unknown_here(map(tuple, facts["migrations"]))
    if facts["format"] > contents.FORMAT or newer:
        more = f"，本版程序没有这些迁移：{listed(newer)}" if newer else ""
        return f"备份由更新的程序做成{more}。用做备份时的那一版程序恢复。"
    if facts["rules_changed"] and not rules_changed:
        return (
            f"备份的那个数据库里，{facts['rules_changed']}先查明原因，用更早的备份；"
            "没有更早的，查明以后加 --rules-changed，规则按程序文件恢复。"
        )
    if facts["data_key"] != contents.data_key() and not data_key_lost:
        return (
            "DJANGO_DATA_KEY 不是备份时的那一把：已封存的随机数、动态口令和申请人的姓名都会打不开。"
            "把原来的密钥写进 .env 再恢复；确实丢失的，加 --data-key-lost，封存而没有抽取的要作废重来。"
        )
    if (here := tools.server_version()) < facts["postgres"]:
        return f"备份来自 PostgreSQL {facts['postgres']}，这台服务器是 {here}。换同样或更新的 PostgreSQL。"
    there = contents.powers()
    if missing := [name for name in facts["logins"] if name not in there]:
        return f"数据库服务器上没有登录名 {listed(missing)}。由管理员先运行 docs/deploy/roles.sql。"
    if other := [name for name, powers in facts["logins"].items() if there[name] != powers]:
        return f"登录名 {listed(other)} 的权力与备份时不同。由管理员再运行一次 docs/deploy/roles.sql，查明是谁给的。"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
        if cursor.fetchone()[0]:
            return f"数据库 {connection.settings_dict['NAME']} 不是空的，没有恢复。另建一个空库，或者删掉它再运行 docs/deploy/roles.sql。"
    return ""


def _damaged(folder: Path, facts: dict, keys: list[pyrage.x25519.Identity]) -> list[str]:
    """Stored files that the backup should have and has not, or not as they were."""
    found = []
    for digest in sorted(set(facts["files"]) - set(facts["missing"])):
        sink = sealed.Sink()
        try:
            sealed.open_into(sealed.file_of(folder, digest), keys, sink)
        except sealed.WrongKey:  # it is there: leaving it out would lose it
            raise
        except Refused:
            found.append(digest)
            continue
        if sink.digest.hexdigest() != digest:
            found.append(digest)
    return found + facts["missing"]


def _load(dump: Path, keys: list[pyrage.x25519.Identity]) -> None:
    """All or nothing, and no right to anybody."""
    command = [tools.program("pg_restore", tools.server_version()), "--single-transaction", "--exit-on-error"]
    command += ["--no-owner", "--no-privileges", "--no-password", "-d", connection.settings_dict["NAME"]]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdin=subprocess.PIPE, stderr=said, env=tools.environment()) as load,
    ):
        try:
            sealed.open_into(dump, keys, sealed.Sink(load.stdin.write))
            load.stdin.close()
        except BrokenPipeError:
            pass  # it says itself why it ended
        except BaseException:
            load.kill()
            raise
        if load.wait():
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
            raise Refused(f"pg_restore 没有成功，数据库里什么也没有留下：{words[-300:]}")


def _why_not_same(facts: dict) -> str:
    here = contents.tables()
    wrong = [name for name in {*facts["tables"], *here} if facts["tables"].get(name) != here.get(name)]
    return f"恢复出来的表与备份时不同：{listed(wrong)}。这个库不能用，删掉它，换另一份备份。" if wrong else ""


def _bring_back(folder: Path, digest: str, keys: list[pyrage.x25519.Identity]) -> None:
    found: list[bytes] = []
    sealed.open_into(sealed.file_of(folder, digest), keys, sealed.Sink(found.append))
    with transaction.atomic():
        vault.keep(b"".join(found))
