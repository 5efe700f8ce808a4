"""What is told of the data: each published text and each row (JSON Schema), and every address (OpenAPI)."""

from django.http import JsonResponse

from disclosure.site.freshness import open_to_all

from . import description_pages, rows, schemas


def _json(said: dict) -> JsonResponse:
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@open_to_all(max_age=300)
def row_schema(request):
    """One row of the list of results."""
    return _json({"$schema": schemas.DIALECT, "title": "检查结果"} | rows.SCHEMA)


@open_to_all(max_age=300)
def text_schema(request, kind):
    """The published text of this kind."""
    return _json(schemas.of_kind(kind.upper()))


@open_to_all(max_age=300)
def openapi(request):
    """What can be asked, for programs (OpenAPI 3.1)."""
    return _json(description_pages.description(f"{request.scheme}://{request.get_host()}"))
