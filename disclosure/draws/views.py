"""Public pages of draws: public documents and the published results of those drawn, nothing else (decisions.md 3)."""

import re
from collections import Counter
from math import ceil
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter, overdue, remaining, shown_moment
from disclosure import words
from disclosure.models import Publication, PublicationKind
from disclosure.results import exports
from disclosure.results.forms import quarter_of
from disclosure.site import bulletin, figures
from disclosure.site.freshness import open_to_all
from plans.draw import ssj1

from . import amendments, announcements, comparison, corrections, documents, panel, tickets
from .documents import PublicDocument


@open_to_all
def draws(request):
    """The draws of one quarter by unit, and the way to every other quarter."""
    sealed = PublicDocument.objects.filter(kind="MANIFEST").order_by().values_list("year", "quarter").distinct()
    planned = Publication.objects.filter(kind=PublicationKind.PLAN).order_by().values_list("year", "number").distinct()
    quarters = sorted((Quarter(year, number) for year, number in {*sealed, *planned}), reverse=True)
    quarter = quarter_of(request.GET.get("quarter", "")) or (quarters[0] if quarters else None)
    names, today = bulletin.unit_names(), clock.today()
    found = documents.draws(Q(year=quarter.year, quarter=quarter.number)) if quarter else []
    current = figures.standing(found, quarter) if quarter else {}
    announced = announcements.of_quarter(quarter, found) if quarter else {}
    context = {
        "section": "draws",
        "quarter": quarter,
        "chips": chips.choices(((q, q.label, None) for q in quarters), quarter, lambda q: f"?quarter={q}"),
        "rows": [
            figures.unit_row(c, n, current.get(c), None, quarter, today, announced.get(c)) for c, n in names.items()
        ]
        if quarter
        else [],
        "void": [d for d in found if d.state == "ABORTED"],
    }
    return TemplateResponse(request, "disclosure/draws/draws.html", context)


@open_to_all
def draw(request, draw_id):
    """抽取公示: one page for the whole life of a draw; names only after the release (ui.md 7.4)."""
    found = documents.draw_of(draw_id)
    if found is None:
        return _announced(request, draw_id)
    names = bulletin.unit_names()
    rows = {row.id: row for frame in found.frames for row in frame.rows}
    tables = tickets.tables_of(found)
    asked = request.GET.get("code", "").strip()[:100]
    answer = tickets.one(found, asked, tables) if asked else None
    published = {}
    if found.result:
        published = {
            p.facility_code: p
            for p in Publication.objects.results().filter(
                year=found.id.year, number=found.id.quarter, snapshot__draw=draw_id
            )
        }
    due = found.quarter.draw_due(workdays.built_in_calendar()).date
    context = {
        "section": "draws",
        "draw": found,
        "unit_name": names.get(found.id.unit, found.id.unit),
        "strata": _strata(found),
        "books": sum(s.N for s in found.manifest.strata),
        "drawable": sum(s.A for s in found.manifest.strata),
        "total": found.total,
        "by_category": _by_category(found),
        "people": _people(found),
        "entries": _timeline(found, names),
        "late_due": f"应在{found.quarter.draw_by}抽取。",
        "late_days": (localtime(found.drawn_at).date() - due).days if found.drawn else 0,
        "release_late": overdue(found.release_at, clock.now()) if found.state == "DRAWN" else "",
        "panel": panel.rows_of(found),
        "asked": asked,
        "answer": answer,
        **_chosen_table(request, tables, published, answer),
        "corrections": corrections.shown(found),
        "corrected_lists": corrections.lists(found),
        "amendments": amendments.shown(amendments.amends_of(found), rows) if found.result else [],
        "values": _values(found),
        "abort": ssj1.parse_abort(found.text_of("ABORT")) if found.state == "ABORTED" else None,
        "repeat": _repeat_of(found) if found.state == "ABORTED" else "",
        "manifest_digest": found.document("MANIFEST").digest,
        "documents": _documents(found),
    }
    return TemplateResponse(request, "disclosure/draws/draw.html", context)


def _repeat_of(found) -> str:
    """The number of the attempt after a void one: sealed, or announced by the plan; "" if there is none."""
    again = str(found.id._replace(serial=found.id.serial + 1))
    is_there = PublicDocument.objects.filter(draw_id=again, kind="MANIFEST").exists() or announcements.of(again)
    return again if is_there else ""


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
        "unit_name": bulletin.unit_names().get(found.id.unit, found.id.unit),
        "entries": _expected(found),
        "late_due": f"应在{found.quarter.draw_by}抽取，",
        "late": remaining(due, now.date()) if now.date() > due else "",
        "passed": "、".join(found.passed(now)),
    }
    return TemplateResponse(request, "disclosure/draws/draw_announced.html", context)


