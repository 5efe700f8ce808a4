"""The public site. Every page reads publications and public draw documents, and nothing else (decisions.md 2).

No page here touches a session, sets a cookie (the size of the type excepted) or shows a registry or an inspection.
"""

import hashlib
from collections import Counter
from functools import cache
from math import ceil
from pathlib import Path
from urllib.parse import urlsplit

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.access import public_page
from benxi_shuangsuiji.workdays.days import Quarter, remaining, short_date
from plans.draw import ssj1

from . import bulletin, digests, exports, figures, public_documents, words
from .forms import ResultFilter, ResultQuery, quarter_of
from .freshness import open_to_all
from .models import Publication, PublicationKind
from .public_documents import PublicChainEntry, PublicDocument

PER_PAGE = 20
LONG = 24 * 3600


@open_to_all
def home(request):
    """首页: search, the quarter's progress, four figures, what is new, the draws of the units."""
    shown = figures.home(clock.today())
    entries = [e for d in shown.draws for e in d.entries]
    example = Publication.objects.results().exclude(search_text="").order_by("-published_at").first()
    context = {
        "section": "home",
        "home": shown,
        "entries": shown.progress,
        "news": bulletin.news(shown.names, entries=entries, limit=6),
        "files": [
            {"label": "检查结果（CSV）", "url": reverse("disclosure:results-csv"), "note": f"{shown.results:,} 条"},
            {"label": "检查结果（Excel）", "url": reverse("disclosure:results-xlsx"), "note": f"{shown.results:,} 条"},
            {"label": "抽取证据包（JSON）", "url": reverse("disclosure:draws"), "note": f"{len(shown.draws)} 次抽取"},
            {"label": "抽查事项清单", "url": reverse("disclosure:items-years"), "note": ""},
            {"label": "核验程序（Python）", "url": reverse("disclosure:verifier"), "note": "一个文件"},
        ],
        "example": example,
        "sealed_until": max(
            (localtime(r.draw.release_at).date() for r in shown.rows if r.draw and r.draw.state == "DRAWN"),
            default=None,
        ),
        "before": shown.quarter.previous(),
    }
    return TemplateResponse(request, "disclosure/home.html", context)


# Item lists and plans


@open_to_all(max_age=300)
def items_years(request):
    """Every year's item lists."""
    lists = Publication.objects.current().filter(kind=PublicationKind.ITEM_LIST).order_by("-year", "unit_code")
    return TemplateResponse(request, "disclosure/items_years.html", {"section": "items", "lists": lists})


@open_to_all(max_age=300)
def items(request, year):
    """The item lists of a year: the city's first, then what units have added; earlier versions stay readable."""
    versions = list(
        Publication.objects.filter(kind=PublicationKind.ITEM_LIST, year=year).order_by("unit_code", "-version")
    )
    if not versions:
        raise Http404
    newest, wanted = {}, request.GET.get("version", "")
    for publication in versions:
        if f"{publication.no}-{publication.version}" == wanted:
            newest[publication.unit_code] = publication
        newest.setdefault(publication.unit_code, publication)
    shown = []
    for publication in newest.values():
        groups: dict[str, list] = {}
        for item in publication.snapshot["items"]:
            groups.setdefault(item["category_name"], []).append(item)
        shown.append((publication, groups, [v for v in versions if v.no == publication.no]))
    context = {"section": "items", "year": year, "lists": shown, "first": shown[0][0]}
    return TemplateResponse(request, "disclosure/items.html", context)


@open_to_all(max_age=300)
def plans(request):
    """Every quarter that has published plans."""
    rows = (
        Publication.objects.current()
        .filter(kind__in=[PublicationKind.PLAN, PublicationKind.SUMMARY])
        .order_by()
        .values("year", "number")
        .annotate(
            plans=Count("pk", filter=Q(kind=PublicationKind.PLAN)),
            summaries=Count("pk", filter=Q(kind=PublicationKind.SUMMARY)),
            last=Max("published_at"),
        )
        .order_by("-year", "-number")
    )
    quarters = [{"quarter": Quarter(r["year"], r["number"]), **r} for r in rows]
    return TemplateResponse(request, "disclosure/plans.html", {"section": "plans", "quarters": quarters})


