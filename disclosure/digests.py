"""The one way to write a snapshot as text; its SHA-256 is the digest that is published beside it."""

import hashlib
import json


def canonical(snapshot: dict) -> str:
    """JSON with sorted keys and no spaces, so that the same content is always the same bytes."""
    return json.dumps(snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(snapshot: dict) -> str:
    return hashlib.sha256(canonical(snapshot).encode()).hexdigest()


def plain(snapshot: dict) -> dict:
    """The snapshot as it comes back from the database: tuples are lists."""
    return json.loads(canonical(snapshot))
