"""How often one network has tried. In the database, because several processes serve the pages; only misses are counted."""

from datetime import timedelta

from django.utils.crypto import salted_hmac

from benxi_shuangsuiji import clock

from .models import Try

MOST = {Try.Kind.UNKNOWN_CODE: 20, Try.Kind.REPORT: 5}
WINDOW = timedelta(minutes=10)


def count(kind: str, address: str) -> bool:
    """Note one; whether there are too many by now."""
    now, caller = clock.now(), salted_hmac("inspections.codes", address).hexdigest()[:32]
    Try.objects.filter(at__lt=now - WINDOW).delete()
    Try.objects.create(kind=kind, caller=caller, at=now)
    return Try.objects.filter(kind=kind, caller=caller).count() > MOST[kind]
