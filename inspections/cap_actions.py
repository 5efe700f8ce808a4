"""What people do with caps on visits: propose, approve or not agree (一-e, N-4)."""

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if

from . import cap_rules as rules
from .models import FrequencyCap
from .replacements import tell


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
    cap = _locked(cap)
    refuse_if(rules.why_not_approve_cap(cap, by))
    cap.approved_by, cap.approved_at = by, clock.now()
    cap.save(update_fields=["approved_by", "approved_at"])
    trail.record("inspections.cap.approved", by=by, about=cap)
    return cap


@transaction.atomic
def return_cap(*, cap: FrequencyCap, opinion: str, by: User) -> FrequencyCap:
    """The leader does not agree; who proposed it hears why, and another may be proposed."""
    cap = _locked(cap)
    refuse_if(rules.why_not_return_cap(cap, by, opinion))
    cap.returned_by, cap.returned_at, cap.opinion = by, clock.now(), opinion.strip()[:200]
    cap.save(update_fields=["returned_by", "returned_at", "opinion"])
    title = f"{cap.year} 年{cap.get_category_display()}对象的入企检查上限没有同意"
    tell([cap.proposed_by_id], title, f"意见：{cap.opinion}", _address(cap))
    trail.record("inspections.cap.returned", by=by, about=cap)
    return cap


def _locked(cap: FrequencyCap) -> FrequencyCap:
    return FrequencyCap.objects.select_for_update(of=("self",)).select_related("unit").get(pk=cap.pk)


def _address(cap: FrequencyCap) -> str:
    return f"{reverse('inspections:frequency-list')}?unit={cap.unit.code}&quarter={cap.year}Q1"
