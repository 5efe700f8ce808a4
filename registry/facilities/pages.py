"""What the pages of facilities have in common."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell
from registry import sheets
from registry.models import Facility

from . import selection


def facility_or_404(request, code):
    return get_object_or_404(Facility.objects.visible_to(request.user).select_related("unit"), code=code)


def edit(request, form, act, facility, done):
    """Carry out a form on a facility; a refusal is shown on the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(facility)
    return None


def form_page(request, facility, form, *, heading, button="", text="", obstacle="", danger=False):
    context = {
        "facility": facility,
        "form": form,
        "heading": heading,
        "button": button,
        "text": text,
        "obstacle": obstacle,
        "danger": danger,
        "waits": not button,  # for another person's approval
    }
    return TemplateResponse(request, "registry/facilities/facility_form.html", context)


def selection_of(request, data=None):
    """What an address asks for, with what its filters offer."""
    data = request.GET if data is None else data
    unit = shell.current_unit(request)
    today = clock.today()
    # A search from the top bar names no unit: it looks through every unit in sight.
    if data.get("q", "").strip() and "unit" not in data and len(shell.my_units(request.user)) > 1:
        unit = None
    offered = selection.offer(unit, today)

    def select(query: QueryDict):
        return selection.select(query, user=request.user, unit=unit, offered=offered, year=today.year)

    return select(data), select, today


def workbook_of(request, unit, rows):
    """The rows as a workbook; who took it, how many rows and whether with personal data is noted."""
    rows = rows.prefetch_related("grounds", "positive_entries")
    personal = unit is not None and request.user.may(P.EDIT_FACILITIES, unit)
    content = sheets.facility_export(rows, with_personal_data=personal)
    trail.record("registry.facilities.exported", by=request.user, unit=unit, rows=len(rows), personal=personal)
    name = f"本溪双随机_检查对象_{unit.short_name if unit else '查询'}_{clock.today():%Y%m%d}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


def unit_or_404(request):
    unit = shell.current_unit(request)
    if unit is None or not request.user.may(P.SEE_FACILITIES, unit):
        raise Http404
    return unit
