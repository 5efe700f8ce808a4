"""The pause after five wrong passwords, which django-axes keeps (GB/T 22239 8.1.4.1 b)."""

from datetime import timedelta

from axes import utils
from axes.models import AccessAttempt
from django.conf import settings
from django.utils import timezone


def is_paused(username: str) -> bool:
    """Say whether this account is paused at some address. Sign-ins use the machine's time (decisions.md 8)."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(
        username=username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    ).exists()


def clear(username: str) -> None:
    """Forget the wrong passwords of this account, at every address."""
    utils.reset(username=username)
