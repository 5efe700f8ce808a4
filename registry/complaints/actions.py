"""Entering complaints, and what “反复” means (六(二)-ag)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if
from registry.models import Complaint, ComplaintRule, Facility

from . import tallies


@transaction.atomic
def enter_complaint(*, facility: Facility, day: date, number: str, channel: str, verified: bool, by: User) -> Complaint:
    """Enter one complaint with its number; who complained stays where it was taken in."""
    now = clock.now()
    refuse_if(tallies.why_not_enter(facility, by, number=number, channel=channel, day=day, today=now.date()))
    complaint = Complaint.objects.create(
        facility=facility,
        day=day,
        number=number.strip(),
        channel=channel.strip(),
        verified=verified,
        entered_by=by,
        entered_at=now,
    )
    trail.record("registry.complaint.entered", by=by, about=facility, number=complaint.number, verified=verified)
    return complaint


@transaction.atomic
def set_complaint_rule(
    *, least: int, months: int, only_verified: bool, valid_from: date, document: str, by: User
) -> ComplaintRule:
    """Say what “反复” means from a day on."""
    now = clock.now()
    refuse_if(tallies.why_not_set_rule(by, document=document, valid_from=valid_from, today=now.date()))
    rule = ComplaintRule.objects.create(
        least=least,
        months=months,
        only_verified=only_verified,
        valid_from=valid_from,
        document=document.strip(),
        entered_by=by,
        entered_at=now,
    )
    trail.record("registry.complaint.rule", by=by, about=rule, least=least, months=months, document=rule.document)
    return rule
