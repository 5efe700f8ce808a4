"""To-dos, the calendar and messages name the one enterprise they are about, to whoever may know it, and mails never (desk.md A3)."""

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda, reminders
from benxi_shuangsuiji.notices.models import Duty, Message, OutgoingMail
from benxi_shuangsuiji.notices.telling import tell_people
from benxi_shuangsuiji.workdays import calendar
from inspections.acceptance.duties import ACCEPTANCE, LEADING, handed_out
from inspections.replacements import actions as replacements
from plans.models import ChangeReason
from registry.frames import public_name
from tests.browsing import html_of, signed_in, text_of
from tests.factories import make_approver, make_city_team, make_planner, make_registrar, make_unit
from tests.inspections.factories import accept, make_dispatched, team_of
from tests.plans.amendments.factories import grounds

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(五)-o")]
PAGES = ("/desk/", "/desk/todo/", "/desk/calendar/")


@pytest.fixture
def waiting(at):
    """Two checks of one draw, of which the second has not been taken on."""
    at("2026-07-06 10:00")
    checks = make_dispatched(make_unit("210504"), key=12, general=0, special=0, inspectors=6)
    handed_out(checks[0], clock.now())
    accept(*checks[1:])
    return checks[0]


def test_the_one_check_of_a_draw_that_is_waited_for_is_named_to_the_circle_and_its_button_leads_to_it(waiting):
    leader, planner = make_approver(waiting.unit), make_planner(waiting.unit)
    place, draw_id = public_name(waiting.facility), waiting.draw.draw_id
    for person in (leader, planner):
        browser = signed_in(person)
        for page in PAGES:
            answer = browser.get(page)
            assert f"督促检查小组声明并接受任务 {place}" in text_of(answer), page
            assert f"/desk/tasks/{waiting.no}/" in html_of(answer), page
        viewed = AuditEntry.objects.filter(verb="inspections.sealed.viewed", actor=person)
        assert {e.details["page"] for e in viewed} == {"desk-home", "todo", "deadline-list"}
    mine = team_of(waiting)[0].user
    assert f"声明并接受检查任务 {place}" in text_of(signed_in(mine).get("/desk/todo/"))
    assert not Duty.objects.filter(title__contains=place).exists()
    for step in (ACCEPTANCE, LEADING):
        assert draw_id in step.duties.get().title
    out = signed_in(make_registrar(waiting.unit))
    assert place not in text_of(out.get("/desk/calendar/"))


def test_of_several_the_number_of_the_draw_stays_and_the_list_opens(at):
    at("2026-07-06 10:00")
    checks = make_dispatched(make_unit("210504"), key=12, general=0, special=0, inspectors=6)
    handed_out(checks[0], clock.now())
    page = signed_in(make_approver(checks[0].unit)).get("/desk/todo/")
    assert len(checks) > 1 and f"督促检查小组声明并接受任务 {checks[0].draw.draw_id}" in text_of(page)


def test_a_name_costs_no_query_for_each_to_do(waiting, django_assert_max_num_queries):
    leader, duty = make_approver(waiting.unit), LEADING.duties.get()
    many = [Duty(rule=duty.rule, unit=duty.unit, period=duty.period, title=duty.title, due=duty.due) for _ in range(30)]
    leader.grants_in_force()
    with django_assert_max_num_queries(12):
        assert agenda.named(many, leader) == 30
    assert {one.title for one in many} == {f"督促检查小组声明并接受任务 {public_name(waiting.facility)}"}


def test_a_request_for_another_place_names_the_one_it_is_about_but_not_to_who_only_lends_a_person(at):
    at("2026-07-06 10:00")
    check = make_dispatched(make_unit("210504"), key=12, general=0, special=0, inspectors=6)[0]
    grounds_of = {"picks": [check.pick], **grounds(ChangeReason.CLOSED, check.pick)}
    by = make_planner(check.unit)
    replacements.ask(draw=check.draw, reason=ChangeReason.CLOSED, evidence="停产通知", by=by, **grounds_of)
    place = public_name(check.facility)
    inside = text_of(signed_in(make_approver(check.unit)).get("/desk/todo/"))
    assert f"审批更换申请 {place}" in inside
    duty = Duty.objects.get(rule="D-20", period__startswith=check.draw.draw_id)
    assert place not in duty.title
    assert agenda.named([duty], make_approver(make_city_team())) == 0 and place not in duty.title


def test_a_reminder_names_it_in_the_inbox_and_the_mail_has_the_number(waiting, at):
    leader = make_approver(waiting.unit)
    leader.email = "leader@example.com"
    leader.save()
    at(f"{LEADING.duties.get().due} 08:00")
    now = clock.now()
    reminders.plan_reminders(now.date(), calendar())
    reminders.send_reminders(now)
    place = public_name(waiting.facility)
    told = text_of(signed_in(leader).get("/desk/inbox/"))
    assert f"督促检查小组声明并接受任务 {place}" in told and waiting.no in told
    assert not Message.objects.filter(title__contains=place).exists()
    mails = OutgoingMail.objects.filter(user=leader)
    assert mails and not any(place in m.subject + m.body for m in mails)


def test_a_number_in_the_words_of_a_message_is_named_for_the_circle_alone(waiting):
    leader, other = make_approver(waiting.unit), make_registrar(waiting.unit)
    tell_people([leader.pk, other.pk], "有 1 份更换申请等批准", f"{waiting.no}，写明文号后批准。", "/desk/")
    place = public_name(waiting.facility)
    assert f"{place}，写明文号后批准" in text_of(signed_in(leader).get("/desk/inbox/"))
    page = text_of(signed_in(other).get("/desk/inbox/"))
    assert place not in page and f"{waiting.no}，写明文号后批准" in page
