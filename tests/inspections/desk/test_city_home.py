"""工作台 of the city: what is overdue with 督办 in its row, what waits, the words of every state (五-2b, ui-2.md 22, desk.md A3)."""

import re
from datetime import date

import pytest

from benxi_shuangsuiji import clock, subjects, workdays
from benxi_shuangsuiji.accounts.models import Unit, UnitKind
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices import duties, reminders
from benxi_shuangsuiji.notices.models import Duty, Reminder
from benxi_shuangsuiji.workdays.days import Quarter
from inspections.checks.duties import REVIEW
from inspections.coordination import actions, matters
from inspections.desk.city import Late, address_for
from inspections.desk.reach import Matter
from inspections.models import Instruction
from inspections.oversight.pages import City
from inspections.rectification.duties import AGAIN
from plans.filings.duties import SUMMARY
from registry.audits.duties import AUDIT
from tests.browsing import enter, html_of, post, post_and_follow, queries, refused, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_lead_office,
    make_observer,
    make_planner,
    make_supervisor,
    make_unit,
    make_user,
)
from tests.inspections.factories import make_dispatched, make_published
from tests.inspections.reports.factories import carry_out, make_public

pytestmark = [pytest.mark.django_db]


@pytest.fixture
def city(at):
    """Two branches on 19 August: one has not drawn and has two audits open, the other is clear."""
    at("2026-08-19 10:32")
    team, nanfen, pingshan = (
        make_city_team(),
        make_unit("210505", name="南芬分局"),
        make_unit("210502", name="平山分局"),
    )
    for unit in (nanfen, pingshan):
        make_planner(unit), make_approver(unit)
    duties.ensure("D-4", nanfen, "2026Q3")
    for month in ("2026-05", "2026-06"):
        AUDIT.open(
            nanfen,
            f"FACILITY:{month}",
            role=Role.REGISTRAR,
            title="FACILITY 审核",
            due=workdays.calendar().fixed(date(2026, 6, 22)),
            url=f"/desk/objects/audit/?unit={nanfen.code}",
        )
    return {"team": team, "late": nanfen, "clear": pingshan}


def bureau():
    return make_user((Role.BUREAU_READER, make_unit("2105SJ", kind=UnitKind.CITY_BUREAU, name="市生态环境局")))


WHO = {"supervisor": make_supervisor, "lead office": make_lead_office, "bureau": bureau, "observer": make_observer}


@pytest.mark.clause("五-2b")
@pytest.mark.parametrize("who", WHO)
def test_what_is_overdue_in_the_city_stands_first_and_nothing_is_called_clear(city, client, who):
    page = text_of(enter(client, WHO[who]()).get("/desk/"))

    assert "已经逾期 3 件，在 1 个单位" in page and "没有到期的事" not in page and "没有逾期的事" not in page
    assert page.index("《实施方案》写明日期的 1 件") < page.index("本市另定期限的 2 件")
    assert "完成 2026 年第三季度随机抽取" in page and "逾期 40 天" in page and "方案七（二）" in page
    assert "审核检查对象名录（2 件）" in page and "逾期 58 天" in page
    assert ("督办完成随机抽取" in page) is (who != "observer") and ("查看完成随机抽取" in page) is (who == "observer")


def test_what_is_overdue_of_one_kind_is_one_row_with_the_oldest_day(city, client):
    AUDIT.open(
        city["late"],
        "FACILITY:2026-07",
        role=Role.REGISTRAR,
        title="FACILITY 审核",
        due=workdays.calendar().fixed(date(2026, 7, 25)),
    )
    page = text_of(enter(client, make_supervisor()).get("/desk/"))
    assert "已经逾期 4 件" in page and "审核检查对象名录（3 件）" in page and page.count("逾期 58 天") == 1
    assert "写的是最早的一件" in page


