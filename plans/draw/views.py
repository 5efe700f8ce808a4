"""Pages of the draw: list, detail, checking and sealing, typing the public values (ui.md 7.2)."""

from collections import Counter
from functools import partial
from types import SimpleNamespace

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import REFUSED, act_page, press
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web.frame import current_quarter, current_unit
from benxi_shuangsuiji.workdays.days import Quarter, shown_moment
from plans.models import Draw, DrawStatus, PlanStatus, QuarterlyPlan
from plans.proofs import daily as proofs
from registry.history import ledger

from . import actions, rules, seal_rules
from .forms import EntryForm, LateHoldForm, SealForm
from .pages import (
    DrawDetail,
    DrawPage,
    digest_of,
    draw_or_404,
    due_badge,
    excluded_of,
    picks_by_category,
    sees_lists,
    shown_states,
    tone_of,
)
from .prepare_pages import Preparation
from .values import source_states

LEDGER_LINES = 100


@requires(Permission.SEE_DRAWS)
@require_safe
def draw_list(request):
    """The draws of a quarter in all units the reader sees, and the earlier ones of the chosen unit."""
    unit, quarter = current_unit(request), current_quarter(request)
    draws = Draw.objects.visible_to(request.user).select_related("unit", "plan")
    of_quarter = {
        draw.plan_id: draw for draw in draws.filter(year=quarter.year, number=quarter.number).order_by("serial")
    }
    plans = (
        QuarterlyPlan.objects.filter(unit__in=request.user.units_with(Permission.SEE_DRAWS))
        .of(quarter)
        .filter(Q(status=PlanStatus.PUBLISHED) | Q(revision__gt=1))
        .select_related("unit")
        .order_by("unit__position", "unit__code")
    )
    rows, now = [], clock.now()
    for plan in plans:
        draw = of_quarter.get(plan.pk)
        may_begin = draw is None and plan.published_at and request.user.may(Permission.PREPARE_DRAW, plan.unit)
        unopened = rules.late_release(draw, now) if draw else ""
        rows.append(
            SimpleNamespace(plan=plan, draw=draw, may_begin=may_begin, tone=tone_of(draw), release_late=unopened)
        )
    earlier = list(draws.filter(unit=unit).exclude(year=quarter.year, number=quarter.number)[:40])
    context = {
        "rows": rows,
        "earlier": [
            SimpleNamespace(
                draw=d, quarter=Quarter(d.year, d.number), tone=tone_of(d), release_late=rules.late_release(d, now)
            )
            for d in earlier
        ],
        "unit": unit,
        "quarter": quarter,
        "proof": proofs.last_run(),
        "may_see_proofs": bool(
            request.user.units_with(Permission.SEE_CITY) | request.user.units_with(Permission.SEE_LOG)
        ),
        "due": due_badge(quarter, next((row.draw for row in rows if row.plan.unit == unit), None)),
    }
    return TemplateResponse(request, "plans/draw/draw_list.html", context)


@requires(Permission.PREPARE_DRAW)
@require_POST
def draw_create(request, unit, quarter):
    """Begin the draw of a published plan, from the plan's page."""
    try:
        wanted = Quarter.parse(quarter)
    except ValueError as error:
        raise Http404 from error
    plan = get_object_or_404(
        QuarterlyPlan.objects.filter(unit__in=request.user.units_with(Permission.PREPARE_DRAW)).of(wanted),
        unit__code=unit,
    )
    prepare = partial(actions.prepare_draw, plan=plan, by=request.user)
    return press(
        request, prepare, lambda made: reverse("plans:draw-prepare", args=[made.draw_id]) if made else plan, ""
    )


@requires(Permission.SEE_DRAWS)
@require_safe
def draw_detail(request, draw_id):
    """Counts, digests and the chain for everyone who sees the unit's draws; the names only for their circle.

    Whoever opens the names before the release leaves an entry in the trail (decisions.md 3, 七(五)-o).
    """
    draw = draw_or_404(request, draw_id)
    names, run = None, earlier_run(draw, request.GET.get("run", ""))
    if "names" in request.GET and rules.may_see_names(draw, request.user):
        names = picks_by_category(draw, request.user, run)
        if draw.status != DrawStatus.RELEASED:
            trail.record("plans.sealed.viewed", by=request.user, about=draw, result=digest_of(draw, "RESULT", run))
    page = DrawDetail(draw, request.user, clock.now(), source_states(draw), run, names)
    return TemplateResponse(request, "plans/draw/draw_detail.html", {"draw": draw, "page": page})


@requires(Permission.PREPARE_DRAW, Permission.SEAL_DRAW)
@require_safe
def draw_prepare(request, draw_id):
    """What would be sealed now, and what still stands in the way (PNG 10b)."""
    draw = draw_or_404(request, draw_id)
    if draw.status != DrawStatus.PREPARED or not sees_lists(request.user, draw):
        return redirect(draw)
    page = Preparation.of(draw, request.user, clock.now())
    return TemplateResponse(request, "plans/draw/draw_prepare.html", {"draw": draw, "page": page})


