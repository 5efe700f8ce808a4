"""Record that a paper was served or refused (七(五)-i, -j, -k)."""

from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.approvals import issuing
from inspections.models import Inspection

from . import duties, rules
from .models import Delivery, Paper


@transaction.atomic
def deliver(
    *,
    inspection: Inspection,
    paper: str,
    by: User,
    at: datetime,
    accepted: bool = True,
    refused_because: str = "",
    witness: str = "",
) -> Delivery:
    """The notice is handed over after the certificates were shown, so its time is theirs where none was noted."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(
        rules.why_not_deliver(inspection, paper, by)
        or rules.why_not_this_delivery(
            inspection, paper, at=at, now=now, accepted=accepted, refused_because=refused_because, witness=witness
        )
    )
    done = Delivery.objects.create(
        inspection=inspection,
        paper=paper,
        at=at,
        accepted=accepted,
        refused_because=refused_because.strip(),
        witness=witness.strip(),
        covers=rules.as_it_stands(inspection, paper),
        by=by,
        recorded_at=now,
    )
    if paper == Paper.NOTICE:
        issuing.issue([inspection], now)  # of an emergency that nobody has approved yet
    if paper == Paper.NOTICE and inspection.is_to_show:
        inspection.identity_shown_at = at
        inspection.save_anew()
    if paper == Paper.RESULT:
        duties.told(inspection, now)
        subjects.house().check_moved(inspection, by)
    trail.record("inspections.paper.served", by=by, about=inspection, paper=paper, accepted=accepted)
    return done


@transaction.atomic
def show_identity(*, inspection: Inspection, by: User, at: datetime) -> Inspection:
    """On arrival, where the notice had gone out beforehand (七(五)-i)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(
        rules.why_not_show(inspection, by) or rules.why_not_moment(at, inspection.there_since, clock.now(), "到场")
    )
    inspection.identity_shown_at = at
    inspection.save_anew()
    trail.record("inspections.identity.shown", by=by, about=inspection)
    return inspection
