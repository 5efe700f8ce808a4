"""What follows from a visit in vain: shut, nobody there (七(二)-e, 七(一)1-b).

Shut: the registry's change is proposed in the same step and, while somebody else can still be visited by the 25th, the
replacement is asked for. Nobody there, or too late: the place stays on the list until it is taken off as 季末没有查完.
"""

from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.models import StoredFile
from inspections.checks import told
from inspections.models import Inspection, Outcome
from plans.amendments import actions as amend_actions
from plans.amendments import rules as amend_rules
from plans.models import AmendmentRequest, ChangeReason
from registry.inspectors.rules import scan_type
from registry.models import Facility, OperatingStatus
from registry.proposals.actions import propose_status

REASON_OF = {status: reason for reason, statuses in amend_rules.REGISTERED.items() for status in statuses}


def stored(file: tuple[str, bytes] | None, by: User) -> StoredFile | None:
    return files.store(name=file[0], content=file[1], content_type=scan_type(file[1]), by=by) if file else None


def keep(inspection: Inspection, file: StoredFile | None, earlier_attempt_on: date | None) -> None:
    """What proves it, on the record itself; a returned record keeps the file it has."""
    if file:
        inspection.outcome_file = file
    inspection.earlier_attempt_on = earlier_attempt_on if inspection.outcome == Outcome.UNREACHABLE else None


def follow(inspection: Inspection, registry_status: str, by: User, at: datetime) -> None:
    """Found shut: both are asked for, unless they have been, and both are decided by the leader."""
    if inspection.outcome != Outcome.NOT_OPERATING:
        return
    place = Facility.objects.get(pk=inspection.facility_id)
    if place.status not in REASON_OF and not place.proposals.pending().filter(subject="status").exists():
        propose_status(
            facility=place,
            status=registry_status,
            on=localtime(inspection.started_at).date(),
            reason=f"到场发现{OperatingStatus(registry_status).label}",
            evidence=f"到场所见：{inspection.finding}"[:200],
            by=by,
            seen_there=True,
        )
    if place.status in REASON_OF:
        registry_status = place.status
    if (reason := REASON_OF.get(registry_status)) and not _why_not_ask(inspection, place, reason, at):
        _ask(inspection, reason, by)


def _why_not_ask(inspection: Inspection, place: Facility, reason: ChangeReason, at: datetime) -> bool:
    pick = inspection.pick
    if pick is None or inspection.is_superseded or hasattr(pick, "drop"):
        return True
    waiting = AmendmentRequest.objects.pending().filter(picks=pick)
    too_late = amend_rules.why_too_late(inspection.draw, localtime(at).date(), workdays.calendar())
    return bool(waiting.exists() or too_late or amend_rules.why_not_registered(reason, [place], proposed=True))


def _ask(inspection: Inspection, reason: ChangeReason, by: User) -> None:
    file = inspection.outcome_file
    request = amend_actions.ask_for_amendment(
        draw=inspection.draw,
        reason=reason,
        evidence=f"到场所见：{inspection.finding}"[:300],
        file=(file.name, files.read(file)),
        by=by,
        picks=[inspection.pick],
        found_there=True,
    )
    draw = inspection.draw
    url = reverse("inspections:draw-replacement", args=[draw.draw_id, request.pk])
    told.tell_leaders(draw.unit, "有 1 份更换申请等批准", f"{draw.draw_id}，写明文号后批准。", url, by=by)
