"""The pages of the exchange: what waits by number, one press one package, both numbers found, settings of the lead office."""

import html
import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.db.utils import Error
from django.urls import reverse
from django.utils.timezone import localtime
from openpyxl import load_workbook

from benxi_shuangsuiji import clock, workdays
from benxi_shuangsuiji.accounts.roles import Role
from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.notices import agenda
from benxi_shuangsuiji.notices.models import Duty
from inspections.evidence.actions import keep_photo
from inspections.exchange import actions, incoming, pages
from inspections.models import (
    Answer,
    Connection,
    ExchangePackage,
    ExchangeRecord,
    Inspection,
    PlatformCode,
    PlatformTask,
)
from inspections.trace import events, linked
from tests.browsing import post, signed_in, text_of
from tests.factories import (
    make_city_team,
    make_facility,
    make_lead_office,
    make_planner,
    make_registrar,
    make_unit,
    make_user,
)
from tests.inspections.evidence.pictures import photo
from tests.inspections.exchange.factories import ack, connect, dispatched_now, number, pack, task_there, told
from tests.inspections.factories import answer_all, finish, start
from tests.plans.draw.factories import make_item_list

pytestmark = pytest.mark.django_db


def url(name, *args, unit=None):
    return reverse(f"inspections:{name}", args=args) + (f"?unit={unit.code}" if unit else "")


@pytest.mark.clause("七(五)-m", "七(二)-h")
def test_the_planner_exports_once_imports_the_answer_and_finds_both_numbers(unit):
    check, planner = dispatched_now(unit), make_planner(unit)
    browser = signed_in(planner)
    page = text_of(browser.get(url("exchange", unit=unit)))
    assert check.no in page and check.facility.name not in page  # numbers only
    answer = post(browser, url("exchange-make", unit=unit))
    assert answer.status_code == 200 and answer["Content-Disposition"].endswith(".zip")
    assert answer["Cache-Control"] == "private, no-store"
    assert told(answer.content, "tasks")[0]["task"] == check.no
    again = post(browser, url("exchange-make", unit=unit))
    assert again.status_code == 409 and "没有待上传的内容" in text_of(again)
    package = ExchangePackage.objects.get()
    assert AuditEntry.objects.filter(verb="inspections.sealed.viewed", details__page="exchange").exists()
    for entry in AuditEntry.objects.filter(verb__startswith="inspections.exchange."):
        assert check.no not in str(entry.details) and check.facility.name not in str(entry.details)

    said = [ack(package.number), ack(package.number, kind="tasks", record=check.no, version=1, task=check.no)]
    said[1]["platform_task"] = "PT-0815"
    content = pack(unit, 1, acks=said, tasks=[task_there(unit, number="PT-0900")])
    answer = post(browser, url("exchange-import"), package=SimpleUploadedFile("包.zip", content))
    assert answer.status_code == 302
    page = text_of(browser.get(answer["Location"]))
    assert "已导入" in page and "PT-0900" in page
    assert "PT-0815" in text_of(browser.get(check.get_absolute_url()))
    for asked in ("PT-0815", check.no):
        found = browser.get(f"/desk/search/?q={asked}", follow=True)
        assert check.facility.name in text_of(found), asked
    task = PlatformTask.objects.get(number="PT-0900")
    page = text_of(browser.get(task.get_absolute_url()))
    assert task.facility.name in page and "发起针对性检查" in page and "夜间有异味" in page
    assert "已确认" in text_of(browser.get(url("exchange-package", package.number)))


def test_after_a_download_the_page_says_which_package_went_out_and_what_comes_next(unit):
    """With script the page follows the cookie to the package (desk.js); without, it says beforehand where to look."""
    dispatched_now(unit)
    browser = signed_in(make_planner(unit))
    make, of_any = url("exchange-make", unit=unit), url("exchange-package", "NUMBER")
    page = browser.get(make)
    assert f'data-handed="{of_any}"' in page.content.decode() and "下一步写在" in text_of(page)
    for n, way in enumerate((make, url("exchange-again", number(unit, 1, "BXS"))), 1):
        answer = post(browser, way)
        package = ExchangePackage.objects.get(number=number(unit, n, "BXS"))
        assert answer.cookies["handed_over"].value == package.number
        page = browser.get(url("exchange-package", package.number))
        said = text_of(page)
        assert f"已导出 {package.number}" in said and f"下一步：把文件 {package.number}.zip" in said, said
        assert f'data-handed="{of_any}"' in page.content.decode()
    refused = post(browser, make)
    assert "handed_over" not in refused.cookies and refused.status_code == 409


