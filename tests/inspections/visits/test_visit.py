"""From arrival to the reviewed result: what is refused, and what is written (七(五), 八(二))."""

from datetime import date, timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty
from inspections.checks import states
from inspections.models import Answer, CheckAnswer, InspectionStatus, Mode, Outcome, Paper
from inspections.review import actions as review_actions
from inspections.service import actions as service_actions
from inspections.visits import actions as visits_actions
from inspections.visits import differences, rules
from registry.models import ConflictKind, ConflictOfInterest
from tests.browsing import refused
from tests.factories import make_approver, make_disclosure_officer, make_inspector, make_planner, make_unit, make_user
from tests.inspections.factories import (
    answer_all,
    finish,
    make_finished,
    make_inspection,
    make_published,
    make_reviewed,
    make_started,
    sign_all,
    start,
    team_of,
)
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db
S = InspectionStatus


def let_lapse(inspector, day=date(2026, 7, 1)):
    inspector.certificate_to = day
    inspector.save()


def declare_conflict(inspector, facility):
    ConflictOfInterest.objects.create(
        inspector=inspector,
        facility=facility,
        kind=ConflictKind.RELATIVE,
        reason="近亲属任职",
        valid_from=date(2026, 7, 1),
        asked_by=inspector.user or make_user(),
        asked_at=clock.now(),
    )


# States


def test_the_table_names_every_status():
    assert set(states.NEXT) == set(S)
    assert {to for after in states.NEXT.values() for to in after} == set(S) - {S.DISPATCHED}


@pytest.mark.promise("P14")
@pytest.mark.parametrize("before", S)
@pytest.mark.parametrize("after", S)
def test_a_check_moves_only_as_the_table_says(before, after):
    inspection = make_inspection()
    inspection.status = before
    allowed = after in states.NEXT[before]
    assert (states.why_not_move(inspection, after) == "") == allowed
    if allowed:
        states.move_to(inspection, after)
        assert inspection.status == after
    else:
        with pytest.raises(ValueError):
            states.move_to(inspection, after)


# Arrival


@pytest.mark.clause("七(五)-b")
def test_one_person_cannot_begin():
    inspection = make_inspection()
    with refused("至少两名持有效执法证的人员到场才能开始检查，现在是 1 名"):
        start(inspection, present=team_of(inspection)[:1])
    inspection.refresh_from_db()
    assert inspection.status == S.DISPATCHED


@pytest.mark.clause("七(五)-b")
def test_two_people_with_one_lapsed_certificate_cannot_begin():
    inspection = make_inspection()
    let_lapse(team_of(inspection)[1])
    with refused("现在是 1 名（检查员.*的执法证 2026 年 7 月 1 日到期）"):
        start(inspection)


@pytest.mark.clause("七(五)-b")
def test_a_third_person_with_a_lapsed_certificate_may_not_take_part():
    inspection = make_inspection(people=3)
    people = team_of(inspection)
    let_lapse(people[2])
    with refused("不能参加检查"):
        start(inspection)
    assert start(inspection, present=people[:2]).status == S.STARTED


def test_the_certificate_counts_on_the_day_of_the_visit():
    long_ago = clock.now() - timedelta(days=10)
    inspection = make_inspection(dispatched_at=long_ago, accepted_at=long_ago)
    let_lapse(team_of(inspection)[1], day=date(2026, 7, 3))
    with refused("现在是 1 名"):
        start(inspection)
    before = clock.now() - timedelta(days=3)
    assert start(inspection, at=before, identity_shown_at=before).status == S.STARTED


def test_the_certificate_of_the_visit_is_kept_with_it():
    inspection = make_inspection()
    person = team_of(inspection)[1]
    person.certificate_no, person.certificate_to = "21059999999", date(2030, 1, 1)
    person.save()
    start(inspection)
    member = inspection.members.get(inspector=person)
    assert (member.certificate_no, member.certificate_to) == ("21059999999", date(2030, 1, 1))
    assert member.arrived_at == clock.now() - timedelta(minutes=30)


