"""How often a facility was drawn and visited, and what else is on its way there: as far as the reader may know.

Outside the circle of decisions.md 3 a pick counts once its result is public or its draw released. A targeted check of
another unit counts by its own row, never by the visit it became, so that one which joined a sealed pick looks like any
other (一-d, 一-e, 七(一)4).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime, make_aware

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import short_date
from inspections.checks.states import DROPPED
from inspections.models import Inspection, InspectionStatus, Mode, Source, TargetedCheck
from plans.models import Draw, DrawStatus, InspectionItem, Pick, PlanItem
from registry.models import Category, Facility, PastCheck, PastMode

from .caps import caps_of
from .items import drawn_before


@dataclass(frozen=True)
class Circle:
    """Who reads a paper of these units' own: their circle, whoever of it, or of the team, has asked for it."""

    units: frozenset[int]

    def units_with(self, permission: str) -> frozenset[int]:
        return self.units if permission == Permission.SEE_SEALED else frozenset()


def inspections_known_to(user):
    """Checks of whatever source that stand, in the circle or public (decisions.md 3)."""
    known = (
        Q(unit__in=user.units_with(Permission.SEE_SEALED))
        | Q(status=InspectionStatus.PUBLISHED)
        | Q(draw__status=DrawStatus.RELEASED)
    )
    return Inspection.objects.filter(known).exclude(status__in=DROPPED)


def picks_known_to(user):
    """Standing picks for the circle and of released draws; until then those with a public result, of whatever run."""
    circle = Q(draw__unit__in=user.units_with(Permission.SEE_SEALED))
    held = Q(draw__status__in=[DrawStatus.DRAWN, DrawStatus.RELEASED], run=F("draw__run"), drop__isnull=True)
    public = Q(draw__status=DrawStatus.DRAWN, inspection__status=InspectionStatus.PUBLISHED)
    known = held & (circle | Q(draw__status=DrawStatus.RELEASED)) | public & ~circle
    return Pick.objects.filter(known).distinct()


def targeted_of_others(user):
    """Standing targeted checks whose visit the user does not know: each is one row, wherever it was done."""
    mine = inspections_known_to(user).values("pk")
    return TargetedCheck.objects.standing().filter(Q(inspection__isnull=True) | ~Q(inspection__in=mine))


# --- random checks of one item (七(一)4) ------------------------------------------------------------------------------


@dataclass(frozen=True)
class ItemCount:
    code: str
    name: str
    times: int
    tone: str
    words: str


def random_times(facility: Facility, year: int, user) -> list[ItemCount]:
    """Item by item how often the facility was drawn in the calendar year; special ones are counted without a limit."""
    most = policy.on(date(year, 12, 31)).cap_per_item
    found = times_of(picks_known_to(user), [facility.pk], year).get(facility.pk, Counter())
    names = dict(InspectionItem.objects.filter(code__in=found, list__year=year).values_list("code", "name"))
    free = facility.category == Category.SPECIAL
    return [
        ItemCount(code, names.get(code, code), n, *_said(n, most, free=free)) for code, n in sorted(found.items()) if n
    ]


def left_of(picks, facility: Facility, year: int) -> list[str]:
    """Of these picks, in sentences for the facility's page: items drawn once together, and how often each still may be."""
    most = policy.on(date(year, 12, 31)).cap_per_item
    found = times_of(picks, [facility.pk], year).get(facility.pk, Counter())
    names = dict(InspectionItem.objects.filter(code__in=found, list__year=year).values_list("code", "name"))
    by_times = defaultdict(list)
    for code, n in sorted(found.items()):
        by_times[n].append(names.get(code, code))
    said = []
    for n, items in sorted(by_times.items(), reverse=True):
        which = f"“{items[0]}”" + (f"等 {len(items)} 项" if len(items) > 1 else "")
        free = facility.category == Category.SPECIAL
        left = "特殊监管对象不受次数限制" if free else f"还可再查 {most - n} 次" if n < most else "已到上限，不再抽取"
        said.append(f"{which}本年已抽查 {n} 次，{left}")
    return said


def _said(n: int, most: int, *, free: bool) -> tuple[str, str]:
    """D-19: a warning from the last but one on."""
    if free:
        return "", "特殊监管对象不受次数限制"
    if n >= most:
        return "bad", f"已到 {most} 次，本年不再抽取"
    return ("warn", f"再抽 {most - n} 次到上限") if n >= most - 1 else ("", "")


def times_of(picks, facilities: Iterable[int], year: int) -> dict[int, Counter]:
    """Facility → item code → of these picks those of the year whose draw contained it (SSJ1 3.3, A-13); three queries.

    What was checked before first use is known to everybody, and counts too (二-a).
    """
    picks = picks.filter(draw__year=year, facility__in=facilities)
    rows = list(picks.order_by().values_list("facility_id", "draw__plan_id", "pk").distinct())
    codes = defaultdict(set)
    used = Q(key=True) | Q(general=True) | Q(special=True)
    for plan, code in PlanItem.objects.filter(used, plan__in={r[1] for r in rows}).values_list("plan_id", "item__code"):
        codes[plan].add(code)
    found: dict[int, Counter] = defaultdict(Counter)
    for facility, plan, _ in rows:
        found[facility].update(codes[plan])
    past = PastCheck.objects.drawn().filter(facility__in=facilities, day__year=year)
    for facility, items in past.values_list("facility_id", "items"):
        found[facility].update(set(items))
    return found


