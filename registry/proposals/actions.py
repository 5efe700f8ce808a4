"""Changes of category, pool and unit: one person proposes, another approves, and only then it counts (六(二)-d, -r)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import telling
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry.complaints import tallies as complaints
from registry.facilities import categories, records, rules
from registry.imports.actions import STATUS_CHANGE
from registry.models import (
    CategoryGround,
    ChangeKind,
    ChangeProposal,
    Facility,
    Ground,
    OperatingStatus,
    ProposalKind,
    ProposalState,
)

from . import rules as proposal_rules
from .duties import DECISION

DECIDE_WITHIN = 3  # working days; the plan names none, D-14 recommends three
URL = "/desk/changes/"
PEOPLE = ("facility__unit", "unit", "asked_by")


@transaction.atomic
def propose_status(
    *, facility: Facility, status: str, on: date, reason: str, evidence: str, by: User, seen_there: bool = False
) -> ChangeProposal:
    """Propose 停产、季节性停产、复产、关闭、注销、迁出 from a day, with reason and evidence (六(二)-d).

    `seen_there`: by somebody who has been to the place, without the right to keep the registry.
    """
    facility = records.locked(facility)
    refuse_if(proposal_rules.why_not_propose(facility, by, "status", seen_there=seen_there))
    now = clock.now()
    refuse_if(
        proposal_rules.why_not_change_status(
            facility, status=status, on=on, reason=reason, evidence=evidence, today=now.date()
        )
    )
    payload = {"status": status}
    return _propose(facility, ProposalKind.STATUS, "status", payload, now, by, on=on, reason=reason, evidence=evidence)


@transaction.atomic
def propose_ground(
    *,
    facility: Facility,
    kind: str,
    evidence: str,
    by: User,
    document: str = "",
    year: int | None = None,
    on: date | None = None,
) -> ChangeProposal:
    """Propose a ground for 重点 or 特殊, with its evidence, document and year (六(二)-t … -ak)."""
    facility = records.locked(facility)
    refuse_if(proposal_rules.why_not_propose(facility, by, kind))
    now = clock.now()
    on = on or now.date()
    year = year or categories.year_of(kind, on)
    refuse_if(
        proposal_rules.why_not_add_ground(facility, kind=kind, evidence=evidence, year=year, on=on, today=now.date())
    )
    payload = {"ground": kind, "year": year}
    reason = Ground(kind).label
    if kind == Ground.SF2B:
        evidence = f"{complaints.references(complaints.counted(facility, on))}。{evidence}"
    return _propose(
        facility,
        ProposalKind.GROUND,
        kind,
        payload,
        now,
        by,
        on=on,
        reason=reason,
        evidence=evidence,
        document=document,
    )


@transaction.atomic
def propose_ground_end(
    *, ground: CategoryGround, reason: str, by: User, on: date | None = None, evidence: str = ""
) -> ChangeProposal:
    """Propose to end a ground that no longer holds."""
    facility = records.locked(ground.facility)
    ground = facility.grounds.select_for_update().get(pk=ground.pk)
    refuse_if(proposal_rules.why_not_propose(facility, by, ground.kind))
    now = clock.now()
    on = on or now.date()
    refuse_if(proposal_rules.why_not_end_ground(ground, reason=reason, on=on, today=now.date()))
    payload = {"ground": ground.kind, "pk": ground.pk}
    return _propose(
        facility, ProposalKind.GROUND_END, ground.kind, payload, now, by, on=on, reason=reason, evidence=evidence
    )


@transaction.atomic
def propose_transfer(*, facility: Facility, unit: Unit, reason: str, evidence: str, by: User) -> ChangeProposal:
    """Propose that another unit draws this facility from now on; the unit that takes it over decides (六(二)-h)."""
    facility = records.locked(facility)
    refuse_if(proposal_rules.why_not_propose(facility, by, "unit"))
    now = clock.now()
    today = now.date()
    refuse_if(proposal_rules.why_not_transfer(facility, unit, on=today, reason=reason, evidence=evidence, today=today))
    payload = {"unit": unit.code}
    return _propose(
        facility, ProposalKind.TRANSFER, "unit", payload, now, by, on=today, reason=reason, evidence=evidence, unit=unit
    )


def _propose(facility, kind, subject, payload, now, by, *, on, reason, evidence, document="", unit=None):
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
    if not _open_duties(unit).exists():
        DECISION.open(
            unit,
            str(proposal.pk),
            role=Role.APPROVER,
            title="审批名录变更",
            due=workdays.calendar().within_workdays(now.date(), DECIDE_WITHIN),
            url=f"{URL}?unit={unit.code}",
            consequence="批准以前，类别、生产状态和监管单位都按原来的抽取。",
        )
    trail.record("registry.proposal.made", by=by, about=facility, unit=unit, kind=kind, payload=payload)
    return proposal


def _open_duties(unit: Unit):
    return DECISION.duties.open().filter(unit=unit)


@transaction.atomic
def approve_proposals(*, proposals: list[ChangeProposal], by: User, opinion: str = "") -> list[ChangeProposal]:
    """Approve one or several: all of them, or, when one may not be, none (ui.md 7.2)."""
    if not proposals:
        raise Refused("没有选中要批准的变更。先在左边勾选。")
    now = clock.now()
    done = []
    for chosen in sorted(proposals, key=lambda p: (p.facility_id, p.pk)):
        facility = records.locked(chosen.facility)
        proposal = ChangeProposal.objects.locked(chosen.pk, *PEOPLE)
        proposal.facility = facility
        try:
            refuse_if(proposal_rules.why_not_decide(proposal, by))
            _APPLY[proposal.kind](proposal, facility, now, by)
        except Refused as refusal:
            if len(proposals) == 1:
                raise
            raise Refused(
                f"{facility.name}“{proposal.get_kind_display()}”：{refusal}这一次选中的都没有批准。"
            ) from None
        _close(proposal, ProposalState.APPROVED, now, by, opinion)
        trail.record("registry.proposal.approved", by=by, about=facility, unit=proposal.unit, kind=proposal.kind)
        done.append(proposal)
    return done


@transaction.atomic
def return_proposal(*, proposal: ChangeProposal, opinion: str, by: User) -> ChangeProposal:
    """Give it back with an opinion; nothing changes, and the proposal stays readable."""
    proposal = ChangeProposal.objects.locked(proposal.pk, *PEOPLE)
    refuse_if(proposal_rules.why_not_decide(proposal, by) or why_not_reason(opinion, "意见"))
    now = clock.now()
    _close(proposal, ProposalState.RETURNED, now, by, opinion)
    trail.record("registry.proposal.returned", by=by, about=proposal.facility, unit=proposal.unit, kind=proposal.kind)
    telling.notify(
        user=proposal.asked_by,
        key=f"proposal:{proposal.pk}",
        title=f"{proposal.facility.name}“{proposal.get_kind_display()}”已退回",
        body=f"{by.full_name}：{opinion}",
        url=proposal.facility.get_absolute_url(),
        at=now,
    )
    return proposal


@transaction.atomic
def withdraw_proposal(*, proposal: ChangeProposal, by: User) -> ChangeProposal:
    """Take back what has not been decided yet."""
    proposal = ChangeProposal.objects.locked(proposal.pk, *PEOPLE)
    refuse_if(proposal_rules.why_not_withdraw_proposal(proposal, by))
    _close(proposal, ProposalState.WITHDRAWN, clock.now(), None, "")
    trail.record("registry.proposal.withdrawn", by=by, about=proposal.facility, unit=proposal.unit, kind=proposal.kind)
    return proposal


def _close(proposal: ChangeProposal, state: str, now, by: User | None, opinion: str) -> None:
    proposal.state, proposal.decided_at, proposal.decided_by, proposal.opinion = state, now, by, opinion[:200]
    proposal.save(update_fields=["state", "decided_at", "decided_by", "opinion", "effective_on"])
    if not ChangeProposal.objects.pending().filter(unit=proposal.unit).exists():
        _open_duties(proposal.unit).update(closed_at=now, closed_by=proposal.get_state_display())


# --- what approval does; each asks again, for the registry may have moved since the proposal ----------------------


def _change(proposal, facility, kind, now, by):
    return records.change_of(
        facility,
        kind,
        now,
        by=proposal.asked_by,
        approved_by=by,
        on=proposal.effective_on,
        reason=proposal.reason,
        evidence=proposal.evidence,
    )


def _apply_status(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    status, on = proposal.payload["status"], proposal.effective_on
    words = {"reason": proposal.reason, "evidence": proposal.evidence}
    refuse_if(proposal_rules.why_not_change_status(facility, status=status, on=on, today=now.date(), **words))
    change = _change(proposal, facility, STATUS_CHANGE[OperatingStatus(status)], now, by)
    change.values["status"] = [facility.status, status]
    facility.status = status
    records.record("registry.facility.status", facility, change, by=by, status=status, on=on.isoformat())


def _apply_ground(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    kind, year, on = proposal.payload["ground"], proposal.payload["year"], proposal.effective_on
    refuse_if(
        proposal_rules.why_not_add_ground(
            facility, kind=kind, evidence=proposal.evidence, year=year, on=on, today=now.date()
        )
    )
    facility.grounds.filter(kind=kind, valid_to__isnull=True).update(valid_to=on)  # an earlier year's
    CategoryGround.objects.create(
        facility=facility,
        kind=kind,
        evidence=proposal.evidence,
        document=proposal.document,
        year=year,
        valid_from=on,
        entered_by=proposal.asked_by,
        approved_by=by,
    )
    change = _change(proposal, facility, ChangeKind.GROUND_ADDED, now, by)
    change.values["grounds"] = [None, [kind]]
    records.relabel(facility, change)
    records.record("registry.ground.added", facility, change, by=by, kind=kind)


def _apply_ground_end(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    ground = facility.grounds.select_for_update().get(pk=proposal.payload["pk"])
    on = proposal.effective_on
    refuse_if(proposal_rules.why_not_end_ground(ground, reason=proposal.reason, on=on, today=now.date()))
    ground.valid_to = on
    ground.save(update_fields=["valid_to"])
    change = _change(proposal, facility, ChangeKind.GROUND_ENDED, now, by)
    change.values["grounds_ended"] = [[ground.kind], None]
    records.relabel(facility, change)
    records.record("registry.ground.ended", facility, change, by=by, kind=ground.kind)


def _apply_transfer(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    target, today = proposal.unit, now.date()
    proposal.effective_on = today  # the day on which the other unit takes it over
    words = {"reason": proposal.reason, "evidence": proposal.evidence}
    refuse_if(proposal_rules.why_not_transfer(facility, target, on=today, today=today, **words))
    change = _change(proposal, facility, ChangeKind.TRANSFERRED, now, by)
    change.values["unit"] = [facility.unit.code, target.code]
    by_city = rules.managed_by_city(target)
    if facility.managed_by_city != by_city:
        change.values["managed_by_city"] = [facility.managed_by_city, by_city]
    facility.unit, facility.managed_by_city = target, by_city
    records.record("registry.facility.transferred", facility, change, by=by, to=target.code)


_APPLY = {
    ProposalKind.STATUS: _apply_status,
    ProposalKind.GROUND: _apply_ground,
    ProposalKind.GROUND_END: _apply_ground_end,
    ProposalKind.TRANSFER: _apply_transfer,
}
