"""公开: one frozen publication for each list, plan, result and summary (四(3), 八(二)).

Each verb writes the publication first and then tells the app on its left, in one transaction (decisions.md 2).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import Refused, refuse_if
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure import digests
from disclosure.city.standing import standing
from disclosure.models import Publication, PublicationKind
from disclosure.publications import publish
from inspections.models import Inspection
from inspections.review import actions as inspections_actions
from plans.filings import actions as filings
from plans.filings.duties import SUMMARY
from plans.lists import actions as lists_actions
from plans.lists.public_facts import ItemListFacts
from plans.models import ItemList, QuarterlyPlan
from plans.quarterly import actions as quarterly_actions
from plans.quarterly import rules as plan_rules
from plans.quarterly.public_facts import PlanFacts

from . import reading, rules, snapshots


@transaction.atomic
def publish_list(*, item_list: ItemList, by: User) -> Publication:
    """Publish one version of a year's item list (八(二)-a)."""
    item_list = ItemList.objects.locked(item_list.pk, "unit")
    refuse_if(rules.why_not_publish_list(item_list, by))

    snapshot = digests.plain(ItemListFacts.of(item_list, today=clock.today()).as_snapshot())
    publication = publish(
        PublicationKind.ITEM_LIST,
        list_no(item_list),
        by=by,
        title=snapshot["title"],
        unit=item_list.unit,
        year=item_list.year,
        snapshot=snapshot,
    )
    lists_actions.mark_list_published(item_list=item_list, by=by, at=publication.published_at)
    trail.record("disclosure.list.published", by=by, about=publication, unit=item_list.unit, digest=publication.digest)
    return publication


@transaction.atomic
def publish_plan(*, plan: QuarterlyPlan, by: User, late_reason: str = "") -> Publication:
    """Publish a unit's quarterly plan, by the 5th or with the reason why not (八(二)-a, 七(四)-3, 六(一)2-b)."""
    plan = QuarterlyPlan.objects.locked(plan.pk, "unit")
    today, calendar = clock.today(), workdays.calendar()
    refuse_if(
        rules.why_not_publish_plan(plan, by) or plan_rules.why_not_late_publication(plan, today, calendar, late_reason)
    )

    if plan_rules.publication_lateness(plan, today, calendar):
        plan.late_reason = plan_rules.with_late_reason(plan, late_reason)
    snapshot = digests.plain(PlanFacts.of(plan, now=clock.now()).as_snapshot())
    publication = publish(
        PublicationKind.PLAN,
        plan_no(plan),
        by=by,
        title=snapshot["title"],
        unit=plan.unit,
        year=plan.year,
        number=plan.number,
        snapshot=snapshot,
        late_reason=plan.late_reason,
    )
    plan = quarterly_actions.mark_plan_published(
        plan=plan, by=by, at=publication.published_at, late_reason=plan.late_reason
    )
    filings.send_plan(plan=plan, by=by, at=publication.published_at)
    trail.record("disclosure.plan.published", by=by, about=publication, unit=plan.unit, digest=publication.digest)
    return publication


@transaction.atomic
def publish_result(*, inspection: Inspection, by: User, late_reason: str = "", shown: str | None = None) -> Publication:
    """Publish a reviewed result, within 20 working days or with the reason why not (八(二)-d, 七(四)-6).

    `shown`: what the page had shown; with other words than these nothing is published.
    """
    results = Inspection.objects.prefetch_related("answers", "deliveries", "members__inspector", "kept_names", "looks")
    inspection = results.locked(inspection.pk, "unit", "executing_unit", "facility__unit", "draw")
    today, calendar = clock.today(), workdays.calendar()
    late = rules.is_late(inspection, today)
    refuse_if(rules.why_not_publish_result(inspection, by, today=today, late_reason=late_reason))

    reason = late_reason.strip()[:200] if late else ""
    snapshot = snapshots.of_result(inspection, today=today, calendar=calendar, late_reason=reason)
    if shown is not None:
        refuse_if(reading.why_not_as_read(inspection, snapshot, shown))
    publication = publish(
        PublicationKind.RESULT,
        inspection.no,
        by=by,
        title=f"{snapshot['facility']['name']}检查结果",
        unit=inspection.unit,
        year=inspection.year,
        number=inspection.number,
        snapshot=snapshot,
        late_reason=reason,
        **snapshots.columns_of(snapshot, inspection),
    )
    inspections_actions.mark_published(inspection=inspection, by=by, at=publication.published_at)
    trail.record(
        "disclosure.result.published",
        by=by,
        about=publication,
        unit=inspection.unit,
        digest=publication.digest,
        workday_number=publication.workday_number,
        late_reason=reason,
        names_confirmed=snapshot["names_confirmed"],
    )
    return publication


@dataclass
class Batch:
    """What a batch has published, and what it has left with the reason."""

    published: list[Publication] = field(default_factory=list)
    left: list[tuple[Inspection, str]] = field(default_factory=list)


def publish_results(*, inspections: Iterable[Inspection], by: User, shown: Mapping[str, str] | None = None) -> Batch:
    """Publish several results, each for itself: what must be opened and read alone stays behind with its reason.

    `shown`: by number, what the page had shown of each.
    """
    batch, today = Batch(), clock.today()
    for inspection in inspections:
        said = None if shown is None else shown.get(inspection.no, "")
        try:
            refuse_if(rules.why_not_together(inspection, by, today=today))
            batch.published.append(publish_result(inspection=inspection, by=by, shown=said))
        except Refused as refusal:
            batch.left.append((inspection, str(refusal)))
    return batch


@transaction.atomic
def publish_plan_summary(*, quarter: Quarter, by: User) -> Publication:
    """Publish the city's plans of one quarter together, once every unit's plan has been received (七(六), D-3b).

    When a plan was changed after that, the summary is published again as its next version; the earlier one stays.
    """
    # Whoever comes second waits here, and then finds it published.
    lead = Unit.objects.select_for_update().city_team()
    now = standing(quarter, clock.today())
    refuse_if(rules.why_not_publish_summary(now, by))

    snapshot = now.snapshot() | {"unit_name": lead.name}
    publication = publish(
        PublicationKind.SUMMARY,
        str(quarter),
        by=by,
        title=snapshot["title"],
        unit=lead,
        year=quarter.year,
        number=quarter.number,
        snapshot=snapshot,
    )
    SUMMARY.close(lead, str(quarter), "disclosure.summary.published", publication.published_at)
    trail.record(
        "disclosure.summary.published",
        by=by,
        about=publication,
        unit=lead,
        digest=publication.digest,
        version=publication.version,
    )
    return publication


def list_no(item_list: ItemList) -> str:
    return f"{item_list.unit.code}-{item_list.year}"


def plan_no(plan: QuarterlyPlan) -> str:
    return f"{plan.unit.code}-{plan.quarter}"