# --- visits of all sources (一-e, N-4) --------------------------------------------------------------------------------


def counted(rows):
    """Of inspections, those that count: somebody goes there, and not every cause is exempt (A-14)."""
    targeted = TargetedCheck.objects.filter(inspection=OuterRef("pk"))
    return rows.filter(mode=Mode.ONSITE).filter(
        Q(source=Source.DRAW) | ~Exists(targeted) | Exists(targeted.filter(cap_exemption=""))
    )


def visits_of(facility: Facility, year: int, user, *, without: TargetedCheck | None = None) -> int:
    """Visits of the year to the legal person, done or arranged (A-12); a pick that waits for its team is one too."""
    return len(moments_of(facility, year, user, without=without))


def visits_of_each(facilities: Iterable[Facility], year: int, user) -> dict[int, int]:
    """As `visits_of`, facility by facility; as many queries for a list as for one."""
    facilities = list(facilities)
    codes = {f.uscc for f in facilities if f.uscc}
    same = Q(facility__in=[f.pk for f in facilities]) | Q(facility__uscc__in=codes)
    found = visits_known(year, user, same)
    person = dict(Facility.objects.filter(pk__in=found).values_list("pk", "uscc"))
    total = Counter()
    for facility, moments in found.items():
        total[person[facility] or facility] += len(moments)
    return {f.pk: total[f.uscc or f.pk] for f in facilities}


def moments_of(facility: Facility, year: int, user, *, without: TargetedCheck | None = None) -> list[datetime]:
    """When each of the visits of `visits_of` was begun or, until then, arranged."""
    same = Q(facility__uscc=facility.uscc) if facility.uscc else Q(facility=facility)
    return [at for moments in visits_known(year, user, same, without=without).values() for at in moments]


def visits_known(year: int, user, where: Q, *, without: TargetedCheck | None = None) -> dict[int, list[datetime]]:
    """Facility → moments of the visits that count, those of before first use among them; four queries."""
    found = defaultdict(list)
    known = counted(inspections_known_to(user)).filter(where, year=year)
    if without is not None and without.inspection_id:
        known = known.exclude(pk=without.inspection_id)
    others = targeted_of_others(user).filter(where, year=year, mode=Mode.ONSITE, cap_exemption="")
    if without is not None:
        others = others.exclude(pk=without.pk)
    waiting = picks_known_to(user).filter(where, draw__year=year, mode="onsite", inspection__isnull=True)
    begun = Coalesce("started_at", "dispatched_at")
    for rows, moment in ((known, begun), (others, F("asked_at")), (waiting, F("draw__drawn_at"))):
        moments = rows.order_by().annotate(moment=moment).values_list("facility", "moment", "pk").distinct()
        for facility, at, _ in moments:
            found[facility].append(at)
    past = PastCheck.objects.counting().filter(where, mode=PastMode.ONSITE, day__year=year)
    for facility, day in past.values_list("facility", "day"):
        found[facility].append(make_aware(datetime.combine(day, time(12))))
    return found


@dataclass(frozen=True)
class Turn:
    """今年第几次, as the enterprise is told it (N-7): only visits that had begun there before, which it has seen itself.

    `n` is 0 for a visit that does not count. `again`: how often in the year each of its items had been drawn there and
    checked, this time included, where that is more than once.
    """

    year: int
    n: int
    cap: int | None
    last: tuple[date, str] | None
    items: int
    again: dict[str, int]


def turn_of(inspection: Inspection) -> Turn:
    """The place of one visit among those of its year at the same legal person; seven queries."""
    facility, year, moment = inspection.facility, inspection.year, inspection.started_at or clock.now()
    same = Q(facility__uscc=facility.uscc) if facility.uscc else Q(facility=facility)
    begun = Inspection.objects.filter(year=year, started_at__lt=moment).exclude(pk=inspection.pk)
    seen = [
        (localtime(at).date(), Source(source).label)
        for at, source in counted(begun.filter(same)).order_by().values_list("started_at", "source")
    ]
    past = PastCheck.objects.counting().filter(same, mode=PastMode.ONSITE, day__year=year)
    seen += [(day, "检查") for day in past.values_list("day", flat=True)]
    counts = counted(Inspection.objects.filter(pk=inspection.pk)).exists()
    cap = caps_of(year).of(facility, moment)
    codes = set(inspection.answers.order_by().values_list("item_code", flat=True))
    times = drawn_before([inspection])[inspection.pk]
    return Turn(
        year,
        len(seen) + 1 if counts else 0,
        cap.max_visits if cap else None,
        max(seen, default=None),
        len(codes),
        {code: n + 1 for code, n in sorted(times.items()) if code in codes},
    )


