"""Public pages of item lists and quarterly plans, from publications only (decisions.md 2)."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Count, Max, Q
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import reverse

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.policy.parameters import day_of_year
from benxi_shuangsuiji.workdays.days import Quarter, is_over, remaining, short_date
from disclosure.city import summaries
from disclosure.draws import announcements
from disclosure.draws import documents as public_documents
from disclosure.models import Publication, PublicationKind
from disclosure.register.places import Registered
from disclosure.results.forms import quarter_of
from disclosure.revisions.pages import Standing, gone_or_404, text_or_404
from disclosure.site import bulletin
from disclosure.site.freshness import open_to_all
from plans.lists import changes as list_changes


@open_to_all
def items_years(request):
    """Every year's item lists."""
    lists = Publication.objects.current().filter(kind=PublicationKind.ITEM_LIST).order_by("-year", "unit_code")
    law = policy.on(clock.today())
    due_words = f"每年 {day_of_year(law.item_list_due)}公开当年的随机抽查事项清单。"
    context = {"section": "items", "lists": lists, "due_words": due_words}
    return TemplateResponse(request, "disclosure/lists/items_years.html", context)


@open_to_all
def items(request, year):
    """The item lists of a year: the city's first, then what units have added; earlier versions stay readable."""
    versions = list(
        Publication.objects.filter(kind=PublicationKind.ITEM_LIST, year=year).order_by("unit_code", "-version")
    )
    if not versions:
        return gone_or_404(request, PublicationKind.ITEM_LIST, year=year)
    newest: dict[str, Publication] = {}
    for publication in versions:
        newest.setdefault(publication.unit_code, publication)
    earlier = _year_before(year, newest)
    lists = [
        _shown(publication, [v for v in versions if v.no == publication.no], earlier.get(publication.unit_code))
        for publication in newest.values()
    ]
    context = {"section": "items", "year": year, "lists": lists, "first": lists[0]["publication"]}
    return TemplateResponse(request, "disclosure/lists/items.html", context)


@open_to_all
def items_version(request, year, unit, version):
    """One version of one unit's list as it was published, and what it changed of the one before."""
    versions = list(Publication.objects.versions(PublicationKind.ITEM_LIST, year=year, unit_code=unit))
    shown = _one(versions, version)
    if shown is None:
        return gone_or_404(request, PublicationKind.ITEM_LIST, version, year=year, unit_code=unit)
    earlier = _year_before(year, {unit}).get(unit)
    newer = "" if shown == versions[0] else f"第 {versions[0].snapshot['list_version']} 版"
    context = {
        "section": "items",
        "year": year,
        "lists": [_shown(shown, versions, earlier)],
        "first": shown,
        "newer": newer,
        "one_version": True,
    }
    return TemplateResponse(request, "disclosure/lists/items.html", context)


def _year_before(year: int, units) -> dict[str, Publication]:
    """The last list of an earlier year, by unit; with it the year's first version is compared."""
    found = Publication.objects.filter(kind=PublicationKind.ITEM_LIST, year__lt=year, unit_code__in=units)
    return {publication.unit_code: publication for publication in found.order_by("year", "version")}


def _shown(publication: Publication, versions: list[Publication], earlier: Publication | None) -> dict:
    """`versions`: of the same list, the newest first."""
    groups: dict[str, list] = {}
    for item in publication.snapshot["items"]:
        groups.setdefault(item["category_name"], []).append(item)
    before = next((v for v in versions if v.version < publication.version), None) or earlier
    changes = None
    if before:
        same_year = before.year == publication.year
        changes = list_changes.between(before.snapshot, publication.snapshot, same_year=same_year)
    return {
        "publication": publication,
        "groups": groups,
        "versions": versions,
        "is_newest": publication == versions[0],
        "before": before,
        "changes": changes,
        **standing_of(publication, versions),
    }


def standing_of(publication: Publication, versions: list[Publication]) -> dict:
    """Its corrections with their addresses, its term, its place in the register (八(二)-c)."""
    shown = Standing(publication, versions)

    def at(version: Publication) -> str:
        if version.kind == PublicationKind.ITEM_LIST:
            return reverse("disclosure:items-version", args=[version.year, version.unit_code, version.version])
        quarter = str(Quarter(version.year, version.number)).lower()
        return reverse("disclosure:plan-version", args=[quarter, version.unit_code, version.version])

    before_url = at(shown.before) if shown.before else ""
    found = {"standing": shown, "term": shown.term, "before_url": before_url, "newest_url": at(versions[0])}
    return found | {"registered": Registered.of(publication)}


