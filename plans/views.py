"""Pages of item lists (/desk/items/) and quarterly plans (/desk/plans/)."""

import re
from types import SimpleNamespace

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from benxi_shuangsuiji import clock, shell, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import RoleGrant, Unit
from benxi_shuangsuiji.accounts.roles import Permission, Role
from benxi_shuangsuiji.notices.agenda import tone_of
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays import days
from benxi_shuangsuiji.workdays.days import Quarter, full_date, remaining, short_date
from registry.models import Category

from . import actions, quotas, rules
from .documents import MODES, ItemListFacts, PlanFacts, arithmetic_lines
from .forms import SOURCE_ROWS, ItemForm, NewListForm, OpinionForm, PlanForm, PointFormSet, points_of
from .models import ItemCategory, ItemList, ListStatus, PlanStatus, QuarterlyPlan, TeamMember
from .states import EDITABLE

P = Permission
TONES = {"DRAFT": "wait", "SUBMITTED": "warn", "RETURNED": "warn", "APPROVED": "run", "PUBLISHED": "ok"}


# --- item lists -------------------------------------------------------------------------------------------------


@requires(P.SEE_ITEMS)
def itemlist_list(request):
    today, calendar = clock.today(), workdays.calendar()
    lists = ItemList.objects.visible_to(request.user).select_related("unit").annotate(size=Count("items"))
    rows = [SimpleNamespace(list=found, tone=TONES[found.status]) for found in lists]
    units = Unit.objects.drawing().filter(pk__in=request.user.units_with(P.EDIT_ITEMS))
    due = days.item_list_due(today.year, calendar)
    form = NewListForm(units, initial={"year": today.year}) if units else None
    context = {
        "rows": rows,
        "form_new": form,
        "year": today.year,
        "in_force": rules.list_in_force(today.year),
        "due": _due(due.date, today, done=rules.list_in_force(today.year) is not None),
        "due_day": full_date(due.date),
    }
    return TemplateResponse(request, "plans/itemlist_list.html", context)


