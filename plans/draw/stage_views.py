"""投屏: the wall of the ceremony, one screen for each step (PNG 11, ui.md 7.2, 7.4)."""

from types import SimpleNamespace

import segno
from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, pdf
from benxi_shuangsuiji.refusal import Refused
from plans.models import Draw, DrawStatus, SourceKind

from . import record, ssj1
from .pages import draw_or_404, shown_states, steps_of
from .sealed import digests_of, manifest_lines, slips_of
from .values import source_states

# Where the pips of a die stand, in hundredths of its side.
PIPS = {
    "1": [(50, 50)],
    "2": [(28, 28), (72, 72)],
    "3": [(26, 26), (50, 50), (74, 74)],
    "4": [(28, 28), (72, 28), (28, 72), (72, 72)],
    "5": [(27, 27), (73, 27), (50, 50), (27, 73), (73, 73)],
    "6": [(28, 25), (72, 25), (28, 50), (72, 50), (28, 75), (72, 75)],
}
FEWEST_THROWS = 10  # SSJ1 5.3
ROOM = (12, 15, 5)  # how many of each category fit one screen, in the order of the law


@requires(Permission.SEE_DRAWS)
@require_safe
def draw_stage(request, draw_id):
    """The wall: counts and digests, never a name before the release (PNG 11, ui.md 7.4).

    The draw's own state says which step it is, so there is no way back. `at` is the source that the wall showed
    last: once its value is agreed it is shown, and the next press goes on.
    """
    draw = draw_or_404(request, draw_id)
    now, states = clock.now(), source_states(draw)
    screen, position = screen_of(draw, states, now, shown_before=request.GET.get("at", ""))
    sources = [SimpleNamespace(**vars(shown), dice=dice_of(shown)) for shown in shown_states(states, request.user)]
    lines = manifest_lines(draw)
    light = "light" in request.GET
    focus = next((source for source in sources if source.state.position == position), None)
    total, slips = sum(line.places for line in lines), slips_of(draw)
    context = {
        "stage": SimpleNamespace(
            unit_name=draw.unit.on(localtime(draw.drawn_at or now).date()).name,
            title=f"{draw.plan.quarter.label}随机抽取",
            number=draw.draw_id,
            now=now,
            light=light,
            steps=steps_of(draw, states, now, short=True),
        ),
        "draw": draw,
        "screen": screen,
        "lines": lines,
        "total": total,
        "digests": digests_of(draw),
        "focus": focus,
        "others": [source for source in sources if source is not focus],
        "awaited": next((state for state in states if state.due > now), None),
        "head": draw.chain_entries.filter(kind="RESULT").order_by("seq").last(),
        "slips": slips,
        "missing": total - slips if slips is not None else 0,
        "groups": groups_of(draw) if screen == "list" else [],
        "may_hold": request.user.may(Permission.HOLD_DRAW, draw.unit),
        "early": now < draw.plan.draw_at,
        "code": public_code(request, draw) if draw.drawn_at else "",
        "next": next_address(draw, screen, focus, light),
    }
    return TemplateResponse(request, "plans/draw/draw_stage.html", context)


@requires(Permission.SEE_DRAWS)
@require_safe
def draw_record_pdf(request, draw_id):
    """随机抽取记录 to be signed by those present; counts and digests only (domain.md 3.2 (j), 6.4)."""
    draw = draw_or_404(request, draw_id)
    try:
        paper = record.record_pdf(draw, site=f"{request.scheme}://{request.get_host()}")
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(draw)
    trail.record("plans.draw.record_downloaded", by=request.user, about=draw)
    return files.attachment(paper, name=f"随机抽取记录_{draw.draw_id}.pdf", content_type=pdf.PDF)


def screen_of(draw: Draw, states, now, *, shown_before: str = "") -> tuple[str, int]:
    """Which of the wall's screens is the present step, and the position of the source it shows (0: none)."""
    if draw.status == DrawStatus.ABORTED:
        return "void", 0
    if draw.status == DrawStatus.PREPARED:
        return "before", 0
    if draw.status == DrawStatus.RELEASED:
        same_day = timezone.localtime(draw.release_at).date() == timezone.localtime(draw.drawn_at).date()
        return "list" if same_day else "open", 0
    if draw.status == DrawStatus.DRAWN:
        return "locked", 0
    agreed = [state for state in states if state.agreed is not None]
    if len(agreed) < len(states):
        # A value that the wall was waiting for is shown before the wall goes on to the next one.
        if waited := next((state for state in agreed if str(state.position) == shown_before), None):
            return "values", waited.position
        if due := next((state for state in states if state.agreed is None and state.due <= now), None):
            return "values", due.position
        return ("values", agreed[-1].position) if agreed else ("sealed", 0)
    return "draw", states[-1].position


def next_address(draw: Draw, screen: str, focus, light: bool) -> str:
    """Where the next press leads; a source whose value is still awaited is asked for again."""
    if screen not in ("before", "sealed", "values", "draw"):
        return ""
    wanted = [f"at={focus.state.position}"] if focus and not focus.numbers else []
    if light:
        wanted.append("light=1")
    return reverse("plans:draw-stage", args=[draw.draw_id]) + ("?" + "&".join(wanted) if wanted else "")


def dice_of(shown) -> list[SimpleNamespace]:
    """The dice of a source to draw: their pips, or so many empty places until two people agree."""
    if shown.state.kind != SourceKind.DICE:
        return []
    if not shown.numbers:
        return [SimpleNamespace(number="", pips=[])] * FEWEST_THROWS
    return [SimpleNamespace(number=number, pips=PIPS[number]) for number in shown.numbers]


def groups_of(draw: Draw) -> list[SimpleNamespace]:
    """Who was drawn, of a released draw: the first category with numbers, the others by name (PNG 11, fourth)."""
    texts = {kind: [] for kind in ("FRAME", "RESULT")}
    for kind, text in draw.documents.filter(kind__in=texts).order_by("run", "number").values_list("kind", "text"):
        texts[kind].append(text)
    names = {row.id: row.name for text in texts["FRAME"] for row in ssj1.parse_frame(text).rows}
    picks = ssj1.parse_result(texts["RESULT"][-1]).picks
    groups = []
    for line, room in zip(manifest_lines(draw), ROOM, strict=False):
        chosen = [
            SimpleNamespace(no=pick.number, name=names[pick.id], ticket=pick.ticket)
            for pick in picks
            if pick.stratum.rpartition(".")[2] == line.category
        ]
        if chosen:
            groups.append(SimpleNamespace(line=line, picks=chosen[:room], more=len(chosen[room:])))
    return groups


def public_code(request, draw: Draw) -> str:
    """A code that leads to the public page of this draw, as the address of a picture."""
    made = segno.make(request.build_absolute_uri(f"/draws/{draw.draw_id}/"), error="m")
    return made.svg_data_uri(border=0, omitsize=True, dark="#0A3A44")
