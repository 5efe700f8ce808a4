from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.telling import notify
from benxi_shuangsuiji.refusal import refuse_if
from inspections.checks import rules as checks_rules
from inspections.checks.duties import made_public, settle_coverage
from inspections.checks.states import move_to
from inspections.models import Inspection, InspectionStatus
from inspections.visits.rules import AFTER_A_PROBLEM
from registry.complaints import actions as complaints

from . import duties, rules


@transaction.atomic
def return_result(*, inspection: Inspection, by: User, opinion: str, version: int | None = None) -> Inspection:
    """Send a record back to its team with what to mend."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(checks_rules.why_not_this_version(inspection, version) or rules.why_not_return(inspection, by, opinion))
    move_to(inspection, InspectionStatus.RETURNED)
    inspection.opinion = opinion.strip()
    inspection.reviewed_by = inspection.reviewed_at = None
    inspection.save_anew()
    duties.given_back(inspection, by)
    _tell_team_of_return(inspection, by)
    trail.record("inspections.result.returned", by=by, about=inspection)
    return inspection


@transaction.atomic
def review_result(*, inspection: Inspection, by: User, opinion: str = "", version: int | None = None) -> Inspection:
    """A second person agrees with the record; then it may be published (七(四)-5)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    now = clock.now()
    refuse_if(checks_rules.why_not_this_version(inspection, version) or rules.why_not_review(inspection, by))
    move_to(inspection, InspectionStatus.REVIEWED)
    inspection.reviewed_by, inspection.reviewed_at, inspection.opinion = by, now, opinion.strip()
    inspection.save_anew()
    duties.reviewed(inspection, by)
    for heard in subjects.house().heard:
        if heard.result_reviewed:
            heard.result_reviewed(inspection, by)
    trail.record("inspections.result.reviewed", by=by, about=inspection)
    return inspection


@transaction.atomic
def mark_published(*, inspection: Inspection, by: User, at: datetime) -> Inspection:
    """Note that the result is public. Called by `disclosure`, which has written the publication (decisions.md 2)."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw", "facility__unit")
    refuse_if(rules.why_not_mark_published(inspection, by))
    move_to(inspection, InspectionStatus.PUBLISHED)
    inspection.published_at = at
    inspection.save_anew()
    made_public(inspection, at)
    _answer_complaints(inspection)
    subjects.house().check_moved(inspection, by)
    trail.record("inspections.result.published", by=by, about=inspection)
    return inspection


@transaction.atomic
def mark_corrected(
    *,
    inspection: Inspection,
    outcome: str,
    rectify_by: date | None,
    by: User,
    differences: Sequence[tuple[str, str, str]] = (),
) -> Inspection:
    """Let what is counted follow the corrected public result. Called by `disclosure` (八(二)-c, decision 0019).

    The words of the record stay as they were signed; the trail keeps what was counted before. `differences`: what the public
    reads otherwise of what was found, for whoever goes on from it: (which place, before, now).
    """
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw", "facility__unit")
    refuse_if(rules.why_not_mark_corrected(inspection))
    was, now = (inspection.outcome, inspection.rectify_by), (str(outcome), rectify_by)
    if now != was:
        inspection.outcome, inspection.rectify_by = now
        inspection.save_anew()
        settle_coverage(inspection, clock.now())
        subjects.house().check_moved(inspection, by)
        trail.record("inspections.result.corrected", by=by, about=inspection, was=was, now=now)
    if differences:
        subjects.house().found_otherwise(inspection, differences, by)
    return inspection


@transaction.atomic
def mark_withdrawn(*, inspection: Inspection, by: User, at: datetime) -> Inspection:
    """Note that the public words are withdrawn: the record is read by its circle again. Called by `disclosure`."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw")
    refuse_if(rules.why_not_mark_corrected(inspection))
    inspection.withdrawn_at = at
    inspection.save_anew()
    subjects.house().publicity_moved(inspection)
    trail.record("inspections.result.withdrawn", by=by, about=inspection)
    return inspection


def _answer_complaints(inspection: Inspection) -> None:
    """What was found goes back to the complaints that it was checked for, once everybody may know it (三-b).

    By the number of the request: that it joined a drawn check is not for the register to tell (decisions.md 3).
    """
    for asked in inspection.targeted.filter(complaint__isnull=False).select_related("complaint__facility__unit"):
        complaints.mark_checked(
            complaint=asked.complaint,
            check_no=asked.no,
            on=localtime(inspection.ended_at).date(),
            result=inspection.get_outcome_display(),
            founded=inspection.outcome in AFTER_A_PROBLEM,
        )


def _tell_team_of_return(inspection: Inspection, by: User) -> None:
    """The team has it again: to each of them, naming the check and not the firm (decisions.md 3)."""
    now = clock.now()
    people = User.objects.filter(inspector__visits__inspection=inspection).exclude(pk=by.pk)
    for user in people.distinct().order_by("pk"):
        notify(
            user=user,
            key=f"returned:{inspection.no}:{now.isoformat()}",
            title=f"检查结果 {inspection.no} 被退回",
            body=f"改好之后重新提交。公开期限不变。审核意见：{inspection.opinion}",
            url=inspection.field_url,
            at=now,
        )
