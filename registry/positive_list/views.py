"""正面清单: the list and its versions, proposed exits, and what was entered against a facility (七(三)-d, -e)."""

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
        return decide_in_list(request, _decide(proposal, request.user), here)
    entries = PositiveListEntry.objects.filter(facility__unit=unit).select_related("facility")
    context = {
        "unit": unit,
        "versions": entries.order_by()
        .values("batch")
        .annotate(entered=Count("pk"), left=Count("pk", filter=Q(valid_to__isnull=False)))
        .order_by("batch"),
        "page": Paginator(entries.order_by("valid_to", "facility__code"), 50).get_page(request.GET.get("page")),
        "exits": [_panel(proposal, request.user, here) for proposal in proposals.filter(facility__unit=unit)[:50]],
        "events": ComplianceEvent.objects.visible_to(request.user)
        .filter(facility__unit=unit)
        .select_related("facility", "entered_by")[:30],
        "months": _months(unit),
        "may_enter": request.user.may(P.EDIT_FACILITIES, unit),
    }
    return TemplateResponse(request, "registry/positive_list/positive_list.html", context)


def _months(unit) -> list[MonitoringMonth]:
    """The counts that hold, the newest first; without those that say none."""
    of_unit = MonitoringMonth.objects.filter(facility__unit=unit, times__gt=0).values_list("facility", flat=True)
    found = [row for row in months.standing(of_unit.distinct()) if row.times]
    prefetch_related_objects(found, "facility", "entered_by")
    return sorted(found, key=lambda row: (row.month, row.pk), reverse=True)[:30]


def _panel(proposal: PositiveExit, user, here: str) -> tuple[Panel, Facility]:
    row = Row(proposal, "warn" if proposal.waits else "ok", proposal.words, notes=["系统提出"])
    decide = _decide(proposal, user) if user.may(P.DECIDE_POSITIVE_LIST, proposal.facility.unit_id) else None
    return panel_in_list(row, decide, here), proposal.facility


def _decide(proposal: PositiveExit, user) -> Decide:
    decide = partial(actions.decide_exit, proposal=proposal, by=user)
    return Decide(
        ExitDecisionForm,
        partial(decide, approve=True),
        partial(decide, approve=False),
        approved="已移出正面清单",
        rejected="仍在正面清单",
        obstacle=exits.why_not_decide(proposal, user),
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
