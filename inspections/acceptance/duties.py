"""Tasks wait for each of their people (七(五)-c, -o): one duty of each of them, and one of those who see to it, for a draw
or for a check of another source; none of them names a place."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.urls import reverse

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.notices.telling import leads_itself
from inspections.models import Inspection, InspectionStatus, VisitMember

from . import rules


def until_it_is_decided(duties: Sequence[Duty], today: date) -> dict[int, str]:
    """Who has asked to be replaced cannot accept until that is decided, and nobody can press him to (七(五)-c)."""
    periods = {duty.period.partition(":")[0] for duty in duties}
    same = Q(inspection__draw__draw_id__in=periods) | Q(inspection__no__in=periods)
    found = list(waiting_for_acceptance(same).select_related("inspector", "inspection__draw"))
    asked = rules.asked_to_leave({member.inspector_id for member in found})
    held = {}
    for duty in duties:
        of, _, person = duty.period.partition(":")
        his = [
            m for m in found if period_of(m.inspection) == of and (not person or m.inspector.user_id == duty.person_id)
        ]
        if his and all((m.inspector_id, m.inspection_id) in asked for m in his):
            held[duty.pk] = "更换申请的决定"
    return held


_HELD = {"stage": "检查", "noun": "任务接受", "held_up": until_it_is_decided}
ACCEPTANCE = Step("ACCEPT", "督促接受检查任务", button="打开任务", **_HELD)
LEADING = Step("ACCEPTL", "督促本单位人员接受检查任务", button="打开任务", **_HELD)
OWN = Step("ACCEPTM", "声明并接受检查任务", button="接受任务", **_HELD)
DONE = "任务已全部接受"


def period_of(check: Inspection) -> str:
    """Of the draw, or of a check of another source."""
    return check.draw.draw_id if check.draw_id else check.no


def _of_one(check: Inspection, person: int) -> str:
    return f"{period_of(check)}:{person}"


def not_accepted(check: Inspection):
    """The people of the same draw, or of this check, who have a task before them and have not taken it on."""
    same = Q(inspection__draw=check.draw_id) if check.draw_id else Q(inspection=check)
    return waiting_for_acceptance(same)


def owed_by(person) -> dict[str, Duty]:
    """The open to-dos of his own of taking tasks on, by the draw or the check that they are of."""
    open_ones = Duty.objects.open().filter(rule=OWN.id, person=person)
    return {duty.period.rpartition(":")[0]: duty for duty in open_ones}


def owed_for(check: Inspection, owed: dict[str, Duty]) -> Duty | None:
    return owed.get(period_of(check))


def waiting_for_acceptance(same: Q) -> QuerySet[VisitMember]:
    """Whoever of these has not taken on a task that waits for him."""
    waiting = VisitMember.objects.filter(same, inspection__status=InspectionStatus.DISPATCHED)
    return waiting.filter(acceptance__accepted_at__isnull=True)


def _led(check: Inspection, waiting) -> list[Unit]:
    """Whose leaders see to it: of a section the one it has of its own, else the unit's (五-2e)."""
    sections = {member.inspection.executing_unit for member in waiting}
    return list({s if s != check.unit and leads_itself(s) else check.unit for s in sections})


def handed_out(check: Inspection, at: datetime) -> None:
    """Everybody takes his tasks on; the planner and the leader see to it. Who comes into a team later has the same days."""
    settle(check, at)  # of who has left a team
    waiting = list(not_accepted(check).select_related("inspector__user", "inspection__executing_unit"))
    tasks = f"{reverse('inspections:task-list')}?unit={check.unit.code}&quarter={check.year}Q{check.number}&accept=on"
    common = {
        "due": decision_due(at.date(), workdays.calendar()),
        "event": DONE,
        "at": at,
        "consequence": "没有声明并接受的人不能到场。",
    }
    title = f"督促检查小组声明并接受任务 {period_of(check)}"
    ACCEPTANCE.keep(
        check.unit, period_of(check), wanted=bool(waiting), role=Role.PLANNER, title=title, url=tasks, **common
    )
    for unit in _led(check, waiting):
        LEADING.keep(unit, period_of(check), wanted=True, role=Role.APPROVER, title=title, url=tasks, **common)
    for person in {m.inspector.user for m in waiting if m.inspector.user_id}:
        OWN.keep(
            check.unit,
            _of_one(check, person.pk),
            wanted=True,
            role=Role.INSPECTOR,
            title=f"声明并接受检查任务 {period_of(check)}",
            url=reverse("inspections:field-tasks"),
            person=person,
            **common,
        )


def settle(check: Inspection, at: datetime) -> None:
    """Close what nobody has to do any longer."""
    steps = {step.id: step for step in (ACCEPTANCE, LEADING, OWN)}
    of_this = Q(period=period_of(check)) | Q(rule=OWN.id, period__startswith=f"{period_of(check)}:")
    found = list(Duty.objects.open().filter(of_this, rule__in=steps).select_related("unit"))
    if not found:
        return
    waiting = list(not_accepted(check).select_related("inspector", "inspection__executing_unit"))
    people, led = {m.inspector.user_id for m in waiting}, {unit.pk for unit in _led(check, waiting)}
    for duty in found:
        owed = {OWN.id: duty.person_id in people, LEADING.id: duty.unit_id in led}.get(duty.rule, bool(waiting))
        steps[duty.rule].close_if(not owed, duty.unit, duty.period, DONE, at)
