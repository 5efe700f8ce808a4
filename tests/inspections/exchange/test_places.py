"""A task at a place that the registry does not have stops neither its package nor the next: it goes back by itself, and waits here
for the registrar (五-4h, docs/exchange/ 6)."""

import pytest

from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, duties, incoming, pages, taking_up
from inspections.models import ExchangeRecord, PlatformTask
from tests.browsing import post, signed_in, text_of
from tests.factories import make_facility, make_planner, make_registrar
from tests.inspections.exchange.both import Both
from tests.inspections.exchange.factories import ack, dispatched_now, number, pack, task_there, told
from tests.inspections.exchange.test_versions import result_there
from tests.registry.workbooks import credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]
NEW = {"code": None, "uscc": credit_code(), "name": "示例新厂", "address": "示例路 9 号"}


def elsewhere(unit, **changes) -> dict:
    return task_there(unit, make_facility(unit), facility=NEW, **changes)


def open_duties() -> set[tuple[str, str]]:
    return set(Duty.objects.open().values_list("rule", "role"))


def test_the_rest_is_taken_and_the_record_goes_back_with_what_is_said_of_it(unit, planner):
    other = task_there(unit, number="PT-2")
    came = {"tasks": [elsewhere(unit), other], "results": [result_there()]}
    taken = incoming.take(content=pack(unit, 1, **came), by=planner)
    assert "任务 1 件的检查对象或日期不对，随下一个包告诉平台" in taken.words and taken.tasks == 2
    assert incoming.take(content=pack(unit, 2, tasks=[task_there(unit, number="PT-3")]), by=planner).tasks == 1
    _, content = actions.make(unit=unit, by=planner)
    said = {(row["package"], row["kind"]): (row["state"], row["reason_code"]) for row in told(content, "acks")}
    assert said == {
        (number(unit, 1), None): ("ACCEPTED", ""),
        (number(unit, 1), "tasks"): ("REFUSED", "UNKNOWN_FACILITY"),
        (number(unit, 1), "results"): ("REFUSED", "UNKNOWN_TASK"),
        (number(unit, 2), None): ("ACCEPTED", ""),
    }
    assert not any("示例新厂" in row.reason for row in ExchangeRecord.objects.all())  # numbers only (decisions.md 3)


def test_the_planner_reads_what_to_do_and_the_registrar_has_a_duty_until_it_is_there(unit, planner):
    make_registrar(unit)
    incoming.take(content=pack(unit, 1, tasks=[elsewhere(unit)], results=[result_there()]), by=planner)
    task = PlatformTask.objects.get()
    assert open_duties() >= {("PTASK", "PLANNER"), ("PPLACE", "REGISTRAR")}
    assert not Duty.objects.filter(title__contains="示例新厂").exists()
    browser, page = signed_in(planner), task.get_absolute_url()
    shown = text_of(browser.get(page))
    for words in ("名录里没有这个对象，由名录管理员登记", "示例新厂", NEW["uscc"], "示例路 9 号", "不接收"):
        assert words in shown
    assert "发起针对性检查" not in shown and "检查对象还对不上" in text_of(browser.get(duties.address(unit)))
    check = dispatched_now(unit)
    assert "检查对象还对不上" in text_of(post(browser, page, {"check": check.no}))
    with pytest.raises(Refused, match="PT-0815 的检查对象还对不上：名录里没有这个对象"):
        taking_up.take_up(task=task, check=check, by=planner)
    place = make_facility(unit, uscc=NEW["uscc"])
    duties.waits_no_more()
    assert ("PPLACE", "REGISTRAR") not in open_duties()
    assert f"object={place.code}" in browser.get(page).content.decode()
    check = dispatched_now(unit, facility=place)
    taking_up.take_up(task=task, check=check, by=planner)
    task.refresh_from_db()
    assert (task.state, task.facility, task.inspection) == ("LINKED", place, check)


