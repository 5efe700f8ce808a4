"""Who asked is forgotten: twelve months after the answer the key of his name is destroyed (domain.md 7.8; decision 0053)."""

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.models import OutgoingMail
from benxi_shuangsuiji.workdays.days import months_after

from .models import ApplicantKey, subject_of


def months() -> int:
    return policy.on(clock.today()).recommended.applicants_kept_months


def forget_due() -> int:
    """How many were forgotten now; of an objection that is not over nobody is."""
    today, kept, forgotten = clock.today(), months(), 0
    for key in ApplicantKey.objects.filter(applicant__objection__ended_at__isnull=False).select_related(
        "applicant__objection__unit"
    ):
        if months_after(localtime(key.applicant.objection.ended_at).date(), kept) < today:
            _forget(key)
            forgotten += 1
    return forgotten


@transaction.atomic
def _forget(key: ApplicantKey) -> None:
    objection = key.applicant.objection
    # What went to him by mail names him as well.
    OutgoingMail.objects.filter(key__startswith=f"{subject_of(objection)}:").update(to="", body="")
    key.delete()
    trail.record("disclosure.objection.forgotten", by=None, unit=objection.unit, no=objection.receipt)
