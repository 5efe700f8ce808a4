"""The sealed random number: drawn at the freeze, kept encrypted, read only as the draw role (SSJ1 5.1, 15 D6)."""

import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection, transaction

from benxi_shuangsuiji.database.rights import DRAW
from plans.models import Draw, DrawSecret

NONCE_BYTES = 12


def new_secret() -> str:
    """32 bytes of the operating system's random source, as 64 hex characters."""
    return secrets.token_bytes(32).hex()


def keep(draw: Draw, secret: str) -> None:
    """Store the secret; the database takes it only in the transaction of the draw's MANIFEST."""
    nonce = os.urandom(NONCE_BYTES)
    # Bound to its draw: a row copied to another draw does not open there.
    sealed = _cipher().encrypt(nonce, bytes.fromhex(secret), draw.draw_id.encode())
    DrawSecret.objects.create(draw=draw, ciphertext=nonce + sealed)


def open_secret(draw: Draw) -> str:
    """Read the secret as the role that alone may read the table, and lay the role down at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {DRAW}")
        cursor.execute("SELECT ciphertext FROM plans_drawsecret WHERE draw_id = %s", [draw.pk])
        kept = bytes(cursor.fetchone()[0])
        cursor.execute("RESET ROLE")
    return _cipher().decrypt(kept[:NONCE_BYTES], kept[NONCE_BYTES:], draw.draw_id.encode()).hex()


def is_lost(draw: Draw) -> bool:
    """Whether the secret can no longer be opened: its key is gone, or the row was damaged (SSJ1 9.2)."""
    try:
        open_secret(draw)
    except InvalidTag:
        return True
    return False


def _cipher() -> AESGCM:
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"plans.draw.secret").derive(settings.DATA_KEY.encode())
    return AESGCM(key)
