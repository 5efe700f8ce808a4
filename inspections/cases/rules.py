"""Why a case cannot be filed, extended, reviewed, decided or ended: one sentence each (八(二)-e; 行政处罚法 54—60)."""

from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.forms import decision
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.models import (
    Case,
    CaseAct,
    CaseActKind,
    CaseState,
    Degree,
    Inspection,
    InspectionStatus,
    Origin,
    Outcome,
    Rectification,
    RectificationState,
    ReviewGround,
    Verdict,
)
from inspections.visits.rules import AFTER_A_PROBLEM
from plans.amendments.rules import is_numbered

from .clock import due_of, extensions
from .models import ANOTHER

REVIEWED = (InspectionStatus.REVIEWED, InspectionStatus.PUBLISHED)
CALLS_FOR_ONE = AFTER_A_PROBLEM | {Outcome.REFUSED, Outcome.PENDING}
OF_THE_TEAM = "承办案件和参加检查的人不能决定，由另一位分管负责人决定。"


def of_the_team(inspection: Inspection, by) -> bool:
    return inspection.members.filter(inspector__user=by).exists()


def why_not_handler(inspection: Inspection, by) -> str:
    """The team that was there, or the unit's planner, handles what follows."""
    if by.units_with(Permission.FIELD_WORK) and of_the_team(inspection, by):
        return ""
    return "" if by.may(Permission.DISPATCH, inspection.unit_id) else "由检查小组或本单位的计划员办理。"


def why_nothing_follows(inspection: Inspection, by) -> str:
    """Of a result that stands and has found something, by whoever handles it: for cases and referrals alike."""
    if refusal := why_not_handler(inspection, by):
        return refusal
    if inspection.status not in REVIEWED:
        return "检查结果还没有审核。审核以后再办理后续处理。"
    if inspection.outcome not in CALLS_FOR_ONE:
        return f"检查结果是“{inspection.get_outcome_display()}”，没有要处理的违法情形。"
    return ""


def why_not_open(inspection: Inspection, by, origin: str = Origin.RESULT) -> str:
    if refusal := why_nothing_follows(inspection, by):
        return refusal
    order = Rectification.objects.filter(inspection=inspection).first()
    handed = order is not None and order.state == RectificationState.HANDED
    if origin == Origin.RECTIFICATION and not handed:
        return "整改没有转立案。复查没有改好的，先在整改里提出转立案，分管负责人同意以后再提出立案。"
    case = inspection.cases.exclude(state=CaseState.RETURNED).first()
    return f"这次检查已有案件 {case.no}，{case.get_state_display()}。" if case else ""


def why_not_file(inspection: Inspection, by, *, origin: str, matter: str, basis: str, review_ground: str) -> str:
    if refusal := why_not_open(inspection, by, origin):
        return refusal
    if origin not in Origin.values or review_ground not in ("", *ReviewGround.values):
        return "从列表里选来由和法制审核的理由。"
    return why_not_reason(matter, "案由") or why_not_reason(basis, "涉嫌违反的条款")


def why_not_decide_filing(case: Case, by) -> str:
    return decision.why_not_decide(
        case,
        by,
        may=by.may(Permission.APPROVE_CHECK, case.inspection.unit_id),
        role="由本单位分管负责人批准立案。",
        own=ANOTHER,
        over={state: f"这件案件{state.label}，不用再批。" for state in CaseState},
    ) or (OF_THE_TEAM if of_the_team(case.inspection, by) else "")


def why_not_file_it(case: Case, by, document_no: str) -> str:
    return why_not_decide_filing(case, by) or why_not_numbered(document_no, "立案文号")


def why_not_numbered(document_no: str, what: str = "文号") -> str:
    return "" if is_numbered(document_no) else f"填写{what}。"


# --- what is asked for in a case -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks for in a case; what its kind does not need stays empty."""

    kind: str
    reason: str
    first_day: date | None = None
    last_day: date | None = None
    review_ground: str = ""
    verdict: str = ""
    degree: str = ""
    public_words: str = ""


def why_not_ask(case: Case, by, kind: str, today: date) -> str:
    """What stands in the way of asking for this at all: it greys the button."""
    if refusal := why_not_handler(case.inspection, by):
        return refusal
    if waits := case.acts.pending().first():
        return f"“{waits.get_kind_display()}”正等批准，办完再提下一项。"
    wanted = CaseState.DECIDED if kind == CaseActKind.ENDING else CaseState.APPROVED
    if case.state != wanted:
        return f"这件案件{case.get_state_display()}，不办理{CaseActKind(kind).label}。"
    return {
        CaseActKind.EXTENSION: why_not_extend,
        CaseActKind.VERDICT: lambda case, today: why_not_reviewed(case),
        CaseActKind.REVIEW: lambda case, today: "法制审核已经通过。" if case.last(CaseActKind.REVIEW) else "",
    }.get(CaseActKind(kind), lambda case, today: "")(case, today)


