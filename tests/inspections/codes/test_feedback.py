"""What an enterprise reports and says of a visit, and who reads it (N-9, 七(五)-i, -q)."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices.models import Duty, Message, OutgoingMail
from benxi_shuangsuiji.refusal import Refused
from disclosure.publishing.actions import publish_result
from inspections.codes import actions, links, rules
from inspections.models import EnterpriseLink, ImpostorReport, Rating
from inspections.trace import events
from tests.browsing import post, signed_in
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_observer,
    make_planner,
    make_unit,
    make_user,
)
from tests.inspections.factories import link_of, make_finished, make_inspection, make_reviewed, team_of

pytestmark = pytest.mark.django_db
SAID = "两个人没有出示证件，说来收检测费"
HERE = ZoneInfo("Asia/Shanghai")


def words_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def when(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.clause("七(五)-i")
@pytest.mark.parametrize(
    "came, answered",
    [
        ("2026-07-15T17:59", "2026-07-15T18:00"),
        ("2026-07-15T18:00", "2026-07-16T10:00"),
        ("2026-07-17T20:00", "2026-07-20T10:00"),
        ("2026-07-18T09:00", "2026-07-20T10:00"),
    ],
)
def test_a_report_is_answered_the_same_working_day_or_the_morning_of_the_next(came, answered):
    assert rules.answer_by(when(came)) == when(answered)


@pytest.mark.clause("七(五)-i", "七(五)-o")
def test_a_report_of_a_visit_is_a_duty_of_leader_and_lead_office_and_mailed_at_once_naming_nobody(client):
    check = make_inspection()
    leader, office = make_approver(check.unit), make_lead_office()
    type(leader).objects.filter(pk__in=[leader.pk, office.pk]).update(email="a@example.test")
    receipt = client.post(f"/v/{check.visit_code}/report/", {"words": SAID, "phone": "13900000000"})
    report = ImpostorReport.objects.get()
    assert report.no in words_of(receipt) and report.inspection == check and not receipt.cookies
    duties = Duty.objects.open().filter(rule__in=["IMPOST", "IMPOSTC"])
    assert set(duties.values_list("role", "due")) == {
        (Role.APPROVER, rules.answer_by(report.at).astimezone(HERE).date()),
        (Role.LEAD_OFFICE, rules.answer_by(report.at).astimezone(HERE).date()),
    }
    told = [*Message.objects.filter(user__in=[leader, office]), *duties]
    assert OutgoingMail.objects.filter(user__email="a@example.test").count() == 2
    for words in [*(str(vars(t)) for t in told), *OutgoingMail.objects.values_list("body", flat=True)]:
        assert check.facility.name not in words and check.no not in words and check.visit_code not in words
    assert SAID not in str(AuditEntry.objects.filter(verb="inspections.impostor.reported").latest("pk").details)


def test_the_same_words_sent_twice_are_one_report_and_too_many_are_asked_to_ring(client):
    check = make_inspection()
    address = f"/v/{check.visit_code}/report/"
    for _ in range(2):
        client.post(address, {"words": SAID})
    assert ImpostorReport.objects.count() == 1
    for n in range(4):
        answer = client.post(address, {"words": f"{SAID}，第 {n} 次"})
    assert answer.status_code == 429 and f"{SAID}，第 3 次" in words_of(answer)
    assert ImpostorReport.objects.count() == 4


def test_without_a_code_the_unit_is_asked(client):
    unit = make_unit()
    assert "选择所在的区县" in words_of(client.post("/v/report/", {"words": SAID}))
    client.post("/v/report/", {"words": SAID, "unit": unit.code})
    assert ImpostorReport.objects.get().unit == unit


@pytest.mark.clause("七(五)-i", "七(五)-o")
def test_whoever_answers_first_ends_both_duties_and_only_the_circle_reads_which_visit_it_was():
    check = make_inspection()
    leader, office = make_approver(check.unit), make_lead_office()
    report = actions.report_impostor(unit=check.unit, inspection=check, words=SAID)
    address = reverse("inspections:impostor-report", args=[report.pk])
    assert check.facility.name in words_of(signed_in(leader).get(address))
    page = words_of(signed_in(office).get(address))
    assert SAID in page and check.facility.name not in page and check.no not in page
    assert signed_in(make_approver(make_unit("210503"))).get(address).status_code == 404
    with pytest.raises(Refused, match="分管负责人或牵头部门"):
        actions.answer_report(report=report, answer="已核实，不是我局人员", by=make_planner(check.unit))
    browser = signed_in(office)
    assert post(browser, address, answer="已核实，不是我局人员，已报警").status_code == 302
    assert not Duty.objects.open().filter(rule__in=["IMPOST", "IMPOSTC"]).exists()
    report.refresh_from_db()
    with pytest.raises(Refused, match="已经答复"):
        actions.answer_report(report=report, answer="再答复一次", by=leader)


@pytest.mark.clause("七(五)-q")
def test_a_visit_is_rated_once_after_it_and_the_team_reads_nothing_of_it(client):
    check = make_finished()
    address = f"/v/{check.visit_code}/rate/"
    assert "选一档再交" in words_of(client.post(address, {"words": "很好"})) and not Rating.objects.exists()
    given = {"grade": "2", "disturbed": "on", "words": "停了一小时生产线"}
    answer = client.post(address, given)
    assert answer.status_code == 302 and not answer.cookies
    assert "已经评价" in words_of(client.get(address))
    client.post(address, given)
    rating = Rating.objects.get()
    assert (rating.grade, rating.disturbed, rating.money) == (2, True, False)
    member = team_of(check)[0].user
    browser = signed_in(member)
    for page in (check.field_url, check.get_absolute_url(), f"/v/{check.visit_code}/"):
        assert "停了一小时" not in browser.get(page).content.decode()
    assert browser.get(reverse("inspections:feedback")).status_code == 403


@pytest.mark.clause("七(五)-q")
def test_ratings_are_read_in_sums_and_money_is_told_to_the_observer_without_the_visit():
    checks = [make_finished() for _ in range(2)]
    unit, observer = checks[0].unit, make_observer()
    for check, money in zip(checks, (True, False), strict=True):
        actions.rate(inspection=check, grade=1, words="收了一笔检测费", money=money)
    office = make_user((Role.SUPERVISOR, make_city_team()))
    page = words_of(signed_in(office).get(reverse("inspections:feedback")))
    assert "收了一笔检测费" in page and checks[0].facility.name not in page and checks[0].no not in page
    message = Message.objects.get(user=observer)
    assert str(unit) in message.title and checks[0].no not in message.title + message.body
    entries = AuditEntry.objects.filter(verb="inspections.rating.given")
    assert {e.about_key for e in entries} == {""}
    assert not [event.what for check in checks for event in events.of(check) if "评价" in event.what]


def test_a_visit_that_is_not_over_is_not_rated(client):
    check = make_inspection()
    assert "检查结束以后再评价" in words_of(client.get(f"/v/{check.visit_code}/rate/"))
    with pytest.raises(Refused, match="检查结束以后"):
        actions.rate(inspection=check, grade=5)


@pytest.mark.clause("七(五)-j")
def test_the_address_of_one_notice_shows_what_must_be_done_and_what_came():
    check = make_finished(problem="2 只吨桶没有标签")
    link = link_of(check)
    assert link.token != check.visit_code and len(link.token) == 28 and link_of(check) == link
    answer = Client().get(f"/e/{link.token}/")
    said = words_of(answer)
    for words in (
        check.facility.name,
        "2 只吨桶没有标签",
        "检查通知书",
        "检查结果告知",
        "评价这次检查",
        f"{check.rectify_by.month} 月 {check.rectify_by.day} 日前",
    ):
        assert words in said
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"] and not answer.cookies


def test_a_renewed_address_ends_the_old_one_and_a_wrong_one_names_whom_to_ring():
    check = make_finished()
    old = link_of(check)
    with pytest.raises(Refused, match="检查小组或本单位的计划员"):
        links.renew(inspection=check, by=make_planner(make_unit("210503")))
    browser = signed_in(make_planner(check.unit))
    assert post(browser, reverse("inspections:link-renew", args=[check.no])).status_code == 302
    gone = Client().get(f"/e/{old.token}/")
    assert gone.status_code == 410 and "这个网址已换新" in words_of(gone) and check.facility.name not in words_of(gone)
    assert Client().get(f"/e/{link_of(check).token}/").status_code == 200
    assert Client().get(f"/e/{'0' * 28}/").status_code == 404
    assert EnterpriseLink.objects.filter(inspection=check, ended_at__isnull=True).count() == 1


def test_the_page_of_reports_asks_as_often_for_thirty_as_for_one(django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    unit = make_unit()
    browser = signed_in(make_lead_office())

    def asked():
        with CaptureQueriesContext(connection) as queries:
            browser.get(reverse("inspections:feedback"))
        return len(queries)

    actions.report_impostor(unit=unit, inspection=None, words=SAID)
    asked()
    first = asked()
    for n in range(29):
        actions.report_impostor(unit=unit, inspection=None, words=f"{SAID} {n}")
    assert asked() == first


def test_the_database_keeps_no_answer_without_who_gave_it():
    from django.db import IntegrityError, transaction

    report = actions.report_impostor(unit=make_unit(), inspection=None, words=SAID)
    with pytest.raises(IntegrityError, match="a_report_is_answered_by_somebody"), transaction.atomic():
        ImpostorReport.objects.filter(pk=report.pk).update(answer="已核实", answered_at=clock.now() + timedelta(0))


@pytest.mark.clause("七(五)-i")
def test_home_contact_result_and_enterprise_pages_lead_to_the_check_of_a_code(client):
    check = make_reviewed()
    published = publish_result(inspection=check, by=make_disclosure_officer(check.unit))
    result = reverse("disclosure:result", args=[published.no])
    enterprise = reverse("disclosure:enterprise", args=[check.facility.code])
    for page in (reverse("disclosure:home"), reverse("disclosure:contact"), result, enterprise):
        assert f'href="{reverse("inspections:code-entry")}"' in client.get(page).content.decode(), page