@open_to_all
def plans_of_quarter(request, quarter):
    """One quarter: the plan of each unit side by side; a unit without one is named."""
    quarter, names = _quarter_or_404(quarter), bulletin.unit_names()
    found = list(
        Publication.objects.current().filter(
            kind__in=[PublicationKind.PLAN, PublicationKind.SUMMARY], year=quarter.year, number=quarter.number
        )
    )
    if not found:
        raise Http404
    by_code = {p.unit_code: p for p in found if p.kind == PublicationKind.PLAN}
    today, due = clock.today(), quarter.plan_due(workdays.built_in_calendar()).date
    context = {
        "section": "plans",
        "quarter": quarter,
        "rows": [(names.get(code, code), by_code.get(code)) for code in dict.fromkeys([*names, *by_code])],
        "summary": next((p for p in found if p.kind == PublicationKind.SUMMARY), None),
        "totals": _totals(by_code.values()),
        "due": due,
        "late": f"{remaining(due, today)}" if today > due else f"{short_date(due)}前公开",
        "is_late": today > due,
    }
    return TemplateResponse(request, "disclosure/plans_of_quarter.html", context)


def _totals(publications) -> dict[str, int]:
    totals: Counter = Counter()
    for publication in publications:
        for stratum in publication.snapshot["strata"]:
            totals[stratum["category"]] += stratum["planned"]
    return {**totals, "all": sum(totals.values())}


@open_to_all
def plan(request, quarter, unit, version=None):
    """One unit's plan, with the rule beside each number: the newest version, or an earlier one that was changed."""
    quarter = _quarter_or_404(quarter)
    versions = list(
        Publication.objects.filter(
            kind=PublicationKind.PLAN, year=quarter.year, number=quarter.number, unit_code=unit
        ).order_by("-version")
    )
    shown = next((v for v in versions if version in (None, str(v.version))), None)
    if shown is None:
        raise Http404
    is_newest = shown == versions[0]
    draws = public_documents.draws(Q(draw_id__startswith=f"{unit}-{quarter}-")) if is_newest else []
    context = {
        "section": "plans",
        "quarter": quarter,
        "publication": shown,
        "plan": shown.snapshot,
        "versions": versions,
        "newer": "" if is_newest else f"第 {versions[0].version} 版",
        "draws": draws,
    }
    return TemplateResponse(request, "disclosure/plan.html", context)


# Draws


@open_to_all
def draws(request):
    """The draws of one quarter by unit, and the way to every other quarter."""
    pairs = (
        PublicDocument.objects.filter(kind="MANIFEST")
        .order_by("-year", "-quarter")
        .values_list("year", "quarter")
        .distinct()
    )
    quarters = [Quarter(year, number) for year, number in pairs]
    quarter = quarter_of(request.GET.get("quarter", "")) or (quarters[0] if quarters else None)
    names, today = bulletin.unit_names(), clock.today()
    found = public_documents.draws(Q(year=quarter.year, quarter=quarter.number)) if quarter else []
    current = figures.standing(found, quarter) if quarter else {}
    context = {
        "section": "draws",
        "quarter": quarter,
        "chips": [{"label": q.label, "url": f"?quarter={q}", "current": q == quarter} for q in quarters],
        "rows": [figures.unit_row(c, n, current.get(c), None, quarter, today) for c, n in names.items()]
        if quarter
        else [],
        "void": [d for d in found if d.state == "ABORTED"],
    }
    return TemplateResponse(request, "disclosure/draws.html", context)


@open_to_all
def draw(request, draw_id):
    """抽取公示: one page for the whole life of a draw; names only after the release (ui.md 7.4)."""
    found = _draw_or_404(draw_id)
    names = bulletin.unit_names()
    rows = {row.id: row for frame in found.frames for row in frame.rows}
    published = {}
    if found.result:
        published = {
            p.facility_code: p
            for p in Publication.objects.results().filter(
                year=found.id.year, number=found.id.quarter, snapshot__draw=draw_id
            )
        }
    today = clock.today()
    due = found.quarter.draw_due(workdays.built_in_calendar()).date
    context = {
        "section": "draws",
        "draw": found,
        "unit_name": names.get(found.id.unit, found.id.unit),
        "strata": _strata(found),
        "books": sum(s.N for s in found.manifest.strata),
        "drawable": sum(s.A for s in found.manifest.strata),
        "total": found.total,
        "entries": _timeline(found, names),
        "late_days": (localtime(found.drawn_at).date() - due).days if found.drawn else 0,
        "release_late": remaining(localtime(found.release_at).date(), today)
        if found.state == "DRAWN" and today > localtime(found.release_at).date()
        else "",
        "picks": _picks(found, rows, published),
        "values": _values(found),
        "abort": ssj1.parse_abort(found.text_of("ABORT")) if found.state == "ABORTED" else None,
        "documents": _documents(found),
    }
    return TemplateResponse(request, "disclosure/draw.html", context)


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


