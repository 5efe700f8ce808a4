"""When a page of the visit is not even shown: what is read instead, and where."""

from django.contrib import messages
from django.shortcuts import redirect

from inspections.checks.states import ENDED
from inspections.models import InspectionStatus

from . import rules


def open_to_the_team(request, inspection, *, until_arrival: bool = False):
    """None when the page is shown. From the acceptance on it is, so that a phone can fetch it before it is needed; what is
    written too early is refused by the act. Afterwards the record is closed."""
    status = inspection.status
    if status == InspectionStatus.DISPATCHED:
        if inspection.accepted_at:
            return None
        messages.warning(request, "组长还没有接收这项任务。组长接收之后才能开始检查。")
        return redirect(inspection.field_url)
    if until_arrival and not rules.why_not_write(inspection, request.user):
        return redirect("inspections:field-checklist", inspection.no)
    if status in ENDED and status != InspectionStatus.RETURNED:
        return redirect("inspections:field-submit", inspection.no)
    if reason := rules.why_not_write(inspection, request.user):
        messages.warning(request, reason)
        return redirect(inspection.field_url)
    return None


def too_early(inspection, user) -> str:
    """The sentence on a page that is shown before its time."""
    return rules.why_not_write(inspection, user) or rules.why_not_shown(inspection)
