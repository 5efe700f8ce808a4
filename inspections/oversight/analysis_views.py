"""The page of 发现问题分析, for who plans and who supervises (四(2)-d)."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, table
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.web import frame as shell
from inspections.indicators import figures
from inspections.indicators.facts import Scope

from . import analysis as results

FIRST_YEAR = 2025


def _asked(request):
    """The units and the year of the address: one unit, or with `?scope=city` all of them."""
    today, unit = clock.today(), shell.current_unit(request)
    city = request.GET.get("scope") == "city" and bool(request.user.units_with(P.SEE_CITY))
    years = {str(year) for year in range(FIRST_YEAR, today.year + 1)}
    year = int(chips.asked(request, "year", years, str(today.year)))
    if city:
        shell.show_whole_city(request)
        units = Unit.objects.drawing().filter(pk__in=request.user.units_with(P.SEE_PROGRESS))
    elif unit is not None and request.user.may(P.SEE_PROGRESS, unit):
        units = [unit]
    else:
        raise Http404
    return units, unit, city, year, today


@requires(P.SEE_PROGRESS)
@require_safe
def analysis(request):
    """Where checks find problems, by tag, from what is public."""
    units, unit, city, year, today = _asked(request)
    here = f"unit={unit.code}" if unit else ""
    years = [
        {"label": f"{y} 年", "url": f"?{here}&year={y}" + ("&scope=city" if city else ""), "current": y == year}
        for y in range(today.year, FIRST_YEAR - 1, -1)
    ]
    context = {
        "unit": unit,
        "city": city,
        "year": year,
        "years": years,
        "may_city": bool(request.user.units_with(P.SEE_CITY)),
        "result": results.of(units, year),
        "offsite": figures.figure(Scope.of(units, year), 22),
        "query": f"{here}&year={year}" + ("&scope=city" if city else ""),
        "other": f"{here}&year={year}" + ("" if city else "&scope=city"),
    }
    return TemplateResponse(request, "inspections/oversight/analysis.html", context)


@requires(P.SEE_PROGRESS)
@require_safe
def analysis_export(request):
    """The same figures as a workbook."""
    units, unit, city, year, today = _asked(request)
    result = results.of(units, year)
    rows = [["全部", "全部", result.total.checks, result.total.found, result.total.percent]]
    rows += [[g.title, x.label, x.checks, x.found, x.percent] for g in result.groups for x in g.lines]
    columns = [OutColumn(title=t) for t in ("分组", "标识", "检查（次）", "发现问题（次）", "发现率（%）")]
    trail.record("inspections.analysis.exported", by=request.user, unit=None if city else unit, year=year)
    place = "全市" if city else unit.short_name
    title = heading(f"{year} 年发现问题分析", "全市" if city else unit.name, today)
    return files.attachment(
        table(sheet="发现问题分析", title=title, columns=columns, rows=rows, named_by=2),
        name=f"{this_city().label}_发现问题分析_{place}_{year}_{today:%Y%m%d}.xlsx",
        content_type=files.XLSX,
    )
