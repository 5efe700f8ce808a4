"""统计: the page, and each of its tables as CSV and JSON with every numerator and denominator (四(3)-f; ui-2.md 20)."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote

from django.db.models import Q
from django.http import HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.workdays.days import short_date
from disclosure import words
from disclosure.models import Publication
from disclosure.opendata.rows import LICENCE
from disclosure.results.exports import lines_of, refused
from disclosure.site.freshness import open_to_all

from .counting import Public
from .figures import GROUPS, Evenness, Statistics, Table
from .forms import StatisticsQuery

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


@open_to_all
def statistics(request):
    query, asked = _asked(request)
    context = {"section": "data", "query": query, "running": _running(asked.public)}
    if not query.periods:
        return TemplateResponse(request, "disclosure/statistics/statistics.html", context)
    rates, public = asked.rates(), asked.public
    by_unit = rates if query.by == "unit" else replace(asked, by="unit").rates()
    books = Counter(place.category for place in public.everyone.values())
    categories = {c: f"{name} {books[c]} 家" for c, name in words.CATEGORIES.items() if books[c]}
    groups = {name: label for name, label in GROUPS.items() if name != "industry" or public.industries}
    context |= {
        "asked": asked,
        "rates": rates,
        "found": asked.found(),
        "never": asked.never(),
        "evenness": asked.evenness(),
        "city": _city(by_unit),
        "caution": _caution(by_unit),
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


def _city(rates: Table) -> list[dict]:
    """Five figures of the whole city, each with numerator and denominator."""
    figures, law = rates.total.figures, policy.on(clock.today())
    mended, never = figures["mended"], figures["never"]
    left = f"，{mended.whole - mended.part} 家在办" if mended.whole > mended.part else ""
    said = [
        ("重点对象本年已抽中", figures["key"], f" 家，{law.key_coverage_years} 年查一遍"),
        ("按期公开", figures["in_time"], f" 条，期限 {law.publish_within_workdays} 个工作日"),
        ("发现问题", figures["found"], " 家实际检查的"),
        ("已改正", mended, f" 家{left}"),
        ("从未检查", never, f" 家，截至 {short_date(clock.today())}"),
    ]
    return [{"label": label, "figure": f.value, "note": f"{f.part} / {f.whole}{words}"} for label, f, words in said]


def _caution(rates: Table) -> str:
    """How much one place more or less would change the share of a unit."""
    wholes = [row.figures["found"].whole for row in rates.rows if row.figures["found"].whole]
    if not wholes:
        return ""
    least, most = min(wholes), max(wholes)
    share = "—".join(dict.fromkeys(f"{100 / n:.0f}" for n in (most, least)))
    places = "—".join(dict.fromkeys(map(str, (least, most))))
    return f"各单位只查 {places} 家，一家的增减就有 {share} 个百分点，不宜据此排名。"


def _running(public: Public) -> dict[str, str]:
    """Why the quarter whose names are sealed does not count, and when it will; of the first quarter, when that is."""
    if not public.sealed:
        return {"first": "各单位第一次抽取的名单公开以后，从那个季度开始统计。"}
    quarters = sorted({draw.quarter for draw in public.sealed})
    opens = localtime(min(draw.release_at for draw in public.sealed))
    label = "、".join(quarter.label.partition("年")[2].strip() for quarter in quarters)
    shown = Publication.objects.results().filter(
        Q(*((Q(year=q.year, number=q.number)) for q in quarters), _connector=Q.OR)
    )
    return {
        "first": f"第一次在 {short_date(opens.date())}。",
        "title": f"{label}名单公开以前不计入。",
        "text": f"{short_date(opens.date())} {opens:%H:%M} 公开名单。已经公开的 {shown.count()} 条结果可以逐条查，"
        "合计在名单公开以后再算，以免从合计数推出抽中了谁。“从未检查”只减去已经公开结果的。",
    }


@open_to_all
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


@open_to_all
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
