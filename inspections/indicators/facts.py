"""What figures are counted from: units, a period, a moment, and who may know what is sealed (decisions.md 3)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, wraps
from typing import TypeVar

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.workdays.days import Calendar, Quarter, end_of, result_limit, short_date
from inspections.checks.listed import listed
from inspections.checks.states import DROPPED, NOT_CARRIED_OUT, SHUT_OR_NOBODY
from inspections.frequency.counts import Circle
from inspections.models import (
    Answer,
    CheckAnswer,
    Delivery,
    Inspection,
    InspectionStatus,
    Mode,
    OnsiteRequest,
    Paper,
    Source,
)
from plans.draw import ssj1
from plans.models import HELD, AmendmentRequest, Draw, DrawDocument, DrawStatus, Pick, PickDrop
from registry.facilities import past
from registry.models import Facility


@dataclass(frozen=True)
class Row:
    """One fact behind a figure: it stands in n, and `counts` in the numerator. `no`: of the check it is about;
    `undone`: its day is over and nothing was done, rather than done late or wrongly. `quiet`: it tells whether the check of a
    drawn place is over, before its result, to a reader outside the circle: it is counted, and never shown by itself (0090).
    `due`: the day of its own quarter is over, where the figure is of a year.
    """

    unit: int
    counts: bool
    what: str
    words: str = ""
    url: str = ""
    no: str = ""
    undone: bool = False
    quiet: bool = False
    due: bool = True


def day_of(moment: datetime) -> date:
    return localtime(moment).date()


OUTSIDE: frozenset[int] = frozenset()
Found = TypeVar("Found")


@dataclass(frozen=True)
class Scope:
    """`number` None: the whole year. `moment`: what came later does not count. `circle`: the units whose sealed lists the
    reader may know; of all others only released draws and published results count.
    """

    units: tuple[Unit, ...]
    year: int
    number: int | None
    moment: datetime
    circle: frozenset[int] = OUTSIDE
    kept: dict = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(
        cls, units, year: int, number: int | None = None, *, circle=OUTSIDE, moment: datetime | None = None
    ) -> "Scope":
        return cls(tuple(units), year, number, moment or clock.now(), frozenset(circle))

    @classmethod
    def known_to(
        cls, user, units, quarter: Quarter, *, whole_year: bool = False, moment=None, calendar: Calendar | None = None
    ) -> "Scope":
        """As this reader may know it now; `calendar`: the one that the page has read already."""
        number = None if whole_year else quarter.number
        scope = cls.of(units, quarter.year, number, circle=user.units_with(Permission.SEE_SEALED), moment=moment)
        if calendar:
            scope.__dict__["calendar"] = calendar
        return scope

    # --- the one switch of secrecy: every figure that tells of a drawn or checked place asks one of these five -----------

    def of_results(self) -> Q:
        """Checks of which the reader may know that they are over: the circle's and the published (0090)."""
        published = Q(status=InspectionStatus.PUBLISHED, published_at__lte=self.moment)
        return Q(unit__in=self.circle) | published

    def of_checks(self) -> Q:
        """Checks that are counted for the reader: these, and those of released draws, of which no row tells by itself (`Row.quiet`)."""
        return self.of_results() | Q(draw__released_at__lte=self.moment)

    def of_draws(self, draw: str = "") -> Q:
        """Draws whose names the reader may know."""
        return Q(**{f"{draw}unit__in": self.circle}) | Q(**{f"{draw}released_at__lte": self.moment})

    def tells_names(self, draw: Draw) -> bool:
        return draw.unit_id in self.circle or bool(draw.released_at and draw.released_at <= self.moment)

    def tells_result(self, row: Inspection) -> bool:
        """Of a check that he may know, also what it found."""
        return row.unit_id in self.circle or self.is_public(row)

    # ---------------------------------------------------------------------------------------------------------------------

    def is_public(self, row: Inspection) -> bool:
        return bool(row.published_at and row.published_at <= self.moment)

    @property
    def reader(self) -> Circle:
        """As who counts what the reader knows (`frequency.counts`)."""
        return Circle(self.circle)

    @cached_property
    def calendar(self) -> Calendar:
        return workdays.calendar()

    @property
    def day(self) -> date:
        return day_of(self.moment)

    @property
    def quarters(self) -> list[Quarter]:
        return [Quarter(self.year, n) for n in ((self.number,) if self.number else (1, 2, 3, 4))]

    @property
    def law(self) -> policy.Policy:
        """As it is on the last day that counts."""
        return policy.on(min(max(self.day, self.quarters[0].first_day), self.quarters[-1].last_day))

    @property
    def until(self) -> datetime:
        """What a figure of the year so far counts to: the end of the period, or the moment."""
        return min(self.moment, end_of(self.quarters[-1].last_day))

    def in_period(self, rows: QuerySet, at: str = "") -> QuerySet:
        found = rows.filter(**{f"{at}year": self.year})
        return found.filter(**{f"{at}number": self.number}) if self.number else found

    def holds(self, moment: datetime) -> bool:
        """Whether something that happened then belongs to the period."""
        return moment <= self.moment and any(day_of(moment) in quarter for quarter in self.quarters)


def once(loader: Callable[[Scope], Found]) -> Callable[[Scope], Found]:
    """Whichever figures ask for it, it is read once."""

    @wraps(loader)
    def asked(scope: Scope) -> Found:
        if loader not in scope.kept:
            scope.kept[loader] = loader(scope)
        return scope.kept[loader]

    return asked


@once
def registry(scope: Scope) -> list[Facility]:
    """As it stood when the period ended, or stands while it runs, as far as it was known at the moment (六(二)-f)."""
    return past.rosters_on(scope.units, day_of(scope.until), scope.moment)


