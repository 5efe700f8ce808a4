"""接受任务: seen, declared, accepted, each of the team for himself (七(五)-c, -o; 五-4i)."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from inspections.approvals import actions as approvals
from inspections.checks import told
from inspections.dispatch import actions as dispatching
from inspections.models import Acceptance, Inspection, VisitMember
from plans.models import Draw

from . import duties, rules


@transaction.atomic
def hand_out(*, draw: Draw, by: User) -> list[Inspection]:
    """Make the checks of a draw and hand them to their teams; the approval of the whole list is asked for at once.

    From here each waits for the leader's approval and for the word of everybody who goes (七(二)-h, 七(五)-d).
    """
    made = dispatching.dispatch(draw=draw, by=by)
    approvals.ask_for_list(inspections=made, by=by)
    now = clock.now()
    duties.handed_out(made[0], now)
    team = VisitMember.objects.filter(inspection__in=made)
    told.tasks_came(Counter(team.values_list("inspector__user_id", flat=True)), draw.draw_id)
    subjects.house().handed_out(draw.unit, now, by)
    return made


def mark_read(*, inspection: Inspection, by: User, dossier: bool = False) -> Acceptance | None:
    """Note when one of the team first opened the task, or read the dossier to its end; the first time counts."""
    member = rules.member_of(inspection, by)
    if member is None:
        return None
    now = clock.now()
    found, made = Acceptance.objects.get_or_create(member=member, defaults={"read_at": now})
    if made:
        trail.record("inspections.task.read", by=by, about=inspection)
    if dossier and found.dossier_at is None:
        found.dossier_at = now
        found.save(update_fields=["dossier_at"])
        trail.record("inspections.dossier.read", by=by, about=inspection)
    return found


@transaction.atomic
def accept(*, inspection: Inspection, no_conflict: bool, discipline: bool, by: User) -> Inspection:
    """Declare both, and take the task on; with the leader's word the team has it (五-4i)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    member = rules.member_of(inspection, by)
    refuse_if(rules.why_not_accept(inspection, by, member, no_conflict=no_conflict, discipline=discipline))
    declared = {"no_conflict": no_conflict, "discipline": discipline, "accepted_at": now}
    Acceptance.objects.bulk_create(
        [Acceptance(member=member, read_at=now, **declared)],
        update_conflicts=True,  # he has opened the task before: when he did stays
        unique_fields=["member"],
        update_fields=list(declared),
    )
    if member.is_leader:
        inspection.accepted_at = now
        inspection.save_anew()
    trail.record("inspections.accepted", by=by, about=inspection)
    duties.settle(inspection, now)
    return inspection


def anew(inspection: Inspection, member: VisitMember) -> None:
    """Who becomes the leader by an approved replacement takes the task on once more, as its leader (五-4i)."""
    Acceptance.objects.filter(member=member).update(accepted_at=None, no_conflict=False, discipline=False)


def no_longer_waits(inspection: Inspection, now: datetime) -> None:
    """The check has begun, or nobody goes there any more: neither its approval nor anybody's acceptance is waited for."""
    approvals.no_longer_waits(inspection, now)
    duties.settle(inspection, now)
    subjects.house().check_left(inspection, now)
