"""What is left: the drawn checks of a quarter, the facilities of a year or a cycle (六(一)2-g, 七(一)1-b, 2-b, K6, K7).

Only for the circle of decisions.md 3 of the unit itself: what is missing tells who was drawn. Three lists, each with its
reasons: of a quarter, of the key facilities of a year, of the general ones of a cycle.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.shares import percent
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.states import DROPPED, ENDED, NOT_CARRIED_OUT
from inspections.frequency.counts import inspections_known_to
from inspections.models import CoverageReason, Inspection, InspectionStatus, ReasonState, Source, UnfinishedReason
from plans.models import HELD, DrawStatus, Pick
from registry.facilities import past
from registry.models import OFF_BOOKS, Category, Facility, PastCheck, PositiveListEntry

from . import sealed_keys
from .steps import CHECKED, OF_GENERAL, OF_KEY, listed_from
from .tally import NOBODY, UNFINISHED, Fate, Tally, picks_of, tally, with_fate

COUNTING = [Source.DRAW, Source.SPECIAL_FACILITY]  # K6: drawn, or one of 七(一)3


@dataclass(frozen=True)
class Line:
    """One facility without its check, with the reason if one is written."""

    key: int
    facility: Facility
    about: str
    reason: UnfinishedReason | CoverageReason | None
    targeted: bool = False
    check: Inspection | None = None


@dataclass
class Gaps:
    done: int = 0
    total: int = 0
    lines: list[Line] = field(default_factory=list)
    tally: Tally = NOBODY  # of a quarter

    @property
    def left(self) -> int:
        return self.total - self.done

    @property
    def share(self) -> str:
        return percent(self.done, self.total)

    @property
    def without_reason(self) -> int:
        """Nobody has written one, or what was written came back."""
        return sum(line.reason is None or line.reason.state == ReasonState.RETURNED for line in self.lines)

    @property
    def waiting(self) -> int:
        return sum(line.reason is not None and line.reason.waits for line in self.lines)

    @property
    def approved(self) -> int:
        return sum(line.reason is not None and line.reason.state == ReasonState.APPROVED for line in self.lines)


@dataclass(frozen=True)
class DrawnList:
    """The drawn checks of one quarter of a unit (六(一)2-g)."""

    unit: Unit
    quarter: Quarter
    step: ClassVar[Step] = CHECKED
    title: ClassVar[str] = "完成情况"
    left: ClassVar[str] = "没有查完的"
    model: ClassVar[type] = UnfinishedReason
    of: ClassVar[str] = "pick_id"
    export: ClassVar[str] = "inspections:unfinished-export"

    @property
    def period(self) -> str:
        return str(self.quarter)

    @property
    def label(self) -> str:
        return self.quarter.label

    @property
    def reasons_name(self) -> str:
        return f"{self.label}没有查完的原因"

    @property
    def address(self) -> str:
        return f"{reverse('inspections:unfinished')}?unit={self.unit.code}&quarter={self.quarter}"

    def key_of(self, key: int) -> dict:
        return {"pick_id": key}

    def reasons(self) -> QuerySet:
        return UnfinishedReason.objects.filter(pick__in=picks_of(self.unit, self.quarter).to_check().values("pk"))

    def unfinished(self) -> QuerySet:
        """Who was drawn and is not checked: not yet, not possible, or taken off as 季末没有查完."""
        return with_fate(picks_of(self.unit, self.quarter)).filter(fate__in=UNFINISHED)

    def unsettled(self) -> QuerySet:
        """Of them those that nobody has explained with an approval."""
        approved = UnfinishedReason.objects.approved().filter(pick=OuterRef("pk"))
        return self.unfinished().exclude(Exists(approved))

    def found(self, user, today: date) -> Gaps:
        """Finished of the drawn; a pick that was replaced is not one of them."""
        if not in_circle(user, self.unit):
            return Gaps()
        left = self.unfinished().select_related("facility", "inspection", "drop").order_by("facility__code", "pk")
        reasons = _by_key(UnfinishedReason.objects.visible_to(user).filter(pick__in=left.values("pk")), self.of)
        lines = [
            Line(p.pk, p.facility, _standing_of(p), reasons.get(p.pk), check=getattr(p, "inspection", None))
            for p in left
        ]
        whole = tally(picks_of(self.unit, self.quarter))
        return Gaps(whole.done, whole.to_check, lines, whole)


@dataclass(frozen=True)
class CoverageList:
    """The facilities of a unit that have to be reached in some years: 重点 in one, 一般 in the cycle (K6, K7)."""

    unit: Unit
    step: Step
    first: int
    last: int
    left: ClassVar[str] = "没有检查的"
    model: ClassVar[type] = CoverageReason
    of: ClassVar[str] = "facility_id"
    export: ClassVar[str] = "inspections:coverage-export"

    @classmethod
    def of_key(cls, unit: Unit, year: int) -> "CoverageList":
        return cls(unit, OF_KEY, year, year)

    @classmethod
    def of_general(cls, unit: Unit, year: int) -> "CoverageList":
        return cls(unit, OF_GENERAL, *policy.on(date(year, 12, 31)).coverage_cycle(year))

    @property
    def is_key(self) -> bool:
        return self.step == OF_KEY

    @property
    def title(self) -> str:
        return "重点全覆盖" if self.is_key else "一般全覆盖"

    @property
    def period(self) -> str:
        return str(self.last) if self.is_key else f"{self.first}-{self.last}"

    @property
    def label(self) -> str:
        return f"{self.last} 年" if self.is_key else f"{self.first} 年至 {self.last} 年"

    @property
    def reasons_name(self) -> str:
        return f"{self.label}{'重点' if self.is_key else '一般'}对象没有检查的原因"

    @property
    def address(self) -> str:
        return self.address_in(self.last)

    def address_in(self, year: int) -> str:
        """The page as it is reached from a year of the list; a cycle has several."""
        more = "" if self.is_key else "&of=general"
        return f"{reverse('inspections:coverage')}?unit={self.unit.code}&quarter={year}Q4{more}"

    def key_of(self, key: int) -> dict:
        return {"facility_id": key, "year": self.last}

    def reasons(self) -> QuerySet:
        return CoverageReason.objects.filter(facility__in=self.facilities().values("pk"), year=self.last)

    def facilities(self) -> QuerySet:
        return Facility.objects.filter(pk__in=self._to_reach)

    @cached_property
    def _to_reach(self) -> list[int]:
        """As the registry is; of years that are over as it was when they ended."""
        day = min(clock.today(), date(self.last, 12, 31))
        keys = {self.unit.pk: sealed_keys.codes_of(self.unit, self.last)} if self.is_key else None
        return [f.pk for f in to_reach(past.roster_on(self.unit, day), keys)]

    def unsettled(self) -> QuerySet:
        """Neither reached, as far as the unit may know, nor explained with an approval."""
        approved = CoverageReason.objects.approved().filter(facility=OuterRef("pk"), year=self.last)
        return self._unreached(known_in(self.unit)).exclude(Exists(approved))

    def unarranged(self) -> QuerySet:
        """Special ones that nothing is on its way to, either: no drawn check, none of 七(一)3 (decisions.md 1)."""
        picks = Pick.objects.standing().filter(
            facility=OuterRef("pk"), draw__unit=self.unit, draw__year=self.last, draw__status__in=HELD
        )
        raised = self.unit.targeted_checks.standing().filter(
            facility=OuterRef("pk"), source=Source.SPECIAL_FACILITY, year=self.last
        )
        over = [*ENDED, *DROPPED]
        return self.unsettled().filter(
            ~Exists(picks.exclude(inspection__status__in=over)),
            ~Exists(raised.exclude(inspection__status__in=over)),
            category=Category.SPECIAL,
        )

    @property
    def listed_from(self) -> date:
        """The day from which who was not reached is listed, and special ones are raised (decisions.md 1)."""
        return listed_from(self.last)

    def is_listed(self, today: date) -> bool:
        return today >= self.listed_from

    def found(self, user, today: date) -> Gaps:
        """Reached by a check that counts; who was not is listed from the October of the last year on."""
        if not in_circle(user, self.unit):
            return Gaps()
        everybody = self.facilities().filter(pk__in=Facility.objects.visible_to(user).values("pk"))
        left = self._unreached(inspections_known_to(user)).filter(pk__in=everybody.values("pk"))
        total = everybody.count()
        if not self.is_listed(today):
            return Gaps(total - left.count(), total)
        reasons = _by_key(CoverageReason.objects.visible_to(user).filter(facility__in=left, year=self.last), self.of)
        listed = PositiveListEntry.objects.filter(facility=OuterRef("pk"), valid_to__isnull=True)
        lines = [
            Line(f.pk, f, f.get_status_display(), reasons.get(f.pk), f.category == Category.SPECIAL)
            for f in left.annotate(is_on_positive_list=Exists(listed)).order_by("code")
        ]
        return Gaps(total - len(lines), total, lines)

    def _unreached(self, checks: QuerySet) -> QuerySet:
        ways = reaching(checks, self.first, self.last)
        return self.facilities().filter(*(~Exists(way.filter(facility=OuterRef("pk"))) for way in ways))


def to_reach(roster: Iterable[Facility], keys: Mapping[int, set[str]] | None) -> list[Facility]:
    """Whom of the registry, as it was on some day, a check has to reach.

    With `keys` the 重点 on the books: besides whoever stood as one on a list of the year of its unit, also when it has
    closed or been reclassified since (A-7). Without, the 一般.
    """
    found = []
    for f in roster:
        is_key, listed = f.category == Category.KEY or f.has_key_ground, f.status not in OFF_BOOKS
        if keys is None:
            wanted = listed and f.category == Category.GENERAL
        else:
            wanted = (listed and is_key) or f.code in keys.get(f.unit_id, ())
        if wanted:
            found.append(f)
    return found


def general_on_books() -> QuerySet:
    """The 一般 of `to_reach`, of the registry as it stands, as a condition of the database; a test holds both together."""
    return Facility.objects.on_books().filter(category=Category.GENERAL)


def reaching(checks: QuerySet, first: int, last: int) -> tuple[QuerySet, QuerySet]:
    """What reaches a facility in these years: of these checks those that count, and what was done before first use."""
    counting = (
        checks.filter(source__in=COUNTING, status__in=ENDED)
        .filter(ended_at__year__gte=first, ended_at__year__lte=last)
        .exclude(outcome__in=NOT_CARRIED_OUT)
    )
    return counting, PastCheck.objects.reaching().filter(day__year__gte=first, day__year__lte=last)


def reached_by(checks: QuerySet, first: int, last: int) -> set[int]:
    """The facilities that one of these reaches; two queries, for whole cities."""
    return {pk for way in reaching(checks, first, last) for pk in way.order_by().values_list("facility", flat=True)}


def known_in(unit: Unit) -> QuerySet:
    """The checks that a unit's circle may know: its own, and those that are public (decisions.md 3)."""
    return Inspection.objects.filter(
        Q(unit=unit) | Q(status=InspectionStatus.PUBLISHED) | Q(draw__status=DrawStatus.RELEASED)
    ).exclude(status__in=DROPPED)


def in_circle(user, unit: Unit | None) -> bool:
    return unit is not None and user.may(Permission.SEE_SEALED, unit)


def _standing_of(pick: Pick) -> str:
    inspection = getattr(pick, "inspection", None)
    if pick.fate == Fate.NOT_POSSIBLE:
        return f"{Fate.NOT_POSSIBLE.label}：{inspection.get_outcome_display()}"
    if hasattr(pick, "drop"):
        return "季末没有查完"
    return inspection.get_status_display() if inspection else "待派发"


def _by_key(reasons, name: str) -> dict:
    return {getattr(r, name): r for r in reasons.select_related("asked_by", "decided_by")}
