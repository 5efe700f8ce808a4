"""汇总公开 (/desk/city/plans/, /desk/city/draws/): what the units have sent, receipts, returns, late plans (七(六)-a, 七(二)-j)."""

from functools import partial
from types import SimpleNamespace

from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.subject import Waiting
from benxi_shuangsuiji.web import frame as shell
from benxi_shuangsuiji.workdays.days import full_date
from plans.filings import actions as filing_actions
from plans.filings import rules as filing_rules
from plans.filings.forms import ReturnForm
from plans.models import Draw, DrawStatus, Filing, FilingKind, FilingState, PlanStatus, QuarterlyPlan
from plans.quarterly.late import late_draws, late_plans

from .standing import standing

TONES = {FilingState.SENT: "warn", FilingState.RECEIVED: "ok", FilingState.RETURNED: "bad"}


def count(user, unit, quarter):
    """What waits for the lead office's signature, for the navigation."""
    receiving = user.units_with(P.RECEIVE_PLANS)
    return (
        Waiting((Filing.objects.of(quarter).filter(unit__in=receiving, state=FilingState.SENT),)) if receiving else None
    )


@requires(P.RECEIVE_PLANS, P.SEE_CITY)
@require_safe
def rollup_plans(request):
    """Every unit's plan of the quarter: sent, received or returned; late ones with their reasons; the city summary."""
    shell.show_whole_city(request)
    quarter, today, calendar = shell.current_quarter(request), clock.today(), workdays.calendar()
    units = _units(request.user)
    plans = {p.unit_id: p for p in QuarterlyPlan.objects.of(quarter).filter(unit__in=units).select_related("unit")}
    latest = _latest(quarter, FilingKind.PLAN, units)
    now = standing(quarter, today)
    context = {
        "quarter": quarter,
        "rows": [_row(unit, plans.get(unit.pk), latest.get(unit.pk), request.user) for unit in units],
        "due_day": full_date(quarter.plan_due(calendar).date),
        "late": [*late_plans(quarter, today, calendar), *late_draws(quarter, today, calendar)],
        "summary": now,
        "summary_url": reverse("disclosure:publish-detail", args=["summary", str(quarter)]),
        "may_publish": bool(request.user.units_with(P.PUBLISH_CITY)),
        "section": "plans",
    }
    return TemplateResponse(request, "disclosure/city/rollup_plans.html", context)


@requires(P.RECEIVE_PLANS, P.SEE_CITY)
@require_safe
def rollup_bulletin(request):
    """The late plans and draws of a quarter as the 通报 takes them in."""
    quarter, today, calendar = shell.current_quarter(request), clock.today(), workdays.calendar()
    return JsonResponse(
        {
            "quarter": str(quarter),
            "late_plans": [plan.as_data() for plan in late_plans(quarter, today, calendar)],
            "late_draws": [draw.as_data() for draw in late_draws(quarter, today, calendar)],
        },
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


@requires(P.RECEIVE_PLANS, P.SEE_CITY)
@require_safe
def rollup_draws(request):
    """Every unit's draw of the quarter: counts and digests; whoever may see names opens them at the draw, logged."""
    shell.show_whole_city(request)
    quarter = shell.current_quarter(request)
    units = _units(request.user)
    draws = {
        d.unit_id: d
        for d in Draw.objects.filter(unit__in=units, year=quarter.year, number=quarter.number)
        .exclude(status=DrawStatus.ABORTED)
        .select_related("unit")
    }
    latest = _latest(quarter, FilingKind.DRAW, units)
    rows = []
    for unit in units:
        draw, filing = draws.get(unit.pk), latest.get(unit.pk)
        if not (unit.works_in(quarter) or draw or filing):
            continue
        outdated = filing is not None and draw is not None and filing.run != draw.run
        rows.append(
            SimpleNamespace(
                unit=unit,
                draw=draw,
                filing=filing,
                outdated=outdated,
                tone="warn" if outdated else TONES[filing.state] if filing else "wait",
                may_decide=_may_decide(filing, request.user),
                may_see_names=draw is not None and draw.drawn_at and request.user.may(P.SEE_SEALED, unit),
            )
        )
    context = {"quarter": quarter, "rows": rows, "section": "draws"}
    return TemplateResponse(request, "disclosure/city/rollup_draws.html", context)


@require_POST
@requires(P.RECEIVE_PLANS)
def filing_receive(request, pk):
    filing = _filing(request, pk)
    receive = partial(filing_actions.receive_filing, filing=filing, by=request.user)
    return press(request, receive, _back(filing), lambda received: f"已签收，回执编号 {received.receipt_no}。")


@requires(P.RECEIVE_PLANS)
def filing_return(request, pk):
    """Ask what is missing and give it back."""
    filing = _filing(request, pk)
    back = _back(filing)
    return act_page(
        request,
        "disclosure/city/filing_return.html",
        ReturnForm(request.POST or None),
        partial(filing_actions.return_filing, filing=filing, by=request.user),
        back,
        f"已退回{filing.unit}。",
        refusals_at="opinion",
        filing=filing,
        obstacle=filing_rules.why_not_receive(filing, request.user),
        back=back,
    )


def _units(user) -> list[Unit]:
    return list(Unit.objects.drawing().filter(pk__in=user.units_with(P.RECEIVE_PLANS) | user.units_with(P.SEE_CITY)))


def _latest(quarter, kind, units) -> dict[int, Filing]:
    found = (
        Filing.objects.of(quarter)
        .filter(kind=kind, unit__in=units)
        .select_related("unit", "draw", "decided_by", "asked_by")
    )
    return {filing.unit_id: filing for filing in found.order_by("asked_at", "pk")}


def _row(unit, plan, filing, user):
    waiting = plan is None or plan.status != PlanStatus.PUBLISHED
    return SimpleNamespace(
        unit=unit,
        plan=plan,
        filing=filing,
        tone="wait" if filing is None else TONES[filing.state],
        words="未报送" if filing is None else filing.get_state_display(),
        changing=waiting and filing is not None,
        may_decide=_may_decide(filing, user),
    )


def _may_decide(filing, user) -> bool:
    return filing is not None and not filing_rules.why_not_receive(filing, user)


def _filing(request, pk) -> Filing:
    found = Filing.objects.filter(unit__in=request.user.units_with(P.RECEIVE_PLANS)).select_related("unit")
    return get_object_or_404(found, pk=pk)


def _back(filing) -> str:
    page = "disclosure:rollup-plans" if filing.kind == FilingKind.PLAN else "disclosure:rollup-draws"
    return f"{reverse(page)}?quarter={filing.year}Q{filing.number}"
