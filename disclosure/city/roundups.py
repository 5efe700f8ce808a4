"""检查结果汇总: what the units have reported of one quarter, put together and published (七(六)-b).

Its figures are those of the reports that the lead office has signed for: counts of what is public, no facility named.
"""

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.models import Change, Publication, PublicationKind
from disclosure.publications import publish
from inspections.models import WorkReport
from inspections.reports import provincial

from .duties import RESULTS
from .result_tables import COLUMNS
from .standing import Standing


def title_of(quarter: Quarter) -> str:
    return f"全市 {quarter.label}检查结果汇总"


def line_of(report: WorkReport) -> dict:
    """One unit's line."""
    return {
        "code": report.unit.code,
        "name": report.unit.short_name,
        "receipt": report.receipt_no,
        "draws": report.figures["draws"],
        "outcomes": report.figures["outcomes"],
        **{name: report.figures[name] for name, _ in COLUMNS},
    }


@dataclass(frozen=True)
class ResultStanding:
    """The summary of one quarter's results: what is public, what would be, and who has not reported."""

    quarter: Quarter
    published: Publication | None
    reports: list[WorkReport]
    missing: list[str]

    @cached_property
    def units(self) -> list[dict]:
        return [line_of(report) for report in self.reports]

    @cached_property
    def added(self) -> list[str]:
        """Who has come since the last version; a report that is received does not change any more."""
        if self.published is None:
            return []
        there = {unit["code"] for unit in self.published.snapshot["units"]}
        return [unit["name"] for unit in self.units if unit["code"] not in there]

    @property
    def version(self) -> int:
        return self.published.version + 1 if self.published else 1

    def is_due(self, today) -> bool:
        """Whether the lead office can publish: everybody has reported, or the quarter is over."""
        complete = bool(self.reports) and (not self.missing or today > self.quarter.last_day)
        return complete and (self.published is None or bool(self.added))

    def snapshot(self) -> dict:
        law = policy.on(self.quarter.first_day)
        return {
            "quarter": str(self.quarter),
            "title": title_of(self.quarter) + (f"（第 {self.version} 版）" if self.published else ""),
            "version": self.version,
            "units": self.units,
            "missing": self.missing,
            "added": self.added,
            "policy": {"version": law.version, "title": law.title + law.label},
        }


def standing(quarter: Quarter, city: Standing | None = None) -> ResultStanding:
    """How the summary of a quarter's results stands, in three queries; in one beside how its plans stand."""
    reports = provincial.received(quarter)
    if city:
        return ResultStanding(quarter, city.results, reports, provincial.missing(city.working, reports))
    published = Publication.objects.current().filter(kind=PublicationKind.RESULT_SUM, no=str(quarter)).first()
    return ResultStanding(quarter, published, reports, provincial.missing(Unit.objects.working(quarter), reports))


def why_not_publish(now: ResultStanding, by: User, today) -> str:
    """The lead office, once every unit's report has arrived; of a quarter that is over, with the missing ones named."""
    if not by.units_with(Permission.PUBLISH_CITY):
        return "由牵头部门汇总公开。"
    if now.published and not now.added:
        return f"{now.quarter.label}的检查结果汇总已经公开，没有新的报告。"
    if not now.reports:
        return "还没有签收任何单位的检查结果报告。"
    if not now.is_due(today):
        return f"还没有收齐：{'、'.join(now.missing)}的检查结果报告没有签收。季度结束以后可以点名公开。"
    return ""


@transaction.atomic
def publish_result_summary(*, quarter: Quarter, by: User) -> Publication:
    """Publish the units' results together; who comes later makes the next version (七(六)-b, D-7b)."""
    lead = Unit.objects.select_for_update().city_team()
    now = standing(quarter)
    refuse_if(why_not_publish(now, by, clock.today()))

    snapshot = now.snapshot() | {"unit_name": lead.name}
    publication = publish(
        PublicationKind.RESULT_SUM,
        str(quarter),
        by=by,
        title=snapshot["title"],
        unit=lead,
        year=quarter.year,
        number=quarter.number,
        snapshot=snapshot,
        change=Change.COMPLETION,
    )
    RESULTS.close(lead, str(quarter), "检查结果汇总公开", publication.published_at)
    trail.record(
        "disclosure.results.summed",
        by=by,
        about=publication,
        unit=lead,
        digest=publication.digest,
        version=publication.version,
    )
    return publication
