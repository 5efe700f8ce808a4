"""What a draw would seal now: every object and every inspector of the unit, as the registries have them (SSJ1 3, 7.1).

Generated from the registries only; no form can bring a list of its own (15 D7).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import NamedTuple

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import Case, Count, Min, Q, QuerySet, When

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.database.arrays import among
from plans.lists import permits
from plans.models import DrawDocument, DrawStatus, PlanSource, QuarterlyPlan, Team, TeamMember
from plans.quotas import history, quotas
from plans.quotas import kinds as pool_kinds
from registry import book
from registry import frames as registry_frames
from registry.inspectors import card_scope
from registry.models import Category, Facility, PollutionType

from . import ssj1

# Every table that the lists are read from. Earlier picks stand still under the chain's lock, which every draw takes.
READ_TABLES = (
    "accounts_unit",
    "registry_facility",
    "registry_categoryground",
    "registry_positivelistentry",
    "registry_inspector",
    "registry_inspectorabsence",
    "registry_conflictofinterest",
)
NEVER = "1000-01-01"  # the end of a certificate that does not exist; the earliest date SSJ1 can write
LAW_ORDER = list(Category)
_PLACE = Case(*(When(category=category, then=place) for place, category in enumerate(LAW_ORDER)))


def hold_registries_still() -> None:
    """Let nobody else write the registries until this transaction ends (docs/decisions/0002-freeze-locks.md).

    One freeze at a time: it sets the categories right before it reads, and two that share the lock could not both write.
    """
    book.lock_for_import()
    with connection.cursor() as cursor:
        cursor.execute("SELECT hold_still(VARIADIC %s::regclass[])", [list(READ_TABLES)])


@dataclass(frozen=True)
class Line:
    """One category on the page before sealing: 名录 − 不参加 = 参加, 其中未查, 应抽, 优先名额."""

    category: str
    counts: ssj1.Counts
    total: int
    quota: ssj1.Quota
    reasons: tuple[tuple[str, int], ...]

    @property
    def label(self) -> str:
        return Category(self.category).label

    @property
    def out(self) -> int:
        return self.total - self.counts.A


class Asked(NamedTuple):
    """What the plan asks of one category, as the STRATUM says it (SSJ1 3.1)."""

    category: str
    bp: int
    v: int
    E: int | None
    P: int
    plan: int


@dataclass(frozen=True)
class Outlook:
    """What would be sealed at one moment, but for the lists themselves: of the objects it knows how many are alike.

    In a fixed number of queries, and however many objects there are.
    """

    plan: QuarterlyPlan
    day: date
    items: list[str]
    cap: int
    needs: Mapping[str, set[str]]  # category → scopes of its items
    past: history.Past
    kinds: Mapping[pool_kinds.Kind, int]
    asked: list[Asked]
    inspectors: list[ssj1.Inspector]
    limited: frozenset[str]
    bars: list[ssj1.Bar]
    sources: list[PlanSource]

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(asked) for asked in self.asked]

    def _line(self, asked: Asked) -> Line:
        counts, reasons, total = pool_kinds.counts_of(self.kinds, asked.category), Counter(), 0
        for kind, n in self.kinds.items():
            if kind.category == asked.category:
                total += n
                if not kind.drawable:
                    reasons[ssj1.STATE_NAMES[kind.state]] += n
        quota = ssj1.quota(self.plan.year, self.plan.number, *asked, *counts)
        return Line(asked.category, counts, total, quota, tuple(reasons.most_common()))

    @property
    def unplanned(self) -> list[str]:
        """Categories with objects for which the plan has no ratio."""
        there, planned = {kind.category for kind in self.kinds}, {asked.category for asked in self.asked}
        return [category.label for category in LAW_ORDER if category in there - planned]

    @property
    def window_to(self) -> str:
        return self.plan.window_to.isoformat()

    def usable_inspectors(self) -> list[ssj1.Inspector]:
        """Who can be sent: in the service, with a certificate that outlasts the window (SSJ1 7.1, rules 1 and 2)."""
        return [i for i in self.inspectors if i.state == "in" and i.until >= self.window_to]

    def leaders(self) -> list[ssj1.Inspector]:
        return [i for i in self.usable_inspectors() if i.lead]

    def missing_strata(self) -> str:
        if not self.unplanned:
            return ""
        return f"计划没有写明{'、'.join(self.unplanned)}对象的抽查比例。改计划后再封存。"

    def places(self) -> int:
        """How many will be drawn in all."""
        return sum(line.quota.K for line in self.lines)

    def scopes_of(self, category: str, facility) -> tuple[str, ...]:
        """What a team for it must be qualified for; `facility` has its own `scopes` and `pollution_types`."""
        kinds = self.limited.intersection(facility.pollution_types)
        return tuple(sorted({*permits.scopes_for(facility, self.needs[category]), *kinds}))

    def strata(self) -> list[ssj1.Stratum]:
        """The lists, row by row: what a seal of this moment writes."""
        plan, shown = self.plan, registry_frames.facilities_for_frame(self.plan.unit, self.day)
        rows_of: dict[str, list[ssj1.FrameRow]] = {category: [] for category in LAW_ORDER}
        rows = pool_kinds.pool_rows(plan.unit, self.past, positive_out=plan.positive_out, cap=self.cap, today=self.day)
        for facility, row in zip(shown, rows, strict=True):
            kind, scopes = row.kind, self.scopes_of(row.kind.category, facility)
            rows_of[kind.category].append(
                ssj1.FrameRow(row.code, facility.name, scopes, kind.mode, row.times, kind.seen, kind.state)
            )
        return [ssj1.Stratum(unit=plan.unit.code, rows=rows_of[a.category], **a._asdict()) for a in self.asked]


def outlook(plan: QuarterlyPlan, moment: datetime) -> Outlook:
    """Read what the freeze of this plan would seal at `moment`."""
    day, quarter = moment.date(), plan.quarter
    law = policy.on(quarter.first_day)
    chosen = list(
        plan.items.filter(Q(key=True) | Q(general=True) | Q(special=True))
        .order_by("item__code")
        .values_list("item__code", "item__needs_scope", *Category.values)
    )
    items = [code for code, *_ in chosen]
    needs = {category: {row[1] for row in chosen if row[2 + place]} for place, category in enumerate(Category.values)}
    past = history.seen_and_times(plan.unit, quarter, items)
    kinds = pool_kinds.count(plan.unit, past, positive_out=plan.positive_out, cap=law.cap_per_item, today=day)
    people = registry_frames.inspectors_for_roster(plan.unit, plan.executing_unit, (plan.window_from, plan.window_to))
    limited = _limits(people)
    return Outlook(
        plan=plan,
        day=day,
        items=items,
        cap=law.cap_per_item,
        needs=needs,
        past=past,
        kinds=kinds,
        asked=_asked(plan, past, kinds),
        inspectors=_inspectors(plan, people, limited, plan.window_from),
        limited=limited,
        bars=_bars([person.code for person in people], plan.unit, day),
        sources=list(plan.sources.all()),
    )


def _asked(plan: QuarterlyPlan, past: history.Past, kinds: Mapping[pool_kinds.Kind, int]) -> list[Asked]:
    quarter, planned = plan.quarter, {stratum.category: stratum for stratum in plan.strata.all()}
    least = {category: stratum.planned for category, stratum in planned.items()}
    if quotas.counts_taken_out(quarter) and Category.KEY in planned:
        on_books = pool_kinds.counts_of(kinds, Category.KEY).N
        taken_out = pool_kinds.key_grounds({kind: n for kind, n in kinds.items() if kind.category == Category.SPECIAL})
        floor = quotas.least_key(on_books, taken_out, policy.on(quarter.first_day).key_basis_points)
        least[Category.KEY] = max(least[Category.KEY], floor)
    return [
        Asked(
            category,
            bp=planned[category].basis_points,
            v=planned[category].reserved_percent,
            E=quotas.cycle_end_of(quarter, category),
            P=past.standing(category),
            plan=least[category],
        )
        for category in LAW_ORDER
        if category in planned
    ]


@dataclass(frozen=True)
class Alike:
    """Drawable objects that the same people may be sent to: a single one with a conflict of interest, or many without."""

    category: str
    code: str
    scopes: tuple[str, ...]
    count: int
    where: Q  # which they are


def drawable_alike(outlook: Outlook) -> list[Alike]:
    """The drawable objects by what decides who may be sent there (SSJ1 7.1): scopes and bars; two queries."""
    rows, barred = _drawable(outlook), {bar.object for bar in outlook.bars}
    tags = ("category", "scopes", "pollution_types")
    found = [
        Alike(f.category, f.code, outlook.scopes_of(f.category, f), 1, Q(code=f.code))
        for f in rows.filter(code__in=barred).only("code", *tags)
    ]
    for *values, code, count in (
        rows.exclude(code__in=barred).order_by().values_list(*tags).annotate(first=Min("code"), n=Count("pk"))
    ):
        like = dict(zip(tags, values, strict=True))
        scopes = outlook.scopes_of(like["category"], SimpleNamespace(**like))
        found.append(Alike(like["category"], code, scopes, count, Q(**like) & ~Q(code__in=barred)))
    return found


def first_of(outlook: Outlook, groups: Iterable[Alike], most: int) -> list[tuple[str, str, Alike]]:
    """(code, name as the public sees it, its group) of the first objects of some groups, in the order of the lists."""
    groups = list(groups)
    marked = Case(*(When(group.where, then=place) for place, group in enumerate(groups)))
    rows = _drawable(outlook).annotate(place=_PLACE, group=marked).filter(group__isnull=False).order_by("place", "code")
    return [(f.code, registry_frames.public_name(f), groups[f.group]) for f in rows[:most]]


def drawable_ids(outlook: Outlook) -> dict[str, list[tuple[str, bool]]]:
    """Category → (code, seen before) of whoever can be drawn, in the order of the codes."""
    found: dict[str, list[tuple[str, bool]]] = {category: [] for category in LAW_ORDER}
    rows, past = _drawable(outlook).order_by(), outlook.past
    met = rows.filter(among("pk", past.met)).values_list("pk", "code", "category") if past.met else ()
    seen = {code for pk, code, category in met if past.has_seen(pk, category)}
    # As one text: two hundred thousand rows, one by one, are half a second. No code holds a comma (`facility_code_fits_ssj1`).
    for category, codes in rows.values_list("category").annotate(codes=StringAgg("code", ",")):
        found[category] = [(code, code in seen) for code in sorted(codes.split(","))]
    return found


def left_out(outlook: Outlook) -> QuerySet[Facility]:
    """Whoever takes no part, in the order of the lists."""
    rows = registry_frames.known_on(outlook.plan.unit, outlook.day).filter(_out(outlook))
    return rows.filter(category__in=[asked.category for asked in outlook.asked]).order_by(_PLACE, "code")


def with_reasons(outlook: Outlook, rows: QuerySet[Facility]) -> list[tuple[Facility, str]]:
    """Some of these with their SSJ1 OSTATE."""
    pool = pool_kinds.rows_of(rows, outlook.past, positive_out=outlook.plan.positive_out, cap=outlook.cap)
    return list(zip(rows, [row.kind.state for row in pool], strict=True))


def scopes_by_code(outlook: Outlook, codes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    rows = _drawable(outlook).filter(code__in=list(codes)).only("code", "category", "scopes", "pollution_types")
    return {f.code: outlook.scopes_of(f.category, f) for f in rows}


def _drawable(outlook: Outlook) -> QuerySet[Facility]:
    """Whoever can be drawn: what `quotas` says of each, asked of all at once."""
    return registry_frames.known_on(outlook.plan.unit, outlook.day).exclude(_out(outlook))


def _out(outlook: Outlook) -> Q:
    past, out = outlook.past, Q(status__in=pool_kinds.OUT_BY_STATUS)
    if held := {pk for pk in past.met if pool_kinds.held_back(pk, past, outlook.cap)}:
        out |= ~Q(category=Category.SPECIAL) & Q(among("pk", held))
    return out | Q(positive=True) if outlook.plan.positive_out else out


def roster_of(plan: QuarterlyPlan, day: date, lent_by: Unit | None = None) -> list[ssj1.Inspector]:
    """Everybody who works for the unit, or for the one that lends, as the registry says on that day.

    An amendment takes a newcomer's line from here; whoever is lent works for the unit of the plan.
    """
    units = (lent_by, None) if lent_by else (plan.unit, plan.executing_unit)
    first = max(day, plan.window_from)
    people = registry_frames.inspectors_for_roster(*units, (first, max(first, plan.window_to)))
    return _inspectors(plan, people, _sealed_limits(plan), first)


def _card_of(person: registry_frames.RosterInspector) -> frozenset[str]:
    return card_scope.covered(person.enforcement_kinds)


def _limits(people: list[registry_frames.RosterInspector]) -> frozenset[str]:
    """Kinds of pollution that somebody's certificate leaves out (六(三)-h): these alone bind, as SSJ1 scopes of whoever has
    such pollution, so that the lists of a unit whose cards cover everything say nothing of it."""
    return frozenset(kind for person in people for kind in set(PollutionType.values) - _card_of(person))


def _sealed_limits(plan: QuarterlyPlan) -> frozenset[str]:
    """Those that bind in the plan's sealed lists, for somebody who comes later."""
    texts = DrawDocument.objects.filter(draw__plan=plan, kind="FRAME").exclude(draw__status=DrawStatus.ABORTED)
    rows = (row for text in texts.values_list("text", flat=True) for row in ssj1.parse_frame(text).rows)
    return frozenset(PollutionType.values).intersection(*[{s for row in rows for s in row.scopes}])


