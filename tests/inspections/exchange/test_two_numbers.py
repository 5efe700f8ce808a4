"""A task that waits here is tied to a check of its own facility that no draw chose, whichever door the two numbers meet at (七(二)-h)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.documents.packages import BadPackage
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, incoming, taking_up
from inspections.models import PlatformTask
from tests.factories import make_facility, make_unit
from tests.inspections.exchange.factories import ack, connect, map_codes, pack, task_there
from tests.inspections.factories import make_dispatched, make_inspection

pytestmark = pytest.mark.django_db
WAITING = "PT-0815"


@pytest.fixture
def unit(at):
    at(clock.now())
    unit = make_unit()
    connect()
    map_codes(unit)
    return unit


def by_hand(check, place, planner):
    package, _ = actions.make(unit=check.unit, by=planner)
    row = package.lines.get(kind="tasks", key=check.no)
    actions.settle(record=row, accepted=True, number=WAITING, reason="", by=planner)


def by_acknowledgement(check, place, planner):
    package, _ = actions.make(unit=check.unit, by=planner)
    said = ack(package.number, kind="tasks", record=check.no, version=1, task=check.no, platform_task=WAITING)
    incoming.take(content=pack(check.unit, 2, acks=[said]), by=planner)


def by_their_record(check, place, planner):
    task = task_there(check.unit, place, record_version=2, task=check.no)
    incoming.take(content=pack(check.unit, 2, tasks=[task]), by=planner)


def by_its_page(check, place, planner):
    taking_up.take_up(task=PlatformTask.objects.get(number=WAITING), check=check, by=planner)


DOORS = [by_hand, by_acknowledgement, by_their_record, by_its_page]


def waits(unit, planner):
    place = make_facility(unit)
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place)]), by=planner)
    return place


@pytest.mark.clause("七(二)-h")
@pytest.mark.parametrize("door", DOORS)
def test_a_task_of_another_facility_is_never_tied_to_a_check(door, unit, planner):
    place = waits(unit, planner)
    check = make_inspection(unit, dispatched_at=clock.now(), accepted_at=clock.now())
    with pytest.raises((Refused, BadPackage), match=f"{check.no} 的企业不是平台任务 {WAITING} 里的企业。核对编号。"):
        door(check, place, planner)
    assert PlatformTask.objects.get().state == "WAITING"


@pytest.mark.clause("七(二)-h")
@pytest.mark.parametrize("door", DOORS)
def test_a_drawn_check_is_never_a_task_that_was_begun_there(door, unit, planner):
    check = make_dispatched(unit)[0]
    place = check.facility
    incoming.take(content=pack(unit, 1, tasks=[task_there(unit, place)]), by=planner)
    with pytest.raises((Refused, BadPackage), match="抽取以本系统为准"):
        door(check, place, planner)
    assert PlatformTask.objects.get().state == "WAITING"


@pytest.mark.parametrize("door", [by_their_record, by_its_page])
@pytest.mark.parametrize("of_before", [True, False])
def test_a_check_that_is_never_told_is_not_that_task(door, of_before, unit, planner):
    """Its result would never reach the platform, which had been told that the task is taken up."""
    place = waits(unit, planner)
    then = clock.now() - timedelta(days=40) if of_before else clock.now()
    check = make_inspection(unit, facility=place, dispatched_at=then, accepted_at=then)
    if not of_before:
        type(check).objects.filter(pk=check.pk).update(status="CANCELLED")
        check.refresh_from_db()
    with pytest.raises((Refused, BadPackage), match=f"{check.no} {'不进数据包' if of_before else '已经取消'}"):
        door(check, place, planner)
    assert PlatformTask.objects.get().state == "WAITING"


@pytest.mark.parametrize("door", DOORS)
def test_a_targeted_check_of_its_facility_is_that_task(door, unit, planner):
    place = waits(unit, planner)
    check = make_inspection(unit, facility=place, dispatched_at=clock.now(), accepted_at=clock.now())
    door(check, place, planner)
    task = PlatformTask.objects.get()
    assert (task.state, task.inspection) == ("LINKED", check)
