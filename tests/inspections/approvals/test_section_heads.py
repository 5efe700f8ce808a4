"""科室负责人先写意见: nobody decides twice over his own request, nothing waits for a head who is not there (五-2e, 七(五)-d)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import RoleGrant, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.accounts.rules import why_not_grant
from benxi_shuangsuiji.documents import filled
from benxi_shuangsuiji.notices.models import Duty, Message
from inspections.acceptance.actions import hand_out
from inspections.approvals import actions, rules
from inspections.coverage.steps import CHECKED
from inspections.models import CheckApproval, Inspection, PaperKind
from inspections.paperwork import papers
from tests.browsing import enter, html_of, post, post_and_follow, refused
from tests.factories import make_approver, make_city_team, make_lead_office, make_planner, make_unit, make_user
from tests.inspections.factories import make_inspection, start, team_of
from tests.plans.draw.factories import make_held_draw

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(五)-d", "五-2e")]


@pytest.fixture
def section(at):
    """Of a branch whose chain has the head of the section speak first."""
    at("2026-07-06 09:00")
    unit = make_unit()
    section = make_unit("210504-S", kind=UnitKind.COUNTY_SECTION, name="明山执法科", serves=unit)
    actions.set_chain(
        unit=unit,
        with_section=True,
        with_bureau=False,
        document="本环发〔2026〕9号",
        valid_from=clock.today() + timedelta(days=1),
        by=make_lead_office(),
    )
    at("2026-07-07 09:00")
    return section


def make_check(section, **fields) -> Inspection:
    check = make_inspection(section.serves, approved=False, **fields)
    Inspection.objects.filter(pk=check.pk).update(executing_unit=section)
    check.refresh_from_db()
    return check


def ask(check, by=None, **more) -> CheckApproval:
    today = clock.today()
    plan = {"first_day": today, "last_day": today + timedelta(days=9), "planned_on": today, "minutes": 120}
    return actions.ask(inspection=check, by=by or make_planner(check.unit), **plan | more)


def test_who_asked_does_not_decide_at_a_later_step_either(section, client):
    unit = section.serves
    head = make_user((Role.SECTION_HEAD, section))
    both = make_user((Role.PLANNER, unit), (Role.APPROVER, unit))
    check = make_check(section)
    actions.decide(asked=[ask(check, by=both)], approve=True, opinion="人员合适", by=head)
    second = check.approvals.pending().get()
    with refused("不能批准自己报批的检查"):
        actions.decide(asked=[second], approve=True, by=both)
    assert "等我审批" not in html_of(enter(client, both).get("/desk/approvals/"))
    assert CheckApproval.objects.to_decide(make_approver(unit)).get() == second


def test_nothing_waits_for_a_head_who_is_not_there_or_asks_or_goes_himself(section, client):
    unit = section.serves
    assert ask(make_check(section)).decided_in == unit  # nobody is head of this section
    head = make_user((Role.SECTION_HEAD, section), (Role.PLANNER, unit))
    assert ask(make_check(section), by=head).decided_in == unit
    own = make_check(section)
    person = team_of(own)[0]
    person.user = head
    person.save()
    assert ask(own).decided_in == unit
    other = make_user((Role.SECTION_HEAD, section))
    assert ask(own).decided_in == section  # another head may speak

    waiting = make_check(section)
    ask(waiting)
    planner, page = make_planner(unit), f"/desk/tasks/{waiting.no}/approval/"
    assert "报科室负责人审批" in html_of(enter(client, planner).get(page))
    RoleGrant.objects.filter(user__in=[head, other]).update(ended_at=clock.now())
    stuck = "现在没有能审批的科室负责人。重新报批，直接报分管负责人。"
    assert rules.why_not_approved(waiting, clock.now()).endswith(stuck)
    said = html_of(client.get(page))
    assert stuck in said and "报分管负责人审批" in said
    assert ask(waiting).decided_in == unit


def test_who_asked_is_told_how_it_ended_and_a_step_on_the_way_is_no_end(section, client):
    unit = section.serves
    head, leader, planner = make_user((Role.SECTION_HEAD, section)), make_approver(unit), make_planner(unit)
    first, second = make_check(section), make_check(section)
    officer = team_of(second)[0].user
    ask(first, by=planner)
    ask(second, by=officer)
    told = Message.objects.filter(title__contains="件检查审批退回") | Message.objects.filter(title__contains="已审批")
    actions.decide(asked=CheckApproval.objects.pending(), approve=True, by=head)
    assert not told.exists()
    actions.decide(asked=CheckApproval.objects.pending(), approve=False, opinion="避开检修", by=leader)
    urls = {message.user: message.url for message in told}
    assert set(urls) == {planner, officer, head}
    for person, url in urls.items():
        assert enter(client, person).get(url).status_code == 200, url


def test_that_checks_were_approved_is_over_when_the_quarters_checks_are():
    """“3 件检查已审批” stood unread in the bell for half a year (issue 16)."""
    draw = make_held_draw()
    planner, period = make_planner(draw.unit), str(draw.plan.quarter)
    (check, *_) = hand_out(draw=draw, by=planner)
    CHECKED.ensure(check.unit, period)
    actions.decide(asked=CheckApproval.objects.pending(), approve=True, by=make_approver(check.unit))
    told = Message.objects.filter(title__contains="已审批", user=planner)
    assert told.waiting().exists()
    CHECKED.close(check.unit, period, "全部检查完成", clock.now())
    assert told.exists() and not told.waiting().exists()


def test_each_step_reads_whom_it_waits_for_who_helps_and_what_was_said_before(section, client):
    unit = section.serves
    head, leader = make_user((Role.SECTION_HEAD, section)), make_approver(unit)
    check = make_check(section)
    page = f"/desk/tasks/{check.no}/approval/"
    sent = {"first_day": "2026-07-07", "last_day": "2026-07-20", "planned_on": "2026-07-08", "minutes": 120}
    asker = make_planner(unit)
    planner = enter(client, asker)
    told = post_and_follow(planner, page, sent | {"assistants": "王某，市监测站，1 人"})
    assert "已报批，等科室负责人审批" in html_of(told)

    its = enter(client, head)
    listed = html_of(its.get("/desk/approvals/"))
    assert "王某，市监测站，1 人" in listed and "补办情况" not in listed
    assert its.get("/desk/approvals/late/").status_code == 403
    shown = html_of(its.get(page))
    assert "等科室负责人决定" in shown and "批准以后，报分管负责人审批" in shown
    blank = filled.as_html(papers.paper_of(check, PaperKind.APPROVAL))
    assert "科室负责人意见" in blank  # to be signed by hand where nobody has decided yet
    post(its, page, decision="approve", request=check.approvals.pending().get().pk, opinion="人员合适")

    said = f"{asker.full_name}报批，科室负责人{head.full_name}同意：人员合适"
    desk = enter(client, leader)
    assert said in html_of(desk.get("/desk/approvals/")) and said in html_of(desk.get(page))
    assert "科室负责人已同意" in html_of(desk.get("/desk/approvals/"))  # not approved before everybody has
    paper = filled.as_html(papers.paper_of(check, PaperKind.APPROVAL))
    assert f"{unit.name}审批意见" in paper and "人员合适" in paper


def test_a_leader_does_not_find_his_own_visit_among_those_he_approves_at_once(section):
    unit = section.serves
    mine, other = (make_inspection(unit, approved=False) for _ in range(2))
    leader = make_approver(unit)
    person = team_of(mine)[0]
    person.user = leader
    person.save()
    actions.ask_for_list(inspections=[mine, other], by=make_planner(unit))
    assert [row.inspection for row in CheckApproval.objects.to_decide(leader)] == [other]


def test_a_section_of_the_city_team_has_its_own_head_and_the_head_of_another_sees_nothing(at, client):
    at("2026-07-06 09:00")
    city = make_city_team()
    first, second = (
        make_unit(f"210500-H{n}", kind=UnitKind.HQ_SECTION, name=f"执法{n}科", parent=city) for n in (1, 2)
    )
    chain = {"with_section": True, "with_bureau": False, "document": "本环发〔2026〕9号"}
    actions.set_chain(unit=city, **chain, valid_from=clock.today() + timedelta(days=1), by=make_lead_office())
    at("2026-07-07 09:00")
    head, other = (make_user((Role.SECTION_HEAD, section)) for section in (first, second))
    check = make_inspection(city, approved=False)
    Inspection.objects.filter(pk=check.pk).update(executing_unit=first)
    check.refresh_from_db()
    asked = ask(check)
    assert (asked.decided_in, asked.then_in) == (first, city)
    page = f"/desk/tasks/{check.no}/approval/"
    for person, status, waits in ((head, 200, 1), (other, 404, 0)):
        its = enter(client, person)
        assert its.get(page).status_code == status
        assert html_of(its.get("/desk/approvals/")).count('name="rows"') == waits
        assert Duty.objects.visible_to(person).open().filter(rule="APPROVE").count() == waits
    RoleGrant.objects.filter(user=head).update(ended_at=clock.now())  # transferred to the other section
    RoleGrant.objects.create(user=head, unit=second, role=Role.SECTION_HEAD, valid_from=clock.today(), document="任命")
    assert enter(client, head).get(page).status_code == 404
    with refused("由科室负责人审批"):
        actions.decide(asked=[asked], approve=True, by=type(head).objects.get(pk=head.pk))


def test_a_head_of_a_section_is_made_in_a_section_and_a_refusal_says_so(section):
    grant = {"role": Role.SECTION_HEAD, "valid_from": clock.today(), "valid_to": None, "document": "本环办〔2026〕3号"}
    person, by = make_user(), make_user((Role.ADMIN_GRANTS, make_city_team()))
    here = {"today": clock.today(), **grant}
    assert "它设在执法科室" in why_not_grant(person, by, unit=section.serves, **here)
    assert why_not_grant(person, by, unit=section, **here) == ""


@pytest.mark.clause("七(五)-j", "七(五)-b")
def test_who_helps_stands_on_the_notice_and_the_visits_page_and_is_never_counted(section, client):
    check = make_inspection(section.serves, approved=False)
    ask(check, assistants="王某，市监测站，1 人")
    actions.decide(asked=CheckApproval.objects.pending(), approve=True, by=make_approver(section.serves))
    notice = filled.as_html(papers.paper_of(check, PaperKind.NOTICE))
    assert "协助检查人员" in notice and "王某，市监测站，1 人（没有执法证，不检查，不签名）" in notice
    page = html_of(client.get(f"/v/{check.visit_code}/"))
    assert "来的是这 2 个人" in page and "没有执法证，不检查，不签名：王某，市监测站，1 人" in page
    alone = team_of(check)[:1]
    with refused("执法证"):
        start(check, present=alone, at=clock.now())
