"""The other homes: an inspector's checks, an administrator's system, a planner's draw on its day (desk.md A3, A12)."""

from datetime import timedelta

import pytest
from django.test import Client

from benxi_shuangsuiji import clock, subjects
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda, duties
from benxi_shuangsuiji.notices.deadlines.lookup import name_of
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.workdays import calendar
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.archive.duties import BINDING
from inspections.checks import badges
from inspections.checks.naming import by_name
from inspections.desk.home import home_of
from inspections.evidence.duties import READING
from inspections.visits.pages import short_name
from tests.browsing import enter, html_of, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_inspector,
    make_observer,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_dispatched, make_finished, make_published, make_reviewed, team_of
from tests.inspections.reports.factories import make_finished_quarter
from tests.plans.draw.factories import make_sealed_draw

pytestmark = [pytest.mark.django_db]
PHONE = "Mozilla/5.0 (Linux; Android 10) AppleWebKit/537.36 Chrome/100.0 Mobile Safari/537.36"


def test_an_inspectors_home_is_his_checks_and_on_a_phone_the_day_itself(at):
    at("2026-07-06 10:00")
    check = make_dispatched()[0]
    person = team_of(check)[0].user
    page = text_of(signed_in(person).get("/desk/"))
    assert "我的检查" in page and check.facility.name in page and "打开检查" in page and "没有到期的事" not in page
    assert AuditEntry.objects.filter(verb="inspections.sealed.viewed", actor=person).count() == 1

    phone = enter(Client(HTTP_USER_AGENT=PHONE), person)
    assert phone.get("/desk/")["Location"] == "/field/"
    assert phone.get("/desk/?desk=1").status_code == 200
    leader = enter(Client(HTTP_USER_AGENT=PHONE), make_approver(check.unit))
    assert leader.get("/desk/").status_code == 200  # he has no day at /field/


def test_a_to_do_names_the_place_to_whom_may_know_it_and_to_others_the_number_until_the_names_are_public(at):
    at("2026-07-06 10:00")
    check = make_finished()
    leader, officer = make_approver(check.unit), make_disclosure_officer(check.unit)
    for role, title in ((Role.APPROVER, "审核检查结果"), (Role.DISCLOSURE_OFFICER, "公开检查结果")):
        Duty.objects.create(
            rule=f"T-{role[:4]}", unit=check.unit, period=check.no, role=role,
            title=f"{title} {check.no}", due=clock.today(), target=clock.today(),
        )  # fmt: skip
    public = make_published(check.unit)
    Duty.objects.create(
        rule="T-DISC", unit=check.unit, period=public.no, role=Role.DISCLOSURE_OFFICER,
        title=f"公开后续处理 {public.no}", due=clock.today(), target=clock.today(),
    )  # fmt: skip
    told, sealed = text_of(signed_in(leader).get("/desk/")), text_of(signed_in(officer).get("/desk/"))
    assert f"审核检查结果 {check.facility.name}" in told and check.no in told
    assert f"公开后续处理 {public.facility.name}" in sealed  # everybody knows it
    assert f"公开检查结果 {check.no}" in sealed  # nobody told him which it is
    viewed = AuditEntry.objects.filter(verb="inspections.sealed.viewed")
    assert (viewed.filter(actor=leader).count(), viewed.filter(actor=officer).count()) == (1, 0)

    assert Duty.objects.filter(title__contains=check.facility.name).count() == 0  # what is kept has the number alone


def test_a_phone_says_what_of_ones_own_is_overdue_by_name_though_nobody_is_to_be_visited(at):
    """desk.md A3: the day at /field/ is his home there; a recording that was not read out stood behind 工作台 alone."""
    check = make_finished()
    person = team_of(check)[0].user
    at(check.ended_at + timedelta(days=60))
    duty = Duty.objects.get(rule=READING.id, period=check.no, person=person)
    phone = enter(Client(HTTP_USER_AGENT=PHONE), person)
    html = html_of(phone.get("/field/"))
    page = text_of(phone.get("/field/"))
    assert "待办 1 件，逾期 1 件" in page and agenda.left_of(duty, clock.today(), calendar())[0] in page
    assert f"读出并登记执法记录仪录像 {check.facility.name}" in page and f'href="{duty.url}"' in html
    assert phone.get(duty.url).status_code == 200
    assert page.index("逾期 1 件") < page.index("今天没有要去的")
    top = signed_in(person).get("/desk/").context["primary"]["label"]
    assert top == f"登记录像：{short_name(check.facility.name)}"
    other = signed_in(team_of(check)[1].user)
    assert "待办" not in text_of(other.get("/field/"))  # it is its leader's alone


