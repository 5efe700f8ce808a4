"""送达: the notice is served on arrival or refused with reason and witness; nothing is finished without it (N-7, 七(五)-j, -k)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from benxi_shuangsuiji import clock, policy
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from disclosure.publishing.actions import publish_result
from inspections.models import Delivery, Inspection, Mode, Outcome, Paper
from inspections.review.actions import return_result, review_result
from inspections.service import actions, rules
from inspections.visits.actions import answer_point, resubmit
from tests.browsing import post, signed_in, text_of
from tests.factories import make_approver, make_disclosure_officer, make_planner, make_unit
from tests.inspections.factories import answer_all, finish, make_inspection, start, team_of
from tests.inspections.visits.test_pages import minutes

pytestmark = pytest.mark.django_db
REFUSED = {"accepted": False, "refused_because": "负责人不在，值班员不收", "witness": "社区网格员齐某"}


def serve(check, paper=Paper.NOTICE, **changes) -> Delivery:
    given = {"inspection": check, "paper": paper, "by": team_of(check)[0].user, "at": clock.now(), **changes}
    return actions.deliver(**given)


def arrived(**fields):
    return start(make_inspection(**fields), served=False)


@pytest.mark.clause("七(五)-j", "七(五)-i")
def test_no_visit_is_finished_before_its_notice_was_served():
    check = answer_all(arrived())
    with pytest.raises(Refused, match="检查通知书还没有送达"):
        finish(check)
    serve(check)
    assert finish(check).ended_at


@pytest.mark.clause("七(五)-k")
def test_a_refused_notice_lets_the_visit_go_on_and_keeps_why_and_who_saw_it():
    check = answer_all(arrived())
    with pytest.raises(Refused, match="拒收的原因写得太短"):
        serve(check, **REFUSED | {"refused_because": ""})
    with pytest.raises(Refused, match="写明见证人"):
        serve(check, **REFUSED | {"witness": " "})
    refused = serve(check, **REFUSED)
    assert (refused.accepted, refused.refused_because, refused.witness) == tuple(REFUSED.values())
    assert finish(check).ended_at


@pytest.mark.clause("七(五)-k")
def test_a_result_changed_after_it_was_told_is_told_anew_before_it_is_public(at):
    unit = make_unit()
    check = finish(answer_all(start(make_inspection(unit))))
    by, leader = team_of(check)[0].user, make_approver(unit)
    assert rules.why_not_told(check) == ""
    return_result(inspection=check, by=leader, opinion="写明贮存间的标志")
    answer_point(inspection=check, pk=check.answers.last().pk, answer="FOUND", words="少一块标志。", by=by)
    ordered = {"outcome": Outcome.RECTIFY_ORDERED, "finding": "少一块标志。", "measures": "", "enterprise_opinion": ""}
    due = clock.today() + timedelta(days=14)
    duty = Duty.objects.get(rule="N-10")
    assert duty.closed_at
    at(clock.now() + timedelta(days=4))
    resubmit(inspection=check, by=by, rectify_by=due, **ordered)
    duty.refresh_from_db()
    assert (duty.closed_at, duty.counted_from, duty.person) == (None, clock.today(), by)
    review_result(inspection=check, by=leader)
    check = Inspection.objects.get(pk=check.pk)

    officer = make_disclosure_officer(unit)
    with pytest.raises(Refused, match="告知企业以后改过检查结果"):
        publish_result(inspection=check, by=officer)
    serve(check, Paper.RESULT)
    duty.refresh_from_db()
    assert duty.closed_at
    with pytest.raises(Refused, match="检查结果告知已经送达"):
        serve(check, Paper.RESULT)
    assert publish_result(inspection=Inspection.objects.get(pk=check.pk), by=officer)


def test_who_takes_the_refused_paper_after_all_has_taken_it_and_it_is_noted_once():
    check = arrived()
    serve(check, **REFUSED)
    with pytest.raises(Refused, match="拒收已经记过"):
        serve(check, **REFUSED)
    serve(check)
    assert rules.delivered(check, Paper.NOTICE).accepted
    with pytest.raises(Refused, match="已经送达，不用再记"):
        serve(check)
    assert check.deliveries.count() == 2


@pytest.mark.parametrize("outcome", [Outcome.NOT_OPERATING, Outcome.UNREACHABLE])
def test_where_nobody_was_there_nobody_takes_a_notice(outcome):
    check = answer_all(
        arrived(accepted_at=clock.now() - timedelta(days=2), dispatched_at=clock.now() - timedelta(days=3))
    )
    assert finish(check, outcome=outcome, finding="大门锁着，没有人。").outcome == outcome


def test_off_site_nobody_hands_a_notice_over():
    check = answer_all(arrived(mode=Mode.OFFSITE))
    with pytest.raises(Refused, match="没有人到场"):
        serve(check)
    assert finish(check).ended_at


@pytest.mark.clause("七(五)-i")
def test_the_certificates_were_shown_when_the_notice_was_handed_over_unless_noted_before():
    check = arrived()
    type(check).objects.filter(pk=check.pk).update(identity_shown_at=None)
    at = serve(check).at
    check.refresh_from_db()
    assert check.identity_shown_at == at
    noted = arrived()
    serve(noted)
    assert type(noted).objects.get(pk=noted.pk).identity_shown_at == noted.identity_shown_at


@pytest.mark.parametrize(
    "made, paper, words",
    [
        (make_inspection, Paper.NOTICE, "还没有登记到场"),
        (arrived, Paper.RESULT, "检查还没有结束"),
    ],
)
def test_a_paper_is_served_when_there_is_something_to_serve(made, paper, words):
    with pytest.raises(Refused, match=words):
        serve(made(), paper)


def test_when_it_was_served_is_between_arrival_and_now():
    check = arrived()
    for at, words in (
        (clock.now() + timedelta(minutes=2), "晚于现在"),
        (check.started_at - timedelta(hours=1), "时间早于到场"),
    ):
        with pytest.raises(Refused, match=words):
            serve(check, at=at)


def test_only_the_team_serves_and_the_trail_says_so_without_the_witness():
    check, other = arrived(), make_inspection()
    with pytest.raises(Refused, match="检查小组成员"):
        serve(check, by=team_of(other)[0].user)
    serve(check, **REFUSED)
    entry = AuditEntry.objects.filter(verb="inspections.paper.served").latest("pk")
    assert "NOTICE" in str(entry.details) and "齐某" not in str(entry.details)


def test_the_result_is_told_when_the_check_is_over():
    check = finish(answer_all(start(make_inspection())), told=False)
    assert serve(check, Paper.RESULT).accepted and rules.why_not_deliver(check, Paper.RESULT, team_of(check)[0].user)


@pytest.mark.clause("八(二)-d", "七(五)-k")
def test_a_result_is_public_only_when_it_was_told_or_refused_and_its_days_run_on():
    check = finish(answer_all(start(make_inspection())), told=False)
    check = review_result(inspection=check, by=make_approver(check.unit))
    officer, planner = make_disclosure_officer(check.unit), make_planner(check.unit)
    with pytest.raises(Refused, match="还没有告知企业"):
        publish_result(inspection=check, by=officer)
    browser, address = signed_in(planner), f"/desk/tasks/{check.no}/served/"
    given = {"what": "refused", "at": minutes(clock.now()), "refused_because": "邮寄退回，无人签收", "witness": ""}
    assert "写明见证人" in text_of(post(browser, address, **given))
    assert post(browser, address, **given | {"witness": "无，邮局退件单"}).status_code == 302
    assert "邮寄退回" in text_of(browser.get(address))
    days = check.publish_by
    check = Inspection.objects.get(pk=check.pk)
    assert publish_result(inspection=check, by=officer) and check.publish_by == days
    stranger = signed_in(make_planner(make_unit("210503")))
    assert stranger.get(address).status_code == 404


def test_the_database_keeps_no_refusal_without_a_reason_and_changes_none():
    check = arrived()
    row = {"inspection": check, "paper": Paper.NOTICE, "at": clock.now(), "recorded_at": clock.now()}
    with pytest.raises(IntegrityError, match="a_refusal_has_its_reason"), transaction.atomic():
        Delivery.objects.create(**row, accepted=False, witness="齐某", by=team_of(check)[0].user)


@pytest.mark.clause("七(五)-k")
def test_telling_the_result_is_the_leaders_duty_until_it_was_served_or_refused():
    check = finish(answer_all(start(make_inspection())), told=False)
    duty = Duty.objects.open().get(rule="N-10")
    days = policy.on(clock.today()).recommended.result_told_within_workdays
    assert (duty.person, duty.counted_from, duty.workdays) == (team_of(check)[0].user, clock.today(), days)
    assert check.facility.name not in duty.title
    page = signed_in(team_of(check)[0].user).get(duty.url)
    assert page.status_code == 200
    serve(check, Paper.RESULT, **REFUSED)
    assert Duty.objects.get(rule="N-10").closed_by == "检查结果已告知"


def test_nobody_is_to_be_told_of_a_visit_in_vain():
    words = {"finding": "停产检修，生产线没有运行。", "measures": "恢复生产后再查。"}
    finish(start(make_inspection()), outcome=Outcome.NOT_OPERATING, told=False, **words)
    assert not Duty.objects.filter(rule="N-10").exists()
