"""The public site. Every page reads publications and public draw documents, and nothing else (decisions.md 2).

No page here touches a session, sets a cookie (the size of the type excepted) or shows a registry or an inspection.
The other pages: `plan_views`, `draw_views`, `result_views`, `verify_views`.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Count, Max, Sum
from django.db.models.functions import Length
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import public_page
from benxi_shuangsuiji.accounts.models import Unit
from disclosure import words
from disclosure.draws.documents import PublicDocument
from disclosure.facilities import rows as facility_rows
from disclosure.models import Publication, PublicationKind
from disclosure.register import log
from disclosure.results import exports, followups

from . import bulletin, figures
from .freshness import open_to_all

PER_PAGE = 20
LONG = 24 * 3600


@open_to_all
def home(request):
    """首页: search, the quarter's progress, four figures, what is new, the draws of the units."""
    shown = figures.home(clock.today())
    entries = [e for d in shown.draws for e in d.entries]
    example = Publication.objects.results().exclude(search_text="").order_by("-published_at").first()
    context = {
        "section": "home",
        "home": shown,
        "entries": shown.progress,
        "news": bulletin.news(shown.names, entries=entries, limit=6),
        "files": [
            {"label": "检查结果（CSV）", "url": reverse("disclosure:results-csv"), "note": f"{shown.results:,} 条"},
            {"label": "检查结果（Excel）", "url": reverse("disclosure:results-xlsx"), "note": f"{shown.results:,} 条"},
            {"label": "数据接口（JSON）", "url": reverse("disclosure:results-json"), "note": "免登录"},
            {"label": "统计", "url": reverse("disclosure:statistics"), "note": "每张表附 CSV、JSON 和 Excel"},
            {"label": "抽取证据包（JSON）", "url": reverse("disclosure:draws"), "note": f"{len(shown.draws)} 次抽取"},
            {"label": "抽查事项清单", "url": reverse("disclosure:items-years"), "note": ""},
            {"label": "核验程序（Python）", "url": reverse("disclosure:verifier"), "note": "一个文件"},
        ],
        "example": example,
        "sealed_until": max(
            (localtime(r.draw.release_at).date() for r in shown.rows if r.draw and r.draw.state == "DRAWN"),
            default=None,
        ),
        "before": shown.quarter.previous(),
        "checkpoint": log.newest(),
        "stale": bulletin.stale_since(clock.today()),
    }
    return TemplateResponse(request, "disclosure/site/home.html", context)


@open_to_all(asks=("page",))
def data(request):
    """开放数据: what can be downloaded, under which licence."""
    rows = Publication.objects.results().aggregate(n=Count("pk"), last=Max("published_at"))
    sealed = PublicDocument.objects.filter(kind="MANIFEST").order_by("-year", "-quarter", "draw_id")
    page = Paginator(sealed.values("draw_id", "unit_id", "year", "quarter"), 40).get_page(request.GET.get("page"))
    draws, units = list(page), {unit.pk: unit.short_name for unit in Unit.objects.all()}
    theirs = PublicDocument.objects.filter(draw_id__in=[d["draw_id"] for d in draws]).order_by().values("draw_id")
    files = {d["draw_id"]: d for d in theirs.annotate(size=Sum(Length("text")), last=Max("at"))}
    context = {
        "section": "data",
        "results": rows,
        "pace": settings.PUBLIC_PACE,
        "page": page,
        "draws": [d | files[d["draw_id"]] | {"unit": units[d["unit_id"]]} for d in draws],
        "years": sorted({d["year"] for d in draws}, reverse=True),
    }
    return TemplateResponse(request, "disclosure/site/data.html", context)


@open_to_all(max_age=300)
def fields(request):
    """What each column of the open data means."""
    context = {
        "section": "data",
        "columns": exports.COLUMNS,
        "steps": followups.COLUMNS,
        "facilities": facility_rows.COLUMNS,
        "outcomes": words.OUTCOMES.values(),
        "texts": PublicationKind.choices,
    }
    return TemplateResponse(request, "disclosure/site/fields.html", context)


@open_to_all(asks=("page",))
def notices(request):
    """公示: everything that has become public, newest first."""
    page = Paginator(bulletin.news(bulletin.unit_names()), PER_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(
        request, "disclosure/site/notices.html", {"section": "home", "page": page, "news": list(page)}
    )


@open_to_all(max_age=300)
def accessibility(request):
    """无障碍说明."""
    return TemplateResponse(request, "disclosure/site/accessibility.html", {})


@public_page
@require_safe
def size(request, size):
    """大字版: the one cookie of the public side, and back to the page it was asked on."""
    back = urlsplit(request.headers.get("Referer", ""))
    path = back.path + (f"?{back.query}" if back.query else "")
    host_is_ours = back.netloc == request.get_host()
    if not host_is_ours or not url_has_allowed_host_and_scheme(path, allowed_hosts=None) or path.startswith("/size/"):
        path = reverse("disclosure:home")
    response = HttpResponseRedirect(path)
    if size == "large":
        response.set_cookie(
            "size", "large", max_age=365 * LONG, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("size", samesite="Lax")
    return response
