"""How the city's summary of a quarter stands: published, out of date, or waiting for whom (七(六), D-3b)."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Calendar, Quarter
from disclosure.models import Publication, PublicationKind
from plans.models import PlanStatus, QuarterlyPlan

from . import summaries


@dataclass(frozen=True)
class Standing:
    """The summary of one quarter as it stands: what is public, and what a new version would say.

    `missing`: short names of the units whose plan is not yet public and signed for by the lead office, by code.
    """

    quarter: Quarter
    published: Publication | None
    found: list[Publication]
    missing_units: dict[str, str]
    is_late: bool  # the day by which every unit should have sent its plan is over

    @cached_property
    def missing(self) -> list[str]:
        return list(self.missing_units.values())

    @cached_property
    def absent(self) -> list[str]:
        """Who never arrived and is named as missing once the day is over; whoever changes a listed plan is waited for."""
        listed = {unit["code"] for unit in self.published.snapshot["units"]} if self.published else set()
        return [name for code, name in self.missing_units.items() if self.is_late and code not in listed]

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


def standing(quarter: Quarter, today: date, calendar: Calendar) -> Standing:
    """Read in four queries how the summary of a quarter stands."""
    order = {code: place for place, code in enumerate(Unit.objects.drawing().values_list("code", flat=True))}
    found = list(
        Publication.objects.current().filter(
            kind__in=[PublicationKind.PLAN, PublicationKind.SUMMARY], year=quarter.year, number=quarter.number
        )
    )
    plans = sorted(
        (p for p in found if p.kind == PublicationKind.PLAN), key=lambda p: order.get(p.unit_code, len(order))
    )
    received = QuarterlyPlan.objects.of(quarter).filter(status=PlanStatus.PUBLISHED, received_at__isnull=False)
    missing = Unit.objects.working(quarter).exclude(pk__in=received.values("unit_id"))
    return Standing(
        quarter=quarter,
        published=next((p for p in found if p.kind == PublicationKind.SUMMARY), None),
        found=plans,
        missing_units=dict(missing.values_list("code", "short_name")),
        is_late=quarter.plan_due(calendar).is_over(today),
    )
