"""Counts in the navigation."""

from .models import FileTrouble


def troubles(user, unit, quarter):
    """Files that are gone or no longer what they were."""
    count = FileTrouble.objects.filter(mended_at=None).count()
    return (count or None, True)
