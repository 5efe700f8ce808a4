"""One facility as JSON and as a feed, all of them as CSV: the conditions of the page, and a refusal of any other (四(3)-e)."""

from django.http import Http404, JsonResponse

from disclosure import kept_files
from disclosure.kept import EVERY
from disclosure.models import Publication
from disclosure.opendata.feed_pages import feed_of
from disclosure.opendata.rows import LICENCE
from disclosure.results import exports
from disclosure.site.freshness import open_to_all

from . import pages, rows, views
from .forms import FacilityQuery


def _json(said: dict) -> JsonResponse:
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@open_to_all(pace="api")
def enterprise_json(request, code):
    try:
        page = pages.facility_or_404(code)
    except Http404:
        return views.redirected(code, "disclosure:enterprise-json")
    return _json({"licence": LICENCE} | rows.of_facility(page, f"{request.scheme}://{request.get_host()}"))


@open_to_all
def enterprise_feed(request, code):
    """Its results and what followed, and each roster that names it; the tombstone of what is withdrawn without its words."""
    try:
        page = pages.facility_or_404(code)
    except Http404:
        return views.redirected(code, "disclosure:enterprise-feed")
    keys = [p.pk for p in page.facility.published] + [row.publication_id for row in page.facility.rosters]
    found = Publication.everything.filter(pk__in=keys)
    return feed_of(request, found, f"{page.facility.now.name}的公示", request.path.removesuffix("feed/"))


@open_to_all(pace="files", asks=EVERY)
def facilities_csv(request):
    """Every facility, or those that meet the conditions."""
    query = FacilityQuery.of(request.GET, also=())
    if query.unknown:
        return exports.refused(query)
    return kept_files.answer(request, rows.file_of(query))
