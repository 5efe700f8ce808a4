"""How far each objection is, for everybody; who asked is read by none of these (四(3)-f)."""

from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from disclosure.models import Objection
from disclosure.opendata.feed_pages import feed
from disclosure.site.freshness import open_to_all

from . import pages

PER_PAGE = 40


@open_to_all(asks=("page",))
def objections(request):
    """全部更正与申诉, the newest first."""
    found = Objection.objects.select_related("publication", "unit").prefetch_related("rulings").order_by("-at", "-pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "home",
        "page": page,
        "rows": pages.shown(page, clock.today(), workdays.calendar()),
        "open": Objection.objects.pending().count(),
    }
    return TemplateResponse(request, "disclosure/objections/objections.html", context)


def _shown_or_404(receipt: str) -> pages.Shown:
    found = Objection.objects.select_related("publication", "unit").filter(receipt=receipt).first()
    if found is None:
        raise Http404
    (shown,) = pages.shown([found], clock.today(), workdays.calendar())
    return shown


@open_to_all
def objection_feed(request, receipt):
    """The same steps to be subscribed to; each is as exact as its day, which alone is public."""
    shown = _shown_or_404(receipt)
    page = reverse("disclosure:objection", args=[receipt])
    return feed(request, pages.news_of(shown, page), f"{receipt} {shown.heading}", page)


@open_to_all
def objection(request, receipt):
    """One: its clock while it is handled, then the decision with old and new words."""
    shown = _shown_or_404(receipt)
    context = {
        "section": "home",
        "shown": shown,
        "objection": shown.objection,
        "demand": pages.DEMANDS[shown.objection.demand],
        "all": Objection.objects.count(),
        "open": Objection.objects.pending().count(),
    }
    return TemplateResponse(request, "disclosure/objections/objection.html", context)