@open_to_all
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
    return TemplateResponse(request, "disclosure/lists/plans.html", {"section": "plans", "quarters": quarters})


@open_to_all
def plans_of_quarter(request, quarter):
    """One quarter: the plan of each unit side by side; a unit without one is named."""
    quarter, units = _quarter_or_404(quarter), bulletin.drawing_units()
    found = list(
        Publication.objects.current().filter(
            kind__in=[PublicationKind.PLAN, PublicationKind.SUMMARY, PublicationKind.RESULT_SUM],
            year=quarter.year,
            number=quarter.number,
        )
    )
    gone = (
        Publication.everything.unsealed()
        .tombstones()
        .filter(kind__in=[PublicationKind.PLAN, PublicationKind.SUMMARY], year=quarter.year, number=quarter.number)
    )
    withdrawn = {(p.kind, p.unit_code): p for p in gone}
    if not found and not withdrawn:
        raise Http404
    by_code = {p.unit_code: p for p in found if p.kind == PublicationKind.PLAN}
    has = {*by_code, *(code for kind, code in withdrawn if kind == PublicationKind.PLAN)}
    names = bulletin.names_in(quarter, units, has)
    today, due = clock.today(), quarter.plan_due(workdays.built_in_calendar()).date
    context = {
        "section": "plans",
        "quarter": quarter,
        "rows": [
            (names.get(code, code), by_code.get(code), withdrawn.get((PublicationKind.PLAN, code)))
            for code in dict.fromkeys([*names, *by_code])
        ],
        "summary_gone": next((p for p in withdrawn.values() if p.kind == PublicationKind.SUMMARY), None),
        **_summary(quarter, found),
        "totals": _totals(by_code.values()),
        "has_results": any(p.kind == PublicationKind.RESULT_SUM for p in found),
        "due": due,
        "late": f"{remaining(due, today)}" if is_over(due, today) else f"{short_date(due)}前公开",
        "is_late": is_over(due, today),
    }
    return TemplateResponse(request, "disclosure/lists/plans_of_quarter.html", context)


def _summary(quarter: Quarter, found: list[Publication]) -> dict:
    """全市汇总: every version, the newest first, and the units whose plan has been changed since."""
    newest = next((p for p in found if p.kind == PublicationKind.SUMMARY), None)
    if newest is None:
        return {"summary": None}
    versions = [newest]
    if newest.version > 1:
        versions = list(Publication.objects.versions(newest.kind, no=newest.no))
    plans = [summaries.line_of(p) for p in found if p.kind == PublicationKind.PLAN]
    registered = Registered.of_all(versions)
    return {
        "summary": newest,
        "summaries": [(version, registered[version.pk]) for version in versions],
        "since": summaries.changes_between(newest.snapshot["units"], plans),
    }


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
    of_quarter = {"year": quarter.year, "number": quarter.number}
    versions = list(Publication.objects.versions(PublicationKind.PLAN, **of_quarter, unit_code=unit))
    shown = _one(versions, version)
    if shown is None:
        return gone_or_404(request, PublicationKind.PLAN, version, **of_quarter, unit_code=unit)
    is_newest = shown == versions[0]
    draws = public_documents.draws(Q(draw_id__startswith=f"{unit}-{quarter}-")) if is_newest else []
    context = {
        "section": "plans",
        "quarter": quarter,
        "publication": shown,
        "plan": shown.snapshot,
        "versions": versions,
        **standing_of(shown, versions),
        "newer": "" if is_newest else f"第 {versions[0].version} 版",
        "draws": draws,
        "announced": announcements.of_quarter(quarter, draws, unit=unit).get(unit) if is_newest else None,
    }
    return TemplateResponse(request, "disclosure/lists/plan.html", context)


@open_to_all
def snapshot(request, kind, no, version=None):
    """The text that the digest was made of, byte for byte; without a version that of the newest.

    In place of withdrawn words stands the tombstone's text; at its own version it is a text like others (PUB1 §4).
    """
    return text_or_404(kind, version, no__iexact=no)


def _one(versions: Iterable[Publication], version: str | None) -> Publication | None:
    """This version; without a number the newest."""
    return next((v for v in versions if version in (None, str(v.version))), None)


def _quarter_or_404(text: str) -> Quarter:
    if quarter := quarter_of(text):
        return quarter
    raise Http404
