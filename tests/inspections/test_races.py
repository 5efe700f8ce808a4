"""Presses at one moment: one of them counts (reliability.md P15)."""

import threading

from django.db import connection

from benxi_shuangsuiji.refusal import Refused
from inspections.dispatch import actions
from inspections.models import Inspection
from plans.models import Pick
from tests.factories import make_planner
from tests.plans.draw.factories import make_held_draw


def test_ten_presses_at_once_dispatch_once(own_database, at):
    draw = make_held_draw()
    planners = [make_planner(draw.unit) for _ in range(10)]
    outcomes = []

    def press(planner):
        try:
            outcomes.append(len(actions.dispatch(draw=draw, by=planner)))
        except Refused as refusal:
            outcomes.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[p]) for p in planners]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    picks = Pick.objects.filter(draw=draw).count()
    assert sorted(map(str, outcomes)) == sorted([str(picks), *["本次抽取的检查任务已经全部派发，不能再派发一次。"] * 9])
    assert Inspection.objects.count() == picks
