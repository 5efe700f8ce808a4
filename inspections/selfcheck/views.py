"""合规体检: the matrix of the clauses and units, its workbook, its paper, and who holds the other clauses (八(一)-b, 一-c)."""

from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.accounts.roles import Permission as P
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files, official, pdf
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.web import frame as shell

from . import guarantees, papers, sheets, standing
from .pages import Page


@requires(P.SEE_PROGRESS)
@require_safe
def selfcheck(request):
    """Every rule in every unit that the reader follows; of checks published results alone, for everybody."""
    page = Page(request, shell.current_quarter(request))
    if not page.units:
        raise Http404
    if request.user.units_with(P.SEE_CITY):
        shell.show_whole_city(request)
    return TemplateResponse(request, "inspections/selfcheck/selfcheck.html", {"page": page})


@requires(P.SEE_PROGRESS)
@require_safe
def selfcheck_export(request):
    """The same as a workbook: the matrix, and every fact behind what is not kept."""
    matrix = _matrix(request)
    trail.record("inspections.selfcheck.exported", by=request.user, period=str(matrix.quarter))
    place = this_city().label if papers.is_whole(matrix) else papers.place_of(matrix)
    name = f"{place}_合规体检_{matrix.quarter.label}.xlsx"
    return files.attachment(sheets.workbook(matrix), name=name, content_type=files.XLSX)


@requires(P.SEE_PROGRESS)
@require_safe
def selfcheck_paper(request):
    """For the volume: what was not kept, word by word, and how many were."""
    matrix = _matrix(request)
    try:
        made = official.as_pdf(papers.of_matrix(matrix, request.user))
    except Refused as refusal:
        return HttpResponse(str(refusal), status=503, content_type="text/plain; charset=utf-8")
    trail.record("inspections.selfcheck.exported", by=request.user, period=str(matrix.quarter))
    return files.attachment(made, name=f"{papers.title_of(matrix)}.pdf", content_type=pdf.PDF)


@requires(P.SEE_PROGRESS)
@require_safe
def selfcheck_others(request):
    """How the clauses are held of which no data tell."""
    context = {
        "quarter": shell.current_quarter(request),
        "program": guarantees.by_the_program(),
        "people": guarantees.by_people(),
        "nobody": guarantees.by_nobody(),
    }
    return TemplateResponse(request, "inspections/selfcheck/others.html", context)


def _matrix(request) -> standing.Matrix:
    quarter = shell.current_quarter(request)
    units = standing.units_of(request.user, quarter, P.SEE_PROGRESS)
    if not units:
        raise Http404
    return standing.of(units, quarter)
