"""催 by whoever sees to it that tasks are taken on, from the list that his to-do leads to (七(五)-c, -o)."""

from datetime import timedelta

import pytest
from django.db.models import Q

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message, Reminder
from benxi_shuangsuiji.notices.reminders import send_reminders
from inspections.acceptance import actions, duties, urging
from inspections.replacements import actions as replacing
from plans.models import ChangeReason
from tests.browsing import enter, html_of, post, post_and_follow, refused, signed_in, text_of
from tests.factories import make_approver, make_planner, make_supervisor, make_unit
from tests.inspections.factories import make_dispatched, make_inspection, team_of
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db
URGE = "/desk/tasks/urge/"


def accept(check, *people):
    for person in people or team_of(check):
        actions.accept(inspection=check, by=person.user, no_conflict=True, discipline=True)


def people_of(checks):
    return {person for check in checks for person in team_of(check)}


@pytest.mark.clause("七(五)-c", "七(五)-o")
@pytest.mark.parametrize("make", (make_planner, make_approver))
def test_from_the_to_do_one_press_reminds_everybody_who_has_not_accepted(client, at, make):
    """The to-do led to a list with 查询 and 重置, and nothing to do there (issue 16)."""
    draw = make_held_draw()
    made = actions.hand_out(draw=draw, by=make_planner(draw.unit))
    by = make(draw.unit)
    url = Duty.objects.visible_to(by).open().get(rule__in=["ACCEPT", "ACCEPTL"]).url
    first = team_of(made[0])[0]
    for check in made:
        if first in team_of(check):
            accept(check, first)
    waiting = people_of(made) - {first}
    home = enter(client, by).get("/desk/")
    assert url.replace("&", "&amp;") in html_of(home)
    address = html_of(client.get(url)).split(f'action="{URGE}')[1].split('"')[0].replace("&amp;", "&")
    page = post_and_follow(client, URGE + address)
    assert f"已催 {len(waiting)} 人" in text_of(page) and f"今天已催 {len(waiting)} 人" in text_of(page)
    assert URGE not in html_of(page)  # a second press could only be refused
    assert "今天已经催过" in text_of(post_and_follow(client, URGE + address))
    send_reminders(clock.now())
    urged = Message.objects.filter(title__contains="声明并接受检查任务")
    assert {message.user for message in urged} == {person.user for person in waiting}
    assert AuditEntry.objects.filter(verb="notices.duty.urged", actor=by, unit=draw.unit).count() == 1
    at(clock.now() + timedelta(days=1))
    assert URGE in html_of(client.get(url))


@pytest.mark.clause("七(五)-o")
def test_the_last_place_is_urged_on_its_own_page(client):
    """Where one check is left the to-do leads to it and not to the list."""
    check = make_inspection(accepted=False)
    first, second = team_of(check)
    duties.handed_out(check, clock.now())
    accept(check, first)
    page = html_of(enter(client, make_approver(check.unit)).get(f"/desk/tasks/{check.no}/"))
    assert f"催{second.name}接受任务" in page
    page = post_and_follow(client, f"{URGE}?no={check.no}")
    assert "已催 1 人" in text_of(page) and page.request["PATH_INFO"] == f"/desk/tasks/{check.no}/"
    assert Reminder.objects.get().user == second.user


@pytest.mark.clause("七(五)-c")
def test_nobody_is_urged_who_waits_for_his_replacement_or_has_no_account(client):
    check, *others = make_dispatched(inspectors=6)
    for other in others:
        accept(other)
    duties.handed_out(check, clock.now())
    leader, member = team_of(check)
    replacing.ask(
        draw=check.draw,
        reason=ChangeReason.RECUSE,
        evidence="近亲属任职",
        by=leader.user,
        picks=[check.pick],
        inspector=leader,
    )
    head = make_approver(check.unit)
    assert f"催{member.name}接受任务" in html_of(enter(client, head).get(f"/desk/tasks/{check.no}/"))
    accept(check, member)
    page = text_of(client.get(f"/desk/tasks/{check.no}/"))
    assert "在等更换申请的决定" in page and f"催{leader.name}" not in page
    assert "在等更换申请的决定" in text_of(post_and_follow(client, f"{URGE}?no={check.no}"))
    assert not Reminder.objects.exists()


@pytest.mark.clause("五-2e", "五-3a")
def test_a_leader_urges_his_own_people_and_whoever_sees_to_nothing_nobody():
    unit = make_unit("210504")
    section = Unit.objects.create(
        code="210504-S", name="明山大队", short_name="明山大队", kind=UnitKind.COUNTY_SECTION, serves=unit
    )
    head, leader = make_approver(section), make_approver(unit)
    check = make_inspection(unit, accepted=False, executing_unit=section)
    duties.handed_out(check, clock.now())
    url = f"{URGE}?no={check.no}"
    for by in (leader, make_supervisor(), make_planner(make_unit("210502"))):
        post(signed_in(by), url)
    assert not Reminder.objects.exists()
    post(signed_in(head), url)
    assert {r.user for r in Reminder.objects.all()} == {person.user for person in team_of(check)}


def test_who_accepts_meanwhile_is_not_urged(monkeypatch):
    check = make_inspection(accepted=False)
    duties.handed_out(check, clock.now())
    planner, found = make_planner(check.unit), urging.waiting

    def late(*asked):
        there = found(*asked)
        accept(check)
        return there

    monkeypatch.setattr(urging, "waiting", late)
    with refused("刚刚有人接受了任务"):
        urging.urge(tasks=Q(inspection=check), by=planner)
