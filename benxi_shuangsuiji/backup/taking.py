"""A backup: the database as it is at one moment, what it comes to, and every stored file that it names."""

import errno
import hashlib
import io
import json
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from benxi_shuangsuiji.documents import vault
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.refusal import Refused

from . import contents, health, sealed, tools

UNFINISHED = ".unfinished-"
HIDDEN = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
WHERE c.relkind = 'r' AND NOT has_table_privilege(c.oid, 'SELECT')
"""
NOT_ALLOWED = "数据库登录名 {} 读不了全部的表，没有备份。运行 docs/deploy/roles.sql 建好 sj_backup，在 DATABASE_BACKUP_URL 里写它的地址。"
ONLY_READS = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@dataclass(frozen=True)
class Taken:
    """`new`: files that no backup in the folder had yet. `missing`: those that the storage itself lacks.
    `rules_changed`: which rules of the database were not as they were laid ("" = all were).
    """

    place: Path
    rows: int
    files: int
    new: int
    missing: list[str]
    rules_changed: str


def take(folder: Path) -> Taken:
    """Put a backup into `folder`, beside those of before."""
    to = sealed.recipients()
    place = folder / timezone.localtime().strftime(health.NAME)
    with _spoken(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = Path(tempfile.mkdtemp(dir=folder, prefix=UNFINISHED))
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(ONLY_READS)
                cursor.execute(HIDDEN)
                if cursor.fetchone()[0]:
                    raise Refused(NOT_ALLOWED.format(connection.settings_dict["USER"]))
                cursor.execute("SELECT pg_export_snapshot()")
                _dump(part / sealed.DUMP, cursor.fetchone()[0], to)
                facts = _facts(place.name)
            new, missing = _files(folder, facts["files"], to)
            facts["missing"] = missing
            sealed.write(part / sealed.FACTS, io.BytesIO(json.dumps(facts, ensure_ascii=False).encode()), to)
            part.rename(place)  # refused where a backup of this second is there
            _on_disk(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        _take_away_unfinished(folder, place.stat().st_mtime)
    health.note(place.name)
    rows = sum(count for count, _ in facts["tables"].values())
    return Taken(place, rows, len(facts["files"]), new, missing, facts["rules_changed"])


def _facts(name: str) -> dict:
    return {
        "format": contents.FORMAT,
        "name": name,
        "postgres": tools.server_version(),
        "migrations": contents.migrations(),
        "rules_changed": contents.rules_changed(),
        "logins": contents.powers(),
        "data_key": contents.data_key(),
        "tables": contents.tables(),
        "files": sorted(set(StoredFile.objects.values_list("sha256", flat=True))),
    }


def _dump(path: Path, snapshot: str, to: list) -> None:
    """`pg_dump` of the same moment as the facts; nothing of it touches the disk unencrypted."""
    command = [
        tools.program("pg_dump", tools.server_version()),
        "-Fc",
        "-Z6",
        f"--snapshot={snapshot}",
        "--no-password",
    ]
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said, env=tools.environment()) as dump,
    ):
        try:
            sealed.write(path, dump.stdout, to)
        except BaseException:
            dump.kill()
            raise
        if dump.wait():
            said.seek(0)
            raise Refused(f"pg_dump 没有成功，没有备份：{said.read().decode(errors='replace').strip()[-300:]}")


def _files(folder: Path, digests: list[str], to: list) -> tuple[int, list[str]]:
    """Bring in what no earlier backup brought. How many, and which the storage does not have as they were."""
    new, missing = 0, []
    for digest in digests:
        path = sealed.file_of(folder, digest)
        if path.exists():
            continue
        content = vault.read(digest)
        if content is None or hashlib.sha256(content).hexdigest() != digest:
            missing.append(digest)
            continue
        sealed.write(path, io.BytesIO(content), to)
        new += 1
    return new, missing


def _take_away_unfinished(folder: Path, now: float) -> None:
    """What a backup that was killed has left; one that runs just now is younger than a day."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if now - left.stat().st_mtime > 86400:
            shutil.rmtree(left, ignore_errors=True)


def _on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _spoken(folder: Path):
    try:
        yield
    except OSError as fault:
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(f"{folder} 的空间不够，没有备份。删掉旧的备份，或者换一个目录。") from fault
        if fault.errno in (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR):
            raise Refused(f"{folder} 里已有这一秒的备份，或者它不是目录。稍后再备份一次。") from fault
        raise Refused(f"{folder} 写不进去，没有备份：{fault.strerror or fault}。") from fault