def _expected(found) -> list[dict]:
    coming = [{"what": "封存名单和应抽家数，公布指纹", "when": "在公开随机数产生之前", "state": "k"}]
    coming += [
        {"what": source["label"], "who": f"{source['kind_name']}，计划已指定", "when": shown_moment(due), "state": ""}
        for source, due in found.sources
    ]
    return [
        {
            "what": "公开计划",
            "url": reverse("disclosure:plan", args=[str(found.quarter).lower(), found.id.unit]),
            "when": shown_moment(found.plan.published_at),
            "state": "g",
        },
        *coming,
        {"what": "抽取，公布结果的指纹", "when": shown_moment(found.draw_at), "state": ""},
        {"what": "检查完毕，公开全部名单", "when": f"{found.facts['release_text']} 前", "state": ""},
    ]


# As the plan names them; the documents have the order of bytes (SSJ1 12 V5).
LAW_ORDER = list(words.CATEGORIES)


def _strata(found) -> list[dict]:
    pairs = zip(found.manifest.strata, found.frames, strict=True)
    rows = [_stratum(found, line, frame) for line, frame in pairs]
    return sorted(rows, key=lambda row: LAW_ORDER.index(row["category"]))


def _stratum(found, line, frame) -> dict:
    return {
        "line": line,
        "category": frame.category,
        "label": words.CATEGORIES[frame.category],
        "url": reverse("disclosure:draw-frame", args=[found.draw_id, frame.category]),
        "out": [(words.OUT_STATES[state], n) for state, n in found.exclusions(frame)],
        "arithmetic": _arithmetic(line),
    }


def _by_category(found) -> str:
    """重点 11　一般 16　特殊 2."""
    drawn = Counter()
    for line, frame in zip(found.manifest.strata, found.frames, strict=True):
        drawn[frame.category] += line.K
    return "　".join(f"{words.CATEGORIES[c]} {drawn[c]}" for c in LAW_ORDER if drawn[c])


def _people(found) -> tuple[int, str]:
    """How many go, and how many visits each has, by the result; (0, "") before the list is public."""
    if not found.result:
        return 0, ""
    visits = Counter(p for t in found.result.tasks if isinstance(t, ssj1.Team) for p in (t.leader, *t.members))
    least, most = min(visits.values(), default=0), max(visits.values(), default=0)
    each = f"{least}—{most}" if least < most else str(most)
    return len(visits), f"每组 {found.manifest.team} 人，每人 {each} 家"


def _ratio(line) -> str:
    """42 × 25% = 10.5."""
    return f"{line.N} × {line.bp / 100:g}% = {line.N * line.bp / 10000:g}" if line.bp else ""


def _taken(line) -> str:
    """What stands on the lower line of the tickets: 42 × 25% = 10.5，取 11 家."""
    if not line.bp:
        return ""
    by_pace = ceil(line.N * line.bp / 10000) < line.K
    return f"{_ratio(line)}，{'按覆盖进度或计划' if by_pace else ''}取 {line.K} 家"


def _arithmetic(line) -> str:
    """The rule next to the number: 42 × 25% = 10.5，不足 1 家的进 1."""
    if not line.bp:
        return ""
    exact = line.N * line.bp / 10000
    said = _ratio(line)
    if exact != int(exact):
        said += "，不足 1 家的进 1"
    return said if ceil(exact) >= line.K else f"{said}；按覆盖进度或计划取 {line.K} 家"


def _timeline(found, names) -> list[dict]:
    entries = [
        {
            "what": "封存名单和应抽家数，公布指纹",
            "who": f"{sum(s.N for s in found.manifest.strata)} 家",
            "when": shown_moment(found.frozen_at),
            "state": "g",
        }
    ]
    for place, source in enumerate(found.manifest.sources, 1):
        entries.append(
            {
                "what": source.label,
                "who": f"{words.SOURCE_KINDS.get(source.kind, source.kind)}，封存时已指定",
                "when": shown_moment(documents.parse_datetime(source.due)),
                "state": "g" if place in found.values else "",
            }
        )
    if found.state == "ABORTED":
        entries.append({"what": "作废", "who": "原因见下", "when": shown_moment(found.entry("ABORT").at), "state": "r"})
        return entries
    drawn = found.drawn_at
    entries.append(
        {
            "what": "抽取，公布结果的指纹",
            "who": "名单保密，防止检查前走漏" if found.state == "DRAWN" else f"共抽 {found.total} 家",
            "when": shown_moment(drawn) if drawn else "等待抽取",
            "state": "g" if drawn else "k",
        }
    )
    entries += [
        {"what": "公开随机数更正，结果重算", "who": "原因见上", "when": shown_moment(entry.at), "state": "k"}
        for entry in found.results[1:]
    ]
    released = found.state == "RELEASED"
    entries.append(
        {
            "what": "检查完毕，公开全部名单",
            "when": shown_moment(found.release_at) + ("" if released else "前"),
            "state": "g" if released else "",
        }
    )
    return entries


MOST_TICKETS = 400  # on one page; the whole list is in tickets.csv


