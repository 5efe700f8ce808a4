"""The sealed random number: drawn at the freeze, kept encrypted, read only as the draw role (SSJ1 5.1, 15 D6)."""

import secrets

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction

from benxi_shuangsuiji import sealing
from benxi_shuangsuiji.database.rights import DRAW
from plans.models import Draw, DrawSecret

USE = "plans.draw.secret"


def new_secret() -> str:
    """32 bytes of the operating system's random source, as 64 hex characters."""
    return secrets.token_bytes(32).hex()


def keep(draw: Draw, secret: str) -> None:
    """Store the secret; the database takes it only in the transaction of the draw's MANIFEST."""
    # Bound to its draw: a row copied to another draw does not open there.
    DrawSecret.objects.create(draw=draw, ciphertext=sealing.locked(bytes.fromhex(secret), draw.draw_id, USE))


def open_secret(draw: Draw) -> str:
    """Read the secret as the role that alone may read the table, and lay the role down at once."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {DRAW}")
        cursor.execute("SELECT ciphertext FROM plans_drawsecret WHERE draw_id = %s", [draw.pk])
        kept = bytes(cursor.fetchone()[0])
        cursor.execute("RESET ROLE")
    return sealing.unlocked(kept, draw.draw_id, USE).hex()


def is_lost(draw: Draw) -> bool:
    """Whether the secret can no longer be opened: its key is gone, or the row was damaged (SSJ1 9.2)."""
    try:
        open_secret(draw)
    except InvalidTag:
        return True
    return False
