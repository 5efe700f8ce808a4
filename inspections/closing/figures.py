"""What of a year's results is public, by unit, with K1 and what a law keeps back (二-b).

Counted is what can be closed at all: checks of the year that were carried out or tried and ended, of whatever source and
whether or not their 20 working days are over. K1 stands beside it; it counts the random ones that are due.
"""

from collections import Counter
from dataclasses import asdict, dataclass

from benxi_shuangsuiji.accounts.models import Unit
from inspections.checks.states import DROPPED
from inspections.indicators.facts import Scope
from inspections.indicators.figures import of_each
from inspections.models import Inspection, InspectionStatus, Withholding


@dataclass(frozen=True)
class Line:
    """One unit: how many results are due, public, and lawfully kept back; and its K1 in words."""

    unit: str
    name: str
    due: int
    public: int
    withheld: int
    k1: str

    @property
    def open(self) -> int:
        return self.due - self.public - self.withheld

    @property
    def share(self) -> str:
        """In per cent, what is public of all; a lawful ground makes none public."""
        return f"{self.public * 100 / self.due:.1f}%" if self.due else "—"

    def as_json(self) -> dict:
        return asdict(self)


def lines_of(year: int) -> list[Line]:
    """Every unit that draws, with as many queries as for one."""
    units = list(Unit.objects.of_year(year))
    k1 = of_each(Scope.of(units, year), 1)
    rows = Inspection.objects.filter(year=year, ended_at__isnull=False).exclude(status__in=DROPPED)
    due, public, withheld = Counter(), Counter(), Counter()
    for unit, status, kept in rows.order_by().values_list("unit", "status", "withheld_at"):
        due[unit] += 1
        public[unit] += status == InspectionStatus.PUBLISHED
        withheld[unit] += kept is not None
    return [Line(u.code, u.short_name, due[u.pk], public[u.pk], withheld[u.pk], k1[u.pk].words) for u in units]


def running_of(year: int) -> Counter:
    """By the unit's name, checks at which somebody has arrived and that are not over: their results are still to come."""
    rows = Inspection.objects.filter(year=year, status=InspectionStatus.STARTED).order_by("unit__code")
    return Counter(rows.values_list("unit__short_name", flat=True))


def withheld_of(year: int) -> list[dict]:
    """By number: what it is about is exactly what must not be told."""
    rows = Withholding.objects.standing().filter(inspection__year=year).select_related("inspection__unit")
    return [
        {
            "no": one.inspection.no,
            "unit": one.inspection.unit.short_name,
            "ground": one.get_ground_display(),
            "document": one.document_no,
        }
        for one in rows.order_by("inspection__no")
    ]