def why_not_extend(case: Case, today: date) -> str:
    """Before the period is over, and not for ever."""
    law = policy.on(case.filed_on).other_law
    if extensions(case) >= law.case_extensions:
        return f"已经延长 {law.case_extensions} 次，不能再延长。"
    return why_period_is_over(case, today)


def why_period_is_over(case: Case, today: date) -> str:
    due = due_of(case).date
    return f"办案期限 {full_date(due)}已满，不能再改期限。尽快作出决定，并写明逾期的原因。" if today > due else ""


def why_not_reviewed(case: Case) -> str:
    """Nothing is decided without the legal review that the law asks for (行政处罚法 58)."""
    if not case.review_ground or case.last(CaseActKind.REVIEW):
        return ""
    return f"{case.get_review_ground_display()}，法制审核通过以后才能作出决定（行政处罚法第五十八条）。先提出法制审核。"


def why_not_this(case: Case, by, asked: Asked, today: date) -> str:
    if refusal := why_not_ask(case, by, asked.kind, today) or why_not_reason(asked.reason, "理由"):
        return refusal
    if asked.kind == CaseActKind.EXCLUDED:
        return why_not_these_days(case, asked, today)
    if asked.kind == CaseActKind.REVIEW:
        return "" if asked.review_ground in ReviewGround.values else "选择应当法制审核的理由。"
    if asked.kind != CaseActKind.VERDICT:
        return ""
    if asked.verdict not in Verdict.values:
        return "选择作出哪一种决定。"
    if asked.verdict == Verdict.PENALTY and asked.degree not in Degree.values:
        return "行政处罚要选失信程度，公示期限由它决定。"
    if asked.degree == Degree.SLIGHT and not asked.public_words.strip():
        return ""  # 信用修复管理办法: in principle not made public
    return why_not_reason(asked.public_words, "公开的决定内容")


def why_not_these_days(case: Case, asked: Asked, today: date) -> str:
    """Of the case's own time, and each day once."""
    first, last = asked.first_day, asked.last_day
    if first is None or last is None or last < first:
        return "写明不计入的起止日期，止日不早于起日。"
    if first < case.filed_on or last > today:
        return "不计入的日期从立案以后算起，过完了再提出。"
    for act in case.standing:
        if act.kind == CaseActKind.EXCLUDED and act.first_day <= last and first <= act.last_day:
            return f"{full_date(act.first_day)}至 {full_date(act.last_day)}已经不计入，日期不能重叠。"
    due = due_of(case).date
    return f"办案期限 {full_date(due)}已满，后来的日期不再扣除。" if first > due else ""


def why_not_decide(act: CaseAct, by) -> str:
    """A leader decides; the review is another's still, of the lead office or a leader who does not decide the case."""
    unit, review = act.case.inspection.unit_id, act.kind == CaseActKind.REVIEW
    may = by.may(Permission.APPROVE_CHECK, unit) or (review and by.may(Permission.KEEP_BASES, unit))
    role = "由本单位分管负责人批准。"
    if review:
        role = "法制审核由牵头部门，或者不决定这件案件的分管负责人办理。"
    if refusal := decision.why_not_decide(act, by, may=may, role=role, own=ANOTHER):
        return refusal
    if of_the_team(act.case.inspection, by) or by.pk == act.case.asked_by_id:
        return OF_THE_TEAM
    reviewed = act.case.last(CaseActKind.REVIEW)
    if act.kind == CaseActKind.VERDICT and reviewed and reviewed.decided_by_id == by.pk:
        return "法制审核的人不能再作决定，由另一位分管负责人决定。"
    return ""


def why_not_approve(act: CaseAct, by, *, document_no: str, qualification: str, today: date) -> str:
    """What was true when it was asked is asked again of the day."""
    if refusal := why_not_decide(act, by) or why_not_numbered(document_no):
        return refusal
    if act.kind == CaseActKind.REVIEW and not qualification.strip():
        return "写明法律职业资格证号，或者从事法制审核的起始日期（行政处罚法第五十八条）。"
    if act.kind == CaseActKind.EXTENSION:
        return why_not_extend(act.case, today)
    return why_not_reviewed(act.case) if act.kind == CaseActKind.VERDICT else ""


def why_not_return(act: CaseAct, by, opinion: str) -> str:
    return why_not_decide(act, by) or why_no_opinion(opinion)
