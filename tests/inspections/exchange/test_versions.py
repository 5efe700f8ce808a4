"""A later version of a task that was begun there: it is followed while it waits, and given back by itself once it was declined."""

import pytest

from benxi_shuangsuiji import clock
from inspections.exchange import acks, actions, incoming, taking_up
from inspections.models import ExchangeRecord, PlatformTask
from tests.factories import make_facility
from tests.inspections.exchange.factories import number, pack, task_there, told
from tests.inspections.factories import make_inspection
from tests.registry.workbooks import credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]


def take(unit, planner, n, **kinds):
    return incoming.take(content=pack(unit, n, **kinds), by=planner)


def result_there(version=1) -> dict:
    now = clock.now().isoformat(timespec="seconds")
    return {
        "key": "PT-0815",
        "record_version": version,
        "task": None,
        "platform_task": "PT-0815",
        "started_at": now,
        "ended_at": now,
        "mode": "ONSITE",
        "outcome": {"bxs": None, "mep": "JG-3", "name": ""},
        "finding": "台账不全",
        "measures": "",
        "rectify_by": None,
        "answers": [],
        "handed_in_at": now,
    }


def test_the_place_and_the_package_of_a_waiting_task_go_with_its_version(unit, planner):
    first, second = make_facility(unit), make_facility(unit)
    take(unit, planner, 1, tasks=[task_there(unit, first)])
    take(unit, planner, 2, tasks=[task_there(unit, second, record_version=2)])
    task = PlatformTask.objects.get()
    assert (task.facility, task.state) == (second, "WAITING")
    check = make_inspection(unit, facility=second, dispatched_at=clock.now(), accepted_at=clock.now())
    taking_up.take_up(task=task, check=check, by=planner)
    _, content = actions.make(unit=unit, by=planner)
    (said,) = [row for row in told(content, "acks") if row["kind"]]
    assert (said["package"], said["record"], said["version"]) == (number(unit, 2), "PT-0815", 2)


def test_a_task_that_was_called_off_and_issued_again_waits_again_with_what_was_told_meanwhile(unit, planner):
    place = make_facility(unit)
    take(unit, planner, 1, tasks=[task_there(unit, place)])
    take(unit, planner, 2, tasks=[task_there(unit, place, record_version=2, state="CANCELLED")])
    assert PlatformTask.objects.get().state == "CANCELLED"
    take(unit, planner, 3, results=[result_there()])
    assert take(unit, planner, 4, tasks=[task_there(unit, place, record_version=3)]).tasks == 1
    task = PlatformTask.objects.get()
    assert task.state == "WAITING" and task.content["results"]["finding"] == "台账不全"


def test_what_comes_of_a_declined_task_is_given_back_record_by_record(unit, planner):
    place = make_facility(unit)
    take(unit, planner, 1, tasks=[task_there(unit, place)])
    actions.decline(task=PlatformTask.objects.get(), reason="上月刚查过同一事项", by=planner)
    step = {"kind": "RECTIFICATION", "step": "ORDERED", "happened_on": "2026-07-01", "words": "限期改正", "facts": []}
    step |= {"key": "整改-1", "record_version": 1, "task": None, "platform_task": "PT-0815"}
    came = {"tasks": [task_there(unit, place, record_version=2)], "results": [result_there()], "followups": [step]}
    taken = take(unit, planner, 2, **came)
    assert "不接收的任务的记录 3 条没有收" in taken.words
    made, content = actions.make(unit=unit, by=planner)
    said = {(row["package"], row["kind"], row["record"], row["version"]): row for row in told(content, "acks")}
    assert said[number(unit, 2), None, None, None]["state"] == "ACCEPTED"
    for kind, record, version, code in (
        ("tasks", "PT-0815", 2, "OTHER"),
        ("results", "PT-0815", 1, "UNKNOWN_TASK"),
        ("followups", "整改-1", 1, "UNKNOWN_TASK"),
    ):
        row = said[number(unit, 2), kind, record, version]
        assert (row["state"], row["reason_code"]) == ("REFUSED", code) and "上月刚查过同一事项" in row["reason"]
    assert not acks.owed(unit)

    assert not ExchangeRecord.objects.filter(key="整改-1").exists()  # a name of theirs stands in no row of ours
    _, content = actions.make_again(package=made, by=planner)  # lost, they go again
    assert sum(row["state"] == "REFUSED" for row in told(content, "acks")) >= 3


def test_what_was_given_back_may_come_again_in_its_version_and_calling_off_is_no_contradiction(unit, planner):
    place = make_facility(unit)
    take(unit, planner, 1, tasks=[task_there(unit, place)])
    actions.decline(task=PlatformTask.objects.get(), reason="上月刚查过同一事项", by=planner)
    again = task_there(unit, place, record_version=2)
    assert take(unit, planner, 2, tasks=[again]).declined == 1
    assert take(unit, planner, 3, tasks=[again | {"reason": "改过的事由"}]).declined == 1
    over = take(unit, planner, 4, tasks=[task_there(unit, place, record_version=3, state="CANCELLED")])
    assert (over.declined, PlatformTask.objects.get().state) == (0, "DECLINED")


def test_a_task_whose_two_numbers_are_of_two_facilities_is_not_taken_as_one_of_them(unit, planner):
    one, other = make_facility(unit, uscc=credit_code()), make_facility(unit, uscc=credit_code())
    task = task_there(unit, one)
    task["facility"]["uscc"] = other.uscc
    assert take(unit, planner, 1, tasks=[task]).wrong == 1
    waits, row = PlatformTask.objects.get(), ExchangeRecord.objects.get(kind="tasks")
    assert waits.facility is None and row.reason_code == "UNKNOWN_FACILITY"
    assert f"名录编号 {one.code} 和统一社会信用代码不是同一个对象的" in row.reason
