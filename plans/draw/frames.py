"""What a draw would seal now: every object and every inspector of the unit, as the registries have them (SSJ1 3, 7.1).

Generated from the registries only; no form can bring a list of its own (15 D7).
"""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import connection
from django.db.models import Q

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from plans.lists import permits
from plans.models import DrawDocument, DrawStatus, PlanSource, QuarterlyPlan, Team, TeamMember
from plans.quotas import history, quotas
from registry import book
from registry import frames as registry_frames
from registry.inspectors import card_scope
from registry.models import Category, PollutionType

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


@dataclass(frozen=True)
class Material:
    """Lists, numbers and sources as they would be sealed at one moment."""

    items: list[str]
    cap: int
    strata: list[ssj1.Stratum]
    inspectors: list[ssj1.Inspector]
    bars: list[ssj1.Bar]
    sources: list[PlanSource]
    unplanned: list[str]  # categories with objects for which the plan has no ratio
    year: int
    quarter: int
    window_to: str

    def lines(self) -> list[Line]:
        found = []
        for stratum in sorted(self.strata, key=lambda s: LAW_ORDER.index(s.category)):
            counts = ssj1.counts(stratum.rows)
            asked = (stratum.bp, stratum.v, stratum.E, stratum.P, stratum.plan)
            quota = ssj1.quota(self.year, self.quarter, stratum.category, *asked, *counts)
            states = Counter(row.state for row in stratum.rows if row.state != "in")
            reasons = tuple((ssj1.STATE_NAMES[state], n) for state, n in states.most_common())
            found.append(Line(stratum.category, counts, len(stratum.rows), quota, reasons))
        return found

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
        return sum(line.quota.K for line in self.lines())


def material(plan: QuarterlyPlan, moment: datetime) -> Material:
    """Read everything that the freeze of this plan would seal at `moment`."""
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
    rows = quotas.pool_rows(plan.unit, past, positive_out=plan.positive_out, cap=law.cap_per_item, today=day)
    window = (plan.window_from, plan.window_to)
    people = registry_frames.inspectors_for_roster(plan.unit, plan.executing_unit, window)
    limited = _limits(people)
    shown = {facility.code: facility for facility in registry_frames.facilities_for_frame(plan.unit, day)}
    rows_of: dict[str, list[ssj1.FrameRow]] = {category: [] for category in LAW_ORDER}
    for row in rows:
        if facility := shown.get(row.code):  # not one that is entered with a later day
            kinds = limited.intersection(facility.pollution_types)
            scopes = tuple(sorted({*permits.scopes_for(facility, needs[row.category]), *kinds}))
            rows_of[row.category].append(
                ssj1.FrameRow(row.code, facility.name, scopes, row.mode, row.times, row.seen, row.state)
            )
    planned = {stratum.category: stratum for stratum in plan.strata.all()}
    least = {category: stratum.planned for category, stratum in planned.items()}
    if quotas.counts_taken_out(quarter) and Category.KEY in planned:
        on_books = ssj1.counts(rows_of[Category.KEY]).N
        taken_out = quotas.key_grounds(row for row in rows if row.category == Category.SPECIAL)
        floor = quotas.least_key(on_books, taken_out, law.key_basis_points)
        least[Category.KEY] = max(least[Category.KEY], floor)
    strata = [
        ssj1.Stratum(
            unit=plan.unit.code,
            category=category,
            bp=planned[category].basis_points,
            v=planned[category].reserved_percent,
            E=quotas.cycle_end_of(quarter, category),
            P=past.standing(category),
            plan=least[category],
            rows=rows_of[category],
        )
        for category in LAW_ORDER
        if category in planned
    ]
    return Material(
        items=items,
        cap=law.cap_per_item,
        strata=strata,
        inspectors=_inspectors(plan, people, limited, plan.window_from),
        bars=_bars([person.code for person in people], list(shown), day),
        sources=list(plan.sources.all()),
        unplanned=[c.label for c in LAW_ORDER if rows_of[c] and c not in planned],
        year=plan.year,
        quarter=plan.number,
        window_to=plan.window_to.isoformat(),
    )


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


def _bars(people: list[str], facilities: list[str], day: date) -> list[ssj1.Bar]:
    """Registered conflicts of interest become bars (七(五)-c)."""
    pairs = {(who, whom) for who, whom, _ in registry_frames.conflicts_for_roster(people, facilities, day)}
    return [ssj1.Bar(who, whom, "RECUSE") for who, whom in sorted(pairs)]
