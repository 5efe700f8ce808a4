"""工作指标: K1 to K23 of a unit or of the city, and the facts behind each (五-4k, 一-c)."""

from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import opens_for, requires
from benxi_shuangsuiji.accounts.roles import Permission as P
from inspections.checks.finds import address
from inspections.frequency.pages import note_view
from inspections.models import Inspection

from . import figures, pages

PER_PAGE = 50  # ui.md 4.5


@requires(P.SEE_PROGRESS)
@require_safe
def indicator_list(request):
    """Every figure with its rule, target and n; of the city a column for each unit."""
    asked = pages.of(request)
    note_view(request, "indicator-list", *asked.units)
    return TemplateResponse(
        request,
        "inspections/indicators/indicator_list.html",
        {"asked": asked, "rows": pages.matrix(asked.scope), "day": clock.today()},
    )


@requires(P.SEE_PROGRESS)
@require_safe
def indicator_rows(request, k):
    """What stands behind one figure, as far as the reader may know it (decisions.md 3)."""
    asked = pages.of(request)
    if k not in figures.BY_K:
        raise Http404
    note_view(request, "indicator-rows", *asked.units)
    figure = figures.figure(asked.scope, k)
    ordered = sorted(figure.told, key=lambda row: row.counts)
    page = Paginator(ordered, PER_PAGE).get_page(request.GET.get("page"))
    leads = _leads(request.user, page)
    context = {
        "asked": asked,
        "figure": figure,
        "page": page,
        "nothing": pages.NOTHING if asked.is_inside else pages.NOTHING_PUBLIC,
        "rows": [(row, asked.name_of(row.unit), leads(row)) for row in page],
    }
    return TemplateResponse(request, "inspections/indicators/indicator_rows.html", context)


def _leads(user, rows):
    """Where each row leads this reader: of a check to the page that is his of it, and nowhere if none is."""
    known = Inspection.objects.visible_to(user).filter(no__in=[row.no for row in rows if row.no])
    checks = {check.no: check for check in known}
    mine = set(Inspection.objects.in_my_team(user).filter(no__in=checks).values_list("pk", flat=True))

    def leads(row) -> str:
        if not row.no:
            return row.url if row.url and opens_for(user, row.url) else ""
        check = checks.get(row.no)
        of_itself = check and row.url == check.get_absolute_url()
        return address(user, check, mine) if of_itself else row.url if check else ""

    return leads


@requires(P.SEE_PROGRESS)
@require_safe
def indicator_trend(request):
    """One figure by quarter and by year; every number leads to its rows (一-c, 五-4k)."""
    asked = pages.of(request)
    k = int(text) if (text := request.GET.get("k", "1")).isascii() and text.isdecimal() and len(text) < 3 else 0
    if k not in figures.BY_K:
        raise Http404
    note_view(request, "indicator-trend", *asked.units)
    found = pages.periods(asked, k, clock.today())
    context = {
        "asked": asked,
        "indicator": figures.BY_K[k],
        "periods": found,
        "chart": pages.drawn(figures.BY_K[k], [one for one in found if not one.is_year]),
        "others": [{"label": one.no, "url": f"?k={one.k}&{asked.query}", "current": one.k == k} for one in figures.ALL],
    }
    return TemplateResponse(request, "inspections/indicators/indicator_trend.html", context)