def test_one_unit_chosen_filters_and_says_what_else_is_late(city, client):
    enter(client, make_supervisor())
    clear = text_of(client.get("/desk/?unit=210502"))
    assert "平山分局没有逾期的事。全市还有 3 件逾期，在 1 个单位。 看全市" in clear
    late = text_of(client.get("/desk/?unit=210505"))
    assert "已经逾期 3 件" in late and "看全市" not in late


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-07-08 09:00", "全市没有逾期的事。7 天内到期 1 件，最近的是7 月 10 日。"),
        ("2026-07-10 09:00", "全市没有逾期的事。7 天内到期 1 件，最近的是今天。"),
        ("2026-07-01 09:00", "7 天内也没有到期的。下一件：7 月 10 日（周五）明山分局完成随机抽取。"),
        ("2026-07-11 09:00", "今天放假。下一个工作日 7 月 13 日（周一）。"),
    ],
)
def test_the_words_of_each_state(at, client, day, words):
    at(day)
    duties.ensure("D-4", make_unit(), "2026Q3")
    page = text_of(enter(client, make_supervisor()).get("/desk/"))
    assert words.replace(" ", "") in page.replace(" ", "")


@pytest.mark.clause("五-1a", "八(一)-a")
def test_a_reminder_is_sent_from_the_row_asked_about_when_it_comes_again_and_shown_there(city, at):
    boss = signed_in(make_supervisor())
    duty = Duty.objects.get(rule="D-4")
    ask = "/desk/?ask=210505-D-4-20260710"
    form = boss.get(ask).context["form"]
    assert (
        form["text"]
        .value()
        .startswith("你单位“完成 2026 年第三季度随机抽取”应在 7 月 10 日前办结，到 8 月 19 日逾期 40 天。")
    )
    typed = {"text": form["text"].value(), "due": "2026-08-21"}

    assert "最多 500 字" in html_of(post(boss, ask, typed | {"text": "催" * 501})) and not Instruction.objects.exists()
    assert "已发给南芬分局" in text_of(post_and_follow(boss, ask, typed))
    sent = Instruction.objects.get()
    assert (sent.duty, sent.title, sent.to_role) == (duty, "完成 2026 年第三季度随机抽取逾期 40 天", Role.PLANNER)
    assert "8 月 19 日督办" in (page := text_of(boss.get("/desk/"))) and "没有回复" in page

    at("2026-08-20 09:00")
    again = {"text": boss.get(ask).context["form"]["text"].value(), "due": "2026-08-24"}
    assert "8 月 19 日督办后没有回复" in again["text"]
    second = post(boss, ask, again)
    assert "8 月 19 日刚督办过，还要再发一次？" in html_of(second) and Instruction.objects.count() == 1
    shown = second.context["shown"]
    post(boss, ask, again | {"confirmed": shown})
    assert Instruction.objects.count() == 2

    at("2026-08-28 09:00")
    later = {"text": "书面说明原因。", "due": "2026-09-01"}
    assert post(boss, ask, later).status_code == 302 and Instruction.objects.count() == 3  # days later nobody is asked
    duties.close(rule="D-4", unit=city["late"], period="2026Q3", event="done", at=sent.sent_at)
    gone = post(boss, ask, later)
    assert gone.status_code == 409 and "已经办结" in html_of(gone) and Instruction.objects.count() == 3


def test_a_reminder_of_what_is_another_units_or_done_is_refused(city, at):
    duty = Duty.objects.get(rule="D-4")
    given = {"quarter": Quarter(2026, 3), "kind": "REMIND", "to_role": Role.PLANNER, "title": "t", "text": "x"}
    given |= {"due": date(2026, 8, 21), "by": make_supervisor(), "duty": duty}
    with refused("不是这个单位的"):
        actions.send_instructions(units=[city["clear"]], **given)
    duties.close(rule="D-4", unit=city["late"], period="2026Q3", event="done", at=clock.now())
    with refused("已经办结，不用再督办"):
        actions.send_instructions(units=[city["late"]], **given)


