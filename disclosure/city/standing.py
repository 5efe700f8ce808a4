"""How the city's summary of a quarter stands: published, out of date, or waiting for whom (七(六), D-3b)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Exists, OuterRef

from benxi_shuangsuiji import policy, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication, PublicationKind
from plans.models import PlanStatus, QuarterlyPlan

from . import summaries


@dataclass(frozen=True)
class Standing:
    """The summary of one quarter as it stands: what is public, and what a new version would say.

    `working`: the units that plan and draw in the quarter. `missing`: short names of those whose plan is not yet public and signed
    for by the lead office, by code. `results`: the published summary of the quarter's results, which is counted beside it.
    """

    quarter: Quarter
    today: date
    published: Publication | None
    found: list[Publication]
    working: list[Unit]
    missing_units: dict[str, str]
    results: Publication | None

    @cached_property
    def is_late(self) -> bool:
        """Whether the day is over by which every unit should have sent its plan."""
        return self.quarter.plan_due(workdays.calendar()).is_over(self.today)

    @cached_property
    def missing(self) -> list[str]:
        return list(self.missing_units.values())

    @cached_property
    def absent(self) -> list[str]:
        """Who never arrived and is named as missing once the day is over; whoever changes a listed plan is waited for."""
        if not self.missing_units or not self.is_late:
            return []
        listed = {unit["code"] for unit in self.published.snapshot["units"]} if self.published else set()
        return [name for code, name in self.missing_units.items() if code not in listed]

    @cached_property
    def plans(self) -> list[Publication]:
        return [p for p in self.found if self.missing_units.get(p.unit_code) not in self.absent]

    @cached_property
    def units(self) -> list[dict]:
        return [summaries.line_of(p) for p in self.plans]

    @cached_property
    def changes(self) -> list[dict]:
        """What is different from the published summary; nothing while none is published."""
        return summaries.changes_between(self.published.snapshot["units"], self.units) if self.published else []

    @property
    def version(self) -> int:
        """The number of the version that would be published next."""
        return self.published.version + 1 if self.published else 1

    @property
    def is_due(self) -> bool:
        """Whether the lead office can publish, for the first time or again."""
        waited_for = set(self.missing) - set(self.absent)
        return bool(self.plans) and not waited_for and (self.published is None or bool(self.changes))

    def snapshot(self) -> dict:
        """The city's plans of one quarter, from the publications of the units; a later version says what changed."""
        law = policy.on(self.quarter.first_day)
        return {
            "quarter": str(self.quarter),
            "title": summaries.title_of(self.quarter) + (f"（第 {self.version} 版）" if self.published else ""),
            "version": self.version,
            "changes": self.changes,
            "units": self.units,
            "missing": self.absent,
            "policy": {"version": law.version, "title": law.title + law.label},
        }


def standing(quarter: Quarter, today: date) -> Standing:
    """Read in two queries how the summary of a quarter stands, in three where a plan is missing."""
    received = QuarterlyPlan.objects.of(quarter).filter(
        unit=OuterRef("pk"), status=PlanStatus.PUBLISHED, received_at__isnull=False
    )
    units = list(Unit.objects.drawing().annotate(is_received=Exists(received)))
    working = [unit for unit in units if unit.works_in(quarter)]
    order = {unit.code: place for place, unit in enumerate(units)}
    kinds = [PublicationKind.PLAN, PublicationKind.SUMMARY, PublicationKind.RESULT_SUM]
    of_city, plans = {}, []
    for one in Publication.objects.current().filter(kind__in=kinds, year=quarter.year, number=quarter.number):
        if one.kind == PublicationKind.PLAN:
            plans.append(one)
        else:
            of_city[one.kind] = one
    return Standing(
        quarter=quarter,
        today=today,
        published=of_city.get(PublicationKind.SUMMARY),
        found=sorted(plans, key=lambda p: order.get(p.unit_code, len(order))),
        working=working,
        missing_units={unit.code: unit.short_name for unit in working if not unit.is_received},
        results=of_city.get(PublicationKind.RESULT_SUM),
    )
