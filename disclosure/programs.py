"""The verifying programs that everybody may download: those of Python are the very files that draw and that register."""

import hashlib
from functools import cache

from django.conf import settings

PROGRAMS = {
    "ssj1.py": "plans/draw/ssj1.py",
    "ssj1.js": "static/verify/ssj1.js",
    "pub1.py": "disclosure/register/pub1.py",
    "pub1.js": "static/verify/pub1.js",
}


@cache
def content_of(name: str) -> bytes:
    return (settings.BASE_DIR / PROGRAMS[name]).read_bytes()


@cache
def digest_of(name: str) -> str:
    """SHA-256 of one of the programs, as it stands beside it."""
    return hashlib.sha256(content_of(name)).hexdigest()
