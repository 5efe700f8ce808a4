"""How often one network has tried. In the database, because several processes serve the pages; of codes only misses are
counted, of what is handed in only what was kept: whoever mends what he wrote is not shut out."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from benxi_shuangsuiji import clock

from .models import Try

MOST = {Try.Kind.UNKNOWN_CODE: 20, Try.Kind.REPORT: 5, Try.Kind.STATEMENT: 5}
WINDOW = timedelta(minutes=10)


def count(kind: str, address: str) -> bool:
    """Note one; whether there are too many by now."""
    note(kind, address)
    return _so_far(kind, address) > MOST[kind]


def note(kind: str, address: str) -> None:
    now = clock.now()
    Try.objects.filter(at__lt=now - WINDOW).delete()
    Try.objects.create(kind=kind, caller=_caller(address), at=now)


def too_many(kind: str, address: str) -> bool:
    """Whether one more is refused; that is not counted itself."""
    return _so_far(kind, address) >= MOST[kind]


def _so_far(kind: str, address: str) -> int:
    return Try.objects.filter(kind=kind, caller=_caller(address), at__gte=clock.now() - WINDOW).count()


def _caller(address: str) -> str:
    return salted_hmac("inspections.codes", address).hexdigest()[:32]
