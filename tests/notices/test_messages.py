"""Messages end with the duty that they announce, and the bell counts what is still open (desk.md A8)."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit import asking
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import delivered, duties, mails, reminders
from benxi_shuangsuiji.notices.deadlines.lookup import name_of
from benxi_shuangsuiji.notices.models import Duty, Message, OutgoingMail, Reminder
from benxi_shuangsuiji.notices.telling import tell, tell_people
from inspections.checks.duties import REVIEW
from plans.filings.duties import RECEIPT
from plans.models import FilingKind
from tests.browsing import html_of, post, queries, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_lead_office,
    make_planner,
    make_supervisor,
    make_unit,
    make_user,
)

pytestmark = pytest.mark.django_db
ABOUT = {"rule": "D-2", "period": "2026Q3"}
SIGNED = RECEIPT[FilingKind.DRAW]  # of every unit on one page
DRAWS = {"role": Role.LEAD_OFFICE, "title": "签收第三季度备案", "url": "/desk/city/draws/?quarter=2026Q3"}


def told(user) -> list[str]:
    return list(Message.objects.visible_to(user).waiting().order_by("pk").values_list("title", flat=True))


LOOK = f">查看{name_of('D-2')}<span"


@pytest.fixture
def unit(at):
    at("2026-07-03 09:00")
    return make_unit()


def remind(*users):
    duty = duties.ensure("D-2", *[users[0].grants.first().unit], "2026Q3")
    when = clock.today()
    for user in users:
        n = Reminder.objects.count()
        Reminder.objects.create(key=f"k{n}", duty=duty, user=user, due_on=when)
    reminders.send_reminders(clock.now())
    return duty


def test_a_message_ends_when_the_duty_is_done_or_another_has_it(unit):
    planner, approver = make_planner(unit), make_approver(unit)
    remind(planner)
    assert len(told(planner)) == 1
    assert ">编制计划<span" in html_of(signed_in(planner).get("/desk/inbox/"))  # the button is called as on the home
    words = {"title": "审批计划", "url": "/desk/plans/1/"}
    duties.hand_over(**ABOUT, unit=unit, role=Role.APPROVER, by=planner, **words)
    assert not told(planner) and told(approver) == [f"{unit}：审批计划"]
    assert "已转办" in html_of(signed_in(planner).get("/desk/inbox/"))
    duties.close(**ABOUT, unit=unit, event="计划已批准", at=clock.now())
    assert not told(approver)
    page = html_of(signed_in(approver).get("/desk/inbox/"))
    assert "已办结" in page and LOOK in page and "没有未读的消息" in page


def test_who_is_above_is_told_until_it_is_done(unit):
    planner, approver = make_planner(unit), make_approver(unit)
    remind(planner, approver)
    duties.hand_over(**ABOUT, unit=unit, role=Role.LEAD_OFFICE, title="签收", url="/desk/plans/1/")
    assert told(approver) and not told(planner)
    page = html_of(signed_in(approver).get("/desk/inbox/"))
    assert LOOK in page and "签收<span" not in page  # it is another's turn: there is only to look
    duties.close(**ABOUT, unit=unit, event="已签收", at=clock.now())
    assert not told(approver)


def test_what_the_city_office_has_to_do_for_one_unit_does_not_end_with_that_of_another(unit):
    lead, other = make_lead_office(), make_unit("210503")
    due = workdays.calendar().fixed(clock.today())
    SIGNED.open(other, "1", due=due, **DRAWS)
    told_of = {"role": Role.LEAD_OFFICE, "unit": unit, "url": DRAWS["url"]}
    tell(key="k", title="更正了", **told_of)
    assert lead.inbox.get().duty is None  # nothing is open for this unit
    SIGNED.open(unit, "2", due=due, **DRAWS)
    SIGNED.open(other, "3", due=due, **DRAWS)
    SIGNED.hand_over(unit, "2", **DRAWS)
    tell(key="k2", title="又更正了", **told_of)
    assert set(lead.inbox.exclude(duty=None).values_list("duty__unit", "duty__period")) == {(unit.pk, "2")}
    assert lead.inbox.exclude(duty=None).count() == 2
    for period in ("1", "3"):
        SIGNED.close(other, period, "已签收", clock.now())
    assert told(lead) == ["更正了", "又更正了"]
    SIGNED.close(unit, "2", "已签收", clock.now())
    assert told(lead) == ["更正了"]


def test_messages_of_before_are_tied_to_the_open_duty_of_their_unit_and_words(unit):
    lead, other = make_lead_office(), make_unit("210503")
    due = workdays.calendar().fixed(clock.today())
    for of, period in ((unit, "1"), (unit, "2"), (other, "3"), (unit, "4"), (other, "5")):
        SIGNED.open(of, period, due=due, **DRAWS)
    SIGNED.close(unit, "4", "已签收", clock.now())
    title = f"{unit}：{DRAWS['title']}"
    same = {"user": lead, "url": DRAWS["url"], "created_at": clock.now()}
    its = Message.objects.create(title=title, **same)
    for unlike in ({"title": f"催办，{title}"}, {"title": f"乙分局：{DRAWS['title']}"}, {"title": title, "url": "/x/"}):
        Message.objects.create(**same | unlike)
    with connection.cursor() as cursor:
        cursor.execute(
            import_module("benxi_shuangsuiji.notices.migrations.0004_messages_end_with_their_duty").ANNOUNCED
        )
    its.refresh_from_db()
    assert (its.duty.unit, its.duty.period) == (unit, "2")
    assert Message.objects.filter(duty=None).count() == 3


def test_several_reminders_of_one_duty_count_once_and_are_read_together(unit):
    planner = make_planner(unit)
    remind(planner)
    remind(planner)
    first, second = Message.objects.order_by("pk")
    assert len(told(planner)) == 1
    post(signed_in(planner), f"/desk/inbox/{second.pk}/")
    first.refresh_from_db()
    assert first.read_at and not told(planner)


def test_all_is_read_at_once_but_not_what_came_meanwhile(unit):
    planner, other = make_planner(unit), make_planner(unit)
    remind(planner, other)
    shown = Message.objects.order_by("pk").last().pk
    Message.objects.create(user=planner, title="后来的", created_at=clock.now())
    client = signed_in(planner)
    assert "全部标为已读" in html_of(client.get("/desk/inbox/"))
    post(client, "/desk/inbox/read/", newest="x" * 30)
    assert len(told(planner)) == 2
    post(client, "/desk/inbox/read/", newest=str(shown))
    assert told(planner) == ["后来的"] and len(told(other)) == 1
    assert client.get("/desk/inbox/read/").status_code == 405


def test_equal_messages_of_one_minute_are_one_line_in_the_list_and_in_the_mail_and_are_read_together(unit):
    """Seven people of one dispatch are seven duties with one title: whoever is above them reads one line that says seven."""
    supervisor, due = make_supervisor(), workdays.calendar().fixed(clock.today() - timedelta(days=4))
    supervisor.email = "duty@example.cn"
    supervisor.save()
    same = {
        "rule": "ACCEPTM",
        "unit": unit,
        "role": Role.INSPECTOR,
        "title": "声明并接受检查任务 X",
        "due": due,
        "url": "/field/",
    }
    for n in range(7):
        duties.open(**same, period=f"X:{n}", person=make_user((Role.INSPECTOR, unit)))
    duties.open(**same | {"title": "别的事"}, period="Y")
    reminders.plan_reminders(clock.today(), workdays.calendar())
    reminders.send_reminders(clock.now())
    assert supervisor.inbox.count() == 8
    page = text_of(signed_in(supervisor).get("/desk/inbox/"))
    assert page.count("声明并接受检查任务 X") == 2 and "7 件" in page  # once as the line, once behind its button
    mail = OutgoingMail.objects.get(user=supervisor)
    assert mail.body.count("声明并接受检查任务 X（7 件）") == 1 and mail.subject.endswith("8 件事临近或超过期限")
    line = supervisor.inbox.filter(title__contains="声明").latest("pk")
    post(signed_in(supervisor), f"/desk/inbox/{line.pk}/")
    assert told(supervisor) == [f"{unit}：别的事"]
    Duty.objects.filter(period="X:0").update(closed_at=clock.now(), closed_by="已接受")
    page = text_of(signed_in(supervisor).get("/desk/inbox/"))
    assert "6 件" in page and "已办结" in page


def test_who_reminds_by_hand_locks_the_duties_in_one_order(unit):
    make_planner(unit)
    day = workdays.calendar().fixed(clock.today() - timedelta(days=1))
    for n in range(2):
        duties.open(rule="CAP", unit=unit, role=Role.PLANNER, period=str(n), title="逾期", due=day)
    supervisor = make_supervisor()
    with CaptureQueriesContext(connection) as seen:
        reminders.urge(duties=list(duties.Duty.objects.order_by("-pk")), by=supervisor)
    (locks,) = (
        q["sql"] for q in seen.captured_queries if "FOR UPDATE" in q["sql"] and 'FROM "notices_duty"' in q["sql"]
    )
    assert 'ORDER BY "notices_duty"."id" ASC' in locks
    (entry,) = AuditEntry.objects.filter(verb="notices.duty.urged")
    assert asking.named(supervisor, [entry])[entry.pk].words == "逾期等 2 件"  # the log said “催办 —”


def test_one_person_gets_one_mail_with_all_of_it(unit):
    planner = make_planner(unit)
    planner.email = "x@example.org"
    planner.save()
    day = workdays.calendar().fixed(clock.today() - timedelta(days=1))
    for n in range(120):  # more than were taken at a time before
        words = {"title": f"第 {n} 件", "due": day}
        duties.open(rule="CAP", unit=unit, role=Role.PLANNER, period=str(n), **words)
    rows = duties.Duty.objects.order_by("pk")
    for n, user in enumerate((planner, make_user())):
        Reminder.objects.bulk_create(Reminder(key=f"{n}:{d.pk}", duty=d, user=user, due_on=clock.today()) for d in rows)
    reminders.send_reminders(clock.now())
    mail = OutgoingMail.objects.get()
    assert "120 件" in mail.subject and "待办里一共 120 件，其中 120 件已经逾期" in mail.body
    assert set(planner.inbox.values_list("mail", flat=True)) == {mail.key}
    assert Reminder.objects.filter(sent_at=None).count() == 120  # who has no part there


def test_the_log_of_deliveries_says_kind_way_and_outcome_and_of_checks_nothing_outside_the_circle(unit):
    planner, other = make_planner(unit, email="x@example.org", name="闻一山"), make_planner(unit, name="闻二水")
    remind(planner, other)
    REVIEW.open(
        unit,
        "210504-2026Q3-0007",
        role=Role.PLANNER,
        title="审核甲厂的结果",
        due=workdays.calendar().fixed(clock.today()),
    )
    secret = duties.Duty.objects.get(rule=REVIEW.id)
    Reminder.objects.create(key="s", duty=secret, user=planner, due_on=clock.today())
    reminders.send_reminders(clock.now())
    OutgoingMail.objects.filter(key__contains="digest").update(error="邮件服务器：连不上。")
    signed_in(other).get("/desk/inbox/")
    post(signed_in(other), f"/desk/inbox/{other.inbox.get().pk}/")
    admin, supervisor = make_user((Role.ADMIN_SYSTEM, make_city_team())), make_supervisor()
    page = text_of(signed_in(admin).get("/desk/inbox/log/"))
    assert "闻一山" in page and "系统内、邮件" in page and "邮件等着发：邮件服务器：连不上。" in page
    assert "07-03 09:00 已读 账号没有邮箱" in page and "甲厂" not in page and secret.name not in page
    assert "期限 2026-07-05" in page and "第三季度" not in page  # the kind, not the words
    inside = signed_in(supervisor)
    assert secret.name in text_of(inside.get("/desk/inbox/log/"))
    assert "甲厂" not in text_of(inside.get("/desk/inbox/log/"))
    assert "闻二水" not in text_of(inside.get("/desk/inbox/log/?kind=unread&who=闻"))
    assert "闻一山" in text_of(inside.get("/desk/inbox/log/?kind=unsent"))
    assert signed_in(planner).get("/desk/inbox/log/").status_code == 403
    few = queries(inside, "/desk/inbox/log/")
    for n in range(30):
        remind(planner, other) if n < 15 else remind(other)
    assert queries(inside, "/desk/inbox/log/") == few


def test_the_log_of_deliveries_never_says_that_a_mail_was_sent_where_no_server_was_named(unit, settings):
    """A mail that only the log has counted read 已发 (issue 16)."""
    planner = make_planner(unit, email="x@example.org")
    remind(planner)
    settings.EMAIL_BACKEND = "benxi_shuangsuiji.notices.mails.OnlyLogged"
    mails.send_due()
    inside = signed_in(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    page = text_of(inside.get("/desk/inbox/log/"))
    assert "没有设邮件，这封没有发出" in page and "已发" not in page
    assert "没有设邮件" in text_of(inside.get("/desk/inbox/log/?kind=unsent"))


def test_the_log_of_deliveries_says_on_which_day_a_mail_was_sent(unit):
    remind(make_planner(unit, email="x@example.org"))
    mails.send_due()
    inside = signed_in(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    assert f"邮件 {clock.today():%Y-%m-%d} " in text_of(inside.get("/desk/inbox/log/"))


def test_the_log_of_deliveries_is_counted_so_far_and_no_further(unit, monkeypatch):
    planner = make_planner(unit)
    for _ in range(3):
        remind(planner)
    inside = signed_in(make_supervisor())
    assert "共 3 条" in text_of(inside.get("/desk/inbox/log/"))
    monkeypatch.setattr(delivered, "MOST", 2)
    assert "超过 2 条" in text_of(inside.get("/desk/inbox/log/"))


def test_the_button_of_a_message_without_a_duty_names_the_list_behind_which_its_page_stands(unit):
    planner = make_planner(unit)
    for url in ("/desk/tasks/210504-2026Q3-0001/", "/desk/plans/210504/2026q3/", "/nowhere/", ""):
        tell_people([planner.pk], f"说明 {url}", "", url)
    page = html_of(signed_in(planner).get("/desk/inbox/"))
    for words in ("查看检查任务", "查看季度计划", "查看详情", "标为已读"):
        assert f">{words}<span" in page, words
    assert ">查看<" not in page
