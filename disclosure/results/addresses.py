"""Which enterprises somebody means by a code: the number of the registry in any case, or the 18 digits of its licence."""

from django.db.models import Q

from disclosure.models import Publication


def codes_of(text: str) -> list[str]:
    """At most two; a licence may have several places."""
    same = Q(facility_code__iexact=text) | Q(snapshot__facility__uscc=text.upper())
    found = Publication.objects.results().filter(same).exclude(facility_code="")
    return list(found.order_by("facility_code").values_list("facility_code", flat=True).distinct()[:2])
