"""Two presses at one moment: one act, the others refused (reliability.md P15)."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from benxi_shuangsuiji.audit.models import AuditEntry
from benxi_shuangsuiji.refusal import Refused
from plans.draw import actions as draw_actions
from plans.models import Draw, QuarterlyPlan
from plans.quarterly import actions
from tests.factories import make_approver, make_planner
from tests.plans.draw.factories import make_prepared_draw
from tests.plans.factories import make_branch, make_plan


@pytest.mark.promise("P15")
@pytest.mark.commits
def test_eight_approvals_at_once_give_one(own_database):
    unit = make_branch()
    plan = make_plan(unit, upto="SUBMITTED")
    approvers = [make_approver(unit) for _ in range(8)]
    start, done, refused = Barrier(8), [], []

    def press(by):
        start.wait()
        try:
            done.append(actions.approve_plan(plan=plan, by=by))
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [Thread(target=press, args=(by,)) for by in approvers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(done), len(refused)) == (1, 7)
    assert set(refused) == {"计划已批准，没有批准。刷新页面看最新的情况。"}
    assert AuditEntry.objects.filter(verb="plans.plan.approved").count() == 1


@pytest.mark.commits
@pytest.mark.clause("七(二)-d")
def test_sealing_and_changing_the_plan_at_once_give_one_of_the_two(own_database):
    draw = make_prepared_draw()
    planner, approver = make_planner(draw.unit), make_approver(draw.unit)
    start, done, refused = Barrier(2), [], []

    def press(name, act):
        start.wait()
        try:
            act()
            done.append(name)
        except Refused as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    acts = {
        "change": lambda: actions.revise_plan(plan=draw.plan, by=planner, reason="名录核对未完成，抽取改期"),
        "seal": lambda: draw_actions.seal_draw(draw=draw, by=approver),
    }
    threads = [Thread(target=press, args=pair) for pair in acts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    plan, draw = QuarterlyPlan.objects.get(), Draw.objects.get()
    assert (len(done), len(refused)) == (1, 1)
    assert (plan.status, draw.status) == {"change": ("DRAFT", "PREPARED"), "seal": ("PUBLISHED", "FROZEN")}[done[0]]
