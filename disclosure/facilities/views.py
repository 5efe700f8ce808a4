"""企业查询: search among every facility of the public rosters, and the page of each (四(3)-a, ui-2.md 18)."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from benxi_shuangsuiji.accounts.models import Unit
from disclosure.models import RosterRow
from disclosure.rosters import search
from disclosure.site.freshness import open_to_all

from . import answers, pages, story
from .addresses import meant
from .forms import NAMES, FacilityFilter, FacilityQuery

PER_PAGE = 20


@open_to_all(asks=(*NAMES, "page"))
def enterprises(request):
    """By any part of a name, code, place or business; one exact hit goes straight to it, a misspelt one is offered others."""
    query = FacilityQuery.of(request.GET)
    if query.q and len(exact := meant(query.q)) == 1:
        return HttpResponseRedirect(reverse("disclosure:enterprise", args=exact))
    page = Paginator(search.nearest_first(query.facilities(), query.q), PER_PAGE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    context = {
        "section": "enterprises",
        "query": query,
        "page": page,
        "rows": [(f.now, f.last, answers.in_short(f)) for f in story.in_list(page)],
        "chips": query.chips(),
        "near": search.near(RosterRow.objects.filter(is_last=True), query.q)
        if query.q and not page.object_list
        else [],
        "filters": FacilityFilter(request.GET),
    }
    return TemplateResponse(request, "disclosure/facilities/enterprises.html", context)


@open_to_all
def enterprise(request, code):
    """企业页: five answers, their evidence, the proof; for good, also of who has left the rosters."""
    try:
        page = pages.facility_or_404(code)
    except Http404:
        return redirected(code, "disclosure:enterprise")
    context = {
        "section": "enterprises",
        "page": page,
        "facility": page.facility,
        "now": page.facility.now,
        "natural": not page.facility.now.uscc,
        "category": answers.category_words(page.facility.now.category),
        "answers": page.answers,
        "sentence": answers.sentence(page.answers),
        "mending": page.mending,
        "check": page.check,
        "untouched": page.untouched,
        "proof": page.proof,
        "released": len(page.facility.took_part),
        "unit": Unit.objects.filter(code=page.facility.now.unit_code).first(),
    }
    return TemplateResponse(request, "disclosure/facilities/enterprise.html", context)


def redirected(code: str, name: str) -> HttpResponseRedirect:
    """A code in small letters, a former name, or the 18 digits of a licence, which may have several places."""
    match meant(code):
        case []:
            raise Http404
        case [one]:
            return HttpResponseRedirect(reverse(name, args=[one]))
        case _:
            return HttpResponseRedirect(f"{reverse('disclosure:enterprises')}?{urlencode({'q': code})}")
