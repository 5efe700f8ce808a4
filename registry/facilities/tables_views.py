"""Pages of 责任表, 差别化监管 and 群众投诉 (四(2)-b, -c; 六(二)-ag)."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.web.frame import unit_or_404
from registry import sheets
from registry.models import Facility

from . import nine_steps, responsibility, treatment

PER_PAGE = 50


@requires(P.SEE_FACILITIES)
@require_safe
def responsibility_table(request):
    """责任表: 监管责任 by name and document, 属地责任, and each firm's environment person."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    firms = Facility.objects.visible_to(request.user).filter(unit=unit).on_books()
    missing = firms.filter(contact_name="").count()
    if request.GET.get("missing"):
        firms = firms.filter(contact_name="")
    page = Paginator(firms.order_by("code"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "lines": responsibility.of_unit(unit, clock.today()),
        "steps": nine_steps.of(unit, clock.today()),
        "sections": responsibility.sections_of(unit),
        "page": page,
        "firms": responsibility.of_firms(page),
        "missing": missing,
        "only_missing": bool(request.GET.get("missing")),
    }
    return TemplateResponse(request, "registry/facilities/responsibility.html", context)


@requires(P.SEE_FACILITIES)
@require_safe
def responsibility_export(request):
    """The same as a workbook, names of the firms' people masked."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    firms = Facility.objects.visible_to(request.user).filter(unit=unit).on_books().order_by("code")
    today = clock.today()
    content = sheets.responsibility_export(
        unit, responsibility.of_unit(unit, today), responsibility.of_firms(firms), today
    )
    trail.record("registry.facilities.exported", by=request.user, unit=unit, rows=len(firms), personal=False)
    name = f"{this_city().label}_责任表_{unit.short_name}_{today:%Y%m%d}.xlsx"
    return files.attachment(content, name=name, content_type=files.XLSX)


@requires(P.SEE_FACILITIES)
@require_safe
def treatment_table(request):
    """差别化监管: which kind of facility is drawn how often and checked how."""
    unit = unit_or_404(request, P.SEE_FACILITIES)
    context = {"unit": unit, "lines": treatment.table(unit, clock.today())}
    return TemplateResponse(request, "registry/facilities/treatment.html", context)