def test_both_sides_agree_on_it_in_the_end(tmp_path):
    both = Both(tmp_path)
    place = make_facility(both.unit)
    both.begin(type(place)(code="BX-9999", uscc="", name="示例新厂", address=""))
    both.back()
    both.out()
    returned = both.platform.state["units"][both.unit.code]["returned"]
    assert returned["tasks/DEMO-2026-0901"][0] == "UNKNOWN_FACILITY"
    check = dispatched_now(both.unit, facility=make_facility(both.unit, code="BX-9999"))
    taking_up.take_up(task=PlatformTask.objects.get(), check=check, by=both.planner)
    both.out()
    unit = both.platform.state["units"][both.unit.code]
    assert "tasks/DEMO-2026-0901" not in unit["returned"] and unit["links"][check.no] == "DEMO-2026-0901"


def test_what_the_platform_mends_itself_comes_in_under_the_same_version(unit, planner):
    incoming.take(content=pack(unit, 1, tasks=[elsewhere(unit)]), by=planner)
    place = make_facility(unit)
    incoming.take(content=pack(unit, 2, tasks=[task_there(unit, place)]), by=planner)
    assert PlatformTask.objects.get().facility == place and ("PPLACE", "REGISTRAR") not in open_duties()


def test_declined_without_its_place_the_platform_hears_why(unit, planner):
    incoming.take(content=pack(unit, 1, tasks=[elsewhere(unit)]), by=make_planner(unit))
    actions.decline(task=PlatformTask.objects.get(), reason="这个地址没有企业", by=planner)
    _, content = actions.make(unit=unit, by=planner)
    (last,) = [row for row in told(content, "acks") if row["kind"] and row["reason"] == "这个地址没有企业"]
    assert (last["state"], last["reason_code"]) == ("REFUSED", "UNKNOWN_FACILITY")


def test_a_package_says_that_single_records_of_it_went_back(unit, planner):
    """已确认 alone stood over a package of which a record was 被退回."""
    check = dispatched_now(unit)
    ours, _ = actions.make(unit=unit, by=planner)
    no = ack(ours.number, kind="teams", record=check.no, version=1, refused="执法证过期", task=check.no)
    incoming.take(content=pack(unit, 1, acks=[ack(ours.number), no], tasks=[elsewhere(unit)]), by=planner)
    browser = signed_in(planner)
    for address in (ours.get_absolute_url(), duties.address(unit)):
        assert "已确认，其中 1 条退回" in text_of(browser.get(address))
    assert "已导入，其中 1 条退回" in text_of(browser.get(f"/desk/exchange/packages/{number(unit, 1)}/"))
    # The record goes out once more: what became of this package does not change by it.
    actions.make(unit=unit, by=planner)
    for address in (ours.get_absolute_url(), duties.address(unit)):
        assert "已确认，其中 1 条退回" in text_of(browser.get(address))


def test_what_went_back_with_the_whole_is_not_counted_as_single_records(unit, planner):
    dispatched_now(unit)
    ours, _ = actions.make(unit=unit, by=planner)
    actions.answer(package=ours, accepted=False, reason="读不出来", by=planner)
    assert ours.lines.filter(state="REFUSED").exists() and pages.went_back(ours) == 0


def test_the_page_says_everything_that_is_wrong_and_whether_the_platform_knows(unit, planner):
    """已随数据包退回 stood there before anything had gone out; a day that cannot be was told only once the place was there."""
    incoming.take(content=pack(unit, 1, tasks=[elsewhere(unit, finish_by="2020-01-01")]), by=planner)
    browser, task = signed_in(planner), PlatformTask.objects.get()
    page = text_of(browser.get(task.get_absolute_url()))
    assert "检查对象还对不上" in page and "早于任务的" in page and "随下一个数据包告诉平台" in page
    assert "逾期" not in text_of(browser.get(duties.address(unit))).partition("平台发起的任务")[2]
    package, content = actions.make(unit=unit, by=planner)
    (said,) = [row for row in told(content, "acks") if row["kind"]]
    assert said["reason_code"] == "UNKNOWN_FACILITY" and "早于任务的" in said["reason"]
    assert f"已随 {package.number} 告诉平台" in text_of(browser.get(task.get_absolute_url()))
    actions.answer(package=package, accepted=False, reason="读不出来", by=planner)
    assert "随下一个数据包告诉平台" in text_of(browser.get(task.get_absolute_url()))