def test_what_waits_to_be_published_has_its_name_and_its_own_page_for_who_publishes_it_on_every_list(at):
    """八(二): the result stands on the publisher's list by name, so the to-do says it too; nobody else reads it there."""
    at("2026-07-06 10:00")
    check = make_reviewed()
    publisher = make_disclosure_officer(check.unit)
    away = signed_in(make_disclosure_officer(make_unit("210502", name="平山分局")))
    browser = signed_in(publisher)
    for page in ("/desk/", "/desk/todo/"):
        answer = browser.get(page)
        assert f"公开检查结果 {check.facility.name}" in text_of(answer), page
        assert f"/desk/publish/result/{check.no}/confirm/" in html_of(answer), page
        assert check.facility.name not in text_of(away.get(page)), page
    assert browser.get(f"/desk/publish/result/{check.no}/confirm/").status_code == 200
    viewed = AuditEntry.objects.filter(verb="inspections.sealed.viewed", actor=publisher)
    assert {entry.details["page"] for entry in viewed} >= {"desk-home", "todo"}


def test_a_step_after_a_result_is_named_though_its_to_do_has_a_number_of_its_own():
    check = make_published()
    for period in (f"{check.no}-Z02", f"{check.no}:7", check.no):
        duty = Duty(rule="FOLLOW", unit=check.unit, period=period, title=f"公开复查 {check.no}", due=clock.today())
        sealed = by_name([duty], make_disclosure_officer(check.unit))
        assert (duty.title, sealed) == (f"公开复查 {check.facility.name}", 0), period


@pytest.mark.parametrize("role", [Role.ADMIN_SYSTEM, Role.ADMIN_GRANTS, Role.ADMIN_AUDIT])
def test_an_administrators_home_says_how_the_system_is(client, role):
    page = text_of(enter(client, make_user((role, make_city_team()))).get("/desk/"))
    assert "系统状况有" in page or "系统正常" in page
    assert ("查看系统状况" in page) is (role == Role.ADMIN_SYSTEM)
    assert ("查看操作记录" in page) is (role == Role.ADMIN_AUDIT)
    assert "没有到期的事" not in page


def test_on_the_day_of_the_numbers_the_draw_has_its_button_again(at):
    draw = make_sealed_draw()
    planner = signed_in(make_planner(draw.unit))
    last = max(source.due for source in draw.plan.sources.all())
    duty = Duty.objects.get(rule="D-4", unit=draw.unit, period=str(draw.plan.quarter))
    waiting = agenda.waits([duty], last.date().replace(day=1))
    assert waiting[duty.pk] == f"等{duty.waiting_for}"

    at(f"{last:%Y-%m-%d} 08:00")
    page = text_of(planner.get("/desk/"))
    assert "打开抽取" in page and f"等{duty.waiting_for}" not in page


def test_nobody_reads_that_nothing_is_due_beside_what_is_overdue(at, client):
    at("2026-08-19 09:00")
    unit = make_unit()
    duties.ensure("D-4", unit, "2026Q3")
    page = text_of(enter(client, make_disclosure_officer(unit)).get("/desk/"))
    assert "有 1 件逾期，由别的岗位办理" in page and "没有到期的事" not in page
    assert "有 1 件逾期，由别的岗位办理" in text_of(client.get("/desk/todo/"))
    # One number only: whose home counts the whole city is led there.
    said = text_of(enter(client, make_observer()).get("/desk/todo/"))
    assert "各单位逾期的列在 工作台" in said and "由别的岗位办理" not in said
    duties.close(
        rule="D-4", unit=unit, period="2026Q3", event="抽取", at=clock.now()
    )  # his calendar is clear, the city need not be
    assert "各单位逾期的列在 工作台" in text_of(client.get("/desk/todo/"))


def test_nobody_reads_that_nothing_is_due_below_a_red_step(at, client):
    """A bureau's and an inspector's home: 归档 逾期 1 卷, and below it 今天没有到期的事."""
    unit = make_unit()
    checks = make_finished_quarter(unit)
    late = calendar().fixed(clock.today() + timedelta(days=9))
    BINDING.open(unit, checks[0].no, role=Role.ARCHIVIST, title="案卷成册", due=late)
    at(clock.now() + timedelta(days=20))
    Duty.objects.exclude(rule=BINDING.id).update(closed_at=clock.now())
    person = make_inspector(unit, with_user=True).user
    home = home_of(unit, Quarter.of(checks[0].ended_at.date()), person, clock.today(), calendar())
    red = [step.name for step in home.steps if step.state == "late"]
    assert "归档" in red
    page = text_of(enter(client, person).get("/desk/"))
    assert "没有到期的事" not in page and "归档" in page


def test_one_deadline_is_counted_alike_on_the_home_and_on_its_own_page(at):
    check = make_finished()
    duty = Duty.objects.get(rule="D-8", period=check.no)
    today = check.ended_at.date()
    own = badges.due_badge(check, today, calendar())
    assert agenda.left_of(duty, today, calendar()) == (own.text, own.state)
    assert agenda.badge_of(duty, today)["text"] == own.text == f"还剩 {duty.workdays} 个工作日"


def test_every_step_has_a_noun_that_a_button_has_room_for():
    """督办录像登记, never 督办平山检查: each step says it where it is defined."""
    said = {step.id: step.noun or name_of(step.id) for step in subjects.house().steps.values()}
    assert {rule: words for rule, words in said.items() if not 2 <= len(words) <= 6} == {}
    verbs = {
        step.id: step.noun for step in subjects.house().steps.values() if step.noun.startswith(("督办", "查看", "催"))
    }
    assert not verbs
