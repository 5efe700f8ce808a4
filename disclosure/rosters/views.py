"""One unit's public roster of a quarter: everybody on it, with text and proof (六(二)-a, PUB1 §4)."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse

from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication, PublicationKind, RosterRow
from disclosure.register.places import Registered
from disclosure.revisions.pages import Standing, gone_or_404
from disclosure.site.freshness import open_to_all

from . import search

PER_PAGE = 50


@open_to_all(asks=("q", "page"))
def roster(request, no):
    """Fifty a page in the order of the roster; `q` looks for a part of a name, code, address or industry."""
    versions = list(Publication.objects.versions(PublicationKind.REGISTER, no=no))
    if not versions:
        return gone_or_404(request, PublicationKind.REGISTER, no=no)
    publication, q = versions[0], search.seen(request.GET.get("q", ""))[:100]
    rows = search.matching(RosterRow.objects.filter(publication=publication), q).order_by("line")
    others = Publication.objects.current().filter(kind=PublicationKind.REGISTER, unit_code=publication.unit_code)
    context = {
        "section": "enterprises",
        "publication": publication,
        "quarter": Quarter(publication.year, publication.number),
        "draw_id": publication.snapshot["draw"],
        "total": len(publication.snapshot["rows"]),
        "registered": Registered.of(publication),
        "standing": Standing(publication, versions),
        "versions": versions,
        "others": others.exclude(pk=publication.pk).order_by("-year", "-number"),
        "q": q,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "disclosure/rosters/roster.html", context)
