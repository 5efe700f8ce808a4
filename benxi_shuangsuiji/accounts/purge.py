"""What protects nobody any more goes, once a day: ended sign-ins, used form keys, old wrong passwords, forgotten devices (S12)."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.models import FormKey
from benxi_shuangsuiji.notices.models import Heartbeat
from benxi_shuangsuiji.notices.tasks import beat

from .devices import COOKIE_DAYS
from .models import KnownDevice

NAME = "purge"
KEYS_KEPT = timedelta(days=3)  # longer than any form waits to be sent a second time (forms.kept)
ATTEMPTS_KEPT = timedelta(days=1)  # the pause is over long before
DEVICES_KEPT = timedelta(days=COOKIE_DAYS)
ENDED_KEPT = timedelta(days=30)


def purge_daily() -> bool:
    """Once a day of the database's clock; the rows themselves bear the machine's time (decisions.md 8)."""
    day = clock.now()
    last = Heartbeat.objects.filter(name=NAME).first()
    if last and last.at.astimezone(day.tzinfo).date() >= day.date():
        return False
    purge(timezone.now())
    beat(NAME, day)
    return True


def purge(moment) -> None:
    Session.objects.filter(expire_date__lt=moment).delete()
    FormKey.objects.filter(at__lt=moment - KEYS_KEPT).delete()
    AccessAttempt.objects.filter(attempt_time__lt=moment - ATTEMPTS_KEPT).delete()
    # An ended one says, for as long as that is asked, when its account was last used (`standing.LAST_USE`).
    unused = timedelta(days=policy.on(clock.today()).recommended.account_unused_days)
    says_no_more = Q(proven_at=None) | Q(proven_at__lt=moment - max(unused, ENDED_KEPT))
    ended = Q(ended_at__lt=moment - ENDED_KEPT) & says_no_more
    KnownDevice.objects.filter(ended | Q(seen_at__lt=moment - DEVICES_KEPT)).delete()
