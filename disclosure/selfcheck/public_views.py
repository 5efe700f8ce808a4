"""合规体检摘要 for the public: the quarters, one of them with every rule, and all of it as files (四(3)-f)."""

from django.http import Http404, HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from disclosure.models import Publication, PublicationKind
from disclosure.opendata.rows import LICENCE
from disclosure.register.places import Registered
from disclosure.results.forms import quarter_of
from disclosure.revisions.pages import Standing, gone_or_404
from disclosure.site.freshness import open_to_all
from disclosure.tables import lines_of

from . import tables


@open_to_all
def selfchecks(request):
    """The quarters, newest first."""
    rows = [(p, tables.sums(p.snapshot)) for p in tables.found()]
    context = {"section": "data", "rows": rows, "counts": tables.COUNTS}
    return TemplateResponse(request, "disclosure/selfcheck/summaries.html", context)


@open_to_all
def selfcheck(request, quarter):
    """One quarter: how many of each rule, every version with its papers; a withdrawn one is its tombstone."""
    quarter = quarter_of(quarter)
    if quarter is None:
        raise Http404
    versions = list(Publication.objects.versions(PublicationKind.SELF_CHECK, no=str(quarter)))
    if not versions:
        return gone_or_404(request, PublicationKind.SELF_CHECK, no=str(quarter))
    shown, registered = versions[0].snapshot, Registered.of_all(versions)
    context = {
        "section": "data",
        "quarter": quarter,
        "summary": shown,
        "lead": tables.lead_words(shown),
        "as_of": tables.as_of(shown),
        "note": tables.NOTE,
        "stats": tables.stats_of(shown),
        "groups": tables.groups(shown),
        "versions": [(version, registered[version.pk]) for version in versions],
        "standing": (standing := Standing(versions[0], versions)),
        "term": standing.term,
    }
    return TemplateResponse(request, "disclosure/selfcheck/summary.html", context)


@open_to_all(pace="files")
def selfchecks_csv(request):
    """Every quarter, one line a rule."""
    lines = lines_of(tables.HEADS, tables.lines(tables.found(newest_first=False)))
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = "attachment; filename=self-check.csv"
    return response


@open_to_all(pace="api")
def selfchecks_json(request):
    said = {"licence": LICENCE, "quarters": tables.as_json(tables.found(newest_first=False))}
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})
