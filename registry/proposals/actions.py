"""Changes of category, pool, unit and positive list: one person proposes, another approves, and only then it counts.

六(二)-d, -r; 七(三)-e. What a workbook asks for is decided as one batch.
"""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.notices import telling
from benxi_shuangsuiji.refusal import Refused, refuse_if, why_not_reason
from registry import book
from registry.complaints import tallies as complaints
from registry.facilities import categories, records, rules, waiting
from registry.models import (
    CategoryGround,
    ChangeKind,
    ChangeProposal,
    Facility,
    Ground,
    OperatingStatus,
    ProposalBatch,
    ProposalKind,
    ProposalState,
)
from registry.positive_list import actions as positive_list

from . import rules as proposal_rules

STATUS_CHANGE = {
    OperatingStatus.OPERATING: ChangeKind.RESUMED,
    OperatingStatus.SUSPENDED: ChangeKind.SUSPENDED,
    OperatingStatus.SEASONAL: ChangeKind.SEASONAL,
    OperatingStatus.LONG_SUSPENDED: ChangeKind.SUSPENDED,
    OperatingStatus.BUILDING: ChangeKind.CHANGED,
    OperatingStatus.CLOSED: ChangeKind.CLOSED,
    OperatingStatus.CANCELLED: ChangeKind.CANCELLED,
    OperatingStatus.MOVED_OUT: ChangeKind.MOVED_OUT,
}
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
    return waiting.ask(
        facility, ProposalKind.STATUS, "status", payload, now, by, on=on, reason=reason, evidence=evidence
    )


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
    return waiting.ask(
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
def mark_found(*, facility: Facility, kind: str, evidence: str, document: str, by: User) -> ChangeProposal | None:
    """What a check has led to makes a ground: the system asks for it, in the name of who brought that forward (八(二)-i).

    Another person decides, as on every ground. None where it stands, or was asked for before: what was turned down is not
    asked again for the same reason.
    """
    facility = records.locked(facility)
    now = clock.now()
    on, words = now.date(), f"后续处理：{evidence}"
    year = categories.year_of(kind, on)
    asked = ChangeProposal.objects.filter(facility=facility, kind=ProposalKind.GROUND, evidence=words).exists()
    if (
        asked
        or proposal_rules.why_not_propose(facility, by, kind, seen_there=True)
        or proposal_rules.why_not_add_ground(facility, kind=kind, evidence=words, year=year, on=on, today=on)
    ):
        return None
    payload = {"ground": str(kind), "year": year}
    more = {"on": on, "reason": Ground(kind).label, "evidence": words, "document": document}
    return waiting.ask(facility, ProposalKind.GROUND, kind, payload, now, by, **more)


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
    return waiting.ask(
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
    return waiting.ask(
        facility, ProposalKind.TRANSFER, "unit", payload, now, by, on=today, reason=reason, evidence=evidence, unit=unit
    )


@transaction.atomic
def approve_proposals(*, proposals: list[ChangeProposal], by: User, opinion: str = "") -> list[ChangeProposal]:
    """Approve one or several: all of them, or, when one may not be, none (ui.md 7.2)."""
    if not proposals:
        raise Refused("没有选中要批准的变更。先在左边勾选。")
    return _approve_all(proposals, clock.now(), by, opinion)


@transaction.atomic
def approve_batch(*, batch: ProposalBatch, by: User, opinion: str = "") -> ProposalBatch:
    """Everything that a workbook asked for, by one decision; from this day on it counts (六(二)-r, 七(三)-e)."""
    batch = _locked(batch)
    refuse_if(proposal_rules.why_not_decide_batch(batch, by))
    now = clock.now()
    done = _approve_all(list(batch.proposals.pending().select_related("facility")), now, by, opinion, batch)
    batch.decide(ProposalState.APPROVED, by=by, at=now, opinion=opinion)
    trail.record("registry.proposal.batch", by=by, about=batch, unit=batch.unit, approved=len(done))
    return batch


@transaction.atomic
def return_batch(*, batch: ProposalBatch, by: User, opinion: str) -> ProposalBatch:
    """Give the whole of it back; nothing changes."""
    batch = _locked(batch)
    refuse_if(proposal_rules.why_not_decide_batch(batch, by) or why_not_reason(opinion, "意见"))
    now = clock.now()
    for proposal in batch.proposals.pending().select_for_update(of=("self",)).select_related("unit"):
        proposal.decide(ProposalState.RETURNED, by=by, at=now, opinion=opinion)
    _batch_returned(batch, now, by, opinion)
    waiting.close_duty(batch.unit, now, batch.get_state_display())
    return batch


def _approve_all(chosen, now, by: User, opinion: str, batch: ProposalBatch | None = None) -> list[ChangeProposal]:
    done = []
    for one in sorted(chosen, key=lambda p: (p.facility_id, p.pk)):
        facility = records.locked(one.facility)
        proposal = ChangeProposal.objects.locked(one.pk, *PEOPLE)
        proposal.facility = facility
        try:
            refuse_if(proposal_rules.why_not_decide(proposal, by) or proposal_rules.why_not_alone(proposal, batch))
            _APPLY[proposal.kind](proposal, facility, now, by)
        except Refused as refusal:
            if len(chosen) == 1 and batch is None:
                raise
            rest = "先退回这一项，再批准其余的。" if batch else "这一次选中的都没有批准。"
            raise Refused(f"{facility.name}“{proposal.get_kind_display()}”：{refusal}{rest}") from None
        proposal.decide(ProposalState.APPROVED, by=by, at=now, opinion=opinion, effective_on=proposal.effective_on)
        trail.record("registry.proposal.approved", by=by, about=facility, unit=proposal.unit, kind=proposal.kind)
        done.append(proposal)
    for unit in {p.unit for p in done}:
        waiting.close_duty(unit, now, ProposalState.APPROVED.label)
    return done


@transaction.atomic
def return_proposal(*, proposal: ChangeProposal, opinion: str, by: User) -> ChangeProposal:
    """Give it back with an opinion; nothing changes, and the proposal stays readable."""
    batch = _locked(proposal.batch) if proposal.batch_id else None
    proposal = ChangeProposal.objects.locked(proposal.pk, *PEOPLE)
    refuse_if(proposal_rules.why_not_decide(proposal, by) or why_not_reason(opinion, "意见"))
    now = clock.now()
    proposal.decide(ProposalState.RETURNED, by=by, at=now, opinion=opinion)
    waiting.close_duty(proposal.unit, now, proposal.get_state_display())
    trail.record("registry.proposal.returned", by=by, about=proposal.facility, unit=proposal.unit, kind=proposal.kind)
    if batch and not batch.proposals.pending().exists():
        _batch_returned(batch, now, by, opinion)
    telling.notify(
        user=proposal.asked_by,
        key=f"proposal:{proposal.pk}",
        title=f"{proposal.facility.name}“{proposal.get_kind_display()}”已退回",
        body=f"{by.full_name}：{opinion}",
        url=proposal.facility.get_absolute_url(),
        at=now,
    )
    return proposal


def _locked(batch: ProposalBatch) -> ProposalBatch:
    """After the registry itself, as the withdrawal of an import takes them."""
    book.lock_for_edit()
    return ProposalBatch.objects.locked(batch.pk, "unit", "asked_by")


def _batch_returned(batch: ProposalBatch, now, by: User, opinion: str) -> None:
    batch.decide(ProposalState.RETURNED, by=by, at=now, opinion=opinion)
    trail.record("registry.proposal.batch", by=by, about=batch, unit=batch.unit, approved=0)
    telling.notify(
        user=batch.asked_by,
        key=f"proposals:{batch.pk}",
        title=f"“{batch.title}”的变更已退回",
        body=f"{by.full_name}：{opinion}",
        url=batch.get_absolute_url(),
        at=now,
    )


@transaction.atomic
def withdraw_proposal(*, proposal: ChangeProposal, by: User) -> ChangeProposal:
    """Take back what has not been decided yet."""
    batch = _locked(proposal.batch) if proposal.batch_id else None
    proposal = ChangeProposal.objects.locked(proposal.pk, *PEOPLE)
    refuse_if(proposal_rules.why_not_withdraw_proposal(proposal, by))
    now = clock.now()
    proposal.decide(ProposalState.WITHDRAWN, by=None, at=now)
    waiting.close_duty(proposal.unit, now, proposal.get_state_display())
    if batch and not batch.proposals.pending().exists():
        batch.decide(ProposalState.WITHDRAWN, by=None, at=now)
    trail.record("registry.proposal.withdrawn", by=by, about=proposal.facility, unit=proposal.unit, kind=proposal.kind)
    return proposal


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
    kind, year, today = proposal.payload["ground"], proposal.payload["year"], now.date()
    if kind in categories.DERIVED or proposal.batch_id:
        proposal.effective_on = today  # what nobody gave a day counts from the decision on
    on = proposal.effective_on
    if kind in categories.DERIVED:
        refuse_if(proposal_rules.why_not_derive(facility, kind, held=True))
    else:
        refuse_if(
            proposal_rules.why_not_add_ground(
                facility,
                kind=kind,
                evidence=proposal.evidence,
                year=year,
                on=on,
                today=today,
                listed=bool(proposal.batch_id),
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
    if ground.kind in categories.DERIVED or proposal.batch_id:
        proposal.effective_on = now.date()
    on = proposal.effective_on
    if ground.kind in categories.DERIVED:
        refuse_if(proposal_rules.why_not_derive(facility, ground.kind, held=False))
    else:
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


def _apply_listed(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    proposal.effective_on = now.date()
    positive_list.enter(proposal, facility, now, by)


def _apply_delisted(proposal: ChangeProposal, facility: Facility, now, by: User) -> None:
    proposal.effective_on = now.date()
    positive_list.leave(proposal, facility, now, by)


_APPLY = {
    ProposalKind.STATUS: _apply_status,
    ProposalKind.GROUND: _apply_ground,
    ProposalKind.GROUND_END: _apply_ground_end,
    ProposalKind.TRANSFER: _apply_transfer,
    ProposalKind.LISTED: _apply_listed,
    ProposalKind.DELISTED: _apply_delisted,
}
