"""Plans that a changed number of 《实施方案》 reaches before their list is sealed: whoever has them in hand is told (附-b)."""

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import PolicyChange
from benxi_shuangsuiji.notices.telling import tell
from benxi_shuangsuiji.workdays.days import Quarter, full_date
from plans.models import DrawStatus, PlanStatus, QuarterlyPlan

# By these a plan is made, approved and sealed.
OF_A_PLAN = {"key_basis_points", "cap_per_item", "min_team_size", "plan_due_day", "draw_due_day", "close_day"}
SEALED = (DrawStatus.FROZEN, DrawStatus.DRAWN, DrawStatus.RELEASED)


def tell_plans(change: PolicyChange, by: User) -> None:
    """Tell the planner of each plan from that day on, and the leader who has it before him."""
    if change.parameter not in OF_A_PLAN:
        return
    first = Quarter.of(change.effective_from)
    plans = QuarterlyPlan.objects.filter(year__gte=first.year).exclude(draws__status__in=SEALED)
    for plan in plans.select_related("unit").order_by("pk"):
        if plan.quarter < first:
            continue
        roles = [Role.PLANNER] + ([Role.APPROVER] if plan.status == PlanStatus.SUBMITTED else [])
        title = f"{plan.unit} {plan.quarter.label}计划按新的参数核对：{change.what.words} {change.shown}"
        body = (
            f"{full_date(change.effective_from)}起执行，依据 {change.source_document}。不符合的，批准和封存时会被拒绝。"
        )
        for role in roles:
            key = f"law:{change.pk}:{plan.pk}:{role}"
            tell(role=role, unit=plan.unit, key=key, title=title, body=body, url=plan.get_absolute_url(), by=by)
