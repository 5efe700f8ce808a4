"""移送函 in the volume of a check, and how far the referral has come (domain.md 3.3)."""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import official
from benxi_shuangsuiji.subject import Ending, Leaf
from inspections.followups.filed_papers import Leaves, gathered
from inspections.models import CaseState, Inspection, Referral, ReferralState

from . import papers
from .duties import WANTED

OVER = (ReferralState.ANSWERED, ReferralState.DECLINED)


def letters(checks: Iterable[Inspection]) -> Leaves:
    along = ("inspection__unit", "inspection__executing_unit", "inspection__facility")
    rows = _standing(checks).exclude(document_no="").select_related(*along).order_by("decided_at")
    return gathered(rows, lambda row: row.inspection, _leaf)


def endings(checks: Iterable[Inspection]) -> dict[int, Ending]:
    """Over once the last of them is answered or declined; the police answer in their own time.

    What nobody took is over where something else came of the result, or the result did not say that it is referred.
    """
    found: dict[int, Ending] = {}
    rows = list(
        _standing(checks).select_related("inspection").prefetch_related("inspection__cases").order_by("asked_at")
    )
    gone_on = {row.inspection_id for row in rows if row.state != ReferralState.DECLINED}
    for row in rows:
        on = row.answered_on or row.receipt_on
        over = row.state in OVER or (row.is_crime and row.state == ReferralState.TAKEN)
        if row.state == ReferralState.DECLINED and row.inspection_id not in gone_on:
            cases = any(case.state != CaseState.RETURNED for case in row.inspection.cases.all())
            over = cases or row.inspection.outcome not in WANTED
        ending = Ending(
            on=on if over else None,
            waits="" if over else f"移送 {row.no} {row.get_state_display()}",
            grave=row.sent_at is not None,
        )
        before = found.get(row.inspection_id)
        if before is None or (before.on and (ending.on is None or ending.on > before.on)):
            found[row.inspection_id] = ending
    return found


def _standing(checks: Iterable[Inspection]):
    return Referral.objects.filter(inspection__in=checks).exclude(state=ReferralState.RETURNED)


def _leaf(row: Referral) -> Leaf:
    day = localtime(row.decided_at).date()
    return Leaf(
        f"REFERRAL-{row.pk}",
        f"移送函（{row.body}）",
        day,
        partial(_made, row),
        author=row.inspection.unit.on(day).short_name,
        number=lambda: row.document_no,
    )


def _made(row: Referral, site: str) -> list[bytes]:
    return [official.as_pdf(papers.paper_of(row))]
