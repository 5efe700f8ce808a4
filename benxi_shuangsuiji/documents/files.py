"""Files under their SHA-256, outside the web root; handed out only as attachments (reliability.md P20)."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from benxi_shuangsuiji import clock

from .models import StoredFile


class Damaged(Exception):
    """The stored bytes are no longer what they were."""


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def store(*, name: str, content: bytes, content_type: str, by=None) -> StoredFile:
    """Keep the bytes and return their row. The same content is stored once on disk, however often it is handed in."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.replace(part, target)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    return StoredFile.objects.create(
        sha256=sha256,
        name=Path(name.replace("\\", "/")).name[:200] or "文件",
        size=len(content),
        content_type=content_type,
        uploaded_by=by,
        stored_at=clock.now(),
    )


def read(file: StoredFile) -> bytes:
    """Return the bytes, after comparing them with their digest."""
    content = path_of(file.sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Damaged(f"文件 {file.pk}（{file.name}）的内容与存入时不同。")
    return content


def download(file: StoredFile) -> HttpResponse:
    return attachment(read(file), name=file.name, content_type=file.content_type)


def attachment(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """An answer that a browser saves and never shows or runs."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox"
    return response
