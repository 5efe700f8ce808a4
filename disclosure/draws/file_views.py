"""The documents, tickets and evidence of a draw as files, for whoever computes it again (SSJ1 11)."""

import re

from django.http import Http404, HttpResponse

from disclosure import words
from disclosure.site.freshness import open_to_all
from disclosure.tables import lines_of
from plans.draw import ssj1

from . import documents, tickets
from .documents import PublicDocument
from .downloads import downloads_of
from .pages import draw_or_404


@open_to_all
def draw_document(request, draw_id, name):
    """One short document, verbatim: sha256sum of the download is its digest. `run-1-…`: of a run that was corrected."""
    parts = re.fullmatch(r"(?:run-(?P<run>\d+)-)?(?P<kind>[a-z]+)(?:-(?P<number>\d+))?", name)
    found = PublicDocument.objects.filter(
        draw_id=draw_id, kind=parts["kind"].upper(), number=parts["number"] or 0
    ).exclude(kind="FRAME")
    if parts["run"]:
        found = found.filter(run=parts["run"])
    return verbatim(found.order_by("-run").first())


@open_to_all
def draw_sums(request, draw_id):
    """What `sha256sum -c` reads: the digest of every document beside the name of its file."""
    lines = [f"{d.digest}  {d.file}\n" for d in downloads_of(draw_or_404(draw_id))]
    return _plain("".join(lines), "text/plain")


@open_to_all(max_age=300)
def draw_tickets(request, draw_id):
    """Every ticket of a released draw as a table; nothing before the release."""
    tables = tickets.tables_of(draw_or_404(draw_id))
    if not tables:
        raise Http404
    response = _plain("".join(lines_of(TICKET_COLUMNS, _ticket_lines(tables))), "text/csv")
    response["Content-Disposition"] = f'attachment; filename="{draw_id}-tickets.csv"'
    return response


TICKET_COLUMNS = ["名单", "类别", "排位", "签号", "名录编号", "名称", "已查", "名额", "检查小组", "更换或不参加的原因"]


def _ticket_lines(tables):
    for table in tables:
        for place in table.places:
            about = [place.row.id, place.row.name, table.seen(place.row)]
            about += [place.slot_words, "" if place.gone else "、".join(place.team) or place.open, place.gone]
            yield [table.line.stratum, table.label, place.rank, place.ticket, *about]
        for row in table.excluded:
            about = [row.id, row.name, table.seen(row), "不参加", "", words.OUT_STATES[row.state]]
            yield [table.line.stratum, table.label, "", "", *about]


@open_to_all(max_age=300)
def draw_frame_text(request, draw_id, category):
    """One list of objects, verbatim."""
    frames = PublicDocument.objects.filter(draw_id=draw_id, kind="FRAME")
    return verbatim(next((d for d in frames if ssj1.parse_frame(d.text).category == category), None))


def verbatim(document) -> HttpResponse:
    if document is None:
        raise Http404
    return _plain(document.text, "text/plain")


def _plain(text: str, content_type: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@open_to_all
def draw_bundle(request, draw_id):
    """The evidence of one draw; sealed before the release, whole after it (SSJ1 11)."""
    text = ssj1.bundle_json(documents.bundle_of(draw_or_404(draw_id)))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{draw_id}.json"'
    return response
