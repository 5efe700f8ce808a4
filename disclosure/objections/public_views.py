"""How far each objection is, for everybody; who asked is read by none of these (四(3)-f)."""

from datetime import datetime, time

from django.core.paginator import Paginator
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import make_aware

from benxi_shuangsuiji import clock, workdays
from disclosure.models import Objection
from disclosure.opendata import feed_pages
from disclosure.site.freshness import open_to_all

from . import pages

PER_PAGE = 40


@open_to_all
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
def objection(request, receipt):
    """One: its clock while it is handled, then the decision with old and new words."""
    shown = _shown_or_404(receipt)
    found = shown.objection
    context = {
        "section": "home",
        "shown": shown,
        "objection": found,
        "demand": pages.DEMANDS[found.demand],
        "all": Objection.objects.count(),
        "open": Objection.objects.pending().count(),
    }
    return TemplateResponse(request, "disclosure/objections/objection.html", context)


@open_to_all
def objection_feed(request, receipt):
    """What has happened to one, for who waits for its decision."""
    shown = _shown_or_404(receipt)
    page = reverse("disclosure:objection", args=[receipt])
    site = f"{request.scheme}://{request.get_host()}"
    entries = []
    for what, day, more in shown.events:
        moment = make_aware(datetime.combine(day, time.min))
        said = {
            "title": f"{receipt} {what}",
            "link": page,
            "description": more,
            "pubdate": moment,
            "updateddate": moment,
        }
        entries.append(said | {"unique_id": f"{site}{page}#{day.isoformat()}-{what}"})
    return feed_pages.answer(request, entries, shown.heading, page)
