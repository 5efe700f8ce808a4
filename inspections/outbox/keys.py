"""The key under which a phone encrypts what it has not sent yet: one for each person on each phone.

It is derived anew whenever the same person is signed in, so the phone can forget it at the sign-out and loses nothing.
"""

import base64
import uuid

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from benxi_shuangsuiji.accounts.models import User


def key_of(user: User, device: uuid.UUID) -> str:
    """256 bits for AES-GCM, base64."""
    whose = f"inspections.outbox.key|{user.pk}|{device}".encode()
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=whose).derive(settings.DATA_KEY.encode())
    return base64.b64encode(key).decode()
