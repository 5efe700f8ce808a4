"""How long a visit took, and which were shorter than the city takes for enough (八(一)-a)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, FloatField, QuerySet
from django.db.models.functions import Coalesce, Extract

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from inspections.checks import known
from inspections.checks.states import SHUT_OR_NOBODY
from inspections.models import Inspection, Mode
from inspections.oversight.analysis import FEW
from registry.models import Category

MOST = 50  # short visits that are named one by one


class Quartiles(Aggregate):
    """Lower quartile, median and upper quartile, by the database."""

    template = "percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = ArrayField(FloatField())


@dataclass(frozen=True)
class Line:
    unit: str
    category: str
    n: int
    quartiles: tuple[int, int, int]  # minutes

    @property
    def few(self) -> bool:
        return self.n < FEW


@dataclass(frozen=True)
class Short:
    no: str
    unit: str
    category: str
    minutes: int
    outcome: str


@dataclass(frozen=True)
class Lengths:
    lines: list[Line]
    shorts: list[Short]
    short: int  # how many there are, whether they are named or not
    n: int
    limit: int  # minutes


def of(units: Collection[Unit], year: int, last_day) -> Lengths:
    """Two queries, three with short ones."""
    limit = policy.on(last_day).recommended.short_visit_minutes
    rows = visits(units, year)
    names = {unit.pk: unit.short_name for unit in units}
    seconds = rows.annotate(seconds=Extract("took", "epoch"))
    found = seconds.order_by().values_list("unit", "category").annotate(n=Count("pk"), quartiles=Quartiles("seconds"))
    order = {category: place for place, category in enumerate(Category.values)}
    position = {unit.pk: place for place, unit in enumerate(units)}
    lines = [
        Line(names[unit], Category(category).label, n, tuple(int(second // 60) for second in quartiles))
        for unit, category, n, quartiles in sorted(found, key=lambda row: (position[row[0]], order[row[1]]))
    ]
    quick = rows.filter(took__lt=timedelta(minutes=limit))
    short = quick.count()
    shown = (
        quick.order_by("took", "no").values_list("no", "unit", "category", "took", "outcome")[:MOST] if short else []
    )
    words = dict(Inspection._meta.get_field("outcome").choices)
    return Lengths(
        lines=lines,
        shorts=[
            Short(no, names[unit], Category(category).label, int(took.total_seconds() // 60), words[outcome])
            for no, unit, category, took, outcome in shown
        ],
        short=short,
        n=sum(line.n for line in lines),
        limit=limit,
    )


def visits(units: Collection[Unit], year: int) -> QuerySet[Inspection]:
    """Where somebody was met on the spot, of published results; `took`: from the arrival to 检查结束."""
    rows = Inspection.objects.filter(
        known.telling(),
        unit__in=units,
        year=year,
        mode=Mode.ONSITE,
        ended_at__isnull=False,
    ).exclude(outcome__in=SHUT_OR_NOBODY)
    there = Coalesce("entered_at", "started_at")  # of what began off-site, from the arrival at the place (N-14)
    return rows.annotate(took=ExpressionWrapper(F("ended_at") - there, output_field=DurationField()))
