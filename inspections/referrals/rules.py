"""Why something cannot be referred, sent, or noted as taken or answered: one sentence each (八(二)-f; 行政处罚法 27)."""

from datetime import date, datetime

from django.utils.timezone import localtime

from benxi_shuangsuiji.refusal import why_no_opinion, why_not_reason
from inspections.followups.rules import why_not_decide as why_not_decide_it
from inspections.followups.rules import why_not_handler, why_not_numbered, why_nothing_follows
from inspections.models import Inspection, Referral, ReferralKind, ReferralState

FROM = {"sent": (ReferralState.APPROVED,), "taken": (ReferralState.SENT,), "answered": (ReferralState.TAKEN,)}


def why_not_ask(
    inspection: Inspection,
    by,
    *,
    kind: str,
    body: str,
    matter: str,
    basis: str,
    enclosed: str,
    found_on: date,
    today: date,
) -> str:
    if refusal := why_nothing_follows(inspection, by):
        return refusal
    if kind not in ReferralKind.values:
        return "选择移送的种类。"
    if not body.strip():
        return "写明接收单位。"
    if kind == ReferralKind.POLICE and "公安" not in body:
        return "涉嫌犯罪的移送公安机关。写明是哪个公安机关；归别的部门管的，选“移送其他部门”。"
    if kind == ReferralKind.DEPARTMENT and "公安" in body:
        return "移送公安机关的，选“涉嫌犯罪移送公安机关”，按它的期限办理。"
    over = (ReferralState.RETURNED, ReferralState.DECLINED)
    if same := inspection.referrals.filter(body=body.strip()).exclude(state__in=over).first():
        return f"已经向{same.body}移送，编号 {same.no}。"
    if found_on > today or found_on < localtime(inspection.started_at or inspection.ended_at).date():
        return "发现日期从检查那天起，不晚于今天。"
    return (
        why_not_reason(matter, "移送的事项")
        or why_not_reason(basis, "管辖依据")
        or why_not_reason(enclosed, "随函材料")
    )


def why_not_decide(referral: Referral, by) -> str:
    over = {state: f"这件移送{state.label}，不用再批。" for state in ReferralState}
    return why_not_decide_it(referral, referral.inspection, by, role="由本单位分管负责人批准移送。", over=over)


def why_not_approve(referral: Referral, by, document_no: str, opinion: str) -> str:
    """Of a suspected crime the head of the body has the word (国务院令第310号 5): whoever enters it says whose it was."""
    if refusal := why_not_decide(referral, by) or why_not_numbered(document_no, "移送函文号"):
        return refusal
    if referral.is_crime and why_no_opinion(opinion):
        return "涉嫌犯罪的移送由正职负责人或者主持工作的负责人批准。在意见里写明由哪位负责人、哪一天批准。"
    return ""


def why_not_step(referral: Referral, by, step: str) -> str:
    """One step after the other, by whoever handles what follows."""
    if refusal := why_not_handler(referral.inspection, by):
        return refusal
    return "" if referral.state in FROM[step] else f"这件移送{referral.get_state_display()}，现在不办这一步。"


def why_not_send(referral: Referral, by, *, at: datetime, way: str, now: datetime) -> str:
    if refusal := why_not_step(referral, by, "sent"):
        return refusal
    if at > now or at < referral.decided_at.replace(second=0, microsecond=0):
        return "送出时间在批准以后、现在以前。核对时间。"
    return why_not_reason(way, "送出方式")


def why_not_take(referral: Referral, by, *, taken: bool, on: date, number: str, words: str, today: date) -> str:
    if refusal := why_not_step(referral, by, "taken"):
        return refusal
    if not localtime(referral.sent_at).date() <= on <= today:
        return "回执日期在送出以后、今天以前。核对日期。"
    if not number.strip():
        return "写明回执的文号，或者签收人。"
    return "" if taken else why_not_reason(words, "不受理的理由")


def why_not_answer(referral: Referral, by, *, on: date, number: str, words: str, today: date) -> str:
    if refusal := why_not_step(referral, by, "answered"):
        return refusal
    if not referral.receipt_on <= on <= today:
        return "反馈日期在回执以后、今天以前。核对日期。"
    return why_not_reason(words, "处理结果")
