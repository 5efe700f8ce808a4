"""How far the case of a check has come, for its volume: bound once it is ended, and kept longer (七(七)-k)."""

from benxi_shuangsuiji.subject import Ending
from inspections.models import Case, CaseActKind, CaseState


def endings(checks) -> dict[int, Ending]:
    found = Case.objects.filter(inspection__in=checks).exclude(state=CaseState.RETURNED).prefetch_related("acts")
    return {case.inspection_id: _ending(case) for case in found}


def _ending(case: Case) -> Ending:
    over = case.last(CaseActKind.ENDING)
    waits = "" if over else f"案件 {case.no} {case.get_state_display()}"
    return Ending(on=over.effective_on if over else None, waits=waits, grave=case.filed_on is not None)
