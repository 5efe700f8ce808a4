"""Why somebody cannot take a task on, or come without having taken it on (七(五)-c, -o; 五-4i)."""

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.forms.decision import Decision
from inspections.checks.rules import conflicts_in_force
from inspections.models import Inspection, InspectionStatus, Swap, VisitMember
from plans.models import AmendmentRequest
from registry.models import Inspector


def member_of(inspection: Inspection, by) -> VisitMember | None:
    return inspection.members.filter(inspector__user=by).select_related("inspector", "acceptance").first()


def accepted_at(member: VisitMember):
    """When this person took the task on; None until then."""
    return member.acceptance.accepted_at if hasattr(member, "acceptance") else None


def who_has_not(inspection: Inspection) -> list[VisitMember]:
    """Of a check that was handed out, who of its team has not taken it on."""
    if inspection.status != InspectionStatus.DISPATCHED:
        return []
    return [member for member in inspection.members.all() if not accepted_at(member)]


def not_taken_on() -> Q:
    """Checks of which `who_has_not` names somebody."""
    waiting = VisitMember.objects.filter(inspection=OuterRef("pk"), acceptance__accepted_at__isnull=True)
    return Q(Exists(waiting), status=InspectionStatus.DISPATCHED)


def recusal_of(inspection: Inspection, by) -> Decision | None:
    """His own request to be taken off that waits for the leader (七(五)-c)."""
    if inspection.pick_id is None:
        return inspection.swaps.pending().filter(leaving__user=by).first()
    return AmendmentRequest.objects.pending().filter(picks=inspection.pick_id, inspector__user=by).first()


def asks_to_leave(by) -> set[int]:
    """Of which checks he has asked to be taken off and waits for the leader; one question for a whole list."""
    drawn = AmendmentRequest.objects.pending().filter(inspector__user=by).values("picks")
    others = Swap.objects.pending().filter(leaving__user=by).values("inspection")
    return set(Inspection.objects.filter(Q(pick__in=drawn) | Q(pk__in=others)).values_list("pk", flat=True))


def asked_to_leave(people: Collection[int]) -> set[tuple[int, int]]:
    """Of these inspectors: (inspector, check) of which it is asked that he be replaced, by himself or by the planner."""
    drawn = AmendmentRequest.objects.pending().filter(inspector__in=people, picks__inspection__isnull=False)
    others = Swap.objects.pending().filter(leaving__in=people)
    return {*drawn.values_list("inspector", "picks__inspection"), *others.values_list("leaving", "inspection")}


def why_not_accept(
    inspection: Inspection, by, member: VisitMember | None, *, no_conflict: bool = True, discipline: bool = True
) -> str:
    """Each for himself, both declared by hand; who has an interest does not come (七(五)-c). `member`: he, in the team."""
    if member is None:
        return "只有检查小组成员接受任务。"
    if accepted_at(member):
        return "任务已经接受。"
    if inspection.status != InspectionStatus.DISPATCHED:
        return f"这次检查{inspection.get_status_display()}，不用再接受。"
    if recusal_of(inspection, by):
        return "已申请更换，等批准。"
    if (member.inspector_id, inspection.facility_id) in conflicts_in_force([inspection.facility_id], clock.today()):
        return "登记了与这家企业的利害关系，应当回避。申请由别人检查。"
    return "" if no_conflict and discipline else "两件都声明了才能接受。"


def _leaving(inspection: Inspection, people: set[int]) -> Inspector | None:
    """One of those present whose replacement waits for the leader, in a drawn check and in any other."""
    if inspection.pick_id is None:
        asked = inspection.swaps.pending().filter(leaving__in=people).select_related("leaving").first()
        return asked and asked.leaving
    waiting = AmendmentRequest.objects.pending().filter(picks=inspection.pick_id, inspector__in=people)
    asked = waiting.select_related("inspector").first()
    return asked and asked.inspector


def why_not_accepted(inspection: Inspection, present: Iterable[Inspector]) -> str:
    """Nobody arrives who has not declared and accepted for himself, or of whom it is asked to be replaced (七(五)-c, -o)."""
    people = {person.pk for person in present}
    if leaving := _leaving(inspection, people):
        return f"{leaving.name}的更换申请在等批准。分管负责人批准或者退回以后再到场。"
    members = [member for member in inspection.members.all() if member.inspector_id in people]
    missing = [member.inspector.name for member in members if not accepted_at(member)]
    if not missing:
        return ""
    return f"{'、'.join(missing)}还没有声明并接受任务。本人在手机上接受以后才能到场。"
