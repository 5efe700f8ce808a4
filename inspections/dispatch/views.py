from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused
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
    obstacle = rules.why_not_dispatch(draw, request.user)
    if request.method == "POST":
        try:
            made = actions.dispatch(draw=draw, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            left = len(rules.waiting(draw, clock.today()))
            tail = f"，{left} 家没有派发" if left else ""
            messages.success(request, f"已派发 {len(made)} 家{tail}。")
            return redirect("inspections:draw-dispatch", draw.draw_id) if left else redirect(_list_of(draw))
    tasks = [] if obstacle else rules.waiting(draw, clock.today())
    if tasks:
        trail.record("inspections.sealed.viewed", by=request.user, about=draw, page="draw-dispatch", tasks=len(tasks))
    context = {
        "draw": draw,
        "tasks": tasks,
        "ready": sum(not t.obstacle for t in tasks),
        "obstacle": obstacle or rules.why_not_any(tasks),
        "dispatched": draw.inspections.of_valid_run().count(),
        "list_url": _list_of(draw),
    }
    return TemplateResponse(request, "inspections/dispatch/draw_dispatch.html", context)


def _list_of(draw) -> str:
    return f"{reverse('inspections:task-list')}?unit={draw.unit.code}&quarter={draw.year}Q{draw.number}"
