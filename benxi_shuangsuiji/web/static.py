"""Style sheets, scripts and pictures under an address that names their content: kept by the browser for a year, sent packed.

No step of installing makes them: the address is worked out from the file, and the packed form kept in the process.
"""

import gzip
import hashlib
import mimetypes
import re
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpResponse
from django.utils.cache import get_conditional_response
from whitenoise.middleware import WhiteNoiseMiddleware

YEAR = 365 * 24 * 3600
_NAMED = re.compile(
    re.escape(settings.STATIC_URL) + r"(?P<stem>(?!.*\.\.)[\w./-]+)\.(?P<digest>[0-9a-f]{12})(?P<ending>\.\w+)"
)
_PACKABLE = re.compile(r"text/|image/svg|application/(json|javascript|manifest)")


class ByContent(StaticFilesStorage):
    """`css/base.css` is at /static/css/base.<12 hex digits of its SHA-256>.css."""

    def url(self, name):
        if name is None or (found := _file(name)) is None:
            return super().url(name)
        stem, dot, ending = name.rpartition(".")
        return f"{settings.STATIC_URL}{stem}.{found.digest}{dot}{ending}"


class StaticFile:
    """One file as it is sent."""

    def __init__(self, path: Path):
        self.plain = path.read_bytes()
        self.digest = hashlib.sha256(self.plain).hexdigest()[:12]
        self.kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        self.packed = gzip.compress(self.plain, 9, mtime=0) if _PACKABLE.match(self.kind) else b""

    def answer(self, request, max_age: int) -> HttpResponse:
        packed = self.packed and "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")
        etag = f'"{self.digest}{"-gz" if packed else ""}"'
        kind = f"{self.kind}; charset=utf-8" if self.kind.startswith("text/") else self.kind
        lasting = ", immutable" if max_age == YEAR else ""
        headers = {"Cache-Control": f"public, max-age={max_age}{lasting}", "Vary": "Accept-Encoding", "ETag": etag}
        response = HttpResponse(self.packed if packed else self.plain, content_type=kind, headers=headers)
        if packed:
            response["Content-Encoding"] = "gzip"
        return get_conditional_response(request, etag=etag, response=response)


def _file(name: str) -> StaticFile | None:
    path = finders.find(name)
    return _read(path, Path(path).stat().st_mtime_ns if settings.DEBUG else 0) if path else None


@lru_cache(maxsize=200)
def _read(path: str, _changed: int) -> StaticFile:
    return StaticFile(Path(path))


class Static(WhiteNoiseMiddleware):
    """An address with another digest is of a page from before the last change: it gets today's file, for a minute."""

    def __call__(self, request):
        named = _NAMED.fullmatch(request.path_info) if request.method in ("GET", "HEAD") else None
        if named and (found := _file(named["stem"] + named["ending"])):
            return found.answer(request, YEAR if found.digest == named["digest"] else 60)
        return super().__call__(request)
