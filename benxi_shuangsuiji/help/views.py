"""帮助: the manual inside the system, the part about the page one comes from on top."""

from django.http import Http404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from benxi_shuangsuiji.accounts.access import requires

from . import manual

LONGEST = 60  # characters of a question


@requires()
@require_safe
def home(request):
    """All chapters, one's own first; with `?of=` the parts about that page, with `?q=` those in which the words occur."""
    user = request.user
    roles = user.role_names()
    asked = request.GET.get("q", "").strip()[:LONGEST]
    of = request.GET.get("of", "")
    everything = manual.chapters()
    own = [everything[name] for name in dict.fromkeys(n for role in roles for n in manual.of_roles().get(role, ()))]
    context = {
        "asked": asked,
        "found": manual.search(asked, roles) if asked else [],
        "of": of,
        "about": [part.shown_to(user) for part in manual.about(of, roles)] if of and not asked else [],
        "first": manual.first_parts(roles),
        "own": own,
        "others": [
            chapter
            for name, chapter in everything.items()
            if chapter not in own and name not in (manual.INDEX, manual.FIRST)
        ],
        "everybody": everything[manual.INDEX].shown_to(user),
    }
    return TemplateResponse(request, "help/help.html", context)


@requires()
@require_safe
def first(request):
    """第一次用: three things for each role of this account; where a new account arrives after its first password."""
    user = request.user
    parts = [part.shown_to(user) for part in manual.first_parts(user.role_names())]
    context = {"parts": parts, "chapter": manual.chapters()[manual.FIRST].shown_to(user)}
    return TemplateResponse(request, "help/first.html", context)


@requires()
@require_safe
def chapter(request, chapter):
    shown = manual.chapters().get(chapter)
    if shown is None or chapter == manual.INDEX:
        raise Http404
    return TemplateResponse(request, "help/chapter.html", {"chapter": shown.shown_to(request.user)})
