"""What waits for the second person's word, what must be taken back within three working days (D-23), whose term is over."""

from datetime import datetime

from django.urls import reverse

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import decision_due, withdrawal_due
from benxi_shuangsuiji.notices.duties import Step
from disclosure.models import Publication
from disclosure.words import PAGE_OF

from . import terms
from .models import Revision
from .rules import OF_THE_CITY

WITHDRAWAL = Step("D-23", button="去办理", stage="公示")
DECISION = Step("REVISE", "审批更正申请", button="去审批", stage="公示")
TERM = Step("EXPIRED", "撤下公示期满的结果", serves="D-23", button="去撤下", stage="公示")


def address_of(publication: Publication) -> str:
    return reverse("disclosure:revision", args=[PAGE_OF[publication.kind], publication.no])


def asked(revision: Revision, by: User) -> None:
    """The leader has it to decide. A withdrawal's days count from the decision that was revoked, and go on if it comes back."""
    step, period = _step(revision), _period(revision)
    today, calendar = revision.asked_at.date(), workdays.calendar()
    known_on = revision.known_on or today
    title = f"审批{revision.get_act_display()}申请 {revision.publication.no}"
    step.open(
        revision.unit,
        period,
        role=Role.APPROVER,
        title=title,
        due=withdrawal_due(known_on, calendar) if revision.is_withdrawal else decision_due(today, calendar),
        url=address_of(revision.publication),
        consequence="" if revision.is_withdrawal else "批准以前，公开的文字照旧。",
    )
    step.hand_over(revision.unit, period, role=Role.APPROVER, title=title, url=address_of(revision.publication), by=by)


def returned(revision: Revision, by: User) -> None:
    """A correction that was not approved is over; what has to be taken back is the officer's once more."""
    if not revision.is_withdrawal:
        return decided(revision, "更正申请没有批准", revision.decided_at)
    role = Role.LEAD_OFFICE if revision.publication.kind in OF_THE_CITY else Role.DISCLOSURE_OFFICER
    title = f"撤下申请没有批准，补充以后再提 {revision.publication.no}"
    url = address_of(revision.publication)
    WITHDRAWAL.hand_over(revision.unit, _period(revision), role=role, title=title, url=url, by=by)


def decided(revision: Revision, event: str, at: datetime) -> None:
    _step(revision).close(revision.unit, _period(revision), event, at)
    keep_term(revision.unit, at)


def keep_terms() -> None:
    """The worker's look at what has been public for its whole term."""
    now = clock.now()
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


def _period(revision: Revision) -> str:
    """One withdrawal of one number at a time, whatever becomes of the first request."""
    p = revision.publication
    return f"{p.no}/{p.kind}/{p.version}"