@pytest.mark.clause("七(五)-i")
def test_nothing_is_checked_on_site_before_the_certificate_is_shown():
    inspection = make_inspection()
    with refused("到达之后、现在之前"):
        start(inspection, identity_shown_at=clock.now() - timedelta(hours=1))
    started = start(inspection, identity_shown_at=None, served=False)
    by, point = team_of(inspection)[0].user, inspection.answers.first()
    with refused("还没有出示执法证件"):
        visits_actions.answer_point(inspection=started, pk=point.pk, answer=Answer.NONE_FOUND, by=by)
    with refused("还没有出示执法证件"):
        visits_actions.answer_rest(inspection=started, item_code="A01", by=by)

    service_actions.deliver(inspection=started, paper=Paper.NOTICE, by=by, at=started.started_at)

    started.refresh_from_db()
    assert started.identity_shown_at == started.started_at
    visits_actions.answer_point(inspection=started, pk=point.pk, answer=Answer.NONE_FOUND, by=by)


@pytest.mark.clause("七(五)-h")
def test_an_onsite_check_names_its_recorder_or_says_why_there_is_none():
    with refused("执法记录仪编号"):
        start(make_inspection(), recorder_no=" ")
    with refused("没有记录仪的原因写得太短"):
        start(make_inspection(), recorder_no="", no_recorder_because="坏")
    with refused("只留一样"):
        start(make_inspection(), no_recorder_because="两台都在送修")
    started = start(make_inspection(), recorder_no="", no_recorder_because="两台都在送修")
    assert (started.recorder_no, started.no_recorder_because) == ("", "两台都在送修")


# One item at once


@pytest.mark.clause("七(五)-l")
def test_the_rest_of_an_item_is_declared_at_once_and_never_touches_an_answer():
    inspection = make_started()
    leader, member = (p.user for p in team_of(inspection))
    first, second, other = inspection.answers.order_by("item_code", "number")
    visits_actions.answer_point(inspection=inspection, pk=first.pk, answer=Answer.FOUND, words="设施停运", by=member)

    declared = visits_actions.answer_rest(inspection=inspection, item_code="A01", by=leader)

    answers = {p.pk: (p.answer, p.answered_by) for p in inspection.answers.select_related("answered_by")}
    assert declared == [second.pk]
    assert answers == {
        first.pk: (Answer.FOUND, member),
        second.pk: (Answer.NONE_FOUND, leader),
        other.pk: ("", None),
    }
    with refused("已经全部有结论"):
        visits_actions.answer_rest(inspection=inspection, item_code="A01", by=leader)
    with refused("没有这一项"):
        visits_actions.answer_rest(inspection=inspection, item_code="Z99", by=leader)


def test_what_was_declared_in_one_stroke_is_taken_back_and_nothing_else():
    inspection = make_started()
    leader, member = (p.user for p in team_of(inspection))
    first, second, other = inspection.answers.order_by("item_code", "number")
    visits_actions.answer_point(inspection=inspection, pk=other.pk, answer=Answer.NONE_FOUND, by=member)
    declared = visits_actions.answer_rest(inspection=inspection, item_code="A01", by=leader)
    visits_actions.answer_point(inspection=inspection, pk=first.pk, answer=Answer.NOT_APPLICABLE, by=leader)

    assert visits_actions.take_rest_back(inspection=inspection, points=[*declared, other.pk], by=leader) == 1

    answers = dict(inspection.answers.values_list("pk", "answer"))
    assert answers == {first.pk: Answer.NOT_APPLICABLE, second.pk: "", other.pk: Answer.NONE_FOUND}


@pytest.mark.clause("七(三)-b", "一-b")
def test_an_offsite_check_needs_neither_identity_nor_recorder():
    inspection = make_inspection(mode=Mode.OFFSITE)
    with refused("到场|参加才能开始检查"):
        start(inspection, present=team_of(inspection)[:1])
    started = start(inspection)
    assert (started.status, started.identity_shown_at, started.recorder_no) == (S.STARTED, None, "")


def test_a_visit_is_neither_in_the_future_nor_before_its_dispatch():
    inspection = make_inspection()
    with refused("晚于现在"):
        start(inspection, at=clock.now() + timedelta(minutes=1))
    with refused("早于抽取和派发"):
        start(inspection, at=clock.now() - timedelta(hours=3))


def test_somebody_outside_the_team_neither_starts_nor_comes_along():
    inspection = make_inspection()
    stranger = make_inspector(inspection.unit, with_user=True)
    with refused("只有这次检查的检查小组成员"):
        start(inspection, by=stranger.user)
    with refused("不在检查小组里"):
        start(inspection, present=[*team_of(inspection), stranger])