# --- what else is near (一-d) -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Near:
    """Another check of the firm within the days of the policy; `inspection` only where the reader knows the visit.

    `place` is the name of the place where it is another one of the same credit code.
    """

    unit: Unit
    what: str
    when: str
    state: str
    first: date
    facility: Facility = field(compare=False)
    inspection: Inspection | None = None
    place: str = ""


def margin_days(day: date) -> int:
    """How many days before and after count as near (一-d)."""
    return policy.on(day).recommended.overlap_within_days


def near(facility: Facility, user, first: date, last: date, *, without: TargetedCheck | None = None) -> list[Near]:
    """Checks of every unit at this firm, near the days from `first` to `last`; newest first."""
    return near_each([facility], user, first, last, without=without)[facility.pk]


def near_each(
    facilities: Iterable[Facility],
    user,
    first: date,
    last: date,
    *,
    without: TargetedCheck | None = None,
    draw: Draw | None = None,
) -> dict[int, list[Near]]:
    """Facility → checks of every unit at the same place or under the same credit code; three queries for all.

    The picks of `draw` that wait to be dispatched are not near each other: it is what is being arranged.
    """
    facilities = list(facilities)
    codes = {f.uscc for f in facilities if f.uscc}
    same = Q(facility__in=[f.pk for f in facilities]) | Q(facility__uscc__in=codes)
    margin = timedelta(days=margin_days(first))
    return _by_place(facilities, _found(same, user, first - margin, last + margin, without, draw))


def _by_place(facilities: Iterable[Facility], near: Iterable[Near]) -> dict[int, list[Near]]:
    found = defaultdict(list)
    for one in near:
        found[one.facility.uscc or one.facility.pk].append(one)
    return {
        f.pk: [
            one if one.facility.pk == f.pk else replace(one, place=one.facility.name)
            for one in sorted(found[f.uscc or f.pk], key=lambda n: n.first, reverse=True)
        ]
        for f in facilities
    }


def near_other_units(user, unit: Unit, first: date, last: date) -> list[tuple[Facility, Near]]:
    """Places of the unit that another unit checks near those days, as far as the reader knows (一-d); four queries."""
    margin, own = timedelta(days=margin_days(first)), Facility.objects.filter(unit=unit).on_books()
    same = Q(facility__in=own) | Q(facility__uscc__in=own.exclude(uscc="").values("uscc"))
    near = list(_found(same, user, first - margin, last + margin, besides=unit))
    met = Q(pk__in={n.facility.pk for n in near}) | Q(uscc__in={n.facility.uscc for n in near} - {""})
    facilities = list(own.filter(met).order_by("code"))
    found = _by_place(facilities, near)
    return [(f, one) for f in facilities for one in found[f.pk]]


def _found(
    where: Q,
    user,
    begin: date,
    end: date,
    without: TargetedCheck | None = None,
    draw: Draw | None = None,
    besides: Unit | None = None,
) -> Iterator[Near]:
    """`besides`: what this unit does itself is not asked for."""
    known = inspections_known_to(user).filter(where).exclude(unit=besides).select_related("unit", "facility")
    if without is not None and without.inspection_id:
        known = known.exclude(pk=without.inspection_id)
    circle = user.units_with(Permission.SEE_SEALED)
    for check in known:
        # Of a released draw everybody knows who was drawn; how far the check came is known with its result.
        told = check.unit_id in circle or check.status == InspectionStatus.PUBLISHED
        days = _days_of(check) if told else _planned_days(check)
        if days[0] <= end and days[1] >= begin:
            state = check.get_status_display() if told else "名单已公开"
            when = _when(days, over=told and check.ended_at is not None)
            visit = check if told else None
            yield Near(check.unit, check.get_source_display(), when, state, days[0], check.facility, visit)
    waiting = picks_known_to(user).filter(where, inspection__isnull=True).exclude(draw=draw)
    waiting = waiting.exclude(draw__unit=besides)
    for pick in waiting.select_related("draw__plan", "draw__unit", "facility"):
        plan = pick.draw.plan
        if plan.window_from <= end and plan.window_to >= begin:
            days = plan.window_from, plan.window_to
            yield Near(pick.draw.unit, Source.DRAW.label, _when(days), "待派发", days[0], pick.facility)
    others = targeted_of_others(user).filter(where).exclude(unit=besides).select_related("unit", "facility")
    if without is not None:
        others = others.exclude(pk=without.pk)
    for asked in others:
        days = localtime(asked.asked_at).date(), asked.finish_by
        if days[0] <= end and days[1] >= begin:
            words = asked.get_source_display(), _when(days), asked.get_state_display()
            yield Near(asked.unit, *words, days[0], asked.facility)


def _days_of(check: Inspection) -> tuple[date, date]:
    moment = check.ended_at or check.started_at
    return (localtime(moment).date(),) * 2 if moment else _planned_days(check)


def _planned_days(check: Inspection) -> tuple[date, date]:
    return localtime(check.dispatched_at).date(), check.finish_by


def _when(days: tuple[date, date], *, over: bool = False) -> str:
    if over:
        return f"{short_date(days[0])}查结"
    return short_date(days[0]) if days[0] == days[1] else f"{short_date(days[0])}至 {short_date(days[1])}"
