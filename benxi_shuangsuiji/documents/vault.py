"""The one storage of files: bytes under their SHA-256, written once, never changed (四(3)-b, reliability.md P20).

Where they lie is the storage "evidence" of Django's settings: a directory, or an object storage (`bucket`). The bytes
are on the disk before their row is committed; a process that dies between leaves bytes without a row, which the nightly
round takes away (`looking`), never a row without bytes. A storage that cannot be reached is no storage without the file:
`NotNow`, and nothing is concluded from it.
"""

import errno
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection

from benxi_shuangsuiji.refusal import NotNow

FULL = "存储空间不足，文件没有保存。联系系统管理员，清理后再上传。"
AWAY = "文件存储现在连不上，没有存取。过几分钟再试；仍不行时联系系统管理员。"
IS_DIGEST = re.compile(r"[0-9a-f]{64}")
CHUNK = 1024 * 1024
log = logging.getLogger(__name__)


class Directory(FileSystemStorage):
    """A directory in which a file appears whole or not at all, and stays when the power goes."""

    troubles = (OSError,)

    @property
    def base_location(self):
        return settings.EVIDENCE_ROOT or str(Path(settings.MEDIA_ROOT) / "files")

    @property
    def location(self):
        return os.path.abspath(self.base_location)

    def get_available_name(self, name, max_length=None):
        return name  # the same digest is the same content

    def _save(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as out:
                for chunk in content.chunks():
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            os.replace(temporary, path)
            _sync_directory(path.parent)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        return name

    def everything(self) -> Iterator[tuple[str, datetime]]:
        try:
            folders = sorted(self.listdir("")[0])
        except FileNotFoundError:
            return
        for folder in folders:
            for file in sorted(self.listdir(folder)[1]):
                name = f"{folder}/{file}"
                try:
                    yield name, self.get_modified_time(name)
                except FileNotFoundError:
                    continue  # finished or taken away meanwhile


def _sync_directory(path: Path) -> None:
    """The name too must be on the disk; Windows opens no directory, and keeps it in its journal."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def storage() -> Storage:
    return storages["evidence"]


@contextmanager
def _reached() -> Iterator[Storage]:
    """The storage, whose troubles are said in a sentence; that a file is not there is none of them."""
    stores = storage()
    try:
        yield stores
    except FileNotFoundError:
        raise
    except stores.troubles as trouble:
        full = isinstance(trouble, OSError) and trouble.errno in (errno.ENOSPC, errno.EDQUOT)
        log.warning("storage: %s", trouble)
        raise NotNow(FULL if full else AWAY) from trouble


def name_of(digest: str) -> str:
    return f"{digest[:2]}/{digest}"


def keep(content: bytes) -> str:
    """Have these bytes stored, once, and return their digest. What lies there damaged under it is put right.

    Inside a transaction, which then holds the digest against the round that takes away what has no row.
    """
    digest = hashlib.sha256(content).hexdigest()
    hold(digest, shared=True)
    name = name_of(digest)
    with _reached() as stores:
        if stores.exists(name):
            if digest_in(name) == digest:
                return digest
            stores.delete(name)
        written = stores.save(name, ContentFile(content))
        if written != name:  # somebody else stored the same bytes at the same moment
            stores.delete(written)
    return digest


def read(digest: str) -> bytes | None:
    """The bytes as they lie there now, right or wrong; None when there are none."""
    try:
        with _reached() as stores, stores.open(name_of(digest)) as file:
            return file.read()
    except FileNotFoundError:
        return None


def digest_in(name: str) -> str | None:
    """What the bytes under a name come to; None when there are none."""
    found = hashlib.sha256()
    try:
        with _reached() as stores, stores.open(name) as file:
            for chunk in file.chunks(CHUNK):
                found.update(chunk)
    except FileNotFoundError:
        return None
    return found.hexdigest()


def everything() -> Iterator[tuple[str, datetime]]:
    """Every name in the storage and when it was written, also of what was never finished."""
    with _reached() as stores:
        yield from stores.everything()


def take_away(name: str) -> None:
    with _reached() as stores:
        stores.delete(name)


def hold(digest: str, *, shared: bool = False) -> None:
    """Hold a digest until the transaction ends: many may store it at once, one may take it away."""
    kind = "_shared" if shared else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT pg_advisory_xact_lock{kind}(%s)", [int.from_bytes(bytes.fromhex(digest[:16]), "big", signed=True)]
        )
