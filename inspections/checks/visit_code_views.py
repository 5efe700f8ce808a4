"""核验这次检查: what stands behind the code of a notice, for whoever holds it (ui.md 7.1, decisions.md 2, 3; SSJ1 14.5).

Open without login, about this one visit only, never cached, indexed, exported or listed. A code that is not known is
answered alike whatever it is, and somebody who tries many is told to wait.
"""

from types import SimpleNamespace

from django.core.cache import cache
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import client_address, public_page
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import Inspection, InspectionStatus
from plans.amendments import actions as amend_actions
from plans.draw.visit_slips import slip_of
from plans.models import AmendmentRequest

from .pages import items, materials_of
from .states import DROPPED

MOST_MISSES, WAIT_SECONDS = 20, 600


@public_page
@require_safe
def visit_check(request, code):
    """Genuine or not, first; then who, whom, what, when and why, and the proof that it was fixed by the draw."""
    misses = f"visit-code-misses:{client_address(request)}"
    if cache.get(misses, 0) >= MOST_MISSES:
        return _answer(request, "inspections/checks/visit_unknown.html", {"waiting": True}, 429)
    inspection = (
        Inspection.objects.filter(visit_code=code)
        .select_related(
            "facility",
            "unit",
            "executing_unit",
            "draw__plan",
            "draw__unit",
            "pick__facility",
            "pick__draw",
            "begun_under__facility",
            "begun_under__draw",
        )
        .first()
    )
    if inspection is None:
        cache.add(misses, 0, WAIT_SECONDS)
        cache.incr(misses)
        return _answer(request, "inspections/checks/visit_unknown.html", {"waiting": False}, 404)
    now = clock.now()
    members = list(inspection.members.select_related("inspector"))
    context = {
        "inspection": inspection,
        "now": now,
        "void": inspection.status in DROPPED,
        "members": members,
        "items": items(inspection),
        "materials": materials_of(inspection),
        "when": _when(inspection),
        "slip": slip_of(inspection.slip_pick) if inspection.slip_pick else None,
        "changes": _changes(inspection),
        "over": inspection.ended_at is not None,
        "result": reverse_result(inspection),
    }
    return _answer(request, "inspections/checks/visit_check.html", context, 200)


def _answer(request, template: str, context: dict, status: int) -> TemplateResponse:
    response = TemplateResponse(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"  # the address itself is what only the holder has
    return response


def _when(inspection: Inspection) -> str:
    if inspection.started_at:
        return full_date(timezone.localtime(inspection.started_at).date())
    return f"{full_date(inspection.finish_by)}前"


def reverse_result(inspection: Inspection) -> str:
    """The public page of the result, once it is public; its address is the page map's (ui.md 7)."""
    return f"/results/{inspection.no}/" if inspection.status == InspectionStatus.PUBLISHED else ""


def _changes(inspection: Inspection) -> list[SimpleNamespace]:
    """The approved amendments that touched this visit: who went, who came, why and by whose word (七(二)-g)."""
    pick = inspection.slip_pick
    if pick is None:
        return []
    numbers = {team.amendment for team in pick.teams.all()} - {0}
    if drop := getattr(pick, "drop", None):
        numbers.add(drop.amendment)
    asked = AmendmentRequest.objects.filter(draw=pick.draw_id, run=pick.run, number__in=numbers)
    asked = asked.select_related("draw", "inspector")
    teams = {t.amendment: t for t in pick.teams.prefetch_related("members__inspector")}
    found = []
    for request in asked.order_by("number"):
        amend = amend_actions.amend_of(request)
        before = max((n for n in teams if n < request.number), default=None)
        found.append(
            SimpleNamespace(
                number=request.number,
                reason=request.get_reason_display(),
                at=request.decided_at,
                person=amend.person,
                document=amend.document,
                before=_people(teams.get(before)),
                after=_people(teams.get(request.number)),
            )
        )
    return found


def _people(team) -> str:
    return "、".join(m.inspector.name for m in team.members.all()) if team else ""


def address_of(inspection: Inspection) -> str:
    return reverse("inspections:visit-check", args=[inspection.visit_code])
