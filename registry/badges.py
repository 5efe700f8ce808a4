"""Counts beside the navigation's links; read from the registry only, so they tell nothing of a draw."""

from benxi_shuangsuiji.accounts.roles import Permission
from registry import book
from registry.facilities import selection as facility_list
from registry.proposals.selection import batches_to_decide, to_decide

from .models import ChangeProposal, ConflictOfInterest, InterestDeclaration, InterestState, ProposalBatch


def facilities_on_books(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_FACILITIES, unit):
        return None, False
    # The same definition as 全部 of the list and 名录 of the draw; counted no further than the list counts.
    here = book.facilities_of(unit).on_books().order_by()[: facility_list.MOST + 1].count()
    return (None if here > facility_list.MOST else here), False


def inspectors_in_service(user, unit, quarter):
    if unit is None or not user.may(Permission.SEE_INSPECTORS, unit):
        return None, False
    return book.inspectors_of(unit).filter(left_on__isnull=True).count(), False


def interests_to_decide(user, unit, quarter):
    if unit is None or not user.may(Permission.APPROVE_REGISTRY, unit):
        return None, False
    waiting = {"inspector__in": book.inspectors_of(unit), "state": InterestState.ASKED}
    found = ConflictOfInterest.objects.filter(**waiting).count() + InterestDeclaration.objects.filter(**waiting).count()
    return found or None, found > 0


def proposals_to_decide(user, unit, quarter):
    """What waits for this person's decision, in whichever unit."""
    count = to_decide(ChangeProposal.objects.filter(batch__isnull=True), user).count()
    count += batches_to_decide(ProposalBatch.objects.all(), user).count()
    return count or None, bool(count)
