"""The box of the frame: 企业、任务、人员、文书, from any page, for every role within its rights."""

from dataclasses import dataclass, field
from itertools import groupby

from django.core.paginator import Paginator
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires
from benxi_shuangsuiji.web.chips import query_with

from . import finding
from .finding import Asked, Hit

SHOWN = 6  # of each kind, before the list of all of them
PER_PAGE = 50
MOST = 1000  # whoever has more than these before him narrows it by another word


@dataclass
class Group:
    """What one room found."""

    name: str
    kind: str
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""
    list_url: str = ""


@requires()
@require_safe
def search(request):
    """An exact number opens its page; else the first of each kind, and with `?of=` all of one."""
    asked = finding.read(request.GET.get("q", ""))
    if not asked.words or asked.too_short:
        return _page(request, asked)
    rooms = finding.finders(request.user, asked)
    if of := request.GET.get("of", ""):
        return _all_of(request, asked, [room for room in rooms if room[0].name == of])
    exact = _exact(request, asked, rooms)
    first = [hit.url for group in exact if group.kind == exact[0].kind for hit in group.hits]
    if len(set(first)) == 1:
        return redirect(first[0])
    return _page(request, asked, exact or _parts(request, asked, rooms))


def _exact(request, asked, rooms) -> list[Group]:
    """What has exactly this number; of more than are shown (one 统一社会信用代码 may have many places) where all of them stand."""
    if not asked.number:
        return []
    of_rooms = [room for room in rooms if not room[0].otherwise]
    return _numbered(request, of_rooms) or _numbered(request, [room for room in rooms if room[0].otherwise])


def _numbered(request, rooms) -> list[Group]:
    groups = []
    for finds, of in rooms:
        rows = list(of.exactly()[: SHOWN + 1])
        if hits := finding.hits_of(request.user, of, rows[:SHOWN]):
            groups.append(Group(finds.name, finds.kind, hits, of.list_url if len(rows) > SHOWN else ""))
    return groups


def _parts(request, asked, rooms) -> list[Group]:
    """What every word is part of: so many of each kind, and where all of them stand."""
    groups = []
    for finds, of in rooms:
        rows = list(of.about()[: SHOWN + 1])
        if hits := finding.hits_of(request.user, of, rows[:SHOWN]):
            more = query_with(request, keep=("q",), of=finds.name) if len(rows) > SHOWN else ""
            groups.append(Group(finds.name, finds.kind, hits, more, of.list_url))
    return groups


def _all_of(request, asked: Asked, rooms):
    """All of one kind, page by page; none lies further back than MOST."""
    if not rooms:
        return _page(request, asked)
    finds, of = rooms[0]
    rows = list(of.about()[: MOST + 1])
    page = Paginator(rows[:MOST], PER_PAGE).get_page(request.GET.get("page"))
    hits = finding.hits_of(request.user, of, list(page))
    groups = [Group(finds.name, finds.kind, hits, list_url=of.list_url)] if hits else []
    return _page(request, asked, groups, page=page, all_url=query_with(request, of=""), cut=len(rows) > MOST)


def _page(request, asked: Asked, groups=(), **more):
    kinds = [(kind, list(found)) for kind, found in groupby(groups, key=lambda group: group.kind)]
    context = {"asked": asked, "kinds": kinds, "most": MOST, **more}
    return TemplateResponse(request, "search/search.html", context)
