"""The figures of a year's report, chapter by chapter (八(一)-c, domain.md 2.5); like a quarter's only what is public."""

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Count
from django.utils.timezone import localtime

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, short_date
from inspections.checks import known
from inspections.coverage.tally import NOBODY
from inspections.indicators import counts, figures
from inspections.indicators.facts import Scope
from inspections.indicators.figures import Figure
from inspections.indicators.of_coverage import cycle_share
from inspections.indicators.of_frequency import standings
from inspections.models import Source
from plans.lists import rules as plan_rules
from plans.models import Filing, FilingKind, FilingState, PlanStatus, QuarterlyPlan
from plans.quarterly.unplanned import unplanned
from registry import book
from registry.models import Category, Facility, PositiveListEntry

from .figures import indicators_of, not_public
from .periods import Period


@dataclass(frozen=True)
class QuarterLine:
    """One quarter of the year as the second chapter lists it."""

    label: str
    published: str
    planned: int
    drawn: int
    finished: int
    not_possible: int
    replaced: int
    unfinished: int
    sources: str
    receipt: str
    public: int
    problems: int


def of_year(unit: Unit, year: int, today: date, calendar: Calendar) -> dict:
    """The figures of one unit's year; the city team's also holds a line for each unit. A fixed number of queries."""
    units = list(Unit.objects.drawing()) if unit.kind == UnitKind.CITY_TEAM else [unit]
    scope = Scope.of(units, year)
    by_k = {figure.indicator.k: figure for figure in figures.of_units(scope)[unit.pk]}
    return {
        "counted_on": today.isoformat(),
        **counts.of_unit(scope, unit.pk),
        "indicators": indicators_of(scope, unit),
        "sealed": not_public(unit, Period(year)),
        "books": _books(unit, year, today),
        "unplanned": [[item.code, item.name] for item in unplanned(unit, year, published=True)],
        "quarters": [asdict(line) for line in _quarters(unit, scope)],
        "coverage": _coverage(year, by_k[6], by_k[7]),
        "frequency": _frequency(scope, unit, by_k[10]),
        "positive": _positive(unit, year),
        "begun_late": _begun_late(unit, year),
        "units": [_line_of(u, scope) for u in units] if len(units) > 1 else [],
    }


def _begun_late(unit: Unit, year: int) -> int:
    """Random checks begun when their quarter was over (六(一)2-g); of those that everybody may know."""
    rows = known.checks().filter(unit=unit, year=year, source=Source.DRAW, started_at__isnull=False)
    begun = rows.order_by().values_list("number", "started_at")
    return sum(localtime(at).date() > Quarter(year, number).last_day for number, at in begun)


def _line_of(unit: Unit, scope: Scope) -> dict:
    sums = counts.of_unit(scope, unit.pk)
    names = (*counts.counts_of(NOBODY), "public", "problems", "rectify", "case", "transferred", "targeted")
    return {"code": unit.code, "name": unit.short_name, **{name: sums[name] for name in names}}


def _books(unit: Unit, year: int, today: date) -> dict:
    """一单两库: items, objects by category, people and those with a valid certificate."""
    item_list = plan_rules.list_in_force(year)
    objects = Counter(
        dict(book.facilities_of(unit).on_books().order_by().values_list("category").annotate(n=Count("pk")))
    )
    people = book.inspectors_of(unit)
    return {
        "list_version": item_list.version if item_list else 0,
        "items": item_list.items.count() if item_list else 0,
        "objects": [[str(c), c.label, objects[c]] for c in (Category.KEY, Category.GENERAL, Category.SPECIAL)],
        "objects_total": sum(objects.values()),
        "inspectors": people.count(),
        "certified": people.certified(today).count(),
    }


def _quarters(unit: Unit, scope: Scope) -> list[QuarterLine]:
    year = scope.year
    plans = {
        p.number: p
        for p in QuarterlyPlan.objects.filter(unit=unit, year=year, status=PlanStatus.PUBLISHED).prefetch_related(
            "strata", "sources"
        )
    }
    first_sent = dict(
        Filing.objects.filter(unit=unit, year=year, kind=FilingKind.PLAN, revision=1)
        .order_by("-asked_at")
        .values_list("number", "asked_at")
    )
    receipts = dict(
        Filing.objects.filter(unit=unit, year=year, kind=FilingKind.DRAW, state=FilingState.RECEIVED)
        .order_by("pk")
        .values_list("number", "receipt_no")
    )
    lines = []
    for number in (1, 2, 3, 4):
        plan, quarter, sums = plans.get(number), Quarter(year, number), counts.of_unit(scope, unit.pk, number)
        lines.append(
            QuarterLine(
                label=quarter.label.partition("年")[2],
                published=_published(plan, first_sent.get(number), quarter, scope.calendar),
                planned=sum(s.planned for s in plan.strata.all()) if plan else 0,
                **{name: sums[name] for name in counts.counts_of(NOBODY)},
                sources="、".join(dict.fromkeys(s.get_kind_display() for s in plan.sources.all())) if plan else "",
                receipt=receipts.get(number, ""),
                public=sums["public"],
                problems=sums["problems"],
            )
        )
    return lines


def _published(plan: QuarterlyPlan | None, first_sent: datetime | None, quarter: Quarter, calendar: Calendar) -> str:
    """The day of the version that holds; late if the first one was, whatever was changed later."""
    if plan is None or plan.published_at is None:
        return ""
    late = quarter.plan_due(calendar).is_over(localtime(first_sent or plan.published_at).date())
    return f"{short_date(localtime(plan.published_at).date())}{'，逾期' if late else ''}"


def _coverage(year: int, key: Figure, general: Figure) -> dict:
    """K6 and K7: who has been reached of those to be reached."""
    passed, years = cycle_share(policy.on(date(year, 1, 1)), year)
    return {
        "key": key.n,
        "key_reached": key.counted,
        "general": general.n,
        "general_reached": general.counted,
        "cycle": [year - passed + 1, year - passed + years],
        "pace": f"{passed}/{years}",
    }


def _frequency(scope: Scope, unit: Unit, often: Figure) -> dict:
    """K10: how often the same place was drawn for one item in the year, 特殊 apart (七(一)4)."""
    times = (one.bound for one in standings(scope) if one.facility.unit_id == unit.pk and not one.free)
    return {"cap": scope.law.cap_per_item, "most": max(times, default=0), "over": often.counted}


def _positive(unit: Unit, year: int) -> dict:
    entries = PositiveListEntry.objects.filter(facility__in=Facility.objects.filter(unit=unit))
    return {
        "entered": entries.filter(valid_from__year=year).count(),
        "left": entries.filter(valid_to__year=year).count(),
        "now": entries.filter(valid_to__isnull=True).count(),
    }
