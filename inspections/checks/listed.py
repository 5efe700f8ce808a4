"""Which checks are of a place on the 正面清单: the one definition, for K22, the analysis and whoever counts them (七(三)-a)."""

from django.db.models import Exists, OuterRef, Q

from registry.models import PositiveListEntry


def listed() -> Q:
    """Of a drawn place its sealed line says it; of any other, whether it stood on the list when the check was handed out."""
    day = OuterRef("dispatched_at__date")
    entries = PositiveListEntry.objects.filter(facility=OuterRef("facility"), valid_from__lte=day)
    standing = entries.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return Q(pick__mode="offsite") | Q(pick__isnull=True) & Exists(standing)