def _arithmetic(line) -> str:
    """The rule next to the number: 42 × 25% = 10.5，不足 1 家的进 1."""
    if not line.bp:
        return ""
    exact = line.N * line.bp / 10000
    said = f"{line.N} × {line.bp / 100:g}% = {exact:g}"
    if exact != int(exact):
        said += "，不足 1 家的进 1"
    return said if ceil(exact) >= line.K else f"{said}；按覆盖进度或计划取 {line.K} 家"


def _timeline(found, names) -> list[dict]:
    entries = [
        {
            "what": "封存名单和应抽家数，公布指纹",
            "who": f"{sum(s.N for s in found.manifest.strata)} 家",
            "when": _moment(found.frozen_at),
            "state": "g",
        }
    ]
    for source in found.manifest.sources:
        entries.append(
            {
                "what": source.label,
                "who": f"{words.SOURCE_KINDS.get(source.kind, source.kind)}，封存时已指定",
                "when": _moment(public_documents.parse_datetime(source.due)),
                "state": "g" if found.drawn else "",
            }
        )
    if found.state == "ABORTED":
        entries.append({"what": "作废", "who": "原因见下", "when": _moment(found.entry("ABORT").at), "state": "r"})
        return entries
    drawn = found.drawn_at
    entries.append(
        {
            "what": "抽取，公布结果的指纹",
            "who": "名单保密，防止检查前走漏" if found.state == "DRAWN" else f"共抽 {found.total} 家",
            "when": _moment(drawn) if drawn else "等待抽取",
            "state": "g" if drawn else "k",
        }
    )
    released = found.state == "RELEASED"
    entries.append(
        {
            "what": "检查完毕，公开全部名单",
            "when": _moment(found.release_at) + ("" if released else "前"),
            "state": "g" if released else "",
        }
    )
    return entries


def _moment(moment) -> str:
    at = localtime(moment)
    return f"{short_date(at.date())} {at:%H:%M}"


def _picks(found, rows, published) -> list[dict]:
    """Who was drawn, with team and result, once the names are public."""
    if not found.result:
        return []
    teams = {task.object: task for task in found.result.tasks}
    picks = []
    for pick in found.result.picks:
        team, result = teams.get(pick.id), published.get(pick.id)
        people = [team.leader, *team.members] if isinstance(team, ssj1.Team) else []
        category = pick.stratum.rpartition(".")[2]
        picks.append(
            {
                "pick": pick,
                "category": category,
                "label": words.CATEGORIES[category],
                "row": rows[pick.id],
                "slot": "优先" if pick.slot == "R" else "普通",
                "ticket": " ".join(pick.ticket[i : i + 4] for i in (0, 4, 8)),
                "team": "、".join(people) or "未配齐",
                "result": result,
                "words": words.OUTCOMES[result.outcome] if result else None,
            }
        )
    return sorted(picks, key=lambda p: (LAW_ORDER.index(p["category"]), p["pick"].number))


def _values(found) -> list[tuple[str, list[str]]]:
    if not found.seed:
        return []
    return [
        (source.label, value.replace("+", ",").split(","))
        for source, (_, value) in zip(found.manifest.sources, found.seed.values, strict=True)
    ]


def _documents(found) -> list[dict]:
    """The documents in the order in which they came about, each with its digest and its address."""
    texts = sorted((d for d in found.documents if d.kind == "FRAME"), key=lambda d: d.number)
    frames = {f.category: document for f, document in zip(found.frames, texts, strict=True)}
    shown = []
    for kind, label in words.DOCUMENT_KINDS.items():
        if kind == "FRAME":
            rows = [(f"{label}（{words.CATEGORIES[c]}）", frames[c], f"frames/{c}") for c in LAW_ORDER if c in frames]
        else:
            rows = [(label, d, kind.lower()) for d in found.documents if d.kind == kind]
        shown += [
            {"label": label, "digest": d.digest, "url": f"/draws/{found.draw_id}/{name}.txt"} for label, d, name in rows
        ]
    return shown


