"""What waits for a second person: asked here, whoever asks; decided in the room `proposals` (六(二)-d, -r; 七(三)-e).

Category, pool and positive list move by such a decision only, whether a form, a workbook or a rating asks for it.
"""

from datetime import date, datetime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices.duties import Step
from registry.models import ChangeProposal, Facility, Ground, ProposalKind, ProposalState

from . import categories, duties

DECIDE_WITHIN, LIST_WITHIN = 3, 5  # working days; the plan names none, D-14 recommends three
URL = "/desk/changes/"


def ask(
    facility: Facility,
    kind: ProposalKind,
    subject: str,
    payload: dict,
    now: datetime,
    by: User,
    *,
    on: date,
    reason: str,
    evidence: str,
    document: str = "",
    unit: Unit | None = None,
) -> ChangeProposal:
    """One change of one facility, for whoever decides in `unit`; nothing moves yet."""
    unit = unit or facility.unit
    proposal = ChangeProposal.objects.create(
        facility=facility,
        unit=unit,
        kind=kind,
        subject=subject,
        payload=payload,
        effective_on=on,
        reason=reason[:200],
        evidence=evidence[:200],
        document=document[:100],
        asked_by=by,
        asked_at=now,
    )
    open_duty(unit, str(proposal.pk), now, by_lead_office=kind.by_lead_office)
    trail.record("registry.proposal.made", by=by, about=facility, unit=unit, kind=kind, payload=payload)
    return proposal


def settle_derived(facility: Facility, now: datetime, by: User) -> None:
    """Ask for the grounds that permit and credit rating make, and for the end of those they make no more (六(二)-u, -ai)."""
    wanted = categories.derived_grounds(
        permit_category=facility.permit_category, permit_no=facility.permit_no, credit_level=facility.credit_level
    )
    held = {g.kind: g for g in facility.grounds.filter(kind__in=categories.DERIVED, valid_to__isnull=True)}
    waiting = {p.subject: p for p in facility.proposals.pending().filter(subject__in=categories.DERIVED)}
    for kind in sorted(categories.DERIVED):
        needed = None
        if (kind in wanted) != (kind in held):
            needed = ProposalKind.GROUND if kind in wanted else ProposalKind.GROUND_END
        if earlier := waiting.get(kind):
            if earlier.kind == needed:
                continue
            earlier.decide(ProposalState.WITHDRAWN, by=None, at=now)
            close_duty(earlier.unit, now, earlier.get_state_display())
        if needed == ProposalKind.GROUND:
            payload = {"ground": kind.value, "year": now.year}
            ask(facility, needed, kind, payload, now, by, on=now.date(), reason=kind.label, evidence=wanted[kind])
        elif needed:
            payload = {"ground": kind.value, "pk": held[kind].pk}
            ask(facility, needed, kind, payload, now, by, on=now.date(), reason=no_more(kind), evidence="")


def no_more(kind: str) -> str:
    """Why a derived ground should end."""
    return "许可管理类别不再是重点管理" if kind == Ground.KF2 else "信用评价不再是严重失信"


def open_duty(unit: Unit, period: str, now: datetime, *, by_lead_office: bool) -> None:
    """One to-do for everything that waits for the same people."""
    step, role, within = _whose(by_lead_office)
    if step.duties.open().filter(unit=unit).exists():
        return
    step.open(
        unit,
        period,
        role=role,
        title=step.title,
        due=workdays.calendar().within_workdays(now.date(), within),
        url=f"{URL}?unit={unit.code}",
        consequence="批准以前，类别、生产状态、监管单位和正面清单都按原来的抽取。",
    )


def close_duty(unit: Unit, now: datetime, event: str) -> None:
    """Once nothing waits for them any more."""
    pending = ChangeProposal.objects.pending().filter(unit=unit)
    for by_lead_office, left in ((True, pending.for_lead_office()), (False, pending.for_leaders())):
        step, _, _ = _whose(by_lead_office)
        if not left.exists():
            step.duties.open().filter(unit=unit).update(closed_at=now, closed_by=event)


def _whose(by_lead_office: bool) -> tuple[Step, Role, int]:
    if by_lead_office:
        return duties.LISTING, Role.LEAD_OFFICE, LIST_WITHIN
    return duties.DECISION, Role.APPROVER, DECIDE_WITHIN
