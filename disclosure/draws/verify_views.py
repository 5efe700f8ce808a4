"""怎样核验 and the public chain: what anybody needs to compute a draw again (SSJ1 16)."""

import re

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse

from disclosure import programs, words
from disclosure.site.freshness import open_to_all
from plans.draw import ssj1

from . import documents, panel
from .documents import PublicCarry, PublicChainEntry, PublicDocument
from .file_views import verbatim


@open_to_all(max_age=300)
def verify(request):
    """怎样核验: in the browser, with the program, in the documents, and by hand."""
    newest = PublicDocument.objects.filter(kind="RESULT").order_by("-year", "-quarter", "-draw_id", "-run").first()
    context = {
        "section": "verify",
        "digest": programs.digest_of("ssj1.py"),
        "script_digest": programs.digest_of("ssj1.js"),
        "panel": panel.rows(panel.ROWS),
        "years": documents.years_with_draws(),
    }
    if newest:
        result = ssj1.parse_result(newest.text)
        pick = result.picks[0] if result.picks else None
        if pick:
            context |= {
                "example": newest,
                "pick": pick,
                "line": ssj1.ticket_string("T", result.seed, pick.stratum, pick.id),
            }
    return TemplateResponse(request, "disclosure/draws/verify.html", context)


@open_to_all(max_age=300)
def algorithm(request):
    """算法说明: the rules of SSJ1 in words; what is checked stands as the verifier itself says it."""
    context = {
        "section": "verify",
        "digest": programs.digest_of("ssj1.py"),
        "script_digest": programs.digest_of("ssj1.js"),
        "faults": [(step, code, _without_places(words_of)) for code, (step, words_of) in ssj1.FAULTS.items()],
        "warnings": ssj1.WARNINGS.values(),
    }
    return TemplateResponse(request, "disclosure/draws/algorithm.html", context)


def _without_places(sentence: str) -> str:
    """A sentence of the verifier as such, without the place that it would name."""
    return re.sub(r"：\{\w+\}$", "", re.sub(r"第\{\w+\}", "某一", sentence))


@open_to_all(max_age=300)
def program(request, name):
    """One of them, to be read: neither minified nor renamed (SSJ1 16, PUB1 §6). Pages load theirs from here too."""
    kind = "text/javascript" if name.endswith(".js") else "text/x-python"
    response = HttpResponse(programs.content_of(name), content_type=f"{kind}; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    if name.endswith(".py"):
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@open_to_all(max_age=300)
def history(request, year):
    """The auditor's file of a year: the chain and every bundle, sealed where the names are not public (SSJ1 13)."""
    found = documents.history_of(int(year))
    if found is None:
        raise Http404
    response = HttpResponse(ssj1.bundle_json(found), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="benxi-{year}-history.json"'
    return response


@open_to_all(asks=("page",))
def chain(request):
    """公示链: every event of every draw, newest first."""
    page = Paginator(PublicChainEntry.objects.order_by("-seq"), 50).get_page(request.GET.get("page"))
    context = {
        "section": "verify",
        "page": page,
        "rows": [(e, words.CHAIN_KINDS.get(e.kind, e.kind)) for e in page],
        "head": page.object_list[0] if page.number == 1 and page.object_list else None,
        "years": documents.years_with_draws(),
        "carry": PublicCarry.objects.first(),
    }
    return TemplateResponse(request, "disclosure/draws/chain.html", context)


@open_to_all
def carry_text(request):
    """The record of before the day of first use, verbatim (SSJ1 10)."""
    return verbatim(PublicCarry.objects.first())


@open_to_all
def chain_entry(request, seq):
    """One entry of the chain, verbatim."""
    return verbatim(PublicChainEntry.objects.filter(seq=seq).first())