@pytest.mark.clause("七(五)-o")
def test_of_a_secret_check_the_supervisor_reads_how_many_and_nobody_else_a_thing(at, client):
    at("2026-07-06 10:00")
    make_city_team()
    check = make_dispatched()[0]
    name = check.facility.name
    REVIEW.open(
        check.unit,
        check.no,
        role=Role.APPROVER,
        title=f"审核检查结果 {check.no}",
        due=workdays.calendar().fixed(date(2026, 7, 10)),
        url=check.get_absolute_url(),
    )
    at("2026-07-20 10:00")
    people = {who: signed_in(make()) for who, make in WHO.items()}

    def of_it(who):
        page = text_of(people[who].get("/desk/"))
        return "公开检查结果" in page, name in page, check.no in page

    assert of_it("supervisor") == (True, False, False)
    assert (
        "公开检查结果（1 件）" in (html := html_of(people["supervisor"].get("/desk/")))
        and "督办公开检查结果" not in html
    )
    assert {of_it(who) for who in ("lead office", "bureau", "observer")} == {(False, False, False)}

    public = make_published(check.unit)
    AGAIN.open(
        public.unit,
        public.no,
        role=Role.PLANNER,
        title=f"复查整改 {public.no}",
        due=workdays.calendar().fixed(date(2026, 7, 17)),
        url=public.get_absolute_url(),
    )
    assert all(f"复查整改 {public.facility.name}" in text_of(browser.get("/desk/")) for browser in people.values())
    ask = people["supervisor"].get("/desk/?ask=210504-D-21-20260717").context["form"]["text"].value()
    assert "复查整改（1 件）" in ask and public.facility.name not in ask  # the log of coordination names no place


def test_the_page_asks_as_much_of_ten_units_as_of_two(city, client):
    enter(client, make_supervisor())
    few = queries(client, "/desk/")
    for n in range(10):
        unit = make_unit(f"2106{n:02d}", name=f"第{n}分局")
        duties.ensure("D-4", unit, "2026Q3")
    assert queries(client, "/desk/") == few <= 60  # 全市进度 itself has its own bound


@pytest.mark.clause("七(五)-o")
def test_the_figures_are_those_of_the_city_page_and_only_the_circle_reads_what_is_not_public(at):
    at("2026-07-06 10:00")
    make_city_team()
    first, second, *_ = make_dispatched()
    make_public(first)
    carry_out(second)  # and nobody outside the circle is told
    at("2026-07-20 10:00")
    found = {}
    for who, make in WHO.items():
        user = make()
        browser = signed_in(user)
        page = browser.get("/desk/")
        rows = City(user, Quarter(2026, 3), clock.now(), workdays.calendar()).rows
        row = next(row for row in rows if row.unit == first.unit)
        told = dict(row.named)
        line = next(tr for tr in html_of(page).split("<tr") if f"?unit={row.unit.code}&amp;quarter=" in tr)
        cells = dict(re.findall(r'data-l="(查完/应查|已公开/应公开)">([^<]+)<', line))
        assert cells["已公开/应公开"] == told["公示"].text == f"1/{row.results}", who
        assert cells.get("查完/应查", told["检查"].text) == told["检查"].text, who
        assert html_of(page).count(f">1/{row.results}</td>") == 2  # and the city's line, where no other unit has drawn
        found[who] = (cells.get("查完/应查"), told["检查"].text, text_of(page), row.tally.to_check, row.results)
    _, _, boss, n, results = found["supervisor"]
    assert found["supervisor"][:2] == (f"2/{n}", f"2/{n}") and results > 1
    assert "重点抽查和检查进度" in boss and "查完/应查（家）" in boss and "只有监督员看得到" in boss
    for who in ("lead office", "bureau", "observer"):
        cell, told, words, *_ = found[who]
        assert cell is None and told == f"1/{n}", who
        assert "重点抽查和公开进度" in words and "查完/应查" not in words
    for page in (one[2] for one in found.values()):
        for words in ("2026 年第三季度全市数字", "已公开/应公开（家）", "的单位", "一般对象三年覆盖", "按期办成的"):
            assert words in page
    closed = text_of(signed_in(make_observer()).get("/desk/?quarter=2026Q2"))
    assert "2026 年第二季度已结束；没守住的 看合规体检" in closed


ROW = f"210505-{AUDIT.id}-20260622-FACILITY"


def rows_of(answer) -> dict[tuple, Late]:
    return {(row.unit.code, row.matter.first.rule, row.matter.wait): row for row in answer.context["page"].found}


def open_audit(unit, period, day, **more):
    due = workdays.calendar().fixed(day)
    AUDIT.open(unit, period, role=Role.REGISTRAR, title=f"{period} 审核", due=due, **more)


