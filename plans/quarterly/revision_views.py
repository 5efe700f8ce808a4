"""更改已公开的计划: the reason, and then the editor (ui.md 7.2 季度计划)."""

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import Refused
from plans.pages import plan_of

from . import actions, rules
from .forms import RevisionForm


@requires(Permission.EDIT_PLANS)
def plan_revise(request, unit, quarter):
    """Ask why, take the plan up again as its next version, and go on to the editor."""
    plan = plan_of(request, unit, quarter, Permission.EDIT_PLANS)
    form = RevisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            revised = actions.revise_plan(plan=plan, by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(
                request, f"已开始编制第 {revised.revision} 版。它公开以前，公示页仍是第 {plan.revision} 版。"
            )
            return redirect("plans:plan-edit", unit, quarter)
    context = {
        "plan": plan,
        "form": form,
        "next": plan.revision + 1,
        "obstacle": rules.why_not_open_revision(plan, request.user),
    }
    return TemplateResponse(request, "plans/quarterly/plan_revise.html", context)
