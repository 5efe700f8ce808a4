"""Public pages of draws: public documents and the published results of those drawn, nothing else (decisions.md 3)."""

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter, is_over, remaining
from disclosure import words
from disclosure.models import Publication, PublicationKind
from disclosure.results.forms import quarter_of
from disclosure.site import bulletin, figures
from disclosure.site.freshness import open_to_all

from . import announcements, comparison, documents, timeline
from .documents import PublicDocument
from .pages import LAW_ORDER, DrawPage, draw_or_404


@open_to_all(asks=("quarter",))
def draws(request):
    """The draws of one quarter by unit, and the way to every other quarter."""
    sealed = PublicDocument.objects.filter(kind="MANIFEST").order_by().values_list("year", "quarter").distinct()
    planned = Publication.objects.filter(kind=PublicationKind.PLAN).order_by().values_list("year", "number").distinct()
    quarters = sorted((Quarter(year, number) for year, number in {*sealed, *planned}), reverse=True)
    quarter = quarter_of(request.GET.get("quarter", "")) or (quarters[0] if quarters else None)
    today = clock.today()
    found = documents.draws(Q(year=quarter.year, quarter=quarter.number)) if quarter else []
    current = figures.standing(found, quarter) if quarter else {}
    announced = announcements.of_quarter(quarter, found) if quarter else {}
    names = bulletin.names_in(quarter, bulletin.drawing_units(), current) if quarter else {}
    context = {
        "section": "draws",
        "quarter": quarter,
        "chips": chips.choices(((q, q.label, None) for q in quarters), quarter, lambda q: f"?quarter={q}"),
        "rows": [
            figures.unit_row(c, n, current.get(c), None, quarter, today, announced.get(c)) for c, n in names.items()
        ],
        "void": [d for d in found if d.state == "ABORTED"],
    }
    return TemplateResponse(request, "disclosure/draws/draws.html", context)


@open_to_all(asks=("code", "list", "all"))
def draw(request, draw_id):
    """抽取公示: one page for the whole life of a draw; names only after the release (ui.md 7.4)."""
    found = documents.draw_of(draw_id)
    if found is None:
        return _announced(request, draw_id)
    page = DrawPage(
        found,
        bulletin.unit_name(found.id.unit),
        due=found.quarter.draw_due(workdays.built_in_calendar()).date,
        now=clock.now(),
        asked=request.GET.get("code", "").strip()[:100],
        wanted=request.GET.get("list", ""),
        everybody=request.GET.get("all") == "1",
    )
    return TemplateResponse(request, "disclosure/draws/draw.html", {"section": "draws", "draw": found, "page": page})


def _announced(request, draw_id):
    """The same page before anything is sealed: the day, and the public sources that are named beforehand."""
    found = announcements.of(draw_id)
    if found is None:
        raise Http404
    now, due = clock.now(), found.quarter.draw_due(workdays.built_in_calendar()).date
    plan = found.facts
    context = {
        "section": "draws",
        "found": found,
        "plan": plan,
        "unit_name": bulletin.unit_name(found.id.unit),
        "entries": timeline.of_announced(found),
        "late_due": f"应在{found.quarter.draw_by}抽取，",
        "late": remaining(due, now.date()) if is_over(due, now.date()) else "",
        "passed": "、".join(found.passed(now)),
    }
    return TemplateResponse(request, "disclosure/draws/draw_announced.html", context)


@open_to_all(asks=("q", "page"))
def draw_frames(request, draw_id):
    """Which lists there are; the first is shown at once."""
    found = draw_or_404(draw_id)
    return _frame_page(request, found, min((f.category for f in found.frames), key=LAW_ORDER.index))


@open_to_all(asks=("q", "page"))
def draw_frame(request, draw_id, category):
    """Everybody on the books, drawable or not, with the reason (SSJ1 3.2)."""
    return _frame_page(request, draw_or_404(draw_id), category)


def _frame_page(request, found, category) -> TemplateResponse:
    frame = next((f for f in found.frames if f.category == category), None)
    if frame is None:
        raise Http404
    wanted = request.GET.get("q", "").strip()[:100]
    rows = [r for r in frame.rows if wanted.lower() in f"{r.name} {r.id}".lower()]
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "section": "draws",
        "draw": found,
        "unit_name": bulletin.unit_name(found.id.unit),
        "category": category,
        "label": words.CATEGORIES[category],
        "q": wanted,
        "page": page,
        "rows": [(row, words.OUT_STATES.get(row.state, row.state), words.MODES[row.mode]) for row in page],
        "chips": chips.choices(
            (
                (f.category, words.CATEGORIES[f.category], len(f.rows))
                for f in sorted(found.frames, key=lambda f: LAW_ORDER.index(f.category))
            ),
            category,
            lambda name: reverse("disclosure:draw-frame", args=[found.draw_id, name]),
        ),
        "seen_word": {"key": "本年", "general": "本周期"}.get(category, ""),
    }
    return TemplateResponse(request, "disclosure/draws/draw_frame.html", context)


@open_to_all(asks=("page",))
def draw_changes(request, draw_id):
    """How the sealed lists differ from the ones before: who came, who went, whose category or state moved."""
    found = draw_or_404(draw_id)
    earlier = comparison.before(found)
    lines = comparison.differences(found.frames, earlier.frames) if earlier else []
    context = {
        "section": "draws",
        "draw": found,
        "earlier": earlier,
        "unit_name": bulletin.unit_name(found.id.unit),
        "page": Paginator(lines, 50).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "disclosure/draws/draw_changes.html", context)
