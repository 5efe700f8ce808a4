"""The list of results, and the published texts: the filters of the page, and as strict as the CSV."""

from urllib.parse import urlencode

from django.http import JsonResponse, StreamingHttpResponse
from django.urls import reverse

from disclosure import kept_files, words
from disclosure.objections.pages import with_objection
from disclosure.results.exports import refused
from disclosure.results.forms import NAMES, SORTS, SOURCES, ResultQuery, Unknown
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


@open_to_all(pace="api")
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


@open_to_all(pace="files")
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


@open_to_all(max_age=300)
def schema(request):
    """JSON Schema of one row."""
    named = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "检查结果"}
    return _json(named | rows.SCHEMA)


_SAID = {
    "q": "企业名称或代码的一部分，空格隔开最多五个词",
    "district": "所在县区",
    "category": "抽取时的类别",
    "quarter": "计入的季度，如 2026Q2",
    "outcome": "检查结果",
    "unit": "公示单位的代码",
    "source": "random 随机抽取，other 其他来源",
    "item": "检查事项的代码",
    "from": "检查日期不早于，如 2026-07-01",
    "to": "检查日期不晚于，如 2026-07-31",
    "on": "公开的日期",
    "sort": "网页和表格的次序；本接口总按公示日志的次序",
    "after": "上一页最后一条的 log_index",
}
_ALLOWED = {"category": [*words.CATEGORIES], "outcome": [*words.OUTCOMES], "source": [*SOURCES], "sort": [*SORTS]}


@open_to_all(max_age=300)
def openapi(request):
    """What can be asked, for programs (OpenAPI 3.1)."""
    asked = [
        {
            "name": name,
            "in": "query",
            "description": said,
            "schema": {"type": "string"} | ({"enum": _ALLOWED[name]} if name in _ALLOWED else {}),
        }
        for name, said in _SAID.items()
    ]
    row = {"$ref": "#/components/schemas/Result"}
    listed = {"type": "object", "properties": {"results": {"type": "array", "items": row}, "next": {"type": "string"}}}
    answers = {
        "200": {"description": "最多一百条", "content": {"application/json": {"schema": listed}}},
        "400": {"description": "不认识的条件；写明可以用的值"},
    }
    said = {
        "openapi": "3.1.0",
        "info": {
            "title": "本溪市生态环境执法双随机公示",
            "version": "1",
            "license": {"name": "CC BY 4.0", "url": LICENCE},
        },
        "servers": [{"url": _site(request)}],
        "paths": {
            reverse("disclosure:results-json"): {"get": {"parameters": asked, "responses": answers}},
            "/enterprises/{code}.json": {
                "get": {
                    "parameters": [{"name": "code", "in": "path", "required": True, "schema": {"type": "string"}}],
                    "responses": {
                        "200": answers["200"],
                        "404": {"description": "不在公开的名录里，也没有公开的检查结果"},
                    },
                }
            },
        },
        "components": {"schemas": {"Result": rows.SCHEMA}},
    }
    return _json(said)
