"""更换 after dispatch: the approved amendment is computed by `plans`, and the checks that were handed out follow it.

Above `plans`, because a draw knows nothing of checks (七(二)-f, -g; SSJ1 8).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks import told
from inspections.checks.duties import close_when_all
from inspections.checks.states import ENDED, move_to
from inspections.coverage.steps import CHECKED
from inspections.models import Inspection, InspectionStatus, VisitMember
from plans.amendments import actions as amend_actions
from plans.draw.attempts import kept_when_refused
from plans.models import AmendmentRequest, Draw, Pick, Team
from registry.models import Inspector


def why_not_replace(picks: Iterable[Pick]) -> str:
    """What has begun is finished by those who began it (七(二)-d)."""
    begun = (
        Inspection.objects.filter(pick__in=[pick.pk for pick in picks])
        .exclude(status__in=[InspectionStatus.DISPATCHED, InspectionStatus.REPLACED])
        .first()
    )
    return f"检查 {begun.no} {begun.get_status_display()}，不能再更换。" if begun else ""


@kept_when_refused("申请更换")
@transaction.atomic
def ask(
    *, draw: Draw, reason: str, evidence: str, by: User, picks: Iterable[Pick] = (), inspector: Inspector | None = None
) -> AmendmentRequest:
    """Ask for a replacement before the visit, and tell those who may approve it, naming nobody."""
    picks = list(picks)
    refuse_if(why_not_replace(picks))
    request = amend_actions.ask_for_amendment(
        draw=draw, reason=reason, evidence=evidence, by=by, picks=picks, inspector=inspector
    )
    url = reverse("inspections:replacement", args=[draw.draw_id, request.pk])
    told.tell_leaders(request.decided_in, "有 1 份更换申请等批准", f"{draw.draw_id}，写明文号后批准。", url, by=by)
    return request


@kept_when_refused("批准更换")
@transaction.atomic
def approve(*, request: AmendmentRequest, by: User, document_no: str, opinion: str = "") -> AmendmentRequest:
    """Approve the amendment and let the dispatched checks follow, all or nothing."""
    # Checks before the draw: a visit that ends locks them in this order too.
    handed_out = Inspection.objects.filter(draw=request.draw_id, status=InspectionStatus.DISPATCHED).order_by("pk")
    list(handed_out.select_for_update(of=["self"]))
    refuse_if(why_not_replace(request.picks.all()))
    request = amend_actions.approve_amendment(request=request, by=by, document_no=document_no, opinion=opinion)
    _follow(request)
    if request.is_loan:
        url = reverse("inspections:replacement", args=[request.draw.draw_id, request.pk])
        told.tell_leaders(
            request.draw.unit, "市执法队派来 1 名检查人员", f"{request.draw.draw_id}，已经批准。", url, by=by
        )
    return request


@kept_when_refused("不批准更换")
@transaction.atomic
def reject(*, request: AmendmentRequest, by: User, opinion: str) -> AmendmentRequest:
    request = amend_actions.reject_amendment(request=request, by=by, opinion=opinion)
    url = reverse("inspections:field-tasks")
    if request.asked_by.may(Permission.SEE_SEALED, request.draw.unit_id):
        url = reverse("inspections:replacement", args=[request.draw.draw_id, request.pk])
    tell_people([request.asked_by_id], "1 份更换申请没有批准", f"{request.draw.draw_id}，理由见申请。", url)
    return request


def _follow(request: AmendmentRequest) -> None:
    now, number = request.decided_at, request.number
    left, came = Counter(), Counter()
    dropped = Inspection.objects.filter(
        pick__drop__amendment=number, pick__run=request.run, draw=request.draw_id
    ).select_related("draw", "unit")
    for inspection in dropped:
        left.update(inspection.members.values_list("inspector__user_id", flat=True))
        inspection.members.update(left_at=now)
        move_to(inspection, InspectionStatus.REPLACED)
        inspection.replaced_at = now
        inspection.save_anew()
        close_when_all(inspection, CHECKED, "全部检查完成", ENDED, now)
    teams = Team.objects.filter(pick__draw=request.draw_id, pick__run=request.run, amendment=number).prefetch_related(
        "members__inspector"
    )
    checks = {i.pick_id: i for i in Inspection.objects.filter(pick__in=[team.pick_id for team in teams])}
    for team in teams:
        if inspection := checks.get(team.pick_id):
            take_over(inspection, team, now, left, came)
    if request.asked_by.may(Permission.SEE_SEALED, request.draw.unit_id):
        url = reverse("inspections:replacement", args=[request.draw.draw_id, request.pk])
        tell_people([request.asked_by_id], "1 份更换申请已批准", f"{request.draw.draw_id}，补入的对象等派发。", url)
    told.tasks_left(left, "已更换", "经分管负责人批准，")
    told.tasks_came(came)


def take_over(inspection: Inspection, team: Team, now: datetime, left: Counter, came: Counter) -> None:
    """Give the check the team that the draw now names: the others leave, the new ones come, the leader is who the draw says."""
    wanted = {member.inspector_id: member for member in team.members.all()}
    present = {member.inspector_id: member for member in inspection.members.select_related("inspector")}
    for person, member in present.items():
        if person not in wanted:
            member.left_at = now
            member.save(update_fields=["left_at"])
            left[member.inspector.user_id] += 1
    led = next((person for person, member in present.items() if member.is_leader), None)
    leads = next((person for person, member in wanted.items() if member.is_leader), None)
    if led in wanted and leads != led:  # after a correction the same person may go as a member
        VisitMember.objects.filter(pk=present[led].pk).update(is_leader=False)
    if leads in present and leads != led:
        VisitMember.objects.filter(pk=present[leads].pk).update(is_leader=True)
    for person, member in wanted.items():
        if person not in present:
            VisitMember.of(inspection, member.inspector, member.is_leader).save()
            came[member.inspector.user_id] += 1
    if leads != led:
        inspection.accepted_at = None  # the new leader takes the task on himself (五-4i)
    inspection.save_anew()