def test_a_conflict_registered_since_the_dispatch_stops_the_visit():
    inspection = make_inspection()
    declare_conflict(team_of(inspection)[1], inspection.facility)
    with refused("应当回避"):
        start(inspection)


# Answers


@pytest.mark.clause("七(五)-l")
def test_a_problem_is_described_and_nothing_else_is():
    inspection = make_started()
    point, by = inspection.answers.first(), team_of(inspection)[1].user
    with refused("改选“发现问题”"):
        visits_actions.answer_point(
            inspection=inspection, pk=point.pk, answer=Answer.NONE_FOUND, words="未贴标签", by=by
        )
    with refused("选择未发现问题"):
        visits_actions.answer_point(inspection=inspection, pk=point.pk, answer="", by=by)

    visits_actions.answer_point(
        inspection=inspection, pk=point.pk, answer=Answer.FOUND, words="2 只吨桶未贴标签", by=by
    )

    point.refresh_from_db()
    assert (point.answer, point.words, point.answered_by) == (Answer.FOUND, "2 只吨桶未贴标签", by)


def test_a_partners_later_answer_is_shown_and_kept():
    inspection = make_started()
    point = inspection.answers.first()
    leader, member = (p.user for p in team_of(inspection))
    seen = visits_actions.stamp(point)
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.NONE_FOUND, by=leader, seen=seen)
    kept = visits_actions.answer_point(
        inspection=inspection, pk=point.pk, answer=Answer.NOT_APPLICABLE, by=member, seen=seen
    )
    assert f"同组{leader.full_name} 10:00 已把" in differences.words(kept.differs)
    point.refresh_from_db()
    assert point.answer == Answer.NONE_FOUND


def test_no_answer_before_the_visit_or_after_it_is_handed_in():
    waiting, finished = make_inspection(), make_finished()
    for inspection, words in ((waiting, "还没有开始"), (finished, "已经提交")):
        point = inspection.answers.first()
        with refused(words):
            visits_actions.answer_point(
                inspection=inspection, pk=point.pk, answer=Answer.NONE_FOUND, by=team_of(inspection)[0].user
            )


def test_another_checks_point_is_not_answered():
    inspection, other = make_started(), make_started()
    with refused("没有这个检查点"):
        visits_actions.answer_point(
            inspection=inspection,
            pk=other.answers.first().pk,
            answer=Answer.NONE_FOUND,
            by=team_of(inspection)[0].user,
        )


def test_a_problem_is_kept_at_the_tap_and_described_before_the_result_is_written():
    inspection = answer_all(make_started())
    point, by = inspection.answers.last(), team_of(inspection)[0].user
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.FOUND, by=by)
    point.refresh_from_db()
    assert (point.answer, point.words, point.found_under) == (Answer.FOUND, "", "某法第一条")
    with refused(f"“{point.text}”没有写看到了什么"):
        finish(inspection, outcome=Outcome.ON_SITE_FIXED, finding="当场贴上。")
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.FOUND, words="未贴标签", by=by)
    assert finish(inspection, outcome=Outcome.ON_SITE_FIXED, finding="当场贴上。").status == S.FINISHED


@pytest.mark.clause("七(五)-l")
def test_a_problem_rests_on_one_of_what_its_item_cites():
    item = make_item_list().items.first()
    item.legal_basis = "《中华人民共和国水污染防治法》第三十九条；《排污许可管理条例》第十七条"
    item.save()
    inspection = make_started()
    CheckAnswer.objects.filter(inspection=inspection).update(item=item)
    point, by = inspection.answers.first(), team_of(inspection)[0].user
    offered = ["某法第一条", "《中华人民共和国水污染防治法》第三十九条", "《排污许可管理条例》第十七条"]
    assert rules.bases_of(point) == offered

    def keep(found_under="", answer=Answer.FOUND, words="设施停运"):
        given = {"answer": answer, "words": words, "found_under": found_under}
        visits_actions.answer_point(inspection=inspection, pk=point.pk, by=by, **given)
        point.refresh_from_db()
        return point.found_under

    with refused("不是这一项的依据"):
        keep("《另一部法》第一条")
    assert (keep(), keep(offered[2]), keep()) == (offered[0], offered[2], offered[2])
    assert keep(answer=Answer.NONE_FOUND, words="") == ""


