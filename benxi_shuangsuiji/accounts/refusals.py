"""Who was turned away stands in the trail: at the door, and before a page that is not his (S10, reliability.md P10, F-B1)."""

from datetime import timedelta

from django.contrib.auth.signals import user_login_failed
from django.dispatch import receiver

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.audit.models import AuditEntry

from .access import client_address
from .models import User

A_MINUTE = 5  # of one account, and of all names that nobody has: guessing fills no disk


@receiver(user_login_failed)
def _not_signed_in(*, credentials, request=None, **_) -> None:
    """A wrong password, with the account where there is one; of a name that nobody has, the trail keeps no letter."""
    account = User.objects.filter(username=str(credentials.get("username", ""))[:150]).select_related("unit").first()
    key = account.username if account else ""
    since = clock.now() - timedelta(minutes=1)
    of_it = AuditEntry.objects.filter(at__gt=since, about_key=key, verb="accounts.sign_in_failed")
    if of_it.count() < A_MINUTE:
        address = client_address(request) if request else ""
        trail.record("accounts.sign_in_failed", by=None, about=account, address=address)


def note(request) -> None:
    """Somebody signed in asked for what he has no right to: who, which address, how. Nothing of what was sent."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        trail.record("accounts.refused", by=user, about=user, method=request.method, path=request.path[:200])
