"""L-3 and A-1 of the reviews: time before the day of first use accuses nobody, and its checks can be entered (二-a)."""

import json
import re
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from benxi_shuangsuiji import subjects, workdays
from benxi_shuangsuiji.accounts.models import Unit
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.notices.first_use import actions as first_use_actions
from benxi_shuangsuiji.notices.models import Duty, FirstUse, Heartbeat, OutgoingMail, Reminder
from benxi_shuangsuiji.policy import first_use
from benxi_shuangsuiji.refusal import Refused
from benxi_shuangsuiji.workdays.days import Quarter
from disclosure.draws import documents as public
from inspections.checks import known
from inspections.coverage.gaps import CoverageList
from inspections.frequency import counts
from inspections.oversight import progress
from plans.carry import actions as carry_actions
from plans.draw import actions as draw_actions
from plans.draw import ssj1
from plans.models import Carry, ChainEntry, InspectionItem
from plans.proofs import daily
from plans.quarterly.late import late_plans
from plans.quotas import history
from registry.imports import actions as imports
from registry.models import BatchKind, BatchState, Category, NoPastChecks, PastCheck, PastChecks
from registry.past_checks import actions as past_actions
from tests.browsing import post, signed_in, text_of
from tests.factories import (
    make_approver,
    make_city_team,
    make_facility,
    make_lead_office,
    make_observer,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.plans.draw.factories import make_prepared_draw, make_published_plan
from tests.registry.workbooks import workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_installation")]
DOCUMENT = "本环办〔2026〕41 号"
CARRIED = {"检查日期": "2026-05-20", "检查类型": "随机抽查", "事项编号": "A01", "检查结果": "未发现问题"}
INSTALLED = ("2026-01-02", "2026-02-20", "2026-04-30", "2026-06-26", "2026-08-19", "2026-11-30", "2026-12-29")


def set_up_city() -> list[Unit]:
    """The city team and two branches, with everybody who could be told of anything."""
    city, units = make_city_team(), [make_unit(), make_unit("210503")]
    make_lead_office(email="ld@example.cn")
    for unit in units:
        for role in (Role.PLANNER, Role.APPROVER, Role.REGISTRAR, Role.DISCLOSURE_OFFICER):
            make_user((role, unit), email=f"{role.lower()}@example.cn")
        make_facility(unit, category=Category.KEY)
    return [city, *units]


def rounds() -> None:
    """A morning of the worker, whatever it did before today."""
    Heartbeat.objects.update(at=F("at") - timedelta(days=40))
    for name in subjects.house().rounds:
        import_string(name)()


def accusations(units, today: date) -> list[str]:
    """Everything that calls somebody late: public home, progress, plans, calendar, inbox and mail."""
    office, quarter = make_observer(), Quarter.of(today)
    home = Client().get("/").content.decode()
    calendar = workdays.calendar()
    rows = [row for q in (quarter.previous(), quarter) for row in progress.city(office, q, today, calendar)]
    found = [f"首页：{said[0]}" for said in re.finditer("逾期|(?<!还)没有(公开|封存|抽取)", home)]
    found += [f"进度：{row.unit} {cell.text}" for row in rows for cell in row.cells if cell.state == "late"]
    found += [f"计划：{late.unit}" for q in (quarter.previous(), quarter) for late in late_plans(q, today, calendar)]
    found += [f"待办：{duty}" for duty in Duty.objects.open() if duty.due < today]
    first = first_use.day() or date.max  # the coming first quarter may be announced
    found += [f"提醒：{reminder.key}" for reminder in Reminder.objects.filter(duty__due__lt=first)]
    found += [f"邮件：{mail.subject}" for mail in OutgoingMail.objects.all() if first_use.day() is None]
    return found


@pytest.mark.story("O1")
@pytest.mark.clause("二-a")
@pytest.mark.parametrize("day", INSTALLED)
def test_l03_a_fresh_installation_accuses_nobody_on_any_day_of_the_year(at, day):
    moment = at(f"{day} 08:00")
    units = set_up_city()
    rounds()
    assert accusations(units, moment.date()) == []
    first = Quarter.of(moment.date()).next().first_day
    first_use_actions.set_first_use(day=first, document=DOCUMENT)
    rounds()
    assert accusations(units, moment.date()) == []
    at(f"{first + timedelta(days=1)} 08:00")
    rounds()
    assert not [duty for duty in Duty.objects.open() if duty.due < first]
    assert Duty.objects.filter(rule="D-2", period=str(Quarter.of(first))).count() == len(units)


def test_l03_the_same_installation_is_late_for_what_came_after_its_first_use(at):
    at("2026-11-30 08:00")
    units = set_up_city()
    first_use_actions.set_first_use(day=date(2027, 1, 1), document=DOCUMENT)
    today = at("2027-01-12 08:00").date()
    rounds()
    said = accusations(units, today)
    assert any(s.startswith("待办：D-2") for s in said) and any("首页：逾期" in s for s in said)
    assert not any("2026Q" in s for s in said)


def test_l03_the_day_is_fixed_once_by_two_people_and_no_earlier_than_its_plan_can_be_made(at):
    at("2026-11-30 08:00")
    set_up_city()
    admin, office = make_user((Role.ADMIN_SYSTEM, make_city_team())), make_lead_office()
    ask = first_use_actions.ask_for_first_use
    for day, words in ((date(2026, 10, 1), "已经逾期"), (date(2027, 1, 2), "第一天"), (date(2026, 1, 1), "第一天")):
        with pytest.raises(Refused, match=words):
            ask(day=day, document=DOCUMENT, by=admin)
    asked = ask(day=date(2027, 1, 1), document=DOCUMENT, by=admin)
    assert first_use.day() is None
    waits = Duty.objects.open().filter(rule="FIRSTUSE")
    assert waits.get().role == Role.LEAD_OFFICE and office.inbox.get().duty == waits.get()
    assert "确定日期" in text_of(signed_in(office).get("/desk/")) and "确定日期" not in text_of(
        signed_in(admin).get("/desk/")
    )
    with pytest.raises(Refused, match="牵头部门"):
        first_use_actions.fix_first_use(asked=asked, by=admin)
    first_use_actions.fix_first_use(asked=asked, by=office, opinion="同意")
    assert first_use.day() == date(2027, 1, 1) and not waits.exists()
    with pytest.raises(Refused, match="不能再改"):
        ask(day=date(2027, 4, 1), document=DOCUMENT, by=admin)
    with pytest.raises(DatabaseError, match="已经确定"), transaction.atomic():
        FirstUse.objects.update(day=date(2027, 4, 1))


def test_l03_a_day_put_forward_before_an_upgrade_gets_its_to_do_in_the_morning(at):
    moment = at("2026-11-30 08:00")
    set_up_city()
    admin = make_user((Role.ADMIN_SYSTEM, make_city_team()))
    asked = FirstUse.objects.create(day=date(2027, 1, 1), document=DOCUMENT, asked_by=admin, asked_at=moment)
    for _ in range(2):
        rounds()
    waits = Duty.objects.open().filter(rule="FIRSTUSE")
    assert waits.get().period == str(asked.pk)
    first_use_actions.return_first_use(asked=asked, by=make_lead_office(), opinion="文号不对，另行提出")
    rounds()
    assert not waits.exists()


def row(facility, **more) -> dict:
    return {"名录编号": facility.code, "名称": facility.name, "统一社会信用代码": "", **CARRIED, **more}


def entered(unit, *rows) -> PastChecks:
    """The checks of one workbook, written and not yet approved."""
    registrar = make_registrar(unit)
    batch = imports.check_workbook(
        file_name="2026 年上半年检查.xlsx",
        content=workbook(list(rows)),
        kind=BatchKind.HISTORY,
        unit=unit,
        by=registrar,
    )
    assert batch.state == BatchState.CHECKED, batch.trouble
    assert not batch.counts["faulty"], list(batch.lines.values_list("problems", flat=True))
    return imports.confirm_import(batch=batch, by=registrar).past


def city_in_use(at):
    """A city that begins with the third quarter of 2026 and had checked before."""
    at("2026-06-20 09:00")
    set_up_city()
    first_use_actions.set_first_use(day=date(2026, 7, 1), document=DOCUMENT)
    at("2026-07-01 09:00")
    return make_published_plan()


def carry() -> None:
    asked = carry_actions.ask_to_carry(document_no=DOCUMENT, by=make_lead_office())
    carry_actions.approve_carry(asked=asked, by=make_lead_office(), opinion="同意")


@pytest.mark.clause("二-a", "七(一)1-b", "七(一)4-c")
def test_l03_the_past_is_entered_approved_and_carried_into_the_first_entry_of_the_chain(at, tmp_path):
    plan = city_in_use(at)
    unit = plan.unit
    keys = list(unit.facilities.filter(category=Category.KEY).order_by("code"))
    general = unit.facilities.filter(category=Category.GENERAL).first()
    request = entered(
        unit,
        row(keys[0], 公示网址或文号="https://example.cn/1"),
        row(keys[0], 公示网址或文号="https://example.cn/2", 检查日期="2026-02-03"),
        row(general, 公示网址或文号="https://example.cn/3", 检查日期="2025-11-03"),
        row(keys[1]),  # not public: beside the chain
        row(keys[2], 公示网址或文号="https://example.cn/4", 检查结果="未能检查"),
    )
    of_key = CoverageList.of_key(unit, 2026)
    assert set(keys) <= set(of_key.unsettled())
    draw = make_prepared_draw(plan=plan)
    with pytest.raises(Refused, match="结转"):
        draw_actions.seal_draw(draw=draw, by=make_approver(unit))

    with pytest.raises(Refused, match=r"同一个人|分管负责人"):
        past_actions.approve(request=request, by=request.asked_by)
    past_actions.approve(request=request, by=make_approver(unit), opinion="属实")
    assert {f.code for f in keys[:2]}.isdisjoint(f.code for f in of_key.unsettled()) and keys[2] in of_key.unsettled()
    assert [c.times for c in counts.random_times(keys[0], 2026, make_planner(unit))] == [2]
    assert counts.visits_of(keys[1], 2026, make_planner(unit)) == 1
    with pytest.raises(Refused, match="不能撤回"):
        imports.withdraw_import(batch=request.batch, by=make_registrar(unit))
    carry()

    sealed = draw_actions.seal_draw(draw=draw, by=make_approver(unit))
    first, second = ChainEntry.objects.order_by("seq")
    assert (first.kind, first.draw, second.kind) == ("CARRY", None, "FREEZE")
    rows = {r.id: r for t in draw_actions.documents(sealed)["FRAME"] for r in ssj1.parse_frame(t).rows}
    assert (rows[keys[0].code].times, rows[keys[0].code].seen, rows[keys[0].code].state) == (2, True, "out:CAP")
    assert (rows[general.code].times, rows[general.code].seen) == (0, True)
    assert [(rows[k.code].times, rows[k.code].seen) for k in keys[1:3]] == [(0, False)] * 2

    assert daily.compute().problem == ""
    file = tmp_path / "history.json"
    file.write_text(ssj1.bundle_json(public.history_of(2026)))
    ran = subprocess.run([sys.executable, ssj1.__file__, "history", file], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout
    spoiled = json.loads(file.read_text())
    spoiled["carry"] = spoiled["carry"].replace("2026\t1", "2026\t2")
    assert ssj1.check_history(spoiled["chain"], spoiled["bundles"], spoiled["carry"]).error == "E_CHAIN_DOC"

    page = Client().get("/verify/chain/").content.decode()
    assert "启用以前的抽查" in page and "没有提供的单位：" in page and "溪湖分局" in page
    assert Client().get("/verify/chain/carry.txt").content.decode() == public.PublicCarry.objects.get().text
    reader = Client()
    reader.force_login(make_registrar(unit))
    shown = reader.get(keys[0].get_absolute_url()).content.decode()
    assert "历史补录" in shown
    assert known.visits(keys[0])[-1]["items"] == InspectionItem.objects.get(code="A01").name != "A01"


def test_l03_nothing_that_was_entered_counts_before_it_is_approved_and_until_then_it_can_be_taken_back(at):
    plan = city_in_use(at)
    unit = plan.unit
    key = unit.facilities.filter(category=Category.KEY).first()
    request = entered(unit, row(key, 公示网址或文号="https://example.cn/1"))
    assert history.seen_and_times(unit, plan.quarter, ["A01"]).times == {}
    assert not PastCheck.objects.counting().exists()
    imports.withdraw_import(batch=request.batch, by=make_registrar(unit))
    assert not PastCheck.objects.exists()
    again = entered(unit, row(key, 公示网址或文号="https://example.cn/1"))
    past_actions.send_back(request=again, by=make_approver(unit), opinion="日期不对，核对后重报")
    assert not PastCheck.objects.counting().exists()


def test_l03_what_is_no_check_of_before_is_refused_row_by_row(at):
    plan = city_in_use(at)
    key = plan.unit.facilities.filter(category=Category.KEY).first()
    batch = imports.check_workbook(
        file_name="表.xlsx",
        content=workbook(
            [
                row(key, 检查日期="2026-07-01"),
                row(key, 检查日期="2024-12-31"),
                row(key, 事项编号=""),
                row(key, 事项编号="甲一"),
                row(key, 检查日期="2025-03-03"),
                row(key, 检查日期="2025-03-03", 检查结果="发现问题"),
                {**row(key), "名录编号": "BX-99999"},
            ]
        ),
        kind=BatchKind.HISTORY,
        unit=plan.unit,
        by=make_registrar(plan.unit),
    )
    said = [p["problem"] for problems in batch.lines.values_list("problems", flat=True) for p in problems]
    for words in ("启用日期", "从 2025-01-01 起", "没有写事项编号", "不是事项编号", "同一天同一类", "没有这个编号"):
        assert any(words in problem for problem in said), (words, said)
    assert batch.counts["added"] == 1


def test_l03_a_unit_that_says_nothing_blocks_nobody_and_is_named(at):
    plan = city_in_use(at)
    past_actions.say_none(unit=plan.unit, by=make_approver(plan.unit))
    carry()
    kept = public.PublicCarry.objects.get()
    assert kept.lines == 0 and "明山分局" not in kept.silent and "溪湖分局" in kept.silent
    draw_actions.seal_draw(draw=make_prepared_draw(plan=plan), by=make_approver(plan.unit))
    assert daily.compute().problem == ""
    with pytest.raises(Refused, match="不再变动"):
        carry_actions.ask_to_carry(document_no=DOCUMENT, by=make_lead_office())
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE plans_carry SET silent = '[]'")


def test_l03_who_asked_for_the_carry_does_not_approve_it(at):
    city_in_use(at)
    office = make_lead_office()
    asked = carry_actions.ask_to_carry(document_no=DOCUMENT, by=office)
    with pytest.raises(Refused, match="同一个人"):
        carry_actions.approve_carry(asked=asked, by=office)
    with pytest.raises(Refused, match="牵头部门另一个人"):
        carry_actions.approve_carry(asked=asked, by=make_approver(make_unit()))


def test_l03_a_carry_that_waits_stands_on_the_homes_of_both_who_may_approve_it(at):
    city_in_use(at)
    leader, other = make_approver(make_city_team()), make_lead_office()

    def waits() -> list[int]:
        return [Duty.objects.visible_to(who).open().filter(rule="CARRYIN").count() for who in (leader, other)]

    asked = carry_actions.ask_to_carry(document_no=DOCUMENT, by=make_lead_office())
    assert waits() == [1, 1]
    carry_actions.return_carry(asked=asked, by=other, opinion="文号写错")
    assert waits() == [0, 0]
    asked = carry_actions.ask_to_carry(document_no=DOCUMENT, by=make_lead_office())
    assert waits() == [1, 1]
    carry_actions.approve_carry(asked=asked, by=leader)
    assert waits() == [0, 0]


def test_l03_the_pages_of_the_day_and_of_the_past_lead_through_the_whole_course(at):
    at("2026-06-20 09:00")
    set_up_city()
    admin, office, other = Client(), Client(), Client()
    admin.force_login(make_user((Role.ADMIN_SYSTEM, make_city_team())))
    office.force_login(make_lead_office())
    other.force_login(make_lead_office())
    page = reverse("notices:first-use")
    assert "还没有定启用日期" in admin.get("/desk/").content.decode()
    post(admin, page, {"day": "2026-07-01", "document": DOCUMENT})
    asked = FirstUse.objects.get()
    post(office, page, {"decision": "approve", "request": asked.pk, "opinion": ""})
    assert first_use.day() == date(2026, 7, 1)
    assert "2026 年 7 月 1 日起，以前的季度不计" in text_of(Client().get("/"))
    unit = make_unit()
    leader, registrar = Client(), Client()
    leader.force_login(make_approver(unit))
    registrar.force_login(make_registrar(unit))
    listing = f"{reverse('registry:past-list')}?unit={unit.code}"
    assert "补录以前的检查" in registrar.get(listing).content.decode()
    request = entered(unit, row(unit.facilities.first(), 公示网址或文号="https://example.cn/1"))
    detail = reverse("registry:past-detail", args=[request.pk])
    assert "https://example.cn/1" in leader.get(detail).content.decode()
    post(leader, detail, {"decision": "approve", "request": request.pk, "opinion": "属实"})
    request.refresh_from_db()
    assert request.state == "APPROVED"
    other_unit = make_unit("210503")
    other_leader = Client()
    other_leader.force_login(make_approver(other_unit))
    post(other_leader, reverse("registry:past-none", args=[other_unit.code]))
    assert NoPastChecks.objects.get().unit == other_unit
    carry_page = reverse("plans:carry")
    post(office, carry_page, {"document_no": DOCUMENT})
    shown = other.get(carry_page).content.decode()
    assert "结转 1 次" in shown and "声明没有" in shown and "没有提供" in shown
    asked = Carry.objects.get()
    post(other, carry_page, {"decision": "approve", "request": asked.pk, "opinion": ""})
    assert ChainEntry.objects.get().kind == "CARRY"


def test_l03_the_operator_says_the_day_at_the_server_once(at, capsys):
    at("2026-11-30 08:00")
    make_city_team()
    with pytest.raises(CommandError, match="已经逾期"):
        call_command("first_use", "2026-10-01", document=DOCUMENT)
    call_command("first_use", "2027-01-01", document=DOCUMENT)
    assert "2027-01-01" in capsys.readouterr().out and first_use.day() == date(2027, 1, 1)
    with pytest.raises(CommandError, match="不能再改"):
        call_command("first_use", "2027-04-01", document=DOCUMENT)


def test_l03_nothing_is_sealed_before_the_day_is_fixed(at):
    at("2026-07-01 09:00")
    draw = make_prepared_draw(plan=make_published_plan())
    with pytest.raises(Refused, match="启用日期"):
        draw_actions.seal_draw(draw=draw, by=make_approver(draw.unit))


@pytest.mark.clause("二-a")
def test_l03_the_number_beside_a_view_is_that_of_its_rows_also_of_what_was_drawn_before_the_first_day(client, at):
    unit = city_in_use(at).unit
    facility = unit.facilities.on_books().order_by("code").first()
    client.force_login(make_registrar(unit))

    def undrawn():
        page = client.get(reverse("registry:facility-list"), {"unit": unit.code, "view": "undrawn"})
        found = {f.code for f in page.context["page"].paginator.object_list}
        assert page.context["figures"]["undrawn"] == len(found)
        return found

    assert facility.code in undrawn()
    request = entered(unit, row(facility))
    past_actions.approve(request=request, by=make_approver(unit), opinion="属实")
    assert facility.code not in undrawn()