@dataclass(frozen=True)
class Check:
    """One check that has ended, as far as the reader may know it."""

    row: Inspection
    scope: Scope

    @property
    def day(self) -> date:
        return day_of(self.row.ended_at)

    @property
    def random(self) -> bool:
        return self.row.source == Source.DRAW

    @property
    def onsite(self) -> bool:
        return self.row.mode == Mode.ONSITE

    @property
    def public(self) -> bool:
        return self.scope.is_public(self.row)

    @property
    def told(self) -> bool:
        return self.scope.tells_result(self.row)

    @property
    def carried_out(self) -> bool:
        """Not 未能检查."""
        return self.row.outcome not in NOT_CARRIED_OUT

    @property
    def looked(self) -> bool:
        """There was somebody: who refuses is a finding."""
        return self.row.outcome not in SHUT_OR_NOBODY

    @property
    def outcome(self) -> str:
        return self.row.outcome if self.told else ""

    @property
    def found(self) -> bool:
        return self.told and self.row.bad

    @property
    def published_on(self) -> date | None:
        return day_of(self.row.published_at) if self.public else None

    @property
    def limit(self) -> date:
        """By 20 working days; of what was drawn besides by the 25th of the quarter's last month (A-4)."""
        last = Quarter(self.row.year, self.row.number).close_due(self.scope.calendar).date
        return result_limit(self.row.publish_by, last) if self.random else self.row.publish_by

    @property
    def in_time(self) -> bool:
        return self.public and self.published_on <= self.limit

    @property
    def workdays(self) -> int:
        return self.scope.calendar.workdays_between(self.day, self.published_on) if self.public else 0


def row_of(check: Check, *, counts: bool, words: str = "", undone: bool = False) -> Row:
    said = words or f"{short_date(check.day)}查结"
    url, no = check.row.get_absolute_url(), check.row.no
    return Row(check.row.unit_id, counts, no, said, url, no, undone, quiet=not check.told)


@once
def checks(scope: Scope) -> list[Check]:
    """All that have ended, of whatever source; four queries."""
    bad = CheckAnswer.objects.filter(inspection=OuterRef("pk"), answer=Answer.FOUND)
    entered = OnsiteRequest.objects.approved().filter(inspection=OuterRef("pk"))
    served = Delivery.objects.filter(paper=Paper.NOTICE, at__lte=scope.moment)
    rows = scope.in_period(Inspection.objects).filter(
        scope.of_checks(), unit__in=scope.units, ended_at__lte=scope.moment
    )
    found = rows.exclude(status__in=DROPPED).annotate(
        bad=Exists(bad), entered=Exists(entered), listed=ExpressionWrapper(listed(), BooleanField())
    )
    found = found.select_related("unit", "executing_unit", "facility")
    found = found.prefetch_related("members", "recordings", Prefetch("deliveries", served, to_attr="notices"))
    return [Check(row, scope) for row in found.order_by("ended_at", "pk")]


@once
def draws(scope: Scope) -> list[Draw]:
    """Those that were held; whose names the reader may not know among them."""
    found = scope.in_period(Draw.objects).filter(unit__in=scope.units, status__in=HELD, drawn_at__lte=scope.moment)
    return list(found.select_related("unit").order_by("year", "number", "serial"))


@dataclass(frozen=True)
class Drawn:
    """One place that a held draw has named, by its result or as a substitute."""

    pick: Pick
    replaced: bool
    undone: bool  # 季末没有查完: it stays drawn
    check: Check | None

    @property
    def to_check(self) -> bool:
        return not self.replaced

    @property
    def stands(self) -> bool:
        return not self.replaced and not self.undone


@once
def drawn(scope: Scope) -> list[Drawn]:
    """Of draws whose names the reader may know; who was taken off later than the moment still stands. Three queries."""
    picks = scope.in_period(Pick.objects.valid(), "draw__").filter(
        scope.of_draws("draw__"), draw__unit__in=scope.units, draw__status__in=HELD, draw__drawn_at__lte=scope.moment
    )
    decided = {
        (draw, run, number): at
        for draw, run, number, at in AmendmentRequest.objects.filter(
            draw__in=draws(scope), number__isnull=False
        ).values_list("draw", "run", "number", "decided_at")
    }
    of_pick = {check.row.pick_id: check for check in checks(scope) if check.row.pick_id}
    found = []
    for pick in picks.select_related("draw", "facility", "drop").order_by("draw__number", "category", "no"):
        if pick.amendment and decided.get((pick.draw_id, pick.run, pick.amendment), scope.moment) > scope.moment:
            continue
        drop: PickDrop | None = getattr(pick, "drop", None)
        if drop and decided.get((pick.draw_id, pick.run, drop.amendment), scope.moment) > scope.moment:
            drop = None
        undone = drop is not None and drop.reason == PickDrop.NOTDONE
        found.append(Drawn(pick, drop is not None and not undone, undone, of_pick.get(pick.pk)))
    return found


@once
def sealed(scope: Scope) -> list[tuple[Draw, ssj1.Frame]]:
    """The lists of the year up to the period's end, each with its draw; lists are public from their seal on."""
    documents = DrawDocument.objects.filter(
        kind="FRAME",
        draw__unit__in=scope.units,
        draw__year=scope.year,
        draw__number__lte=scope.quarters[-1].number,
        draw__frozen_at__lte=scope.moment,
    ).exclude(draw__status=DrawStatus.ABORTED)
    return [(d.draw, ssj1.parse_frame(d.text)) for d in documents.select_related("draw").order_by("draw", "number")]
