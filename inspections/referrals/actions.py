"""移送: put forward, approved by another, sent, taken, answered; each is told in public (八(二)-f)."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import User
from benxi_shuangsuiji.audit import trail
from benxi_shuangsuiji.refusal import refuse_if, why_no_opinion
from inspections.followups.actions import answer_complaints, ask_for_ground, hand_over, number_of
from inspections.models import FollowUpStep, Inspection, Referral, ReferralState
from registry.models import Ground

from . import duties, rules


@transaction.atomic
def ask(
    *,
    inspection: Inspection,
    kind: str,
    body: str,
    matter: str,
    basis: str,
    enclosed: str,
    by: User,
    found_on: date | None = None,
) -> Referral:
    """Put a referral forward; the days count from the finding, which is the day of the review where none is named."""
    inspection = Inspection.objects.locked(inspection.pk, "unit", "draw", "facility")
    now = clock.now()
    reviewed = localtime(inspection.reviewed_at or now).date()
    words = {"kind": kind, "body": body, "matter": matter, "basis": basis, "enclosed": enclosed}
    words = {name: value.strip() for name, value in words.items()} | {"found_on": found_on or reviewed}
    refuse_if(rules.why_not_ask(inspection, by, today=localtime(now).date(), **words))
    number = number_of(inspection, "Y", Referral.objects)
    referral = Referral.objects.create(no=number, inspection=inspection, **words, asked_by=by, asked_at=now)
    duties.asked(referral)
    trail.record("inspections.referral.asked", by=by, about=inspection, kind=kind)
    return referral


@transaction.atomic
def approve(*, referral: Referral, by: User, document_no: str, opinion: str = "") -> Referral:
    referral = Referral.objects.held(referral, "asked_by")
    refuse_if(rules.why_not_approve(referral, by, document_no, opinion))
    document_no = document_no.strip()
    referral.decide(ReferralState.APPROVED, by=by, at=clock.now(), opinion=opinion, document_no=document_no)
    duties.approved(referral)
    trail.record("inspections.referral.approved", by=by, about=referral.inspection, document=document_no)
    return referral


@transaction.atomic
def reject(*, referral: Referral, by: User, opinion: str) -> Referral:
    referral = Referral.objects.held(referral, "asked_by")
    refuse_if(rules.why_not_decide(referral, by) or why_no_opinion(opinion))
    referral.decide(ReferralState.RETURNED, by=by, at=clock.now(), opinion=opinion)
    duties.rejected(referral)
    trail.record("inspections.referral.rejected", by=by, about=referral.inspection)
    return referral


@transaction.atomic
def send(*, referral: Referral, by: User, at: datetime, way: str) -> Referral:
    """The letter left. Of a suspected crime nothing more becomes public than that it went to the police."""
    referral = Referral.objects.held(referral, "asked_by")
    refuse_if(rules.why_not_send(referral, by, at=at, way=way, now=clock.now()))
    _move(referral, ReferralState.SENT, sent_at=at, sent_by=by, sent_way=way.strip())
    duties.sent(referral)
    words = "涉嫌犯罪，已移送公安机关。" if referral.is_crime else f"已移送{referral.body}处理。"
    facts = {} if referral.is_crime else {"移送函文号": referral.document_no}
    hand_over(referral.inspection, FollowUpStep.SENT, words, by, facts)
    _special(referral)
    trail.record("inspections.referral.sent", by=by, about=referral.inspection)
    return referral


@transaction.atomic
def take(*, referral: Referral, by: User, taken: bool, on: date, number: str, words: str = "") -> Referral:
    """The receipt came: the other body deals with it, or says why not."""
    referral = Referral.objects.held(referral, "asked_by")
    now, facts = clock.now(), {"on": on, "number": number, "words": words}
    refuse_if(rules.why_not_take(referral, by, taken=taken, today=localtime(now).date(), **facts))
    state = ReferralState.TAKEN if taken else ReferralState.DECLINED
    _move(referral, state, receipt_on=on, receipt_no=number.strip(), receipt_words=words.strip())
    duties.taken(referral, now)
    if not referral.is_crime:
        said = f"{referral.body}{'已受理' if taken else '没有受理'}。"
        hand_over(referral.inspection, FollowUpStep.TAKEN, said, by, on=on)
    trail.record("inspections.referral.taken", by=by, about=referral.inspection, taken=taken)
    return referral


@transaction.atomic
def answer(*, referral: Referral, by: User, on: date, words: str, number: str = "") -> Referral:
    """What the other body made of it; whoever had complained is told."""
    referral = Referral.objects.held(referral, "asked_by")
    facts = {"on": on, "number": number, "words": words}
    refuse_if(rules.why_not_answer(referral, by, today=clock.today(), **facts))
    _move(referral, ReferralState.ANSWERED, answered_on=on, answer_no=number.strip(), answer=words.strip())
    duties.answered(referral, clock.now())
    if not referral.is_crime:
        said = f"{referral.body}反馈了处理结果。"
        hand_over(referral.inspection, FollowUpStep.ANSWERED, said, by, {"反馈文号": referral.answer_no}, on=on)
        answer_complaints(referral.inspection, said)
    trail.record("inspections.referral.answered", by=by, about=referral.inspection)
    return referral


def _special(referral: Referral) -> None:
    """What went to the police asks for the special care of the place (六(二)-ah)."""
    if referral.is_crime and referral.sent_at:
        said = {"document": referral.document_no, "by": referral.asked_by}
        evidence = f"{referral.no}：涉嫌犯罪，移送公安机关"
        ask_for_ground(referral.inspection, Ground.SF3, evidence=evidence, **said)


def check_moved(check: Inspection, by: User) -> None:
    """Its result became public after the letter had gone."""
    for referral in check.referrals.select_related("asked_by"):
        referral.inspection = check
        _special(referral)


def _move(referral: Referral, to: str, **along: object) -> None:
    for name, value in {"state": to, **along}.items():
        setattr(referral, name, value)
    referral.save(update_fields=["state", *along])
