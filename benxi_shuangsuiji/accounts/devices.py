"""The browsers from which somebody signs in: shown to him, ended by him, and known again when a stranger guesses (S10)."""

import secrets
from hashlib import sha256

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from . import second_factor
from .models import KnownDevice, User

KEY = "device"  # in the session: the row of this device
COOKIE_DAYS = 400

# What is read in a browser's own words, the more particular first.
_BROWSERS = [
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
_SYSTEMS = [
    ("HarmonyOS", "鸿蒙"),
    ("OpenHarmony", "鸿蒙"),
    ("Android", "安卓手机"),
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
]


def label_of(request) -> str:
    """安卓手机 · Chrome."""
    said = request.META.get("HTTP_USER_AGENT", "")
    system = next((word for mark, word in _SYSTEMS if mark in said), "未知设备")
    browser = next((word for mark, word in _BROWSERS if mark in said), "")
    return f"{system} · {browser}" if browser else system


def digest_of(request) -> str:
    """Of the cookie; "" where there is none."""
    token = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return sha256(token.encode()).hexdigest() if token else ""


def is_known(request, username: str) -> bool:
    """Whether this account has signed in from here before, and nobody has ended the device since."""
    digest = digest_of(request)
    here = KnownDevice.objects.filter(digest=digest, user__username=username, ended_at=None)
    return bool(digest) and here.filter(proven_at__isnull=False).exists()


def signed_in(request, response, user: User) -> KnownDevice:
    """Keep from where somebody has just signed in with his password."""
    now, digest = timezone.now(), digest_of(request)
    if not digest:
        token = secrets.token_urlsafe(32)
        digest = sha256(token.encode()).hexdigest()
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            token,
            max_age=COOKIE_DAYS * 24 * 3600,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Lax",
        )
    device, _ = KnownDevice.objects.get_or_create(
        user=user, digest=digest, defaults={"first_at": now, "seen_at": now, "signed_in_at": now}
    )
    if device.ended_at:  # ended, and now signed in anew: what it was trusted with before counts no longer
        device.ended_at = device.proven_at = device.remembered_until = None
    device.label, device.seen_at, device.signed_in_at = label_of(request), now, now
    device.session_key = request.session.session_key or ""
    if second_factor.is_given(request):
        device.proven_at = now
    device.save()
    request.session[KEY] = device.pk
    if device.remembered_until and second_factor.may_be_remembered(user):
        request.session[second_factor.REMEMBERED] = device.remembered_until.isoformat()
    return device


def proven(request, *, remember: bool) -> None:
    """The code was given on this device."""
    now = timezone.now()
    changes = {"proven_at": now}
    if remember and second_factor.may_be_remembered(request.user):
        changes["remembered_until"] = now + second_factor.REMEMBER_FOR
        request.session[second_factor.REMEMBERED] = changes["remembered_until"].isoformat()
    KnownDevice.objects.filter(pk=request.session.get(KEY), user=request.user).update(**changes)


def still_on(request) -> bool:
    """Asked once a minute: whether the device has not been ended elsewhere. Notes that it is in use."""
    if KEY not in request.session:
        return True
    changes = {"seen_at": timezone.now(), "session_key": request.session.session_key or ""}
    found = KnownDevice.objects.filter(pk=request.session[KEY], user=request.user, ended_at=None)
    return found.update(**changes) == 1


def end(device: KnownDevice) -> None:
    """Sign out there at once, and know it no longer."""
    Session.objects.filter(session_key=device.session_key).delete()
    device.ended_at, device.session_key, device.remembered_until = timezone.now(), "", None
    device.save(update_fields=["ended_at", "session_key", "remembered_until"])
