"""A check's record from hand to hand until it is public (D-8), and the quarter that is done with the last one (D-5, D-6)."""

from datetime import datetime

from django.db.models import Q

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.coverage import duties as coverage
from inspections.coverage.gaps import COUNTING
from inspections.models import Inspection, InspectionStatus
from plans.models import Draw, Pick

from .states import ENDED

REVIEW = Step("D-8", button="公开结果", buttons={Role.APPROVER: "审核结果"}, stage="公示")
ALL_PUBLIC = Step("D-6", button="公开结果", noun="结果公开", stage="公示", of_the_checks=True)


def of_the_leader(check: Inspection) -> dict:
    """Whose it is to do something of a visit: its leader's own; the planner's where he has no account, never that of every
    inspector, who would read how far the checks have come (decisions.md 3)."""
    leader = (
        check.members.filter(is_leader=True, inspector__user__isnull=False).select_related("inspector__user").first()
    )
    return {"role": Role.INSPECTOR, "person": leader.inspector.user} if leader else {"role": Role.PLANNER}


def record_handed_in(check: Inspection, by: User, waiting_for: str = "") -> None:
    """The leader has the record before him, or will have it again."""
    title, url = f"审核检查结果 {check.no}", check.get_absolute_url()
    REVIEW.hand_over(check.unit, check.no, role=Role.APPROVER, title=title, url=url, waiting_for=waiting_for, by=by)


def ended(check: Inspection, at: datetime) -> None:
    """It may have been the last of its draw (D-5), of the year or of the cycle (D-17, D-18)."""
    quarter_moved(check, at)
    settle_coverage(check, at)


def quarter_moved(check: Inspection, at: datetime) -> None:
    if check.draw_id:
        coverage.quarter_moved(check.draw, at)


def made_public(check: Inspection, at: datetime) -> None:
    REVIEW.close(check.unit, check.no, "检查结果已公开", at)
    _close_when_all_public(check, at)
    settle_coverage(check, at)


def withheld(check: Inspection, at: datetime) -> None:
    """A law forbids it to be published: nothing is due any more (二-b)."""
    REVIEW.close(check.unit, check.no, "已批准依法不公开", at)
    _close_when_all_public(check, at)


def not_withheld(check: Inspection) -> None:
    REVIEW.reopen(check.unit, check.no)
    if check.draw_id:
        ALL_PUBLIC.reopen(check.unit, str(Quarter(check.year, check.number)))


def settle_coverage(check: Inspection, at: datetime) -> None:
    if check.source in COUNTING:
        coverage.settle(check.facility.unit, at)


def _close_when_all_public(check: Inspection, at: datetime) -> None:
    """Once every result is public, also of a place taken off after a visit; a pick without a team keeps it open (D-6)."""
    if check.draw_id is None:
        return
    Draw.objects.locked(check.draw_id)  # orders two last results
    owed = Q(drop__isnull=True) | Q(inspection__status__in=ENDED)
    settled = Q(inspection__status=InspectionStatus.PUBLISHED) | Q(inspection__withheld_at__isnull=False)
    left = Pick.objects.valid().filter(owed, draw=check.draw_id).exclude(settled)
    ALL_PUBLIC.close_if(not left.exists(), check.unit, str(Quarter(check.year, check.number)), "全部结果公开", at)
