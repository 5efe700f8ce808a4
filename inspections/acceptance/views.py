"""A task until somebody arrives: seen, declared, accepted, approved; what is known of the place (PNG 29a–29c)."""

from functools import partial
from urllib.parse import quote

from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.forms.pages import act_page, press
from benxi_shuangsuiji.web import frame as shell
from inspections.approvals import pages as approval_pages
from inspections.approvals import rules as approval_rules
from inspections.checks import pages as check_pages
from inspections.desk import task_steps
from inspections.enterprise.pages import statements_of
from inspections.exchange import leading
from inspections.models import Inspection, InspectionStatus
from inspections.offsite import rules as offsite_rules
from inspections.onsite import actions as onsite
from inspections.onsite import rules as onsite_rules
from inspections.targeted import pages as targeted_pages
from inspections.visits import pages as visit_pages
from inspections.visits import rules as visit_rules
from registry.safety import actions as safety
from registry.safety.forms import SafetyForm

from . import actions, dossier_pages, pages, rules, urging
from .forms import AcceptForm


def _my_task(request, no) -> Inspection:
    """A task of the signed-in person's own team; anybody else's is not found."""
    return get_object_or_404(
        Inspection.objects.in_my_team(request.user).select_related(
            "facility", "unit", "executing_unit", "draw__plan__item_list", "recorded_by", "reviewed_by"
        ),
        no=no,
    )


@requires(P.FIELD_WORK)
@require_safe
def field_task(request, no):
    """One task: to be accepted, then the four steps to the door, then the check itself."""
    inspection = _my_task(request, no)
    waits = inspection.status == InspectionStatus.DISPATCHED
    if waits and not rules.accepted_at(rules.member_of(inspection, request.user)):
        return _accept_page(request, inspection)
    if waits:
        trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="field-task")
        return TemplateResponse(request, "inspections/acceptance/way.html", _way(request, inspection))
    members = list(inspection.members.select_related("inspector"))
    context = {
        **check_pages.facts(inspection, members, clock.today()),
        "nine": _nine(inspection),
        "items": check_pages.items(inspection),
        "references": targeted_pages.references_of(inspection),
        "next_n": visit_pages.next_item(inspection),
        "statements": statements_of(inspection),
        "writable": not visit_rules.why_not_write(inspection, request.user),
        "to_enter": offsite_rules.waits_to_enter(inspection),
        "may_ask_onsite": inspection.looks.with_clue().exists()
        and not onsite_rules.why_not_ask_onsite(inspection, request.user),
        "clue_waits": offsite_rules.waits_for_approval(inspection),
        "looks": inspection.looks.standing().count(),
    }
    return TemplateResponse(request, "inspections/visits/field_task.html", context)


def _nine(inspection: Inspection) -> list:
    """Where it stands between the list and the archive (七(四)-10)."""
    return task_steps.steps_of(inspection, clock.today(), workdays.calendar())


def _way(request, inspection: Inspection) -> dict:
    now, user = clock.now(), request.user
    members = list(inspection.members.select_related("inspector", "acceptance"))
    waits_for, why_not = pages.why_not_arrive(inspection, now)
    return {
        **_about(inspection, members, now.date()),
        "stages": pages.stages(inspection, members, now),
        "asked": approval_rules.standing(inspection),
        "waits_for": waits_for,
        "why_not": why_not,
        "may_ask": not approval_rules.why_not_ask(inspection, user),
        "may_serve": pages.may_serve(inspection, user),
        "recusal": rules.recusal_of(inspection, user),
        "map": quote(inspection.facility.address),
        "onsite": onsite.latest(inspection),
        "may_ask_onsite": not onsite_rules.why_not_ask_onsite(inspection, user),
    }


def _about(inspection: Inspection, members: list, today) -> dict:
    return {
        **check_pages.facts(inspection, members, today),
        "nine": _nine(inspection),
        "items": check_pages.items(inspection),
        "points": sum(len(item["points"]) for item in check_pages.items(inspection)),
        "references": targeted_pages.references_of(inspection),
        "planned": approval_pages.planned_words(inspection),
        "proposal": leading.why_not_begin(inspection),
    }