@requires(Permission.SEE_DRAWS)
@require_safe
def draw_ledger(request, draw_id):
    """Who takes no part and why, beside what moved the pool in the 30 days before the freeze (六(二)-d).

    Before the freeze it is for those who check the lists; afterwards the lists are public (SSJ1 3.2).
    """
    draw = draw_or_404(request, draw_id)
    if draw.frozen_at is None and not sees_lists(request.user, draw):
        return redirect(draw)
    moment = draw.frozen_at or clock.now()
    moves = ledger.changes_before(draw.unit, moment)
    excluded = Paginator(excluded_of(draw, moment), LEDGER_LINES).get_page(request.GET.get("out"))
    moved = {line.code for line in moves}
    for row in excluded.object_list:
        row.moved = row.code in moved
    context = {
        "draw": draw,
        "quarter": draw.plan.quarter,
        "moment": moment,
        "since": moment - ledger.WINDOW,
        "excluded": excluded,
        "kinds": Counter(line.kind for line in moves).most_common(),
        "page": Paginator(moves, LEDGER_LINES).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "plans/draw/draw_ledger.html", context)


@requires(Permission.SEAL_DRAW)
def draw_seal(request, draw_id):
    """The one question before sealing; the word 封存 is typed."""
    draw = draw_or_404(request, draw_id)
    if not request.user.may(Permission.SEAL_DRAW, draw.unit):
        return redirect(draw)

    def seal(*, word, reason=""):
        return actions.seal_draw(draw=draw, by=request.user, word=word.strip(), registry_reason=reason)

    opens_early = timezone.localtime(draw.plan.release_at).date() <= timezone.localtime(draw.plan.draw_at).date()
    return act_page(
        request,
        "plans/draw/draw_seal.html",
        SealForm(request.POST or None, needs_reason=any(a.too_old for a in seal_rules.audits_of(draw, clock.now()))),
        seal,
        draw,
        "名单已封存，指纹已公布。",
        draw=draw,
        opens_early=opens_early,
        facts=lambda: {"obstacle": seal_rules.why_not_open_seal(draw, request.user)},
    )


@requires(Permission.ENTER_VALUE)
def draw_entry(request, draw_id):
    """号码录入: two people, each without seeing what the other typed."""
    draw = draw_or_404(request, draw_id)
    now, states = clock.now(), source_states(draw)
    if not request.user.may(Permission.ENTER_VALUE, draw.unit) or not states:
        return redirect(draw)
    wanted = request.POST.get("position") if request.method == "POST" else None
    mine = next((state for state in states if str(state.position) == wanted), None)
    forms = {state.position: EntryForm(state, request.POST if state is mine else None) for state in states}

    def enter(value):
        return actions.enter_value(draw=draw, position=mine.position, value=value, by=request.user)

    return act_page(
        request,
        "plans/draw/draw_entry.html",
        forms[mine.position] if mine else None,
        enter,
        reverse("plans:draw-entry", args=[draw.draw_id]),
        "",
        refusals_at="value",
        draw=draw,
        page=DrawPage(draw, request.user, now, states),
        facts=lambda: {
            "rows": [
                entry_row(draw, shown, request.user, now, forms[shown.state.position])
                for shown in shown_states(states, request.user)
            ],
            "may_hold": request.user.may(Permission.HOLD_DRAW, draw.unit),
            "obstacle": rules.why_not_hold(draw, request.user, now, states),
        },
    )


@requires(Permission.HOLD_DRAW)
@require_POST
def draw_hold(request, draw_id):
    """Draw. A second press, or a second person, is told that it is done; who draws late is asked why."""
    draw, reason = draw_or_404(request, draw_id), request.POST.get("late_reason", "")
    try:
        draw = actions.hold_draw(draw=draw, by=request.user, late_reason=reason)
    except Refused as refusal:
        context = {"draw": draw, "reason": str(refusal), "form": _only_a_reason_is_missing(draw, request, refusal)}
        return TemplateResponse(request, "plans/draw/draw_refused.html", context, status=REFUSED)
    if request.POST.get("from") == "stage":
        stage = reverse("plans:draw-stage", args=[draw.draw_id])
        return redirect(stage + "?light=1" if request.POST.get("light") else stage)
    messages.success(request, "已抽取，结果已锁定。")
    return redirect(draw)


def _only_a_reason_is_missing(draw: Draw, request, refusal: Refused) -> LateHoldForm | None:
    """The form that asks for it, with what was typed."""
    now = clock.now()
    if rules.why_not_hold(draw, request.user, now) or not rules.lateness(draw, now, workdays.calendar()):
        return None
    if not request.POST.get("late_reason", "").strip():
        return LateHoldForm()
    form = LateHoldForm(request.POST)
    if form.is_valid():
        form.add_error("late_reason", str(refusal))
    return form


def earlier_run(draw: Draw, wanted: str) -> int:
    """Which run's names are asked for: one that was corrected, or the one that holds."""
    return int(wanted) if wanted in {str(n) for n in range(1, draw.run)} else draw.run


def entry_row(draw: Draw, shown, user, now, form) -> SimpleNamespace:
    shown.form = form
    shown.obstacle = rules.why_not_open_entry(draw, shown.state, user, now)
    shown.due_words = shown_moment(shown.state.due)
    return shown
