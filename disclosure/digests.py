"""Snapshots as text: as PUB1 writes them, so that whoever checks the register computes the same (PUB1 §1)."""

import json
import secrets

from .register.pub1 import canonical
from .register.pub1 import digest as digest_of_text

__all__ = ["canonical", "digest_of", "digest_of_text", "new_salt", "plain"]


def new_salt() -> str:
    """For one version, used nowhere else: the digest of a sealed text tells nobody what it said."""
    return secrets.token_hex(16)


def digest_of(snapshot: dict) -> str:
    return digest_of_text(canonical(snapshot))


def plain(snapshot: dict) -> dict:
    """The snapshot as it comes back from the database: tuples are lists."""
    return json.loads(canonical(snapshot))
