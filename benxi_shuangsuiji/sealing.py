"""Personal data that are forgotten: sealed with a key of their own, which is destroyed when their time is over (domain.md 7.8).

What must stay in the rows of an append-only table, in backups and in the trail's order cannot be deleted from there. Its key
can: it lies in a table of its own, wrapped by a key that is made of `DJANGO_DATA_KEY`. Who turns that key over wraps the
small keys anew (`rewrap`) and leaves what is sealed as it is.
"""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32


def new_key(subject: str) -> bytes:
    """A key for one subject, wrapped as it is kept. Bound to its subject: copied to another row it opens nothing there."""
    return _locked(_wrapping(settings.DATA_KEY), os.urandom(KEY_BYTES), subject)


def seal(words: str, key: bytes, subject: str) -> bytes:
    """`key`: as it is kept."""
    return _locked(_opened(_wrapping(settings.DATA_KEY), key, subject), words.encode(), subject)


def unseal(sealed: bytes, key: bytes, subject: str) -> str:
    """The words; `InvalidTag` where the key is another's or a byte is not as it was."""
    return _opened(_opened(_wrapping(settings.DATA_KEY), key, subject), sealed, subject).decode()


def rewrap(key: bytes, subject: str, *, old: str, new: str) -> bytes:
    """The same key under another `DJANGO_DATA_KEY`."""
    return _locked(_wrapping(new), _opened(_wrapping(old), key, subject), subject)


def _wrapping(data_key: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"sealing").derive(data_key.encode())


def _locked(key: bytes, plain: bytes, subject: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, subject.encode())


def _opened(key: bytes, kept: bytes, subject: str) -> bytes:
    return AESGCM(key).decrypt(bytes(kept[:NONCE_BYTES]), bytes(kept[NONCE_BYTES:]), subject.encode())
