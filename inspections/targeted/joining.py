"""综合查一次: which visit an approved check may join, and why it may not (一-d, N-5)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from inspections.models import Inspection, InspectionStatus, TargetedCheck, TargetedState

NOTHING_TO_JOIN = "没有可以合并的检查。核对检查编号。"


def joinable(asked: TargetedCheck, user):
    """The visits which an approved check may join: at the same place, not begun, of whatever unit whose planner asks.

    Nobody outside the circle is offered anything, whatever there is (decisions.md 3).
    """
    if why_not_join_at_all(asked):
        return Inspection.objects.none()
    return (
        Inspection.objects.filter(
            unit__in=_planned_by(user),
            facility=asked.facility_id,
            mode=asked.mode,
            status=InspectionStatus.DISPATCHED,
        )
        .exclude(pk=asked.inspection_id)
        .order_by("finish_by", "no")
    )


def offered(into: Inspection, user):
    """The approved checks of other units that the planner of this visit may take into it (一-d)."""
    if into.status != InspectionStatus.DISPATCHED or into.unit_id not in _planned_by(user):
        return TargetedCheck.objects.none()
    return (
        TargetedCheck.objects.filter(
            facility=into.facility_id,
            mode=into.mode,
            state=TargetedState.APPROVED,
            merged_at__isnull=True,
            inspection__status=InspectionStatus.DISPATCHED,
        )
        .exclude(unit=into.unit_id)
        .select_related("unit", "inspection")
        .prefetch_related("items")
        .order_by("finish_by", "no")
    )


def _planned_by(user) -> set[int]:
    return user.units_with(Permission.SEE_SEALED) & user.units_with(Permission.RAISE_CHECK)


def why_not_join_at_all(asked: TargetedCheck) -> str:
    """Why this check joins no visit, whatever there is."""
    if asked.state != TargetedState.APPROVED:
        return "批准之后才能合并。"
    if asked.merged_at:
        return "这次检查已经并入另一次检查。"
    if asked.inspection.status != InspectionStatus.DISPATCHED:
        return "检查已经开始，不能再合并。"
    return ""


def why_not_join(asked: TargetedCheck, into: Inspection | None, by, day: date) -> str:
    """One visit, with the items of both, by a team that may check them all (一-d, N-5).

    Its own planner takes a check in: another unit's visit is for everybody else as good as none.
    """
    planned = _planned_by(by)
    if not planned & {asked.unit_id, into.unit_id if into else asked.unit_id}:
        return "由本单位的计划员合并。"
    if reason := why_not_join_at_all(asked):
        return reason
    if into is None or into.unit_id not in planned or into.facility_id != asked.facility_id:
        return NOTHING_TO_JOIN
    if into.pk == asked.inspection_id:
        return "这就是它自己的检查。选另一次。"
    if into.status != InspectionStatus.DISPATCHED:
        return f"检查 {into.no} {into.get_status_display()}，不能再并入。"
    if into.mode != asked.mode:
        return f"两次检查的方式不同（{into.get_mode_display()}、{asked.get_mode_display()}），不能合并。"
    if into.finish_by < day:
        return f"检查 {into.no} 已过完成日期，不能再并入。"
    needed = {item.needs_scope for item in asked.items.all() if item.needs_scope}
    people = [m.inspector for m in into.members.select_related("inspector")]
    if names := [p.name for p in people if not needed.issubset(p.scopes)]:
        return f"检查 {into.no} 的{'、'.join(names)}没有增加的事项要求的专业资格，不能并入。"
    return ""
