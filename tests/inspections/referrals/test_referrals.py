"""移送: approved by another, sent in its days, taken and answered; a suspected crime by its own days and hours (八(二)-f)."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy, workdays
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.models import FollowUp, Outcome, Referral, ReferralKind, ReferralState
from inspections.paperwork.layouts import DEFAULTS
from inspections.referrals import actions, duties, papers
from inspections.referrals.filed_papers import endings, letters
from inspections.referrals.pages import to_refer
from inspections.review import actions as review_actions
from registry.models import ChangeProposal
from tests.browsing import queries, refused, signed_in, text_of
from tests.factories import make_approver, make_planner, make_unit
from tests.inspections.cases.factories import PROBLEM, handler_of, make_case, make_found
from tests.inspections.factories import finish, make_started

pytestmark = pytest.mark.django_db
LETTER = "本环移〔2026〕2号"
CRIME = {"kind": ReferralKind.POLICE, "body": "本溪市公安局明山分局"}


def ask(check, **changes) -> Referral:
    said = {
        "kind": ReferralKind.DEPARTMENT,
        "body": "本溪市水务局",
        "matter": "取水口没有计量设施，涉嫌无证取水",
        "basis": "取水许可和水资源费征收管理条例第三条",
        "enclosed": "现场检查笔录 1 份、照片 3 张",
        "by": handler_of(check),
    }
    return actions.ask(inspection=check, **said | changes)


def make_approved(check=None, **changes) -> Referral:
    referral = ask(check or make_found(), **changes)
    return actions.approve(referral=referral, by=make_approver(referral.inspection.unit), document_no=LETTER)


def send(referral: Referral) -> Referral:
    return actions.send(referral=referral, by=referral.asked_by, at=clock.now(), way="机要，单号 0716")


def duty_of(referral: Referral) -> Duty:
    return Duty.objects.get(rule=duties.REFERRAL.id, period=referral.no)


@pytest.mark.clause("八(二)-f")
def test_a_result_that_says_referred_asks_for_it_within_three_working_days():
    check = make_started()
    check.answers.update(answer="FOUND", words=PROBLEM)
    check = finish(check, outcome=Outcome.TRANSFERRED, finding=PROBLEM)
    check = review_actions.review_result(inspection=check, by=make_approver(check.unit))
    owed, today = Duty.objects.open().get(rule=duties.REFERRAL.id), localtime(check.reviewed_at).date()
    within = policy.on(today).recommended.referral_within_workdays
    assert owed.due == workdays.calendar().within_workdays(today, within).date
    assert check.facility.name not in owed.title and PROBLEM in text_of(signed_in(owed.person).get(owed.url))
    referral = ask(check)
    assert (duty_of(referral).due, duty_of(referral).role) == (owed.due, "APPROVER")
    owed.refresh_from_db()
    assert owed.closed_by == "已提出移送"


@pytest.mark.clause("八(二)-f")
def test_a_referral_is_approved_sent_taken_and_answered_and_each_is_handed_over_for_the_public():
    check = make_found()
    referral = ask(check)
    with refused("填写移送函文号"):
        actions.approve(referral=referral, by=make_approver(check.unit), document_no="")
    with refused("不办这一步"):
        send(referral)
    referral = actions.approve(referral=referral, by=make_approver(check.unit), document_no=LETTER)
    due = duty_of(referral).due
    referral = send(referral)
    assert (duty_of(referral).due, duty_of(referral).closed_by) == (due, "已送出")
    today, within = clock.today(), policy.on(clock.today()).recommended.referral_receipt_within_workdays
    receipt = Duty.objects.open().get(rule=duties.RECEIPT.id)
    assert receipt.due == workdays.calendar().within_workdays(today, within).date
    with refused("不受理的理由"):
        actions.take(referral=referral, by=referral.asked_by, taken=False, on=today, number="回执 1")
    with refused("送出以后、今天以前"):
        early = today - timedelta(days=1)
        actions.take(referral=referral, by=referral.asked_by, taken=True, on=early, number="回执 1")
    referral = actions.take(referral=referral, by=referral.asked_by, taken=True, on=today, number="回执 1")
    receipt = Duty.objects.open().get(rule=duties.RECEIPT.id)
    within = policy.on(today).recommended.referral_answer_within_workdays
    assert ("反馈" in receipt.title, receipt.due) == (True, workdays.calendar().within_workdays(today, within).date)
    assert endings([check])[check.pk].waits
    actions.answer(referral=referral, by=referral.asked_by, on=today, words="责令补办取水许可，已立案")
    assert not Duty.objects.open().filter(rule=duties.RECEIPT.id).exists()
    steps = list(FollowUp.objects.filter(inspection=check).values_list("kind", "step", "words"))
    assert steps == [
        ("REFERRAL", "SENT", "已移送本溪市水务局处理。"),
        ("REFERRAL", "TAKEN", "本溪市水务局已受理。"),
        ("REFERRAL", "ANSWERED", "本溪市水务局反馈了处理结果。"),
    ]
    assert endings([check])[check.pk].on == today
    assert Message.objects.filter(user=referral.asked_by, title__contains="移送已经批准").exists()


@pytest.mark.clause("八(二)-f")
def test_the_letter_says_who_what_and_why_and_lies_in_the_volume(papers_as_text):
    check = make_found()
    referral = ask(check)
    assert letters([check]) == {}
    url = reverse("inspections:referral-letter", args=[referral.no, "pdf"])
    assert signed_in(referral.asked_by).get(url).status_code == 302
    referral = actions.approve(referral=referral, by=make_approver(check.unit), document_no=LETTER)
    paper = papers.paper_of(referral)
    words = "".join(getattr(block, "text", "") for block in paper.blocks)
    for said in (referral.body, referral.matter, referral.basis, referral.enclosed, check.facility.name, check.no):
        assert said in words
    assert paper.number == LETTER and paper.title == DEFAULTS["REFERRAL"].title
    assert signed_in(referral.asked_by).get(url).status_code == 200
    (leaf,) = letters([check])[check.pk]
    assert leaf.number() == LETTER


@pytest.mark.clause("八(二)-f")
def test_a_result_that_says_referred_is_not_forgotten_when_the_referral_comes_to_nothing():
    check = make_started()
    check.answers.update(answer="FOUND", words=PROBLEM)
    check = finish(check, outcome=Outcome.TRANSFERRED, finding=PROBLEM)
    check = review_actions.review_result(inspection=check, by=make_approver(check.unit))
    handler, leader = handler_of(check), make_approver(check.unit)

    def owed() -> list[str]:
        return [duty.title for duty in Duty.objects.open().filter(rule="OTHERWAY", person=handler)]

    referral = ask(check)
    assert owed() == [] and check not in to_refer(handler)
    actions.reject(referral=referral, by=leader, opinion="归自然资源部门管，改送")
    assert owed() == [f"移送没有批准，另行立案或者移送 {check.no}"] and check in to_refer(handler)
    referral = send(make_approved(check, body="本溪市自然资源局"))
    assert owed() == [] and check not in to_refer(handler)
    said = {"taken": False, "on": clock.today(), "number": "回执 1", "words": "不在我局管辖范围"}
    actions.take(referral=referral, by=handler, **said)
    assert owed() == [f"本溪市自然资源局没有受理移送，另行立案或者移送 {check.no}"] and check in to_refer(handler)
    assert endings([check])[check.pk].waits == f"移送 {referral.no} 不受理"  # its file is not bound yet
    make_case(check)
    assert owed() == [] and not endings([check])[check.pk].waits


@pytest.mark.clause("八(二)-f")
def test_another_department_is_not_told_instead_of_the_police():
    check = make_started()
    check.answers.update(answer="FOUND", words=PROBLEM)
    check = finish(check, outcome=Outcome.TRANSFERRED_CRIMINAL, finding=PROBLEM)
    check = review_actions.review_result(inspection=check, by=make_approver(check.unit))
    owed = Duty.objects.open().get(rule=duties.REFERRAL.id, period=check.no)
    ask(check)
    owed.refresh_from_db()
    assert owed.closed_at is None and check in to_refer(handler_of(check))
    ask(check, **CRIME)
    owed.refresh_from_db()
    assert owed.closed_at and check not in to_refer(handler_of(check))


@pytest.mark.clause("八(二)-f")
def test_a_suspected_crime_goes_to_the_police_in_its_own_days_and_hours_and_little_of_it_is_public(at):
    check = make_found()
    with refused("公安机关"):
        ask(check, kind=ReferralKind.POLICE)
    with refused("按它的期限办理"):
        ask(check, body=CRIME["body"])
    referral, law = ask(check, **CRIME), policy.on(clock.today()).other_law
    assert duty_of(referral).due == clock.today() + timedelta(days=law.crime_decided_within_days)
    at((clock.now() + timedelta(days=2)).isoformat())
    said = {"referral": referral, "by": make_approver(check.unit), "document_no": LETTER}
    with refused("由正职负责人或者主持工作的负责人批准"):
        actions.approve(**said, opinion="同意")
    referral = actions.approve(**said, opinion="7 月 8 日分局局长批准移送")
    assert duty_of(referral).due == clock.today() + timedelta(hours=law.crime_sent_within_hours)
    words = "".join(getattr(block, "text", "") for block in papers.paper_of(referral).blocks)
    assert "人民检察院" in words and "涉嫌犯罪" in words
    assert str(law.crime_sent_within_hours) in text_of(signed_in(referral.asked_by).get(referral.get_absolute_url()))
    referral = send(referral)
    assert not ChangeProposal.objects.exists()  # whoever keeps the registry may not know of the check yet
    review_actions.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())
    asked = ChangeProposal.objects.get(facility=check.facility)
    assert (asked.subject, asked.waits, asked.asked_by) == ("SF3", True, referral.asked_by)
    today = clock.today()
    referral = actions.take(referral=referral, by=referral.asked_by, taken=True, on=today, number="回执 1")
    actions.answer(referral=referral, by=referral.asked_by, on=today, words="已立案侦查")
    told = FollowUp.objects.filter(inspection=check, kind="REFERRAL")
    assert [f.words for f in told] == ["涉嫌犯罪，已移送公安机关。"]


@pytest.mark.clause("八(二)-f")
def test_who_asked_who_was_there_and_other_units_do_not_approve_and_one_body_is_asked_once():
    check = make_found()
    referral = ask(check)
    with refused("由本单位分管负责人批准移送"):
        actions.approve(referral=referral, by=make_approver(make_unit("210505")), document_no=LETTER)
    with refused("已经向本溪市水务局移送"):
        ask(check)
    with refused("写明退回的意见"):
        actions.reject(referral=referral, by=make_approver(check.unit), opinion="")
    actions.reject(referral=referral, by=make_approver(check.unit), opinion="归我局管辖，先立案")
    assert ask(check).no.endswith("Y002")
    with refused("由检查小组或本单位的计划员"):
        ask(check, body="本溪市自然资源局", by=make_planner(make_unit("210505")))


@pytest.mark.clause("八(二)-f")
def test_the_database_lets_no_referral_skip_a_step_and_keeps_what_was_noted():
    referral = make_approved()
    of_this = Referral.objects.filter(pk=referral.pk)
    for words, act in (
        ("不能跳过", lambda: of_this.update(state=ReferralState.ANSWERED)),
        ("不能修改", lambda: of_this.update(state=ReferralState.SENT, document_no="别的 1 号")),
        ("permission denied", lambda: referral.delete()),
        ("写明送出", lambda: of_this.update(state=ReferralState.SENT)),
    ):
        with (
            pytest.raises(DatabaseError, match=words if "写明" not in words else "a_sent_referral"),
            transaction.atomic(),
        ):
            act()


def test_the_list_asks_as_often_for_thirty_referrals_as_for_one():
    unit = make_unit()
    planner = make_planner(unit)
    make_approved(make_found(unit))
    browser, url = signed_in(planner), reverse("inspections:referral-list")
    one = queries(browser, url)
    make_approved(make_found(unit))
    said = {"inspection": make_found(unit), "kind": "DEPARTMENT", "matter": "m", "basis": "b", "enclosed": "e"}
    said |= {"found_on": clock.today(), "asked_by": planner, "asked_at": clock.now()}
    for n in range(28):
        Referral.objects.create(no=f"{unit.code}-2026-Y9{n:02}", body=f"某局 {n}", **said)
    assert queries(browser, url) == one
    assert "共 30 件" in text_of(browser.get(url))
