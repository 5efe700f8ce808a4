"""The one way to write a snapshot as text; its SHA-256 is the digest that is published beside it (PUB1 §1)."""

import hashlib
import json
import re
import secrets
import unicodedata
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
DEEPEST = 32
LONGEST = 4 * 1024 * 1024
_LARGEST = 10**15


def canonical(snapshot: dict) -> str:
    """The canonical text: keys in order, no spaces, so that the same content is always the same bytes.

    A value that PUB1 does not know is refused, for nobody could check it.
    """
    text = json.dumps(_checked(snapshot, 1), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if len(text.encode()) > LONGEST:
        raise ValueError("a snapshot has at most 4 MiB")
    return text


def _checked(value: Any, depth: int) -> Any:
    """The same value with its words in NFC, or ValueError."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        if abs(value) >= _LARGEST:
            raise ValueError("an integer has at most 15 digits")
        return int(value)
    if isinstance(value, str):
        if "\0" in value:
            raise ValueError("a text holds no U+0000")
        return unicodedata.normalize("NFC", str(value))
    if depth > DEEPEST:
        raise ValueError("a snapshot is at most 32 deep")
    if isinstance(value, list | tuple):
        return [_checked(one, depth + 1) for one in value]
    if isinstance(value, dict):
        if wrong := [key for key in value if not isinstance(key, str) or not _KEY.fullmatch(key)]:
            raise ValueError(f"not a key of a snapshot: {wrong[0]!r}")
        return {key: _checked(one, depth + 1) for key, one in value.items()}
    raise ValueError(f"not a value of a snapshot: {value!r}")


def new_salt() -> str:
    """For one version, used nowhere else: the digest of a sealed text tells nobody what it said."""
    return secrets.token_hex(16)


def digest_of_text(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of(snapshot: dict) -> str:
    return digest_of_text(canonical(snapshot))


def plain(snapshot: dict) -> dict:
    """The snapshot as it comes back from the database: tuples are lists."""
    return json.loads(canonical(snapshot))
