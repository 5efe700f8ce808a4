"""How the drawn stand: done, not possible, replaced, not done (五-4j, 六(一)2-g, 七(六)-b, K9, K12).

The one place that counts it; reports, summaries, progress, duties and pages take it from here. Every object that the
draw and its replacements have named is one of the four, so that they add up to what was drawn.
"""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Count, Q, QuerySet, TextChoices, Value, When

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.states import ENDED, NOT_CARRIED_OUT
from inspections.models import InspectionStatus
from plans.models import HELD, DrawStatus, Pick, PickDrop


class Fate(TextChoices):
    DONE = "done", "查完"
    NOT_POSSIBLE = "not_possible", "未能检查"
    REPLACED = "replaced", "更换"
    NOT_DONE = "not_done", "没有查完"


UNFINISHED = (Fate.NOT_POSSIBLE, Fate.NOT_DONE)


@dataclass(frozen=True)
class Tally:
    """`not_possible`: somebody went, and found it shut, nobody, or was refused; `replaced`: taken off for another reason
    than 季末没有查完, which stays drawn and not done (SSJ1 8.1).
    """

    done: int = 0
    not_possible: int = 0
    replaced: int = 0
    not_done: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, fate) + getattr(other, fate) for fate in Fate.values))

    @property
    def drawn(self) -> int:
        """By the draw, and by the replacements that followed it."""
        return self.done + self.not_possible + self.replaced + self.not_done

    @property
    def to_check(self) -> int:
        return self.drawn - self.replaced

    @property
    def over(self) -> int:
        """Of them the visits that were made, also those in vain."""
        return self.done + self.not_possible

    @property
    def is_done(self) -> bool:
        return bool(self.drawn) and self.done == self.to_check

    def replaced_too_often(self, quarter: Quarter) -> bool:
        """K12: more than the share of the drawn that is still ordinary."""
        alert = policy.on(quarter.first_day).recommended.amendment_alert_percent
        return 100 * self.replaced > alert * self.drawn


NOBODY = Tally()


def with_fate(picks: QuerySet[Pick], circle: Collection[Unit] | Collection[int] | None = None) -> QuerySet[Pick]:
    """The picks of the run that holds, each with its `fate`, whether it still `stands` on the list, and whether it `owes` a
    result to the public: whoever stands, and who was taken off after a visit, unless a law forbids it (D-6, 二-b).

    `circle`: the units whose sealed lists the reader may know, None for all; of every other draw a check is known with
    its result or with the release (decisions.md 3).
    """
    told = Q()
    if circle is not None:
        public = Q(draw__status=DrawStatus.RELEASED) | Q(inspection__status=InspectionStatus.PUBLISHED)
        told = public | Q(draw__unit__in=circle)
    ended = told & Q(inspection__status__in=ENDED)
    other_reason = Q(drop__isnull=False) & ~Q(drop__reason=PickDrop.NOTDONE)
    fate = Case(
        When(other_reason, then=Value(Fate.REPLACED.value)),
        When(ended & Q(inspection__outcome__in=NOT_CARRIED_OUT), then=Value(Fate.NOT_POSSIBLE.value)),
        When(ended & Q(drop__isnull=True), then=Value(Fate.DONE.value)),
        default=Value(Fate.NOT_DONE.value),
    )
    owes = Case(
        When(told & Q(inspection__withheld_at__isnull=False), then=Value(False)),
        When(Q(drop__isnull=True) | ended, then=Value(True)),
        default=Value(False),
    )
    return picks.valid().filter(draw__status__in=HELD).annotate(fate=fate, stands=Q(drop__isnull=True), owes=owes)


def tallies(picks: QuerySet[Pick], *by: str, circle: Collection | None = None) -> dict[tuple, Tally]:
    """One tally for each combination of the fields `by`; one query."""
    found: dict[tuple, dict[str, int]] = {}
    rows = with_fate(picks, circle).order_by().values_list(*by, "fate").annotate(n=Count("pk"))
    for *key, fate, n in rows:
        found.setdefault(tuple(key), {})[fate] = n
    return {key: Tally(**counts) for key, counts in found.items()}


def tally(picks: QuerySet[Pick], circle: Collection | None = None) -> Tally:
    return tallies(picks, circle=circle).get((), Tally())


def picks_of(unit: Unit, quarter: Quarter) -> QuerySet[Pick]:
    return Pick.objects.filter(draw__unit=unit, draw__year=quarter.year, draw__number=quarter.number)
