"""更正 after dispatch: what nobody has begun follows the list that holds, what has begun is finished (SSJ1 9.1; 七(二)-d)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.checks import known, loads
from inspections.desk import home as desk
from inspections.dispatch import actions as dispatch_actions
from inspections.dispatch import rules
from inspections.frequency import counts as frequency
from inspections.frequency.items import drawn_before
from inspections.models import Inspection, InspectionStatus, Source, VisitMember
from inspections.oversight import progress
from inspections.paperwork.notice_papers import NoticeFacts
from inspections.review import actions as review_actions
from inspections.targeted import actions as targeted_actions
from plans.draw.visit_slips import slip_of
from plans.models import CorrectionRequest, Draw, Pick
from tests import putting
from tests.browsing import post
from tests.factories import (
    make_approver,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
)
from tests.inspections.factories import answer_all, finish, ready, start, team_of
from tests.inspections.replacements.test_replacements import make_handed_out
from tests.inspections.targeted.factories import make_approved
from tests.plans.corrections.test_corrections import DOCUMENT, RIGHT, WHY, WRONG, ask, corrected, typist

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at")]


def make_corrected(before=lambda checks: None):
    """A dispatched draw, corrected; each check by how it stands to the new list."""
    draw, checks = make_handed_out(key=16)
    before(checks)
    draw = corrected(draw)
    again = set(Pick.objects.standing().filter(draw=draw).values_list("facility", flat=True))
    both = [check for check in checks if check.facility_id in again]
    gone = [check for check in checks if check.facility_id not in again]
    assert both and gone, "the two values draw lists that overlap, and not entirely"
    for check in checks:
        check.refresh_from_db()
    return draw, both, gone


def begin(checks):
    for check in checks:
        ready(check)
        check.refresh_from_db()
        start(check)


@pytest.mark.clause("七(一)4-c")
def test_what_was_begun_by_the_wrong_list_keeps_no_item_from_the_next_draw():
    _, both, gone = make_corrected(begin)
    later = {"source": Source.DRAW, "started_at": clock.now() + timedelta(days=1)}

    def counted(check):
        return bool(drawn_before([Inspection(facility=check.facility, year=check.year, **later)])[None])

    assert {counted(check) for check in both} == {True} and {counted(check) for check in gone} == {False}


@pytest.mark.clause("七(二)-d", "七(二)-h")
def test_what_nobody_has_begun_follows_the_corrected_list(client):
    draw, both, gone = make_corrected()

    for check in gone:
        assert check.status == InspectionStatus.CANCELLED
        assert "更正" in check.cancelled_because and not check.members.exists()
        assert VisitMember.ever.filter(inspection=check, left_at=check.cancelled_at).count() == 2
    for check in both:
        assert (check.status, check.pick.run) == (InspectionStatus.DISPATCHED, 2)
        assert {p.pk for p in team_of(check)} == {m.inspector_id for m in check.pick.team.members.all()}
        assert slip_of(check.slip_pick).document == "slips"
    client.force_login(make_planner(draw.unit))
    page = client.get("/desk/tasks/", {"unit": draw.unit.code, "status": "CANCELLED"}).content.decode()
    assert gone[0].no in page and "已公开</span>" not in page
    duty = Duty.objects.open().get(rule="SEND", unit=draw.unit)
    assert duty.title == f"派发 {len(gone)} 项检查"
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert len(made) == len(gone)
    assert {check.pick.run for check in made} == {2}
    assert not Duty.objects.open().filter(rule="SEND").exists()
    assert rules.waiting(draw, made[0].dispatched_at.date()) == []


@pytest.mark.clause("七(二)-d")
def test_what_has_begun_is_finished_by_those_who_began_it_drawn_or_not(client):
    teams = {}

    def everything(checks):
        begin(checks)
        teams.update({check.pk: team_of(check) for check in checks})

    draw, both, gone = make_corrected(everything)

    for check in both + gone:
        assert check.status == InspectionStatus.STARTED
        assert team_of(check) == teams[check.pk]
        slip = slip_of(check.slip_pick)
        assert slip.document == "run-1-slips" and NoticeFacts(check).of("slip").startswith(slip.line)
        page = client.get(f"/v/{check.visit_code}/").content.decode()
        assert "这次检查是真的" in page and "注明第 1 次计算" in page
    assert {check.pick.run for check in both} == {2} and {check.pick.run for check in gone} == {1}
    for check in both + gone:
        finish(answer_all(check))
    leader = make_approver(draw.unit)
    client.force_login(leader)
    assert "名单重算以后没有这家企业" in client.get(gone[0].get_absolute_url()).content.decode()
    assert "由原来的检查小组办完" in client.get(both[0].get_absolute_url()).content.decode()
    for check in both + gone:
        review_actions.review_result(inspection=Inspection.objects.get(pk=check.pk), by=leader)
        with putting.owner():  # at a moment that has passed
            review_actions.mark_published(inspection=check, by=make_planner(draw.unit), at=draw.drawn_at)
    supervisor = make_supervisor()
    rows = progress.city(supervisor, draw.plan.quarter, draw.drawn_at.date(), workdays.calendar())
    found = next(row for row in rows if row.unit == draw.unit)
    assert (found.tally.to_check, found.public) == (len(both) + len(gone), len(both))
    assert len(rules.waiting(draw, draw.drawn_at.date())) == len(gone)


@pytest.mark.clause("七(二)-d")
def test_how_many_public_results_stayed_in_the_sealed_list_is_told_to_the_circle_alone():
    """Before the release the results that are public count outside it whatever run they were of (SSJ1 9.1)."""
    lead, observer, supervisor = make_lead_office(), make_observer(), make_supervisor()
    registrar = None

    def everything(checks):
        nonlocal registrar
        registrar = make_registrar(checks[0].unit)
        begin(checks)
        for check in checks:
            finish(answer_all(check))
            review_actions.review_result(inspection=Inspection.objects.get(pk=check.pk), by=make_approver(check.unit))
            review_actions.mark_published(inspection=check, by=make_planner(check.unit), at=clock.now())

    def seen(user):
        rows = progress.city(user, quarter, clock.today(), workdays.calendar())
        row = next(row for row in rows if row.unit == draw.unit)
        return row.public, row.cells[5].state

    def times(user):
        return sum(bool(frequency.random_times(check.facility, draw.year, user)) for check in both + gone)

    draw, both, gone = make_corrected(everything)
    quarter, everybody = draw.plan.quarter, len(both) + len(gone)

    assert seen(supervisor) == (len(both), "run")
    assert seen(lead) == seen(observer) == (everybody, "run")
    assert times(supervisor) == len(both)
    assert times(lead) == times(observer) == everybody == known.picks().count()
    steps = desk.steps_of(draw.unit, quarter, registrar, clock.today(), workdays.calendar())
    assert next(step for step in steps if step.name == "公示").note == f"已公开 {everybody} 家"


@pytest.mark.clause("六(一)2-g")
def test_a_quarter_that_was_done_is_open_again_for_who_is_newly_drawn():
    def everything(checks):
        begin(checks)
        for check in checks:
            finish(answer_all(check))
        assert Duty.objects.get(rule="D-5").closed_at

    draw, _, gone = make_corrected(everything)

    assert Duty.objects.get(rule="D-5").closed_at is None
    made = dispatch_actions.dispatch(draw=draw, by=make_planner(draw.unit))
    assert len(made) == len(gone)
    begin(made)
    for check in made:
        finish(answer_all(check))
    assert Duty.objects.get(rule="D-5").closed_at


def test_each_is_told_his_own_count_and_workloads_follow_the_list_that_holds():
    draw, both, gone = make_corrected()

    names = {pick.facility.name for pick in Pick.objects.filter(draw=draw).select_related("facility")}
    told = Message.objects.filter(title__contains="检查任务已取消或换人")
    left = VisitMember.ever.filter(left_at__isnull=False).select_related("inspector")
    assert {m.user_id for m in told} == {m.inspector.user_id for m in left}
    assert {m.inspection_id for m in left} >= {check.pk for check in gone}
    assert not [m for m in Message.objects.all() if any(name in m.title + m.body for name in names)]
    planner = Message.objects.filter(title__contains="公开随机数已更正", user__grants__role="PLANNER").first()
    assert f"取消 {len(gone)} 件" in planner.body and f"换检查小组 {len(both)} 件" in planner.body
    known = loads.known_to(make_planner(draw.unit), draw.unit, draw.plan.quarter)
    assert sum(known.values()) == 2 * (len(both) + len(gone))


# --- pages -------------------------------------------------------------------------------------------------------


@pytest.mark.clause("七(二)-d")
def test_a_correction_from_the_request_to_the_new_list_through_the_pages(client):
    draw, _ = make_handed_out(key=16)
    address = f"/desk/draws/{draw.draw_id}/correct/"
    planner, leader = make_planner(draw.unit), make_approver(draw.unit)
    client.force_login(planner)
    assert "更正号码" in client.get(draw.get_absolute_url()).content.decode()
    assert "更正不是重抽" in client.get(address).content.decode()
    kept = post(client, address, value_1=WRONG.replace(",", " "), **WHY)
    assert (
        kept.status_code == 409 and "没有要更正的" in kept.content.decode() and WHY["evidence"] in kept.content.decode()
    )
    assert post(client, address, value_1=RIGHT.replace(",", " "), **WHY)["Location"] == address
    request = CorrectionRequest.objects.get()
    assert [entry.value for entry in request.entries.all()] == [RIGHT]

    client.force_login(leader)
    page = client.get(address).content.decode()
    assert "自己打开公告" in page and "<b>79</b>" not in page and "申请人已录入，批准时对照" in page
    wrong = post(client, address, decision="approve", value_1=WRONG, document_no=DOCUMENT, word="更正")
    said = wrong.content.decode()
    assert (
        wrong.status_code == 409
        and "录入的与申请人录入的不同" in said
        and "79" not in said.split("errsum")[1].split("</section>")[0]
    )
    done = post(client, address, decision="approve", value_1=RIGHT, document_no=DOCUMENT, word="更正")
    assert done["Location"] == address
    draw = Draw.objects.get()
    assert draw.run == 2
    page = client.get(address).content.decode()
    assert "第 2 次计算" in page and "<b>79</b>" in page and DOCUMENT in page


def test_a_scan_is_read_by_those_who_type_and_by_nobody_else(client):
    draw, checks = make_handed_out()
    request = ask(draw, scan=("公告.pdf", b"%PDF-1.4 x"))
    address = f"/desk/draws/{draw.draw_id}/correct/{request.pk}/scan/"
    for user, status in ((make_supervisor(), 200), (make_planner(draw.unit), 200), (team_of(checks[0])[0].user, 403)):
        client.force_login(user)
        assert client.get(address).status_code == status
    client.force_login(make_planner(make_unit("210503")))
    assert client.get(address).status_code == 404


def test_returning_a_request_changes_nothing(client):
    draw, checks = make_handed_out()
    ask(draw)
    leader, supervisor = make_approver(draw.unit), make_supervisor()
    client.force_login(leader)
    for user in (leader, supervisor):
        duty = Duty.objects.visible_to(user).open().get(rule="CORR")
        assert duty.title == f"审批更正申请 {draw.draw_id}"

    post(client, duty.url, decision="reject", opinion="公告上就是原来的号码", value_1="")

    assert not Duty.objects.open().filter(rule="CORR").exists()

    assert CorrectionRequest.objects.get().opinion == "公告上就是原来的号码"
    assert Draw.objects.get().run == 1
    assert {check.status for check in Inspection.objects.filter(draw=draw)} == {InspectionStatus.DISPATCHED}
    assert len(checks) == Inspection.objects.count()


@pytest.mark.clause("七(二)-d")
def test_who_typed_wrongly_may_return_a_request_and_sees_no_approval(client):
    draw, _ = make_handed_out()
    ask(draw)
    address = f"/desk/draws/{draw.draw_id}/correct/"
    client.force_login(typist(draw, Role.APPROVER))

    page = client.get(address).content.decode()

    assert "原来的号码有本人录入的一次" in page and "不批准，退回" in page
    assert "批准更正" not in page and "value_1" not in page and "document_no" not in page
    refused = post(client, address, decision="approve", value_1=RIGHT, document_no=DOCUMENT, word="更正")
    assert refused.status_code == 409 and Draw.objects.get().run == 1
    post(client, address, decision="reject", opinion="公告上就是原来的号码")
    assert CorrectionRequest.objects.get().opinion == "公告上就是原来的号码"


@pytest.mark.clause("一-d", "七(二)-d")
def test_a_check_that_a_targeted_one_had_joined_is_still_wanted_and_shows_no_slip():
    asked = {}

    def each_is_joined(checks):
        for check in checks:
            wanted = make_approved(check.unit, facility=check.facility)
            asked[check.pk] = targeted_actions.join(asked=wanted, into=check, by=make_planner(check.unit))

    _, _, gone = make_corrected(each_is_joined)

    for check in gone:
        assert (check.status, check.is_superseded) == (InspectionStatus.DISPATCHED, True)
        assert check.slip_pick is None and NoticeFacts(check).of("slip") == ""
        assert check.members.count() == 2 and asked[check.pk].inspection == check