def test_the_table_for_people_holds_the_same_in_words(unit):
    check = answer_all(start(dispatched_now(unit)), Answer.FOUND, "没有七月的记录")
    by = check.members.get(is_leader=True).inspector.user
    keep_photo(inspection=check, name="a.jpg", content=photo(), by=by)
    finding = "、".join(dict.fromkeys(check.answers.values_list("item_name", flat=True))) + "没有七月的记录"
    check = finish(check, outcome="ON_SITE_FIXED", finding=finding, measures="当场补记")
    planner = make_planner(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit)]), by=planner)
    answer = signed_in(planner).get(url("exchange-sheet", unit=unit))
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    book = load_workbook(io.BytesIO(answer.content))
    held = {sheet.title: {cell.value for row in sheet.iter_rows() for cell in row} - {None} for sheet in book}
    began, ended = (localtime(at) for at in (check.dispatched_at, check.ended_at))
    assert {check.no, check.facility.name, "已发起"} <= held["任务"]
    assert f"{began:%Y-%m-%d} {began.hour}:{began:%M}" in held["任务"]
    assert {check.members.first().certificate_no} <= held["派发"]
    assert f"{ended:%Y-%m-%d} {ended.hour}:{ended:%M}" in held["检查情况"] and "当场补记" in held["检查情况"]
    assert "没有七月的记录" in held["检查点"] and "现场照片" in held["证据索引"]
    assert {number(unit, 1), "收下"} <= held["回执"]
    said = {str(value) for sheet in held.values() for value in sheet}
    assert not [value for value in said if "T" in value and "+08:00" in value] and "PHOTO" not in said


def test_a_bad_file_is_refused_on_the_form(unit):
    answer = post(signed_in(make_planner(unit)), url("exchange-import"), package=SimpleUploadedFile("包.zip", b"PK"))
    assert answer.status_code == 409 and "不是完整的 zip" in text_of(answer)


def test_our_own_encrypted_package_is_told_where_it_is_decrypted_and_the_settings_say_for_whom(unit):
    import pyrage

    key = str(pyrage.x25519.Identity.generate().to_public())
    connect(key=key)
    dispatched_now(unit)
    planner = make_planner(unit)
    _, content = actions.make(unit=unit, by=planner)
    answer = post(signed_in(planner), url("exchange-import"), package=SimpleUploadedFile("包.zip", content))
    assert answer.status_code == 409 and "在平台那边用平台自己的私钥解开" in text_of(answer)
    lead = signed_in(make_lead_office())
    assert f"数据包用平台的公钥 {key} 加密" in text_of(lead.get(url("exchange-settings")))
    connect()
    page = text_of(lead.get(url("exchange-settings")))
    assert "数据包不加密" in page and f"加密导出到 {key}" in page


def test_the_log_names_the_package_and_says_of_whom_and_why_one_was_not_taken(unit):
    dispatched_now(unit)
    planner = make_planner(unit)
    package, _ = actions.make(unit=unit, by=planner)
    answer = post(
        signed_in(planner), url("exchange-import"), package=SimpleUploadedFile("包.zip", pack(unit, 2, acks=[]))
    )
    assert answer.status_code == 409
    page = text_of(signed_in(make_user((Role.ADMIN_AUDIT, make_city_team()))).get("/desk/log/"))
    assert f"数据包 {package.number}" in page.replace("\u3000", " "), page
    assert "数据包没有导入：前面还缺包，或者已经导入过" in page and unit.short_name in page
    entry = AuditEntry.objects.get(verb="inspections.exchange.refused")
    assert (entry.unit, entry.details["reason_code"]) == (unit, "ORDER")
    assert AuditEntry.objects.get(verb="inspections.exchange.exported").about_key == package.number