@pytest.mark.clause("五-1a", "八(一)-a")
def test_what_is_sent_from_an_alert_is_the_reminder_of_that_matter_at_home_on_the_page_and_when_it_comes_again(city):
    """By its duty; of what has none, such as the share of 重点, by its words; another matter of the unit is not counted."""
    supervisor = make_supervisor()
    boss = signed_in(supervisor)
    ask = "/desk/coordination/new/?of=210505&quarter=2026Q3&matter="
    for matter in ("step-3", "step-1"):
        page = boss.get(ask + matter)
        post_and_follow(boss, ask + matter, **page.context["form"].initial)
    drawn, planned = Instruction.objects.order_by("pk")
    assert (drawn.duty, planned.duty) == (Duty.objects.get(rule="D-4"), None)
    audit = matters.duty_of("audit-FACILITY", city["late"], Quarter(2026, 3), clock.today())
    assert audit == Duty.objects.get(rule=AUDIT.id, period="FACILITY:2026-05")
    found = City(supervisor, Quarter(2026, 3), clock.now(), workdays.calendar())
    said = {a.key: a.asked for a in found.alerts if a.unit == city["late"]}
    assert said["step-3"] == said["step-1"] == "本季督办过 1 次，最近 8 月 19 日"
    assert said["step-2"] == ""
    home = text_of(boss.get("/desk/"))
    assert home.count("8 月 19 日督办") == 1 and home.count("没有督办过") == 1  # the audits

    again = boss.get(ask + "step-3").context["form"].initial | {"text": "再催一次。"}
    assert "8 月 19 日刚督办过，还要再发一次？" in html_of(post(boss, ask + "step-3", again)).replace("<wbr>", "")
    assert Instruction.objects.count() == 2
    post(boss, ask + "step-2", boss.get(ask + "step-2").context["form"].initial)
    assert Instruction.objects.count() == 3  # of another matter it asks nothing


@pytest.mark.clause("五-1a", "八(一)-a")
def test_what_was_urged_as_one_row_stays_urged_when_the_oldest_of_it_is_done(city, at):
    boss, key = signed_in(make_supervisor()), ("210505", AUDIT.id, "")
    post_and_follow(boss, f"/desk/?ask={ROW}", {"text": "书面说明原因。", "due": "2026-08-21"})
    sent, other = Instruction.objects.get(), AUDIT.duties.exclude(pk=Instruction.objects.get().duty_id).get()
    AUDIT.close(city["late"], sent.duty.period, "审核签字", clock.now())

    row = rows_of(boss.get("/desk/"))[key]
    assert list(row.matter.duties) == [other] and row.urged == ("8 月 19 日督办", "没有回复")
    again = post(boss, f"/desk/?ask={ROW}", {"text": "书面说明原因和日期。", "due": "2026-08-21"})
    assert "8 月 19 日刚督办过，还要再发一次？" in html_of(again) and Instruction.objects.count() == 1
    assert rows_of(boss.get("/desk/"))["210505", "D-4", ""].urged[0] == "没有督办过"  # another rule is another row

    open_audit(city["late"], "FACILITY:2026-08", date(2026, 8, 24))  # overdue only after the row was urged
    open_audit(city["clear"], "FACILITY:2026-07", date(2026, 7, 25))  # another unit's
    AUDIT.close(city["late"], other.period, "审核签字", clock.now())
    at("2026-08-26 09:00")
    rows = rows_of(boss.get("/desk/"))
    assert rows[key].urged[0] == rows["210502", AUDIT.id, ""].urged[0] == "没有督办过"


def test_a_row_leads_to_its_duty_where_it_opens_in_that_unit_and_else_to_the_unit(city, client):
    task = f"/desk/tasks/?unit={city['late'].code}"
    for unit in (city["late"], city["clear"]):
        AGAIN.open(
            unit, f"{unit.code}-x", role=Role.PLANNER, title="x", due=workdays.calendar().fixed(date(2026, 8, 3))
        )
    reader = make_user(
        (Role.BUREAU_READER, make_unit("2105SJ", kind=UnitKind.CITY_BUREAU)), (Role.PLANNER, city["clear"])
    )

    def address(unit, url, rule="D-4"):
        duty = Duty(rule=rule, unit=unit, period="2026Q3", url=url, due=date(2026, 7, 10))
        return address_for(reader, Matter(unit, (duty,), date(2026, 8, 19), mine=False))

    assert address(city["clear"], task) == task  # whoever sees sealed checks of this unit
    assert address(city["late"], task) == address(city["late"], "") == "/desk/city/units/210505/?quarter=2026Q3"
    assert address(reader.grants_in_force()[0].unit, "") == "/desk/city/"  # the bureau has no steps of a quarter
    enter(client, reader)
    assert "南芬分局的进度" in text_of(client.get(address(city["late"], "")))
    assert client.get(address(city["team"], "")).status_code == 200
    for row in client.get("/desk/").context["page"].found:
        assert client.get(row.url).status_code == 200, row.url