# The end


@pytest.mark.clause("七(五)-l")
def test_every_point_is_answered_before_the_end():
    inspection = make_started()
    with refused("还有 3 个检查点没有结论"):
        finish(inspection)
    answer_all(inspection)
    assert finish(inspection).status == S.FINISHED


def test_a_check_that_could_not_be_carried_out_says_why_and_needs_no_answers():
    inspection = make_started()
    with refused("写明检查情况"):
        finish(inspection, outcome=Outcome.NOT_OPERATING)
    finished = finish(inspection, outcome=Outcome.NOT_OPERATING, finding="厂门上锁，设备停运。")
    assert finished.status == S.FINISHED
    assert set(finished.answers.values_list("answer", flat=True)) == {""}


def with_problem():
    inspection = answer_all(make_started())
    visits_actions.answer_point(
        inspection=inspection,
        pk=inspection.answers.first().pk,
        answer=Answer.FOUND,
        words="设施停运",
        by=team_of(inspection)[0].user,
    )
    return inspection


@pytest.mark.parametrize("outcome", [Outcome.NO_ISSUE, Outcome.NOT_OPERATING, Outcome.UNREACHABLE])
def test_a_problem_found_excludes_an_outcome_without_one(outcome):
    with refused("有 1 个检查点发现问题"):
        finish(with_problem(), outcome=outcome, finding="情况")


@pytest.mark.parametrize(
    "outcome",
    [
        Outcome.ON_SITE_FIXED,
        Outcome.RECTIFY_ORDERED,
        Outcome.CASE_FILED,
        Outcome.TRANSFERRED,
        Outcome.TRANSFERRED_CRIMINAL,
    ],
)
def test_without_a_problem_nothing_follows_from_one(outcome):
    with refused("没有检查点发现问题"):
        finish(answer_all(make_started()), outcome=outcome, finding="情况", rectify_by=date(2026, 8, 1))


def test_an_order_to_put_right_has_its_day_and_nothing_else_has():
    inspection = with_problem()
    with refused("整改期限"):
        finish(inspection, outcome=Outcome.RECTIFY_ORDERED, finding="设施停运")
    with refused("早于检查结束"):
        finish(inspection, outcome=Outcome.RECTIFY_ORDERED, finding="设施停运", rectify_by=date(2026, 7, 5))
    with refused("只有“责令限期改正”"):
        finish(inspection, outcome=Outcome.CASE_FILED, finding="设施停运", rectify_by=date(2026, 8, 1))
    assert finish(
        inspection, outcome=Outcome.RECTIFY_ORDERED, finding="设施停运", rectify_by=date(2026, 8, 1)
    ).rectify_by == date(2026, 8, 1)


def test_a_check_does_not_end_before_it_began_or_in_the_future():
    inspection = answer_all(make_started())
    with refused("早于到达"):
        finish(inspection, at=clock.now() - timedelta(hours=1))
    with refused("晚于现在"):
        finish(inspection, at=clock.now() + timedelta(minutes=1))


@pytest.mark.clause("八(二)-d")
def test_twenty_working_days_run_from_the_end_of_the_check():
    inspection = make_finished()  # Monday 6 July 2026
    assert (inspection.ended_at, inspection.publish_by) == (clock.now(), date(2026, 8, 3))
    duty = Duty.objects.get(rule="D-8", period=inspection.no)
    assert (duty.due, duty.closed_at, duty.role) == (date(2026, 8, 3), None, Role.APPROVER)
    assert inspection.facility.name not in duty.title


@pytest.mark.clause("七(四)-5")
def test_the_visit_leaves_who_recorded_it_and_when():
    inspection = make_finished()
    assert (inspection.recorded_by, inspection.uploaded_at) == (team_of(inspection)[0].user, clock.now())
    assert list(AuditEntry.objects.filter(about_key=inspection.no).order_by("pk").values_list("verb", flat=True)) == [
        "inspections.visit.started",
        "inspections.paper.served",
        "inspections.points.answered",
        "inspections.signed",
        "inspections.visit.finished",
        "inspections.paper.served",
    ]


