"""更正 after dispatch: the draw is computed anew by `plans`, and the checks that were handed out follow the new list.

Above `plans`, because a draw knows nothing of checks (SSJ1 9.1; 七(二)-d). What has begun is finished by those who began it,
drawn or not; what nobody has begun follows the list that holds (docs/decisions/0013-corrections-in-place.md).
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import tell as tell_role
from benxi_shuangsuiji.notices.telling import tell_people
from inspections.acceptance import actions as acceptance
from inspections.checks import told
from inspections.checks.states import DROPPED, move_to
from inspections.exchange import duties as exchange
from inspections.models import Inspection, InspectionStatus, TargetedCheck
from inspections.replacements.actions import take_over
from plans.corrections import actions as correct_actions
from plans.corrections.rules import CORRECT_WORD
from plans.draw.attempts import kept_when_refused
from plans.models import AmendmentRequest, CorrectionRequest, Draw, Pick

from . import duties

NO_LONGER_DRAWN = "公开随机数更正，名单重算，这家企业不在更正后的名单里"


@dataclass
class Followed:
    """How the checks of the earlier run followed: counts, which is all that messages and the trail say."""

    cancelled: int = 0
    moved: int = 0  # not begun, drawn again: the same task with the team of the new list
    kept: int = 0  # begun, drawn again
    left_over: int = 0  # begun, or joined to a targeted check, and no longer drawn
    waiting: int = 0  # newly drawn, to be dispatched


@kept_when_refused("批准更正公开随机数")
@transaction.atomic
def approve(
    *,
    request: CorrectionRequest,
    values: Mapping[int, str],
    by: User,
    document_no: str,
    word: str = CORRECT_WORD,
    opinion: str = "",
) -> CorrectionRequest:
    """Approve the correction and let the dispatched checks follow, all or nothing."""
    # Checks before the draw: a visit that ends locks them in this order too.
    list(Inspection.objects.filter(draw=request.draw_id).order_by("pk").select_for_update(of=["self"]))
    request, lapsed = correct_actions.approve_correction(
        request=request, values=values, by=by, document_no=document_no, word=word, opinion=opinion
    )
    if request.run > 1:
        _follow(request, lapsed, by)
    return request


def _follow(request: CorrectionRequest, lapsed: list[AmendmentRequest], by: User) -> None:
    now = request.decided_at
    draw = Draw.objects.select_related("unit", "plan").get(pk=request.draw_id)
    drawn = {pick.facility_id: pick for pick in draw.picks.standing().prefetch_related("teams__members__inspector")}
    done, left, came = Followed(), Counter(), Counter()
    earlier = Inspection.objects.filter(draw=draw, pick__run__lt=draw.run).exclude(status__in=DROPPED)
    joined = set(TargetedCheck.objects.standing().filter(inspection__in=earlier).values_list("inspection", flat=True))
    for inspection in earlier.select_related("draw", "unit", "pick").order_by("pk"):
        pick = drawn.get(inspection.facility_id)
        begun = inspection.status != InspectionStatus.DISPATCHED
        if pick is None and (begun or inspection.pk in joined):
            done.left_over += 1
        elif pick is None:
            done.cancelled += 1
            _call_off(inspection, now, left)
        elif begun:
            done.kept += 1
            inspection.begun_under = inspection.begun_under or inspection.pick
            inspection.pick = pick
            inspection.save_anew()
        else:
            done.moved += 1
            inspection.pick = pick
            take_over(inspection, pick.team, now, left, came)
    _duties_follow(draw, done, by, now)
    _tell(draw, request, lapsed, done, left, came, by)
    counts = {"cancelled": done.cancelled, "moved": done.moved, "kept": done.kept, "left_over": done.left_over}
    trail.record("inspections.corrected", by=by, about=draw, run=draw.run, waiting=done.waiting, **counts)


def _call_off(inspection: Inspection, now, left: Counter) -> None:
    left.update(inspection.members.values_list("inspector__user_id", flat=True))
    inspection.members.update(left_at=now)
    move_to(inspection, InspectionStatus.CANCELLED)
    inspection.cancelled_at, inspection.cancelled_because = now, NO_LONGER_DRAWN
    inspection.save_anew()
    acceptance.no_longer_waits(inspection, now)


def _duties_follow(draw: Draw, done: Followed, by: User, now) -> None:
    """What is newly drawn is to be dispatched, checked and made public; what was done with the wrong list is not undone."""
    done.waiting = Pick.objects.standing().filter(draw=draw, inspection__isnull=True).count()
    duties.follow_the_draw(draw, done.waiting, by, now)
    exchange.look_again(draw.unit, now, by)


def _tell(draw: Draw, request: CorrectionRequest, lapsed, done: Followed, left: Counter, came: Counter, by) -> None:
    """Each his own count, and the unit the sums; nobody's name (decisions.md 3)."""
    said = [
        f"等派发 {done.waiting} 件",
        f"同一家企业换检查小组 {done.moved} 件",
        f"取消 {done.cancelled} 件",
        f"已经开始的 {done.kept + done.left_over} 件照常办完",
    ]
    body = f"{draw.draw_id}，名单按公告的号码重算（第 {draw.run} 次计算）：{'，'.join(said)}。"
    amended = draw.documents.filter(kind="AMEND", run=draw.run - 1).count()
    if amended or lapsed:
        body += f"更正以前的更换（{amended} 次）和待批的申请（{len(lapsed)} 份）不带到新名单，仍要更换的重新申请。"
    for role in (Role.PLANNER, Role.APPROVER):
        tell_role(
            role=role,
            unit=draw.unit,
            key=f"corrected:{request.pk}",
            title=f"{draw.unit}：公开随机数已更正，名单重算",
            body=body,
            url=draw.get_absolute_url(),
            by=by,
        )
    tasks = reverse("inspections:field-tasks")
    for asked in lapsed:
        url = tasks
        if asked.asked_by.may(Permission.SEE_SEALED, draw.unit_id):
            url = reverse("inspections:draw-replacement", args=[draw.draw_id, asked.pk])
        tell_people([asked.asked_by_id], "1 份更换申请因名单更正退回", f"{draw.draw_id}，理由见申请。", url)
    told.tasks_left(left, "已取消或换人", "公开随机数更正，名单重算，")
    told.tasks_came(came, draw.draw_id)