@requires(P.FIELD_WORK)
def field_accept(request, no):
    """The two declarations, and the task is taken on (七(五)-c, -o)."""
    inspection = _my_task(request, no)
    return _accept_page(request, inspection)


def _accept_page(request, inspection: Inspection):
    """Opening it is the read receipt."""
    user, today = request.user, clock.today()
    if request.method == "GET" and inspection.status == InspectionStatus.DISPATCHED:
        actions.mark_read(inspection=inspection, by=user)
        trail.record("inspections.sealed.viewed", by=user, about=inspection, page="field-accept")
    members = list(inspection.members.select_related("inspector", "acceptance"))
    mine = next(m for m in members if m.inspector.user_id == user.pk)
    obstacle = rules.why_not_accept(inspection, user, mine)
    return act_page(
        request,
        "inspections/acceptance/accept.html",
        # A phone that sends no box sends nothing at all.
        None if obstacle else AcceptForm(request.POST if request.method == "POST" else None),
        partial(actions.accept, inspection=inspection, by=user),
        inspection.field_url,
        "已声明并接受任务。",
        late=obstacle,
        facts=lambda: _about(inspection, members, today),
        obstacle=obstacle,
        recusal=rules.recusal_of(inspection, user),
        mine=mine,
    )


@requires(P.FIELD_WORK)
@require_safe
def field_dossier(request, no):
    """企业情况, 安全 first (七(五)-p)."""
    inspection = _my_task(request, no)
    trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="field-dossier")
    context = {
        "inspection": inspection,
        "dossier": dossier_pages.dossier_of(inspection.facility, clock.today()),
        "been_there": inspection.is_there,
    }
    return TemplateResponse(request, "inspections/acceptance/dossier.html", context)


@requires(P.FIELD_WORK)
@require_POST
def field_dossier_read(request, no):
    """看过了，回到任务."""
    inspection = _my_task(request, no)
    return press(
        request,
        partial(actions.mark_read, inspection=inspection, by=request.user, dossier=True),
        inspection.field_url,
        "",
    )


@requires(P.FIELD_WORK)
def field_safety(request, no):
    """What whoever comes next has to know, written by those who have been there."""
    inspection = _my_task(request, no)
    if not inspection.is_there:
        raise Http404
    now = safety.standing(inspection.facility)
    initial = {"text": now.text if now else "", "told_by": "到场所见", "told_on": clock.today()}
    return act_page(
        request,
        "inspections/acceptance/safety.html",
        SafetyForm(request.POST or None, initial=initial),
        partial(safety.mark_seen_there, facility=inspection.facility, by=request.user),
        reverse("inspections:field-dossier", args=[inspection.no]),
        "现场安全说明已登记。",
        inspection=inspection,
    )


@requires(P.SEE_SEALED)
@require_POST
def task_urge(request):
    """催 of those who have not accepted, of the list that the to-do leads to, or of one check (七(五)-c, -o)."""
    if no := request.GET.get("no", ""):
        known = Inspection.objects.visible_to(request.user).filter(unit__in=request.user.units_with(P.SEE_SEALED))
        inspection = get_object_or_404(known, no=no)
        tasks, back = Q(inspection=inspection), reverse("inspections:task-detail", args=[inspection.no])
    else:
        unit, quarter = shell.current_unit(request), shell.current_quarter(request)
        tasks = Q(inspection__unit=unit, inspection__year=quarter.year, inspection__number=quarter.number)
        back = f"{reverse('inspections:task-list')}?unit={unit.code if unit else ''}&quarter={quarter}&accept=on"
    act = partial(urging.urge, tasks=tasks, by=request.user)
    return press(request, act, back, lambda count: f"已催 {count} 人，消息和邮件这就发出。")