def test_the_upload_duty_opens_with_the_visit_and_closes_with_its_end():
    inspection = make_started()
    duty = Duty.objects.get(rule="D-10", period=inspection.no)
    assert (duty.due, duty.closed_at) == (date(2026, 7, 8), None)
    finish(answer_all(inspection))
    duty.refresh_from_db()
    assert duty.closed_at == clock.now()


def test_nothing_is_handed_in_before_it_was_concluded():
    inspection = answer_all(make_started())
    with refused("还没有写检查结果"):
        visits_actions.finish_visit(inspection=inspection, by=team_of(inspection)[0].user, at=clock.now())


def conclude(inspection, by, **changes):
    said = {"outcome": Outcome.NO_ISSUE, "finding": "", "measures": "", "rectify_by": None, **changes}
    return visits_actions.conclude(inspection=inspection, by=by, **said)


def test_a_partners_conclusion_is_shown_and_not_overwritten():
    inspection = answer_all(make_started())
    leader, member = (p.user for p in team_of(inspection))
    written = conclude(inspection, leader)
    assert conclude(inspection, member, seen="") == written  # the same again is nothing new
    with refused(f"同组{leader.full_name} 10:00 已写了检查结果“未发现问题”"):
        conclude(inspection, member, outcome=Outcome.PENDING, finding="待监测", seen="")
    changed = conclude(inspection, member, outcome=Outcome.PENDING, finding="待监测", seen=written.stamp)
    assert (changed.outcome, changed.by) == (Outcome.PENDING, member)


def test_what_the_person_in_charge_says_goes_into_the_record_as_it_was_said():
    inspection = answer_all(make_started())
    by = team_of(inspection)[0].user
    with refused("先写结果"):
        visits_actions.note_opinion(inspection=inspection, by=by, words="不同意")
    conclude(inspection, by)
    words = "对第三点有不同意见：\n那天停电，不是停运。"
    visits_actions.note_opinion(inspection=inspection, by=by, words=words)
    conclude(inspection, by, measures="口头提醒")  # what the team changes leaves it alone
    sign_all(inspection)
    finished = visits_actions.finish_visit(inspection=inspection, by=by, at=clock.now())
    assert (finished.enterprise_opinion, finished.measures) == (words, "口头提醒")


@pytest.mark.clause("七(四)-5")
def test_after_it_is_handed_in_the_record_is_only_added_to():
    inspection = make_started()
    by = team_of(inspection)[1].user
    with refused("直接改记录"):
        visits_actions.add_note(inspection=inspection, by=by, text="漏记一张照片")
    finish(answer_all(inspection))
    with refused("写得太短"):
        visits_actions.add_note(inspection=inspection, by=by, text="补")
    stranger = make_inspector(inspection.unit, with_user=True).user
    with refused("检查小组成员"):
        visits_actions.add_note(inspection=inspection, by=stranger, text="漏记一张照片")
    note = visits_actions.add_note(inspection=inspection, by=by, text="漏记一张照片")
    assert [n.text for n in inspection.addenda.all()] == [note.text] == ["漏记一张照片"]


def test_an_old_form_is_refused():
    inspection = answer_all(make_started())
    with refused("另一人改过"):
        finish(inspection, version=inspection.version - 1)


# The review


@pytest.mark.clause("七(四)-5")
def test_nobody_reviews_his_own_record():
    unit = make_unit()
    leader = make_inspector(unit, user=make_user((Role.INSPECTOR, unit), (Role.APPROVER, unit)))
    inspection = make_finished(unit, team=[leader, make_inspector(unit, with_user=True)])
    with refused("另一人审核"):
        review_actions.review_result(inspection=inspection, by=leader.user)
    with refused("另一人审核"):
        review_actions.return_result(inspection=inspection, by=leader.user, opinion="改")


@pytest.mark.clause("七(四)-5")
def test_the_leader_of_the_unit_reviews_and_nobody_of_the_team():
    inspection = make_finished()
    with refused("检查小组成员不审核本组的检查结果"):
        review_actions.review_result(inspection=inspection, by=team_of(inspection)[1].user)
    approver = make_approver(inspection.unit)
    reviewed = review_actions.review_result(inspection=inspection, by=approver, opinion="同意")
    assert (reviewed.status, reviewed.reviewed_by, reviewed.opinion) == (S.REVIEWED, approver, "同意")


