"""One frozen publication for each step of what followed a result; the result itself stays as it was (八(二)-e, -f)."""

from django.db import transaction

from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from disclosure.models import Publication
from disclosure.publications import publish
from inspections.followups import actions as followups
from inspections.models import FollowUp, Inspection

from . import rules, snapshots


@transaction.atomic
def publish_step(*, step: FollowUp, by: User) -> Publication:
    """Publish what the unit handed over, by somebody else, and tell the app on the left."""
    Inspection.objects.locked(step.inspection_id)  # as the withdrawal of the result, which takes its steps with it
    step = FollowUp.objects.locked(step.pk, "inspection__unit", "inspection__draw", "inspection__facility")
    refuse_if(rules.why_not_publish(step, by))
    result = rules.result_of(step)
    publication = publish(
        step.kind,
        step.no,
        by=by,
        unit=step.inspection.unit,
        title=f"{result.facility_name}{step.get_step_display()}",
        snapshot=snapshots.of_step(step, result),
        **snapshots.columns_of(result),
    )
    followups.mark_published(step=step, by=by, at=publication.published_at)
    trail.record(
        "disclosure.followup.published",
        by=by,
        about=publication,
        unit=step.inspection.unit,
        digest=publication.digest,
        step=step.step,
    )
    return publication
