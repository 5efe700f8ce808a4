"""The list of results, and the published texts: the filters of the page, and as strict as the CSV."""

from urllib.parse import urlencode

from django.http import JsonResponse, StreamingHttpResponse

from disclosure import kept_files
from disclosure.kept import EVERY
from disclosure.objections.pages import with_objection
from disclosure.results.exports import refused
from disclosure.results.forms import NAMES, ResultQuery, Unknown
from disclosure.site.freshness import open_to_all

from . import file_pages as files
from . import rows
from .rows import LICENCE

PAGE = 100
PAGING = ("after",)


def _json(said: dict) -> JsonResponse:
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


def _site(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


def _asked(request) -> tuple[ResultQuery, int]:
    """The query, and behind which entry of the log the page begins."""
    query = ResultQuery.of(request.GET, PAGING)
    after = request.GET.get("after", "").strip() or "-1"
    if after != "-1" and not (after.isascii() and after.isdecimal() and len(after) < 16):
        query = ResultQuery(unknown=(*query.unknown, Unknown("after", after[:40], ("上一页 next 里的数",))))
        after = "-1"
    return query, int(after)


@open_to_all(pace="api", asks=EVERY)
def results(request):
    """A hundred results in the order of the log; `next` leads on, also to what becomes public later."""
    query, after = _asked(request)
    if query.unknown:
        return refused(query)
    found = (
        with_objection(query.results()).filter(entry__index__gt=after).select_related("entry").order_by("entry__index")
    )
    page = list(found[: PAGE + 1])
    shown = page[:PAGE]
    said = {"licence": LICENCE, "results": [rows.of_result(p, _site(request)) for p in shown]}
    if len(page) > PAGE:
        given = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
        address = urlencode(given | {"after": str(shown[-1].entry.index)})
        said["next"] = f"{_site(request)}{request.path}?{address}"
    return _json(said)


@open_to_all(pace="files", asks=EVERY)
def texts(request):
    """The published texts themselves, one a line: `pub1.py data` compares them with the log."""
    query = ResultQuery.of(request.GET)
    if query.unknown:
        return refused(query)
    return kept_files.answer(request, files.texts(query))


@open_to_all(pace="files")
def sums(request):
    """SHA-256 of each file of everything, and of all others that stand."""
    said = files.sums().encode()
    # Told anew each time, as a stream is: another file may stand by now.
    return StreamingHttpResponse([said], content_type="text/plain; charset=utf-8")
