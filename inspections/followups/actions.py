"""后续处理: a room hands over each step that happened; the officer makes it public (八(二)-e, -f)."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.documents import files as stored
from benxi_shuangsuiji.documents import pictures
from benxi_shuangsuiji.documents.models import StoredFile
from benxi_shuangsuiji.documents.numbers import Numbering, lock_of
from benxi_shuangsuiji.refusal import refuse_if
from inspections.models import FollowUp, FollowUpKind, FollowUpStep, Inspection, InspectionStatus
from registry.complaints import actions as complaints
from registry.proposals import actions as proposals

from . import duties, rules

ENDS = (FollowUpStep.MENDED, FollowUpStep.TO_CASE, FollowUpStep.CASE_DECIDED, FollowUpStep.ANSWERED)
_LETTER = {FollowUpKind.RECTIFICATION: "Z", FollowUpKind.CASE: "L", FollowUpKind.REFERRAL: "Y"}


@transaction.atomic
def hand_over(
    inspection: Inspection,
    step: str,
    words: str,
    by: User,
    facts: Mapping[str, str] | None = None,
    *,
    on: date | None = None,
) -> FollowUp:
    """Hand one step over, to be published by the unit's officer. Called by a room in the transaction of its own act.

    `words` is one sentence, and `facts` are labels with their values (期限, 文号): both become public as they stand, so
    they name no person, no reason and no opinion. `by` did the act, `on` a day, mostly today, and does not publish it.
    Nothing is public until the officer has read it, and not before the result is. `hand_over` may be called again for
    every further step; nothing is taken back: what was wrong is corrected or withdrawn like any publication.
    """
    kind = FollowUpStep(step).publication
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw", "facility")
    facts = {label: value for label, value in (facts or {}).items() if value}
    words = words.strip()
    refuse_if(rules.why_not_hand_over(inspection, words, facts))
    numbering = Numbering(f"{inspection.no}-{_LETTER[kind]}", 2)
    handed = FollowUp.objects.create(
        no=numbering.next(inspection.followups.all()),
        inspection=inspection,
        kind=kind,
        step=step,
        happened_on=on or clock.today(),
        words=words,
        facts=[{"label": label, "value": value} for label, value in facts.items()],
        by=by,
        handed_at=clock.now(),
    )
    duties.handed_over(handed)
    trail.record("inspections.followup.handed_over", by=by, about=inspection, step=step, no=_told(handed))
    return handed


@transaction.atomic
def mark_published(*, step: FollowUp, by: User, at: datetime) -> FollowUp:
    """Note that a step is public. Called by `disclosure`, which has written the publication (decisions.md 2)."""
    step = FollowUp.objects.locked(step.pk, "inspection__unit", "inspection__draw")
    refuse_if(rules.why_not_mark_published(step, by))
    step.published_at = at
    step.save(update_fields=["published_at"])
    duties.published(step, at)
    return step


def kept(file: tuple[str, bytes] | None, by: User) -> StoredFile | None:
    """What came with a request or a decision."""
    if file is None:
        return None
    refuse_if(rules.why_not_file(*file))
    return stored.store(name=file[0], content=file[1], content_type=pictures.kind_of(file[1]), by=by)


def number_of(inspection: Inspection, letter: str, given) -> str:
    """The next number of the unit's cases or referrals of the year, given out while its row is held."""
    lock_of(inspection.unit)
    stem = f"{inspection.unit.code}-{clock.today().year}-{letter}"
    return Numbering(stem, 3).next(given.filter(inspection__unit=inspection.unit))


def answer_complaints(check: Inspection, words: str) -> None:
    """What became of it goes back to the complaints that it was checked for, once everybody may know the result (三-b)."""
    if check.status != InspectionStatus.PUBLISHED:
        return
    for asked in check.targeted.filter(complaint__isnull=False).select_related("complaint__facility__unit"):
        complaints.mark_followed(complaint=asked.complaint, check_no=asked.no, words=words)


def ask_for_ground(check: Inspection, kind: str, *, evidence: str, document: str, by: User) -> None:
    """What a check led to makes a ground, if a person agrees; asked for once everybody may know of the check.

    Whoever keeps the registry is outside its circle (decisions.md 3): called again when the result becomes public.
    """
    if check.status == InspectionStatus.PUBLISHED:
        said = {"kind": kind, "evidence": evidence, "document": document, "by": by}
        proposals.mark_found(facility=check.facility, **said)


def check_moved(check: Inspection, by: User) -> None:
    """A result that became public after what followed from it: the complainants hear now how it ended."""
    for step in check.followups.filter(step__in=ENDS):
        answer_complaints(check, step.words)


def _told(step: FollowUp) -> str:
    """Until the result is public the trail tells no number that would name the check (decisions.md 3)."""
    return step.no.replace(step.inspection.no, step.inspection.trail_key)
