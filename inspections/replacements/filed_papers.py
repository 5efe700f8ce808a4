"""更换审批表 and 回避决定书 in the volume of the check that they changed (domain.md 3.3)."""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.subject import Ending, Leaf
from inspections.models import Inspection
from plans.models import AmendmentRequest, Draw, DrawStatus

from . import paper


def replacements(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    """Those that were approved for the pick of this check, once the names are public: the form names other objects too."""
    return {
        pk: [_leaf(row) for row in rows if row.draw.status == DrawStatus.RELEASED] for pk, rows in _of(checks).items()
    }


def ends(checks: Iterable[Inspection]) -> dict[int, Ending]:
    """Until then such a file is not whole, and the days for binding it do not run (decisions.md 3, decision 0111)."""
    return {pk: _until_public([row.draw for row in rows]) for pk, rows in _of(checks).items()}


def _until_public(draws: list[Draw]) -> Ending:
    if any(draw.status != DrawStatus.RELEASED for draw in draws):
        return Ending(waits="名单公开以后收入更换审批表")
    return Ending(since=max(localtime(draw.released_at).date() for draw in draws))


def _of(checks: Iterable[Inspection]) -> dict[int, list[AmendmentRequest]]:
    of_pick = {check.pick_id: check.pk for check in checks if check.pick_id}
    found: dict[int, list[AmendmentRequest]] = {}
    asked = AmendmentRequest.objects.approved().filter(picks__in=of_pick).distinct().order_by("decided_at")
    for row in asked.select_related("draw__unit", "asked_by", "decided_by").prefetch_related("picks"):
        for pick in row.picks.all():
            if pick.pk in of_pick:
                found.setdefault(of_pick[pick.pk], []).append(row)
    return found


def _leaf(row: AmendmentRequest) -> Leaf:
    day = localtime(row.decided_at).date()
    return Leaf(
        f"CHANGE-{row.pk}",
        paper.kind_of(row).label,
        day,
        partial(_made, row),
        author=row.draw.unit.on(day).short_name,
        number=lambda: row.document_no,
    )


def _made(row: AmendmentRequest, site: str) -> list[bytes]:
    return [filled.as_pdf(paper.paper_of(row, site=site))]
