"""How long evidence is kept: by kind, and longer where a case came of the check (四(3)-b)."""

from datetime import date

from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.workdays.days import months_after
from inspections.models import Inspection, Outcome

A_CASE = {Outcome.CASE_FILED, Outcome.TRANSFERRED, Outcome.TRANSFERRED_CRIMINAL}


def led_to_a_case(inspection: Inspection) -> bool:
    """By its outcome, or because an order was not followed."""
    return inspection.outcome in A_CASE or inspection.cases.filed().exists()


def kept_until(inspection: Inspection, kind: str, *, case: bool | None = None) -> date | None:
    """The last day on which it must still be there; None while the check goes on. `kind`: of `Keeping`; `case`: as
    `led_to_a_case` says, for whoever asks of much evidence."""
    if inspection.ended_at is None:
        return None
    ended = localtime(inspection.ended_at).date()
    term = next(k for k in policy.on(ended).recommended.evidence_kept if k.kind == kind)
    case = led_to_a_case(inspection) if case is None else case
    return months_after(ended, term.months_of_a_case if case else term.months)
