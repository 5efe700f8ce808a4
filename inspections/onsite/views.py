"""Pages of 改为现场检查: the team or the planner asks, the leader decides (七(三)-a, -c)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused
from inspections.models import Inspection, RequestState

from . import actions, rules
from .forms import OnsiteDecisionForm, OnsiteForm

REFUSED = 409
TONES = {RequestState.PENDING: "warn", RequestState.APPROVED: "ok", RequestState.RETURNED: "bad"}


@requires(P.FIELD_WORK)
def field_onsite(request, no):
    """A member of the team asks."""
    inspection = get_object_or_404(
        Inspection.objects.in_my_team(request.user).select_related("facility", "unit"), no=no
    )
    form, status = OnsiteForm(request.POST or None), 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(inspection=inspection, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "申请已提交。批准以前，仍用非现场方式。")
            return redirect("inspections:field-task", inspection.no)
    context = {
        "inspection": inspection,
        "form": form,
        "obstacle": rules.why_not_ask_onsite(inspection, request.user),
        "asked": actions.latest(inspection),
    }
    return TemplateResponse(request, "inspections/onsite/field_onsite.html", context, status=status)


@requires(P.SEE_SEALED)
def task_onsite(request, no):
    """The requests of one check; the planner asks, the leader decides."""
    inspection = get_object_or_404(
        Inspection.objects.visible_to(request.user)
        .filter(unit__in=request.user.units_with(P.SEE_SEALED))
        .select_related("facility", "unit", "draw"),
        no=no,
    )
    waiting = inspection.onsite_requests.filter(state=RequestState.PENDING).select_related("inspection").first()
    may_decide = waiting is not None and request.user.may(P.APPROVE_AMENDMENT, inspection.unit)
    form = (OnsiteDecisionForm if may_decide else OnsiteForm)(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            if may_decide:
                approve = request.POST.get("decision") == "approve"
                actions.decide(request=waiting, approve=approve, by=request.user, **form.cleaned_data)
                messages.success(request, "已批准，改为现场检查。" if approve else "未批准，仍用非现场方式。")
            else:
                actions.ask(inspection=inspection, by=request.user, **form.cleaned_data)
                messages.success(request, "申请已提交，等分管负责人批准。")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            return redirect("inspections:task-onsite", inspection.no)
    trail.record("inspections.sealed.viewed", by=request.user, about=inspection, page="task-onsite")
    obstacle = (
        rules.why_not_open_onsite(waiting, request.user)
        if may_decide
        else rules.why_not_ask_onsite(inspection, request.user)
    )
    rows = inspection.onsite_requests.select_related("requested_by", "decided_by")
    context = {
        "inspection": inspection,
        "rows": [{"asked": row, "tone": TONES[row.state]} for row in rows],
        "form": form,
        "may_decide": may_decide,
        "obstacle": obstacle,
    }
    return TemplateResponse(request, "inspections/onsite/task_onsite.html", context, status=status)
