"""How the city's summary of a quarter stands: published, out of date, or waiting for whom (七(六), D-3b)."""

from dataclasses import dataclass
from functools import cached_property

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Publication, PublicationKind
from plans.models import PlanStatus, QuarterlyPlan

from . import summaries


@dataclass(frozen=True)
class Standing:
    """The summary of one quarter as it stands: what is public, and what a new version would say.

    `missing`: short names of the units whose plan is not yet public and signed for by the lead office.
    """

    quarter: Quarter
    published: Publication | None
    plans: list[Publication]
    missing: list[str]

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
        return not self.missing and (self.published is None or bool(self.changes))

    def snapshot(self) -> dict:
        """The city's plans of one quarter, from the publications of the units; a later version says what changed."""
        law = policy.on(self.quarter.first_day)
        return {
            "quarter": str(self.quarter),
            "title": summaries.title_of(self.quarter) + (f"（第 {self.version} 版）" if self.published else ""),
            "version": self.version,
            "changes": self.changes,
            "units": self.units,
            "policy": {"version": law.version, "title": law.title + law.label},
        }


def standing(quarter: Quarter) -> Standing:
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
    missing = Unit.objects.drawing().exclude(pk__in=received.values("unit_id"))
    return Standing(
        quarter=quarter,
        published=next((p for p in found if p.kind == PublicationKind.SUMMARY), None),
        plans=plans,
        missing=list(missing.values_list("short_name", flat=True)),
    )
