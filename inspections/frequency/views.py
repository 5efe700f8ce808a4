"""检查频次: the counter of one facility, the caps, and who is at a limit (一-e, 七(一)4, D-19, K8, K10, K11)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, table
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from inspections.models import FrequencyCap
from inspections.targeted import pages as targeted_pages
from registry.models import Facility

from . import actions, counts
from .caps import caps_of, note_on
from .forms import CapForm
from .pages import note_view

REFUSED = 409


COLUMNS = [
    OutColumn("名录编号", 24),
    OutColumn("检查对象", 30),
    OutColumn("类别", 8),
    OutColumn("本年入企检查", 14),
    OutColumn("上限", 8),
    OutColumn("同一事项抽查最多", 18),
    OutColumn("情况", 12),
]


@requires(P.SEE_FACILITIES)
@require_GET
def facility_frequency(request, code):
    """How often one facility was drawn for each item and visited in the year, and what else is near."""
    facility = get_object_or_404(Facility.objects.visible_to(request.user).select_related("unit"), code=code)
    today = clock.today()
    note_view(request, facility.unit, "facility-frequency")
    context = {
        "facility": facility,
        "near": counts.near(facility, request.user, today, today),
        "days": counts.margin_days(today),
        "most": policy.on(today).cap_per_item,
        "may_raise": bool(request.user.units_with(P.RAISE_CHECK)),
        **targeted_pages.frequency_of(facility, today.year, request.user),
    }
    return TemplateResponse(request, "inspections/frequency/facility_frequency.html", context)


@requires(P.SEE_FACILITIES)
def frequency_list(request):
    """Who is at a limit; the caps with their document and approver; and the form for another cap."""
    unit, today = shell.current_unit(request), clock.today()
    year = shell.current_quarter(request).year
    may_propose = unit is not None and request.user.may(P.DISPATCH, unit)
    form, status = CapForm(request.POST or None, initial={"year": today.year}) if may_propose else None, 200
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.propose_cap(unit=unit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = REFUSED
        else:
            messages.success(request, "已提出，等分管负责人批准。")
            return redirect(_here(unit, request))
    sees = unit is not None and request.user.may(P.SEE_FACILITIES, unit)
    note_view(request, unit, "frequency-list")
    rows = FrequencyCap.objects.filter(year=year, unit=unit).select_related(
        "proposed_by", "approved_by", "returned_by", "unit"
    )
    caps = caps_of(year)
    context = {
        "unit": unit,
        "year": year,
        "report": counts.report(request.user, unit, year) if sees else counts.Report(),
        "caps": [{"cap": cap, "note": note_on(cap, caps)} for cap in rows] if sees else [],
        "form": form,
        "may_approve": unit is not None and request.user.may(P.APPROVE_CHECK, unit),
        "most": policy.on(today).cap_per_item,
    }
    return TemplateResponse(request, "inspections/frequency/frequency_list.html", context, status=status)


def _here(unit, request) -> str:
    quarter = shell.current_quarter(request)
    return f"{reverse('inspections:frequency-list')}?unit={unit.code}&quarter={quarter}"


@requires(P.APPROVE_CHECK)
@require_POST
def cap_decide(request, pk):
    """Approve, or say why not."""
    cap = get_object_or_404(
        FrequencyCap.objects.filter(unit__in=request.user.units_with(P.APPROVE_CHECK)).select_related("unit"), pk=pk
    )
    try:
        if request.POST.get("act") == "return":
            actions.return_cap(cap=cap, opinion=request.POST.get("opinion", ""), by=request.user)
            done = "没有同意，提出的人会收到意见。"
        else:
            actions.approve_cap(cap=cap, by=request.user)
            done = "上限已批准，从现在起计算。"
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect(f"{reverse('inspections:frequency-list')}?unit={cap.unit.code}")


@requires(P.SEE_FACILITIES)
@require_GET
def frequency_export(request):
    """The report as a workbook, of what the reader may know."""
    unit, year = shell.current_unit(request), shell.current_quarter(request).year
    sees = unit is not None and request.user.may(P.SEE_FACILITIES, unit)
    lines = counts.report(request.user, unit, year).lines if sees else []
    trail.record("inspections.frequency.exported", by=request.user, unit=unit, year=year)
    content = table(
        sheet="检查频次",
        columns=COLUMNS,
        rows=(
            [
                line.facility.code,
                line.facility.name,
                line.facility.get_category_display(),
                str(line.visits),
                "" if line.cap is None else str(line.cap),
                str(line.times),
                "超过" if line.over else "已到上限",
            ]
            for line in lines
        ),
    )
    name = f"检查频次_{unit.code if unit else ''}_{year}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)
