"""Pages of quarterly plans (/desk/plans/): list, detail, review, preview (七(四)-2, ui.md 7.2 季度计划)."""

import re
from functools import partial
from types import SimpleNamespace

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import Quarter, full_date, is_over, remaining, short_date
from plans.filings import actions as filing_actions
from plans.filings import rules as filing_rules
from plans.models import PlanStatus, QuarterlyPlan
from plans.pages import TONES, due_badge, plan_frame, plan_of, steps_taken, unit_and_quarter
from plans.quotas import quotas

from . import actions, rules
from .forms import ReviewForm
from .public_facts import PlanFacts
from .reckoning import assessed, near_other_units, pools_of

P = Permission


@requires(P.SEE_PLANS)
@require_safe
def plan_list(request):
    """All units the account may see, by the four quarters of the chosen year."""
    user, today, calendar = request.user, clock.today(), workdays.calendar()
    quarter = shell.current_quarter(request)
    quarters = [Quarter(quarter.year, number) for number in (1, 2, 3, 4)]
    units = list(Unit.objects.drawing().filter(pk__in=user.units_with(P.SEE_PLANS)))
    plans = {
        (plan.unit_id, plan.number): plan
        for plan in QuarterlyPlan.objects.visible_to(user).filter(year=quarter.year).select_related("unit")
    }
    units = [u for u in units if any(u.works_in(q) or (u.pk, q.number) in plans for q in quarters)]
    rows = [
        SimpleNamespace(
            unit=unit, cells=[_cell(plans.get((unit.pk, q.number)), unit, q, today, calendar) for q in quarters]
        )
        for unit in units
    ]
    receiving = user.units_with(P.RECEIVE_PLANS)
    waiting = [
        plan
        for plan in plans.values()
        if plan.status == PlanStatus.PUBLISHED and not plan.received_at and plan.unit_id in receiving
    ]
    deciding = user.units_with(P.APPROVE_PLANS)
    due = quarter.plan_due(calendar)
    context = {
        "quarter": quarter,
        "quarters": quarters,
        "rows": rows,
        "waiting": sorted(waiting, key=lambda plan: (plan.number, plan.unit.position)),
        "to_review": [p for p in plans.values() if p.status == PlanStatus.SUBMITTED and p.unit_id in deciding],
        "mine": [
            u
            for u in units
            if u.pk in user.units_with(P.EDIT_PLANS) and u.works_in(quarter) and (u.pk, quarter.number) not in plans
        ],
        "due_day": full_date(due.date) + due.mark,
        "target_day": full_date(due.target) if due.target != due.date else "",
    }
    return TemplateResponse(request, "plans/quarterly/plan_list.html", context)


def _cell(plan, unit, quarter, today, calendar):
    """What stands in one quarter of one unit; None of a quarter in which it neither works nor has a plan."""
    if plan is None and not unit.works_in(quarter):
        return None
    limit = quarter.plan_due(calendar)
    due = limit.date
    done = plan is not None and (plan.approved_at is not None or plan.is_being_changed)  # its first version was made
    late = not done and is_over(due, today)
    return SimpleNamespace(
        url=reverse("plans:plan-detail", args=[unit.code, str(quarter).lower()]),
        tone="bad" if late else TONES[plan.status] if plan else "wait",
        text=plan.get_status_display() if plan else "未编制",
        sub=remaining(due, today)
        if late
        else f"{short_date(localtime(plan.published_at).date())}公开"
        if plan and plan.published_at
        else f"改为第 {plan.revision} 版"
        if plan and plan.is_being_changed
        else f"{short_date(due)}前{limit.mark}"
        if not done
        else "",
        current=quarter == Quarter.of(today),
    )