@requires(P.EDIT_ITEMS)
def itemlist_new(request):
    units = Unit.objects.drawing().filter(pk__in=request.user.units_with(P.EDIT_ITEMS))
    form = NewListForm(units, request.POST or None, initial={"year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            item_list = actions.draft_list(by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"已建立{item_list.year} 年清单草稿，共 {item_list.items.count()} 项。")
            return redirect(item_list)
    return TemplateResponse(request, "plans/itemlist_new.html", {"form": form})


def _list(request, unit, year, version) -> ItemList:
    found = ItemList.objects.visible_to(request.user).select_related(
        "unit", "created_by", "submitted_by", "approved_by"
    )
    return get_object_or_404(found, unit__code=unit, year=year, version=version)


@requires(P.SEE_ITEMS)
def itemlist_detail(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    facts = ItemListFacts.of(item_list)
    return TemplateResponse(request, "plans/itemlist_detail.html", _list_context(request, item_list, facts))


def _list_context(request, item_list, facts, form=None):
    user, today = request.user, clock.today()
    may_edit = not rules.why_not_edit_list(item_list, user)
    may_decide = user.may(P.APPROVE_ITEMS, item_list.unit) and item_list.status == ListStatus.SUBMITTED
    due = days.item_list_due(item_list.year, workdays.calendar())
    groups = [
        SimpleNamespace(number=c.value, name=c.label, items=[i for i in facts.items if i.category == c.value])
        for c in ItemCategory
    ]
    return {
        "list": item_list,
        "facts": facts,
        "groups": groups,
        "tone": TONES[item_list.status],
        "may_edit": may_edit,
        "may_decide": may_decide,
        "why_not_decide": rules.why_not_decide_list(item_list, user) if may_decide else "",
        "problems": rules.list_problems(item_list) if may_edit or may_decide else [],
        "form": form or (OpinionForm() if may_decide else None),
        "due": _due(due.date, today, done=item_list.approved_at is not None),
        "due_day": full_date(due.date),
        "history": _history(item_list),
    }


@require_POST
@requires(P.EDIT_ITEMS)
def itemlist_submit(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    return _act(request, item_list, "清单已提交审核。", actions.submit_list, item_list=item_list)


@require_POST
@requires(P.APPROVE_ITEMS)
def itemlist_decide(request, unit, year, version):
    item_list = _list(request, unit, year, version)
    act, said = (
        (actions.approve_list, "清单已批准，由公示员公开。")
        if request.POST.get("do") == "approve"
        else (actions.return_list, "清单已退回。")
    )
    return _act(request, item_list, said, act, item_list=item_list, opinion=request.POST.get("opinion", "")[:200])


@requires(P.EDIT_ITEMS)
def item_edit(request, unit, year, version, code=None):
    item_list = _list(request, unit, year, version)
    if rules.why_not_edit_list(item_list, request.user):
        return redirect(item_list)
    item = get_object_or_404(item_list.items, code=code) if code else None
    initial = {} if item else {"valid_from": Quarter(item_list.year, 1).first_day}
    form = ItemForm(request.POST or None, instance=item, initial=initial)
    points = PointFormSet(request.POST or None, initial=points_of(item), prefix="points")
    if request.method == "POST" and all([form.is_valid(), points.is_valid()]):
        written = [row for row in points.cleaned_data if row.get("text")]
        try:
            saved = actions.save_item(
                item_list=item_list, by=request.user, data=form.cleaned_data, points=written, item=item
            )
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            messages.success(request, f"事项 {saved.code} 已保存。")
            return redirect(item_list)
    context = {"list": item_list, "item": item, "form": form, "points": points}
    return TemplateResponse(request, "plans/item_edit.html", context)


@require_POST
@requires(P.EDIT_ITEMS)
def item_remove(request, unit, year, version, code):
    item_list = _list(request, unit, year, version)
    item = get_object_or_404(item_list.items, code=code)
    return _act(request, item_list, f"事项 {code} 已移出草稿。", actions.remove_item, item_list=item_list, item=item)


def _act(request, record, said, action, **arguments):
    """Do one thing and go back to the record, with what was done or why not."""
    try:
        action(by=request.user, **arguments)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect(record)


# --- quarterly plans --------------------------------------------------------------------------------------------


@requires(P.SEE_PLANS)
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
        "mine": [u for u in units if u.pk in user.units_with(P.EDIT_PLANS) and (u.pk, quarter.number) not in plans],
        "due_day": full_date(due.date),
        "target_day": full_date(due.target) if due.target != due.date else "",
    }
    return TemplateResponse(request, "plans/plan_list.html", context)


def _cell(plan, unit, quarter, today, calendar):
    due = quarter.plan_due(calendar).date
    done = plan is not None and (plan.approved_at is not None or plan.is_being_changed)  # its first version was made
    late = not done and today > due and quarter >= Quarter(2025, 1)
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
        else f"{short_date(due)}前"
        if not done
        else "",
        current=quarter == Quarter.of(today),
    )


def _unit_and_quarter(request, unit, quarter, permission=P.SEE_PLANS):
    try:
        wanted = Quarter.parse(quarter)
    except ValueError:
        raise Http404 from None
    found = get_object_or_404(Unit.objects.drawing().filter(pk__in=request.user.units_with(permission)), code=unit)
    request.unit_code, request.quarter_of_path = found.code, wanted
    return found, wanted


def plan_of(request, unit, quarter, permission=P.SEE_PLANS) -> QuarterlyPlan:
    found, wanted = _unit_and_quarter(request, unit, quarter, permission)
    plans = (
        QuarterlyPlan.objects.visible_to(request.user)
        .of(wanted)
        .select_related(
            "unit", "unit__serves", "executing_unit", "item_list", "created_by", "submitted_by", "approved_by"
        )
        .prefetch_related("strata", "items__item", "sources")
    )
    return get_object_or_404(plans, unit=found)


@requires(P.SEE_PLANS)
def plan_detail(request, unit, quarter):
    """The plan as it stands; where there is none yet, the place to begin it."""
    if chosen := _chosen_elsewhere(request, unit, quarter):
        return redirect("plans:plan-detail", *chosen)
    found, wanted = _unit_and_quarter(request, unit, quarter)
    today, calendar = clock.today(), workdays.calendar()
    if not found.plans.of(wanted).exists():
        context = {
            "unit": found,
            "quarter": wanted,
            "quarter_path": str(wanted).lower(),
            "may_edit": request.user.may(P.EDIT_PLANS, found),
            "obstacle": rules.why_not_draft_plan(found, wanted, request.user),
            "due": _due(wanted.plan_due(calendar).date, today),
        }
        return TemplateResponse(request, "plans/plan_none.html", context)
    plan = plan_of(request, unit, quarter)
    context = {
        **_plan_frame(plan, request.user, today, calendar),
        "facts": PlanFacts.of(plan, now=clock.now()).as_snapshot(),
        "history": _history(plan),
        "public": plan.published_at or plan.is_being_changed,
        "may_revise": plan.published_at and request.user.may(P.EDIT_PLANS, found),
        "why_not_revise": rules.why_not_open_revision(plan, request.user),
        "may_receive": request.user.may(P.RECEIVE_PLANS, found) and not rules.why_not_receive_plan(plan, request.user),
    }
    return TemplateResponse(request, "plans/plan_detail.html", context)


def _chosen_elsewhere(request, unit, quarter):
    """The pickers write `?unit=` and `?quarter=`; here both stand in the path."""
    wanted = (request.GET.get("unit") or unit, (request.GET.get("quarter") or quarter).lower())
    slugs = all(re.fullmatch(r"[-\w]{1,16}", part) for part in wanted)
    return wanted if slugs and wanted != (unit, quarter.lower()) else None


def _plan_frame(plan, user, today, calendar):
    due = plan.quarter.plan_due(calendar)
    return {
        "plan": plan,
        "quarter_path": str(plan.quarter).lower(),
        "tone": TONES[plan.status],
        "due": _due(due.date, today, done=plan.approved_at is not None or plan.is_being_changed),
        "due_day": short_date(due.date),
        "may_edit": plan.status in EDITABLE and user.may(P.EDIT_PLANS, plan.unit),
        "may_decide": plan.status == PlanStatus.SUBMITTED and user.may(P.APPROVE_PLANS, plan.unit),
        "saved": localtime(plan.saved_at),
    }


@require_POST
@requires(P.EDIT_PLANS)
def plan_new(request, unit, quarter):
    found, wanted = _unit_and_quarter(request, unit, quarter, P.EDIT_PLANS)
    try:
        actions.draft_plan(unit=found, quarter=wanted, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("plans:plan-detail", unit, quarter)
    return redirect("plans:plan-edit", unit, quarter)


@requires(P.EDIT_PLANS)
def plan_edit(request, unit, quarter):
    """The editor. Every button saves first; what is shown afterwards is reckoned from what was saved."""
    plan = plan_of(request, unit, quarter, P.EDIT_PLANS)
    if plan.status not in EDITABLE:
        messages.warning(request, rules.why_not_edit_plan(plan, request.user))
        return redirect(plan)
    pools = _pools(plan)
    form = PlanForm(plan, pools, actions.offered_items(plan), request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("do") == "copy":
                actions.copy_last_quarter(plan=plan, by=request.user)
                messages.success(request, "已从上季度复制比例、事项、检查单位和人数；日期没有变。")
                return redirect(request.path)
            if form.is_valid():
                return _save(request, plan, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return TemplateResponse(request, "plans/plan_edit.html", _editor(request, plan, pools, form))


def _save(request, plan, form):
    data = form.as_plan_data()
    if (category := request.POST.get("fix", "")) in data["strata"]:
        reckoned = quotas.figures(plan.quarter, category, form.pools[category], **data["strata"][category])
        data["strata"][category] |= {
            "basis_points": max(reckoned.basis_points, reckoned.floor_points),
            "planned": (reckoned.required or 0) if reckoned.meets_minimum else reckoned.minimum,
        }
    saved = actions.save_plan(plan=plan, by=request.user, data=data)
    if request.POST.get("do") != "submit":
        if request.POST.get("do") == "save":
            messages.success(request, "草稿已保存。")
        return redirect(request.path)
    try:
        actions.submit_plan(plan=saved, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(request.path)
    messages.success(request, "计划已提交审核。")
    return redirect(saved)


def _pools(plan):
    codes = [row.item.code for row in plan.items.all()]
    return quotas.pools(plan.unit, plan.quarter, codes, positive_out=plan.positive_out, today=clock.today())


def _editor(request, plan, pools, form):
    now, calendar = clock.now(), workdays.calendar()
    figures = quotas.figures_of(plan, pools)
    problems = rules.plan_problems(plan, figures, now, calendar)
    hard = [p for p in problems if not p.advice]
    late = rules.lateness(plan, now, calendar)
    if late and not plan.late_reason and not hard:
        hard = [rules.Problem("id_late_reason", late)]
    elif late and not plan.late_reason:
        hard.append(rules.Problem("id_late_reason", late))
    approver = _approver(plan)
    return {
        **_plan_frame(plan, request.user, now.date(), calendar),
        "form": form,
        "problems": hard,
        "advices": [p for p in problems if p.advice],
        "late": late,
        "rows": [_stratum_row(f, form) for f in figures],
        "halted": sum(f.pool.halted for f in figures),
        "items": [_item_row(item, form) for item in form.offered],
        "sources": [
            [form[f"source_{place}_{part}"] for part in ("kind", "label", "due")] for place in range(SOURCE_ROWS)
        ],
        "quota_rows": [_quota_row(f) for f in figures],
        "quota_text": _quota_text(plan, figures),
        "checks": _checks(plan, figures, hard, calendar),
        "has_previous": plan.unit.plans.of(plan.quarter.previous()).exists(),
        "approver": approver,
        "close_day": full_date(plan.quarter.close_due(calendar).date),
    }


def _stratum_row(f, form):
    if not f.meets_minimum:
        for name in ("percent", "planned"):
            attrs = form.fields[f"{name}_{f.category}"].widget.attrs
            attrs |= {"aria-invalid": "true", "aria-describedby": f"why-{f.category}"}
    return SimpleNamespace(
        figures=f,
        category=f.category,
        label=f.name,
        span={Category.KEY: "本年", Category.GENERAL: "三年"}.get(f.category, ""),
        percent=form[f"percent_{f.category}"],
        planned=form[f"planned_{f.category}"],
        was=[form[f"was_percent_{f.category}"], form[f"was_planned_{f.category}"]],
        reserved=form[f"reserved_{f.category}"] if f.category != Category.SPECIAL else None,
        wrong=not f.meets_minimum,
        short=f.category != Category.SPECIAL and f.meets_minimum and not f.keeps_pace,
        fix=f.required if f.meets_minimum else f.minimum,
        lines=arithmetic_lines(f),
    )


def _item_row(item, form):
    mode = f"mode_{item.code}"
    return SimpleNamespace(
        item=item,
        boxes=[(category.label, form[f"item_{item.code}_{category}"]) for category in Category],
        mode=form[mode] if mode in form.fields else None,
        mode_text=MODES[item.modes],
    )


def _quota_row(f):
    return {
        "label": f.name,
        "due": "—" if f.required is None else f.required,
        "filled": f.planned,
        "gap": f.signed_difference,
        "short": (f.difference or 0) < 0,
    }


def _quota_text(plan, figures):
    key, general, _ = figures
    total = sum(f.planned for f in figures)
    staff = quotas.staff(plan.unit, draw_on=localtime(plan.draw_at).date(), window_to=plan.window_to)
    words = (
        f"其中优先名额（留给周期内未查的）：重点 {key.reserved}，一般 {general.reserved}。"
        f"合计 {total} 家，{staff.people} 人，{plan.team_size} 人一组：人均 {staff.each(total, plan.team_size)} 家"
    )
    before = plan.quarter.previous()
    served = TeamMember.objects.filter(
        team__pick__draw__unit=plan.unit, team__pick__draw__year=before.year, team__pick__draw__number=before.number
    ).aggregate(places=Count("pk"), people=Count("inspector", distinct=True))
    if served["people"]:
        words += f"，上季 {served['places'] / served['people']:.1f} 家"
    return words


def _checks(plan, figures, hard, calendar):
    """The list in the right column: each duty of the plan, met or not (ui.md 7.2)."""
    key, general, _special = figures
    draw_on = localtime(plan.draw_at).date()
    draw_due = plan.quarter.draw_due(calendar).date
    staff = quotas.staff(plan.unit, draw_on=draw_on, window_to=plan.window_to)
    capped = key.pool.capped + general.pool.capped
    positive = sum(f.pool.offsite + f.pool.left_out for f in figures)
    wrong = {p.field for p in hard}
    lines = [
        (f"重点对象不低于 {key.floor_points // 100}%", key.meets_minimum, False),
        ("重点对象年内能全覆盖", key.keeps_pace, True),
        ("一般对象三年能全覆盖", general.keeps_pace, True),
        ("同一事项本年不超过 2 次" + (f"（自动排除 {capped} 家）" if capped else ""), True, False),
        (
            f"正面清单 {positive} 家{'不参加抽取' if plan.positive_out else '改为非现场'}"
            if positive
            else "正面清单里没有本单位的企业",
            True,
            False,
        ),
        (
            "检查人员够分组" if staff.people else "没有可派的检查人员",
            staff.people >= plan.team_size and staff.leaders > 0,
            True,
        ),
        ("每类对象都有抽查事项", "items" not in wrong, False),
        ("公开随机数在抽取之前开出", not any(name.startswith("id_source") for name in wrong), False),
        (f"抽取时间在 {short_date(draw_due)}前", draw_on <= draw_due, True),
    ]
    return [{"text": text, "state": "ok" if good else "warn" if soft else "bad"} for text, good, soft in lines]


def _approver(plan) -> str:
    grants = RoleGrant.objects.filter(unit=plan.unit, role=Role.APPROVER, user__is_active=True, valid_to__isnull=True)
    names = list(grants.order_by("valid_from").values_list("user__full_name", flat=True)[:2])
    return "、".join(names)


@requires(P.APPROVE_PLANS)
def plan_review(request, unit, quarter):
    """What the approving leader sees: the plan, the arithmetic, what still stands against it."""
    plan = plan_of(request, unit, quarter, P.APPROVE_PLANS)
    if plan.status != PlanStatus.SUBMITTED:
        return redirect(plan)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        approve = request.POST.get("do") == "approve"
        act = actions.approve_plan if approve else actions.return_plan
        try:
            act(plan=plan, by=request.user, opinion=form.cleaned_data["opinion"])
        except Refused as refusal:
            form.add_error(None if approve else "opinion", str(refusal))
        else:
            messages.success(request, "计划已批准，由公示员公开。" if approve else "计划已退回编制人。")
            return redirect(plan)
    now, calendar = clock.now(), workdays.calendar()
    figures = quotas.figures_of(plan, _pools(plan))
    problems = rules.plan_problems(plan, figures, now, calendar)
    hard = [p for p in problems if not p.advice]
    context = {
        **_plan_frame(plan, request.user, now.date(), calendar),
        "form": form,
        "facts": PlanFacts.of(plan, now=now).as_snapshot(),
        "problems": hard,
        "advices": [p for p in problems if p.advice],
        "checks": _checks(plan, figures, hard, calendar),
        "quota_rows": [_quota_row(f) for f in figures],
        "quota_text": _quota_text(plan, figures),
        "obstacle": rules.why_not_decide_plan(plan, request.user) or (hard[0].sentence if hard else ""),
    }
    return TemplateResponse(request, "plans/plan_review.html", context)


@requires(P.SEE_PLANS)
def plan_preview(request, unit, quarter):
    """Exactly the text that will be public."""
    plan = plan_of(request, unit, quarter)
    facts = PlanFacts.of(plan, now=clock.now()).as_snapshot()
    return TemplateResponse(
        request,
        "plans/plan_preview.html",
        {"plan": plan, "facts": facts, "quarter_path": str(plan.quarter).lower()},
    )


@require_POST
@requires(P.RECEIVE_PLANS)
def plan_receive(request, unit, quarter):
    plan = plan_of(request, unit, quarter, P.RECEIVE_PLANS)
    return _act(request, plan, f"已签收{plan.unit}的计划。", actions.receive_plan, plan=plan)


def _due(day, today, *, done=False):
    if done:
        return SimpleNamespace(text="已完成", state="done", title=full_date(day))
    return SimpleNamespace(text=remaining(day, today), state=tone_of(day, today), title=f"{full_date(day)}前完成")


def _history(record):
    """Who did what with a list or a plan, newest first."""
    revision, why = getattr(record, "revision", 1), getattr(record, "revision_reason", "")
    steps = [
        (
            getattr(record, "created_at", None),
            f"更改，编制第 {revision} 版" if revision > 1 else "编制",
            record.created_by,
            why,
        ),
        (record.submitted_at, "提交审核", record.submitted_by, getattr(record, "late_reason", "")),
        (record.approved_at, "批准", record.approved_by, record.opinion),
        (record.published_at, "公开", None, ""),
        (getattr(record, "received_at", None), "市执法队签收", None, ""),
    ]
    return [
        {
            "what": what,
            "who": "　".join(str(part) for part in (who, why) if part),
            "when": f"{localtime(at):%Y-%m-%d %H:%M}",
            "state": "g" if what in ("批准", "公开") else "",
        }
        for at, what, who, why in reversed(steps)
        if at
    ]
