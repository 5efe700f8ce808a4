"""信用评价依据: the results that count, their state of repair, the files handed out (`/desk/credit/`, 八(二)-g, -h)."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.web import frame as shell
from inspections.models import CreditExport, CreditFormat

from . import actions, evidence
from .forms import PeriodForm

PER_PAGE = 50  # ui.md 4.5
MOST_EXPORTS = 20
TYPES = {CreditFormat.XLSX: files.XLSX, CreditFormat.JSON: "application/json"}


def _asked(request):
    """Unit and days: those of the address, else of the quarter."""
    quarter = shell.current_quarter(request)
    start = {"first": quarter.first_day, "last": quarter.last_day}
    form = PeriodForm(request.GET if "first" in request.GET else None, initial=start)
    days = (form.cleaned_data["first"], form.cleaned_data["last"]) if form.is_valid() else tuple(start.values())
    return shell.current_unit(request), *days, form


@requires(P.SEE_PROGRESS)
@require_safe
def credit(request):
    user, (unit, first, last, form) = request.user, _asked(request)
    rows = evidence.rows(user, unit, first, last, clock.today())
    exports = CreditExport.objects.filter(Q(unit__in=user.units_with(P.SEE_PROGRESS)) | Q(unit=None, by=user))
    context = {
        "unit": unit,
        "first": first,
        "last": last,
        "form": form,
        "why_not": actions.why_not_export(first, last),
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "left_out": evidence.left_out(user, unit, first, last),
        "exports": exports.select_related("unit", "by")[:MOST_EXPORTS],
    }
    return TemplateResponse(request, "inspections/credit/credit.html", context)


@requires(P.SEE_PROGRESS)
@require_safe
def credit_export(request, format):
    """The same rows as a file; what was handed out is kept in the list below them."""
    unit, first, last, _ = _asked(request)
    if refusal := actions.why_not_export(first, last):
        messages.error(request, refusal)
        return redirect("inspections:credit")
    made, content = actions.export(unit=unit, first=first, last=last, format=format, by=request.user)
    name = f"信用评价依据_{unit.code if unit else ''}_{made.first_day}_{made.last_day}.{format.lower()}"
    return files.attachment(content, name=name, content_type=TYPES[format])
