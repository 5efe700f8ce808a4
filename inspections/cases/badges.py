from benxi_shuangsuiji import clock
from inspections.models import Case, CaseState

from . import duties


def open_cases(user, unit, quarter):
    """For the navigation: how many run, red when the period of one is over."""
    found = Case.objects.visible_to(user).filter(state=CaseState.APPROVED)
    if not (running := (found.filter(inspection__unit=unit) if unit else found).count()):
        return None, False
    late = duties.VERDICT.duties.open().filter(due__lt=clock.today())
    return running, (late.filter(unit=unit) if unit else late).exists()