def _chosen_table(request, tables, published, answer) -> dict:
    """签号与结果 of one list, once the names are public: the winners and the first below the lines, or all of them."""
    if not tables:
        return {"table": None}
    wanted = request.GET.get("list") or (answer.stratum.rpartition(".")[2] if answer else "")
    table = next((t for t in tables if t.category == wanted), tables[0])
    everybody = request.GET.get("all") == "1"
    shown = (table.places if everybody else table.first)[:MOST_TICKETS]
    arithmetic = _taken(table.line)
    return {
        "table": table,
        "tickets": [_ticket_row(table, place, published, arithmetic) for place in shown],
        "rest": len(table.places) - len(shown),
        "folded": len(table.places) - len(shown) if not everybody and len(table.places) <= MOST_TICKETS else 0,
        "tabs": [
            {
                "label": f"{t.label}　参加 {t.line.A} 抽中 {sum(place.standing for place in t.places)}",
                "url": f"?list={t.category}#tickets",
                "current": t is table,
            }
            for t in tables
        ],
        "excluded": [(row, words.OUT_STATES[row.state]) for row in table.excluded],
    }


def _ticket_row(table, place, published, arithmetic) -> dict:
    result = published.get(place.row.id)
    return {
        "rank": place.rank,
        "ticket": place.start,
        "name": place.row.name,
        "url": f"?{urlencode({'code': place.row.id})}#one" if place.slot else "",
        "gone": place.gone,
        "seen": table.seen(place.row).removeprefix(table.cycle),
        "slot": place.slot_words,
        "team": () if place.gone else place.team,
        "open": "" if place.gone else place.open,
        "result": result,
        "words": words.OUTCOMES[result.outcome] if result else None,
        "hit": place.standing,
        "cuts": table.cut(place.rank, arithmetic),
    }


def _values(found) -> list[tuple[str, list[str]]]:
    """The public values as they were announced."""
    return [
        (source.label, corrections.parts_of(source.kind, found.values[place]))
        for place, source in enumerate(found.manifest.sources, 1)
        if place in found.values
    ]


def _documents(found) -> list[dict]:
    """The documents in the order in which they came about, each with its digest and its address."""
    frames = {f.category: d for f, d in zip(found.frames, found.documents_of("FRAME"), strict=True)}
    last = max((d.run for d in found.documents), default=1)
    shown = []
    for kind, label in words.DOCUMENT_KINDS.items():
        if kind == "FRAME":
            rows = [(f"{label}（{words.CATEGORIES[c]}）", frames[c], f"frames/{c}") for c in LAW_ORDER if c in frames]
        else:
            rows = []
            for d in found.documents_of(kind):
                superseded = kind in BY_RUN and d.run < last
                notes = [f"第 {d.number} 次更换"] * bool(d.number) + [f"第 {d.run} 次录入，已更正"] * superseded
                name = f"run-{d.run}-" * superseded + kind.lower() + f"-{d.number}" * bool(d.number)
                rows.append((label + f"（{'，'.join(notes)}）" * bool(notes), d, name))
        shown += [
            {
                "label": label,
                "digest": d.digest,
                "url": f"/draws/{found.draw_id}/{name}.txt",
                "file": f"{name.rpartition('/')[2]}.txt",
            }
            for label, d, name in rows
        ]
    return shown


BY_RUN = ("SEED", "RESULT", "AMEND", "SLIPS")  # a correction gives these anew (SSJ1 9.1)


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
    lines = [f"{d['digest']}  {d['file']}\n" for d in _documents(_draw_or_404(draw_id))]
    return _plain("".join(lines), "text/plain")


@open_to_all(max_age=300)
def draw_tickets(request, draw_id):
    """Every ticket of a released draw as a table; nothing before the release."""
    tables = tickets.tables_of(_draw_or_404(draw_id))
    if not tables:
        raise Http404
    response = _plain("".join(exports.lines_of(TICKET_COLUMNS, _ticket_lines(tables))), "text/csv")
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
def draw_frames(request, draw_id):
    """Which lists there are; the first is shown at once."""
    found = _draw_or_404(draw_id)
    return _frame_page(request, found, min((f.category for f in found.frames), key=LAW_ORDER.index))


@open_to_all
def draw_frame(request, draw_id, category):
    """Everybody on the books, drawable or not, with the reason (SSJ1 3.2)."""
    return _frame_page(request, _draw_or_404(draw_id), category)


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
        "unit_name": bulletin.unit_names().get(found.id.unit, found.id.unit),
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


@open_to_all
def draw_changes(request, draw_id):
    """How the sealed lists differ from the ones before: who came, who went, whose category or state moved."""
    found = _draw_or_404(draw_id)
    earlier = comparison.before(found)
    lines = comparison.differences(found.frames, earlier.frames) if earlier else []
    context = {
        "section": "draws",
        "draw": found,
        "earlier": earlier,
        "unit_name": bulletin.unit_names().get(found.id.unit, found.id.unit),
        "page": Paginator(lines, 50).get_page(request.GET.get("page")),
    }
    return TemplateResponse(request, "disclosure/draws/draw_changes.html", context)


@open_to_all
def draw_bundle(request, draw_id):
    """The evidence of one draw; sealed before the release, whole after it (SSJ1 11)."""
    text = ssj1.bundle_json(documents.bundle_of(_draw_or_404(draw_id)))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{draw_id}.json"'
    return response


def _draw_or_404(draw_id: str):
    if found := documents.draw_of(draw_id):
        return found
    raise Http404
