"""Public pages of results and enterprises, from publications and released draws only (decisions.md 2, ui.md 7.4)."""

from collections import Counter
from functools import partial

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.web import chips
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import words
from disclosure.city import result_tables
from disclosure.draws import documents as public_documents
from disclosure.draws.documents import PublicDocument
from disclosure.models import Publication, PublicationKind
from disclosure.register.pages import Registered
from disclosure.revisions.pages import Standing, gone_or_404
from disclosure.revisions.terms import penalties_end
from disclosure.site.freshness import open_to_all

from . import exports, followups
from .addresses import codes_of
from .forms import ResultFilter, ResultQuery

PER_PAGE = 20


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
        "summaries": result_tables.quarters(),
        "too_many": page.paginator.count > exports.MOST_ROWS_IN_A_WORKBOOK,
        "most": exports.MOST_ROWS_IN_A_WORKBOOK,
        "address": query.address(),
        "days": policy.on(clock.today()).publish_within_workdays,
    }
    return TemplateResponse(request, "disclosure/results/results.html", context)


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


@open_to_all
def result(request, no, version=None):
    """One result for good: its address, its text and its digest stay, those of corrected words too (四(3)-e, 八(二)-c)."""
    versions = list(Publication.objects.versions(PublicationKind.RESULT, no=no))
    publication = next((v for v in versions if version in (None, str(v.version))), None)
    if publication is None:
        return gone_or_404(request, PublicationKind.RESULT, version, no=no)
    s, shown = publication.snapshot, Standing(publication, versions)
    context = {
        "section": "results",
        "publication": publication,
        "registered": Registered.of(publication),
        "result": s,
        "category": words.CATEGORIES[publication.category],
        "outcome": words.OUTCOMES[publication.outcome],
        "items": words.answered_items(s),
        "clock": words.clock_words(publication.workday_number),
        "checked_on": publication.checked_on,
        "published_on": localtime(publication.issued_at).date(),
        "publish_by": public_documents.day(s["publish_by"]),
        "quarter_due": public_documents.day(s["quarter_due"]),
        "rectify_by": public_documents.day(s["rectify_by"]),
        "quarter": Quarter(publication.year, publication.number),
        "versions": versions,
        "standing": shown,
        "term": shown.term,
        "steps": followups.of_check(no),
        "before_url": shown.before and reverse("disclosure:result-version", args=[no, shown.before.version]),
        "newest_url": reverse("disclosure:result", args=[no]),
    }
    return TemplateResponse(request, "disclosure/results/result.html", context)


@open_to_all
def results_csv(request):
    """Open data at any size: the rows stream."""
    query = ResultQuery.of(request.GET)
    if query.unknown:
        return exports.refused(query)
    rows, heads = followups.with_last(query.ordered()), [title for title, _, _ in exports.COLUMNS]
    row = partial(exports.row_of, penalties=penalties_end())
    return exports.csv_response(rows, _file_name(query, "csv"), heads, row)


@open_to_all
def results_xlsx(request):
    """The same as a workbook; above 5,000 rows the CSV is the way."""
    query = ResultQuery.of(request.GET)
    if query.unknown:
        return exports.refused(query)
    if query.results().count() > exports.MOST_ROWS_IN_A_WORKBOOK:
        context = {
            "section": "results",
            "address": query.address(),
            "most": exports.MOST_ROWS_IN_A_WORKBOOK,
        }
        return TemplateResponse(request, "disclosure/results/results_too_many.html", context, status=422)
    return exports.workbook_response(followups.with_last(query.ordered()), _file_name(query, "xlsx"))


def _file_name(query: ResultQuery, ending: str) -> str:
    parts = ["本溪双随机", "检查结果", *([str(query.quarter)] if query.quarter else []), f"{clock.today():%Y%m%d}"]
    return "_".join(parts) + "." + ending


@open_to_all
def enterprises(request):
    """企业查询: part of a name or a code; one exact hit goes straight to the enterprise."""
    query = ResultQuery.of(request.GET)
    found = query.results()
    if query.q:
        exact = set(codes_of(query.q)) or set(
            found.filter(facility_name=query.q).values_list("facility_code", flat=True)[:2]
        )
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
        "chips": chips.choices(((d, d, n) for d, n in districts if d), query.district, "?district={}".format),
    }
    return TemplateResponse(request, "disclosure/results/enterprises.html", context)


@open_to_all
def enterprise(request, code):
    """企业页: every published check by year and quarter; nothing about a running quarter before its result is out."""
    found = list(Publication.objects.results().filter(facility_code=code).order_by("-checked_on", "-pk"))
    if not found:
        return _meant(code)
    newest, today, steps = found[0], clock.today(), followups.of_facility(code)
    taken = _draws_with(code)
    by_quarter: dict[Quarter, list] = {}
    for publication in found:
        by_quarter.setdefault(Quarter(publication.year, publication.number), []).append(publication)
    years = sorted({q.year for q in by_quarter} | {today.year}, reverse=True)
    context = {
        "section": "enterprises",
        "newest": newest,
        "row": _result_row(newest),
        "items": words.answered_items(newest.snapshot),
        "natural": newest.snapshot["facility"]["natural_person"],
        "years": [
            (year, [_cell(Quarter(year, n), by_quarter, taken, today, steps) for n in range(1, 5)]) for year in years
        ],
        "times": len(found),
        "drawn": sum(bool(p.snapshot["draw"]) for p in found),
        "this_year": sum(p.year == today.year and bool(p.snapshot["draw"]) for p in found),
        "problems": sum(words.OUTCOMES[p.outcome].group == "发现问题" for p in found),
        "cap": policy.on(today).cap_per_item,
        "past": [(draw_id, drawn) for draw_id, drawn in sorted(taken.items(), reverse=True)],
        "steps": steps.get(newest.no, []),
        "names": sorted({p.facility_name for p in found} - {newest.facility_name}),
    }
    return TemplateResponse(request, "disclosure/results/enterprise.html", context)


def _meant(code: str) -> HttpResponseRedirect:
    """A code in small letters, or the 18 digits of a licence, which may have several places."""
    match codes_of(code):
        case []:
            raise Http404
        case [one]:
            return HttpResponseRedirect(reverse("disclosure:enterprise", args=[one]))
        case _:
            return HttpResponseRedirect(f"{reverse('disclosure:enterprises')}?q={code}")


def _draws_with(code: str) -> dict[str, bool]:
    """Released draws whose lists hold this object, and whether it was drawn."""
    released = PublicDocument.objects.filter(kind="RESULT")
    listed = PublicDocument.objects.filter(
        kind="FRAME", draw_id__in=released.values("draw_id"), text__contains=f"\nobj\t{code}\t"
    )
    drawn = set(released.filter(text__contains=f"\t{code}\t").values_list("draw_id", flat=True))
    return {draw_id: draw_id in drawn for draw_id in listed.values_list("draw_id", flat=True)}


def _cell(quarter: Quarter, by_quarter: dict, taken: dict[str, bool], today, steps: dict) -> dict:
    if checks := by_quarter.get(quarter):
        return {
            "checks": [(p, words.OUTCOMES[p.outcome], steps.get(p.no, [])[-1:]) for p in checks],
            "random": any(p.snapshot["draw"] for p in checks),
        }
    if quarter.first_day > today:
        return {"future": True}
    if any(not drawn and f"-{quarter}-" in draw_id for draw_id, drawn in taken.items()):
        return {"not_drawn": True}
    return {}
