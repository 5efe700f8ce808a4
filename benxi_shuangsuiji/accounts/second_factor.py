"""动态口令: whoever may write proves with a code of his phone that he is not only somebody who knows the password (S10).

The arithmetic is django-otp's (RFC 6238); the secret lies encrypted under the data key. A demo asks for no code and says so:
only its owner can mark a database as one. Sign-ins use the machine's time (decisions.md 8), and so do the codes.
"""

import base64
import secrets
import time
from datetime import timedelta
from hashlib import sha256
from urllib.parse import quote, urlencode

import segno
from cryptography.exceptions import InvalidTag
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django_otp.oath import TOTP

from benxi_shuangsuiji import clock, sealing

from .city import this_city
from .models import Authenticator, RecoveryCode, User
from .roles import PERMISSIONS, Permission

GIVEN = "second_factor_at"  # in the session: the code was given in this sign-in
REMEMBERED = "field_until"  # in the session: until when this device needs none on /field/
NEW_SECRET = "second_factor_new"  # in the session, encrypted: what is being set up
USE = "accounts.authenticator"  # what the data key seals here
FIELD = "/field/"
NO_AUTHENTICATOR = "先设置动态口令，再做备用码。"
REMEMBER_FOR = timedelta(days=7)
TOLERANCE = 1  # one step of 30 seconds before and after
MOST_FAILURES, PAUSE = 5, timedelta(minutes=15)
CODES = 10
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"[:31]  # no letter or digit that looks like another


def is_skipped() -> bool:
    """On a demo's database, which nobody mistakes for the real one."""
    return clock.is_demo()


def is_needed(user: User) -> bool:
    """Whoever holds a role that does more than read."""
    roles = {grant.role for grant in user.grants_in_force()}
    return any(not permission.startswith("SEE_") for role in roles for permission in PERMISSIONS[role])


def of(user: User) -> Authenticator | None:
    return Authenticator.objects.filter(user=user).first()


def is_given(request) -> bool:
    """Whether this sign-in may open this page: the code was given, or on /field/ the device is remembered."""
    if request.session.get(GIVEN) or is_skipped():
        return True
    if request.path.startswith(FIELD):
        until = parse_datetime(request.session.get(REMEMBERED, ""))
        if until and timezone.now() < until:
            return True
    return not is_needed(request.user) and of(request.user) is None


def note(request) -> None:
    """The code has just been given."""
    request.session[GIVEN] = timezone.now().isoformat()


# --- setting up -----------------------------------------------------------------------------------------------------


def new_secret(request) -> bytes:
    """The secret that is being set up in this session: the same until it is confirmed."""
    if kept := request.session.get(NEW_SECRET):
        try:
            return opened(base64.b64decode(kept), request.user.pk)
        except InvalidTag:  # the data key was changed meanwhile
            pass
    secret = secrets.token_bytes(20)
    request.session[NEW_SECRET] = base64.b64encode(sealed(secret, request.user.pk)).decode()
    return secret


def words_of(secret: bytes) -> str:
    """As an app takes it by hand: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def picture_of(secret: bytes, user: User) -> str:
    """The QR code for the app, as the address of an image."""
    query = urlencode({"secret": base64.b32encode(secret).decode(), "issuer": this_city().label})
    made = segno.make(f"otpauth://totp/{quote(f'{this_city().label}:{user.username}')}?{query}", error="m")
    return made.svg_data_uri(scale=4, border=2)


def step_of(secret: bytes, code: str, *, after: int = -1, drift: int = 0) -> tuple[int, int] | None:
    """The step and drift of a right code that is newer than `after`; None of a wrong one."""
    if not (code.isascii() and code.isdigit() and len(code) == 6):
        return None
    totp = TOTP(secret, drift=drift)
    totp.time = time.time()
    return (totp.t(), totp.drift) if totp.verify(int(code), TOLERANCE, after + 1) else None


def new_codes(user: User) -> list[str]:
    """Ten fresh recovery codes in place of all older ones, to be shown once."""
    RecoveryCode.objects.filter(user=user).delete()
    codes = ["-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(code)) for code in codes)
    return codes


def _digest(code: str) -> str:
    return sha256("".join(c for c in code.upper() if c in _ALPHABET).encode()).hexdigest()


# --- asking ---------------------------------------------------------------------------------------------------------


def why_not(user: User, code: str) -> str:
    """Take a code: "" when it is right. After five wrong ones nothing is looked at for 15 minutes.

    Runs in a transaction that is kept, also when the code was wrong: the row is locked, so guesses are counted one by one.
    """
    held = Authenticator.objects.select_for_update(of=("self",), no_key=True).filter(user=user).first()
    if held is None:
        return "还没有设置动态口令。"
    now = timezone.now()
    if held.failures >= MOST_FAILURES and held.failed_at and now - held.failed_at < PAUSE:
        return "连续输错 5 次，15 分钟后再试。手机不在身边的，那时用备用码。"
    code = "".join(code.split())
    right = step_of(opened(bytes(held.secret), user.pk), code, after=held.last_step, drift=held.drift)
    if right:
        held.last_step, held.drift = right
    elif not _use_recovery_code(user, code, now):
        held.failures, held.failed_at = (held.failures % MOST_FAILURES) + 1, now
        held.save(update_fields=["failures", "failed_at"])
        return "口令不对，或者已经用过。等手机上换成下一个再输；手机时间要准。"
    held.failures, held.failed_at = 0, None
    held.save(update_fields=["last_step", "drift", "failures", "failed_at"])
    return ""


def _use_recovery_code(user: User, code: str, now) -> bool:
    if len(code) < 16:
        return False
    return RecoveryCode.objects.filter(user=user, digest=_digest(code), used_at=None).update(used_at=now) == 1


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def may_be_remembered(user: User) -> bool:
    """The phone of whoever goes to checks."""
    return bool(user.units_with(Permission.FIELD_WORK))


# --- the secret at rest ---------------------------------------------------------------------------------------------


def sealed(secret: bytes, user: int) -> bytes:
    """Encrypted for this account: the row of another opens nothing."""
    return sealing.locked(secret, str(user), USE)


def opened(box: bytes, user: int) -> bytes:
    return sealing.unlocked(box, str(user), USE)
