"""How long evidence is kept: by kind, and longer where a case came of the check (四(3)-b)."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from inspections.models import Inspection, Outcome
from registry.facilities.categories import months_after

A_CASE = {Outcome.CASE_FILED, Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL}


def kept_until(inspection: Inspection, kind: str) -> date | None:
    """The last day on which it must still be there; None while the check goes on. `kind`: of `Keeping`."""
    if inspection.ended_at is None:
        return None
    ended = localtime(inspection.ended_at).date()
    term = next(k for k in policy.on(ended).recommended.evidence_kept if k.kind == kind)
    return months_after(ended, term.months_of_a_case if inspection.outcome in A_CASE else term.months)
