"""换人: asked for by the planner or the officer himself, approved by another with a document (七(五)-c, 四(2))."""

from collections import Counter

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.acceptance import duties as acceptance_duties
from inspections.checks import told
from inspections.models import Inspection, Swap, VisitMember
from inspections.targeted.rules import executing_unit
from plans.models import RequestState
from registry.models import Inspector

from . import duties, rules

ALONG = ("unit", "facility")


@transaction.atomic
def ask(
    *,
    inspection: Inspection,
    reason: str,
    evidence: str,
    leaving: Inspector,
    by: User,
    coming: Inspector | None = None,
) -> Swap:
    inspection = Inspection.objects.locked(inspection.pk, *ALONG)
    words = {"reason": reason, "evidence": evidence, "leaving": leaving, "coming": coming}
    refuse_if(rules.why_not_ask(inspection, by, today=clock.today(), **words))
    swap = Swap.objects.create(
        inspection=inspection, **words | {"evidence": evidence.strip()}, asked_by=by, asked_at=clock.now()
    )
    duties.asked(swap)
    trail.record("inspections.swap.asked", by=by, about=inspection, reason=reason)
    return swap


@transaction.atomic
def approve(*, swap: Swap, by: User, document_no: str, coming: Inspector | None = None, opinion: str = "") -> Swap:
    """The one leaves and the other comes, who declares and accepts for himself (五-4i)."""
    inspection = Inspection.objects.locked(swap.inspection_id, *ALONG)
    swap = Swap.objects.locked(swap.pk, "leaving", "coming", "asked_by")
    swap.inspection = inspection
    now, coming = clock.now(), coming or swap.coming
    refuse_if(rules.why_not_approve(swap, by, coming=coming, document_no=document_no, today=now.date()))
    left = inspection.members.get(inspector=swap.leaving_id)
    left.left_at = now
    left.save(update_fields=["left_at"])
    VisitMember.of(inspection, coming, left.is_leader).save()
    if left.is_leader:
        inspection.accepted_at = None
        inspection.executing_unit = executing_unit(inspection.unit, coming)
    inspection.save_anew()
    along = {"coming": coming, "document_no": document_no.strip()}
    swap.decide(RequestState.APPROVED, by=by, at=now, opinion=opinion, **along)
    duties.decided(swap, now)
    acceptance_duties.handed_out(inspection, now)
    told.tasks_left(Counter([swap.leaving.user_id]), "已更换", "经分管负责人批准，")
    told.tasks_came(Counter([coming.user_id]), inspection.no)
    trail.record("inspections.swap.approved", by=by, about=inspection, document=swap.document_no)
    return swap


@transaction.atomic
def reject(*, swap: Swap, by: User, opinion: str) -> Swap:
    inspection = Inspection.objects.locked(swap.inspection_id, *ALONG)
    swap = Swap.objects.locked(swap.pk, "leaving", "coming", "asked_by")
    swap.inspection = inspection
    refuse_if(rules.why_not_reject(swap, by, opinion=opinion))
    swap.decide(RequestState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(swap, swap.decided_at)
    url = inspection.field_url if swap.leaving.user_id == swap.asked_by_id else inspection.get_absolute_url()
    tell_people([swap.asked_by_id], "1 份更换申请没有批准", f"{inspection.no}，理由见申请。", url)
    trail.record("inspections.swap.rejected", by=by, about=inspection)
    return swap
