"""Counts beside the navigation's links; read from the registry only, so they tell nothing of a draw."""

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.subject import Waiting
from registry import book
from registry.facilities import selection as facility_list
from registry.proposals.selection import batches_to_decide, to_decide

from .models import ChangeProposal, ConflictOfInterest, InterestDeclaration, InterestState, ProposalBatch


def facilities_on_books(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_FACILITIES, unit):
        return None
    # The same definition as 全部 of the list and 名录 of the draw; counted no further than the list counts.
    most = facility_list.MOST
    return Waiting((book.facilities_of(unit).on_books().order_by()[: most + 1],), most=most, zero=True)


def inspectors_in_service(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_INSPECTORS, unit):
        return None
    return Waiting((book.inspectors_of(unit).filter(left_on__isnull=True),), zero=True)


def interests_to_decide(user, unit, quarter):
    if unit is None or not user.may(Permission.APPROVE_REGISTRY, unit):
        return None
    waiting = {"inspector__in": book.inspectors_of(unit), "state": InterestState.ASKED}
    both = (ConflictOfInterest.objects.filter(**waiting), InterestDeclaration.objects.filter(**waiting))
    return Waiting(both, red=True)


def proposals_to_decide(user, unit, quarter):
    """What waits for this person's decision, in whichever unit."""
    single = to_decide(ChangeProposal.objects.filter(batch__isnull=True), user)
    return Waiting((single, batches_to_decide(ProposalBatch.objects.all(), user)), red=True)
