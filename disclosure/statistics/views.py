"""统计: the page, and each of its tables as CSV and JSON with every numerator and denominator (四(3)-f; ui-2.md 20)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.city import this_city
from benxi_shuangsuiji.documents import files
from benxi_shuangsuiji.documents.workbooks.writing import OutColumn, heading, long_tables
from benxi_shuangsuiji.workdays.days import short_date
from disclosure import kept_files, words
from disclosure.kept import EVERY
from disclosure.kept_files import File
from disclosure.opendata.rows import LICENCE
from disclosure.results.exports import refused
from disclosure.site.freshness import open_to_all
from disclosure.tables import lines_of

from . import pages
from .bands import Evenness
from .counting import Public
from .figures import GROUPS, Statistics, Table
from .forms import NAMES, StatisticsQuery

TABLES: dict[str, Callable[[Statistics], Table | Evenness]] = {
    "rates": Statistics.rates,
    "found": Statistics.found,
    "never": Statistics.never,
    "evenness": Statistics.evenness,
}


def _asked(request) -> tuple[StatisticsQuery, Statistics]:
    public = Public.read()
    query = StatisticsQuery.of(request.GET, public)
    return query, Statistics(public, query.quarters, query.category, query.by, clock.today())


@open_to_all(asks=NAMES)
def statistics(request):
    query, asked = _asked(request)
    context = {"section": "data", "query": query, "running": pages.running(asked.public)}
    if not query.periods:
        return TemplateResponse(request, "disclosure/statistics/statistics.html", context)
    rates, found, never, public = asked.rates(), asked.found(), asked.never(), asked.public
    by_unit = rates if query.by == "unit" else replace(asked, by="unit").rates()
    books = Counter(place.category for place in public.everyone.values())
    categories = {c: f"{name} {books[c]} 家" for c, name in words.CATEGORIES.items() if books[c]}
    groups = {name: label for name, label in GROUPS.items() if name != "industry" or public.industries}
    context |= {
        "asked": asked,
        "rates": rates,
        "found": found,
        "never": never,
        "evenness": asked.evenness(),
        "city": pages.city(by_unit, clock.today()),
        "course": pages.course(found),
        "caution": pages.caution(by_unit),
        "left": pages.left(never),
        "corrected": sorted({(r.corrected_on, r.no) for r in asked.results if r.corrected_on}),
        "chips": [
            ("期间：", query.choices("period", {p: query.name_of(p) for p in query.periods})),
            ("类别：", query.choices("category", {"": "全部"} | categories)),
            ("分组：", query.choices("by", groups)),
        ],
        "last": short_date(localtime(max(draw.release_at for draw in asked.draws)).date()),
        "today": clock.today(),
        "law": policy.on(clock.today()),
    }
    return TemplateResponse(request, "disclosure/statistics/statistics.html", context)


@open_to_all(pace="files", asks=EVERY)
def table_csv(request, table):
    query, asked = _asked(request)
    if query.unknown:
        return refused(query)
    found = TABLES[table](asked) if query.periods else None
    lines = lines_of(found.heads(), found.lines()) if found else ()
    response = HttpResponse("".join(lines), content_type="text/csv; charset=utf-8")
    name = f"statistics-{table}-{query.period.lower()}.csv"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


@open_to_all(pace="api", asks=EVERY)
def table_json(request, table):
    query, asked = _asked(request)
    if query.unknown:
        return refused(query)
    found = TABLES[table](asked) if query.periods else None
    said = {
        "licence": LICENCE,
        "table": table,
        "period": query.period,
        "category": query.category,
        "by": query.by,
        "title": found.title if found else "",
        "rows": found.as_json() if found else [],
    }
    return JsonResponse(said, json_dumps_params={"ensure_ascii": False})


@open_to_all(pace="files", asks=EVERY)
def tables_xlsx(request):
    """All tables of this page in one workbook, each on its sheet."""
    query, asked = _asked(request)
    if query.unknown:
        return refused(query)
    if query.periods:
        found = [make(asked) for make in TABLES.values()]
        sheets = [(one.title, _columns(one.heads()), one.lines()) for one in found]
    else:
        sheets = [("统计", _columns(["说明"]), [[pages.running(asked.public)["first"]]])]
    title = heading(f"{query.label if query.periods else ''}统计", this_city().bureau, asked.today)

    def write(out) -> None:
        long_tables(sheets, title=title, out=out)

    name = "_".join(filter(None, [this_city().label, "统计", query.period, f"{asked.today:%Y%m%d}.xlsx"]))
    return kept_files.answer(
        request, File(name, files.XLSX, write, reverse("disclosure:statistics-xlsx") + query.address())
    )


def _columns(heads: list[str]) -> list[OutColumn]:
    return [OutColumn(head, max(10, 2 * len(head))) for head in heads]
