"""What the pages of a referral show: its steps, its day, what is in the letter (PNG 24)."""

from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.notices.agenda import left_of
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays.days import full_date
from inspections.followups.pages import MOST, handled_by, strip
from inspections.models import Outcome, Referral, ReferralKind, ReferralState

from . import duties

TONES = {
    "ASKED": "warn",
    "APPROVED": "run",
    "RETURNED": "bad",
    "SENT": "run",
    "TAKEN": "run",
    "DECLINED": "bad",
    "ANSWERED": "ok",
}
WHO = [
    ("检查小组、本单位计划员", "提出移送，批准以后送出，登记回执和反馈"),
    ("本单位分管负责人", "批准移送或者退回；提出的、参加检查的不能批"),
    ("公示员", "公开移送、受理和反馈，办理的人不能自己公开"),
]


def to_refer(user):
    """Results that say they are referred, and are not: not put forward, not approved, or not taken."""
    over = (ReferralState.RETURNED, ReferralState.DECLINED)
    told = Referral.objects.exclude(state__in=over)
    to_police = told.filter(kind=ReferralKind.POLICE)
    found = handled_by(user).filter(outcome__in=duties.WANTED)
    found = found.exclude(outcome=Outcome.TRANSFERRED, pk__in=told.values("inspection"))
    return found.exclude(pk__in=to_police.values("inspection"))[:MOST]


def dues(referrals) -> dict[str, tuple[str, str, str]]:
    """Number → (还剩 3 天, tone, which day) of what waits, from the duties themselves."""
    steps, today, calendar = [duties.REFERRAL.id, duties.RECEIPT.id], clock.today(), workdays.calendar()
    waiting = Duty.objects.open().filter(rule__in=steps, period__in=[r.no for r in referrals])
    return {d.period: (*left_of(d, today, calendar), full_date(d.due)) for d in waiting}


def crime_words(referral: Referral) -> str:
    """The days and hours of the law, as it has them on the day of the report."""
    if not referral.is_crime:
        return ""
    law = policy.on(localtime(referral.asked_at).date()).other_law
    return (
        f"提出以后 {law.crime_decided_within_days} 日内决定是否移送，批准以后 {law.crime_sent_within_hours} 小时内送到公安机关，"
        "同时抄送同级人民检察院。移送以前不作行政处罚决定（行政处罚法第二十七条）。"
    )


def steps(referral: Referral) -> list[dict]:
    """发现 → 批准移送 → 送出 → 回执 → 反馈."""
    over = referral.state in (ReferralState.RETURNED, ReferralState.DECLINED)
    approved = referral.decided_at if referral.document_no else None
    found = [
        ("发现", referral.found_on, ""),
        ("批准移送", approved and localtime(approved).date(), "分管负责人"),
        ("送出", referral.sent_at and localtime(referral.sent_at).date(), "承办人"),
        ("回执", referral.receipt_on, referral.body),
        ("反馈", referral.answered_on, referral.body),
    ]
    return strip(found, over=over)


def facts_of(referral: Referral) -> list[tuple[str, str]]:
    found = [
        ("种类", referral.get_kind_display()),
        ("接收单位", referral.body),
        ("发现日期", full_date(referral.found_on)),
        ("移送的事项", referral.matter),
        ("管辖依据", referral.basis),
        ("随函材料", referral.enclosed),
        ("移送函文号", referral.document_no),
        ("送出", f"{referral.sent_by.full_name}，{referral.sent_way}" if referral.sent_by else ""),
        ("回执", referral.receipt_no),
        ("回执的意见", referral.receipt_words),
        ("反馈文号", referral.answer_no),
        ("处理结果", referral.answer),
    ]
    return [(label, value) for label, value in found if value]
