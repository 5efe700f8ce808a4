"""Keeping files under their SHA-256, outside the web root, and handing them out (reliability.md P20, U01, U10)."""

import hashlib
import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.refusal import Refused

from . import vault
from .models import StoredFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RESTORE = "由系统管理员从备份恢复，办法见文件核对页面。"
_NOT_IN_A_NAME = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')


class Damaged(Refused):
    """A stored file is gone, or is no longer what was stored. It is handed to nobody; the night tells who can restore it."""


@transaction.atomic
def store(*, name: str, content: bytes, content_type: str, by=None) -> StoredFile:
    """Store the bytes once under their digest, and a row that says who brought them under which name."""
    return StoredFile.objects.create(
        sha256=vault.keep(content),
        name=clean_name(name),
        size=len(content),
        content_type=content_type,
        uploaded_by=by,
        stored_at=clock.now(),
    )


def read(file: StoredFile) -> bytes:
    """Return the stored bytes, after comparing them with the digest in the sealed row."""
    content = vault.read(file.sha256)
    if content is None:
        raise Damaged(f"文件“{file.name}”不在存储中，打不开。{RESTORE}指纹 {file.sha256}。")
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Damaged(f"文件“{file.name}”的内容与存入时不同，没有打开。{RESTORE}指纹 {file.sha256}。")
    return content


def download(file: StoredFile) -> HttpResponse:
    """Hand a stored file out. The caller has checked that this person may have it."""
    return attachment(read(file), name=file.name, content_type=file.content_type)


def attachment(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """A download that no browser shows inside our pages."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(clean_name(name))}"
    response["Content-Length"] = len(content)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def piece(file: StoredFile, asked: str) -> HttpResponse:
    """A stored file, or the one stretch of it that a browser asks for while it plays (RFC 9110 14.2)."""
    content = read(file)
    span = re.fullmatch(r"bytes=(\d{1,12})-(\d{0,12})", asked)
    answer = attachment(content, name=file.name, content_type=file.content_type)
    answer["Accept-Ranges"] = "bytes"
    if span is None:
        return answer
    first, last = int(span[1]), min(int(span[2] or len(content) - 1), len(content) - 1)
    if first > last:
        answer.status_code, answer.content = 416, b""
        answer["Content-Range"] = f"bytes */{len(content)}"
    else:
        answer.status_code, answer.content = 206, content[first : last + 1]
        answer["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
    answer["Content-Length"] = len(answer.content)
    return answer


def clean_name(name: str) -> str:
    """A file name safe to show and to save: no path, no control or direction marks, at most 120 characters."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "ignore").decode())
    name = re.split(r"[/\\]", name)[-1]
    name = _NOT_IN_A_NAME.sub("", name).strip(" .")
    if len(name) > 120:
        stem, dot, ending = name.rpartition(".")
        name = (stem[: 119 - len(ending)] + dot + ending) if dot and len(ending) < 10 else name[:120]
    return name or "未命名"


def path_of(digest: str) -> Path:
    """Where the bytes lie, when the storage is a directory."""
    return Path(vault.storage().path(vault.name_of(digest)))
