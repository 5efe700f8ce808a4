"""A task of the platform with a day that cannot be goes back by itself with its sentence, and waits for its mending (docs/exchange/ 3.1, 6)."""

from datetime import timedelta

import pytest

from benxi_shuangsuiji import clock
from benxi_shuangsuiji.notices.models import Duty
from benxi_shuangsuiji.refusal import Refused
from inspections.exchange import actions, incoming, taking_up
from inspections.models import PlatformTask
from tests.browsing import signed_in, text_of
from tests.factories import make_facility
from tests.inspections.exchange.factories import dispatched_now, pack, task_there, told

pytestmark = [pytest.mark.django_db, pytest.mark.clause("五-4h")]


def days() -> dict[str, tuple[dict, str]]:
    now = clock.now()
    ahead, before = now + timedelta(days=1500), (now - timedelta(days=9)).date()
    return {
        "due before its quarter": ({"finish_by": "2020-01-01"}, "完成不晚于 2020-01-01，早于任务的 2026 年"),
        "handed out in years": ({"dispatched_at": ahead.isoformat(timespec="seconds")}, "还没有到"),
        "due before it was handed out": (
            {
                "dispatched_at": now.isoformat(timespec="seconds"),
                "finish_by": before.isoformat(),
                "year": before.year - 1,
            },
            "早于派发的",
        ),
    }


@pytest.mark.parametrize("name", ["due before its quarter", "handed out in years", "due before it was handed out"])
def test_it_goes_back_by_itself_and_may_come_again_mended(name, unit, planner):
    changes, sentence = days()[name]
    place = make_facility(unit)
    good, bad = task_there(unit, number="PT-2"), task_there(unit, place, **changes)
    taken = incoming.take(content=pack(unit, 1, tasks=[bad, good]), by=planner)
    assert taken.wrong == 1
    task = PlatformTask.objects.get(number="PT-0815")
    page = text_of(signed_in(planner).get(task.get_absolute_url()))
    assert sentence in page and "发起针对性检查" not in page
    assert Duty.objects.get(rule="PTASK", period="PT-0815").due >= clock.today()
    with pytest.raises(Refused, match="PT-0815 的日期不对"):
        taking_up.take_up(task=task, check=dispatched_now(unit, facility=place), by=planner)
    _, content = actions.make(unit=unit, by=planner)
    (said,) = [row for row in told(content, "acks") if row["kind"]]
    assert (said["state"], said["reason_code"]) == ("REFUSED", "OTHER") and sentence in said["reason"]
    assert incoming.take(content=pack(unit, 2, tasks=[task_there(unit, place)]), by=planner).wrong == 0
    taking_up.take_up(
        task=PlatformTask.objects.get(number="PT-0815"), check=dispatched_now(unit, facility=place), by=planner
    )
