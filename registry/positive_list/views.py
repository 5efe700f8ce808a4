"""正面清单: the list and its versions, proposed exits, and what was entered against a facility (七(三)-d, -e)."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.forms import fields
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from registry.models import ComplianceEvent, EventKind, ExitState, Facility, PositiveExit, PositiveListEntry

from . import actions


class EventForm(forms.Form):
    code = fields.text("企业名录编号", max_length=32)
    kind = fields.choice("情形", EventKind.choices)
    day = fields.day("发生日期")
    number = fields.text("文号或编号", max_length=60)
    source = fields.text("来源", max_length=100, help_text="如“重点排污单位自动监控平台”。")


def _unit(request):
    unit = shell.current_unit(request)
    if unit is None or not request.user.may(P.SEE_FACILITIES, unit):
        raise Http404
    return unit


@requires(P.SEE_FACILITIES)
def positive_list(request):
    """Who is on the list now, in which batches, who left and why; the leader decides on proposed exits."""
    unit = _unit(request)
    if request.method == "POST":
        proposals = PositiveExit.objects.visible_to(request.user).select_related("facility")
        number = request.POST.get("proposal", "")
        proposal = get_object_or_404(proposals, pk=number if number.isdigit() else 0)
        approve = request.POST.get("decision") == "leave"
        try:
            actions.decide_exit(
                proposal=proposal, approve=approve, opinion=request.POST.get("opinion", ""), by=request.user
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已移出正面清单" if approve else "仍在正面清单")
        return redirect(f"{request.path}?unit={unit.code}")
    entries = PositiveListEntry.objects.filter(facility__unit=unit).select_related("facility")
    context = {
        "unit": unit,
        "versions": entries.order_by()
        .values("batch")
        .annotate(entered=Count("pk"), left=Count("pk", filter=Q(valid_to__isnull=False)))
        .order_by("batch"),
        "page": Paginator(entries.order_by("valid_to", "facility__code"), 50).get_page(request.GET.get("page")),
        "proposals": PositiveExit.objects.visible_to(request.user)
        .filter(facility__unit=unit)
        .select_related("facility", "decided_by")[:50],
        "events": ComplianceEvent.objects.visible_to(request.user)
        .filter(facility__unit=unit)
        .select_related("facility", "entered_by")[:30],
        "may_decide": request.user.may(P.APPROVE_REGISTRY, unit),
        "may_enter": request.user.may(P.EDIT_FACILITIES, unit),
        "pending": ExitState.PENDING,
    }
    return TemplateResponse(request, "registry/positive_list/positive_list.html", context)


@requires(P.EDIT_FACILITIES)
def event_new(request):
    """登记守法情况."""
    unit = _unit(request)
    initial = {"day": clock.today(), "code": request.GET.get("code", "")}
    form = EventForm(request.POST or None, initial=initial)
    back = reverse("registry:facility-positive") + f"?unit={unit.code}"
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        facility = Facility.objects.visible_to(request.user).filter(code=data.pop("code").strip()).first()
        try:
            if facility is None:
                raise Refused("名录里没有这个编号。从检查对象的详情页面抄编号。")
            actions.enter_event(facility=facility, by=request.user, **data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "已登记")
            return redirect(back)
    return TemplateResponse(
        request, "registry/positive_list/positive_event.html", {"unit": unit, "form": form, "back": back}
    )
