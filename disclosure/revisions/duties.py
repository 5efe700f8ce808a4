"""What waits for the second person's word, what must be taken back within three working days (D-23), whose term is over."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due, withdrawal_due
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.models import Duty
from disclosure.models import OF_THE_CITY, Publication
from disclosure.words import PAGE_OF

from . import terms
from .models import Act, Ground, Revision, RevisionState

WITHDRAWAL = Step("D-23", button="撤下内容", noun="内容撤下", stage="公示")
DECISION = Step("REVISE", "审批更正申请", button="审批更正", stage="公示")
DECIDED = (RevisionState.APPROVED, RevisionState.RETURNED)
UNANSWERED = "到期没有补充，申请结束"
TERM = Step("EXPIRED", "撤下公示期满的结果", serves="D-23", button="撤下结果", noun="期满撤下", stage="公示")


def address_of(publication: Publication) -> str:
    return reverse("disclosure:revision", args=[PAGE_OF[publication.kind], publication.no])


def asked(revision: Revision, by: User) -> None:
    """The leader has it to decide; what an earlier request of another kind left open is over, unless the law wants it."""
    if revision.receipt and revision.ground != Ground.REVOKED:
        return  # the objection has its own day
    step, period = _step(revision), _period(revision)
    today, calendar = revision.asked_at.date(), workdays.calendar()
    other = DECISION if revision.is_withdrawal else WITHDRAWAL
    if other is DECISION or not _is_wanted_by_law(revision):
        other.close(revision.unit, _period(revision, other), f"改为{revision.get_act_display()}", revision.asked_at)
    title = f"审批{revision.get_act_display()}申请 {revision.publication.no}"
    due = decision_due(today, calendar)
    if revision.is_withdrawal:
        due = withdrawal_due(revision.known_on or today, calendar)
    step.open(
        revision.unit,
        period,
        role=Role.APPROVER,
        title=title,
        due=due,
        url=address_of(revision.publication),
        consequence="" if revision.is_withdrawal else "批准以前，公开的文字照旧。",
    )
    # Asked once more: a correction has days of its own, a withdrawal those of the earliest day that anybody named.
    duty = step.duties.filter(unit=revision.unit, period=period).first()
    if duty and (duty.closed_at or not revision.is_withdrawal or due.date < duty.due):
        step.give_back(revision.unit, period, title=title, due=due)
    step.hand_over(revision.unit, period, role=Role.APPROVER, title=title, url=address_of(revision.publication), by=by)


def sent_back(revision: Revision, by: User) -> None:
    """The officer's once more: a correction with days of its own, a withdrawal on the day it had."""
    if not revision.is_withdrawal:
        due = decision_due(revision.decided_at.date(), workdays.calendar())
        DECISION.give_back(revision.unit, _period(revision), title="", due=due)
    _officers_again(revision, f"补充{revision.get_act_display()}申请 {revision.publication.no}", by)


def taken_back(revision: Revision, by: User) -> None:
    """The officer thinks better of it. What rests on a revoked decision he alone does not end (D-23)."""
    if revision.is_withdrawal and _is_wanted_by_law(revision):
        return _officers_again(revision, f"申请已撤回，时限照算 {revision.publication.no}", by)
    decided(revision, "申请已撤回", revision.decided_at)


def _is_wanted_by_law(revision: Revision) -> bool:
    """Whether somebody said that the decision was revoked and no leader has decided since (D-23)."""
    same = Revision.objects.filter(publication__kind=revision.publication.kind, publication__no=revision.publication.no)
    decided_last = same.filter(state__in=DECIDED).exclude(act=Act.CORRECT).order_by("-asked_at", "-pk").first()
    since = same.filter(asked_at__gt=decided_last.asked_at) if decided_last else same
    return since.filter(ground=Ground.REVOKED).exists()


def _officers_again(revision: Revision, title: str, by: User) -> None:
    role = Role.LEAD_OFFICE if revision.publication.kind in OF_THE_CITY else Role.DISCLOSURE_OFFICER
    url = address_of(revision.publication)
    _step(revision).hand_over(revision.unit, _period(revision), role=role, title=title, url=url, by=by)


def end_unanswered(now: datetime) -> None:
    """A correction that was sent back and not completed by its day is over by itself (ui-2.md 27)."""
    waits = DECISION.duties.filter(closed_at__isnull=True, due__lt=now.date()).exclude(role=Role.APPROVER)
    for duty in waits.select_related("unit"):
        DECISION.close(duty.unit, duty.period, UNANSWERED, now)


def owed(publication: Publication, unit: Unit) -> Duty | None:
    """A withdrawal that is the officer's to ask for, with its day."""
    found = WITHDRAWAL.duties.filter(unit=unit, period__startswith=f"{publication.no}/{publication.kind}/")
    return found.filter(closed_at__isnull=True).exclude(role=Role.APPROVER).first()


def duty_of(revision: Revision) -> Duty | None:
    """The duty that this request opened, whoever has it now."""
    found = _step(revision).duties.filter(unit=revision.unit, period__startswith=_number(revision))
    return found.filter(closed_at__isnull=True).first() or found.order_by("-closed_at").first()


def decided(revision: Revision, event: str, at: datetime) -> None:
    """By the leader, either way, or by the officer where the law has nothing to do with it."""
    _step(revision).close(revision.unit, _period(revision), event, at)
    keep_term(revision.unit, at)


def keep_terms() -> None:
    """The worker's look at what has been public for its whole term, and at what nobody completed."""
    now = clock.now()
    end_unanswered(now)
    for unit in Unit.objects.drawing():
        keep_term(unit, now)


def keep_term(unit: Unit, now: datetime) -> None:
    """As long as something whose term is over is public, the officer has it to withdraw."""
    over = terms.over(unit.code, now.date())
    TERM.keep(
        unit,
        "公示期满",
        wanted=bool(over),
        role=Role.DISCLOSURE_OFFICER,
        title="撤下公示期满的结果",
        due=withdrawal_due(terms.term_of(over[0]).ends_on if over else now.date(), workdays.calendar()),
        event="公示期满的已撤下",
        at=now,
        url=f"{reverse('disclosure:terms-over')}?unit={unit.code}",
    )


def _step(revision: Revision) -> Step:
    return WITHDRAWAL if revision.is_withdrawal else DECISION


def _number(revision: Revision) -> str:
    p = revision.publication
    return f"{p.no}/{p.kind}/"


def _period(revision: Revision, step: Step | None = None) -> str:
    """The one that is open about this number, of whichever version; else that of this version."""
    found = (step or _step(revision)).duties.filter(unit=revision.unit, period__startswith=_number(revision))
    duty = found.filter(closed_at__isnull=True).first()
    return duty.period if duty else f"{_number(revision)}{revision.publication.version}"
