"""立案审批表 and signed decisions for the volume of the check, and how far its case has come: bound once it is ended (七(七)-k)."""

from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.subject import Ending, Leaf
from inspections.followups.filed_papers import Leaves, gathered, printed, scanned
from inspections.models import Case, CaseAct, CaseActKind, CaseState

from . import papers


def filings(checks) -> Leaves:
    found = Case.objects.filter(inspection__in=checks).exclude(state=CaseState.ASKED).order_by("asked_at")
    along = ("inspection__unit", "inspection__facility", "asked_by", "decided_by")
    return gathered(found.select_related(*along), lambda case: case.inspection, _filing)


def decisions(checks) -> Leaves:
    """As they came back signed."""
    acts = CaseAct.objects.approved().filter(case__inspection__in=checks, file__isnull=False).order_by("decided_at")
    return gathered(acts.select_related("case__inspection__unit", "file"), lambda act: act.case.inspection, _decision)


def endings(checks) -> dict[int, Ending]:
    found = Case.objects.filter(inspection__in=checks).exclude(state=CaseState.RETURNED).prefetch_related("acts")
    return {case.inspection_id: _ending(case) for case in found}


def _filing(case: Case) -> Leaf:
    day = localtime(case.decided_at).date()
    return Leaf(
        f"FILING-{case.pk}",
        "立案审批表",
        day,
        partial(printed, papers.filing_of, case),
        author=case.inspection.unit.on(day).short_name,
        number=lambda: case.document_no or case.no,
    )


def _decision(act: CaseAct) -> Leaf:
    return Leaf(
        f"VERDICT-{act.pk}",
        f"{act.get_verdict_display()}决定书",
        act.effective_on,
        partial(scanned, act.file),
        author=act.case.inspection.unit.on(act.effective_on).short_name,
        number=lambda: act.document_no,
        digests=(act.file.sha256,),
        foreign=True,
    )


def _ending(case: Case) -> Ending:
    over = case.last(CaseActKind.ENDING)
    waits = "" if over else f"案件 {case.no} {case.get_state_display()}"
    return Ending(on=over.effective_on if over else None, waits=waits, grave=case.filed_on is not None)
