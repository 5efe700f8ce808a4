"""The public list of everything that was corrected or withdrawn (八(二)-c)."""

from django.core.paginator import Paginator
from django.template.response import TemplateResponse

from disclosure.models import Change, Publication
from disclosure.site import bulletin
from disclosure.site.freshness import open_to_all

PER_PAGE = 40


@open_to_all(asks=("page",))
def revisions(request):
    """更正和撤下: with day and reason, the newest first."""
    told = Publication.everything.unsealed().filter(change__in=[Change.CORRECTION, Change.WITHDRAWAL])
    page = Paginator(told.order_by("-published_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [(p, p.correction or p.snapshot, bulletin.public_url(p)) for p in page]
    return TemplateResponse(
        request, "disclosure/revisions/revisions.html", {"section": "home", "page": page, "rows": rows}
    )
