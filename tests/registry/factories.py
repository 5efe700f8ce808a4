"""Changes of the registry, proposed by one and approved by another."""

from registry import actions
from registry.models import CategoryGround, ChangeProposal
from tests.factories import make_approver


def approved(proposal: ChangeProposal, by=None) -> ChangeProposal:
    """Carry the proposal out through the unit's approving leader."""
    return actions.approve_proposals(proposals=[proposal], by=by or make_approver(proposal.unit))[0]


def approved_ground(facility, kind, *, by, evidence="证据", **fields) -> CategoryGround:
    """A ground in force, entered and approved."""
    approved(actions.propose_ground(facility=facility, kind=kind, evidence=evidence, by=by, **fields))
    return facility.grounds.get(kind=kind, valid_to=None)


def approved_status(facility, status, *, on, by, reason="据实变更", evidence="核查", approver=None) -> None:
    proposal = actions.propose_status(facility=facility, status=status, on=on, reason=reason, evidence=evidence, by=by)
    approved(proposal, approver)
