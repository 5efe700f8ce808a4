"""Why an officer of a check that was not drawn cannot be replaced, or not by this one (七(五)-a, -b, -c)."""

from datetime import date

from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms.decision import why_not_decide
from benxi_shuangsuiji.refusal import why_not_reason
from inspections.models import Inspection, InspectionStatus, Swap
from inspections.targeted import rules as targeted_rules
from plans.amendments.rules import LONGEST_DOCUMENT_NO, is_numbered
from plans.models import OF_PEOPLE, InspectionItem
from registry import book
from registry.models import Inspector


def why_not_swap(inspection: Inspection) -> str:
    if inspection.pick_id:
        return "随机抽取的检查换成谁由签号决定，在抽取的“更换”里申请。"
    if inspection.status != InspectionStatus.DISPATCHED:
        return f"这次检查{inspection.get_status_display()}，不能再换人。已经开始的由到场的人办完，还在等的申请写明理由退回。"
    return ""


def why_not_open_ask(inspection: Inspection, by) -> str:
    """The planner asks for the unit, an officer for himself."""
    mine = by.units_with(Permission.FIELD_WORK) and inspection.members.filter(inspector__user=by).exists()
    if not mine and not by.may(Permission.ASK_AMENDMENT, inspection.unit_id):
        return "由本单位计划员，或检查人员本人申请更换。"
    return why_not_swap(inspection)


def why_not_ask(
    inspection: Inspection, by, *, reason: str, evidence: str, leaving: Inspector | None, coming, today: date
) -> str:
    if refusal := why_not_open_ask(inspection, by):
        return refusal
    if reason not in OF_PEOPLE:
        return "选择更换的原因。"
    if refusal := why_not_reason(evidence, "情况和证明材料"):
        return refusal
    if leaving is None or not inspection.members.filter(inspector=leaving).exists():
        return "换下的人员不在检查小组里。刷新页面看现在的小组。"
    if leaving.user_id != by.pk and not by.may(Permission.ASK_AMENDMENT, inspection.unit_id):
        return "检查人员只能为本人申请更换。"
    if inspection.swaps.pending().filter(leaving=leaving).exists():
        return "这名检查人员已有一份更换申请等批准。"
    return why_not_come(inspection, leaving, coming, today) if coming else ""


def may_come(inspection: Inspection):
    """Whom the leader chooses from: officers of the unit who are not in the team."""
    gone = inspection.members.values("inspector")
    return book.inspectors_of(inspection.unit).filter(left_on__isnull=True).exclude(pk__in=gone).order_by("code")


def why_not_come(inspection: Inspection, leaving: Inspector, coming: Inspector, day: date) -> str:
    """The rules of a targeted team, for the team as it would be: certificate, interest, leave, scope, leader."""
    members = list(inspection.members.select_related("inspector__unit"))
    if any(member.inspector_id == coming.pk for member in members):
        return f"{coming.name}已在检查小组里。换一名检查人员。"
    people = {m.is_leader: [] for m in members} | {True: [], False: []}
    for member in members:
        people[member.is_leader].append(coming if member.inspector_id == leaving.pk else member.inspector)
    items = InspectionItem.objects.filter(pk__in=inspection.answers.filter(item__isnull=False).values("item"))
    request = targeted_rules.Request(
        unit=inspection.unit,
        facility=inspection.facility,
        source=inspection.source,
        mode=inspection.mode,
        reason="",
        items=list(items),
        leader=next(iter(people[True]), None),
        members=people[False],
        finish_by=max(inspection.finish_by, day),
    )
    return targeted_rules.why_not_these_people(request, day)


def why_not_open_decision(swap: Swap, by) -> str:
    if refusal := why_not_decide(
        swap,
        by,
        may=by.may(Permission.APPROVE_AMENDMENT, swap.inspection.unit_id),
        role="由本单位分管负责人批准更换。",
        own="申请和批准不能是同一个人，由另一位分管负责人批准。",
    ):
        return refusal
    if by.pk in {swap.leaving.user_id, swap.coming.user_id if swap.coming else None}:
        return "更换涉及本人，由另一位分管负责人批准。"
    return ""  # a request that has become pointless can still be returned, so that nothing waits for ever


def why_not_approve(swap: Swap, by, *, coming: Inspector | None, document_no: str, today: date) -> str:
    """What was true when it was asked is asked again of the day."""
    if refusal := why_not_open_decision(swap, by) or why_not_swap(swap.inspection):
        return refusal
    if coming is None:
        return "选择换上的检查人员。"
    if coming.user_id == by.pk:
        return "不能批准由本人换上，由另一位分管负责人批准。"
    if not is_numbered(document_no):
        return "填写批准文号。更换要经批准。"
    if len(document_no.strip()) > LONGEST_DOCUMENT_NO:
        return f"批准文号最长 {LONGEST_DOCUMENT_NO} 个字。"
    if not swap.inspection.members.filter(inspector=swap.leaving_id).exists():
        return "换下的人员已经不在检查小组里，不用再换。"
    return why_not_come(swap.inspection, swap.leaving, coming, today)


def why_not_reject(swap: Swap, by, *, opinion: str) -> str:
    return why_not_open_decision(swap, by) or why_not_reason(opinion, "不批准的理由")
