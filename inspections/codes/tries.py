"""How often one network has tried. In the database, because several processes serve the pages; of codes only misses are
counted, of what is handed in only what was kept: whoever mends what he wrote is not shut out."""

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.crypto import salted_hmac

from benxi_shuangsuiji import clock

from .models import Try

MOST = {Try.Kind.UNKNOWN_CODE: 20, Try.Kind.REPORT: 5, Try.Kind.STATEMENT: 5, Try.Kind.OBJECTION: 5}
WINDOW, LONG = timedelta(minutes=10), timedelta(hours=1)
WINDOWS = {Try.Kind.OBJECTION: LONG}  # the others: WINDOW


def count(kind: str, address: str) -> bool:
    """Note one; whether there are too many by now."""
    note(kind, address)
    return _so_far(kind, address) > MOST[kind]


def note(kind: str, address: str) -> None:
    now = clock.now()
    short = Q(at__lt=now - WINDOW) & ~Q(kind__in=WINDOWS)
    Try.objects.filter(short | Q(at__lt=now - LONG)).delete()
    Try.objects.create(kind=kind, caller=_caller(address), at=now)


def too_many(kind: str, address: str) -> bool:
    """Whether one more is refused; that is not counted itself."""
    return _so_far(kind, address) >= MOST[kind]


def again_at(kind: str, address: str) -> datetime | None:
    """From when on one more is taken; None when it is taken now."""
    counted = list(_counted(kind, address).order_by("at").values_list("at", flat=True))
    return counted[-MOST[kind]] + WINDOWS.get(kind, WINDOW) if len(counted) >= MOST[kind] else None


def _counted(kind: str, address: str):
    since = clock.now() - WINDOWS.get(kind, WINDOW)
    return Try.objects.filter(kind=kind, caller=_caller(address), at__gte=since)


def _so_far(kind: str, address: str) -> int:
    return _counted(kind, address).count()


def _caller(address: str) -> str:
    return salted_hmac("inspections.codes", address).hexdigest()[:32]
