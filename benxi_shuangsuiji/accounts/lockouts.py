"""The pause after wrong passwords, which django-axes counts (GB/T 22239 8.1.4.1 b, S10).

A stranger must not be able to keep somebody out by guessing: what is typed on a device from which the account has signed in
before is counted for that device alone. Strangers are counted for the account from one address, for the account from
everywhere, and for the address over all accounts, so neither many addresses nor many accounts give more guesses.
"""

from datetime import timedelta

from axes import utils
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from . import devices

STRANGER, DEVICE = "stranger", "device "  # in axes' column for the browser's name, which anybody may choose
FROM_EVERYWHERE = 20  # wrong passwords of one account on unknown devices
ACCOUNTS_OF_ADDRESS = 10  # accounts that were tried without success from one address: one password for many
OF_ADDRESS = 50  # an office behind one address has many people who mistype


class Handler(AxesDatabaseHandler):
    """axes' own counting, with the rules above in place of its one limit."""

    def get_failures(self, request, credentials=None) -> int:
        """How often axes may count: its limit, once any of the rules is broken."""
        rows, username = _recent(), self._mark(request, credentials)
        own = _sum(rows.filter(self._own(request, username)))
        if request.axes_user_agent != STRANGER:
            return own
        of_address = rows.filter(ip_address=request.axes_ip_address, user_agent=STRANGER)
        tried = of_address.aggregate(
            n=Sum("failures_since_start", default=0), accounts=Count("username", distinct=True)
        )
        broken = (
            _sum(rows.filter(username=username, user_agent=STRANGER)) >= FROM_EVERYWHERE
            or tried["accounts"] >= ACCOUNTS_OF_ADDRESS
            or tried["n"] >= OF_ADDRESS
        )
        return settings.AXES_FAILURE_LIMIT if broken else own

    def user_login_failed(self, sender, credentials, request=None, **kwargs):
        if request is not None:
            self._mark(request, credentials)
        super().user_login_failed(sender, credentials, request, **kwargs)

    def filter_user_attempts(self, request, credentials=None) -> list[QuerySet]:
        """What a right password clears: the wrong ones of the same person in the same place, and of nobody else."""
        username = self._mark(request, credentials)
        return [AccessAttempt.objects.filter(self._own(request, username))]

    @staticmethod
    def _own(request, username: str) -> Q:
        """Of this account on this device, or by strangers at this address."""
        own = Q(username=username, user_agent=request.axes_user_agent)
        return own if request.axes_user_agent != STRANGER else own & Q(ip_address=request.axes_ip_address)

    @staticmethod
    def _mark(request, credentials) -> str:
        """Say on the request whether this device is known, asked once of each account."""
        username = get_client_username(request, credentials) or ""
        if getattr(request, "axes_asked_for", None) != username:
            known = devices.is_known(request, username)
            request.axes_asked_for = username
            request.axes_user_agent = DEVICE + devices.digest_of(request) if known else STRANGER
        return username


def _recent() -> QuerySet:
    """Sign-ins use the machine's time (decisions.md 8)."""
    return AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME))


def _sum(rows) -> int:
    return rows.aggregate(n=Sum("failures_since_start", default=0))["n"]


def is_paused(username: str) -> bool:
    """Say whether this account is paused somewhere."""
    rows = _recent().filter(username=username)
    return (
        rows.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists()
        or _sum(rows.filter(user_agent=STRANGER)) >= FROM_EVERYWHERE
    )


def clear(username: str) -> None:
    """Forget the wrong passwords of this account, at every address."""
    utils.reset(username=username)
