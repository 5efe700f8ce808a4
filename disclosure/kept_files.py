"""A public file is made once for each state of what is public, and kept on disk until that changes (四(3)-e, 八(二)-c).

A file stands under the state and the address that it answers, with its SHA-256 beside it. Everything of another state goes as
soon as a process knows of a new one, so that withdrawn words are handed to nobody and stay in no file that may be read. Making is taken in turns over
all processes, one table and one workbook at a time: whoever asks for many files holds up others' files, never the pages.
"""

import base64
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from time import monotonic, sleep, time
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.utils.cache import get_conditional_response

from benxi_shuangsuiji.documents.files import XLSX

from .kept import SHELF, State

MOST = 64
WAIT = 10.0  # seconds for one's turn
BUFFER = 2**20
PART, LEFT = "tmp", 3600  # what a file is called while it is made; seconds after which nobody makes it any more
AGAIN = 30  # seconds, what whoever waited in vain is told
CSV, JSONL = "text/csv; charset=utf-8", "application/jsonl; charset=utf-8"
BUSY = f"这份文件还在排队生成，{AGAIN} 秒后再下载。\n"
# A process has few hands: so many at most make files or wait for their turn.
_HANDS = BoundedSemaphore(2)


class Busy(Exception):
    """Others' files are being made."""


@dataclass(frozen=True)
class File:
    """`address`: what was asked, in one way of writing it; "" for free words, which hardly anybody asks for again: made and
    handed out, not kept."""

    name: str
    content_type: str
    write: Callable[[BinaryIO], None]
    address: str = ""


@dataclass(frozen=True)
class Made:
    content: BinaryIO
    digest: str


def answer(request, file: File) -> HttpResponse:
    """The file, with the digest of its content: the same whether a proxy packs it on its way or not."""
    try:
        made = make(file)
    except Busy:
        headers = {"Retry-After": str(AGAIN)}
        return HttpResponse(BUSY, status=503, content_type="text/plain; charset=utf-8", headers=headers)
    response = FileResponse(made.content, content_type=file.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response["Unencoded-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(made.digest)).decode()}:"
    response["ETag"] = etag = f'"{made.digest[:32]}"'
    answered = get_conditional_response(request, etag=etag, response=response)
    if answered is not response:
        made.content.close()  # not the answer: that would tell Django that the request has ended
    return answered


def make(file: File) -> Made:
    """The file of this state, made unless it stands."""
    state = SHELF.now() if settings.PUBLIC_PAGES_MIB else None
    root = Path(settings.PUBLIC_FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if not state or not file.address:
        with _turn(root, file), tempfile.TemporaryFile(dir=root, buffering=BUFFER) as new:
            file.write(new)
            digest = _digest(new)
            return Made(os.fdopen(os.dup(new.fileno()), "rb"), digest)
    place = root / state.key / hashlib.sha256(file.address.encode()).hexdigest()[:32]
    if (made := _standing(place)) is None:
        with _turn(root, file):
            if (made := _standing(place)) is None:
                made = _put(file, root, place)
                _keep_to_the_most(place.parent)
    return made


def sums() -> set[str]:
    """A line of each file that stands, as sha256sum writes it, the address in place of the name."""
    if not settings.PUBLIC_PAGES_MIB:
        return set()
    folder = Path(settings.PUBLIC_FILES_ROOT) / SHELF.now().key
    return {path.read_text() for path in folder.glob("*.sum") if path.with_suffix("").exists()}


def line(digest: str, address: str) -> str:
    return f"{digest}  {address.lstrip('/')}\n"


def _digest(content: BinaryIO) -> str:
    content.flush()
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    content.seek(0)
    return digest


def _standing(place: Path) -> Made | None:
    """The digest is written first: where the file stands, so does its digest."""
    try:
        content = open(place, "rb")  # noqa: SIM115 (closed with the answer)
        os.utime(place)
        return Made(content, place.with_suffix(".sum").read_text()[:64])
    except FileNotFoundError:
        return None


def _put(file: File, root: Path, place: Path) -> Made:
    _sweep(root)
    with tempfile.NamedTemporaryFile(dir=root, prefix=PART, delete=False, buffering=BUFFER) as new:
        try:
            file.write(new)
            digest = _digest(new)
            place.parent.mkdir(exist_ok=True)
            place.with_suffix(".sum").write_text(line(digest, file.address))
            os.replace(new.name, place)
        except BaseException:
            Path(new.name).unlink(missing_ok=True)
            raise
        return Made(os.fdopen(os.dup(new.fileno()), "rb"), digest)


def _sweep(root: Path) -> None:
    """What a process has left that was killed while it made a file."""
    for path in root.glob(f"{PART}*"):
        with suppress(FileNotFoundError):  # another process is as tidy
            if path.is_file() and path.stat().st_mtime < time() - LEFT:
                path.unlink()


def _keep_to_the_most(folder: Path) -> None:
    """The longest unread go first."""
    files = sorted((p for p in folder.iterdir() if not p.suffix), key=lambda p: p.stat().st_mtime)
    for path in files[: max(0, len(files) - MOST)]:
        path.unlink(missing_ok=True)
        path.with_suffix(".sum").unlink(missing_ok=True)


@contextmanager
def _turn(root: Path, file: File) -> Iterator[None]:
    """One at a time over all processes: of workbooks, which take long, and of all others."""
    if not _HANDS.acquire(blocking=False):
        raise Busy
    try:
        with open(root / (".workbooks" if file.content_type == XLSX else ".tables"), "w") as lock:
            until = monotonic() + WAIT
            while True:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if monotonic() > until:
                        raise Busy from None
                    sleep(0.05)
            yield
    finally:
        _HANDS.release()


def _forget_others(state: State) -> None:
    root = Path(settings.PUBLIC_FILES_ROOT)
    if root.is_dir():
        _sweep(root)
        for folder in root.iterdir():
            if folder.is_dir() and folder.name != state.key:
                shutil.rmtree(folder, ignore_errors=True)


SHELF.on_change.append(_forget_others)
