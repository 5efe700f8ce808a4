"""公平性监测, its page and its workbook, for whoever follows the progress; single people for two roles alone (八(一)-a)."""

from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.web import chips
from inspections.indicators import pages as indicator_pages
from inspections.models import Inspection

from . import inclusion, pages, sheets


def _asked(request) -> pages.Page:
    by = chips.asked(request, "by", inclusion.GROUPS, "industry")
    page = pages.Page(indicator_pages.of(request), by, clock.today())
    if page.told:  # whoever looks at single people leaves a line
        unit = None if page.asked.city else page.asked.units[0]
        trail.record("inspections.fairness.people", by=request.user, unit=unit, year=page.year)
    return page


@requires(P.SEE_PROGRESS)
@require_safe
def fairness(request):
    page = _asked(request)
    numbers = [short.no for short in page.visits.shorts]
    opens = set(Inspection.objects.visible_to(request.user).filter(no__in=numbers).values_list("no", flat=True))
    return TemplateResponse(request, "inspections/fairness/fairness.html", {"page": page, "opens": opens})


@requires(P.SEE_PROGRESS)
@require_safe
def fairness_export(request):
    """The same figures as a workbook."""
    page = _asked(request)
    unit = None if page.asked.city else page.asked.units[0]
    trail.record("inspections.fairness.exported", by=request.user, unit=unit, year=page.year)
    name = f"{this_city().label}_公平性监测_{page.asked.place}_{page.year}_{page.today:%Y%m%d}.xlsx"
    return files.attachment(sheets.workbook(page), name=name, content_type=files.XLSX)