def test_days_for_what_is_done_again_are_the_citys_own_and_not_the_plans():
    said = {}
    for step in subjects.house().steps.values():
        if step.serves:
            duty = Duty(rule=step.id, unit=Unit(), period="2026Q3", due=date(2026, 7, 10))
            matter = Matter(duty.unit, (duty,), date(2026, 8, 19), mine=False)
            assert not matter.is_dated, step
            said[step.id] = Late(matter, None, "").rule
    assert {"D-2r", "D-3r", "D-3m", "D-4m", "D-7r", "D-11r"} <= said.keys()
    mended = {rule for rule, words in said.items() if words == "退回以后补正，本市另定的期限"}
    assert mended == {"D-3m", "D-4m", "D-7r", "D-11r"}
    assert said["D-2r"] == said["D-3r"] == "本市另定的期限" and not any("方案" in words for words in said.values())


def test_the_form_opens_once_though_what_waits_has_the_same_day(city, client):
    open_audit(city["late"], "FACILITY:2026-04", date(2026, 6, 22), waiting_for="等名录合并")
    page = html_of(enter(client, make_supervisor()).get(f"/desk/?ask={ROW}"))
    assert page.count('id="ask"') == page.count("督办单在下面") == 1 and page.count("等名录合并") == 1
    bodies = re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
    assert max(body.count('scope="rowgroup"') for body in bodies) == 1 and page.count('scope="rowgroup"') == 2


def test_what_waits_in_ones_own_hands_has_grey_words_for_a_button(city, client):
    due = workdays.calendar().fixed(date(2026, 8, 24))
    SUMMARY.open(
        city["team"],
        "2026Q3",
        role=Role.LEAD_OFFICE,
        title="汇总公开",
        due=due,
        waiting_for="等各单位报送",
        url="/desk/publish/",
    )
    page = enter(client, make_lead_office()).get("/desk/")
    (item,) = next(group["items"] for group in page.context["page"].agenda if group["title"] == "等我办")
    assert item["wait"] == "等各单位报送" and "等各单位报送" in text_of(page) and "汇总计划" not in text_of(page)


def test_what_lies_in_the_citys_own_hands_is_urged_by_a_reminder_once_a_day(city, client, at):
    """签收 of the lead office: no 督办, for that is read by those it would be about; it is counted (ui-2.md 22)."""
    lead, by = make_lead_office(), bureau()
    SUMMARY.open(
        city["team"],
        "2026Q3",
        role=Role.LEAD_OFFICE,
        title="汇总公开",
        due=workdays.calendar().fixed(date(2026, 8, 11)),
    )
    (row,) = (r for r in enter(client, by).get("/desk/").context["page"].found if r.remind)
    page = post_and_follow(client, "/desk/urge/", row=row.key)
    assert "已催 1 人" in text_of(page) and "8 月 19 日催过 1 次" in text_of(page)
    assert "今天已催" in text_of(page) and "/desk/urge/" not in html_of(page)  # a second press could only be refused
    assert "今天已经催过" in text_of(post_and_follow(client, "/desk/urge/", row=row.key))
    reminders.send_reminders(clock.now())
    assert lead.inbox.get().title.endswith("汇总公开") and not by.inbox.exists()
    at("2026-08-20 09:00")
    assert "/desk/urge/" in html_of(client.get("/desk/"))
    post(client, "/desk/urge/", row=row.key)
    reminders.send_reminders(clock.now())
    assert "8 月 20 日催过 2 次" in text_of(client.get("/desk/")) and lead.inbox.waiting().count() == 1
    at("2026-08-21 09:00")
    assert not [r for r in enter(client, lead).get("/desk/").context["page"].found if r.remind]  # it is his own
    Duty.objects.filter(rule=SUMMARY.id).update(closed_at=clock.now())
    assert "已经办结" in text_of(post_and_follow(enter(client, by), "/desk/urge/", row=row.key))
    reminders.send_reminders(clock.now())
    assert lead.inbox.count() == 2 and not Reminder.objects.filter(sent_at=None).exists()
