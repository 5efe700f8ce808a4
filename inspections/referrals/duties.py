"""Referred within three working days of the finding; a suspected crime within its own days and hours (八(二)-f)."""

from datetime import date, datetime

from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import workdays
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.deadlines.due_days import (
    answer_to_referral_due,
    crime_due,
    crime_sent_due,
    receipt_of_referral_due,
    referral_due,
)
from benxi_shuangsuiji.notices.duties import Step
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays.days import Due
from inspections.checks.duties import of_the_leader
from inspections.followups.duties import decided, put_forward, to_decide, turned_down
from inspections.models import Inspection, Outcome, Referral, ReferralState

REFERRAL = Step("REFER", "移送", button="办理移送", stage="处理")
RECEIPT = Step("REFERED", "登记移送的回执和反馈", button="登记回执", noun="移送回执", stage="处理")
WANTED = {Outcome.TRANSFERRED: "移送其他部门", Outcome.TRANSFERRED_CRIMINAL: "移送公安机关"}


def result_reviewed(check: Inspection, by: User) -> None:
    """Its outcome says that it is referred: the working days count from the review, when it was established."""
    if check.outcome in WANTED and not check.referrals.exists():
        today, crime = localtime(check.reviewed_at).date(), check.outcome == Outcome.TRANSFERRED_CRIMINAL
        REFERRAL.open(
            check.unit,
            check.no,
            **of_the_leader(check),
            title=f"{WANTED[Outcome(check.outcome)]} {check.no}",
            due=due_of(today, crime=crime),
            url=f"{reverse('inspections:referral-new')}?check={check.no}",
            consequence="线索不移送，主管部门无从查处。",
        )


def due_of(found_on: date, *, crime: bool) -> Due:
    return (crime_due if crime else referral_due)(found_on, workdays.calendar())


def asked(referral: Referral) -> None:
    """The leader decides within the days that count from the finding, of a crime from the report."""
    check, at = referral.inspection, referral.asked_at
    if (
        referral.is_crime or check.outcome != Outcome.TRANSFERRED_CRIMINAL
    ):  # no other department is told instead of the police
        REFERRAL.close(check.unit, check.no, "已提出移送", at)
    put_forward(check, "已提出移送", at)
    start = localtime(at).date() if referral.is_crime else referral.found_on
    about = {"url": referral.get_absolute_url(), "consequence": "逾期移送，记入全市进度。"}
    title, due = f"审批{referral.get_kind_display()} {referral.no}", due_of(start, crime=referral.is_crime)
    to_decide(REFERRAL, check.unit, referral.no, title, by=referral.asked_by, at=at, due=due, **about)


def approved(referral: Referral) -> None:
    """To be sent, in the same days; a crime in the hours after the approval."""
    unit, title = referral.inspection.unit, f"送出移送函 {referral.no}"
    if referral.is_crime:
        due = crime_sent_due(localtime(referral.decided_at).date(), workdays.calendar())
        REFERRAL.give_back(unit, referral.no, title=title, due=due)
    url = referral.get_absolute_url()
    REFERRAL.hand_over(unit, referral.no, role=Role.PLANNER, title=title, url=url, by=referral.asked_by)
    duty = REFERRAL.duties.open().filter(unit=unit, period=referral.no).first()
    tell_people([referral.asked_by_id], "移送已经批准，下载移送函送出", f"{referral.no}。", url, duty)


def rejected(referral: Referral) -> None:
    unit, url = referral.inspection.unit, referral.get_absolute_url()
    decided(REFERRAL, unit, referral.no, referral, "移送没有批准", url)
    turned_down(referral.inspection, "移送没有批准", referral.decided_at)


def sent(referral: Referral) -> None:
    REFERRAL.close(referral.inspection.unit, referral.no, "已送出", referral.sent_at)
    RECEIPT.open(
        referral.inspection.unit,
        referral.no,
        role=Role.PLANNER,
        title=f"登记移送的回执 {referral.no}",
        due=receipt_of_referral_due(localtime(referral.sent_at).date(), workdays.calendar()),
        url=referral.get_absolute_url(),
        consequence="没有回执的，向接收单位催问。",
    )


def taken(referral: Referral, at: datetime) -> None:
    """Whoever deals with it owes an answer, which is asked after; who declines owes none."""
    unit, no = referral.inspection.unit, referral.no
    RECEIPT.close(unit, no, f"回执：{referral.get_state_display()}", at)
    if referral.state == ReferralState.DECLINED:
        turned_down(referral.inspection, f"{referral.body}没有受理移送", at)
    else:
        due = answer_to_referral_due(referral.receipt_on, workdays.calendar())
        RECEIPT.give_back(unit, no, title=f"登记移送的反馈 {no}", due=due)


def answered(referral: Referral, at: datetime) -> None:
    RECEIPT.close(referral.inspection.unit, referral.no, "已反馈", at)
