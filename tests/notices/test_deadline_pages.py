"""时限日历, its rules, the subscription, and the operators' command."""

import json
import re
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import duties, reminders
from benxi_shuangsuiji.notices.deadlines import ics
from benxi_shuangsuiji.notices.models import CalendarFeed, Duty, Message, OutgoingMail
from benxi_shuangsuiji.workdays import actions
from benxi_shuangsuiji.workdays.models import CalendarException
from plans.amendments import actions as amend_actions
from tests.browsing import queries
from tests.factories import (
    make_approver,
    make_city_team,
    make_disclosure_officer,
    make_lead_office,
    make_planner,
    make_registrar,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_finished
from tests.journeys.people import OverHttp
from tests.notices.test_moves import NOTICE_2027
from tests.plans.amendments.factories import grounds
from tests.plans.draw.factories import make_held_draw

pytestmark = pytest.mark.django_db


def lines_of(page) -> list[str]:
    """The rows of the table of deadlines, as read."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.S)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def row_with(person, words) -> str:
    (found,) = [line for line in lines_of(person.answer.content.decode()) if words in line]
    return found


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.mark.clause("六(一)2-g")
def test_the_calendar_says_days_left_date_and_rule_and_offers_what_is_ones_own(at):
    unit = make_unit()
    planner = OverHttp(make_planner(unit))
    duties.open_due(clock.today(), workdays.calendar())
    row = row_with(planner.open("/desk/calendar/"), "完成 2026 年第三季度随机抽取")
    assert "7 月 10 日（周五）" in row and "D-4 方案规定" in row and "还剩 4 天" in row and "打开抽取" in row
    publish = row_with(planner, "2026 年第三季度计划公开并报市执法队")
    assert "逾期 1 天" in publish and "公开计划" not in publish  # the disclosure officer's
    assert "建议" in row_with(planner, "检查进度到 30%")


def test_what_was_missed_in_an_earlier_quarter_is_told_in_this_one_and_led_to(at):
    planner = OverHttp(make_planner(make_unit()))
    duties.open_due(clock.today(), workdays.calendar())
    told = "这一段以前还有"
    assert told not in planner.open("/desk/calendar/").answer.content.decode()
    at("2026-10-12 09:00")
    page = planner.open("/desk/calendar/").answer.content.decode()
    missed = int(re.search(f"{told} ([0-9]+) 件逾期没有办完", page)[1])
    address = re.search(r'件逾期没有办完。</b><a href="([^"]+)"', page)[1].replace("&amp;", "&")
    earlier = planner.open(f"/desk/calendar/{address}").answer.content.decode()
    assert 0 < missed == earlier.count('<tr class="late"') and told not in earlier


@pytest.mark.clause("六(一)2-b")
def test_the_fourth_quarters_plan_stands_under_september_with_the_fifth_of_october(at):
    at("2026-09-21 09:00")
    planner = OverHttp(make_planner(make_unit())).open("/desk/calendar/?quarter=2026Q3&month=2026-09")
    row = row_with(planner, "完成 2026 年第四季度抽查工作计划")
    assert row.startswith("10 月 5 日（周一） 休息日，9 月 30 日（周三）前办完")
    assert "还剩 14 天" in row


def test_a_year_without_notice_is_marked_on_every_date_and_explained(at):
    at("2026-12-10 09:00")
    planner = OverHttp(make_planner(make_unit()))
    planner.open("/desk/calendar/?quarter=2027Q1").sees("2027 年的放假安排尚未公布")
    assert all("暂定" in line for line in lines_of(planner.answer.content.decode()) if "D-" in line)
    planner.open("/desk/calendar/?quarter=2026Q4").does_not_see("暂定</span>")


def test_a_moved_date_says_what_it_was_and_why(at):
    unit, admin = make_unit(), make_user((Role.ADMIN_SYSTEM, make_city_team()))
    duties.ensure("D-4", unit, "2026Q3")
    actions.correct_day(
        day=date(2026, 7, 10), is_workday=False, name="停工", source_document="本政发〔2026〕9 号", by=admin
    )
    row = row_with(OverHttp(make_planner(unit)).open("/desk/calendar/"), "完成 2026 年第三季度随机抽取")
    assert "7 月 9 日（周四）前办完" in row
    assert "原为 7 月 10 日（周五）前办完" in row and "本政发〔2026〕9 号" in row


@pytest.mark.clause("七(五)-o")
def test_how_far_the_checks_are_is_told_only_to_the_circle(at):
    inspection = make_finished()
    unit, now = inspection.unit, clock.now()
    duties.close(rule="D-5", unit=unit, period="2026Q3", event="全部检查完成", at=now)
    inside = OverHttp(make_approver(unit)).open("/desk/calendar/?quarter=2026Q3")
    assert "办结" in row_with(inside, "完成 2026 年第三季度检查").replace("办结：抽中的全部查完", "")
    for outside in (make_registrar(unit), make_disclosure_officer(unit), make_lead_office()):
        page = OverHttp(outside).open("/desk/calendar/?quarter=2026Q3&unit=210504")
        row = row_with(page, "完成 2026 年第三季度检查").replace("办结：抽中的全部查完", "")
        assert "办结" not in row and "还剩" in row
        page.does_not_see(inspection.facility.name)
        if outside.has_role(Role.DISCLOSURE_OFFICER):
            continue
        page.does_not_see(inspection.no)


def test_another_units_deadlines_are_not_seen_and_several_units_can_be_seen_at_once(at):
    mine, _ = make_unit(), make_unit("210503")
    duties.open_due(clock.today(), workdays.calendar())
    OverHttp(make_planner(mine)).open("/desk/calendar/?unit=210503&all=1").sees("明山分局").does_not_see("溪湖分局")
    supervisor = OverHttp(make_supervisor()).open("/desk/calendar/?all=1")
    supervisor.sees("溪湖分局：完成 2026 年第三季度随机抽取", "明山分局：完成 2026 年第三季度随机抽取")


def test_the_calendar_takes_the_same_queries_for_one_duty_and_for_many(client, at):
    unit = make_unit()
    client.force_login(make_planner(unit))
    counts = []
    for number in (1, 12):
        for n in range(number):
            duties.open(
                rule="D-8",
                unit=unit,
                role=Role.PLANNER,
                period=f"210504-2026Q3-{number:02d}{n:02d}",
                title="公开",
                due=workdays.calendar().within_workdays(clock.today(), 20),
            )
        counts.append(queries(client, "/desk/calendar/"))
    assert counts[0] == counts[1]


def test_the_calendar_of_somebody_without_a_unit_is_empty_and_opens():
    OverHttp(make_user((Role.ADMIN_SYSTEM, make_city_team()))).open("/desk/calendar/").sees("这一段没有期限")


def test_the_filing_with_the_justice_bureau_is_the_branches_alone():
    """Only branches get the duty (D-24), so neither the page nor the command promises it to the city team."""
    branch, city = make_unit(), make_city_team()
    out = StringIO()
    call_command("deadlines", "2026", json=True, stdout=out)
    rows = [row for row in json.loads(out.getvalue()) if row["rule"] == "D-24"]
    assert [row["unit"] for row in rows] == [branch.code]
    for unit, seen in ((branch, True), (city, False)):
        page = OverHttp(make_planner(unit)).open(f"/desk/calendar/?quarter=2026Q1&unit={unit.code}")
        assert ("2026 年随机抽查报司法局备案" in page.text) == seen


@pytest.mark.clause("六(一)2-g")
def test_all_rules_are_listed_and_our_own_levels_are_no_rule_of_the_plan():
    page = OverHttp(make_planner(make_unit())).open("/desk/calendar/rules/")
    lines = lines_of(page.answer.content.decode().partition("参数版本")[0])[1:]
    assert len(lines) == 28
    assert "D-4b 七(二)-j" in next(line for line in lines if "备案" in line)
    assert "方案规定" not in next(line for line in lines if line.startswith("D-10 "))
    page.sees("超过只提醒，不算违反方案")


@pytest.mark.clause("附-b", "0-a")
def test_the_numbers_of_every_version_are_shown_beside_their_clause():
    page = OverHttp(make_planner(make_unit())).open("/desk/calendar/rules/")
    lines = lines_of(page.answer.content.decode().partition("参数版本")[2])
    assert "2025 版（试行） 2025-01-01 起，现行" in lines[0]
    assert "重点对象每季度至少 七(一)1 方案规定 25%" in lines
    assert "检查结果公开 八(二) 方案规定 检查结束后 20 个工作日" in lines
    assert "抽取结果备案 七(二) 建议 3 个工作日" in lines


# --- escalation -------------------------------------------------------------------------------------------------------


def test_on_the_day_itself_the_units_planner_hears_of_what_others_have_to_do():
    unit = make_unit()
    planner, officer = make_planner(unit), make_disclosure_officer(unit)
    leader, supervisor = make_approver(unit), make_supervisor()
    duties.ensure("D-3", unit, "2026Q3")
    told = {}
    for day in (date(2026, 7, 3), date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 8)):
        before = set(Message.objects.values_list("pk", flat=True))
        reminders.plan_reminders(day, workdays.calendar())
        reminders.send_reminders(clock.now())
        told[day.day] = {m.user for m in Message.objects.exclude(pk__in=before)}
    assert told == {3: {officer}, 5: {planner}, 6: {leader}, 8: {supervisor}}


def test_the_mail_of_a_round_is_one_for_each_person():
    unit = make_unit()
    planner = make_planner(unit, email="planner@example.org")
    for rule in ("D-2", "D-4"):
        duties.ensure(rule, unit, "2026Q3")
    reminders.plan_reminders(date(2026, 7, 3), workdays.calendar())
    reminders.send_reminders(clock.now())
    assert planner.inbox.count() == 2
    mail = OutgoingMail.objects.get()
    assert mail.subject == "【双随机】2 件事临近或超过期限"
    assert "抽查工作计划" in mail.body and "随机抽取" in mail.body


# --- what the plan calls 备案, 更换, 回避 ------------------------------------------------------------------------------


def test_a_replacement_that_was_asked_for_waits_two_working_days_for_the_leader(at):
    draw = make_held_draw()
    pick = draw.picks.first()
    asked = amend_actions.ask_for_amendment(
        draw=draw,
        reason="O_HALT",
        evidence="停产通知",
        by=make_planner(draw.unit),
        picks=[pick],
        **grounds("O_HALT", pick),
    )
    duty = Duty.objects.get(rule="D-20")
    assert (duty.role, duty.due) == (Role.APPROVER, workdays.calendar().add_workdays(clock.today(), 2))
    assert pick.facility.name not in duty.title
    amend_actions.reject_amendment(request=asked, by=make_approver(draw.unit), opinion="还在生产，没有停")
    duty.refresh_from_db()
    assert duty.closed_by == "不批准更换"


# --- the subscription -------------------------------------------------------------------------------------------------


def parsed(body: bytes) -> list[dict[str, str]]:
    """A strict reader of what RFC 5545 asks for; shares nothing with the writer."""
    assert body.endswith(b"\r\n") and b"\n" not in body.replace(b"\r\n", b"")
    raw = body.split(b"\r\n")[:-1]
    assert all(len(line) <= 75 for line in raw)
    lines: list[str] = []
    for line in raw:
        text = line.decode("utf-8")  # a character split in two would fail here
        if text.startswith(" "):
            lines[-1] += text[1:]
        else:
            lines.append(text)
    assert lines[0] == "BEGIN:VCALENDAR" and lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines and any(line.startswith("PRODID:") for line in lines)
    events, current = [], None
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            current = {}
        elif line == "END:VEVENT":
            events.append(current)
            current = None
        elif current is not None:
            assert re.fullmatch(r"[A-Z-]+(;[A-Z-]+=[A-Z-]+)*", name) and name not in current
            current[name] = re.sub(r"\\(.)", lambda m: {"n": "\n"}.get(m[1], m[1]), value)
    for event in events:
        assert {"UID", "DTSTAMP", "DTSTART;VALUE=DATE", "DTEND;VALUE=DATE", "SUMMARY"} <= set(event)
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        assert event["DTSTART;VALUE=DATE"] < event["DTEND;VALUE=DATE"]
    assert len({event["UID"] for event in events}) == len(events)
    return events


def subscribe(person) -> str:
    person.open("/desk/calendar/").press("开通订阅")
    return re.search(r"http://testserver(/calendar/[\w-]+\.ics)", person.answer.content.decode())[1]


def test_the_subscription_reads_as_rfc_5545_and_holds_ones_own_deadlines(client, at):
    unit = make_unit()
    duties.open_due(clock.today(), workdays.calendar())
    address = subscribe(OverHttp(make_planner(unit)))
    answer = client.get(address)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    assert not answer.cookies
    events = {e["SUMMARY"]: e for e in parsed(answer.content)}
    draw = events["明山分局：完成随机抽取"]
    assert (draw["DTSTART;VALUE=DATE"], draw["DTEND;VALUE=DATE"]) == ("20260710", "20260711")
    plan = events["明山分局：完成 2026 年第四季度抽查工作计划"]  # 30 September to 5 October, as one bar
    assert (plan["DTSTART;VALUE=DATE"], plan["DTEND;VALUE=DATE"]) == ("20260930", "20261006")
    assert "2026 年 10 月 5 日（周一）前，这天休息，2026 年 9 月 30 日（周三）前办完" in plan["DESCRIPTION"]
    assert not any("公开" in title.replace("一公开", "") for title in events)  # the disclosure officer's


@pytest.mark.clause("七(五)-o")
def test_the_subscription_names_no_facility_and_no_person(client, at):
    inspection = make_finished()
    approver = make_approver(inspection.unit)
    Duty.objects.filter(rule="D-8").update(title=f"审核{inspection.facility.name}的结果")
    body = client.get(subscribe(OverHttp(approver))).content
    text = " ".join(f"{e['SUMMARY']} {e['DESCRIPTION']}" for e in parsed(body))
    assert "公开检查结果" in text
    assert inspection.facility.name not in text and inspection.no not in text


def test_a_provisional_date_says_so_in_the_subscription_and_a_moved_one_counts_up(client, at):
    at("2026-12-10 09:00")
    unit, admin = make_unit(), make_user((Role.ADMIN_SYSTEM, make_city_team()))
    duties.open_due(clock.today(), workdays.calendar())
    address = subscribe(OverHttp(make_planner(unit)))
    title = "明山分局：完成季度计划（暂定）"
    before = {e["SUMMARY"]: e for e in parsed(client.get(address).content)}[title]
    actions.correct_day(
        day=date(2027, 1, 5), is_workday=False, name="n", source_document="本政发〔2026〕9 号", by=admin
    )
    after = {e["SUMMARY"]: e for e in parsed(client.get(address).content)}[title]
    assert (before["UID"], before["SEQUENCE"], after["SEQUENCE"]) == (after["UID"], "0", "1")
    assert (before["DTSTART;VALUE=DATE"], after["DTSTART;VALUE=DATE"]) == ("20270105", "20270104")


def test_a_revoked_or_renewed_address_opens_nothing_and_only_its_digest_is_kept(client):
    user = make_planner(make_unit())
    person = OverHttp(user)
    first = subscribe(person)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert CalendarFeed.objects.get().digest == CalendarFeed.digest_of(token) and token not in str(
        AuditEntry.objects.values_list("details", flat=True)
    )
    person.open("/desk/calendar/").does_not_see(token)
    person.press("换新地址")
    second = re.search(r"/calendar/[\w-]+\.ics", person.answer.content.decode())[0]
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)
    person.open("/desk/calendar/").press("停用订阅").sees("日历订阅已停用")
    assert client.get(second).status_code == 404
    assert client.get("/calendar/x.ics").status_code == 404
    third = subscribe(person)
    user.is_active = False
    user.save()
    assert client.get(third).status_code == 404


def test_long_lines_fold_after_75_octets_between_characters_and_text_is_escaped():
    event = ics.Event(
        uid="a@b", summary="甲" * 60 + ",;\\", description="一\n二", first=date(2026, 7, 1), last=date(2026, 7, 1)
    )
    body = ics.calendar("n", [event], at=datetime(2026, 7, 1, 8, tzinfo=UTC))
    (read,) = parsed(body)
    assert (read["SUMMARY"], read["DESCRIPTION"]) == (event.summary, event.description)
    assert read["DTEND;VALUE=DATE"] == "20260702"


# --- the administrator's calendar -------------------------------------------------------------------------------------


@pytest.mark.clause("附-b")
def test_the_administrator_enters_a_notice_after_looking_at_what_was_read(at):
    at("2026-12-28 09:00")
    duties.ensure("D-2", make_unit(), "2027Q1")
    admin = OverHttp(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    admin.open("/desk/workdays/?year=2027").sees("2027 年的放假安排尚未公布").follow("登记放假安排")
    typed = {"source_document": "《国务院办公厅关于2027年部分节假日安排的通知》", "published_on": "2026-11-10"}
    admin.press("核对", **typed, notice=NOTICE_2027.replace("共8天", "共9天")).sees("写的是 9 天")
    admin.press("核对", **typed, notice=NOTICE_2027).sees("读到的日期", "没有办理事项改期")
    assert not CalendarException.objects.exists()  # looking enters nothing
    admin.press("登记放假安排").sees("2027 年放假安排已登记", "已公布")
    assert not Duty.objects.get(rule="D-2").provisional
    admin.open("/desk/workdays/2027/publish/").sees("2027 年的放假安排已经公布")


def test_the_administrator_corrects_a_day_and_takes_it_back(at):
    duties.ensure("D-4", make_unit(), "2026Q3")
    admin = OverHttp(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    admin.open("/desk/workdays/").follow("更正一天")
    admin.press("更正一天", day="2026-7-x", is_workday="0", name="停工", source_document="本政发〔2026〕9 号")
    admin.sees("日期按 2026-11-04 的格式填写", "停工")
    admin.press("更正一天", day="2026-07-10").sees("1 件办理事项改了期限", "本政发〔2026〕9 号", "重算 1 件")
    admin.follow("撤销").press("撤销登记", reason="文件撤销").sees("登记已撤销")
    assert Duty.objects.get().target == date(2026, 7, 10)


def test_everybody_signed_in_reads_the_calendar_and_only_the_administrator_changes_it():
    planner = OverHttp(make_planner(make_unit()))
    planner.open("/desk/workdays/").sees("放假安排").does_not_see("更正一天")
    assert planner.open("/desk/workdays/correct/").status == 403


# --- the operators' command -------------------------------------------------------------------------------------------


def deadlines(*arguments) -> str:
    out = StringIO()
    call_command("deadlines", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


@pytest.mark.clause("六(一)2-b", "六(一)1-d")
def test_the_command_lists_a_year_as_json_for_every_unit_that_draws():
    make_city_team(), make_unit()
    found = json.loads(deadlines("2026", "--json"))
    by = {(row["rule"], row["unit"], row["period"]): (row["due"], row["target"]) for row in found}
    assert by["D-2", "210504", "2026Q4"] == ("2026-10-05", "2026-09-30")
    assert by["D-5", "210500", "2026Q3"] == ("2026-09-25", "2026-09-24")
    assert by["D-1", "210500", "2026"] == ("2026-01-05", "2026-01-05")
    assert ("D-12", "210500", "2026Q1") in by and ("D-12", "210504", "2026Q1") not in by
    assert {row["unit"] for row in json.loads(deadlines("2026", "--json", "--unit", "210504"))} == {"210504"}
    assert all(row["provisional"] for row in json.loads(deadlines("2027", "--json")))


def test_the_command_heeds_a_correction_and_prints_a_table():
    make_unit()
    CalendarException.objects.create(
        day=date(2026, 7, 10), is_workday=False, name="n", source_document="d", entered_at=clock.now()
    )
    line = next(line for line in deadlines("2026").splitlines() if "第三季度随机抽取" in line)
    assert line.split() == [
        "D-4",
        "明山分局",
        "2026Q3",
        "2026-07-10",
        "周五",
        "2026-07-09",
        "周四",
        "方案规定",
        "完成",
        "2026",
        "年第三季度随机抽取",
    ]


def test_without_units_or_a_database_the_command_knows_both_sorts_of_units(monkeypatch):
    assert len({row["unit"] for row in json.loads(deadlines("2026", "--json"))}) == 2

    def gone():
        raise OperationalError("no server")

    monkeypatch.setattr(workdays, "calendar", gone)
    err = StringIO()
    call_command("deadlines", "2026", "--json", stdout=StringIO(), stderr=err)
    assert "没有可用的数据库，只按随程序的放假安排计算" in err.getvalue()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("2026年",), "“2026年”不是年度，应当写成 2026 这样。"),
        ((), "写明年度，如 deadlines 2026。"),
        (("2024",), "时限从 2025 年起计算。"),
        (("2026", "--unit", "999"), "没有代码是“999”的单位。可以写：210504。"),
    ],
)
def test_the_command_says_in_chinese_what_is_wrong(arguments, sentence):
    make_unit()
    with pytest.raises(CommandError) as refusal:
        deadlines(*arguments)
    assert str(refusal.value) == sentence
