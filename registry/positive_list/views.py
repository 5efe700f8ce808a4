"""正面清单: the list and its versions, proposed exits, and what was entered against a facility (七(三)-d, -e)."""

from collections.abc import Collection
from functools import partial

from django.core.paginator import Paginator
from django.db.models import Count, Q, prefetch_related_objects
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms.pages import Decide, Panel, Row, act_page, decide_in_list, panel_in_list
from benxi_shuangsuiji.web.frame import unit_or_404
from registry.facilities.pages import found_by_code
from registry.models import ComplianceEvent, Facility, MonitoringMonth, PositiveExit, PositiveListEntry

from . import actions, exits, months
from .forms import EventForm, ExitDecisionForm


@requires(P.SEE_FACILITIES)
def positive_list(request):
    """Who is on the list now, in which batches, who left and why; the lead office decides on proposed exits."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    proposals = PositiveExit.objects.visible_to(request.user).select_related("facility", "decided_by")
    here = f"{request.path}?unit={unit.code}"
    if request.method == "POST":
        number = request.POST.get("request", "")
        proposal = get_object_or_404(proposals, pk=number if number.isdecimal() else 0)
        found = exits.signs([proposal.facility_id], clock.today())
        return decide_in_list(request, _decide(proposal, request.user, found), here)
    shown = list(proposals.filter(facility__unit=unit)[:50])
    signs = exits.by_place([proposal.facility_id for proposal in shown if proposal.waits], clock.today())
    entries = PositiveListEntry.objects.filter(facility__unit=unit).select_related("facility")
    context = {
        "unit": unit,
        "versions": entries.order_by()
        .values("batch")
        .annotate(entered=Count("pk"), left=Count("pk", filter=Q(valid_to__isnull=False)))
        .order_by("batch"),
        "page": Paginator(entries.order_by("valid_to", "facility__code"), 50).get_page(request.GET.get("page")),
        "exits": [_panel(proposal, request.user, here, signs.get(proposal.facility_id, [])) for proposal in shown],
        "events": ComplianceEvent.objects.visible_to(request.user)
        .filter(facility__unit=unit)
        .select_related("facility", "entered_by")[:30],
        "months": _months(unit),
        "may_enter": request.user.may(P.EDIT_FACILITIES, unit),
    }
    return TemplateResponse(request, "registry/positive_list/positive_list.html", context)


def _months(unit) -> list[MonitoringMonth]:
    """The counts that hold, the newest first; a month of none was counted too."""
    of_unit = MonitoringMonth.objects.filter(facility__unit=unit).values_list("facility", flat=True)
    found = months.standing(of_unit.distinct())
    prefetch_related_objects(found, "facility", "entered_by")
    return sorted(found, key=lambda row: (row.month, row.pk), reverse=True)[:30]


def _panel(proposal: PositiveExit, user, here: str, found: Collection[exits.Sign]) -> tuple[Panel, Facility]:
    notes = ["系统提出"]
    now = exits.reasons(found, clock.today()) if proposal.waits else ""
    if now and now != proposal.words:
        notes.append(f"现在是：{now}")
    row = Row(proposal, "warn" if proposal.waits else "ok", proposal.words, notes=notes)
    may = user.may(P.DECIDE_POSITIVE_LIST, proposal.facility.unit_id)
    return panel_in_list(row, _decide(proposal, user, found) if may else None, here), proposal.facility


def _decide(proposal: PositiveExit, user, found: Collection[exits.Sign]) -> Decide:
    decide = partial(actions.decide_exit, proposal=proposal, by=user)
    return Decide(
        ExitDecisionForm,
        partial(decide, approve=True),
        partial(decide, approve=False),
        approved="已移出正面清单",
        rejected="仍在正面清单",
        obstacle=exits.why_not_approve(proposal, user, found, clock.today()),
        may_return=not exits.why_not_decide(proposal, user),
        title="",
        approve_button="批准移出",
        reject_button="不移出",
    )


@requires(P.EDIT_FACILITIES)
def event_new(request):
    """登记守法情况."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    back = f"{reverse('registry:facility-positive')}?unit={unit.code}"

    def act(*, code, **event):
        return actions.enter_event(facility=found_by_code(request.user, code), by=request.user, **event)

    return act_page(
        request,
        "registry/positive_list/positive_event.html",
        EventForm(request.POST or None, initial={"day": clock.today(), "code": request.GET.get("code", "")}),
        act,
        back,
        "已登记",
        unit=unit,
        back=back,
    )
