"""The editor of a quarterly plan (PNG 10): every button saves, and what is shown is reckoned from what was saved."""

from types import SimpleNamespace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import RoleGrant
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.refusal import Refused, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from plans.lists.public_facts import MODES
from plans.lottery import schedule as lottery
from plans.pages import plan_frame, plan_of
from plans.quotas import quotas
from plans.states import EDITABLE
from registry.models import Category

from . import actions, rows, rules
from .forms import SOURCE_ROWS, PlanForm
from .public_facts import arithmetic_lines
from .reckoning import assessed, near_other_units, pools_of

P = Permission
AUTOSAVE = "autosave"  # sent by the page itself every 30 seconds (ui.md 4.6)


@requires(P.EDIT_PLANS)
def plan_edit(request, unit, quarter):
    """The editor. Every button saves first; what is shown afterwards is reckoned from what was saved."""
    plan = plan_of(request, unit, quarter, P.EDIT_PLANS)
    if plan.status not in EDITABLE:
        messages.warning(request, rules.why_not_edit_plan(plan, request.user))
        return redirect(plan)
    pools = pools_of(plan)
    form = PlanForm(plan, pools, rows.offered_items(plan), request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "copy":
                actions.copy_last_quarter(plan=plan, by=request.user)
                messages.success(request, "已从上季度复制比例、事项、检查单位和人数；日期没有变。")
                return redirect(request.path)
            if form.is_valid():
                return _save(request, plan, form)
            if request.POST.get("do") == AUTOSAVE:
                return HttpResponse("有一栏填得不对", status=422, content_type="text/plain; charset=utf-8")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return TemplateResponse(request, "plans/quarterly/plan_edit.html", _editor(request, plan, pools, form))


def _save(request, plan, form):
    data = form.as_plan_data()
    if (category := request.POST.get("fix", "")) in data["strata"]:
        reckoned = quotas.figures(plan.quarter, category, form.pools[category], **data["strata"][category])
        data["strata"][category] |= {
            "basis_points": max(reckoned.basis_points, reckoned.floor_points),
            "planned": _mended(reckoned),
        }
    saved = actions.save_plan(plan=plan, by=request.user, data=data)
    if request.POST.get("do") == "propose":
        try:
            actions.propose_sources(plan=saved, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已按开奖日程选好公开随机数和备用的一期。")
    if request.POST.get("do") != "submit":
        if request.POST.get("do") == "save":
            messages.success(request, "草稿已保存。")
        return redirect(request.path)
    try:
        actions.submit_plan(plan=saved, by=request.user)
    except Refused as refusal:
        if not _stands_on_page(saved, str(refusal)):
            messages.error(request, str(refusal))
        return redirect(request.path)
    messages.success(request, "计划已提交审核。")
    return redirect(saved)


def _stands_on_page(plan, refusal: str) -> bool:
    """Whether the editor itself lists what stands in the way, so that it need not be said twice."""
    now, calendar = clock.now(), workdays.calendar()
    problems = rules.plan_problems(plan, quotas.figures_of(plan, pools_of(plan)), now, calendar)
    return refusal in {
        f"{sentence}。" for sentence in [*(p.sentence for p in problems), rules.lateness(plan, now, calendar)]
    }


def _editor(request, plan, pools, form):
    now, calendar = clock.now(), workdays.calendar()
    figures = quotas.figures_of(plan, pools)
    late, missing = rules.lateness(plan, now, calendar), []
    if late and (not plan.late_reason or why_not_reason(plan.late_reason, "逾期原因")):
        sentence = why_not_reason(plan.late_reason, "逾期原因").rstrip("。") if plan.late_reason else late
        missing.append(rules.Problem("id_late_reason", sentence))
    found = assessed(plan, figures, now, calendar, *missing, *near_other_units(plan, request.user))
    form.fields["late_reason"].required = bool(late)  # a draft may be kept without it, so only for the label
    approver, wrong = _approver(plan), {problem.field: problem.sentence for problem in found["problems"]}
    items = [_item_row(item, form, wrong.get(f"item-{item.code}", "")) for item in form.offered]
    return {
        **plan_frame(plan, request.user, now.date(), calendar),
        **found,
        "form": form,
        "late": late,
        "rows": [_stratum_row(f, form) for f in figures],
        "halted": sum(f.pool.halted for f in figures),
        "items": [row for row in items if row.shown],
        "more_items": [row for row in items if not row.shown],
        "today": now,
        "sources": [
            [form[f"source_{place}_{part}"] for part in ("kind", "label", "due")] for place in range(SOURCE_ROWS)
        ],
        "proposal": lottery.proposal_for(plan.draw_at, now=now),
        "more_open": _more_open(form, plan),
        "has_previous": plan.unit.plans.of(plan.quarter.previous()).exists(),
        "approver": approver,
        "close_day": full_date(plan.quarter.close_due(calendar).date),
    }


def _more_open(form, plan) -> bool:
    """Whether the settings that a plan seldom changes are shown: one is wrong, or a further source is used."""
    folded = ("window_from", "release_at", "fallback_label", "fallback_due", "source_1", "source_2")
    return len(plan.sources.all()) > 1 or any(name.startswith(folded) for name in form.errors)


def _stratum_row(f, form):
    if not f.meets_minimum:
        for name in ("percent", "planned"):
            attrs = form.fields[f"{name}_{f.category}"].widget.attrs
            attrs |= {"aria-invalid": "true", "aria-describedby": f"why-{f.category}"}
    return SimpleNamespace(
        figures=f,
        category=f.category,
        label=f.name,
        span={Category.KEY: "本年", Category.GENERAL: "周期"}.get(f.category, ""),
        percent=form[f"percent_{f.category}"],
        planned=form[f"planned_{f.category}"],
        was=[form[f"was_percent_{f.category}"], form[f"was_planned_{f.category}"]],
        reserved=form[f"reserved_{f.category}"] if f.category != Category.SPECIAL else None,
        wrong=not f.meets_minimum,
        fix_ratio=quotas.percent(f.floor_points) if f.planned >= f.minimum and not f.meets_minimum else "",
        too_many=f.planned > f.most,
        short=f.category != Category.SPECIAL and f.meets_minimum and not f.keeps_pace,
        fix=_mended(f),
        lines=arithmetic_lines(f),
    )


def _mended(f) -> int:
    """The count that the button behind a sentence puts in."""
    if f.planned > f.most:
        return f.most
    return (f.required or 0) if f.meets_minimum else max(f.planned, f.minimum)


def _item_row(item, form, wrong: str):
    """`shown`: ticked for some category, or wrong in some column; the rest waits to be added from the list."""
    mode = f"mode_{item.code}"
    boxes = [(category.label, form[f"item_{item.code}_{category}"]) for category in Category]
    amiss = any(name in form.errors for name in (mode, f"only_{item.code}"))
    return SimpleNamespace(
        item=item,
        wrong=wrong,
        boxes=boxes,
        shown=bool(wrong) or amiss or any(box.value() for _, box in boxes),
        only=form[f"only_{item.code}"],
        mode=form[mode] if mode in form.fields else None,
        mode_text=MODES[item.modes],
    )


def _approver(plan) -> str:
    grants = RoleGrant.objects.filter(unit=plan.unit, role=Role.APPROVER, user__is_active=True, valid_to__isnull=True)
    names = list(grants.order_by("valid_from").values_list("user__full_name", flat=True)[:2])
    return "、".join(names)
