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
