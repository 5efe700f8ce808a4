from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import act_page
from inspections.acceptance import actions as acceptance
from inspections.exchange import leading
from inspections.frequency.counts import margin_days, near_each
from plans.models import Draw

from . import actions, rules


@requires(P.DISPATCH)
def draw_dispatch(request, draw_id):
    """Who was drawn and who goes; then one button (七(二)-h, 五-4i)."""
    draw = get_object_or_404(
        Draw.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.DISPATCH))
        .select_related("unit", "plan"),
        draw_id=draw_id,
    )
    here = reverse("inspections:draw-dispatch", args=[draw.draw_id])

    def dispatch() -> tuple[int, int]:
        """How many went out, and how many are left."""
        made = acceptance.hand_out(draw=draw, by=request.user)
        return len(made), len(rules.waiting(draw, clock.today()))

    return act_page(
        request,
        "inspections/dispatch/draw_dispatch.html",
        forms.Form(request.POST or None),
        dispatch,
        lambda sent: here if sent[1] else _list_of(draw),
        lambda sent: _sent_words(*sent),
        facts=lambda: _facts(draw, request.user),
        draw=draw,
    )


def _sent_words(sent: int, left: int) -> str:
    proposal = f"{leading.PROPOSAL}，" if leading.proposes() else ""
    return f"已派发 {sent} 家，{proposal}报分管负责人审批" + (f"，{left} 家没有派发。" if left else "。")


def _facts(draw: Draw, user) -> dict:
    obstacle = rules.why_not_dispatch(draw, user)
    tasks = [] if obstacle else rules.waiting(draw, clock.today())
    if tasks:
        trail.record("inspections.sealed.viewed", by=user, about=draw, page="draw-dispatch", tasks=len(tasks))
    today = clock.today()
    sheet = actions.check_sheet(draw, today) if tasks else {}
    near = near_each((t.pick.facility for t in tasks), user, today, max(today, draw.plan.window_to), draw=draw)
    return {
        "tasks": [(t, actions.mode_of(t.pick, sheet[t.pick.category]).label) for t in tasks],
        "near": [(t.pick.facility, near[t.pick.facility_id]) for t in tasks if near[t.pick.facility_id]],
        "days": margin_days(today),
        "proposal": leading.PROPOSAL if leading.proposes() else "",
        "ready": sum(not t.obstacle for t in tasks),
        "obstacle": obstacle or rules.why_not_any(tasks),
        "dispatched": draw.inspections.of_valid_run().count(),
        "list_url": _list_of(draw),
    }


def _list_of(draw) -> str:
    return f"{reverse('inspections:task-list')}?unit={draw.unit.code}&quarter={draw.year}Q{draw.number}"
