"""依法不公开审批表 in the volume of a check whose result is kept from the public, and why another lacks it (二-b)."""

from collections.abc import Iterable
from functools import partial

from django.utils.timezone import localtime

from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.documents.filled import Filled, Line, Text
from benxi_shuangsuiji.subject import Leaf
from benxi_shuangsuiji.workdays.days import paper_moment
from inspections.checks.issuer import issuer_of
from inspections.models import Inspection, Withholding


def approvals(checks: Iterable[Inspection]) -> dict[int, list[Leaf]]:
    """Every approval, also one that was ended since: with that it is a paper of its own, for a supplement."""
    along = ("inspection__unit", "inspection__executing_unit", "inspection__facility")
    rows = Withholding.objects.approved().filter(inspection__in=checks).select_related(*along, *_PEOPLE)
    found: dict[int, list[Leaf]] = {}
    for row in rows.order_by("decided_at"):
        found.setdefault(row.inspection_id, []).append(_leaf(row))
    return found


def published(checks: Iterable[Inspection]) -> dict[int, str]:
    return {check.pk: "结果公开" for check in checks if check.withheld_at is None}


def owners(checks: Iterable[Inspection]) -> dict[int, str]:
    """Who asked has the document."""
    rows = Withholding.objects.standing().filter(inspection__in=checks)
    return dict(rows.values_list("inspection", "asked_by__full_name"))


_PEOPLE = ("asked_by", "decided_by", "lifted_by")


def _leaf(row: Withholding) -> Leaf:
    day = localtime(row.lifted_at or row.decided_at).date()
    return Leaf(
        f"WITHHELD-{row.pk}" + ("-ENDED" if row.lifted_at else ""),
        "依法不公开审批表",
        day,
        partial(_made, row),
        author=row.inspection.unit.on(day).short_name,
        number=lambda: row.document_no,
    )


def _made(row: Withholding, site: str) -> list[bytes]:
    check = row.inspection
    steps = [("申请", row.asked_by, row.asked_at, ""), ("批准", row.decided_by, row.decided_at, row.opinion)]
    if row.lifted_at:
        steps.append(("终止", row.lifted_by, row.lifted_at, row.lifted_because))
    paper = Filled(
        unit=issuer_of(check).body,
        title="依法不公开审批表",
        left=f"批准文号：{row.document_no}",
        right=f"检查编号：{check.no}",
        blocks=(
            Line((("检查对象", check.facility.name),)),
            Line((("不公开的依据", row.get_ground_display()),)),
            Text("哪些内容、为什么", row.words),
            *(Text(label, f"{who.full_name}，{paper_moment(at)}。{words}".rstrip()) for label, who, at, words in steps),
        ),
        note="",
        made_at=localtime(steps[-1][2]).isoformat(timespec="seconds"),
    )
    return [filled.as_pdf(paper)]
