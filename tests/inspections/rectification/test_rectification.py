"""整改 as acts: opened by the review, counted from service, reported, extended, checked again, closed (八(二)-e, 七(四)-7)."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import localtime

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import UnitKind
from benxi_shuangsuiji.notices.models import Duty, Message
from benxi_shuangsuiji.subjects import house
from disclosure.publishing.actions import publish_result
from inspections.models import (
    FollowUp,
    Inspection,
    Outcome,
    Rectification,
    RectificationAct,
    RectificationReport,
    Source,
)
from inspections.rectification import actions, reports, rules
from inspections.rectification.filed_papers import endings
from inspections.rectification.pages import along, standing_of
from inspections.review import actions as review_actions
from inspections.targeted import rules as targeted_rules
from tests import putting
from tests.browsing import refused
from tests.factories import make_approver, make_disclosure_officer, make_facility, make_planner, make_unit
from tests.inspections.evidence.pictures import PDF, photo
from tests.inspections.factories import make_published, tell
from tests.inspections.rectification.factories import (
    ask,
    check_again,
    decided,
    leader_of,
    make_rectification,
    ordered_check,
    report,
)
from tests.inspections.targeted.factories import make_complaint
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(at):
    at("2026-07-09 10:00")
    make_item_list()
    return at


def steps(found) -> list[tuple[str, str]]:
    return list(FollowUp.objects.filter(inspection=found.inspection).values_list("step", "words"))


def now(found) -> Rectification:
    return along(Rectification.objects.filter(pk=found.pk)).get()


def said(found) -> str:
    return standing_of(now(found), clock.today()).words


@pytest.mark.clause("七(四)-7", "八(二)-e")
def test_the_review_of_an_ordered_correction_opens_it_with_its_points_and_its_clock():
    found = make_rectification()
    assert (found.state, found.due) == ("OPEN", date(2026, 7, 23))
    points = list(found.points.values_list("n", "words", "basis", "due"))
    assert points[1] == (2, "事故应急池堆放杂物，容积不够", "某法第一条", date(2026, 7, 23))
    duty = Duty.objects.get(rule="D-21", period=found.inspection.no)
    assert (duty.due, duty.person) == (date(2026, 8, 6), leader_of(found))
    assert said(found) == "还剩 14 天　7 月 23 日（周四）前改正"
    assert steps(found) == [("ORDERED", "责令 2 处问题 2026 年 7 月 23 日前改正")]
    assert not Rectification.objects.filter(inspection=make_published()).exists()


@pytest.mark.clause("八(二)-e")
def test_the_period_runs_from_service_and_nobody_is_late_by_a_paper_he_did_not_get(day):
    check = ordered_check(told=False, days=5)
    review_actions.review_result(inspection=check, by=make_approver(check.unit))
    found = Rectification.objects.get(inspection=check)
    with refused("还没有送达"):
        report(found)
    assert "期限从送达起算" in said(found)
    day("2026-07-20 10:00")
    check.ended_at = clock.now()  # handed over today, days after its limit
    tell(check)
    assert now(found).due == date(2026, 7, 25)
    assert Duty.objects.get(rule="D-21", period=check.no).due == date(2026, 8, 7)
    publish_result(inspection=Inspection.objects.get(pk=check.pk), by=make_disclosure_officer(check.unit))
    assert steps(found) == [("ORDERED", "责令 2 处问题 2026 年 7 月 25 日前改正")]  # the public reads no earlier day


@pytest.mark.clause("八(二)-e", "七(四)-7")
def test_from_the_order_to_the_end_each_step_is_handed_over_for_publication():
    found = make_rectification()
    report(found, wish_until=date(2026, 8, 6), wish_because="防渗施工 8 月初完工")
    assert "等" in said(found) and "提出意见" in said(found)
    decided(found, "EXTEND", until=date(2026, 8, 6))
    found = now(found)
    assert (found.due, [p.due.day for p in found.points.all()]) == (date(2026, 8, 6), [23, 6])
    again = check_again(found)
    found = now(found)
    assert found.checked_again == again and [p.mended for p in found.points.all()] == [True, True]
    assert Duty.objects.get(rule="D-21", period=found.inspection.no).closed_at
    assert not Rectification.objects.filter(inspection=again).exists()
    decided(found, "CLOSE")
    found = now(found)
    assert found.state == "CLOSED" and localtime(found.closed_at).date() == clock.today()
    assert [step for step, _ in steps(found)] == ["ORDERED", "EXTENDED", "CHECKED_AGAIN", "MENDED"]
    assert dict(steps(found))["EXTENDED"] == "第 2 处问题的改正期限延长到 2026 年 8 月 6 日"
    assert dict(steps(found))["MENDED"] == "复查 2 处问题都已改好，整改办结"
    assert said(found) == "7 月 9 日办结。等公示员公开"


@pytest.mark.clause("八(二)-e")
def test_who_asked_who_recorded_and_who_was_there_decides_nothing():
    found = make_rectification()
    both = make_approver(found.inspection.unit)
    colleague = found.inspection.members.last().inspector.user
    colleague.grants.create(unit=found.inspection.unit, role="APPROVER", valid_from=date(2025, 1, 1), document="任命")
    act = ask(found, "EXTEND")
    for person in (leader_of(found), colleague):
        with refused("不能决定|分管负责人决定"):
            actions.approve(act=act, by=person)
    with refused("已有一份申请"):
        ask(found, "HALT")
    with refused("写明退回的意见"):
        actions.reject(act=act, by=both, opinion="")
    actions.reject(act=act, by=both, opinion="施工合同没有盖章")
    assert now(found).due == date(2026, 7, 23) and [s for s, _ in steps(found)] == ["ORDERED"]
    with refused("由检查小组的人提出"):
        ask(found, "EXTEND", by=make_planner(found.inspection.unit))
    back = ask(found, "EXTEND")
    actions.send_back(act=back, by=both, opinion="补上施工合同")
    assert RectificationAct.objects.get(pk=back.pk).state == "MORE"
    assert Duty.objects.get(rule="MENDNEXT", closed_at=None).person == leader_of(found)


@pytest.mark.clause("八(二)-e")
def test_a_second_extension_is_the_bureaus_word():
    bureau = make_unit("210001", kind=UnitKind.CITY_BUREAU, name="市局")
    found = make_rectification()
    decided(found, "EXTEND")
    act = ask(now(found), "EXTEND")
    assert act.decided_in == bureau
    with refused("由市局分管负责人决定"):
        actions.approve(act=act, by=make_approver(found.inspection.unit))
    above = make_approver(bureau)
    assert found in Rectification.objects.visible_to(above)
    actions.approve(act=act, by=above)
    assert now(found).due == date(2026, 8, 20)


@pytest.mark.clause("八(二)-e")
def test_nothing_ends_without_a_re_inspection_and_what_is_not_mended_goes_two_ways(day):
    found = make_rectification()
    with refused("没有复查记录不能办结"):
        ask(found, "CLOSE")
    day("2026-07-24 10:00")
    check_again(found, mended=(False, False))
    found = now(found)
    assert "2 处没有改" in said(found) and steps(found)[-1] == ("CHECKED_AGAIN", "复查 2 处问题，2 处没有改好")
    with refused("可以办理：转立案、再责令一次"):
        ask(found, "CLOSE")
    decided(found, "AGAIN", until=date(2026, 8, 20))
    found = now(found)
    assert (found.due, found.checked_again, found.points.first().mended) == (date(2026, 8, 20), None, None)
    assert Duty.objects.get(rule="D-21", period=found.inspection.no).closed_at is None
    day("2026-08-21 10:00")
    check_again(found, mended=(False, False))
    bureau = make_unit("210001", kind=UnitKind.CITY_BUREAU, name="市局")
    again = ask(now(found), "AGAIN", until=date(2026, 9, 10))
    assert again.decided_in == bureau  # the unit's leader orders anew once, like the extension
    actions.reject(act=again, by=make_approver(bureau), opinion="两次没有改，立案查处")
    decided(now(found), "TO_CASE")
    found = now(found)
    assert endings([found.inspection])[found.inspection_id].waits == "已转立案，还没有立案"
    assert found.state == "HANDED" and steps(found)[-1] == ("TO_CASE", "2 处问题到期没有改好，转立案查处")
    with refused("已转立案，不再办理"):
        report(found)


@pytest.mark.clause("八(二)-e")
def test_before_the_period_is_over_nobody_has_failed_to_mend(day):
    found = make_rectification()
    day("2026-07-23 10:00")  # its last day
    check_again(found, mended=(False, False))
    for kind in ("TO_CASE", "AGAIN"):
        with refused("现在不能"):
            ask(now(found), kind)
    duty = Duty.objects.get(rule="D-21", period=found.inspection.no)
    assert duty.closed_at is None and said(found) == "复查：2 处没有改，今天。期满以后再复查一次"
    day("2026-08-07 10:00")
    assert said(found) == "复查逾期 1 天"
    check_again(now(found), mended=(False, False))
    duty.refresh_from_db()
    assert duty.closed_at and "2 处没有改。转立案" in said(found)
    decided(now(found), "TO_CASE")


@pytest.mark.clause("八(二)-e")
def test_nothing_public_says_of_a_problem_that_nobody_looked_at_that_it_was_not_mended(day):
    found = make_rectification()
    day("2026-07-24 10:00")
    found.points.filter(n=2).update(item_code="B01")
    check_again(found, mended=(False, False))
    found = now(found)
    assert [p.mended for p in found.points.all()] == [False, None]
    for kind in ("TO_CASE", "AGAIN"):
        with refused("没有复查记录"):
            ask(found, kind)


@pytest.mark.clause("八(二)-e")
def test_a_period_that_is_over_is_not_made_longer_and_none_is_longer_than_a_year(day):
    found, wish = make_rectification(), {"wish_until": date(2026, 8, 6), "wish_because": "防渗施工 8 月初完工"}
    for until in (date(2027, 7, 11), date(9999, 12, 31)):
        with refused("最晚在 2027 年 7 月 10 日"):
            ask(found, "EXTEND", until=until)
        with refused("最晚在 2027 年 7 月 10 日"):
            report(found, **wish | {"wish_until": until})
    day("2026-07-23 16:00")
    report(found, **wish)
    day("2026-07-24 10:00")
    with refused("期限已过，不能再延期"):
        report(found, **wish)
    decided(now(found), "EXTEND", until=date(2026, 8, 6))  # it was asked for in time
    day("2026-08-07 10:00")
    with refused("期限已过，不能再延期"):
        ask(now(found), "EXTEND")


@pytest.mark.clause("八(二)-e")
def test_a_standstill_begins_within_the_period_and_no_day_of_it_counts_twice(day):
    found = make_rectification()
    served = localtime(found.inspection.deliveries.last().at).date()
    with refused("停产不早于送达"):
        ask(found, "HALT", on=served - timedelta(days=1))
    day("2026-07-12 10:00")
    decided(found, "HALT", on=date(2026, 7, 10))
    decided(now(found), "RESUME", on=date(2026, 7, 12))
    with refused("停产不早于送达和上一次复产"):
        ask(now(found), "HALT", on=date(2026, 7, 11))


@pytest.mark.clause("八(二)-e")
def test_a_standstill_stops_the_clock_and_the_day_work_goes_on_it_goes_on(day):
    found = make_rectification()
    decided(found, "HALT", on=date(2026, 7, 9))
    found = now(found)
    assert (found.state, found.halted_on) == ("HALTED", date(2026, 7, 9))
    assert Duty.objects.get(rule="D-21", period=found.inspection.no).closed_at
    assert rules.why_not_check_again(found, make_planner(found.inspection.unit)) == "企业停产，复产以后再安排复查。"
    day("2026-07-19 10:00")
    with refused("现在不能延期"):
        ask(found, "EXTEND")
    decided(found, "RESUME", on=date(2026, 7, 19))
    found = now(found)
    assert (found.state, found.due) == ("OPEN", date(2026, 8, 2))
    assert Duty.objects.get(rule="D-21", period=found.inspection.no).closed_at is None


@pytest.mark.clause("八(二)-e")
def test_the_re_inspection_is_exempt_asked_from_here_and_counts_against_no_cap():
    found = make_rectification()
    again = check_again(found)
    asked = again.targeted.get()
    assert (asked.source, asked.original, asked.cap_exemption) == (Source.REVIEW, found.inspection, "RECHECK")
    assert rules.why_not_check_again(now(found), make_planner(again.unit)) == "复查都已改好，提出办结。"
    assert "RECHECK" in targeted_rules.EXEMPTIONS_OF
    with refused("由本单位计划员安排"):
        said = {"items": [], "leader": None, "members": [], "mode": "ONSITE", "finish_by": clock.today()}
        actions.check_again(rectification=make_rectification(), by=make_approver(again.unit), **said)


@pytest.mark.clause("八(二)-e", "八(二)-c")
def test_a_corrected_result_corrects_what_was_ordered():
    found = make_rectification()
    check = found.inspection
    with putting.owner():  # without the 更正 that leads to it
        review_actions.mark_corrected(
            inspection=check, outcome="RECTIFY_ORDERED", rectify_by=date(2026, 7, 30), by=make_approver(check.unit)
        )
    assert now(found).due == date(2026, 7, 30)
    with putting.owner():
        review_actions.mark_corrected(
            inspection=check, outcome="NO_ISSUE", rectify_by=None, by=make_approver(check.unit)
        )
    assert now(found).state == "VOID" and "不再责令改正" in said(found)


@pytest.mark.clause("八(二)-e")
def test_a_result_sent_back_and_reviewed_anew_names_its_problems_anew():
    found = make_rectification(published=False)
    check, leader = found.inspection, make_approver(found.inspection.unit)
    review_actions.return_result(inspection=check, by=leader, opinion="第 2 处的问题写清楚")
    check.answers.filter(number=2).update(words="事故应急池堆放杂物约 3 立方米")
    with refused("退回修改"):
        report(now(found))
    type(check).objects.filter(pk=check.pk).update(status="FINISHED")
    review_actions.review_result(inspection=type(check).objects.get(pk=check.pk), by=leader)
    assert [p.words for p in now(found).points.all()][1] == "事故应急池堆放杂物约 3 立方米"
    assert steps(found) == []


@pytest.mark.clause("三-b", "八(二)-e")
def test_whoever_took_in_the_complaint_learns_how_it_ended():
    from tests.inspections.targeted.factories import make_approved

    unit = make_unit()
    complaint = make_complaint(make_facility(unit))
    asked = make_approved(unit, facility=complaint.facility, reference={"complaint": complaint})
    found = make_rectification(unit, facility=complaint.facility)
    asked.inspection = found.inspection
    asked.save(update_fields=["inspection"])
    check_again(found)
    decided(now(found), "CLOSE")
    told = Message.objects.filter(user=complaint.entered_by, title__contains=complaint.number)
    assert any("整改办结" in message.body for message in told)


@pytest.mark.clause("三-b", "八(二)-e")
def test_what_ended_before_the_result_was_public_is_told_once_it_is():
    from tests.inspections.targeted.factories import make_approved

    unit = make_unit()
    complaint = make_complaint(make_facility(unit))
    asked = make_approved(unit, facility=complaint.facility, reference={"complaint": complaint})
    found = make_rectification(unit, facility=complaint.facility, published=False)
    asked.inspection = found.inspection
    asked.save(update_fields=["inspection"])
    check_again(found)
    decided(now(found), "CLOSE")
    told = Message.objects.filter(user=complaint.entered_by, body__contains="整改办结")
    assert not told.exists()
    publish_result(inspection=now(found).inspection, by=make_disclosure_officer(unit))
    assert told.count() == 1
    house().check_moved(now(found).inspection, None)  # whatever moves later, it is told once
    assert told.count() == 1


@pytest.mark.clause("八(二)-e")
def test_a_corrected_re_inspection_corrects_what_the_order_knows_of_its_points():
    found = make_rectification()
    check_again(found)
    again = now(found).checked_again
    publish_result(inspection=again, by=make_disclosure_officer(again.unit))
    with putting.owner():
        review_actions.mark_corrected(
            inspection=again, outcome=Outcome.CASE_FILED, rectify_by=None, by=make_approver(again.unit)
        )
    assert [p.mended for p in now(found).points.all()] == [False, False]
    with refused("不能办结"):
        ask(now(found), "CLOSE")
    assert steps(now(found))[-1] == ("CHECKED_AGAIN", "复查结果更正：2 处问题，2 处没有改好")


@pytest.mark.clause("八(二)-e", "四(3)-b")
def test_what_the_enterprise_hands_in_is_kept_as_it_came():
    found = make_rectification()
    files = {1: [("加药.jpg", photo()), ("假.jpg", b"nothing")], 2: [("合同.pdf", PDF)]}
    draft, troubles = reports.keep_report(
        rectification=found, lines={1: ("DONE", "")}, files=files, by_name="", troubles=["文件“大.jpg”40 MB"]
    )
    assert len(troubles) == 2 and [len(line.files.all()) for line in draft.lines.all()] == [1, 1]
    with refused("第 1 处怎样改的写得太短"):
        reports.send_report(report=draft)
    lines = {1: ("DONE", "已专设加药记录本"), 2: ("DOING", "已清空")}
    draft, troubles = reports.keep_report(rectification=found, lines=lines, files=files, by_name="齐某")
    sent = reports.send_report(report=draft)
    assert reports.send_report(report=draft) == sent and RectificationReport.objects.count() == 1
    assert [len(line.files.all()) for line in sent.lines.all()] == [1, 1]
    with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic():
        RectificationReport.objects.update(by_name="别人")
    with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic():
        sent.lines.update(words="没有改")


@pytest.mark.clause("八(二)-e")
def test_the_database_closes_nothing_that_was_not_found_mended_and_reopens_nothing():
    found = make_rectification()
    change = {"state": "CLOSED", "closed_at": clock.now()}
    with pytest.raises(DatabaseError, match="复查都已改好，才能办结"), transaction.atomic():
        Rectification.objects.update(**change)
    check_again(found)
    decided(now(found), "CLOSE")
    with pytest.raises(DatabaseError, match="不能这样改"), transaction.atomic():
        Rectification.objects.update(state="OPEN", closed_at=None)
    with pytest.raises(DatabaseError, match="不能修改"), transaction.atomic():
        RectificationAct.objects.update(until=clock.today() + timedelta(days=900))
