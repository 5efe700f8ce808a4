"""企业说明 beside its result, from what is public (四(3)-f; ui-2.md 18a)."""

from disclosure.models import Publication, PublicationKind


def of_checks(numbers) -> dict[str, Publication]:
    """Check number → its statement that stands, for a page of several."""
    found = Publication.objects.current().filter(kind=PublicationKind.STATEMENT, snapshot__check__in=list(numbers))
    return {p.snapshot["check"]: p for p in found.order_by("pk")}
