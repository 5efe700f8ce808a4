"""What waits for whose decision."""

from django.db.models import Q

from benxi_shuangsuiji.accounts.roles import Permission
from registry.models import ProposalKind

OF_LEAD_OFFICE = [kind for kind in ProposalKind if kind.by_lead_office]


def to_decide(proposals, user):
    """Those of others that this person decides: the lead office the positive list, the leader the rest (七(三)-e)."""
    leader = Q(unit__in=user.units_with(Permission.APPROVE_REGISTRY)) & ~Q(kind__in=OF_LEAD_OFFICE)
    city = Q(unit__in=user.units_with(Permission.DECIDE_POSITIVE_LIST), kind__in=OF_LEAD_OFFICE)
    return proposals.pending().filter(leader | city).exclude(asked_by=user)


def batches_to_decide(batches, user):
    leader = Q(unit__in=user.units_with(Permission.APPROVE_REGISTRY), by_lead_office=False)
    city = Q(unit__in=user.units_with(Permission.DECIDE_POSITIVE_LIST), by_lead_office=True)
    return batches.pending().filter(leader | city).exclude(asked_by=user)