def test_with_nothing_to_send_the_button_says_so_before_it_is_pressed(unit):
    browser = signed_in(make_planner(unit))
    page = browser.get(url("exchange-make", unit=unit)).content.decode()
    assert 'aria-disabled="true"' in page and "没有待上传的内容，不用导出。" in page
    dispatched_now(unit)
    assert 'aria-disabled="true"' not in browser.get(url("exchange-make", unit=unit)).content.decode()
    for name in ("exchange", "exchange-make"):
        assert 'aria-current="page">' in browser.get(url(name, unit=unit)).content.decode().partition("crumbs")[2]


def test_a_package_that_was_refused_is_entered_as_taken_when_the_platform_takes_it_after_all(unit):
    check, planner = dispatched_now(unit), make_planner(unit)
    package, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=package, accepted=False, reason="前面还缺包", by=planner)
    browser = signed_in(planner)
    assert "被平台退回" in text_of(browser.get(url("exchange", unit=unit)))
    assert "登记平台的回复" in text_of(browser.get(url("exchange-package", package.number)))
    assert post(browser, url("exchange-answer", package.number), said="accepted").status_code == 302
    page = text_of(browser.get(url("exchange", unit=unit)))
    assert "被平台退回" not in page and "已确认" in page and check.no not in page
    assert set(package.lines.values_list("state", flat=True)) == {"ACCEPTED"}


def test_outside_the_circle_nobody_opens_the_queue_and_the_lead_office_alone_sets(unit):
    assert signed_in(make_registrar(unit)).get(url("exchange", unit=unit)).status_code in (403, 404)
    check = dispatched_now(unit)
    assert check.no not in text_of(signed_in(make_planner(make_unit("210503"))).get(url("exchange", unit=unit)))
    assert signed_in(make_planner(unit)).get(url("exchange-settings")).status_code == 403
    lead = signed_in(make_lead_office())
    said = {
        "in_use": "on",
        "tasks": "MEP",
        "dispatch": "BXS",
        "results": "BXS",
        "key": "",
        "document": "本环发〔2026〕9号",
    }
    assert post(lead, url("exchange-settings"), **said).status_code == 302
    assert Connection.objects.first().tasks == "MEP"
    page = text_of(lead.get(url("exchange-settings")))
    assert "现在启用：任务以移动执法平台为准" in page, page[page.find("现在") - 5 :][:600]
    page = text_of(lead.get(url("exchange-codes")))
    assert "没有对照" in page and "DW-" in page


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE inspections_exchangepackage SET digest = 'other'",
        "UPDATE inspections_exchangepackage SET state = 'TAKEN'",
        "UPDATE inspections_exchangerecord SET version = 9",
        "UPDATE inspections_exchangerecord SET state = 'TAKEN'",
        "UPDATE inspections_platformtask SET number = 'PT-2'",
        "UPDATE inspections_platformtask SET facility_id = (SELECT min(id) FROM registry_facility)",
        "UPDATE inspections_platformtask SET inspection_id = NULL, state = 'WAITING'",
        "UPDATE inspections_platformcode SET theirs = 'other'",
        "DELETE FROM inspections_exchangerecord",
    ],
)
def test_the_database_keeps_what_went_out_and_what_was_said(unit, change):
    planner, check = make_planner(unit), dispatched_now(unit, facility=make_facility(unit))
    package, _ = actions.make(unit=unit, by=planner)
    row = package.lines.get(kind="tasks")
    actions.settle(record=row, accepted=True, number="PT-1", reason="", by=planner)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    assert ExchangeRecord.objects.get(pk=row.pk).state == "ACCEPTED" and number(unit, 1)
    assert PlatformTask.objects.get().inspection == check


@pytest.mark.clause("七(五)-m")
def test_what_waits_has_as_many_days_left_here_as_at_home(unit):
    check = finish(answer_all(start(dispatched_now(unit))))
    today, duty = clock.today(), Duty.objects.get(rule="D-10", period=check.no)
    row = next(row for row in pages.queue(unit, today).waiting if row.no == check.no)
    assert (row.due, row.tone) == agenda.left_of(duty, today, workdays.calendar())
    assert "个工作日" in row.due


