"""Why a case cannot be filed, extended, reviewed, decided or ended: one sentence each (八(二)-e; 行政处罚法 54—60)."""

from dataclasses import dataclass
from datetime import date

from benxi_shuangsuiji import policy
from benxi_shuangsuiji.accounts.roles import Permission
from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from benxi_shuangsuiji.workdays.days import full_date
from inspections.followups.rules import (
    OF_THE_TEAM,
    why_not_handler,
    why_not_numbered,
    why_not_public,
    why_nothing_follows,
)
from inspections.followups.rules import why_not_decide as why_not_decide_it
from inspections.models import (
    Case,
    CaseAct,
    CaseActKind,
    CaseState,
    Degree,
    Inspection,
    Origin,
    Outcome,
    Rectification,
    RectificationState,
    ReferralKind,
    ReferralState,
    ReviewGround,
    Verdict,
)

from .clock import due_of, extensions


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
    over = {state: f"这件案件{state.label}，不用再批。" for state in CaseState}
    return why_not_decide_it(case, case.inspection, by, role="由本单位分管负责人批准立案。", over=over)


def why_not_file_it(case: Case, by, document_no: str) -> str:
    return why_not_decide_filing(case, by) or why_not_numbered(document_no, "立案文号")


# --- what is asked for in a case -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody asks for in a case; what its kind does not need stays empty."""

    kind: str
    reason: str
    first_day: date | None = None
    last_day: date | None = None
    review_ground: str = ""
    participants: str = ""
    discussion_ground: str = ""
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
    """Before the period is over, and not for ever; again only when the heads have talked it over (部令第30号 57)."""
    law, last = policy.on(case.filed_on).other_law, case.last(CaseActKind.EXTENSION)
    if extensions(case) >= law.case_extensions:
        return f"已经延长 {law.case_extensions} 次，不能再延长。"
    talked = case.last(CaseActKind.DISCUSSED)
    if last and not (talked and talked.first_day >= last.effective_on):
        return "再次延长由负责人集体讨论决定。先提出集体讨论，记下日期、参加的人和结论。"
    return why_period_is_over(case, today)


def why_period_is_over(case: Case, today: date) -> str:
    due = due_of(case).date
    return f"办案期限 {full_date(due)}已满，不能再改期限。尽快作出决定，并写明逾期的原因。" if today > due else ""


def why_not_reviewed(case: Case) -> str:
    """Nothing is decided without the legal review that the law asks for (行政处罚法 58)."""
    if not case.review_ground or case.last(CaseActKind.REVIEW):
        return ""
    return f"{case.get_review_ground_display()}，法制审核通过以后才能作出决定（行政处罚法第五十八条）。先提出法制审核。"


def why_not_discussed(case: Case, verdict: str, ground: str) -> str:
    """A penalty for what is complicated or grave is decided by the heads together (行政处罚法 57, 部令第30号 52)."""
    needed = ground or (verdict == Verdict.PENALTY and case.review_ground == ReviewGround.COMPLEX)
    if not needed or case.last(CaseActKind.DISCUSSED):
        return ""
    return "情节复杂或者重大违法行为的处罚由负责人集体讨论决定（生态环境行政处罚办法第五十二条）。先提出集体讨论。"


def why_police_first(case: Case, verdict: str) -> str:
    """What may be a crime is not punished here before it has gone to the police (行政处罚法 27, 国务院令第310号 11)."""
    if verdict != Verdict.PENALTY:
        return ""
    police = case.inspection.referrals.filter(kind=ReferralKind.POLICE)
    waits = police.filter(state__in=(ReferralState.ASKED, ReferralState.APPROVED)).exists()
    owed = case.inspection.outcome == Outcome.TRANSFERRED_CRIMINAL and not police.exists()
    return "涉嫌犯罪，移送公安机关以前不作行政处罚决定。先办移送。" if waits or owed else ""


def why_not_this(case: Case, by, asked: Asked, today: date) -> str:
    if refusal := why_not_ask(case, by, asked.kind, today) or why_not_reason(asked.reason, "理由"):
        return refusal
    if asked.kind == CaseActKind.EXCLUDED:
        return why_not_these_days(case, asked, today)
    if asked.kind == CaseActKind.REVIEW:
        if asked.review_ground not in ReviewGround.values:
            return "选择应当法制审核的理由。"
        kept = case.review_ground == ReviewGround.COMPLEX != asked.review_ground  # with it goes 集体讨论
        return f"立案时定为“{case.get_review_ground_display()}”，按这一项提出审核。" if kept else ""
    if asked.kind == CaseActKind.DISCUSSED:
        if asked.first_day is None or not case.filed_on <= asked.first_day <= today:
            return "写明集体讨论的日期，在立案以后、今天以前。"
        return why_not_reason(asked.participants, "参加讨论的人")
    if asked.kind != CaseActKind.VERDICT:
        return ""
    if refusal := why_not_discussed(case, asked.verdict, asked.discussion_ground) or why_police_first(
        case, asked.verdict
    ):
        return refusal
    if unclean := why_not_public(case.inspection, asked.public_words, {}):
        return unclean
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
    case, review = act.case, act.kind == CaseActKind.REVIEW
    role = "由本单位分管负责人批准。"
    if review:
        role = "法制审核由牵头部门，或者不决定这件案件的分管负责人办理。"
    office = review and by.may(Permission.KEEP_BASES, case.inspection.unit_id)
    if refusal := why_not_decide_it(act, case.inspection, by, role=role, may=office):
        return refusal
    if by.pk == case.asked_by_id:
        return OF_THE_TEAM
    reviewed = case.last(CaseActKind.REVIEW)
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
    if act.kind != CaseActKind.VERDICT:
        return ""
    return (
        why_not_reviewed(act.case)
        or why_not_discussed(act.case, act.verdict, act.discussion_ground)
        or why_police_first(act.case, act.verdict)
    )


def why_not_return(act: CaseAct, by, opinion: str) -> str:
    return why_not_decide(act, by) or why_no_opinion(opinion)
