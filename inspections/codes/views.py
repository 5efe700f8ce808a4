"""核验这次检查: what stands behind the code of a notice, for whoever holds it (ui-2.md 32, decisions.md 2, 3; SSJ1 14.5).

Open without login and without a cookie, about one visit only, never cached, indexed, exported or listed. Forms here carry
no key against forgery: there is no session that a stranger's page could use.
"""

from functools import partial, wraps
from types import SimpleNamespace

from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import client_address
from benxi_shuangsuiji.forms.pages import act_page
from benxi_shuangsuiji.policy.discipline import FIVE
from benxi_shuangsuiji.workdays.days import full_date
from inspections.checks import visit_codes
from inspections.checks.pages import items, materials_of
from inspections.checks.states import DROPPED
from inspections.frequency.counts import turn_of
from inspections.models import Inspection, Mode, Source
from plans.amendments import actions as amend_actions
from plans.draw.visit_slips import slip_of
from plans.models import AmendmentRequest

from . import actions, rules, tries
from .forms import RatingForm, ReportForm
from .models import Try
from .pages import open_to_holders, phones, result_address


@open_to_holders
@require_safe
def code_entry(request):
    """One field; what is typed is understood in any case and width, and what cannot be a code is not looked up."""
    if "code" not in request.GET:
        return _entry(request, "", "")
    typed = request.GET["code"][:60]
    code = visit_codes.read(typed)
    if reason := visit_codes.why_not(code):
        return _entry(request, typed.strip(), reason)
    return redirect("inspections:visit-check", code)


def _entry(request, typed: str, reason: str, status: int = 200) -> TemplateResponse:
    if reason and len(read := visit_codes.read(typed)) == visit_codes.LENGTH:
        typed = visit_codes.grouped(read)
    context = {"typed": typed, "reason": reason, "checked": "校验位" in reason, "phones": phones()}
    return TemplateResponse(request, "inspections/codes/enter.html", context, status=status)


def look_up(view):
    """Give the view the visit of a code. It is looked up before anything is counted, so a genuine one always opens."""

    @wraps(view)
    def found(request, code):
        read = visit_codes.read(code[:60])
        if reason := visit_codes.why_not(read):
            return _entry(request, code[:60], reason, 404)
        if read != code:
            return redirect(request.path.replace(code, read, 1))
        inspection = (
            Inspection.objects.filter(visit_code=code)
            .select_related(
                "facility",
                "unit__phone",
                "executing_unit",
                "draw__plan",
                "draw__unit",
                "pick__facility",
                "pick__draw",
                "begun_under__facility",
                "begun_under__draw",
                "rating",
            )
            .first()
        )
        if inspection is not None:
            return view(request, inspection)
        waiting = tries.count(Try.Kind.UNKNOWN_CODE, client_address(request))
        context = {"code": visit_codes.grouped(read), "now": clock.now(), "waiting": waiting, "phones": phones()}
        context["law"] = policy.on(clock.today())
        return TemplateResponse(request, "inspections/codes/unknown.html", context, status=429 if waiting else 404)

    return found


@open_to_holders
@require_safe
@look_up
def visit_check(request, inspection):
    """Genuine or not, first; then who, whom, what, when and why, and the proof that it was fixed by the draw."""
    asked = items(inspection)
    void = inspection.status in DROPPED
    approved = inspection.approvals.final().order_by("decided_at").last()
    context = {
        "inspection": inspection,
        "now": clock.now(),
        "void": void,
        "over": inspection.ended_at is not None,
        "members": list(inspection.members.select_related("inspector")),
        "items": asked,
        "points": sum(len(item["points"]) for item in asked),
        "materials": materials_of(inspection),
        "when": _when(inspection, approved),
        "assistants": approved.facts.get("assistants", "") if approved else "",
        "not_today": _not_today(inspection, approved),
        "turn": None if void or inspection.mode != Mode.ONSITE else turn_of(inspection),
        "slip": slip_of(inspection.slip_pick) if inspection.slip_pick and not void else None,
        "changes": _changes(inspection),
        "references": inspection.targeted.all(),
        "result": result_address(inspection),
        "phone": getattr(inspection.unit, "phone", None),
        "may_rate": not rules.why_not_rate(inspection),
        "five": FIVE,
    }
    return TemplateResponse(request, "inspections/codes/genuine.html", context)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@look_up
def visit_report(request, inspection):
    """对不上，反映: with the visit attached."""
    return _report(request, inspection)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
def impostor_new(request):
    """反映: nobody holds a code, or it is not known."""
    return _report(request, None)


def _report(request, inspection: Inspection | None):
    form = ReportForm(request.POST or None, of_a_visit=inspection is not None)
    context = {"inspection": inspection, "phones": phones(), "law": policy.on(clock.today())}
    if request.method == "POST" and form.is_valid() and tries.too_many(Try.Kind.REPORT, client_address(request)):
        return TemplateResponse(
            request, "inspections/codes/report.html", {**context, "form": form, "waiting": True}, status=429
        )

    def act(words, phone, unit=None):
        kept = actions.report_impostor(
            unit=inspection.unit if inspection else unit, inspection=inspection, words=words, phone=phone
        )
        tries.note(Try.Kind.REPORT, client_address(request))
        return kept

    def receipt(report):
        return TemplateResponse(request, "inspections/codes/reported.html", {**context, "report": report})

    return act_page(request, "inspections/codes/report.html", form, act, receipt, "", **context)


@open_to_holders
@require_http_methods(["GET", "HEAD", "POST"])
@look_up
def visit_rate(request, inspection):
    """评价 after the visit; the team never sees it (七(五)-q)."""
    obstacle = rules.why_not_rate(inspection)
    form = None if obstacle else RatingForm(request.POST or None)
    act = partial(actions.rate, inspection=inspection)
    context = {"inspection": inspection, "obstacle": obstacle, "rated": hasattr(inspection, "rating")}
    back = reverse("inspections:visit-rate", args=[inspection.visit_code])
    return act_page(request, "inspections/codes/rate.html", form, act, back, "", **context)


def _when(inspection: Inspection, approved) -> str:
    if inspection.started_at:
        return full_date(timezone.localtime(inspection.there_since).date())
    if approved is None:
        return f"{full_date(inspection.finish_by)}前"
    return " 至 ".join(dict.fromkeys(full_date(day) for day in (approved.first_day, approved.last_day)))


def _not_today(inspection: Inspection, approved) -> str:
    """Genuine, but nobody should be there now: it is approved for other days, or not yet (凡检查必审批)."""
    if inspection.started_at or inspection.source == Source.EMERGENCY:
        return ""
    if approved is None:
        return "还没有批准"
    today = clock.today()
    return "" if approved.first_day <= today <= approved.last_day else f"定在 {_when(inspection, approved)}"


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