@pytest.mark.clause("五-4h")
def test_what_a_task_of_the_platform_says_is_not_typed_again(unit, at):
    """事由, 事项 and the day stood one page before, and the request was empty."""
    place, item = make_facility(unit), make_item_list(2026).items.get()
    PlatformCode.objects.filter(kind="ITEM", theirs="SX-101").update(ours=item.code)
    planner = make_planner(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place)]), by=planner)
    browser = signed_in(planner)
    page = browser.get(PlatformTask.objects.get().get_absolute_url()).content.decode()
    (address,) = re.findall(r'href="([^"]*targeted/new/[^"]*)"', page)
    form = browser.get(html.unescape(address)).context["form"]
    assert form["reason"].value() == "有人反映夜间有异味（移动执法平台 PT-0815）"
    assert form["items"].value() == [item.pk] and f"{form['finish_by'].value()}" == "2026-09-20"
    other = browser.get(html.unescape(address).replace(place.code, make_facility(unit).code)).context["form"]
    assert not other["reason"].value()


@pytest.mark.clause("五-4h", "七(五)-n")
def test_the_trace_says_what_went_to_the_platform_and_why_it_came_back(unit):
    check, planner = dispatched_now(unit), make_planner(unit)
    package, content = actions.make(unit=unit, by=planner)
    (task,) = told(content, "tasks")
    said = ack(package.number, kind="tasks", record=task["key"], version=1, task=check.no, platform_task="PT-77")
    incoming.take(content=pack(unit, 1, acks=[said, ack(package.number, refused="人员对不上")]), by=planner)
    found = {event.what: event.note for event in events.of(Inspection.objects.get(pk=check.pk))}
    assert found[f"导出给移动执法平台 {package.number}"] == "任务第 1 版、派发第 1 版"
    assert found[f"移动执法平台收下 {package.number}"] == "任务第 1 版"
    assert found[f"移动执法平台退回 {package.number}"] == "派发第 1 版：人员对不上"
    assert "登记移动执法平台编号 PT-77" in found


@pytest.mark.clause("七(五)-n")
def test_what_went_to_the_platform_and_came_back_has_its_entry_with_device_and_address(unit, at):
    """It had none, so the chain check of a trace did not cover it: made here, told in a package, entered by hand, taken up."""
    check, browser = dispatched_now(unit), signed_in(make_planner(unit))
    browser.defaults |= {"REMOTE_ADDR": "10.21.4.9", "HTTP_USER_AGENT": "Mozilla/5.0 (Linux; Android 14) Chrome/126.0"}
    post(browser, url("exchange-make", unit=unit))
    (package,) = ExchangePackage.objects.all()
    at(clock.now() + timedelta(hours=1))
    said = ack(package.number, kind="tasks", record=check.no, version=1, task=check.no, platform_task="PT-77")
    content = pack(unit, 1, acks=[said], tasks=[task_there(unit, number="PT-9")])
    post(browser, url("exchange-import"), package=SimpleUploadedFile("包.zip", content))
    at(clock.now() + timedelta(hours=1))
    team = package.lines.get(kind="teams")
    post(browser, url("exchange-record", team.pk), said="refused", reason="证件过期", number="")
    task = PlatformTask.objects.get(number="PT-9")
    other = dispatched_now(unit, facility=task.facility)
    at(clock.now() + timedelta(hours=1))
    post(browser, task.get_absolute_url(), check=other.no)

    def entries(check):
        lines = linked.of(Inspection.objects.get(pk=check.pk)).lines
        return {line.event.what: line for line in lines if "平台" in line.event.what}

    lines = entries(check) | entries(other)
    assert {
        what: line.entry and line.entry.verb.removeprefix("inspections.exchange.") for what, line in lines.items()
    } == {
        f"导出给移动执法平台 {package.number}": "exported",
        f"移动执法平台收下 {package.number}": "imported",
        "登记移动执法平台编号 PT-77": "imported",
        f"移动执法平台退回 {package.number}": "answered",
        "收到移动执法平台发起的任务 PT-9": "imported",
        "移动执法平台 MEP-210504-000001 说的和本系统有 1 处不同": "imported",
        "登记移动执法平台编号 PT-9": "taken_up",
    }
    assert {(line.address, line.device) for line in lines.values()} == {("10.21.4.9", "安卓手机 · Chrome")}