@open_to_all
def draw_document(request, draw_id, name):
    """One short document, verbatim: sha256sum of the download is its digest."""
    document = PublicDocument.objects.filter(draw_id=draw_id, kind=name.upper()).exclude(kind="FRAME").first()
    return _text(document)


@open_to_all(max_age=300)
def draw_frame_text(request, draw_id, category):
    """One list of objects, verbatim."""
    frames = PublicDocument.objects.filter(draw_id=draw_id, kind="FRAME")
    return _text(next((d for d in frames if ssj1.parse_frame(d.text).category == category), None))


def _text(document) -> HttpResponse:
    if document is None:
        raise Http404
    response = HttpResponse(document.text, content_type="text/plain; charset=utf-8")
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
        "chips": [
            {
                "label": words.CATEGORIES[f.category],
                "url": reverse("disclosure:draw-frame", args=[found.draw_id, f.category]),
                "count": len(f.rows),
                "current": f.category == category,
            }
            for f in sorted(found.frames, key=lambda f: LAW_ORDER.index(f.category))
        ],
        "seen_word": {"key": "本年", "general": "本周期"}.get(category, ""),
    }
    return TemplateResponse(request, "disclosure/draw_frame.html", context)


@open_to_all
def draw_bundle(request, draw_id):
    """The evidence of one draw; sealed before the release, whole after it (SSJ1 11)."""
    response = HttpResponse(public_documents.bundle_of(_draw_or_404(draw_id)), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{draw_id}.json"'
    return response


# Results


@open_to_all
def results(request):
    """检查结果: filters, a summary line by outcome, twenty a page; newest check first."""
    query = ResultQuery.of(request.GET)
    pairs = (
        Publication.objects.filter(kind=PublicationKind.RESULT)
        .order_by()
        .values_list("year", "number", "district")
        .distinct()
    )
    seen = list(pairs)
    form = ResultFilter(
        request.GET,
        districts=sorted({d for _, _, d in seen if d}),
        quarters=sorted({Quarter(y, n) for y, n, _ in seen}, reverse=True),
    )
    counts = dict(query.results().order_by().values_list("outcome").annotate(n=Count("pk")))
    groups = Counter()
    for outcome, n in counts.items():
        groups[words.OUTCOMES[outcome].group] += n
    page = _Counted(query.ordered(), PER_PAGE, sum(counts.values())).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    newest = max((p.published_at for p in page), default=None)
    context = {
        "section": "results",
        "filters": form,
        "query": query,
        "sort": query.sort,
        "page": page,
        "rows": [_result_row(p) for p in page],
        "groups": [(g, groups[g]) for g in words.GROUPS if groups[g]],
        "chips": query.chips(),
        "newest": newest,
        "too_many": page.paginator.count > exports.MOST_ROWS_IN_A_WORKBOOK,
        "most": exports.MOST_ROWS_IN_A_WORKBOOK,
        "address": query.address(),
        "days": policy.on(clock.today()).publish_within_workdays,
    }
    return TemplateResponse(request, "disclosure/results.html", context)


class _Counted(Paginator):
    """A paginator that has been told how many there are."""

    def __init__(self, rows, per_page, count):
        super().__init__(rows, per_page)
        self.count = count


def _result_row(publication) -> dict:
    s = publication.snapshot
    return {
        "p": publication,
        "category": words.CATEGORIES[publication.category],
        "outcome": words.OUTCOMES[publication.outcome],
        "items": words.item_words(s),
        "mode": s["mode_label"],
        "uscc": s["facility"]["uscc"] or publication.facility_code,
        "source": "" if s["draw"] else s["source_label"],
        "clock": words.clock_words(publication.workday_number),
    }


@open_to_all(max_age=300)
def result(request, no):
    """One result for good: its address, its text and its digest stay (四(3)-e)."""
    versions = list(Publication.objects.filter(kind=PublicationKind.RESULT, no=no).order_by("-version"))
    if not versions:
        raise Http404
    publication = versions[0]
    s = publication.snapshot
    context = {
        "section": "results",
        "publication": publication,
        "result": s,
        "category": words.CATEGORIES[publication.category],
        "outcome": words.OUTCOMES[publication.outcome],
        "items": [(i, *words.ANSWERS.get(i["answer"], ("wait", "未检查"))) for i in s["items"]],
        "clock": words.clock_words(publication.workday_number),
        "checked_on": publication.checked_on,
        "published_on": localtime(publication.published_at).date(),
        "publish_by": public_documents.day(s["publish_by"]),
        "quarter_due": public_documents.day(s["quarter_due"]),
        "rectify_by": public_documents.day(s["rectify_by"]),
        "quarter": Quarter(publication.year, publication.number),
        "versions": versions,
    }
    return TemplateResponse(request, "disclosure/result.html", context)


@open_to_all(max_age=300)
def snapshot(request, kind, no, version=None):
    """The text that the digest was made of, byte for byte; without a version that of the newest."""
    versions = Publication.objects.filter(kind=kind, no__iexact=no).order_by("-version")
    publication = next((p for p in versions if version in (None, str(p.version))), None)
    if publication is None:
        raise Http404
    return HttpResponse(digests.canonical(publication.snapshot), content_type="application/json")


@open_to_all(max_age=300)
def results_csv(request):
    """Open data at any size: the rows stream."""
    query = ResultQuery.of(request.GET)
    return exports.csv_response(query.ordered(), _file_name(query, "csv"))


@open_to_all(max_age=300)
def results_xlsx(request):
    """The same as a workbook; above 5,000 rows the CSV is the way."""
    query = ResultQuery.of(request.GET)
    if query.results().count() > exports.MOST_ROWS_IN_A_WORKBOOK:
        context = {
            "section": "results",
            "address": query.address(),
            "most": exports.MOST_ROWS_IN_A_WORKBOOK,
        }
        return TemplateResponse(request, "disclosure/results_too_many.html", context, status=422)
    return exports.workbook_response(query.ordered(), _file_name(query, "xlsx"))


def _file_name(query: ResultQuery, ending: str) -> str:
    parts = ["本溪双随机", "检查结果", *([str(query.quarter)] if query.quarter else []), f"{clock.today():%Y%m%d}"]
    return "_".join(parts) + "." + ending


# Enterprises


@open_to_all
def enterprises(request):
    """企业查询: part of a name or a code; one exact hit goes straight to the enterprise."""
    query = ResultQuery.of(request.GET)
    found = query.results()
    if query.q:
        exact = set(
            found.filter(Q(facility_code__iexact=query.q) | Q(snapshot__facility__uscc=query.q.upper())).values_list(
                "facility_code", flat=True
            )[:2]
        )
        exact = exact or set(found.filter(facility_name=query.q).values_list("facility_code", flat=True)[:2])
        if len(exact) == 1:
            return HttpResponseRedirect(reverse("disclosure:enterprise", args=[exact.pop()]))
    districts = (
        Publication.objects.results()
        .order_by("district")
        .values_list("district")
        .annotate(n=Count("facility_code", distinct=True))
    )
    newest = found.order_by("facility_code", "-checked_on", "-pk").distinct("facility_code")
    page = Paginator(newest, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    times = dict(
        Publication.objects.results()
        .filter(facility_code__in=[p.facility_code for p in rows])
        .order_by()
        .values_list("facility_code")
        .annotate(n=Count("pk"))
    )
    context = {
        "section": "enterprises",
        "query": query,
        "page": page,
        "rows": [(_result_row(p), times[p.facility_code]) for p in rows],
        "chips": [
            {"label": d, "url": f"?district={d}", "count": n, "current": d == query.district} for d, n in districts if d
        ],
    }
    return TemplateResponse(request, "disclosure/enterprises.html", context)


@open_to_all
def enterprise(request, code):
    """企业页: every published check by year and quarter; nothing about a running quarter before its result is out."""
    found = list(Publication.objects.results().filter(facility_code=code).order_by("-checked_on", "-pk"))
    if not found:
        raise Http404
    newest, today = found[0], clock.today()
    taken = _draws_with(code)
    by_quarter: dict[Quarter, list] = {}
    for publication in found:
        by_quarter.setdefault(Quarter(publication.year, publication.number), []).append(publication)
    years = sorted({q.year for q in by_quarter} | {today.year}, reverse=True)
    context = {
        "section": "enterprises",
        "newest": newest,
        "row": _result_row(newest),
        "items": [(i, *words.ANSWERS.get(i["answer"], ("wait", "未检查"))) for i in newest.snapshot["items"]],
        "natural": newest.snapshot["facility"]["natural_person"],
        "years": [(year, [_cell(Quarter(year, n), by_quarter, taken, today) for n in range(1, 5)]) for year in years],
        "times": len(found),
        "drawn": sum(bool(p.snapshot["draw"]) for p in found),
        "this_year": sum(p.year == today.year and bool(p.snapshot["draw"]) for p in found),
        "problems": sum(words.OUTCOMES[p.outcome].group == "发现问题" for p in found),
        "cap": policy.on(today).cap_per_item,
        "past": [(draw_id, drawn) for draw_id, drawn in sorted(taken.items(), reverse=True)],
        "names": sorted({p.facility_name for p in found} - {newest.facility_name}),
    }
    return TemplateResponse(request, "disclosure/enterprise.html", context)


def _draws_with(code: str) -> dict[str, bool]:
    """Released draws whose lists hold this object, and whether it was drawn."""
    released = PublicDocument.objects.filter(kind="RESULT")
    listed = PublicDocument.objects.filter(
        kind="FRAME", draw_id__in=released.values("draw_id"), text__contains=f"\nobj\t{code}\t"
    )
    drawn = set(released.filter(text__contains=f"\t{code}\t").values_list("draw_id", flat=True))
    return {draw_id: draw_id in drawn for draw_id in listed.values_list("draw_id", flat=True)}


def _cell(quarter: Quarter, by_quarter: dict, taken: dict[str, bool], today) -> dict:
    if checks := by_quarter.get(quarter):
        return {
            "checks": [(p, words.OUTCOMES[p.outcome]) for p in checks],
            "random": any(p.snapshot["draw"] for p in checks),
        }
    if quarter.first_day > today:
        return {"future": True}
    if any(not drawn and f"-{quarter}-" in draw_id for draw_id, drawn in taken.items()):
        return {"not_drawn": True}
    return {}


# Verification, data, notices, and the pages that stand still


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
    return _text(PublicChainEntry.objects.filter(seq=seq).first())


@open_to_all
def data(request):
    """开放数据: what can be downloaded, under which licence."""
    rows = Publication.objects.results().aggregate(n=Count("pk"), last=Max("published_at"))
    released = PublicDocument.objects.filter(kind="MANIFEST").order_by("-year", "-quarter", "draw_id")
    page = Paginator(released.values_list("draw_id", flat=True), 40).get_page(request.GET.get("page"))
    context = {"section": "data", "results": rows, "page": page, "draws": list(page)}
    return TemplateResponse(request, "disclosure/data.html", context)


@open_to_all(max_age=300)
def fields(request):
    """What each column of the open data means."""
    context = {"section": "data", "columns": exports.COLUMNS, "outcomes": words.OUTCOMES.values()}
    return TemplateResponse(request, "disclosure/fields.html", context)


@open_to_all
def notices(request):
    """公示: everything that has become public, newest first."""
    page = Paginator(bulletin.news(bulletin.unit_names()), PER_PAGE).get_page(request.GET.get("page"))
    return TemplateResponse(request, "disclosure/notices.html", {"section": "home", "page": page, "news": list(page)})


@open_to_all(max_age=300)
def accessibility(request):
    """无障碍说明."""
    return TemplateResponse(request, "disclosure/accessibility.html", {})


@open_to_all(max_age=300)
def contact(request):
    """联系我们: whom to ask, how to object, and what an enterprise should know before a check (0-c)."""
    law = policy.on(clock.today())
    context = {"law": law, "days": law.publish_within_workdays, "people": law.min_team_size, "cap": law.cap_per_item}
    return TemplateResponse(request, "disclosure/contact.html", context)


@public_page
@require_safe
def size(request, size):
    """大字版: the one cookie of the public side, and back to the page it was asked on."""
    back = urlsplit(request.headers.get("Referer", ""))
    path = back.path + (f"?{back.query}" if back.query else "")
    host_is_ours = back.netloc == request.get_host()
    if not host_is_ours or not url_has_allowed_host_and_scheme(path, allowed_hosts=None) or path.startswith("/size/"):
        path = reverse("disclosure:home")
    response = HttpResponseRedirect(path)
    if size == "large":
        response.set_cookie(
            "size", "large", max_age=365 * LONG, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("size", samesite="Lax")
    return response


def _quarter_or_404(text: str) -> Quarter:
    if quarter := quarter_of(text):
        return quarter
    raise Http404


def _draw_or_404(draw_id: str):
    if found := public_documents.draw_of(draw_id):
        return found
    raise Http404
