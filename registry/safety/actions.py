"""现场安全说明, entered by the registrar, and by who has been there (七(五)-p)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from registry.models import Facility, SafetyNote

from . import rules


def standing(facility: Facility) -> SafetyNote | None:
    """The newest, unless it says that there is nothing any more."""
    note = facility.safety_notes.select_related("entered_by").first()
    return note if note and note.text else None


@transaction.atomic
def note(*, facility: Facility, text: str, told_by: str, told_on: date, by: User) -> SafetyNote:
    """What the enterprise says, kept by the registrar."""
    refuse_if(rules.why_not_note(facility, by))
    return mark_seen_there(facility=facility, text=text, told_by=told_by, told_on=told_on, by=by)


@transaction.atomic
def mark_seen_there(*, facility: Facility, text: str, told_by: str, told_on: date, by: User) -> SafetyNote:
    """What a team saw or was told on the spot; the app of the checks has asked whether it was there."""
    now = clock.now()
    refuse_if(rules.why_not_words(text, told_by, told_on, now.date()))
    found = SafetyNote.objects.create(
        facility=facility,
        text=text.strip(),
        told_by=told_by.strip(),
        told_on=told_on,
        entered_by=by,
        entered_at=now,
    )
    trail.record("registry.safety.noted", by=by, about=facility)
    return found
