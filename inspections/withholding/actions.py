from django.db import transaction

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import Inspection, Withholding
from plans.models import RequestState

from . import duties, rules

ALONG = ("unit", "draw")


@transaction.atomic
def ask(*, inspection: Inspection, ground: str, words: str, by: User) -> Withholding:
    inspection = Inspection.objects.locked(inspection.pk, *ALONG)
    refuse_if(rules.why_not_ask(inspection, by, ground=ground, words=words))
    withholding = Withholding.objects.create(
        inspection=inspection, ground=ground, words=words.strip(), asked_by=by, asked_at=clock.now()
    )
    duties.asked(withholding)
    trail.record("inspections.withholding.asked", by=by, about=inspection, ground=ground)
    return withholding


def _locked(withholding: Withholding) -> Withholding:
    inspection = Inspection.objects.locked(withholding.inspection_id, *ALONG)
    withholding = Withholding.objects.locked(withholding.pk, "asked_by")
    withholding.inspection = inspection
    return withholding


@transaction.atomic
def approve(*, withholding: Withholding, by: User, document_no: str, opinion: str = "") -> Withholding:
    """Its 20 working days are over with that; the year's closing names it with ground and document."""
    withholding = _locked(withholding)
    refuse_if(rules.why_not_approve(withholding, by, document_no=document_no))
    now, check = clock.now(), withholding.inspection
    withholding.decide(RequestState.APPROVED, by=by, at=now, opinion=opinion, document_no=document_no.strip())
    check.withheld_at = now
    check.save_anew()
    duties.decided(withholding, "已批准依法不公开", now)
    subjects.house().publicity_moved(check)
    trail.record("inspections.withholding.approved", by=by, about=check, document=withholding.document_no)
    return withholding


@transaction.atomic
def reject(*, withholding: Withholding, by: User, opinion: str) -> Withholding:
    withholding = _locked(withholding)
    refuse_if(rules.why_not_reject(withholding, by, opinion=opinion))
    withholding.decide(RequestState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.decided(withholding, "没有批准不公开", withholding.decided_at)
    check = withholding.inspection
    words = f"{check.no}，按期公开。意见：{withholding.opinion}"
    tell_people([withholding.asked_by_id], "1 项结果没有批准不公开", words, duties.url_of(check))
    trail.record("inspections.withholding.rejected", by=by, about=check)
    return withholding


@transaction.atomic
def lift(*, withholding: Withholding, by: User, because: str) -> Withholding:
    """The ground is gone: the result waits for publication again, late as it is."""
    withholding = _locked(withholding)
    refuse_if(rules.why_not_lift(withholding, by, because=because))
    withholding.lifted_at, withholding.lifted_by = clock.now(), by
    withholding.lifted_because = because.strip()[:200]
    withholding.save(update_fields=["lifted_at", "lifted_by", "lifted_because"])
    check = withholding.inspection
    check.withheld_at = None
    check.save_anew()
    duties.lifted(check)
    subjects.house().publicity_moved(check)
    trail.record("inspections.withholding.lifted", by=by, about=check)
    return withholding