@pytest.mark.clause("七(四)-5")
def test_a_leader_who_was_of_the_team_does_not_review():
    unit = make_unit()
    both = make_inspector(unit, user=make_user((Role.INSPECTOR, unit), (Role.APPROVER, unit)))
    inspection = make_finished(unit, team=[make_inspector(unit, with_user=True), both])
    with refused("检查小组成员不审核本组的检查结果"):
        review_actions.review_result(inspection=inspection, by=both.user)
    with refused("检查小组成员不审核本组的检查结果"):
        review_actions.return_result(inspection=inspection, by=both.user, opinion="写明数量")


@pytest.mark.parametrize("maker", [make_planner, make_disclosure_officer])
def test_others_do_not_review(maker):
    inspection = make_finished()
    with refused("由分管负责人"):
        review_actions.review_result(inspection=inspection, by=maker(inspection.unit))


def test_another_units_leader_does_not_review():
    inspection = make_finished()
    with refused("由分管负责人"):
        review_actions.review_result(inspection=inspection, by=make_approver(make_unit("210503")))


def test_a_returned_record_is_mended_and_reviewed_again_while_its_clock_runs_on(at):
    inspection = make_finished()
    approver, by = make_approver(inspection.unit), team_of(inspection)[0].user
    with refused("写明哪里要改"):
        review_actions.return_result(inspection=inspection, by=approver, opinion=" ")
    review_actions.return_result(inspection=inspection, by=approver, opinion="补充台账情况")
    assert Duty.objects.get(rule="D-8", period=inspection.no).waiting_for == "检查小组修改"
    at("2026-07-08 09:00")
    point = inspection.answers.first()
    visits_actions.answer_point(inspection=inspection, pk=point.pk, answer=Answer.NOT_APPLICABLE, by=by)
    with refused("重新提交"):
        finish(inspection)
    mended = visits_actions.resubmit(
        inspection=inspection,
        by=by,
        outcome=Outcome.NO_ISSUE,
        finding="台账完整。",
        measures="",
        rectify_by=None,
        enterprise_opinion="",
    )
    assert (mended.status, mended.publish_by, mended.finding) == (S.FINISHED, date(2026, 8, 3), "台账完整。")
    assert review_actions.review_result(inspection=inspection, by=approver).status == S.REVIEWED


def test_what_was_not_returned_is_not_handed_in_again():
    inspection = make_started()
    with refused("没有被退回"):
        visits_actions.resubmit(
            inspection=inspection,
            by=team_of(inspection)[0].user,
            outcome=Outcome.NO_ISSUE,
            finding="",
            measures="",
            rectify_by=None,
            enterprise_opinion="",
        )


def test_the_officer_who_publishes_may_send_a_reviewed_record_back():
    inspection = make_reviewed()
    officer = make_disclosure_officer(inspection.unit)
    returned = review_actions.return_result(inspection=inspection, by=officer, opinion="删去个人姓名")
    assert (returned.status, returned.reviewed_by) == (S.RETURNED, None)
    with refused("由分管负责人"):
        review_actions.return_result(inspection=make_finished(), by=officer, opinion="改")


def test_publishing_closes_the_twenty_day_duty_and_needs_a_review():
    with refused("不能改为“已公开”"):
        review_actions.mark_published(inspection=make_finished(), by=make_planner(make_unit()), at=clock.now())
    inspection = make_published()
    duty = Duty.objects.get(rule="D-8", period=inspection.no)
    assert (inspection.status, inspection.published_at, duty.closed_at) == (S.PUBLISHED, clock.now(), clock.now())


def test_who_recorded_a_result_does_not_publish_it():
    inspection = make_reviewed()
    with refused("记录人不能公开"):
        review_actions.mark_published(inspection=inspection, by=inspection.recorded_by, at=clock.now())


@pytest.mark.clause("五-2f")
def test_a_county_sections_people_check_for_the_branch():
    branch = make_unit()
    section = make_unit("210504A", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=branch)
    team = [make_inspector(section, with_user=True) for _ in range(2)]
    inspection = make_finished(branch, team=team, executing_unit=section)
    assert (inspection.unit, inspection.executing_unit, inspection.recorded_by) == (branch, section, team[0].user)
