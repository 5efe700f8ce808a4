"""What people do with caps on visits: propose, approve or not agree (一-e, N-4)."""

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Consent, FrequencyCap

from . import duties, rules


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
        asked_by=by,
        asked_at=clock.now(),
    )
    duties.cap_proposed(cap, by)
    trail.record("inspections.cap.proposed", by=by, about=cap, year=year, category=category, visits=max_visits)
    return cap


@transaction.atomic
def approve_cap(*, cap: FrequencyCap, by: User) -> FrequencyCap:
    cap = FrequencyCap.objects.locked(cap.pk, "unit")
    refuse_if(rules.why_not_approve_cap(cap, by))
    cap.decide(Consent.APPROVED, by=by, at=clock.now())
    duties.cap_decided(cap, "上限已批准", cap.decided_at)
    trail.record("inspections.cap.approved", by=by, about=cap)
    return cap


@transaction.atomic
def return_cap(*, cap: FrequencyCap, opinion: str, by: User) -> FrequencyCap:
    """The leader does not agree; who proposed it hears why, and another may be proposed."""
    cap = FrequencyCap.objects.locked(cap.pk, "unit")
    refuse_if(rules.why_not_return_cap(cap, by, opinion))
    cap.decide(Consent.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.cap_decided(cap, "上限没有同意", cap.decided_at)
    title = f"{cap.year} 年{cap.get_category_display()}对象的入企检查上限没有同意"
    tell_people([cap.asked_by_id], title, f"意见：{cap.opinion}", duties.address_of(cap))
    trail.record("inspections.cap.returned", by=by, about=cap)
    return cap
