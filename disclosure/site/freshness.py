"""Public pages are made once for each state of what is public, and may be cached (reliability.md P26, ui.md 10)."""

from functools import wraps

from django.conf import settings
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.access import public_page
from benxi_shuangsuiji.database import reading
from disclosure.kept import SHELF, Asked, Page, State, host_of
from disclosure.pace import too_fast

# The proxy's own copy (decision 0068): taken for 10 s, for 20 more while a new one is made; so with the browser's minute a withdrawal is
# everywhere within 90 s. When no answer can be had, what somebody has asked for in ten minutes; what never holds words of a publication,
# in a day: `proxy_cache_use_stale` and `inactive` of docs/deploy/nginx.conf.
PROXY_SECONDS, PROXY_RENEWS_SECONDS = 10, 20
WITH_WORDS = 60  # no page with words of a publication that can be withdrawn says more (tests: test_lasting.py)


def open_to_all(view=None, *, max_age: int = WITH_WORDS, pace: str = "", asks: tuple[str, ...] = ()):
    """Mark a view as public and cacheable: GET and HEAD only, ETag of the content, no session, no cookie.

    It asks the database as everybody, who reads nothing that is not public.

    No page with words of a publication says more than a minute: so soon a withdrawal reaches every cache (八(二)-c).

    `Vary: Cookie` because of the size of the type, the one thing that a cookie changes here. It goes out packed: a page that is
    the same for everybody holds nothing secret that its length could tell. `pace`: files, or api: what is counted for each address.
    `asks`: the arguments that the page reads; others do not reach it, nor does the proxy tell pages apart by them (`addresses`).
    """

    def mark(view):
        @wraps(view)
        def fresh(request, *args, **kwargs):
            if pace and (waits := too_fast(request, pace)):
                return waits
            request.GET = asked = Asked(request.GET, asks)
            request.META["HTTP_HOST"] = host_of(request)  # what is printed and handed out names one site
            request.read_address = lambda: asked.address(request)
            # What is not there any more takes the place of what a cache still has (`not_found`).
            request.said_when_not_there = _for_caches(min(max_age, WITH_WORDS))

            def made(source: str) -> tuple[HttpResponse, State | None, bool]:
                state = SHELF.state() if settings.PUBLIC_PAGES_MIB else None
                if state and state.source != source:
                    state = SHELF.anew()
                source = state.source if state else source
                with reading.as_public(source), clock.watched(state and state.day) as moments:
                    response = _rendered(view(request, *args, **kwargs), max_age)
                if (
                    response.streaming and getattr(response, "file_to_stream", None) is None
                ):  # a file asks the database no more
                    response.streaming_content = reading.streamed(response.streaming_content, source)
                    response.close = reading.closed_by_everybody(response.close, source)
                return response, state, bool(moments)

            response, state, moments = reading.elsewhere(made, reading.SOURCE.alias())
            if response.status_code not in (200, 410) or response.streaming:
                return response
            page = Page.of(response, state.minute if state and moments else None)
            if state:
                SHELF.put(state, fresh, request, page)
            return page.answer(request)

        fresh.asks = asks
        answer = public_page(require_safe(fresh))
        answer.csrf_exempt = (
            True  # nothing is taken here, so that whatever is sent is answered by 405 and not as an old form
        )
        answer.asks_as_everybody, answer.asks, answer.max_age = True, asks, max_age
        return answer

    return mark(view) if view else mark


class Kept:
    """What is kept of the public side is answered from here, and no view is looked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        page = SHELF.find(request) if request.method in ("GET", "HEAD") else None
        return page.answer(request) if page else self.get_response(request)


def _for_caches(max_age: int) -> dict[str, str]:
    return {
        "Cache-Control": f"public, max-age={max_age}, stale-while-revalidate={PROXY_RENEWS_SECONDS}",
        "X-Accel-Expires": str(PROXY_SECONDS),
    }


def _rendered(response: HttpResponse, max_age: int) -> HttpResponse:
    if callable(getattr(response, "render", None)):
        response.render()
    if response.status_code not in (200, 410):  # what is gone takes the place of what a cache still has
        return response
    for name, value in _for_caches(max_age).items():
        response[name] = value
    if not response["Content-Type"].startswith("text/html"):
        response["Access-Control-Allow-Origin"] = "*"  # a portal reads our data from its own page
    patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
    return response