def _inspectors(
    plan: QuarterlyPlan, people: list[registry_frames.RosterInspector], limited: frozenset[str], first: date
) -> list[ssj1.Inspector]:
    """Everybody who works for the unit (A-17), with what keeps some of them back and how busy they are already."""
    busy = Counter(
        TeamMember.objects.filter(
            team__in=Team.objects.standing(),
            team__pick__draw__year=plan.year,
            team__pick__draw__number=plan.number,
            team__pick__draw__status__in=[DrawStatus.DRAWN, DrawStatus.RELEASED],
        ).values_list("inspector_id", flat=True)
    )
    return [
        ssj1.Inspector(
            code=person.code,
            name=person.code,  # released documents show staff codes and the end of the number (decisions.md 3)
            certificate=person.certificate_no[-4:] or "-",
            until=person.certificate_to.isoformat() if person.certificate_to else NEVER,
            units=(plan.unit.code,),
            scopes=tuple(sorted({*person.scopes, *(limited & _card_of(person))})),
            lead=person.can_lead,
            base=busy[person.pk],
            cap=None,
            state=_state(person, first),
        )
        for person in people
    ]


def _state(person: registry_frames.RosterInspector, first: date) -> str:
    """SSJ1 ISTATE when the checks begin; an absence later in the window is a matter for an amendment."""
    reason = replace(person, absences=tuple(a for a in person.absences if a[1] <= first)).out()
    if not reason and person.certificate_from > first:
        reason = "NOCERT"
    return f"out:{reason}" if reason else "in"


def _bars(people: list[str], unit: Unit, day: date) -> list[ssj1.Bar]:
    """Registered conflicts of interest become bars (七(五)-c)."""
    known = registry_frames.known_on(unit, day)
    pairs = {(who, whom) for who, whom, _ in registry_frames.conflicts_for_roster(people, known, day)}
    return [ssj1.Bar(who, whom, "RECUSE") for who, whom in sorted(pairs)]
