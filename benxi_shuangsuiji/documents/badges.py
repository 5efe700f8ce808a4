"""Counts in the navigation."""

from benxi_shuangsuiji.subject import Waiting

from .models import FileTrouble


def troubles(user, unit, quarter):
    """Files that are gone or no longer what they were."""
    return Waiting((FileTrouble.objects.filter(mended_at=None),), red=True)
