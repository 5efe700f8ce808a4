"""立案查处: filed by two, decided in its days after the review that the law asks for, ended (八(二)-e, -i)."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.cases import actions, duties, papers
from inspections.cases import clock as case_clock
from inspections.cases.filed_papers import decisions, endings, filings
from inspections.checks import known
from inspections.evidence.keeping import led_to_a_case
from inspections.models import (
    Case,
    CaseAct,
    CaseActKind,
    CaseState,
    Degree,
    DiscussionGround,
    FollowUp,
    Inspection,
    Origin,
    Outcome,
    Rectification,
    ReviewGround,
    Verdict,
)
from inspections.rectification.filed_papers import endings as order_endings
from inspections.referrals import actions as referral_actions
from inspections.review import actions as review_actions
from registry.models import Category, ChangeProposal, PositiveExit
from registry.positive_list.exits import propose_exits
from tests.browsing import html_of, post, queries, refused, signed_in, text_of
from tests.factories import (
    make_approver,
    make_disclosure_officer,
    make_lead_office,
    make_listed,
    make_planner,
    make_unit,
)
from tests.inspections.evidence.pictures import PDF
from tests.inspections.factories import answer_all, finish, make_published, make_reviewed, make_started, team_of
from tests.inspections.rectification.factories import check_again, decided, make_rectification

from ..referrals import test_referrals as referrals
from .factories import FILED, PROBLEM, act, again, approve_act, ask, ask_act, handler_of, make_case, make_found

pytestmark = [pytest.mark.django_db, pytest.mark.dates]


def duty_of(case: Case) -> Duty:
    return Duty.objects.get(rule=duties.VERDICT.id, period=case.no)


@pytest.mark.clause("八(二)-e")
def test_a_case_is_filed_on_the_word_of_two_and_its_days_begin_that_day():
    check = make_found()
    case = ask(check)
    assert case.no == f"{check.unit.code}-2026-L001" and case.state == CaseState.ASKED
    with refused("已有案件"):
        ask(check, by=make_planner(check.unit))
    with refused("填写立案文号"):
        actions.file_case(case=case, by=make_approver(check.unit), document_no="无")
    with refused("由本单位分管负责人"):
        actions.file_case(case=case, by=make_approver(make_unit("210505")), document_no=FILED)
    case = actions.file_case(case=case, by=make_approver(check.unit), document_no=FILED)
    assert (case.state, case.filed_on) == (CaseState.APPROVED, clock.today())
    days = policy.on(clock.today()).other_law.case_closed_within_days
    assert duty_of(case).due == clock.today() + timedelta(days=days)
    step = FollowUp.objects.get(inspection=check)
    assert (step.kind, step.step, step.facts) == ("CASE", "CASE_OPENED", [{"label": "立案文号", "value": FILED}])
    assert endings([check])[check.pk].grave and endings([check])[check.pk].on is None


@pytest.mark.clause("八(二)-e")
def test_nobody_files_what_has_no_problem_is_not_reviewed_or_is_not_his():
    clean = make_reviewed()
    with refused("没有要处理的违法情形"):
        ask(clean)
    started = answer_all(make_started(clean.unit))
    with refused("还没有审核"):
        ask(started)
    with refused("由检查小组或本单位的计划员"):
        ask(make_found(), by=make_planner(make_unit("210505")))
    with refused("案由写得太短"):
        ask(make_found(), matter="排污")


@pytest.mark.clause("八(二)-e")
def test_a_result_that_says_case_asks_for_one_until_it_is_put_forward():
    check = make_started()
    check.answers.update(answer="FOUND", words=PROBLEM)
    check = finish(check, outcome=Outcome.CASE_FILED, finding=PROBLEM)
    check = review_actions.review_result(inspection=check, by=make_approver(check.unit))
    owed = Duty.objects.open().get(rule=duties.FILING.id)
    within = policy.on(clock.today()).other_law.case_filed_within_days  # 部令第30号 18
    assert owed.due == localtime(check.ended_at).date() + timedelta(days=within)
    assert owed.person == handler_of(check)
    assert check.facility.name not in owed.title
    page = signed_in(owed.person).get(owed.url)
    assert PROBLEM in text_of(page)
    ask(check)
    assert not Duty.objects.open().filter(rule=duties.FILING.id).exists()


@pytest.mark.clause("八(二)-e")
def test_an_order_that_was_not_followed_becomes_a_case_once_a_leader_has_handed_it_over(at):
    at("2026-07-09 10:00")
    order = make_rectification()
    check = order.inspection
    with refused("整改没有转立案"):
        ask(check, origin=Origin.RECTIFICATION)
    at("2026-07-24 10:00")
    check_again(order, mended=(False, True))
    decided(Rectification.objects.get(pk=order.pk), "TO_CASE")
    owed = Duty.objects.open().get(rule=duties.FILING.id)
    assert owed.url.endswith(f"?check={check.no}&origin=RECTIFY")
    page = html_of(signed_in(owed.person).get(owed.url))
    assert re.search(r'value="RECTIFY"\s+selected', page)
    assert not led_to_a_case(check)
    refusal = ask(check, origin=Origin.RECTIFICATION)
    actions.reject_case(case=refusal, by=make_approver(check.unit), opinion="案由和条款对不上，重新提出")
    again_owed = Duty.objects.open().get(rule="OTHERWAY", period=check.no)  # nobody else would look after it
    assert again_owed.person == owed.person and again_owed.url.endswith(f"?check={check.no}")
    assert order_endings([check])[check.pk].waits == "已转立案，还没有立案"  # and its file is not bound
    case = make_case(check, origin=Origin.RECTIFICATION)
    assert not Duty.objects.open().filter(rule="OTHERWAY").exists()
    assert led_to_a_case(check)  # its evidence is kept as long as that of a case
    assert case.origin == Origin.RECTIFICATION and not Duty.objects.open().filter(rule=duties.FILING.id).exists()


@pytest.mark.clause("八(二)-e")
def test_the_period_is_extended_so_often_as_the_law_allows_and_leaves_out_the_days_of_a_hearing(at):
    case = make_case()
    law, start = policy.on(case.filed_on).other_law, clock.now()
    due = duty_of(case).due
    for n in range(1, law.case_extensions + 1):
        if n > 1:  # 部令第30号 57
            with refused("再次延长由负责人集体讨论决定"):
                ask_act(case, CaseActKind.EXTENSION)
            act(case, CaseActKind.DISCUSSED)
        act(case, CaseActKind.EXTENSION)
        assert duty_of(case).due == due + timedelta(days=n * law.case_extension_days)
    with refused("不能再延长"):
        ask_act(case, CaseActKind.EXTENSION)
    due = duty_of(case).due
    at((start + timedelta(days=20)).isoformat())
    first = case.filed_on + timedelta(days=5)
    held = {"first_day": first, "last_day": first + timedelta(days=9)}
    act(case, CaseActKind.EXCLUDED, **held)
    assert duty_of(case).due == due + timedelta(days=10)
    assert case_clock.due_of(again(case)).date == due + timedelta(days=10)
    with refused("不能重叠"):
        ask_act(case, CaseActKind.EXCLUDED, **held)


@pytest.mark.clause("八(二)-e")
def test_a_period_that_is_over_is_not_extended_any_more(at):
    case, start = make_case(), clock.now()
    days = policy.on(case.filed_on).other_law.case_closed_within_days
    at((start + timedelta(days=days + 1)).isoformat())
    with refused("已满"):
        ask_act(case, CaseActKind.EXTENSION)
    assert case_clock.left(again(case), clock.today()) == ("逾期 1 天", "over")


@pytest.mark.clause("八(二)-e")
def test_where_the_law_asks_for_it_nothing_is_decided_without_anothers_legal_review():
    check = make_found()
    case = make_case(check, review_ground=ReviewGround.HEARING)
    with refused("法制审核通过以后才能作出决定"):
        ask_act(case, CaseActKind.VERDICT)
    review = ask_act(case, CaseActKind.REVIEW)
    with refused("承办案件和参加检查的人不能决定"):
        approve_act(review, by=_leader_who_was_there(check))
    reviewer = make_approver(check.unit)
    with refused("写明法律职业资格证号"):
        approve_act(review, by=reviewer, qualification="")
    approve_act(review, by=reviewer)
    verdict = ask_act(case, CaseActKind.VERDICT)
    with refused("法制审核的人不能再作决定"):
        approve_act(verdict, by=reviewer)
    approve_act(verdict)
    assert again(case).state == CaseState.DECIDED


@pytest.mark.clause("八(二)-e")
def test_what_is_grave_or_complicated_is_decided_by_the_heads_together_and_recorded_before():
    case, grave = make_case(), {"discussion_ground": DiscussionGround.AMOUNT}
    with refused("先提出集体讨论"):
        ask_act(case, CaseActKind.VERDICT, **grave)
    with refused("在立案以后、今天以前"):
        ask_act(case, CaseActKind.DISCUSSED, first_day=case.filed_on - timedelta(days=1))
    with refused("参加讨论的人写得太短"):
        ask_act(case, CaseActKind.DISCUSSED, participants="")
    raw = {"kind": "VERDICT", "verdict": "PENALTY", "degree": "COMMON", "reason": "r", "asked_by": case.asked_by}
    direct = CaseAct.objects.create(case=case, **raw, **grave, asked_at=clock.now())
    said = {"by": make_approver(case.inspection.unit), "at": clock.now(), "document_no": "1号"}
    with pytest.raises(DatabaseError, match="讨论以后才能作出决定"), transaction.atomic():
        direct.decide("APPROVED", **said, effective_on=clock.today())
    actions.reject_act(act=direct, by=said["by"], opinion="先集体讨论")
    act(case, CaseActKind.DISCUSSED)
    page = text_of(signed_in(case.asked_by).get(case.get_absolute_url()))
    assert "局长某甲、副局长某乙、副局长某丙" in page
    act(case, CaseActKind.VERDICT, **grave)
    assert again(case).state == CaseState.DECIDED
    complicated = make_case(make_found(), review_ground=ReviewGround.COMPLEX)
    act(complicated, CaseActKind.REVIEW, review_ground=ReviewGround.COMPLEX)
    with refused("先提出集体讨论"):
        ask_act(complicated, CaseActKind.VERDICT)
    ask_act(complicated, CaseActKind.VERDICT, verdict=Verdict.MINOR, degree="")


@pytest.mark.clause("八(二)-f", "八(二)-e")
def test_what_may_be_a_crime_is_not_punished_before_it_went_to_the_police():
    check = make_found()
    case = make_case(check)
    verdict = ask_act(case, CaseActKind.VERDICT)
    referral = referrals.ask(check, **referrals.CRIME)
    with refused("移送公安机关以前不作行政处罚决定"):
        approve_act(verdict)
    actions.reject_act(act=verdict, by=make_approver(check.unit), opinion="先移送公安机关")
    referral = referral_actions.approve(
        referral=referral, by=make_approver(check.unit), document_no="本环移〔2026〕8号", opinion="局长今天批准移送"
    )
    with refused("移送公安机关以前不作行政处罚决定"):
        ask_act(case, CaseActKind.VERDICT)
    referrals.send(referral)
    act(case, CaseActKind.VERDICT)


@pytest.mark.clause("八(二)-e")
def test_what_would_be_refused_at_the_decision_is_refused_where_it_is_asked_for():
    case = make_case(review_ground=ReviewGround.COMPLEX)
    with refused("电话号码"):
        words = {"public_words": "罚款 10 万元，电话 13800001111", "verdict": Verdict.MINOR, "degree": ""}
        act(case, CaseActKind.REVIEW, review_ground=ReviewGround.COMPLEX)
        ask_act(case, CaseActKind.VERDICT, **words)
    other = make_case(make_found(case.inspection.unit), review_ground=ReviewGround.COMPLEX)
    with refused("按这一项提出审核"):  # with another ground 集体讨论 would not be asked for
        ask_act(other, CaseActKind.REVIEW, review_ground=ReviewGround.HEARING)


@pytest.mark.clause("八(二)-e", "八(二)-f")
def test_papers_with_reasons_and_names_are_for_the_circle_of_the_check():
    check = make_published(problem=PROBLEM)
    case = make_case(check)
    referral = referrals.make_approved(check)
    addresses = [
        reverse("inspections:case-filing", args=[case.no]),
        reverse("inspections:referral-letter", args=[referral.no, "pdf"]),
    ]
    outside, inside = make_lead_office(), signed_in(make_planner(check.unit))
    for url, page in zip(addresses, (case, referral), strict=True):
        shown = signed_in(outside).get(page.get_absolute_url())
        assert shown.status_code == 200 and url not in html_of(shown)
        assert signed_in(outside).get(url).status_code == 404
        assert inside.get(url).status_code == 200
    follows, told = signed_in(make_disclosure_officer(check.unit)), signed_in(make_lead_office())
    for page, reason in ((case, case.basis), (referral, referral.basis)):
        assert reason in text_of(inside.get(page.get_absolute_url()))
        shown = text_of(follows.get(page.get_absolute_url()))
        assert reason not in shown and page.asked_by.full_name not in shown
    assert case.basis in text_of(told.get(case.get_absolute_url()))  # it reviews
    unit = f"?unit={check.unit.code}"
    for name, asked in (("case", case), ("referral", referral)):
        url = reverse(f"inspections:{name}-list") + unit
        within, without = text_of(inside.get(url)), text_of(follows.get(url))
        assert asked.no in within and asked.asked_by.full_name in within
        assert asked.no in without and asked.asked_by.full_name not in without and case.matter not in without


@pytest.mark.clause("八(二)-e", "七(四)-9")
def test_the_filing_has_its_paper_and_the_signed_decision_is_kept_and_both_lie_in_the_volume():
    check = make_found()
    asked = ask(check)
    browser, url = signed_in(handler_of(check)), reverse("inspections:case-filing", args=[asked.no])
    assert browser.get(url).status_code == 404 and filings([check]) == {}
    case = actions.file_case(case=asked, by=make_approver(check.unit), document_no=FILED, opinion="同意立案")
    words = str(papers.filing_of(case).blocks)
    for said in (case.matter, case.basis, check.facility.name, "同意立案", "检查发现"):
        assert said in words
    assert browser.get(url).content.startswith(b"%PDF")
    waits = ask_act(case, CaseActKind.VERDICT)
    with refused("不是扫描件"):
        approve_act(waits, file=("决定书.pdf", b"nothing"))
    verdict = approve_act(waits, file=("决定书.pdf", PDF))
    assert f"处理决定 {verdict.document_no}" in text_of(browser.get(case.get_absolute_url()))
    got = browser.get(reverse("inspections:case-act-file", args=[case.no, verdict.pk]))
    assert b"".join(got.streaming_content if got.streaming else [got.content]) == PDF
    (filing,), (decision,) = filings([check])[check.pk], decisions([check])[check.pk]
    assert (filing.number(), decision.number(), decision.foreign) == (FILED, verdict.document_no, True)
    assert filing.content("")[0].startswith(b"%PDF") and decision.content("") == [PDF]


def _leader_who_was_there(check: Inspection):
    user = team_of(check)[1].user
    from benxi_shuangsuiji.accounts.models import RoleGrant

    RoleGrant.objects.create(user=user, unit=check.unit, role="APPROVER", valid_from=clock.today(), document="d")
    return user


@pytest.mark.clause("八(二)-e")
def test_what_the_lead_office_can_read_it_reviews(client):
    check = make_found()
    case = make_case(check)
    review_actions.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())
    review = ask_act(case, CaseActKind.REVIEW)
    office = make_lead_office()
    duty = Duty.objects.open().get(rule=duties.APPROVAL.id)
    assert duty.role == "LEAD_OFFICE"
    said = {"request": review.pk, "document_no": "本环法审〔2026〕1号", "qualification": "2009 年起从事法制审核"}
    assert "审核通过" in html_of(signed_in(office).get(duty.url))
    post(signed_in(office), duty.url, decision="approve", **said)
    review.refresh_from_db()
    assert (review.state, review.decided_by) == ("APPROVED", office)


@pytest.mark.clause("八(二)-e")
def test_a_decision_ends_the_period_and_ending_the_case_needs_it_first():
    case = make_case()
    with refused("不办理结案"):
        ask_act(case, CaseActKind.ENDING)
    decided = act(case, CaseActKind.VERDICT)
    duty = duty_of(case)
    assert duty.closed_by == "已作出决定"
    assert decided.document_no in str(FollowUp.objects.get(step="CASE_DECIDED").facts)
    act(case, CaseActKind.ENDING)
    case = again(case)
    assert case.state == CaseState.ENDED and FollowUp.objects.filter(step="CASE_ENDED").exists()
    assert endings([case.inspection])[case.inspection_id].on == clock.today()
    assert Message.objects.filter(user=case.asked_by, title="已批准结案").exists()


@pytest.mark.clause("八(二)-e")
def test_a_slight_penalty_is_made_public_only_where_somebody_wrote_the_words():
    case = make_case()
    act(case, CaseActKind.VERDICT, degree=Degree.SLIGHT, public_words="")
    assert not FollowUp.objects.filter(step="CASE_DECIDED").exists()
    with refused("公开的决定内容写得太短"):
        ask_act(make_case(make_found()), CaseActKind.VERDICT, public_words="")


@pytest.mark.clause("八(二)-e")
def test_the_database_lets_no_case_skip_a_step_and_keeps_what_was_decided():
    case = make_case(review_ground=ReviewGround.COMPLEX)
    waits = CaseAct.objects.create(
        case=case, kind="VERDICT", verdict="MINOR", reason="r", asked_by=case.asked_by, asked_at=clock.now()
    )
    leader = make_approver(case.inspection.unit)
    tries = [
        ("一步一步", lambda: Case.objects.filter(pk=case.pk).update(state="ENDED")),
        ("经另一人批准", lambda: Case.objects.filter(pk=case.pk).update(state="DECIDED")),
        ("不能修改", lambda: Case.objects.filter(pk=case.pk).update(filed_on=clock.today() - timedelta(days=3))),
        (
            "法制审核",
            lambda: waits.decide("APPROVED", by=leader, at=clock.now(), document_no="1号", effective_on=clock.today()),
        ),
        (
            "没有承办",
            lambda: waits.decide(
                "APPROVED",
                by=make_planner(case.inspection.unit),
                at=clock.now(),
                document_no="1号",
                effective_on=clock.today(),
            ),
        ),
    ]
    for words, act_ in tries:
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            act_()


@pytest.mark.clause("八(二)-i")
def test_a_grave_penalty_makes_the_system_ask_for_a_closer_look_which_another_decides():
    check = make_found()
    act(make_case(check), CaseActKind.VERDICT)
    assert not ChangeProposal.objects.exists()  # whoever keeps the registry may not know of the check yet
    review_actions.mark_published(inspection=check, by=make_disclosure_officer(check.unit), at=clock.now())
    asked = ChangeProposal.objects.get(facility=check.facility)
    assert (asked.subject, asked.document, asked.waits) == ("KF11", "本环罚〔2026〕3号", True)
    assert "后续处理" in asked.evidence
    check.facility.refresh_from_db()
    assert check.facility.category == Category.GENERAL  # until somebody agrees
    minor = make_found()
    act(make_case(minor), CaseActKind.VERDICT, verdict=Verdict.MINOR, degree="")
    assert not ChangeProposal.objects.filter(facility=minor.facility).exists()


@pytest.mark.clause("八(二)-i")
def test_a_case_and_a_penalty_of_a_public_result_ask_for_the_exit_from_the_positive_list():
    check = make_found()
    make_listed(check.facility)
    case = make_case(check)
    act(case, CaseActKind.VERDICT)
    since = clock.today() - timedelta(days=1)
    assert known.adverse_results([check.facility], since) == []  # nobody outside knows the result yet
    review_actions.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())
    found = known.adverse_results([check.facility], since)
    assert {(kind, no) for _, kind, no in found} == {
        ("ORDER", check.no),
        ("CASE", case.no),
        ("PENALTY", "本环罚〔2026〕3号"),
    }
    assert propose_exits(clock.now()) == 1
    exit_ = PositiveExit.objects.get(facility=check.facility)
    assert exit_.waits and exit_.asked_by is None and "行政处罚 1 次" in exit_.words


def test_a_case_is_read_by_its_circle_and_by_the_rest_once_the_result_is_public():
    check = make_found()
    case = make_case(check)
    url = case.get_absolute_url()
    others = make_planner(make_unit("210505"))
    office = make_lead_office()
    assert signed_in(handler_of(check)).get(url).status_code == 200
    assert [signed_in(user).get(url).status_code for user in (others, office)] == [404, 404]
    review_actions.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())
    assert [signed_in(user).get(url).status_code for user in (others, office)] == [404, 200]


def test_the_list_asks_as_often_for_thirty_cases_as_for_one():
    unit = make_unit()
    planner, leader = make_planner(unit), make_approver(unit)
    make_case(make_found(unit))
    browser, url = signed_in(planner), reverse("inspections:case-list")
    one = queries(browser, url)
    make_case(make_found(unit))
    said = {"inspection": make_found(unit), "origin": "RESULT", "matter": "m", "basis": "b", "asked_by": planner}
    for n in range(28):
        case = Case.objects.create(no=f"{unit.code}-2026-L9{n:02}", **said, asked_at=clock.now())
        case.decide("RETURNED", by=leader, at=clock.now(), opinion="情节轻微")
    assert queries(browser, url) == one
    assert "共 30 件" in text_of(browser.get(url))
