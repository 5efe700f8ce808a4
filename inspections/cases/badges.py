from inspections.followups.pages import running
from inspections.models import Case, CaseState

from . import duties


def open_cases(user, unit, quarter):
    """For the navigation: how many run, red when the period of one is over."""
    return running(Case.objects.visible_to(user).filter(state=CaseState.APPROVED), duties.VERDICT, unit)
