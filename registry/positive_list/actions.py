"""Entering what speaks against the 正面清单, and deciding on a proposed exit (七(三)-d, -e)."""

from datetime import date

from django.db import transaction

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_not_reason
from registry.facilities import records
from registry.models import ChangeKind, ComplianceEvent, ExitState, Facility, PositiveExit, PositiveListEntry

from . import exits, rules


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
    """Take the facility off the list, or leave it there; either with an opinion."""
    facility = records.locked(proposal.facility)
    proposal = PositiveExit.objects.locked(proposal.pk)
    proposal.facility = facility
    refuse_if(exits.why_not_decide(proposal, by) or why_not_reason(opinion, "意见"))
    now = clock.now()
    proposal.state = ExitState.APPROVED if approve else ExitState.RETURNED
    proposal.decided_by, proposal.decided_at, proposal.opinion = by, now, opinion.strip()[:200]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "opinion"])
    entry = facility.positive_entries.select_for_update().filter(valid_to__isnull=True).first()
    if approve and entry:
        entry.valid_to, entry.exit_reason = now.date(), proposal.words
        entry.save(update_fields=["valid_to", "exit_reason"])
        words = {"reason": proposal.words, "evidence": proposal.opinion}
        change = records.change_of(facility, ChangeKind.POSITIVE_OUT, now, by=None, approved_by=by, **words)
        change.values["positive_list"] = [entry.batch, None]
        records.record("registry.positive_list.left", facility, change, by=by)
    else:
        trail.record("registry.positive_list.kept", by=by, about=facility)
    return proposal


@transaction.atomic
def enter_positive_list(*, facility: Facility, batch: str, on: date, by: User) -> PositiveListEntry:
    """Take a facility into the positive list (七(三)-e)."""
    facility = records.locked(facility)
    refuse_if(rules.why_not_enter_positive_list(facility, by, batch=batch))
    entry = PositiveListEntry.objects.create(facility=facility, batch=batch, valid_from=on)
    change = records.change_of(facility, ChangeKind.POSITIVE_IN, clock.now(), by=by, reason=batch, on=on)
    change.values["positive_list"] = [None, batch]
    records.record("registry.positive_list.entered", facility, change, by=by, batch=batch)
    return entry


@transaction.atomic
def leave_positive_list(*, facility: Facility, reason: str, on: date, by: User) -> PositiveListEntry:
    """Take a facility out of the positive list, with the reason (七(三)-d, -e)."""
    facility = records.locked(facility)
    refuse_if(rules.why_not_leave_positive_list(facility, by, reason=reason))
    entry = facility.positive_entries.select_for_update().get(valid_to__isnull=True)
    entry.valid_to, entry.exit_reason = on, reason[:200]
    entry.save(update_fields=["valid_to", "exit_reason"])
    change = records.change_of(facility, ChangeKind.POSITIVE_OUT, clock.now(), by=by, reason=reason, on=on)
    change.values["positive_list"] = [entry.batch, None]
    records.record("registry.positive_list.left", facility, change, by=by)
    return entry
