"""更改已公开的计划: the reason, and then the editor (ui.md 7.2 季度计划)."""

from functools import partial

from django.shortcuts import redirect

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page
from plans.pages import plan_of

from . import actions, rules
from .forms import RevisionForm


@requires(Permission.EDIT_PLANS)
def plan_revise(request, unit, quarter):
    """Ask why, take the plan up again as its next version, and go on to the editor."""
    plan = plan_of(request, unit, quarter, Permission.EDIT_PLANS)
    return act_page(
        request,
        "plans/quarterly/plan_revise.html",
        RevisionForm(request.POST or None),
        partial(actions.revise_plan, plan=plan, by=request.user),
        lambda _: redirect("plans:plan-edit", unit, quarter),
        lambda revised: f"已开始编制第 {revised.revision} 版。它公开以前，公示页仍是第 {revised.revision - 1} 版。",
        refusals_at="reason",
        plan=plan,
        next=plan.revision + 1,
        obstacle=rules.why_not_open_revision(plan, request.user),
    )
