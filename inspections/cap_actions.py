"""What people do with caps on visits: propose and approve (一-e, N-4)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if

from . import cap_rules as rules
from .models import FrequencyCap


@transaction.atomic
def propose_cap(*, unit: Unit, year: int, category: str, max_visits: int, document: str, by: User) -> FrequencyCap:
    """The most visits of a year to one kind of facility; it counts once the leader has approved it (N-4)."""
    numbers = {"year": year, "category": category, "max_visits": max_visits}
    refuse_if(rules.why_not_propose_cap(unit, by, **numbers, document=document, day=clock.today()))
    cap = FrequencyCap.objects.create(
        unit=unit,
        year=year,
        category=category,
        max_visits=max_visits,
        document=document.strip(),
        proposed_by=by,
        proposed_at=clock.now(),
    )
    trail.record("inspections.cap.proposed", by=by, about=cap, year=year, category=category, visits=max_visits)
    return cap


@transaction.atomic
def approve_cap(*, cap: FrequencyCap, by: User) -> FrequencyCap:
    cap = FrequencyCap.objects.select_for_update(of=("self",)).select_related("unit").get(pk=cap.pk)
    refuse_if(rules.why_not_approve_cap(cap, by))
    cap.approved_by, cap.approved_at = by, clock.now()
    cap.save(update_fields=["approved_by", "approved_at"])
    trail.record("inspections.cap.approved", by=by, about=cap)
    return cap
