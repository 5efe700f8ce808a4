"""投屏: the wall of the ceremony, one screen for each step (PNG 11, ui.md 7.2, 7.4)."""

from types import SimpleNamespace

import segno
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission

from . import draw_rules as rules
from .draw_pages import (
    digests_of,
    draw_or_404,
    manifest_lines,
    shown_states,
    slips_of,
    steps_of,
)
from .models import Draw, DrawStatus


@requires(Permission.SEE_DRAWS)
def draw_stage(request, draw_id):
    """The wall: counts and digests, never a name before the release (PNG 11, ui.md 7.4)."""
    draw = draw_or_404(request, draw_id)
    now, states = clock.now(), rules.source_states(draw)
    screen, position = screen_of(draw, states, now)
    sources = shown_states(states, request.user)
    rail = steps_of(draw, states, now, short=True)
    lines = manifest_lines(draw)
    context = {
        "stage": SimpleNamespace(
            unit_name=draw.unit.name,
            title=f"{draw.plan.quarter.label}随机抽取",
            number=draw.draw_id,
            now=now,
            light="light" in request.GET,
            steps=rail,
        ),
        "draw": draw,
        "screen": screen,
        "lines": lines,
        "total": sum(line.places for line in lines),
        "digests": digests_of(draw),
        "focus": next((source for source in sources if source.state.position == position), None),
        "others": [source for source in sources if source.state.position != position],
        "head": draw.chain_entries.filter(kind="RESULT").first(),
        "slips": slips_of(draw),
        "may_hold": request.user.may(Permission.HOLD_DRAW, draw.unit),
        "code": public_code(request, draw) if screen == "locked" else "",
    }
    return TemplateResponse(request, "plans/draw_stage.html", context)


def screen_of(draw: Draw, states, now) -> tuple[str, int]:
    """Which of the wall's screens is the present step, and the position of the source it shows (0: none)."""
    if draw.status == DrawStatus.ABORTED:
        return "void", 0
    if draw.status == DrawStatus.PREPARED:
        return "before", 0
    if draw.drawn_at is not None:
        return "locked", 0
    open_ones = [state for state in states if state.agreed is None]
    if not open_ones:
        return "draw", states[-1].position
    due = next((state for state in open_ones if state.due <= now), None)
    return ("values", due.position) if due else ("sealed", 0)


def public_code(request, draw: Draw) -> str:
    """A code that leads to the public page of this draw, as the address of a picture."""
    made = segno.make(request.build_absolute_uri(f"/draws/{draw.draw_id}/"), error="m")
    return made.svg_data_uri(border=0, omitsize=True, dark="#0A3A44")
