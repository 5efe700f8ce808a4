"""Entering complaints, what a check found about them, and what “反复” means (六(二)-ag, 三-b)."""

from datetime import date

from django.db import transaction
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import telling
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from registry.facilities import rules
from registry.models import Complaint, ComplaintOutcome, ComplaintRule, Facility

from . import tallies
from .tallies import NewComplaint


@transaction.atomic
def enter_complaint(
    *, facility: Facility, day: date, number: str, channel: str, verified: bool, by: User, matter: str = ""
) -> Complaint:
    """Enter one complaint with its number; who complained stays where it was taken in."""
    refuse_if(rules.why_not_edit_facility(facility, by))
    new = NewComplaint(number, day, channel, matter)
    return _enter(facility, new, by, verified=verified)


@transaction.atomic
def take_in(*, facility: Facility, new: NewComplaint, by: User) -> Complaint:
    """A complaint that a check is raised for and that nobody has entered yet; told by whoever may raise the check (三-b)."""
    refuse_if(why_not_reason(new.matter, "投诉事项"))
    return _enter(facility, new, by, verified=False)


@transaction.atomic
def mark_checked(*, complaint: Complaint, check_no: str, on: date, result: str, founded: bool) -> ComplaintOutcome:
    """What the check found, told once the result is public; whoever took the complaint in can answer it (三-b)."""
    now = clock.now()
    outcome = ComplaintOutcome.objects.create(
        complaint=complaint, check_no=check_no, checked_on=on, result=result, founded=founded, at=now
    )
    trail.record("registry.complaint.checked", by=None, about=complaint.facility, number=complaint.number)
    telling.notify(
        user=complaint.entered_by,
        key=f"complaint:{complaint.pk}:{outcome.pk}",
        title=f"投诉 {complaint.number} 已经检查",
        body=f"{full_date(on)}检查，结果：{result}。可以答复投诉人。",
        url=f"{reverse('registry:facility-complaints')}?unit={complaint.facility.unit.code}",
        at=now,
    )
    return outcome


def mark_followed(*, complaint: Complaint, check_no: str, words: str) -> None:
    """What became of what the check had found: whoever took the complaint in can tell the complainant (三-b, 八(二)-e). Once."""
    now, body = clock.now(), f"检查 {check_no}：{words}。可以答复投诉人。"[:400]
    title = f"投诉 {complaint.number} 有了处理结果"[:120]
    if complaint.entered_by.inbox.filter(title=title, body=body).exists():
        return
    telling.notify(
        user=complaint.entered_by,
        key=f"complaint:{complaint.pk}:{check_no}:{now.isoformat()}",
        title=title,
        body=body,
        url=f"{reverse('registry:facility-complaints')}?unit={complaint.facility.unit.code}",
        at=now,
    )


def _enter(facility: Facility, new: NewComplaint, by: User, *, verified: bool) -> Complaint:
    now = clock.now()
    refuse_if(tallies.why_not_enter(facility, new, now.date()))
    complaint = Complaint.objects.create(
        facility=facility,
        day=new.day,
        number=new.number.strip(),
        channel=new.channel.strip(),
        matter=new.matter.strip(),
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
