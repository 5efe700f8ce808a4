"""Which checks are of a place on the 正面清单: the one definition, for K22, the analysis and whoever counts them (七(三)-a)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from registry.models import Facility, PositiveListEntry


def listed() -> Q:
    """Of a drawn place its sealed line says it; of any other, whether it stood on the list when the check was handed out."""
    entries = PositiveListEntry.objects.filter(facility=OuterRef("facility"))
    return Q(pick__mode="offsite") | Q(pick__isnull=True) & Exists(entries.filter(_on(OuterRef("dispatched_at__date"))))


def entry_on(facility: Facility, day: date) -> PositiveListEntry | None:
    """By which a place stands on the list that day."""
    return facility.positive_entries.filter(_on(day)).order_by("-valid_from").first()


def _on(day) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