@requires(P.SEE_PLANS)
@require_safe
def plan_detail(request, unit, quarter):
    """The plan as it stands; where there is none yet, the place to begin it."""
    if chosen := _chosen_elsewhere(request, unit, quarter):
        return redirect("plans:plan-detail", *chosen)
    found, wanted = unit_and_quarter(request, unit, quarter)
    today, calendar = clock.today(), workdays.calendar()
    if not found.plans.of(wanted).exists():
        due = wanted.plan_due(calendar)
        context = {
            "unit": found,
            "quarter": wanted,
            "quarter_path": str(wanted).lower(),
            "may_edit": request.user.may(P.EDIT_PLANS, found),
            "obstacle": rules.why_not_draft_plan(found, wanted, request.user),
            "due": due_badge(due, today),
        }
        return TemplateResponse(request, "plans/quarterly/plan_none.html", context)
    plan = plan_of(request, unit, quarter)
    context = {
        **plan_frame(plan, request.user, today, calendar),
        "facts": PlanFacts.of(plan, now=clock.now()).as_snapshot(),
        "history": steps_taken(plan),
        "filing": filing_actions.filing_of_plan(plan),
        "may_send": not filing_rules.why_not_send_plan_again(plan, request.user),
        "may_rehearse": request.user.may(P.EDIT_PLANS, found) or request.user.may(P.APPROVE_PLANS, found),
        "public": plan.published_at or plan.is_being_changed,
        "may_revise": plan.published_at and request.user.may(P.EDIT_PLANS, found),
        "why_not_revise": rules.why_not_open_revision(plan, request.user),
        "may_receive": request.user.may(P.RECEIVE_PLANS, found) and not rules.why_not_receive_plan(plan, request.user),
    }
    return TemplateResponse(request, "plans/quarterly/plan_detail.html", context)


def _chosen_elsewhere(request, unit, quarter):
    """The pickers write `?unit=` and `?quarter=`; here both stand in the path."""
    wanted = (request.GET.get("unit") or unit, (request.GET.get("quarter") or quarter).lower())
    slugs = all(re.fullmatch(r"[-\w]{1,16}", part) for part in wanted)
    return wanted if slugs and wanted != (unit, quarter.lower()) else None


@require_POST
@requires(P.EDIT_PLANS)
def plan_new(request, unit, quarter):
    found, wanted = unit_and_quarter(request, unit, quarter, P.EDIT_PLANS)
    draft = partial(actions.draft_plan, unit=found, quarter=wanted, by=request.user)
    return press(request, draft, lambda made: _address("plan-edit" if made else "plan-detail", unit, quarter), "")


def _address(page: str, unit: str, quarter: str) -> str:
    return reverse(f"plans:{page}", args=[unit, quarter])


@requires(P.APPROVE_PLANS)
def plan_review(request, unit, quarter):
    """What the approving leader sees: the plan, the arithmetic, what still stands against it."""
    plan = plan_of(request, unit, quarter, P.APPROVE_PLANS)
    approve = request.POST.get("do") == "approve"
    if plan.status != PlanStatus.SUBMITTED:
        wanted = PlanStatus.APPROVED if approve else PlanStatus.RETURNED
        messages.warning(
            request,
            rules.why_not_decide_plan(plan, request.user, wanted)
            if request.method == "POST"
            else f"计划现在是“{plan.get_status_display()}”，不用审核。",
        )
        return redirect(plan)
    return act_page(
        request,
        "plans/quarterly/plan_review.html",
        ReviewForm(request.POST or None),
        partial(actions.approve_plan if approve else actions.return_plan, plan=plan, by=request.user),
        plan,
        "计划已批准，由公示员公开。" if approve else "计划已退回编制人。",
        refusals_at=None if approve else "opinion",
        facts=lambda: _review(plan, request.user),
    )


def _review(plan, user) -> dict:
    now, calendar = clock.now(), workdays.calendar()
    figures = quotas.figures_of(plan, pools_of(plan))
    found = assessed(plan, figures, now, calendar, *near_other_units(plan, user))
    hard = found["problems"]
    return {
        **plan_frame(plan, user, now.date(), calendar),
        **found,
        "facts": PlanFacts.of(plan, now=now).as_snapshot(),
        "obstacle": rules.why_not_decide_plan(plan, user) or (hard[0].sentence if hard else ""),
    }


@requires(P.SEE_PLANS)
@require_safe
def plan_preview(request, unit, quarter):
    """Exactly the text that will be public."""
    plan = plan_of(request, unit, quarter)
    facts = PlanFacts.of(plan, now=clock.now()).as_snapshot()
    return TemplateResponse(
        request,
        "plans/quarterly/plan_preview.html",
        {"plan": plan, "facts": facts, "quarter_path": str(plan.quarter).lower()},
    )


@require_POST
@requires(P.RECEIVE_PLANS)
def plan_receive(request, unit, quarter):
    plan = plan_of(request, unit, quarter, P.RECEIVE_PLANS)
    receive = partial(filing_actions.receive_plan, plan=plan, by=request.user)
    return press(request, receive, plan, f"已签收{plan.unit}的计划。")
