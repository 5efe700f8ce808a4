"""Who enters and leaves the 正面清单: asked by the registrar or the monthly comparison, decided by the lead office (七(三)-e)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_decided
from registry.facilities import records, waiting
from registry.models import (
    ChangeKind,
    ChangeProposal,
    ComplianceEvent,
    ExitState,
    Facility,
    FacilityChange,
    PositiveExit,
    PositiveListEntry,
    ProposalKind,
)

from . import ending, exits, rules


@transaction.atomic
def enter_event(*, facility: Facility, kind: str, day: date, number: str, source: str, by: User) -> ComplianceEvent:
    """Enter one exceedance, penalty or loss of credit with its number."""
    now = clock.now()
    refuse_if(exits.why_not_enter(facility, by, number=number, source=source, day=day, today=now.date()))
    event = ComplianceEvent.objects.create(
        facility=facility,
        kind=kind,
        day=day,
        number=number.strip(),
        source=source.strip(),
        entered_by=by,
        entered_at=now,
    )
    trail.record("registry.compliance.entered", by=by, about=facility, kind=kind, number=event.number)
    return event


@transaction.atomic
def decide_exit(*, proposal: PositiveExit, approve: bool, opinion: str, by: User) -> PositiveExit:
    """Take the facility off the list, as long as the ground holds, or leave it there; either with an opinion."""
    facility = records.locked(proposal.facility)
    proposal = PositiveExit.objects.locked(proposal.pk)
    proposal.facility = facility
    now = clock.now()
    today = localtime(now).date()
    found = exits.signs([facility.pk], today) if approve else []
    obstacle = exits.why_not_approve(proposal, by, found, today) if approve else exits.why_not_decide(proposal, by)
    refuse_if(obstacle or why_not_decided(opinion, approve=approve))
    proposal.decide(ExitState.APPROVED if approve else ExitState.RETURNED, by=by, at=now, opinion=opinion)
    if approve and facility.positive_entries.filter(valid_to__isnull=True).exists():
        words = {"reason": exits.reasons(found, today), "evidence": proposal.opinion}
        _end(
            facility,
            records.change_of(facility, ChangeKind.POSITIVE_OUT, now, by=None, approved_by=by, **words),
            now,
            by,
        )
    else:
        trail.record("registry.positive_list.kept", by=by, about=facility)
    return proposal


@transaction.atomic
def ask_to_enter(*, facility: Facility, batch: str, document: str, reason: str, by: User) -> ChangeProposal:
    """Propose a facility for the positive list; the lead office decides, and from that day on it stands there (七(三)-e)."""
    facility = records.locked(facility)
    refuse_if(rules.why_not_ask_to_enter(facility, by, batch=batch, document=document, reason=reason))
    words = {"reason": reason, "evidence": document, "document": document}
    return _ask(facility, ProposalKind.LISTED, {"batch": batch.strip()}, by, **words)


@transaction.atomic
def ask_to_leave(*, facility: Facility, reason: str, by: User, document: str = "") -> ChangeProposal:
    """Propose that a facility leaves the positive list, with the reason (七(三)-d, -e)."""
    facility = records.locked(facility)
    refuse_if(rules.why_not_ask_to_leave(facility, by, reason=reason))
    return _ask(facility, ProposalKind.DELISTED, {}, by, reason=reason, evidence=document, document=document)


def _ask(facility: Facility, kind: ProposalKind, payload: dict, by: User, **words) -> ChangeProposal:
    now = clock.now()
    return waiting.ask(facility, kind, rules.SUBJECT, payload, now, by, on=now.date(), **words)


def enter(proposal: ChangeProposal, facility: Facility, now: datetime, by: User) -> None:
    """What approval does; the caller holds both rows."""
    refuse_if(rules.why_not_enter(facility))
    batch = proposal.payload["batch"]
    PositiveListEntry.objects.create(
        facility=facility,
        batch=batch,
        document=proposal.document,
        valid_from=now.date(),
        entered_by=proposal.asked_by,
        approved_by=by,
    )
    change = _change(proposal, facility, ChangeKind.POSITIVE_IN, now, by)
    change.values["positive_list"] = [None, batch]
    records.record("registry.positive_list.entered", facility, change, by=by, batch=batch)


def leave(proposal: ChangeProposal, facility: Facility, now: datetime, by: User) -> None:
    """What approval does; the caller holds both rows."""
    refuse_if(rules.why_not_leave(facility))
    change = _change(proposal, facility, ChangeKind.POSITIVE_OUT, now, by)
    _end(facility, change, now, by)


def _change(proposal: ChangeProposal, facility: Facility, kind: ChangeKind, now: datetime, by: User) -> FacilityChange:
    words = {"reason": proposal.reason, "evidence": proposal.evidence}
    return records.change_of(facility, kind, now, by=proposal.asked_by, approved_by=by, **words)


def _end(facility: Facility, change: FacilityChange, now: datetime, by: User) -> None:
    """The open entry ends today; the change says who asked for it and why."""
    entry = facility.positive_entries.select_for_update().get(valid_to__isnull=True)
    entry.valid_to, entry.exit_reason = now.date(), change.reason
    entry.left_by, entry.exit_approved_by = change.entered_by, by
    entry.save(update_fields=["valid_to", "exit_reason", "left_by", "exit_approved_by"])
    ending.end_of(facility, now)
    change.values["positive_list"] = [entry.batch, None]
    records.record("registry.positive_list.left", facility, change, by=by)
