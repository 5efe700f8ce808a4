from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Inspection

from . import rules
from .models import KeptName


@transaction.atomic
def keep_name(*, inspection: Inspection, name: str, reason: str, by: User) -> KeptName:
    """Say why a name in the words of a result has to be public (八(二)-c); who reviews and who publishes read it."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "facility")
    refuse_if(rules.why_not_keep(inspection, by, name, reason))
    kept = KeptName.objects.create(inspection=inspection, name=name, reason=reason.strip(), by=by, at=clock.now())
    trail.record("inspections.name.kept", by=by, about=inspection, reason=kept.reason)
    return kept


def mark_kept(*, inspection: Inspection, names: list[str], reason: str, said_by: User, by: User) -> None:
    """A correction with names in its words was approved: who asked for it said why, a second person agreed (八(二)-c)."""
    now = clock.now()
    KeptName.objects.bulk_create(
        KeptName(inspection=inspection, name=name, reason=reason, by=said_by, at=now) for name in names
    )
    trail.record("inspections.name.kept", by=by, about=inspection, reason=reason)
