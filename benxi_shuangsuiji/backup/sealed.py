"""What lies in a folder of backups, all of it encrypted in the format of age, which other programs open as well.

`benxi-<day>-<time>/database.dump.age` and `facts.json.age`: one backup, in its place only when it is whole.
`files/ab/<sha256>.age`: stored files, for all backups together, each written once.
The server knows the public key alone: who takes the folder, or the server, opens nothing with it.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pyrage
from django.conf import settings

from benxi_shuangsuiji.refusal import Refused

FACTS, DUMP, FILES = "facts.json.age", "database.dump.age", "files"
NO_RECIPIENT = (
    "没有写备份的公钥。用 manage.py backup_key 文件 生成一对，把印出的公钥写进 .env 的 BACKUP_RECIPIENTS，"
    "私钥的文件拿到别处保管。"
)


def recipients() -> list[pyrage.x25519.Recipient]:
    if not settings.BACKUP_RECIPIENTS:
        raise Refused(NO_RECIPIENT)
    found = []
    for words in settings.BACKUP_RECIPIENTS:
        try:
            found.append(pyrage.x25519.Recipient.from_str(words.strip()))
        except pyrage.RecipientError as fault:
            raise Refused(f"BACKUP_RECIPIENTS 里的“{words[:12]}…”不是备份的公钥，公钥以 age1 开头。") from fault
    return found


class WrongKey(Refused):
    """What lies there may be whole: none of the private keys that were given opens it."""


def identities(file: Path) -> list[pyrage.x25519.Identity]:
    """Every private key of a file. Stored files are written once, for the key of then: after a second one both are needed."""
    try:
        lines = file.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as fault:
        raise Refused(f"私钥的文件 {file} 读不出来。") from fault
    found = []
    for word in lines:
        with suppress(pyrage.IdentityError):
            found.append(pyrage.x25519.Identity.from_str(word))
    if not found:
        raise Refused(f"{file} 里没有备份的私钥，私钥以 AGE-SECRET-KEY-1 开头。")
    return found


def write(path: Path, source: BinaryIO, to: list) -> None:
    """Encrypt everything that `source` gives; the file is there whole or not at all, and stays when the power goes."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as out:
            pyrage.encrypt_io(source, out, to)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


class Sink:
    """Takes what is decrypted: counts it and, if asked, hands it on."""

    def __init__(self, hand_on: Callable[[bytes], object] | None = None) -> None:
        self.digest = hashlib.sha256()
        self.hand_on = hand_on

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        if self.hand_on:
            self.hand_on(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""


def open_into(path: Path, keys: list[pyrage.x25519.Identity], sink: Sink) -> None:
    """Decrypt a file into `sink`. age notices every byte that was changed or is missing."""
    try:
        with open(path, "rb") as source:
            pyrage.decrypt_io(source, sink, keys)
    except FileNotFoundError as fault:
        raise Refused(f"备份里没有 {path.name}。") from fault
    except pyrage.DecryptError as fault:
        if "No matching keys" in str(fault):
            raise WrongKey(
                f"私钥打不开这份备份的 {path.name}。找当时写在 BACKUP_RECIPIENTS 里的那把公钥的私钥；"
                "换过的，新旧几把写进同一个文件，一行一把。"
            ) from fault
        raise Refused(f"备份的 {path.name} 不完整，或者被改动过。换另一份备份。") from fault
    except BrokenPipeError:  # of who takes it, who says himself why
        raise
    except OSError as fault:
        if fault.errno is None:  # age's own, of a block that is not as it was
            raise Refused(f"备份的 {path.name} 不完整，或者被改动过。换另一份备份。") from fault
        raise Refused(f"备份的 {path.name} 读不出来：{fault.strerror or fault}。") from fault


def file_of(folder: Path, digest: str) -> Path:
    return folder / FILES / digest[:2] / f"{digest}.age"
