"""The one place that writes a publication (decisions.md 2)."""

from django.db.models import Max

from benxi_shuangsuiji.accounts.models import Unit, User
from disclosure import digests
from disclosure.models import Publication


def publish(kind: str, no: str, *, by: User, unit: Unit, snapshot: dict, **columns) -> Publication:
    """Add the next version; the time of publication is the database's, whatever is said here."""
    last = Publication.objects.filter(kind=kind, no=no).aggregate(last=Max("version"))["last"] or 0
    return Publication.objects.create(
        kind=kind,
        no=no,
        version=last + 1,
        unit_code=unit.code,
        unit_name=unit.short_name,
        snapshot=snapshot,
        digest=digests.digest_of(snapshot),
        published_by=by,
        **columns,
    )
