"""Personal data that are forgotten: sealed with a key of their own, which is destroyed when their time is over (domain.md 7.8).

What must stay in the rows of an append-only table, in backups and in the trail's order cannot be deleted from there. Its key
can: it lies in a table of its own, wrapped by a key that is made of `DJANGO_DATA_KEY`. Who turns that key over wraps the
small keys anew (`manage.py data_key`) and leaves what is sealed as it is. Other secrets are sealed under the data key directly.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32
SMALL_KEYS = "sealing"  # what the data key is used for; each use has a key of its own


def locked(plain: bytes, subject: str, use: str) -> bytes:
    """Sealed under the data key itself, and bound to its subject: copied to another row it opens nothing there.

    Whoever keeps what this answers names the column in `sealed` of his nameplate, or a new data key would lose it.
    """
    return _locked(_derived(settings.DATA_KEY, use), plain, subject)


def unlocked(kept: bytes, subject: str, use: str) -> bytes:
    """`InvalidTag` where the key is another's or a byte is not as it was."""
    return _opened(_derived(settings.DATA_KEY, use), kept, subject)


def relocked(kept: bytes, subject: str, use: str, *, old: str) -> bytes:
    """The same under the data key of now; what `old` does not open, that one may have sealed already."""
    try:
        plain = _opened(_derived(old, use), kept, subject)
    except InvalidTag:
        unlocked(kept, subject, use)
        return bytes(kept)
    return locked(plain, subject, use)


def fingerprint() -> str:
    """What tells this data key from another and says nothing about it."""
    return _derived(settings.DATA_KEY, "fingerprint").hex()[:16]


def new_key(subject: str) -> bytes:
    """A key for one subject, wrapped as it is kept."""
    return locked(os.urandom(KEY_BYTES), subject, SMALL_KEYS)


def seal(words: str, key: bytes, subject: str) -> bytes:
    """`key`: as it is kept."""
    return _locked(unlocked(key, subject, SMALL_KEYS), words.encode(), subject)


def unseal(sealed: bytes, key: bytes, subject: str) -> str:
    """The words; `InvalidTag` where the key is another's or a byte is not as it was."""
    return _opened(unlocked(key, subject, SMALL_KEYS), sealed, subject).decode()


def _derived(data_key: str, use: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=use.encode()).derive(data_key.encode())


def _locked(key: bytes, plain: bytes, subject: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, subject.encode())


def _opened(key: bytes, kept: bytes, subject: str) -> bytes:
    return AESGCM(key).decrypt(bytes(kept[:NONCE_BYTES]), bytes(kept[NONCE_BYTES:]), subject.encode())
