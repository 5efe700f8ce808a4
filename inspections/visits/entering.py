"""到现场核实: a check that began off-site goes on at the place, once the leader has approved it (七(三)-c, N-14)."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.acceptance.rules import why_not_accepted
from inspections.approvals.rules import why_not_approved
from inspections.checks.rules import conflicts_in_force, why_not_certified, why_not_team
from inspections.evidence import actions as recorders
from inspections.evidence.rules import why_not_this_recorder
from inspections.models import Inspection
from inspections.offsite.rules import waits_to_enter
from registry.models import Inspector

from . import rules
from .actions import note_arrival


def why_not_enter(
    inspection: Inspection,
    by: User,
    *,
    at: datetime,
    now: datetime,
    present: list[Inspector],
    recorder_no: str,
    no_recorder_because: str,
) -> str:
    """What is asked of every arrival is asked of this one (七(五)-a, -b, -h)."""
    if reason := why_not_team(inspection, by):
        return reason
    if not waits_to_enter(inspection):
        return "这次检查已经登记到场，或者没有批准现场核实。"
    approved = max(asked.decided_at for asked in inspection.onsite_requests.approved())
    if at > now or at < approved.replace(second=0, microsecond=0):
        return "到场时间应当在批准现场核实之后、现在之前。核对到场时间。"
    team = {m.inspector_id for m in inspection.members.all()}
    if strangers := [p.name for p in present if p.pk not in team]:
        return f"{'、'.join(strangers)}不在检查小组里。人员有变化时，先办理更换。"
    barred = conflicts_in_force([inspection.facility_id], at.date())
    if names := [p.name for p in present if (p.pk, inspection.facility_id) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。办理更换之后再检查。"
    return (
        why_not_approved(inspection, at)
        or why_not_accepted(inspection, present)
        or rules.why_not_led(inspection, present, onsite=True)
        or rules.why_away(inspection, by, present, at.date())
        or why_not_certified(present, at.date(), "到场才能进入现场")
        or rules.why_not_recorded(recorder_no, no_recorder_because)
        or why_not_this_recorder(inspection, recorder_no)
    )


@transaction.atomic
def enter(
    *,
    inspection: Inspection,
    by: User,
    at: datetime,
    present: Iterable[Inspector],
    recorder_no: str,
    no_recorder_because: str = "",
) -> Inspection:
    """Record who came to the place, and when; what was answered from outside stays until somebody answers otherwise."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    people = list(present)
    said = {"recorder_no": recorder_no.strip(), "no_recorder_because": no_recorder_because.strip()}
    refuse_if(why_not_enter(inspection, by, at=at, now=clock.now(), present=people, **said))
    inspection.entered_at = at
    inspection.recorder_no, inspection.no_recorder_because = said["recorder_no"], said["no_recorder_because"]
    inspection.save_anew()
    recorders.switch_on(inspection=inspection, at=at, by=by)
    came = {person.pk for person in people}
    note_arrival([m for m in inspection.members.select_related("inspector") if m.inspector_id in came], at)
    trail.record("inspections.visit.entered", by=by, about=inspection, people=len(people))
    return inspection
