"""更换 after dispatch: the approved amendment is computed by `plans`, and the checks that were handed out follow it.

Above `plans`, because a draw knows nothing of checks (七(二)-f, -g; SSJ1 8).
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.notices.telling import tell, tell_people
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.acceptance import actions as acceptance
from inspections.acceptance import duties as acceptance_duties
from inspections.checks import told
from inspections.checks.states import ENDED, SHUT_OR_NOBODY, move_to
from inspections.coverage import actions as coverage
from inspections.coverage import duties as coverage_duties
from inspections.coverage import pace
from inspections.coverage.tally import tally
from inspections.dispatch.rules import section_of
from inspections.exchange import duties as exchange
from inspections.models import Inspection, InspectionStatus, Outcome, VisitMember
from plans.amendments import actions as amend_actions
from plans.amendments import rules as amend_rules
from plans.draw.attempts import kept_when_refused
from plans.models import OF_OBJECTS, AmendmentRequest, ChangeReason, Draw, Pick, Team
from registry.models import ChangeProposal, Inspector, ProposalKind
from registry.proposals.actions import approve_proposals


def why_not_replace(picks: Iterable[Pick], reason: str) -> str:
    """What has begun is finished by those who began it; a place found shut, or nobody at it, may leave the list (七(二)-d)."""
    begun = Inspection.objects.filter(pick__in=[pick.pk for pick in picks]).exclude(
        status__in=[InspectionStatus.DISPATCHED, InspectionStatus.REPLACED]
    )
    if reason in OF_OBJECTS and reason != ChangeReason.ORDER:
        begun = begun.exclude(status__in=ENDED, outcome__in=SHUT_OR_NOBODY)
    if (check := begun.first()) is None:
        return ""
    if check.outcome == Outcome.REFUSED and check.status in ENDED:
        return f"检查 {check.no} 的企业不配合检查，留在名单上，作为发现的问题处理，不能更换。"
    return f"检查 {check.no} {check.get_status_display()}，不能再更换。"


@kept_when_refused("申请更换")
@transaction.atomic
def ask(
    *,
    draw: Draw,
    reason: str,
    evidence: str,
    by: User,
    picks: Iterable[Pick] = (),
    inspector: Inspector | None = None,
    file: tuple[str, bytes] | None = None,
    order_no: str = "",
    found_there: bool = False,
) -> AmendmentRequest:
    """Ask for a replacement before the visit, or after one in vain, and tell those who may approve it, naming nobody."""
    picks = list(picks)
    refuse_if(why_not_replace(picks, reason))
    request = amend_actions.ask_for_amendment(
        draw=draw,
        reason=reason,
        evidence=evidence,
        by=by,
        picks=picks,
        inspector=inspector,
        file=file,
        order_no=order_no,
        found_there=found_there,
    )
    url = reverse("inspections:draw-replacement", args=[draw.draw_id, request.pk])
    told.tell_leaders(request.decided_in, "有 1 份更换申请等批准", f"{draw.draw_id}，写明文号后批准。", url, by=by)
    return request


@kept_when_refused("批准更换")
@transaction.atomic
def approve(*, request: AmendmentRequest, by: User, document_no: str, opinion: str = "") -> AmendmentRequest:
    """Approve the amendment and let the dispatched checks follow, all or nothing.

    Of a place that was found shut the change in the registry that waits is approved with it (六(二)-d).
    """
    # Checks before the draw: a visit that ends locks them in this order too.
    touched = Q(status=InspectionStatus.DISPATCHED) | Q(pick__in=request.picks.all())
    handed_out = Inspection.objects.filter(touched, draw=request.draw_id).order_by("pk")
    list(handed_out.select_for_update(of=["self"]))
    refuse_if(why_not_replace(request.picks.all(), request.reason) or amend_rules.why_not_open_decision(request, by))
    if proposals := proposals_of(request):
        approve_proposals(proposals=proposals, by=by, opinion=opinion)
    request = amend_actions.approve_amendment(request=request, by=by, document_no=document_no, opinion=opinion)
    _follow(request)
    if request.is_loan:
        url = reverse("inspections:draw-replacement", args=[request.draw.draw_id, request.pk])
        told.tell_leaders(
            request.draw.unit, "市执法队派来 1 名检查人员", f"{request.draw.draw_id}，已经批准。", url, by=by
        )
    return request


def proposals_of(request: AmendmentRequest) -> list[ChangeProposal]:
    """What still waits in the registry of that which the request rests on."""
    waiting = ChangeProposal.objects.pending().filter(
        kind=ProposalKind.STATUS,
        payload__status__in=amend_rules.REGISTERED.get(request.reason, ()),
        facility__in=request.picks.values("facility"),
    )
    return list(waiting.select_related("facility"))


@kept_when_refused("不批准更换")
@transaction.atomic
def reject(*, request: AmendmentRequest, by: User, opinion: str) -> AmendmentRequest:
    request = amend_actions.reject_amendment(request=request, by=by, opinion=opinion)
    url = reverse("inspections:field-tasks")
    if request.asked_by.may(Permission.SEE_SEALED, request.draw.unit_id):
        url = reverse("inspections:draw-replacement", args=[request.draw.draw_id, request.pk])
    tell_people([request.asked_by_id], "1 份更换申请没有批准", f"{request.draw.draw_id}，理由见申请。", url)
    return request


def _follow(request: AmendmentRequest) -> None:
    now, number = request.decided_at, request.number
    left, came = Counter(), Counter()
    dropped = Inspection.objects.filter(pick__drop__amendment=number, pick__run=request.run, draw=request.draw_id)
    for inspection in dropped.filter(status=InspectionStatus.DISPATCHED).select_related("draw", "unit"):
        left.update(inspection.members.values_list("inspector__user_id", flat=True))
        inspection.members.update(left_at=now)
        move_to(inspection, InspectionStatus.REPLACED)
        inspection.replaced_at = now
        inspection.save_anew()
        acceptance.no_longer_waits(inspection, now)
    exchange.look_again(request.draw.unit, now, request.decided_by)  # what left the list waits for no number
    if request.reason == ChangeReason.NOTDONE:
        coverage.explained_by(request)
    coverage_duties.quarter_moved(request.draw, now)
    if request.brings_in:
        _tell_when_often(request)
    teams = Team.objects.filter(pick__draw=request.draw_id, pick__run=request.run, amendment=number).prefetch_related(
        "members__inspector"
    )
    checks = {i.pick_id: i for i in Inspection.objects.filter(pick__in=[team.pick_id for team in teams])}
    for team in teams:
        if inspection := checks.get(team.pick_id):
            take_over(inspection, team, now, left, came)
    if request.asked_by.may(Permission.SEE_SEALED, request.draw.unit_id):
        url = reverse("inspections:draw-replacement", args=[request.draw.draw_id, request.pk])
        words = f"{request.draw.draw_id}，{'补入的对象等派发' if request.brings_in else '结果见申请'}。"
        tell_people([request.asked_by_id], "1 份更换申请已批准", words, url)
    told.tasks_left(left, "已更换", "经分管负责人批准，")
    told.tasks_came(came, request.draw.draw_id)


def _tell_when_often(request: AmendmentRequest) -> None:
    """Over what is ordinary the lead office looks at the grounds (K12); a count, no name."""
    draw = request.draw
    quarter = Quarter(draw.year, draw.number)
    if words := pace.why_replaced_often(tally(Pick.objects.filter(draw=draw)), quarter):
        tell(
            role=Role.LEAD_OFFICE,
            unit=draw.unit,
            key=f"replaced:{draw.draw_id}:{request.pk}",
            title=f"{draw.unit}：{quarter.label}抽取名单更换较多",
            body=words,
            url=f"{reverse('inspections:city-progress')}?quarter={quarter}",
            by=request.decided_by,
        )


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
        acceptance.anew(inspection, present[leads])
    for person, member in wanted.items():
        if person not in present:
            VisitMember.of(inspection, member.inspector, member.is_leader).save()
            came[member.inspector.user_id] += 1
    if leads != led:
        inspection.accepted_at = None  # the new leader takes the task on himself (五-4i)
        leader = wanted[leads].inspector if leads else None
        inspection.executing_unit = section_of(leader, inspection.unit, team.pick.draw.plan.executing_unit)  # 五-2e
    inspection.save_anew()
    acceptance_duties.handed_out(inspection, now)
