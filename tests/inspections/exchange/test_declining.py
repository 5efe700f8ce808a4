"""Why a task is declined goes word for word into the acknowledgement, which names no enterprise (docs/exchange/ 3.7)."""

import pytest

from inspections.exchange import incoming, rules
from inspections.models import PlatformTask
from tests.factories import make_facility
from tests.inspections.exchange.factories import pack, task_there

pytestmark = [pytest.mark.django_db, pytest.mark.clause("七(二)-h")]


@pytest.mark.parametrize("called", ["", "平台写的厂名"])
def test_the_reason_names_neither_the_enterprise_of_the_registry_nor_of_the_platform(called, unit, planner):
    place = make_facility(unit)
    task = task_there(unit, place)
    task["facility"]["name"] = called or place.name
    incoming.take(content=pack(unit, 1, tasks=[task]), by=planner)
    waits = PlatformTask.objects.get()
    for name in (place.name, task["facility"]["name"]):
        assert "不写企业的名称" in rules.why_not_decline(waits, f"{name} 上月刚查过同一事项")
    assert rules.why_not_decline(waits, "上月刚查过同一事项") == ""
