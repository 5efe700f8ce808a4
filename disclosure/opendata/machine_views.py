"""What machines are told: robots.txt, sitemap.xml, security.txt, the catalogue of the data, the icon."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from xml.sax.saxutils import escape

from django.db.models import Max
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.templatetags.static import static
from django.urls import reverse

from benxi_shuangsuiji import clock
from disclosure.draws.documents import PublicDocument
from disclosure.models import Objection, Publication, RosterRow
from disclosure.register import log
from disclosure.site import bulletin
from disclosure.site.freshness import open_to_all

from .catalogue_pages import catalogue

CLOSED = ("/desk/", "/field/", "/admin/", "/v/", "/e/", "/size/")
PAGES = (
    "home",
    "items-years",
    "plans",
    "draws",
    "results",
    "enterprises",
    "data",
    "statistics",
    "selfchecks",
    "verify",
    "register",
    "notices",
    "objections",
    "revisions",
    "fields",
    "algorithm",
    "chain",
    "contact",
    "guide",
    "accessibility",
)
MOST = 50_000  # of one sitemap


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


@open_to_all(max_age=300)
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += [f"Sitemap: {_site(request)}{reverse('disclosure:sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


def _pages() -> list[str]:
    drawn = PublicDocument.objects.filter(kind="MANIFEST").order_by("draw_id").values_list("draw_id", flat=True)
    of_kinds = Publication.objects.current().filter(
        kind__in=["ITEM_LIST", "PLAN", "REGISTER", "SUMMARY", "RESULT_SUM", "SELF_CHECK"]
    )
    papers = of_kinds.defer("text", "snapshot").order_by("pk")
    found = [reverse(f"disclosure:{name}") for name in PAGES] + [bulletin.public_url(p) for p in papers]
    found += [reverse("disclosure:draw", args=[draw_id]) for draw_id in drawn]
    found += [
        reverse("disclosure:objection", args=[o])
        for o in Objection.objects.order_by("pk").values_list("receipt", flat=True)
    ]
    return list(dict.fromkeys(found))


# Kind → what there is of it, in an order to which only the end is added, and the page of each.
MAPS: dict[str, tuple[Callable, Callable[[str], str]]] = {
    "pages": (_pages, str),
    "enterprises": (
        lambda: RosterRow.objects.filter(is_last=True).order_by("code").values_list("code", flat=True),
        lambda code: reverse("disclosure:enterprise", args=[code]),
    ),
    "results": (
        lambda: Publication.objects.results().order_by("issued_at", "pk").values_list("no", flat=True),
        lambda no: reverse("disclosure:result", args=[no]),
    ),
}


def _number(found) -> int:
    return len(found) if isinstance(found, list) else found.count()


def _xml(head: str, inside: str, places: Iterable[str]) -> HttpResponse:
    lines = "".join(f"<{inside}><loc>{escape(place)}</loc></{inside}>" for place in places)
    said = f'<?xml version="1.0" encoding="UTF-8"?><{head} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{lines}</{head}>'
    return HttpResponse(said, content_type="application/xml; charset=utf-8")


@open_to_all(max_age=300)
def sitemap(request):
    """Every lasting public page is in one of these parts: none may hold more than fifty thousand."""
    parts = [
        reverse("disclosure:sitemap-part", args=[kind, number])
        for kind, (found, _) in MAPS.items()
        for number in range(1, -(-_number(found()) // MOST) + 1)
    ]
    return _xml("sitemapindex", "sitemap", (_site(request) + part for part in parts))


@open_to_all(max_age=300)
def sitemap_part(request, kind, number):
    found, page = MAPS[kind]
    first = (int(number) - 1) * MOST
    if not (part := list(found()[first : first + MOST])):
        raise Http404
    return _xml("urlset", "url", (_site(request) + page(one) for one in part))


@open_to_all(max_age=300)
def security(request):
    """Whom to tell of a hole (RFC 9116)."""
    contact = _site(request) + reverse("disclosure:contact")
    until = (clock.today() + timedelta(days=180)).isoformat()
    lines = [f"Contact: {contact}", f"Expires: {until}T00:00:00+08:00", "Preferred-Languages: zh", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@open_to_all(max_age=300)
def data_catalogue(request):
    """What can be downloaded, for catalogues of data (DCAT)."""
    last = Publication.objects.aggregate(last=Max("published_at"))["last"]
    years = PublicDocument.objects.filter(kind="MANIFEST").order_by("-year").values_list("year", flat=True).distinct()
    said = catalogue(_site(request), last, years, signed=log.newest() is not None)
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False}, content_type="application/ld+json")


@open_to_all(max_age=300)
def favicon(request):
    return HttpResponsePermanentRedirect(static("img/seal.svg"))
