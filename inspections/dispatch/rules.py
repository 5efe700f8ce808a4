from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Q, When

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Permission
from inspections.checks.rules import OPEN_WORDS, conflicts_in_force, why_not_certified
from inspections.checks.states import ENDED, SHUT_OR_NOBODY
from inspections.models import InspectionStatus
from plans.bases import rules as basis_rules
from plans.models import Draw, DrawStatus, Pick, PlanItem
from registry.inspectors import card_scope
from registry.models import Category, Inspector


# Dispatch
@dataclass(frozen=True)
class Waiting:
    """A pick without a check, its team, and why it cannot be dispatched ("" = it can)."""

    pick: Pick
    members: list
    obstacle: str


def waiting(draw: Draw, day: date) -> list[Waiting]:
    """The picks of a draw that have not been dispatched, in the order of the result."""
    picks = list(
        Pick.objects.standing()
        .filter(draw=draw, inspection__isnull=True)
        .select_related("facility")
        .prefetch_related("teams__members__inspector__unit")
        .order_by("category", "no")
    )
    barred = conflicts_in_force([p.facility_id for p in picks], day)
    rows = list(PlanItem.objects.filter(plan=draw.plan_id).select_related("item"))
    unfit = basis_rules.obstacles((row.item for row in rows), day)
    planned = {c: [row.item_id for row in rows if getattr(row, c)] for c in Category.values}
    found = []
    for pick in picks:
        members = list(pick.team.members.all()) if pick.team else []
        obstacle = why_not_send(pick, members, barred, day)
        if not obstacle:
            obstacle = why_no_items(pick, planned[pick.category], unfit)
        found.append(Waiting(pick, members, obstacle))
    return found


def section_of(leader: Inspector | None, unit: Unit, otherwise: Unit) -> Unit:
    """A check of the city team is carried out by the HQ section whose officer leads it (五-2e); a branch's by its section."""
    home = leader.unit if leader else None
    return home if home and home.kind == UnitKind.HQ_SECTION and home.parent_id == unit.pk else otherwise


def why_no_items(pick: Pick, planned: list[int], unfit: dict[int, str]) -> str:
    """Something must be left to check: planned for the category, on the public list, with a basis in force (N-3)."""
    if not planned:
        return f"计划里没有安排{pick.get_category_display()}对象的检查事项，由分管负责人核对计划。"
    if all(item in unfit for item in planned):
        return f"{unfit[planned[0]]}。"
    return ""


def replaceable(draw: Draw):
    """The picks whose check has not begun, or was not possible, in the order of the law."""
    ranks = [When(category=category, then=rank) for rank, category in enumerate(Category)]
    in_vain = Q(inspection__status__in=ENDED, inspection__outcome__in=SHUT_OR_NOBODY)
    begun = Q(inspection__isnull=False) & ~Q(inspection__status=InspectionStatus.DISPATCHED) & ~in_vain
    return draw.picks.standing().exclude(begun).order_by(Case(*ranks), "no")


def why_nothing_to_replace(draw: Draw) -> str:
    return "" if replaceable(draw).exists() else "这次抽取的检查都已开始，不能再更换。"


def why_not_dispatch(draw: Draw, by) -> str:
    if not by.may(Permission.DISPATCH, draw.unit_id):
        return "只有本单位的计划员可以派发检查任务。"
    if draw.status not in (DrawStatus.DRAWN, DrawStatus.RELEASED):
        return f"{draw.draw_id} {draw.get_status_display()}，抽取完成之后才能派发。"
    return ""


def why_not_any(tasks: list[Waiting]) -> str:
    """Nothing is left to dispatch, or nothing of it can be."""
    if not tasks:
        return "本次抽取的检查任务已经全部派发，不能再派发一次。"
    if all(t.obstacle for t in tasks):
        return "没有可以派发的任务。" + "".join(f"第 {t.pick.no} 签：{t.obstacle}" for t in tasks[:3])
    return ""


def why_not_send(pick: Pick, members: list, barred: set[tuple[int, int]], day: date) -> str:
    """One leader, enough certificates valid today, nobody with an interest (七(五)-a, -b, -c; A-24)."""
    team = pick.team
    if team is None or team.open_reason or not members:
        reason = OPEN_WORDS.get(team.open_reason, "没有配齐检查小组") if team else "没有检查小组"
        return f"{reason}。增派本单位的人员，或申请由市执法队派人。"
    if reason := why_not_certified([m.inspector for m in members], day, "才能派发"):
        return reason
    if sum(m.is_leader for m in members) != policy.on(day).leaders_per_team:
        return "检查小组没有组长。由分管负责人批准更换。"
    if names := [m.inspector.name for m in members if (m.inspector_id, pick.facility_id) in barred]:
        return f"{'、'.join(names)}登记了与这家企业的利害关系，应当回避。由分管负责人批准更换。"
    if reason := card_scope.why_out_of_scope([m.inspector for m in members], pick.facility):
        return f"{reason}由分管负责人批准更换。"
    return ""
