"""怎样核验 and the public chain: what anybody needs to compute a draw again (SSJ1 16)."""

import hashlib
from functools import cache
from pathlib import Path

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.response import TemplateResponse

from plans.draw import ssj1

from . import words
from .draw_views import verbatim
from .freshness import open_to_all
from .public_documents import PublicChainEntry, PublicDocument

LONG = 24 * 3600


@open_to_all(max_age=300)
def verify(request):
    """怎样核验: in the documents, with the program, and by hand."""
    newest = PublicDocument.objects.filter(kind="RESULT").order_by("-year", "-quarter", "-draw_id").first()
    context = {"section": "verify", "digest": _verifier()[1]}
    if newest:
        result = ssj1.parse_result(newest.text)
        pick = result.picks[0] if result.picks else None
        if pick:
            context |= {
                "example": newest,
                "pick": pick,
                "line": ssj1.ticket_string("T", result.seed, pick.stratum, pick.id),
            }
    return TemplateResponse(request, "disclosure/verify.html", context)


@open_to_all(max_age=LONG)
def verifier(request):
    """The verifying program: the same file that draws (SSJ1 16)."""
    response = HttpResponse(_verifier()[0], content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ssj1.py"'
    return response


@cache
def _verifier() -> tuple[bytes, str]:
    content = Path(ssj1.__file__).read_bytes()
    return content, hashlib.sha256(content).hexdigest()


@open_to_all
def chain(request):
    """公示链: every event of every draw, newest first."""
    page = Paginator(PublicChainEntry.objects.order_by("-seq"), 50).get_page(request.GET.get("page"))
    context = {
        "section": "verify",
        "page": page,
        "rows": [(e, words.CHAIN_KINDS.get(e.kind, e.kind)) for e in page],
        "head": page.object_list[0] if page.number == 1 and page.object_list else None,
    }
    return TemplateResponse(request, "disclosure/chain.html", context)


@open_to_all
def chain_entry(request, seq):
    """One entry of the chain, verbatim."""
    return verbatim(PublicChainEntry.objects.filter(seq=seq).first())
