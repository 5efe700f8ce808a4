"""检查结果汇总 for the public: one quarter's results of all units (七(六)-b)."""

from django.http import Http404
from django.template.response import TemplateResponse

from disclosure.models import Publication, PublicationKind
from disclosure.register.places import Registered
from disclosure.results.forms import quarter_of
from disclosure.revisions.pages import Standing, gone_or_404
from disclosure.site.freshness import open_to_all

from . import result_tables


@open_to_all
def results_summary(request, quarter):
    """One quarter's results of all units, every version with its papers."""
    quarter = quarter_of(quarter)
    if quarter is None:
        raise Http404
    versions = list(Publication.objects.versions(PublicationKind.RESULT_SUM, no=str(quarter)))
    if not versions:
        return gone_or_404(request, PublicationKind.RESULT_SUM, no=str(quarter))
    shown, registered = versions[0].snapshot, Registered.of_all(versions)
    context = {
        "section": "results",
        "quarter": quarter,
        "summary": shown,
        "columns": result_tables.COLUMNS,
        "lead": result_tables.lead_words(shown),
        "totals": result_tables.totals_of(shown),
        "outcomes": result_tables.outcomes_of(shown),
        "versions": [(version, registered[version.pk]) for version in versions],
        "standing": (standing := Standing(versions[0], versions)),
        "term": standing.term,
    }
    return TemplateResponse(request, "disclosure/city/results_summary.html", context)
